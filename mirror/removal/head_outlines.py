"""Outlines of a head: where there may be one and where there is nothing else, by the face alone."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.core.head_space import EYE_CENTRE, fill_polygon, oval_of
from mirror.removal.skull_shape import BACK

OUTLINE_SIDE = 128  # pixels
# The face oval, stretched sideways and above the eyes upwards. Beyond the first outline there is no head,
# ears and all; within the second there is nothing but head.
_BEYOND, _WITHIN = (1.4, 1.85), (0.95, 1.36)
# How far above the chin, in sides of the square, shoulders may begin: from the first on less is believed.
_SHOULDERS = (0.09, 0.03)


@dataclass(frozen=True, slots=True)
class Outlines:
    """Where a head may be and where it is for certain, float32 (128, 128) each, 0 to 1.

    Attributes:
        beyond: 1 where there is no head, ears and all, and no shoulder.
        between: 0 where there is nothing but head.
    """

    beyond: np.ndarray
    between: np.ndarray

    @classmethod
    def of(cls, shape: np.ndarray) -> Outlines:
        """Those of a face, `shape` float32 (75,), see `mirror.core.head_space.face_shape`."""
        oval = oval_of(shape)
        back = -float(np.sin(np.radians(shape[2 * len(FACE_OVAL)] * 30))) * BACK
        outlines = [_stretched(oval, *stretch, back) for stretch in (_BEYOND, _WITHIN)]
        maps = [fill_polygon(points, OUTLINE_SIDE).astype(np.float32) * (1 / 255) for points in outlines]
        head, core = (cv2.GaussianBlur(one, (9, 9), 2.0) for one in maps)
        rows = (np.arange(OUTLINE_SIDE, dtype=np.float32) + 0.5) / OUTLINE_SIDE
        low, high = (oval[:, 1].max() - above for above in _SHOULDERS)
        above = np.clip((high - rows) / (high - low), 0, 1).astype(np.float32)[:, None]
        return cls((1 - head) * above, 1 - core)


def _stretched(oval: np.ndarray, sideways: float, upwards: float, back: float) -> np.ndarray:
    """The face oval, unit points: wider about its middle and towards the back, and higher above the eyes."""
    out = oval.copy()
    half = (oval[:, 0].max() - oval[:, 0].min()) / 2
    middle = oval[:, 0].min() + half
    out[:, 0] = middle + (oval[:, 0] - middle) * sideways
    # The side towards which the nose points stays: what was hidden comes into sight on the other.
    behind = np.sign(oval[:, 0] - middle) == np.sign(back)
    out[behind, 0] += back * half
    above = oval[:, 1] < EYE_CENTRE[1]
    out[above, 1] = EYE_CENTRE[1] + (oval[above, 1] - EYE_CENTRE[1]) * upwards
    return out
