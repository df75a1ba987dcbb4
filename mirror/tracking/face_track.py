"""Sighting: one face over a stream. Smoothed while it is seen, kept in mind while it is missed for a moment.

A tracker loses a face for a frame now and then: a blink of the camera, a hand, a quick turn. Who comes back
within `FORGET_SECONDS` at about the same place, and looks the same, is the same person and goes on as if
nothing had been.
"""

from __future__ import annotations

import math

from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.core.head_crop import Head, look_at
from mirror.core.head_space import HeadTransform
from mirror.tracking.reidentification import same_person
from mirror.tracking.temporal_smoothing import FORGET_SECONDS, FaceSmoother

# Seconds between two looks at who it is, for when the face is missed; people look the same for longer.
_LOOK_EVERY = 0.2


class Sighting:
    """One face.

    Attributes:
        face: as it was seen last, smoothed; None: nobody is there any more, or was yet.
        since: `captured_at` of the frame in which this person appeared, or the face jumped to where it is.

    Example:
        >>> sighting = Sighting()
        >>> # face, transform = sighting.see(measured, frame)
    """

    def __init__(self) -> None:
        self._smoother = FaceSmoother()
        self.face: Face | None = None
        self.since = 0.0
        self._head: Head | None = None  # as it was looked at last
        self._looked_at = self._seen_at = -math.inf
        self._missed = False

    def see(self, face: Face, frame: Frame, *, pixels: bool = True) -> tuple[Face, HeadTransform]:
        """The face as measured in a frame: smoothed, and where the head lies.

        Args:
            pixels: whether the place is read off the pixels too, see `FaceSmoother.smooth`.
        """
        image, now = frame.image if pixels else None, frame.captured_at
        smooth, fresh = self._smoother.smooth(face, now, image)
        transform = HeadTransform.from_face(smooth)
        if fresh or self._missed or not 0 <= now - self._looked_at < _LOOK_EVERY:
            head = look_at(frame.image, smooth, transform)
            if self._missed and not fresh and (self._head is None or not same_person(self._head, head)):
                self._smoother.reset()
                smooth, fresh = self._smoother.smooth(face, now, image)
                transform = HeadTransform.from_face(smooth)
            self._head, self._looked_at = head, now
        if fresh:
            self.since = now
        self.face, self._seen_at, self._missed = smooth, now, False
        return smooth, transform

    def miss(self, now: float) -> None:
        """The face was not found in the frame of `now`, seconds."""
        self._missed = True
        if not 0 <= now - self._seen_at <= FORGET_SECONDS:
            self.face = self._head = None
            self._smoother.reset()
