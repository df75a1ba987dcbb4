"""Named look: what of a look goes by names: a style of the book, how it is changed, the dye, steps on axes.

A grown style and a shade have no place in the latent space: without their names they would come back as the
painted hair that stands in for them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from mirror.core.errors import MirrorError
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.dye import find
from mirror.hair.styles.shape_edits import AXES, reshaped
from mirror.translation.message import Message

LONGEST = 1000  # characters: names are short, and axes few
_FURTHEST = 100.0  # steps: beyond this lies no hair


@dataclass(frozen=True, slots=True)
class NamedLook:
    """What is said of a look in words.

    Attributes:
        style: of the book, which the look is or began at; "": none.
        adjusted: by axis of `mirror.hair.styles.shape_edits.AXES`, how far that style is changed.
        dye: that was asked for; "none": each style's own colour; "": nobody said.
        steps: by axis of the style book, how many are in the look.
    """

    style: str = ""
    adjusted: Mapping[str, float] = field(default_factory=dict)
    dye: str = ""
    steps: Mapping[str, float] = field(default_factory=dict)

    def packed(self) -> str:
        """As a line of JSON that leaves out what is not said.

        Example:
            >>> NamedLook("bob", dye="copper").packed()
            '{"style":"bob","dye":"copper"}'
        """
        said = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, line: str) -> NamedLook:
        """What `packed` wrote; nothing of it is believed before it is checked.

        Raises:
            ValueError: it is nothing of the kind.
        """
        try:
            said = json.loads(line[:LONGEST])
        except RecursionError:
            raise ValueError("nested") from None
        if not isinstance(said, dict):
            raise ValueError("no object")
        style, dye = said.get("style", ""), said.get("dye", "")
        if not (isinstance(style, str) and isinstance(dye, str)):
            raise ValueError("no names")
        return cls(style, _numbers(said.get("adjusted", {})), dye, _numbers(said.get("steps", {})))

    def found(self, book: StyleBook) -> tuple[int, StyleCode]:
        """The number of its style in a book, and that style's code as it is changed.

        Raises:
            MirrorError: the book has no such style.
        """
        if self.style not in book.names:
            raise MirrorError(
                Message("This hair is '{style}', a style that this mirror does not have.", style=self.style)
            )
        number = book.names.index(self.style)
        known = {axis: value for axis, value in self.adjusted.items() if axis in AXES}
        return number, reshaped(book[number].code, known, book)

    def check_dye(self) -> None:
        """Asks whether its shade is there.

        Raises:
            MirrorError: it is not.
        """
        if self.dye:
            try:
                find(self.dye)
            except MirrorError:
                raise MirrorError(
                    Message(
                        "This hair is dyed '{shade}', a shade that this mirror does not have.", shade=self.dye
                    )
                ) from None


NOTHING = NamedLook()


def _numbers(said: object) -> dict[str, float]:
    if not isinstance(said, dict):
        raise ValueError("no numbers by name")
    for value in said.values():
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _FURTHEST:
            raise ValueError("no number")
    return {name: float(value) for name, value in said.items()}
