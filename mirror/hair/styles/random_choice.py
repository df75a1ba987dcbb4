"""Drawing: haircuts of a style book at random; painted ones each a little changed."""

from __future__ import annotations

import numpy as np

from mirror.hair.shelf import grown_of
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.groups import group_of
from mirror.hair.styles.history import Choice

# A drawn style is one of the book, changed along each of these axes by as much at most: another length and
# another shade on everybody, and still the haircut that its name says.
CHANGES = {"length": 0.35, "volume": 0.3, "colour": 0.3}
# With so many grown styles or more only they are drawn: whoever looks in for a minute sees the best there is.
ENOUGH = 8
# Hair on fewer of the 64 x 64 cells than the first lies close to the head: another shape would cut it to
# pieces, and so it would braids and locs. From the second on it takes all of a change.
AMPLE = (500, 800)


class Drawing:
    """Draws one style after the other. Each has its turn before one comes again.

    Args:
        book: of its hair loss and bald heads none is ever drawn, where there is more.
        seed: None for a different evening every time.
    """

    def __init__(self, book: StyleBook, seed: int | None = None) -> None:
        self._book = book
        self._rng = np.random.default_rng(seed)
        self._left: list[int] = []
        self._among: tuple[int, ...] | None = None

    def draw(self, worn: int | None, among: tuple[int, ...] | None = None) -> Choice:
        """The next one: a grown one as it is, a painted one a little longer or shorter, fuller or flatter,
        lighter or darker.

        Args:
            worn: the number of the style that is on: a new round does not begin with it.
            among: numbers of the styles to draw from; None: all. Where only hair loss is asked for, that is
                drawn.
        """
        styles = self._book.styles
        if among != self._among:
            self._among, self._left = among, []
        if not self._left:
            numbers = range(len(styles)) if among is None else among
            haircuts = [number for number in numbers if not styles[number].code.hair_loss]
            grown = [number for number in haircuts if styles[number].grown is not None]
            haircuts = grown if len(grown) >= ENOUGH else haircuts
            order = self._rng.permutation(haircuts or list(numbers)).tolist()
            self._left = sorted(order, key=lambda number: number == worn, reverse=True)
        style = styles[number := self._left.pop()]
        if (worn_grown := grown_of(style)) is not None:
            return Choice(style.code, style.name, number, drawn=True, grown=worn_grown, shade=style.shade)
        cells = int((style.code.coarse > 0.5).sum())
        firm = cells < AMPLE[0] or group_of(style.tags) == "braids"
        ample = min(1.0, cells / AMPLE[1]) ** 2
        by = {
            axis: float(self._rng.uniform(-most, most)) * (1.0 if axis == "colour" else ample)
            for axis, most in CHANGES.items()
            if axis == "colour" or not firm
        }
        return Choice(style.code, style.name, number, drawn=True, adjusted=by)
