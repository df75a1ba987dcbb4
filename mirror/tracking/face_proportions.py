"""Face proportions: how long a face is, how wide forehead and jaw, for its width; over some pictures."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from mirror.core.face import Face

# Points of MediaPipe's mesh: the widest place, before the ears; the top of the forehead that the mesh knows,
# which is no hairline, and the chin; the corners of the jaw; the sides of the forehead; the lips.
WIDTH, LENGTH, JAW, FOREHEAD, LIPS = (234, 454), (10, 152), (172, 397), (54, 284), (13, 14)
# Degrees that a face may be turned, and nod: webcams stand high or low. In 1,500 portraits the three are the
# same on average up to 20 degrees of turn, and vary a little more from 12 on.
_TURNED, _NODDING = 12.0, 12.0
# So far, where nothing better has come for some seconds, with as much more doubt about each.
_TURNED_MOST, _NODDING_MOST, _LOOSE = 20.0, 20.0, (0.02, 0.008, 0.008)
# Lips that are so far apart, of the face's length, speak or yawn: of a hundred people who smile one shows as
# much.
OPEN = 0.11
# A smile that shows teeth makes a face longer and its jaw narrower, in 1,160 portraits of five collections by
# so much for each share of its length that the lips are apart (0.06 usually); forehead by next to nothing.
_SMILE = (0.52, -0.03, -0.15)
# A nod makes it shorter, by so much a degree, in those portraits and in one film of a nodding head alike;
# portraits are taken at so many degrees.
_NOD, _USUAL_NOD = -0.0053, -4.0
ENOUGH, LEAST, KEPT = 20, 8, 60  # pictures: to be sure, to say what is less sure, at most
PATIENCE = 6.0  # seconds until what is less sure is told
# Seconds between two that count; without a face, until it may be another's; without any picture, which is a
# machine that has much to do.
EVERY, GONE, STALLED = 0.1, 1.0, 10.0
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
    """Measures one face over some pictures in which it looks straight ahead; older ones are forgotten.

    Attributes:
        speaks: the mouth was wide open in the last picture.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets the person."""
        self._seen: deque[tuple[float, float, float]] = deque(maxlen=KEPT)
        self._loose: deque[tuple[float, float, float]] = deque(maxlen=KEPT)
        self._at = self._there = self._since = -np.inf
        self._missed = False  # in the last picture
        self.speaks = False

    def note(self, face: Face | None, now: float) -> None:
        """A picture of `now`, seconds; without a face for long, the next is taken for somebody else's."""
        if now - self._there > (GONE if self._missed or face is None else STALLED):
            self.reset()
        self._missed = face is None
        if face is None:
            return
        self._since = now if self._since == -np.inf else self._since
        self._there = now
        self.speaks = _apart(face) > OPEN
        if now - self._at < EVERY or (found := proportions_of(face, loose=True)) is None:
            return
        self._at = now
        self._loose.append(found)
        if proportions_of(face) is not None:
            self._seen.append(found)

    @property
    def measured(self) -> Proportions | None:
        """What was measured; None: not enough yet."""
        sure = len(self._seen) >= ENOUGH
        if not sure and (len(self._loose) < LEAST or self._there - self._since < PATIENCE):
            return None
        values = np.array(self._seen if sure else self._loose)
        middle = np.median(values, axis=0)
        doubt = _SIGMA * np.median(np.abs(values - middle), axis=0)
        if not sure:
            doubt = doubt + _LOOSE
        length, forehead, jaw = map(float, middle)
        return Proportions(length, forehead, jaw, (float(doubt[0]), float(doubt[1]), float(doubt[2])))


def proportions_of(face: Face, *, loose: bool = False) -> tuple[float, float, float] | None:
    """Length, forehead and jaw of one picture's face for its width, as with a closed mouth and looking ahead;
    None where it is turned or speaks.

    Args:
        loose: a face that is turned further counts as well.
    """
    yaw, pitch, _ = face.pose
    turned, nods = (_TURNED_MOST, _NODDING_MOST) if loose else (_TURNED, _NODDING)
    if abs(yaw) > turned or abs(pitch) > nods:
        return None
    points = face.landmarks.astype(np.float64)
    width, length, forehead, jaw = (
        float(np.linalg.norm(points[a] - points[b])) for a, b in (WIDTH, LENGTH, FOREHEAD, JAW)
    )
    lips = _apart(face)
    if width < 1 or length < 1 or lips > OPEN:
        return None
    long, high, wide = (
        one / width - lips * by for one, by in zip((length, forehead, jaw), _SMILE, strict=True)
    )
    return long - _NOD * (pitch - _USUAL_NOD), high, wide


def _apart(face: Face) -> float:
    """How far the lips are apart, a share of the face's length."""
    points = face.landmarks.astype(np.float64)
    lips, length = (float(np.linalg.norm(points[a] - points[b])) for a, b in (LIPS, LENGTH))
    return lips / max(length, 1.0)
