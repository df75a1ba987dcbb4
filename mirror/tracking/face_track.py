"""Sighting: one face over a stream. Smoothed while it is seen, kept in mind while it is missed for a moment.

A tracker loses a face for a frame now and then: a blink of the camera, a hand, a quick turn. Who comes back
within `FORGET_SECONDS` at about the same place, and looks the same, is the same person and goes on as if
nothing had been.
"""

from __future__ import annotations

import math

import numpy as np

from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.core.head_crop import Head, look_at
from mirror.core.head_space import HeadTransform
from mirror.tracking.reidentification import same_person
from mirror.tracking.temporal_smoothing import FORGET_SECONDS, FaceSmoother


class Sighting:
    """One face.

    Attributes:
        face: as it was seen last, smoothed; None: nobody is there any more, or was yet.
        since: `captured_at` of the frame in which this person appeared, or the face jumped to where it is.

    Example:
        >>> sighting = Sighting()
        >>> # face, transform, head = sighting.see(measured, frame)
    """

    def __init__(self) -> None:
        self._smoother = FaceSmoother()
        self.face: Face | None = None
        self.since = 0.0
        self._head: Head | None = None
        self._seen_at = -math.inf
        self._missed = False

    def see(self, face: Face, frame: Frame, *, pixels: bool = True) -> tuple[Face, HeadTransform, Head]:
        """The face as measured in a frame: smoothed, where the head lies, and the head as networks see it.

        Args:
            pixels: whether the place is read off the pixels too, see `FaceSmoother.smooth`.
        """
        image = frame.image if pixels else None
        smooth, transform, head, fresh = self._look(face, frame, image)
        if self._missed and not fresh and (self._head is None or not same_person(self._head, head)):
            self._smoother.reset()
            smooth, transform, head, fresh = self._look(face, frame, image)
        if fresh:
            self.since = frame.captured_at
        self.face, self._head, self._seen_at, self._missed = smooth, head, frame.captured_at, False
        return smooth, transform, head

    def miss(self, now: float) -> None:
        """The face was not found in the frame of `now`, seconds."""
        self._missed = True
        if not 0 <= now - self._seen_at <= FORGET_SECONDS:
            self.face = self._head = None
            self._smoother.reset()

    def _look(
        self, face: Face, frame: Frame, image: np.ndarray | None
    ) -> tuple[Face, HeadTransform, Head, bool]:
        smooth, fresh = self._smoother.smooth(face, frame.captured_at, image)
        transform = HeadTransform.from_face(smooth)
        return smooth, transform, look_at(frame.image, smooth, transform), fresh
