"""Which style and which dye are on: chosen, drawn at random, and the short cross-fade to the next."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mirror import dye
from mirror.engine import Engine
from mirror.reshape import check_steps, reshaped
from mirror.style import StyleCode
from mirror.stylebook import StyleBook
from mirror.turn import differs

CROSSFADE_SECONDS = 0.35  # to a style chosen by hand
# To one that comes by itself: this share of the time between two, and so many seconds at most.
SLOW_SHARE, SLOW_SECONDS = 1 / 3, 2.0
RANDOM = "random"
# A drawn style is taken when the shape decoder is as sure of it as of three in four styles of the book; after
# so many draws, the surest of them.
SURE, DRAWS = 0.42, 8
FIRST = 0.25  # of a blend: from here on nothing of the camera's own hair shines through


def confidence(coarse: np.ndarray) -> float:
    """How sure the shape decoder is of an outline: 1 where every cell is hair or is not, 0 or less for a fog.

    Args:
        coarse: float32 (64, 64), alpha, 0 to 1.

    Example:
        >>> confidence(np.eye(64, dtype=np.float32)), confidence(np.full((64, 64), 0.5, np.float32))
        (1.0, -1.0)
    """
    return 1 - float((4 * coarse * (1 - coarse)).sum()) / max(float(coarse.sum()), 1.0)


def is_random(wanted: str) -> bool:
    """Whether a style as a person wrote it asks for styles drawn at random."""
    return wanted.strip().lower() == RANDOM


class Styling:
    """The style now, as a code lying on the person's face shape.

    Args:
        book: the named styles and the prior.
        shape_decoder: engine of the network `shape`: says where a drawn style's hair lies.
        seed: of the random styles; None for a different evening every time.

    Attributes:
        blend: 0, the person's own hair, to 1, the style.
        own: the person's own hair, which a blend begins with; None where nobody has read it yet.
        adjusted: by axis of `mirror.reshape.AXES`, how far the style is changed.
    """

    def __init__(self, book: StyleBook, shape_decoder: Engine, seed: int | None = None) -> None:
        self.book = book
        self._shape_decoder = shape_decoder
        self._rng = np.random.default_rng(seed)
        self._from: StyleCode | None = None
        self._to: StyleCode = book[0].code
        self._since: float | None = None
        self._seconds = CROSSFADE_SECONDS
        self._laid: tuple[StyleCode, StyleCode] | None = None
        self.name = book[0].name
        self.number: int | None = 0
        self._drawn = 0
        self._chosen = self._to
        self._made: tuple[tuple[object, ...], StyleCode] | None = None
        self.own: StyleCode | None = None
        self.blend = 1.0
        self.adjusted: dict[str, float] = {}
        self._dyes: tuple[dye.Dye | None, dye.Dye | None] = (None, None)  # from, to
        self._dyed_since: float | None = None

    @property
    def presence(self) -> float:
        """How strongly the painted hair shows at this blend, 0 to 1: the own hair itself is not painted."""
        share = min(max(self.blend / FIRST, 0.0), 1.0)
        return share * share * (3 - 2 * share)

    @property
    def dye_name(self) -> str:
        """Of the dye that is on, or "none"."""
        now = self._dyes[1]
        return dye.NONE if now is None else now.name

    @property
    def worn(self) -> str:
        """Style and dye, as a person reads them."""
        return self.name if self._dyes[1] is None else f"{self.name}, {self.dye_name}"

    def choose_dye(self, wanted: str, now: float | None = None) -> None:
        """Dyes whatever style is on, now and later; "none" gives styles their own colours back.

        Raises:
            MirrorError: no such dye.
        """
        shade = dye.find(wanted)
        self._dyes = (shade if now is None else self._dye(now), shade)
        self._dyed_since = now

    def step_dye(self, by: int, now: float | None = None) -> None:
        """The next (1) or previous (-1) dye; after the last, and before the first, comes none."""
        names = [dye.NONE, *(shade.name for shade in dye.DYES)]
        self.choose_dye(names[(names.index(self.dye_name) + by) % len(names)], now)

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
        self.adjusted = {}
        self._change(style.code, now)
        self.name, self.number = style.name, number

    def step(self, by: int, now: float | None = None) -> None:
        """The next (1) or previous (-1) style of the book."""
        start = self.number if self.number is not None else (-1 if by > 0 else 0)
        self.pick(start + by, now)

    def draw(self, now: float | None = None, seconds: float = CROSSFADE_SECONDS) -> None:
        """Draws a new style from latent space, again where its outline is as vague as an average's.

        z alone paints smooth hair; its strands, its tint and its light come from the style of the book that
        it was drawn beside. `seconds` is how long the cross-fade to it takes.
        """
        shape = self.book.face_shape
        self.adjusted = {}
        drawn: list[tuple[float, np.ndarray, np.ndarray, StyleCode]] = []
        for _ in range(DRAWS):
            z, near = self.book.draw(self._rng)
            coarse = self._decode(z, shape)
            drawn.append((confidence(coarse), z, coarse, near))
            if drawn[-1][0] >= SURE:
                break
        _, z, coarse, near = max(drawn, key=lambda one: one[0])
        near = near.fitted(shape)
        self._change(StyleCode(z, near.detail, coarse, shape, near.tint, near.light), now, seconds)
        self._drawn += 1
        self.name, self.number = f"random {self._drawn}", None

    def wear(self, code: StyleCode, name: str, now: float | None = None) -> None:
        """Puts on a code that is not in the book."""
        self.adjusted = {}
        self._change(code, now)
        self.name, self.number = name, None

    def set_blend(self, amount: float, now: float | None = None) -> None:
        """Stops anywhere between the person's own hair (0) and the style (1)."""
        self.blend = min(max(float(amount), 0.0), 1.0)
        self._update()

    def adjust(self, axis: str, amount: float, now: float | None = None) -> None:
        """Changes the style that is on along an axis of `mirror.reshape.AXES`; 0 leaves it as it was.

        Raises:
            MirrorError: there is no such axis.
        """
        self.adjusted = {**self.adjusted, axis: check_steps(axis, amount)}
        self._update()

    def clear_adjustments(self, now: float | None = None) -> None:
        """The style as it was."""
        self.adjusted = {}
        self._update()

    def meet(self, own: StyleCode | None) -> None:
        """Tells whose hair a blend begins with; None: another person, nobody has read it yet."""
        self.own = own
        if self.blend < 1:
            self._update()

    def code(self, shape: np.ndarray, now: float | None = None) -> StyleCode:
        """The style at a moment, fitted to a face shape, float32 (75,), in the dye that is on."""
        # A dye asked for wins over one that is part of the style.
        return self.dyed(self._style(shape, now), self._dye(now) or self._to.dye)

    def dyed(self, code: StyleCode, shade: dye.Dye | None = None) -> StyleCode:
        """A code in a shade; None: in the dye that is on."""
        return code.dyed(shade or self._dyes[1])

    @property
    def on(self) -> tuple[StyleCode, dye.Dye | None]:
        """The style that is on or comes on, blended and changed as it is worn, and the dye."""
        return self._to, self._dyes[1]

    def shows_hair_loss(self, now: float) -> bool:
        """Whether anything of hair loss is to be seen at a moment; while it fades, too."""
        fading = self._from is not None and self.settled(now) is None
        return self._to.hair_loss or (fading and self._from is not None and self._from.hair_loss)

    def settled(self, now: float | None = None) -> StyleCode | None:
        """The style that is on, the very same object as long as it stays; None while it changes."""
        if self._from is None or self._since is None or now is None:
            return self._to
        return self._to if _eased(now - self._since, self._seconds) is None else None

    def steady(self, now: float | None = None) -> tuple[object, ...] | None:
        """What is worn, the very same objects as long as it stays; None while style or dye changes.

        A slow cross-fade counts as steady: from one picture to the next it changes less than an eye sees.
        """
        style = self.settled(now)
        if style is None and self._seconds > CROSSFADE_SECONDS:
            style = self._from
        dyeing = (
            self._dyed_since is not None and now is not None and _eased(now - self._dyed_since) is not None
        )
        return None if style is None or dyeing else (style, self._dyes[1])

    def _dye(self, now: float | None) -> dye.Dye | None:
        before, after = self._dyes
        if now is None or self._dyed_since is None:
            return after
        eased = _eased(now - self._dyed_since)
        return after if eased is None else dye.between(before, after, eased)

    def _style(self, shape: np.ndarray, now: float | None) -> StyleCode:
        if self._from is not None and self._since is not None and now is not None:
            eased = _eased(now - self._since, self._seconds)
            if eased is not None:
                # Each is fitted once, as at rest: moved twice, hair at the square's edge would be cut off.
                return self._from.fitted(shape).mixed(self._to.fitted(shape), eased)
            self._from = None
        # Kept as long as a face is the same to the eye: moving nine planes takes most of a millisecond.
        if self._laid is None or self._laid[0] is not self._to or differs(self._laid[1].shape, shape):
            self._laid = self._to, self._to.fitted(shape)
        return self._laid[1]

    def _change(self, code: StyleCode, now: float | None, seconds: float = CROSSFADE_SECONDS) -> None:
        self._from = self._style(self._to.shape, now) if now is not None else None
        self._chosen, self._since, self._seconds = code, now, seconds
        self._to = self._worn()

    def _update(self) -> None:
        """Wears what is chosen as it is adjusted and blended now; at once, for a slider is moved by hand."""
        worn = self._worn()
        if worn is not self._to:
            self._to, self._from = worn, None

    def _worn(self) -> StyleCode:
        """The chosen style, adjusted and blended: the very same object as long as nothing changes."""
        if not any(self.adjusted.values()) and (self.blend >= 1 or self.own is None):
            return self._chosen
        key = (self._chosen, self.own, self.blend, tuple(sorted(self.adjusted.items())))
        if self._made is None or not _same(self._made[0], key):
            code = reshaped(self._chosen, self.adjusted, self.book)
            if self.blend < 1 and self.own is not None:
                dyed = code.dye
                code = replace(self.own.mixed(code, self.blend), dye=dyed)
            self._made = key, code
        return self._made[1]

    def _decode(self, z: np.ndarray, shape: np.ndarray) -> np.ndarray:
        """Where the shape decoder sees the hair of a code, float32 (64, 64)."""
        return self._shape_decoder.run(z=z[None], shape=shape[None])["coarse"][0, 0].copy()


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether two keys mean the same: codes by identity, numbers by value."""
    return all(
        a is b or (not isinstance(a, StyleCode | None) and a == b) for a, b in zip(one, other, strict=True)
    )


def slow(every: float) -> float:
    """Seconds of the cross-fade to a style that comes by itself, where `every` seconds bring another."""
    return min(SLOW_SECONDS, every * SLOW_SHARE)


def _eased(seconds: float, whole: float = CROSSFADE_SECONDS) -> float | None:
    """How far a cross-fade is that began so long ago, 0 to 1; None before it and when it is over."""
    amount = seconds / whole
    return amount * amount * (3 - 2 * amount) if 0 <= amount < 1 else None
