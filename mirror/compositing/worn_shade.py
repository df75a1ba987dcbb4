"""Worn shade: what colour one person wears grown hair in: a dye, a pattern of two, or like their own hair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirror.compositing.skin_light import usual_light
from mirror.core.face_lighting import Lit
from mirror.core.head_crop import Head
from mirror.hair.key_view import GrownStyle
from mirror.hair.lit_layer import OPAQUE, Shade, brightness
from mirror.hair.loss.natural_colour import from_the_front, own_shade, own_tones
from mirror.hair.pattern_layer import PatternedShade, Worn
from mirror.hair.styles.dye import Dye
from mirror.hair.styles.dye_pattern import PatternedDye
from mirror.hair.tone_curves import to_linear, veiling_glare

# So many times as well must hair be seen to be looked at again: a first look in profile, at a crown in glare,
# made black hair blue-grey for as long as its owner stood there.
_BETTER = 1.5
_KEPT = 4  # shades: of what is on, of what it took the place of, of what comes next, and one


@dataclass(frozen=True, slots=True, eq=False)
class OwnLook:
    """What one look at a person tells of their own hair's colour.

    Attributes:
        shade: of their own hair; None: nothing says it. veil: linear RGB (3,) that lies over the picture.
        told: how well the hair was seen, see `well_seen`.
    """

    shade: Shade | None
    veil: np.ndarray
    told: float

    @classmethod
    def of(cls, head: Head, hair: np.ndarray, lit: Lit | None) -> OwnLook:
        """Of a head and the matte of its hair, float32 (256, 256); it takes 75 ms.

        Args:
            lit: the light that the face is in; None: measured here.
        """
        veil, dye = veiling_glare(to_linear(head.image), head.known), own_shade(head, hair, lit)
        shade = None if dye is None else Shade(dye, own_tones(head, hair, lit, veil), veil=veil)
        return cls(shade, veil, well_seen(head, hair))


class WornShade:
    """Shades of one person, the very same objects as long as the same is worn.

    Attributes:
        own: of their own hair; None: it was not seen yet.
        veil: linear RGB (3,) that lies over their picture; None: nobody looked yet.
    """

    def __init__(self) -> None:
        self.own: Shade | None = None
        self.veil: np.ndarray | None = None
        self._told = 0.0  # how well it was seen
        self._made: list[tuple[Dye, Shade | None, np.ndarray | None, Worn]] = []

    def wants(self, head: Head, hair: np.ndarray) -> bool:
        """Whether another look would tell more: hair is seen better than when its colour was read."""
        return self.own is None or well_seen(head, hair) >= _BETTER * self._told

    def take(self, look: OwnLook) -> None:
        """Believes a look."""
        if look.shade is not None:
            self.own, self.veil, self._told = look.shade, look.veil, look.told
        elif self.veil is None:
            self.veil = look.veil

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


def well_seen(head: Head, hair: np.ndarray) -> float:
    """How well hair is seen: the share of the square that is surely hair, less where the head is turned."""
    there = (hair > OPAQUE[0]) & head.known
    return float(there.mean()) * from_the_front(head)


def _made(dye: Dye, there: Shade | None, veil: np.ndarray | None) -> Worn:
    if not isinstance(dye, PatternedDye):
        return _dyed(dye, veil)
    first, second = (there if one is None else _dyed(one, veil) for one in (dye.first, dye.second))
    return PatternedShade(dye, first, second)


def _dyed(dye: Dye, veil: np.ndarray | None) -> Shade:
    return Shade(dye, light=brightness(usual_light()), veil=veil)
