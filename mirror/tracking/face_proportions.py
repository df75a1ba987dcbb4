"""Face proportions: how long a face is, how wide forehead and jaw, for its width; over some pictures."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from mirror.core.face import Face

# Points of MediaPipe's mesh: the widest place, before the ears; the top of the forehead that the mesh knows,
# which is no hairline, and the chin; the corners of the jaw; the sides of the forehead; the lips.
WIDTH, LENGTH, JAW, FOREHEAD, LIPS = (234, 454), (10, 152), (172, 397), (54, 284), (13, 14)
# Degrees that a face may be turned, and what share of its length the mouth be open: beyond them the mesh's
# depth, which is its weak side, decides, and a chin that drops makes a face long.
_TURNED, _NODDING, _OPEN = 8.0, 8.0, 0.035
ENOUGH, KEPT = 20, 60  # pictures
EVERY, GONE = 0.1, 1.0  # seconds between two that count, and without a face until it may be another's
_SIGMA = 1.4826  # median deviations in a standard one


@dataclass(frozen=True, slots=True)
class Proportions:
    """Of one face, each for its width at the widest place.

    Attributes:
        length, forehead, jaw: medians over pictures.
        doubt: standard deviations of the three, robust, from picture to picture.
    """

    length: float
    forehead: float
    jaw: float
    doubt: tuple[float, float, float] = (0.0, 0.0, 0.0)


class ProportionMeter:
    """Measures one face over some pictures in which it looks straight ahead; older ones are forgotten."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets the person."""
        self._seen: deque[tuple[float, float, float]] = deque(maxlen=KEPT)
        self._at = self._there = -np.inf

    def note(self, face: Face | None, now: float) -> None:
        """A picture of `now`, seconds; without a face for long, the next is taken for somebody else's."""
        if now - self._there > GONE:
            self.reset()
        if face is None:
            return
        self._there = now
        if now - self._at >= EVERY and (found := proportions_of(face)) is not None:
            self._at = now
            self._seen.append(found)

    @property
    def measured(self) -> Proportions | None:
        """What was measured; None: not enough yet."""
        if len(self._seen) < ENOUGH:
            return None
        values = np.array(self._seen)
        middle = np.median(values, axis=0)
        doubt = _SIGMA * np.median(np.abs(values - middle), axis=0)
        length, forehead, jaw = map(float, middle)
        return Proportions(length, forehead, jaw, (float(doubt[0]), float(doubt[1]), float(doubt[2])))


def proportions_of(face: Face) -> tuple[float, float, float] | None:
    """Length, forehead and jaw of one picture's face for its width; None where it is turned or speaks."""
    yaw, pitch, _ = face.pose
    if abs(yaw) > _TURNED or abs(pitch) > _NODDING:
        return None
    points = face.landmarks.astype(np.float64)
    lips, *across = (
        float(np.linalg.norm(points[a] - points[b])) for a, b in (LIPS, WIDTH, LENGTH, FOREHEAD, JAW)
    )
    width, length, forehead, jaw = across
    if width < 1 or length < 1 or lips / length > _OPEN:
        return None
    return length / width, forehead / width, jaw / width
