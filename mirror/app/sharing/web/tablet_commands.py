"""Commands: what a stylist's tablet may ask of the mirror. Small and typed: what is anything else is refused.

The server checks them before it hands them on, and the mirror checks them again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mirror.hair.loss.scale_words import SCALES

Value = int | float | str | bool | None
LONGEST = 120  # characters of a name: a pattern of two shades has 60, a salon's own shades are longer
NOTE = 100  # characters of a stylist's note: two lines of a card
MOST_STYLES = 10_000  # numbers beyond are no style of any book


@dataclass(frozen=True, slots=True)
class Command:
    """One of them.

    Attributes:
        what: a key of `WHAT`.
        value: see there.
        visit: number of the visit that it was meant for: a later visitor is not touched by it.
    """

    what: str
    value: Value
    visit: int


def _whole(value: Any) -> bool:
    return type(value) is int and 0 <= value < MOST_STYLES


def _name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable()


def _sought(value: Any) -> bool:
    """Of a filter: "length:long", "length:" for any length; None takes all of it back."""
    return value is None or (_name(value) and value.count(":") == 1)


def _share(value: Any) -> bool:
    """None, or -1 (bald) over 0 (as it is) to 1 (full)."""
    if value is None:
        return True
    return type(value) in (int, float) and math.isfinite(value) and -1 <= value <= 1


def _line(value: Any) -> bool:
    """Plain text in one line, no control or formatting characters; "" takes it back."""
    return isinstance(value, str) and len(value) <= NOTE and (not value or value.isprintable())


def _switch(value: Any) -> bool:
    return isinstance(value, bool)


def _scale(value: Any) -> bool:
    return isinstance(value, str) and value in SCALES


def _nothing(value: Any) -> bool:
    return value is None


WHAT: dict[str, Callable[[Any], bool]] = {
    "style": _whole,  # its number in the book, from 0
    "surprise": _nothing,
    "dye": _name,  # a shade, or two in a pattern: "balayage:5/0+8/3"
    "filter": _sought,  # which styles are there to choose from
    "brows": _switch,  # brows and beard in the colour of the hair
    "loss": _share,
    "shade": _name,  # of hair that grows back
    "scale": _scale,  # whose stages the slider of hair loss walks along
    "course": _switch,  # a year of hair, with treatment and without, for as long as it is on
    "split": _switch,  # before and after beside each other
    "picture": _nothing,
    "note": _line,  # on the cards that are made from now on, see `mirror.app.sharing.stylist_strip`
    "next": _nothing,  # visitor: this visit ends, and all of it is wiped
}


def read_command(said: Any) -> Command | None:
    """The command that a decoded JSON text is; None where it is none.

    Example:
        >>> read_command({"do": "loss", "value": -0.5, "visit": 3})
        Command(what='loss', value=-0.5, visit=3)
        >>> read_command({"do": "loss", "value": 7, "visit": 3}) is None
        True
    """
    if not isinstance(said, dict) or set(said) != {"do", "value", "visit"}:
        return None
    what, value, visit = said["do"], said["value"], said["visit"]
    fits = WHAT.get(what) if isinstance(what, str) else None
    if fits is None or not fits(value) or type(visit) is not int or visit < 0:
        return None
    return Command(what, value, visit)
