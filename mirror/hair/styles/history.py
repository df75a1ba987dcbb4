"""Choices: what was worn, so that a person can go back to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from mirror.hair.key_view import GrownStyle
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.dye import Dye

REMEMBERED = 50  # looks: nobody goes back further, and a code takes 150 KB


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A style as somebody chose it, or had it drawn.

    Attributes:
        code: of the style itself, before it is adjusted or dyed.
        name: what a person reads; number: of the style in the book, None for one that is not in it.
        drawn: it came by chance, and may go by itself where styles are drawn one after the other.
        by_hand: whether somebody changed it; a drawn style is a little changed by itself.
        adjusted: by axis of `mirror.hair.styles.shape_edits.AXES`, how far it is changed.
        dye: the shade that it was worn in, or None.
        grown: worn in place of what the painter makes of `code`; None for all that is painted.
        shade: the colour that a grown style has by itself, where it is not one's own.
    """

    code: StyleCode
    name: str
    number: int | None = None
    drawn: bool = False
    by_hand: bool = False
    adjusted: Mapping[str, float] = field(default_factory=dict)
    dye: Dye | None = None
    grown: GrownStyle | None = None
    shade: Dye | None = None


class Choices:
    """The looks before the one that is on, the last on top."""

    def __init__(self) -> None:
        self._before: deque[Choice] = deque(maxlen=REMEMBERED)

    def put(self, look: Choice) -> None:
        """Remembers a look that another one takes the place of."""
        self._before.append(look)

    def take(self) -> Choice | None:
        """The look before, which is remembered no longer; None where there is none."""
        return self._before.pop() if self._before else None
