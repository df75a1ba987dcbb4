"""Worn shade: what colour one person wears grown hair in: a dye, a pattern of two, or like their own hair."""

from __future__ import annotations

from mirror.compositing.skin_light import usual_light
from mirror.hair.key_view import GrownStyle
from mirror.hair.lit_layer import Shade, brightness
from mirror.hair.pattern_layer import PatternedShade, Worn
from mirror.hair.styles.dye import Dye
from mirror.hair.styles.dye_pattern import PatternedDye


class WornShade:
    """Shades of one person, the very same objects as long as the same is worn.

    Attributes:
        own: of their own hair; None: it was not seen yet.
    """

    def __init__(self) -> None:
        self.own: Shade | None = None
        self._made: tuple[Dye, Shade | None, Worn] | None = None

    def of(self, dye: Dye | None, style: GrownStyle) -> Worn | None:
        """What a style is worn in: the dye that was asked for, or like their own hair; None: as it grew."""
        there = None if style.listing.keeps_colour else self.own
        if dye is None:
            return there
        # Of one dye alone it does not matter what colour is there.
        there = there if isinstance(dye, PatternedDye) else None
        if self._made is None or self._made[0] != dye or self._made[1] is not there:
            self._made = dye, there, _made(dye, there)
        return self._made[2]


def _made(dye: Dye, there: Shade | None) -> Worn:
    if not isinstance(dye, PatternedDye):
        return _dyed(dye)
    first, second = (there if one is None else _dyed(one) for one in (dye.first, dye.second))
    return PatternedShade(dye, first, second)


def _dyed(dye: Dye) -> Shade:
    return Shade(dye, light=brightness(usual_light()))
