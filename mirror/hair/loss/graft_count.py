"""Graft count: how large an area is that is to be filled, and how many grafts that would take.

A graft is one follicular unit, a bundle of one to four hairs. The count is an area times a density that is
assumed; it knows nothing of the scalp, of the hair behind the head, or of whether anybody should operate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mirror.hair.loss.skull_coordinates import EYES_APART, EYES_SPREAD, SkullCoordinates

# Follicular units a cm² that grow by nature, about (65 to 85: Jimenez and Ruifernández, Distribution of human
# hair in follicular units, Dermatologic Surgery 25, 1999), and that are assumed to be set: half of them, from
# where on a scalp looks covered.
NATURAL, DENSITY = 80, 40
# How far off counts of grafts from pictures are at best, of the count: -15% to +25% against what was
# measured, of men at stages 1 to 3; clinics' own estimates were off by -35% to +18% (Hair transplant
# assessment in Asian men with receding hairlines using images and computer vision techniques, Multimedia
# Tools and Applications, 2024).
AT_BEST = (-0.15, 0.25)
# Besides, how large this head is, is only known by the distance of eyes in general: an area by twice its
# share. And the skull is taken for an ellipsoid: that share is assumed, nobody measured it here.
_SIZE, _SKULL = 2 * EYES_SPREAD / EYES_APART, 0.05
# Nearer than that nobody counts.
_STEP = 50
# Below so many cm² there is nothing to fill.
_LITTLE = 1.0


@dataclass(frozen=True, slots=True)
class GraftCount:
    """What an area would take.

    Attributes:
        area: cm² of skin, on the skull, as far as it is seen.
        likely, low, high: grafts, in steps of 50.
        density: follicular units a cm² that are assumed.
    """

    area: float
    likely: int
    low: int
    high: int
    density: int = DENSITY

    @classmethod
    def of(cls, area: float) -> GraftCount | None:
        """That of so many cm²; None: there is nothing to fill.

        Example:
            >>> GraftCount.of(40.0)
            GraftCount(area=40.0, likely=1600, low=1250, high=2050, density=40)
        """
        if area < _LITTLE:
            return None
        low, high = (math.copysign(math.hypot(one, _SIZE, _SKULL), one) for one in AT_BEST)
        likely = area * DENSITY
        counts = (likely, likely * (1 + low), likely * (1 + high))
        # The ends are rounded outwards: an interval that looks narrower than it is would not be honest.
        rounded = (round(counts[0] / _STEP), math.floor(counts[1] / _STEP), math.ceil(counts[2] / _STEP))
        return cls(area, *(one * _STEP for one in rounded))


def area_of(skull: SkullCoordinates, where: np.ndarray) -> float:
    """How much skin lies in a part of the square, cm².

    Args:
        skull: of the head.
        where: float32 (S, S), 0 to 1, how much of each pixel counts.
    """
    return float((skull.area(where.shape[0]) * where).sum())
