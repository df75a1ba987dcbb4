"""Beard score: whether a beard grows on a face, and where, told by how its skin looks.

Neither the matte network nor the face mesh knows beards. A jaw in shade is as dark as one with a beard, and a
webcam's noise is as rough as stubble; but shade is as red as lit skin where hair is not, and lies on one
side. So each place is compared with the cheek of its own side in brightness, redness, yellowness and
roughness; of two sides the one counts that looks more like skin; and a weighted sum over twenty-nine pairs of
places says how much of a beard it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import LIPS
from mirror.core.head_space import HeadTransform, crop, fill_polygon

SIDE = 192  # pixels of the part of the head square that is looked at: 72 an eye distance
PART = (0.26, 0.46, 0.48)  # left, top and side of it, shares of the square
# Landmarks, the person's right and left: of upper lip, middle, chin, jaw, and lower cheek; and of the cheek
# that they are compared with.
PAIRS = np.array((
    (186, 410), (216, 436), (206, 426), (165, 391), (92, 322),
    (164, 164), (18, 18), (200, 200), (199, 199), (175, 175),
    (204, 424), (202, 422), (211, 431), (32, 262), (140, 369), (170, 395), (194, 418),
    (212, 432), (214, 434), (135, 364), (138, 367), (192, 416), (210, 430), (169, 394),
    (207, 427), (187, 411), (213, 433), (147, 376), (215, 435),
))  # fmt: skip
CHEEKS = np.array(((50, 280), (101, 330), (205, 425), (36, 266)))
# Of each pair, what darkness, lack of red, lack of yellow and roughness weigh: a ridge-penalised logistic
# regression on 656 portraits told apart by eye (246 with beards or moustaches of any colour, 410 shaven men,
# women and children), each as it is and once as by a webcam (eyes 40 to 75 pixels apart, blurred, noisy).
_WEIGHTS = np.array((
    (0.63, 3.35, 1.03, 0.51), (-0.83, 0.99, 0.07, -0.21), (-0.16, 0.18, 1.56, -0.29),
    (1.55, 1.18, 0.65, 1.26), (0.59, 3.39, 0.38, 0.54), (0.78, -1.12, -2.09, -0.13),
    (0.46, -0.03, -2.5, -0), (0.33, -0.47, -0.24, 0.29), (-0.22, 1.18, 1.02, 0.5),
    (-0.72, 3.34, 0.45, -0.12), (-1.03, -0.98, 0, -0.23), (1.07, -0.73, -0.85, 0.63),
    (0.01, -0.15, 0.67, 0.33), (0.62, -0.2, 0.8, 0.19), (0.24, 2.73, 1.92, -0.03),
    (0.92, 1.01, 1.7, 0.21), (-0.29, -1.62, -0.14, -0.46), (0.45, 1.73, 0.71, 0.27),
    (-0.58, 0.52, -0.64, 0.37), (0, -0.29, -0.51, 0.02), (0.08, -1.34, -0.67, 0.12),
    (-0.01, -0.96, -0.12, -0.04), (0.15, 0.12, -0.94, 0.39), (0.75, -0.21, -0.08, -0.12),
    (-0.86, -0.7, -2.18, -0.44), (0.38, -0.06, -1.42, -0.37), (0.08, 1.18, 0.77, -0.12),
    (-0.43, -0.3, -0.57, -0.27), (-0.37, 0.85, 1.1, -0.4),
), np.float32)  # fmt: skip
_BASE = -3.66
# The same of one place alone, on the places where most beards grow.
_LOCAL, _LOCAL_BASE = np.array((2.0, 8.6, 1.5, 1.3), np.float32), -1.7
# No shade on a face is so much darker than the cheek beside it, and what lies beyond counts so much more.
_BLACK = (0.6, 4.0)
_MOST = (-1.2, 2.0)  # no sign counts beyond that
_FEW = SIDE // 2  # pixels of its side on which is averaged
_BOX, _FINE = (5, 5), (5, 5)  # over which is averaged; what is finer than the other, of all pixels, is rough
_DARK, _EVEN = 10.0, 1.0  # grey levels that are added before logarithms are taken
_LEAST = 30  # of 255: cheeks that are darker say nothing
_SEEN = 0.3  # share of a box that must be seen


@dataclass(frozen=True, slots=True, eq=False)
class LowerFace:
    """The lower part of one face, as beards are looked for in it.

    Attributes:
        seen: uint8 (192, 192, 3) RGB, cut out of the picture at `PART` of the head square.
        grey: uint8 (192, 192), its luminance.
        places: float64 (478, 2), the landmarks in it, pixels.
        means: float32 (96, 96, 6): red, green, blue, grey, roughness and share of what is seen of skin,
            averaged round each pixel, 0 to 255, each times that share.
        cheeks: float32 (2, 4), of the person's right and left cheek what `_levels` says.
    """

    seen: np.ndarray
    grey: np.ndarray
    places: np.ndarray
    means: np.ndarray
    cheeks: np.ndarray

    @classmethod
    def of(
        cls,
        image: np.ndarray,
        transform: HeadTransform,
        landmarks: np.ndarray,
        hidden: np.ndarray | None = None,
    ) -> LowerFace | None:
        """That of a face in a picture, uint8 (H, W, 3) RGB; None where too little of the cheeks is seen.

        Args:
            transform: where the head is.
            landmarks: float32 (478, 2 or 3), frame pixels.
            hidden: uint8 (256, 256) of the head square, above 64 where hair or a hand hides the face; None:
                nowhere.
        """
        part = transform.part(*PART)
        seen = crop(image, part, SIDE)
        places = part.to_unit(landmarks[:, :2])
        lips = cv2.dilate(fill_polygon(places[list(LIPS)], SIDE), np.ones((7, 7), np.uint8))
        grey = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)
        skin = cv2.bitwise_and(cv2.compare(lips, 0, cv2.CMP_EQ), cv2.compare(grey, 0, cv2.CMP_GT))
        if hidden is not None:
            skin = cv2.bitwise_and(skin, cv2.compare(in_part(hidden), 64, cv2.CMP_LE))
        rough = cv2.absdiff(grey, cv2.blur(grey, _FINE))
        planes = [*cv2.split(seen), grey, rough, np.full_like(grey, 255)]
        planes = [cv2.bitwise_and(one, skin) for one in planes]
        means = cv2.merge([cv2.resize(one, (_FEW, _FEW), interpolation=cv2.INTER_AREA) for one in planes])
        means = cv2.blur(means.astype(np.float32), _BOX)
        places = places * SIDE - 0.5
        cheeks = _levels(means, places, CHEEKS)
        known = ~np.isnan(cheeks[..., 0])
        if known.sum() < 2:
            return None
        sides = [cheeks[:, side][known[:, side]] for side in (0, 1)]
        cheek = np.stack([(one if len(one) else cheeks[known]).mean(0) for one in sides])
        if np.exp(cheek[:, 0]).mean() < _LEAST + _DARK:
            return None
        return cls(seen, grey, places, means, cheek)

    @property
    def skin(self) -> tuple[float, float]:
        """How bright the person's right and left cheek are, grey levels."""
        right, left = np.exp(self.cheeks[:, 0]) - _DARK
        return float(right), float(left)

    def signs(self) -> np.ndarray:
        """float32 (29, 4), natural logarithms: how much darker each pair of places is than the cheeks, how
        much less red against green, less green against blue, and how much rougher; 0 where it is hidden."""
        off = (_levels(self.means, self.places, PAIRS) - self.cheeks) * _SIGN
        return np.nan_to_num(np.fmin(off[:, 0], off[:, 1]))

    def score(self) -> float:
        """How much of a beard it is: shaven faces have less than 0, mostly."""
        return float((np.clip(self.signs(), *_MOST) * _WEIGHTS).sum() + _BASE)

    def local(self) -> np.ndarray:
        """The score of each place by itself, float32 (96, 96); -9 where it is hidden."""
        right, left = (self.places[pair, 0].mean() for pair in CHEEKS.T)
        across = np.arange(0.5, SIDE, SIDE / _FEW, dtype=np.float32)
        share = np.clip((across - right) / max(left - right, 1.0), 0, 1)[:, None].astype(np.float32)
        cheek = self.cheeks[0] + (self.cheeks[1] - self.cheeks[0]) * share
        off = (_logarithms(self.means) - cheek) * _SIGN
        told = np.clip(off, *_MOST) @ _LOCAL + np.float32(_LOCAL_BASE)
        told += _BLACK[1] * np.maximum(off[..., 0] - np.float32(_BLACK[0]), 0)
        return np.where(np.isnan(told), np.float32(-9), told)


def in_part(square: np.ndarray) -> np.ndarray:
    """What of the head square, (256, 256), lies in the part that is looked at: (192, 192)."""
    left, top, wide = (round(share * len(square)) for share in PART)
    part = square[top : top + wide, left : left + wide]
    return cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def _levels(means: np.ndarray, places: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Logarithms at landmarks (N, 2): float32 (N, 2, 4) of brightness, red against green, green against blue,
    and roughness; not a number where too little is seen."""
    at = np.clip(places[which] * (_FEW / SIDE), 0, _FEW - 1).astype(int)
    return _logarithms(means[at[..., 1], at[..., 0]])


def _logarithms(means: np.ndarray) -> np.ndarray:
    share = means[..., 5:] * np.float32(1 / 255)
    logs = np.log(means[..., :5] / np.maximum(share, np.float32(1e-3)) + _MORE)
    red, green, blue, bright, rough = (logs[..., number] for number in range(5))
    told = np.stack([bright, red - green, green - blue, rough - bright], -1)
    return np.where(share > _SEEN, told, np.float32(np.nan))


_MORE = np.array((_DARK, _DARK, _DARK, _DARK, _EVEN), np.float32)
_SIGN = np.array((-1, -1, -1, 1), np.float32)
