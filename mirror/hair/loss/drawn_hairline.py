"""Drawn hairline: the line that a finger drew on a forehead, kept on the skull.

It is kept in skull coordinates, so that it stays on its place of the forehead while the head turns, and it is
one height for each direction: a finger that goes back and forth draws one line all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mirror.hair.loss.skull_coordinates import SkullCoordinates

# Directions aside in which a line has a height, degrees: a hand's tremble is less than a step.
ASIDE = np.arange(-80.0, 81.0, 4.0)
# So far to either side of a point its direction takes its height, and a line is joined over so wide a gap.
_REACH, _GAP = 3.0, 16.0
# A line that is not drawn, for who has no pointer: as high in the middle and rising to the sides as a grown
# man's usually is, about 7.5 cm over the eyes, and how far aside it goes.
_USUAL, _RISE, _WIDE = 33.0, 0.004, 44.0
# Softness of its edge, degrees; how steeply it goes back beyond its ends, as hairlines do at the temples.
_SOFT, _TEMPLES = 8.0, 2.2
_LOWEST, _HIGHEST = 12.0, 80.0


@dataclass(frozen=True, slots=True)
class DrawnHairline:
    """A line on a head.

    Attributes:
        back: how far back it lies in each direction of `ASIDE`, degrees; None where it is not drawn.
    """

    back: tuple[float | None, ...]

    @classmethod
    def through(cls, places: np.ndarray) -> DrawnHairline | None:
        """The line through places, (N, 2) degrees, in the order in which they were drawn; None: too few.

        Example:
            >>> DrawnHairline.through(np.array([[0.0, 30.0]])) is None
            True
        """
        places = np.asarray(places, np.float64).reshape(-1, 2)
        if len(places) < 2 or np.ptp(places[:, 0]) < _GAP:
            return None
        # A quick finger leaves gaps between its points.
        steps = np.arange(0, len(places) - 1 + 1e-9, 0.125)
        aside, back = (np.interp(steps, range(len(places)), column) for column in places.T)
        near = np.abs(aside[None] - ASIDE[:, None]) <= _REACH
        heights = np.full(len(ASIDE), np.nan)
        for number in np.flatnonzero(near.any(1)):
            heights[number] = np.median(back[near[number]])
        known = np.flatnonzero(~np.isnan(heights))
        if len(known) < 2:
            return None
        inside = np.arange(known[0], known[-1] + 1)
        heights[inside] = np.interp(inside, known, heights[known])
        # No hairline is as crooked as a hand that draws one in the air.
        smooth = np.convolve(np.pad(heights[inside], 1, "edge"), (0.25, 0.5, 0.25), "valid")
        heights[inside] = np.clip(smooth, _LOWEST, _HIGHEST)
        return cls(_told(heights))

    @classmethod
    def usual(cls) -> DrawnHairline:
        """The line that somebody begins with who draws none."""
        back = np.where(np.abs(ASIDE) <= _WIDE, _USUAL + _RISE * ASIDE**2, np.nan)
        return cls(_told(back))

    def raised(self, by: float) -> DrawnHairline:
        """The same line so many degrees further back; a degree is about 1.6 mm."""
        return replace(self, back=_told(np.clip(np.array(self.back, float) + by, _LOWEST, _HIGHEST)))

    def places(self) -> np.ndarray:
        """Its places from left to right, float64 (N, 2), degrees."""
        back = np.array(self.back, float)
        drawn = ~np.isnan(back)
        return np.stack([ASIDE[drawn], back[drawn]], -1)

    def behind(self, skull: SkullCoordinates) -> np.ndarray:
        """Where hair may grow behind it on a head.

        Args:
            skull: of that head.

        Returns:
            float32 (128, 128), 0 before the line and aside of its ends, 1 behind it, in head space.
        """
        aside, back = np.moveaxis(skull.seen, -1, 0)
        line = self.places()
        beyond = np.maximum(np.maximum(line[0, 0] - aside, aside - line[-1, 0]), 0)
        over = back - np.interp(aside, *line.T) - _TEMPLES * beyond
        return (_ramp(over, _SOFT) * skull.standing).astype(np.float32)


def _told(heights: np.ndarray) -> tuple[float | None, ...]:
    return tuple(None if one != one else one for one in heights.tolist())


def _ramp(value: np.ndarray, soft: float) -> np.ndarray:
    share = np.clip(value / soft + 0.5, 0, 1)
    return share * share * (3 - 2 * share)
