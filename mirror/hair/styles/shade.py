"""Shade: a colour that hair is dyed, and the twelve that the mirror always had."""

from __future__ import annotations

from dataclasses import dataclass

NONE = "none"


@dataclass(frozen=True, slots=True)
class Dye:
    """A shade that hair is dyed.

    Attributes:
        name: what salons call it.
        light, a, b: CIE Lab (D65) of the dyed hair on average.
        spread: standard deviation of its lightness: how strongly strands stand out.
        gloss: share of its chroma that the brightest highlights lose, 0 to 1.
        amount: how much of it is on, 0 to 1.
    """

    name: str
    light: float
    a: float
    b: float
    spread: float = 10.0
    gloss: float = 0.5
    amount: float = 1.0

    def mixed(self, other: Dye, share: float) -> Dye:
        """Between this shade (0) and another (1), for a cross-fade."""
        parts = ("light", "a", "b", "spread", "gloss", "amount")
        mine, theirs = ([getattr(dye, part) for part in parts] for dye in (self, other))
        between = [m + (t - m) * share for m, t in zip(mine, theirs, strict=True)]
        return Dye(other.name, *between)


# Means and spreads of hair in photographs, natural shades first.
DYES = (
    Dye("black", 10, 0.5, -1.5, 7),
    Dye("dark brown", 20, 6, 8, 10),
    Dye("chestnut", 28, 13, 17, 11),
    Dye("auburn", 27, 22, 19, 11),
    Dye("copper", 40, 28, 37, 14),
    Dye("golden blond", 60, 10, 36, 16),
    Dye("ash blond", 56, 4, 17, 15),
    Dye("platinum", 77, 1, 10, 13),
    Dye("silver", 63, -0.5, 0.5, 15),
    Dye("cherry red", 27, 42, 20, 11),
    Dye("rose", 62, 27, 6, 14),
    Dye("ocean blue", 36, -7, -31, 13),
)
