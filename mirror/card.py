"""A card to compare: one moment, painted with four styles.

The painting is done in the worker thread, one piece between two live pictures, so that the mirror goes on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mirror.below import below
from mirror.compose import compose
from mirror.dye import NONE
from mirror.head import look_at
from mirror.light import measure
from mirror.matte import Matting
from mirror.plate import Plate
from mirror.shown import Shown
from mirror.strands import LENGTH, Comb, combed
from mirror.style import StyleCode
from mirror.styling import Styling
from mirror.swap import Swap
from mirror.wall import WALL_SIDE

if TYPE_CHECKING:
    from mirror.mirror import Mirror

STYLES = 4
# Below this strength of the new hair a head is turned too far to compare anything.
LEAST_STRENGTH = 0.5
_STEPS = LENGTH // 2  # of the strands, between two live pictures

Fit = Callable[[np.ndarray], StyleCode]
"""A style as it lies on a face shape, float32 (75,)."""


def paint(
    matting: Matting, swap: Swap, plate: Plate, shown: Shown, styles: Sequence[Fit]
) -> Iterator[np.ndarray | None]:
    """The picture of a moment with other styles, see `Mirror.card`."""
    if shown.face is None or shown.transform is None:
        raise ValueError("there is no face in this picture")
    head = look_at(shown.frame.image, shown.face, shown.transform)
    mattes = matting.look(head.image, still=True)
    under = below(shown.frame.image, shown.transform, mattes.hair, mattes.front)
    lit, behind = measure(head, mattes.hair), plate.behind(shown.transform, WALL_SIDE)
    yield None
    for fit in styles:
        code = fit(head.shape)
        layer = swap.paint(
            head, mattes.hair, code,
            front=mattes.front, person=mattes.person, lit=lit, behind=behind,
            under=under,
        )  # fmt: skip
        yield None
        comb = Comb(layer.rgb, layer.new)
        while not comb.work(_STEPS):
            yield None
        layer = combed(layer, comb, code, head.shape)
        yield compose(shown.frame.image, layer, shown.transform, shown.strength, plate)


class Worn:
    """The styles that were on lately, the last first; told once a picture."""

    def __init__(self) -> None:
        self._styles: deque[tuple[str, StyleCode]] = deque(maxlen=STYLES)

    def note(self, styling: Styling) -> None:
        """Notes what is on. Worker thread only: there name and code belong together."""
        if self._styles and self._styles[0][0] == styling.name:
            return
        code = styling.settled()
        if code is not None:
            again = next((one for one in self._styles if one[0] == styling.name), None)
            if again is not None:
                self._styles.remove(again)
            self._styles.appendleft((styling.name, code))

    def forget(self) -> None:
        """Forgets them: somebody else stands there."""
        self._styles.clear()

    def chosen(self, styling: Styling) -> list[tuple[str, Fit]]:
        """Four styles for a card: the one that is on, those worn before it, then the next ones of the book.

        Returns:
            (name, style) each; all in the dye that is on.
        """
        styles: dict[str, Fit] = {styling.name: styling.code}
        before = [one for one in self._styles if one[0] != styling.name]
        first = 0 if styling.number is None else styling.number + 1
        count = len(styling.book)
        after = (styling.book[(first + n) % count] for n in range(count))
        for name, code in [*before, *((style.name, style.code) for style in after)]:
            if len(styles) < STYLES and name not in styles:
                styles[name] = _dyed(code, styling)
        return list(styles.items())


class Card:
    """One card in the making.

    Args:
        shown: the moment, with a face.
        worn: for the choice of the styles.

    Attributes:
        names, pictures: of the styles painted so far; uint8 (H, W, 3) RGB, as the camera saw it.
        busy: a piece of work was asked for and is not done.
        done: all are painted.

    Example:
        card = Card(shown, worn)
        while not card.done:          # once a picture, on the main thread
            if not card.busy:
                card.busy = True
                live.tell(card.work)
    """

    def __init__(self, shown: Shown, worn: Worn) -> None:
        self._shown, self._worn = shown, worn
        self._work: Iterator[np.ndarray | None] | None = None
        self.names: list[str] = []
        self.pictures: list[np.ndarray] = []
        self.busy = self.done = False

    @staticmethod
    def possible(shown: Shown) -> bool:
        """Whether there is a head in this picture, turned so that it can wear new hair."""
        return shown.face is not None and shown.transform is not None and shown.strength >= LEAST_STRENGTH

    def work(self, mirror: Mirror, now: float) -> None:
        """The next piece: some tens of milliseconds. For `Live.tell`."""
        try:
            if self._work is None:
                chosen = self._worn.chosen(mirror.styling)
                self.names = [name for name, _ in chosen]
                self._work = mirror.card(self._shown, [fit for _, fit in chosen])
            picture = next(self._work, None)
            if picture is not None:
                self.pictures.append(picture)
            self.done = bool(self.names) and len(self.pictures) == len(self.names)
        finally:
            self.busy = False


def _dyed(code: StyleCode, styling: Styling) -> Fit:
    """In the dye that is on; without one, in that of the style."""
    own = code.dye if styling.dye_name == NONE else None
    return lambda shape: styling.dyed(code.fitted(shape), own)
