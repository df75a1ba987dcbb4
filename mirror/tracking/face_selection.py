"""Whose face: the largest, and not every moment another's."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mirror.core.face import Face
from mirror.tracking.temporal_smoothing import FORGET_SECONDS

# Another face takes over when it has been this much larger for this long.
LARGER = 1.25
SECONDS = 0.5
# A face found this close to the last place, in face heights, and of about the same size, is the same one.
NEAR = 0.6
ALIKE = 1.6
# The followed face may be missed for so long before another is taken instead.
PATIENCE = 0.25
# Where four people leave a slow machine three pictures a second, one missed picture is longer than that.
MISSED = 1.5  # pictures


class Chooser:
    """Follows one face among several: the largest, with hysteresis.

    The one who is followed stays followed while somebody behind leans forward or passes by. The
    same faces at the same times always give the same choice.

    Example:
        >>> Chooser().choose([], 0.0) is None
        True
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets whom it followed."""
        self._centre = np.zeros(2)
        self._height = 0.0
        self._seen = self._asked = -math.inf
        self._larger_since: float | None = None

    def choose(self, faces: Sequence[Face], time: float) -> Face | None:
        """The face to follow in this frame.

        Args:
            faces: all faces of the frame, in any order.
            time: `frame.captured_at`, seconds.

        Returns:
            One of `faces`; None where there is none, or where the followed one was lost a moment
            ago and only others are there.
        """
        apart, self._asked = time - self._asked, time
        if not faces:
            return None
        if time < self._seen:
            self.reset()
        patience = min(max(PATIENCE, MISSED * apart), FORGET_SECONDS)
        largest = max(faces, key=lambda face: face.height)
        if time - self._seen > patience:
            self._larger_since = None
            return self._follow(largest, time)
        followed = self._find(faces)
        if followed is None:
            self._larger_since = None
            return None
        if largest is followed or largest.height < LARGER * followed.height:
            self._larger_since = None
            return self._follow(followed, time)
        if self._larger_since is None:
            self._larger_since = time
        if time - self._larger_since < SECONDS:
            return self._follow(followed, time)
        self._larger_since = None
        return self._follow(largest, time)

    def _find(self, faces: Sequence[Face]) -> Face | None:
        """The followed face among those of this frame, by place and size."""
        best, nearest = None, NEAR * self._height
        for face in faces:
            distance = float(np.linalg.norm(_centre(face) - self._centre))
            size = max(face.height, 1e-6) / self._height
            if distance < nearest and 1 / ALIKE < size < ALIKE:
                best, nearest = face, distance
        return best

    def _follow(self, face: Face, time: float) -> Face:
        self._centre, self._height, self._seen = _centre(face), max(face.height, 1e-6), time
        return face


def _centre(face: Face) -> np.ndarray:
    left, top, right, bottom = face.box
    return np.array([(left + right) / 2, (top + bottom) / 2])
