"""Dye pattern: hair in two shades, as a salon lays them: highlights, balayage, ombre, roots, split.

Written as `balayage:5/0+8/3`: the kind, the shade at the roots, the shade of the lengths. `none` stands for
the colour that is there. What share of the hair takes the second shade, and where along the strand it begins,
may follow: `balayage:5/0+8/3,0.6,0.4`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from mirror.core.errors import MirrorError
from mirror.hair.styles.shade import NONE, Dye


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to lay two shades.

    Attributes:
        name: what salons call it, as it is written.
        share: of the hair that takes the second shade where it has begun, 0 to 1, where nothing else is said.
        begins: where along the strand the second shade begins, 0 the root to 1 the tip.
    """

    name: str
    share: float
    begins: float


# Shares and beginnings: a half head of foils colours about a third of the hair, up to the root; balayage is
# painted freehand on the lower half and leaves pieces out; an ombre leaves none out; a root shadow is two to
# four centimetres of long hair.
KINDS = (
    Kind("highlights", 0.35, 0.03),
    Kind("balayage", 0.65, 0.4),
    Kind("ombre", 1.0, 0.5),
    Kind("roots", 1.0, 0.1),
    Kind("split", 0.5, 0.0),
)
EXAMPLE = "balayage:5/0+8/3"
_NUMBER = re.compile(r"\d(?:\.\d{1,3})?|\.\d{1,3}")


@dataclass(frozen=True, slots=True)
class PatternedDye(Dye):
    """Two shades on one head. As a `Dye` it is the first alone, or nothing where that is the colour that is
    there: all that hair can be worn in that was not grown.

    Attributes:
        kind: name of one of `KINDS`.
        first: the shade at the roots, or on the wearer's left; None: the colour that is there.
        second: the shade that is laid in, or on the wearer's right; None: the colour that is there.
        share: of the hair that takes the second, 0 to 1.
        begins: where along the strand the second begins, 0 the root to 1 the tip.
    """

    kind: str = KINDS[0].name
    first: Dye | None = None
    second: Dye | None = None
    share: float = KINDS[0].share
    begins: float = KINDS[0].begins


def patterned(
    kind: Kind, first: Dye | None, second: Dye | None, share: float | None = None, begins: float | None = None
) -> PatternedDye:
    """Two shades laid in a way; None for `share` and `begins`: as usual for the kind.

    Raises:
        MirrorError: both shades are the same.
    """
    names = [NONE if one is None else one.name for one in (first, second)]
    if names[0] == names[1]:
        raise MirrorError(
            f"'{kind.name}' was asked for with {names[0]} twice. Give two different shades, as {EXAMPLE}."
        )
    numbers = [None if share is None else round(share, 3), None if begins is None else round(begins, 3)]
    given = [
        kind.share if numbers[0] is None else numbers[0],
        kind.begins if numbers[1] is None else numbers[1],
    ]
    told = [f"{one:g}" for one in given]
    if given[1] == kind.begins:
        told = told[:1] if given[0] != kind.share else []
    name = ",".join((f"{kind.name}: {names[0]} + {names[1]}", *told))
    base = first or second
    assert base is not None, "one of two different shades is a shade"
    return PatternedDye(
        name, base.light, base.a, base.b, base.spread, base.gloss, base.amount if first is not None else 0.0,
        kind.name, first, second, *given,
    )  # fmt: skip


def on(dye: Dye | None, there: Dye | None) -> Dye | None:
    """A dye on hair that has a shade of its own already, which is then "the colour that is there".

    Args:
        there: None: it has none.
    """
    if not isinstance(dye, PatternedDye) or there is None or (dye.first and dye.second):
        return dye or there
    first, second = dye.first or there, dye.second or there
    if first == second:
        return there
    look = (there.light, there.a, there.b, there.spread, there.gloss, there.amount)
    light, a, b, spread, gloss, amount = look if dye.first is None else (
        dye.light, dye.a, dye.b, dye.spread, dye.gloss, dye.amount,
    )  # fmt: skip
    return replace(
        dye, light=light, a=a, b=b, spread=spread, gloss=gloss, amount=amount, first=first, second=second
    )


def is_pattern(said: str) -> bool:
    """Whether a dye as a person wrote it is one of several shades."""
    return ":" in said


def read(said: str, find: Callable[[str], Dye | None]) -> PatternedDye:
    """The pattern that a person wrote.

    Args:
        find: gives the shade of a name, None for "none".

    Raises:
        MirrorError: it is none: one line with what is valid.

    Example:
        >>> from mirror.hair.styles.shade_names import find
        >>> read("Ombré: black + copper", find).name, read("highlights:none+9/0,0.2", find).share
        ('ombre: black + copper', 0.2)
    """
    begins, _, rest = said.partition(":")
    kind = kind_of(begins)
    if kind is None:
        raise MirrorError(f"There is no dye pattern '{begins.strip()}'. {VALID}")
    shades, *numbers = (part.strip() for part in rest.split(","))
    names = [part.strip() for part in shades.split("+")]
    if len(names) != 2 or not all(names) or len(numbers) > 2:
        raise MirrorError(f"The dye pattern '{said.strip()}' does not name two shades. {VALID}")
    given = []
    for number in numbers:
        value = float(number) if _NUMBER.fullmatch(number) else -1.0
        if not 0 <= value <= 1:
            raise MirrorError(
                f"'{number}' in the dye pattern '{said.strip()}' is no number from 0 to 1. Behind the shades "
                "stand the share of the hair that takes the second, and where along the strand it begins, "
                f"as {EXAMPLE},0.6,0.4."
            )
        given.append(value)
    return patterned(kind, find(names[0]), find(names[1]), *given)


def kind_of(said: str) -> Kind | None:
    """The kind of a name in any case, with or without its accent; None: there is none."""
    plain = unicodedata.normalize("NFD", said.strip().lower())
    wanted = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return next((kind for kind in KINDS if kind.name == wanted), None)


VALID = (
    f"Give one of {', '.join(kind.name for kind in KINDS)}, and two shades or {NONE} (the colour that is "
    f"there), as {EXAMPLE}."
)
