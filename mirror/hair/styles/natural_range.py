"""Natural range: hair colours as colourists count them, ten levels of depth by seven tones.

A number such as 7/1 is the level (1 black to 10 lightest blond) and the tone, as in the International Colour
Chart, which most makers of hair colour follow; 7.1 and 7-1 say the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mirror.hair.styles.shade import Dye


@dataclass(frozen=True, slots=True)
class Level:
    """A depth of hair colour.

    Attributes:
        called: the usual name.
        light: CIE L* of hair of that depth on average.
        a, b: CIE Lab of its natural tone.
        strength: how much of a tone is seen at this depth, 0 to 1.
        spread: standard deviation of its lightness, L*.
    """

    called: str
    light: float
    a: float
    b: float
    strength: float
    spread: float


@dataclass(frozen=True, slots=True)
class Tone:
    """A direction that a level leans in.

    Attributes:
        digit: behind the stroke.
        name: of the tone; others: words that ask for it as well.
        a, b: how far it is from the natural tone where all of it is seen, CIE Lab.
    """

    digit: int
    name: str
    others: tuple[str, ...]
    a: float
    b: float


# Names of the levels: as makers print them (L'Oréal Professionnel, "What do the numbers on salon hair colour
# stand for"; Wella and Schwarzkopf count alike). No maker publishes Lab of its levels, and one maker's 4 is
# not another's. L*, chroma and spread are therefore laid through the means of hair in photographs that
# `DYES` has: black (L* 10) is 1, dark brown (20) is 3, chestnut (28) a warm 5, golden and ash blond (60, 56)
# are 8 to 9, platinum (77) lies beyond 10. Hue goes from red-brown to yellow as lifting uncovers pheomelanin;
# of a tone least is seen in black hair, most at 6 and 7, and pale blond holds less pigment again.
LEVELS = (
    Level("black", 10, 0.8, -0.5, 0.25, 7),
    Level("darkest brown", 14, 2.5, 2, 0.40, 8.5),
    Level("dark brown", 19, 5, 6, 0.60, 10),
    Level("medium brown", 24, 7, 9.5, 0.75, 10.5),
    Level("light brown", 30, 8.5, 13, 0.90, 11.5),
    Level("dark blond", 37, 9, 17, 1.0, 13),
    Level("medium blond", 45, 8.5, 20, 1.0, 14.5),
    Level("light blond", 54, 7.5, 22, 0.95, 15.5),
    Level("very light blond", 63, 6, 22, 0.85, 15.5),
    Level("lightest blond", 73, 4, 20, 0.70, 13.5),
)
# Digits: the International Colour Chart. Offsets: so that 8/1 is the ash blond, 8/3 the golden blond and 6/4
# the copper of `DYES`, and violet and mahogany lie between their neighbours in hue.
TONES = (
    Tone(0, "natural", ("neutral",), 0, 0),
    Tone(1, "ash", ("ashen", "cool"), -3, -7.5),
    Tone(2, "violet", ("iridescent", "pearl"), 4, -13),
    Tone(3, "golden", ("gold", "warm"), 1.5, 12),
    Tone(4, "copper", (), 17, 15),
    Tone(5, "mahogany", (), 16, -2),
    Tone(6, "red", ("auburn",), 28, 6),
)
_SAID = re.compile(r"(?:level )?(\d{1,2})(?:(?: ?[/.] ?| )(\d))?(?: ([a-z]+))?")


def shade_of(level: int, tone: Tone) -> Dye:
    """A level, 1 to 10, in a tone.

    Example:
        >>> shade_of(7, TONES[1])
        Dye(name='7/1 ash', light=45, a=5.5, b=12.5, spread=14.5, gloss=0.5, amount=1.0)
    """
    at = LEVELS[level - 1]
    a, b = at.a + tone.a * at.strength, at.b + tone.b * at.strength
    return Dye(f"{level}/{tone.digit} {tone.name}", at.light, round(a, 2), round(b, 2), at.spread)


# By level, 1 to 10, and in it by tone.
NATURAL_RANGE = tuple(tuple(shade_of(level, tone) for tone in TONES) for level in range(1, len(LEVELS) + 1))


def in_range(said: str) -> Dye | None:
    """The shade that such words ask for; None: they are no level.

    Args:
        said: small letters, hyphens as spaces: "7/1", "7.1", "7 1", "7 ash", "level 7 ash", "7/1 ash"; a
            level alone is its natural tone.
    """
    match = _SAID.fullmatch(said)
    if match is None or not 1 <= int(match[1]) <= len(LEVELS):
        return None
    tones = [
        tone
        for tone in TONES
        if (match[2] is None or tone.digit == int(match[2]))
        and (match[3] is None or match[3] in (tone.name, *tone.others))
    ]
    if not tones:
        return None
    return NATURAL_RANGE[int(match[1]) - 1][TONES.index(tones[0])]


def place_of(name: str) -> tuple[int, int] | None:
    """The row and column, from 0, of a shade of the range by its very name; None: it is not of it."""
    for row, shades in enumerate(NATURAL_RANGE):
        for column, shade in enumerate(shades):
            if shade.name == name:
                return row, column
    return None
