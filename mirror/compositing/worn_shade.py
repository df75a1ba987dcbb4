"""Worn shade: what colour one person wears grown hair in: a dye, a pattern of two, or like their own hair."""

from __future__ import annotations

import numpy as np

from mirror.compositing.skin_light import usual_light
from mirror.hair.key_view import GrownStyle
from mirror.hair.lit_layer import Shade, brightness
from mirror.hair.pattern_layer import PatternedShade, Worn
from mirror.hair.styles.dye import Dye
from mirror.hair.styles.dye_pattern import PatternedDye

_KEPT = 4  # shades: of what is on, of what it took the place of, of what comes next, and one


class WornShade:
    """Shades of one person, the very same objects as long as the same is worn.

    Attributes:
        own: of their own hair; None: it was not seen yet.
        veil: linear RGB (3,) that lies over their picture; None: it was not seen yet.
    """

    def __init__(self) -> None:
        self.own: Shade | None = None
        self.veil: np.ndarray | None = None
        self._made: list[tuple[Dye, Shade | None, np.ndarray | None, Worn]] = []

    def of(self, dye: Dye | None, style: GrownStyle) -> Worn | None:
        """What a style is worn in: the dye that was asked for, or like their own hair; None: as it grew."""
        there = None if style.listing.keeps_colour else self.own
        if dye is None:
            return there
        # Of one dye alone it does not matter what colour is there.
        there = there if isinstance(dye, PatternedDye) else None
        veil = self.veil
        for asked, before, seen, made in self._made:
            if asked == dye and before is there and seen is veil:
                return made
        made = _made(dye, there, veil)
        self._made = [*self._made[1 - _KEPT :], (dye, there, veil, made)]
        return made


def _made(dye: Dye, there: Shade | None, veil: np.ndarray | None) -> Worn:
    if not isinstance(dye, PatternedDye):
        return _dyed(dye, veil)
    first, second = (there if one is None else _dyed(one, veil) for one in (dye.first, dye.second))
    return PatternedShade(dye, first, second)


def _dyed(dye: Dye, veil: np.ndarray | None) -> Shade:
    return Shade(dye, light=brightness(usual_light()), veil=veil)
