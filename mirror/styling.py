"""Which style is on: chosen, drawn at random, and the short cross-fade from one to the next."""

from __future__ import annotations

import numpy as np

from mirror.engine import Engine
from mirror.style import StyleCode
from mirror.stylebook import StyleBook

CROSSFADE_SECONDS = 0.35
RANDOM = "random"
STRANDS = 0.7  # how much of its neighbour's detail map a drawn style takes


def is_random(wanted: str) -> bool:
    """Whether a style as a person wrote it asks for styles drawn at random."""
    return wanted.strip().lower() == RANDOM


class Styling:
    """The style now, as a code lying on the person's face shape.

    Args:
        book: the named styles and the prior.
        shape_decoder: engine of the network `shape`: says where a drawn style's hair lies.
        seed: of the random styles; None for a different evening every time.
    """

    def __init__(self, book: StyleBook, shape_decoder: Engine, seed: int | None = None) -> None:
        self.book = book
        self._shape_decoder = shape_decoder
        self._rng = np.random.default_rng(seed)
        self._from: StyleCode | None = None
        self._to: StyleCode = book[0].code
        self._since: float | None = None
        self.name = book[0].name
        self.number: int | None = 0
        self._drawn = 0

    def choose(self, wanted: str, now: float | None = None) -> None:
        """Puts on a style of the book by name or number, or draws one for "random".

        Args:
            now: seconds of the frame clock, for the cross-fade; None changes at once.

        Raises:
            MirrorError: no such style.
        """
        if is_random(wanted):
            self.draw(now)
        else:
            self.pick(self.book.index(wanted), now)

    def pick(self, number: int, now: float | None = None) -> None:
        """Puts on style `number` of the book (taken modulo its length, so it cycles)."""
        number %= len(self.book)
        style = self.book[number]
        self._change(style.code, now)
        self.name, self.number = style.name, number

    def step(self, by: int, now: float | None = None) -> None:
        """The next (1) or previous (-1) style of the book."""
        start = self.number if self.number is not None else (-1 if by > 0 else 0)
        self.pick(start + by, now)

    def draw(self, now: float | None = None) -> None:
        """Draws a new style from the latent prior.

        z alone paints smooth hair; its strands and its tint come from the style of the book whose shape
        is nearest.
        """
        z = self.book.sample(self._rng)
        shape = self.book.face_shape
        coarse = self._shape_decoder.run(z=z[None], shape=shape[None])["coarse"][0, 0].copy()
        near = self.book.nearest(coarse).fitted(shape)
        self._change(StyleCode(z, near.detail * STRANDS, coarse, shape, near.tint), now)
        self._drawn += 1
        self.name, self.number = f"random {self._drawn}", None

    def wear(self, code: StyleCode, name: str) -> None:
        """Puts on a code that is not in the book."""
        self._change(code, None)
        self.name, self.number = name, None

    def code(self, shape: np.ndarray, now: float | None = None) -> StyleCode:
        """The style at a moment, fitted to a face shape, float32 (75,)."""
        if self._from is not None and self._since is not None and now is not None:
            amount = (now - self._since) / CROSSFADE_SECONDS
            if 0 <= amount < 1:
                eased = amount * amount * (3 - 2 * amount)
                # Each is fitted once, as at rest: moved twice, hair at the square's edge would be cut off.
                return self._from.fitted(shape).mixed(self._to.fitted(shape), eased)
            self._from = None
        return self._to.fitted(shape)

    def _change(self, code: StyleCode, now: float | None) -> None:
        self._from = self.code(self._to.shape, now) if now is not None else None
        self._to, self._since = code, now
