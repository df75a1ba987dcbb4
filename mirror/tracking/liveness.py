"""Life: whether a face is a person's or a picture's. A poster neither blinks nor sways."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from mirror.core.face import Face

SECONDS = 2.5
# Less of it is too little to tell.
LEAST_SECONDS = 1.0
_JUDGED_EVERY = 0.2  # seconds
# What moves more than this in that time is alive: the place and the size in face heights, the opening of the
# eyes in widths of an eye, the pose in degrees. A print before a noisy camera trembles by a tenth of that.
PLACE, SIZE, EYES, POSE = 0.012, 0.012, 0.07, 1.6
# Lids above each other, and the corners of each eye (MediaPipe's numbering of the mesh).
_LIDS, _CORNERS = ((159, 145), (386, 374)), ((33, 133), (362, 263))


class Life:
    """Watches one face.

    Example:
        >>> life = Life()
        >>> life.alive is None
        True
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, np.ndarray]] = deque()
        self._lively = False
        self._judged_at = -math.inf

    @property
    def alive(self) -> bool | None:
        """True once it has moved as people do, False where it has not for some seconds, None before."""
        if self._lively:
            return True
        long = len(self._seen) > 1 and self._seen[-1][0] - self._seen[0][0] >= SECONDS * 0.95
        return False if long else None

    def note(self, face: Face, time: float) -> None:
        """One more picture of the face, at `time` in seconds."""
        if self._seen and time <= self._seen[-1][0]:
            self._seen.clear()
            self._judged_at = -math.inf
        self._seen.append((time, _signs(face)))
        while time - self._seen[0][0] > SECONDS:
            self._seen.popleft()
        if time - self._seen[0][0] < LEAST_SECONDS or time - self._judged_at < _JUDGED_EVERY:
            return
        self._judged_at = time
        signs = np.array([one for _, one in self._seen])
        # The middle nine tenths: a tracker stumbles now and then, over pictures too.
        low, high = np.percentile(signs, (5, 95), axis=0)
        height = float(np.median(signs[:, 2]))
        limits = np.array([PLACE * height, PLACE * height, SIZE * height, EYES, POSE, POSE])
        self._lively = bool(np.any(np.subtract(high, low) > limits))


def _signs(face: Face) -> np.ndarray:
    points = face.landmarks[:, :2]
    left, top, right, bottom = face.box
    open_by = [
        np.hypot(*(points[upper] - points[lower])) / max(float(np.hypot(*(points[a] - points[b]))), 1e-3)
        for (upper, lower), (a, b) in zip(_LIDS, _CORNERS, strict=True)
    ]
    yaw, pitch, _ = face.pose
    return np.array([(left + right) / 2, (top + bottom) / 2, face.height, np.mean(open_by), yaw, pitch])
