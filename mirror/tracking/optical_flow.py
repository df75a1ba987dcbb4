"""Registration: how a head moved, read off the pixels.

Landmarks tremble by a quarter of a pixel beside a head that moves by whole ones, and hair laid by them
trembles with them. The pixels of the face say to a few hundredths of a pixel how it moved: points on its firm
parts are found again in the new picture (Lucas & Kanade 1981, pyramids by Bouguet 2001) and one similarity is
fitted to them, those that speak or blink counting for less (iteratively reweighted least squares, Holland &
Welsch 1977).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import Face
from mirror.core.head_space import HeadTransform

# Points of the mesh that speech and looks hardly move: corners of the eyes, bridge and wings of the nose,
# brows, between them and over them, cheekbones.
FIRM = (
    33, 133, 263, 362, 168, 6, 197, 195, 5, 4, 48, 278, 98, 327, 220, 440, 46, 53, 52, 65, 55, 70, 63, 105,
    66, 107, 276, 283, 282, 295, 285, 300, 293, 334, 296, 336, 8, 9, 151, 108, 337, 116, 345, 123, 352, 50,
    280,
)  # fmt: skip
# The face is looked at at least so many pixels wide, shrunk by a whole number; what is seen around it, in
# face widths.
LOOK, ROOM = 80, 0.25
_WINDOW, _LEVELS = (11, 11), 1
_ENDS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 12, 0.01)
# At least so many points must be found again, and fit within so many pixels of the look.
_ENOUGH, _FITS, _ROUNDS = 16, 1.0, 6
# A picture is compared with the same earlier one as long as the face has moved less than this, in face
# widths, and for so long, seconds: compared with the one before each time, errors would add up.
_NEAR, _KEEP_SECONDS = 0.04, 1.0


@dataclass(frozen=True, slots=True)
class Similarity:
    """Points p -> a p + b, frame pixels as complex numbers x + iy."""

    a: complex = 1 + 0j
    b: complex = 0j

    def after(self, other: Similarity) -> Similarity:
        """First the other, then this."""
        return Similarity(self.a * other.a, self.a * other.b + self.b)

    @property
    def inverse(self) -> Similarity:
        """The way back."""
        return Similarity(1 / self.a, -self.b / self.a)

    def moved(self, head: HeadTransform) -> HeadTransform:
        """Where a head is afterwards."""
        place = self.a * complex(head.x, head.y) + self.b
        angle = head.angle + math.atan2(self.a.imag, self.a.real)
        return HeadTransform(place.real, place.imag, head.scale * abs(self.a), angle)


@dataclass(frozen=True, slots=True)
class _Look:
    """A face as it was looked at: the rectangle of the frame (left, top, right, bottom), how much that was
    shrunk, its grey picture, where its firm points were in the frame, and when."""

    box: tuple[int, int, int, int]
    shrink: int
    grey: np.ndarray
    points: np.ndarray
    time: float


class Registration:
    """The motion of one face from each picture of a stream to the next.

    Example:
        >>> registration = Registration()
        >>> # motion = registration.look(frame.image, face, frame.captured_at)
    """

    def __init__(self) -> None:
        self._key: _Look | None = None
        self._since_key = Similarity()

    def reset(self) -> None:
        """Forgets the face."""
        self._key, self._since_key = None, Similarity()

    def look(self, image: np.ndarray, face: Face, time: float) -> Similarity | None:
        """How the face moved since the last look; None where the pixels do not say.

        Args:
            image: uint8 (H, W, 3) RGB.
            face: as measured in it.
            time: seconds.
        """
        points = face.landmarks[list(FIRM), :2]
        motion = None
        if self._key is not None:
            since = self._from_key(image, points)
            if since is not None:
                motion = since.after(self._since_key.inverse)
                self._since_key = since
        if motion is None or self._left(points, time):
            self._key, self._since_key = _looked_at(image, points, time), Similarity()
        return motion

    def _left(self, points: np.ndarray, time: float) -> bool:
        """Whether it is time to compare with a newer picture."""
        assert self._key is not None
        width = float(np.ptp(self._key.points[:, 0])) + 1.0
        far = float(np.abs(points - self._key.points).mean(0).max())
        return far > _NEAR * width or not 0 <= time - self._key.time < _KEEP_SECONDS

    def _from_key(self, image: np.ndarray, points: np.ndarray) -> Similarity | None:
        key = self._key
        assert key is not None
        if key.box[2] > image.shape[1] or key.box[3] > image.shape[0]:
            return None  # the stream's pictures have become smaller
        grey = _grey(image, key.box, key.shrink)
        corner = np.array(key.box[:2], np.float32) - np.float32(0.5)
        # Pixel centres are integers: halves away, both pictures share their corner.
        before = (key.points - corner) / key.shrink - np.float32(0.5)
        guess = (points - corner) / key.shrink - np.float32(0.5)
        found, ok, _ = cv2.calcOpticalFlowPyrLK(
            key.grey, grey, before.astype(np.float32), guess.astype(np.float32), winSize=_WINDOW,
            maxLevel=_LEVELS, criteria=_ENDS, flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        )  # fmt: skip
        seen = ok.ravel() > 0
        if seen.sum() < _ENOUGH:
            return None
        fitted = fit(before[seen], found[seen], _ENOUGH)
        if fitted is None:
            return None
        # From pixels of the look to those of the frame.
        whole = Similarity(complex(key.shrink), complex(*(corner + 0.5 * key.shrink)))
        return whole.after(fitted).after(whole.inverse)


def fit(before: np.ndarray, after: np.ndarray, enough: int) -> Similarity | None:
    """The similarity that takes points to points, float (N, 2) each; None where fewer than `enough` fit.

    Example:
        >>> square = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], np.float32)
        >>> fit(square, square + (3, 1), 4).b
        (3+1j)
    """
    p, q = (one.astype(np.float64) @ np.array([1, 1j]) for one in (before, after))
    weight, middle = np.ones(len(p)), slice((len(p) - 1) // 2, len(p) // 2 + 1)
    for _ in range(_ROUNDS):
        total = weight.sum()
        if total < 1e-6:
            return None
        mean_p, mean_q = (weight @ p) / total, (weight @ q) / total
        spread = weight @ np.abs(p - mean_p) ** 2
        if spread < 1e-6:
            return None
        a = complex((weight * np.conj(p - mean_p)) @ (q - mean_q) / spread)
        b = complex(mean_q - a * mean_p)
        off = np.abs(a * p + b - q)
        # Their median; for so few numbers `np.median` takes ten times as long.
        usual = max(1.5 * float(np.sort(off)[middle].mean()), 0.02)
        weight = 1 / (1 + (off / usual) ** 2)
    return Similarity(a, b) if (off < _FITS).sum() >= enough else None


def _looked_at(image: np.ndarray, points: np.ndarray, time: float) -> _Look | None:
    low, high = points.min(0), points.max(0)
    room = ROOM * float((high - low).max())
    height, width = image.shape[:2]
    left, top = (max(0, int(v)) for v in np.floor(low - room))
    right, bottom = (min(int(v), most) for v, most in zip(np.ceil(high + room), (width, height), strict=True))
    if right - left < 24 or bottom - top < 24:
        return None
    shrink = max(1, int((high[0] - low[0]) / LOOK))
    right, bottom = right - (right - left) % shrink, bottom - (bottom - top) % shrink
    box = (left, top, right, bottom)
    return _Look(box, shrink, _grey(image, box, shrink), points.copy(), time)


def _grey(image: np.ndarray, box: tuple[int, int, int, int], shrink: int) -> np.ndarray:
    left, top, right, bottom = box
    grey = cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_RGB2GRAY)
    if shrink == 1:
        return grey
    size = ((right - left) // shrink, (bottom - top) // shrink)
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
