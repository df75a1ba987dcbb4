"""Choices: what was worn, so that a person can go back to it, and forward again."""

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
    """The looks before the one that is on, and those that one went back from; the nearest on top."""

    def __init__(self) -> None:
        self._before: deque[Choice] = deque(maxlen=REMEMBERED)
        self._after: deque[Choice] = deque(maxlen=REMEMBERED)

    def put(self, look: Choice) -> None:
        """Remembers a look that another one takes the place of, which is new: nothing comes after it."""
        self._before.append(look)
        self._after.clear()

    def back(self, worn: Choice) -> Choice | None:
        """The look before; `worn` comes after it then. None where there is none."""
        return _moved(self._before, self._after, worn)

    def forward(self, worn: Choice) -> Choice | None:
        """The look that one went back from last; `worn` is before it then. None where there is none."""
        return _moved(self._after, self._before, worn)

    @property
    def ways(self) -> tuple[bool, bool]:
        """Whether one can go back, and forward."""
        return bool(self._before), bool(self._after)


def _moved(taken: deque[Choice], left: deque[Choice], worn: Choice) -> Choice | None:
    if not taken:
        return None
    left.append(worn)
    return taken.pop()
