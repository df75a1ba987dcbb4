"""Which style and which dye are on: chosen, drawn at random, and the short cross-fade to the next."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace

import numpy as np

from mirror.core.easing import CROSSFADE_SECONDS, eased
from mirror.core.errors import MirrorError
from mirror.core.pose_warp import differs
from mirror.hair.key_view import GrownStyle
from mirror.hair.shelf import grown_of
from mirror.hair.styles import dye
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.dye_pattern import PatternedDye
from mirror.hair.styles.dye_pattern import on as worn_on
from mirror.hair.styles.dye_transition import Dyeing
from mirror.hair.styles.groups import firsts
from mirror.hair.styles.history import Choice, Choices
from mirror.hair.styles.interpolation import Blend
from mirror.hair.styles.random_choice import Drawing
from mirror.hair.styles.shape_edits import check_steps, reshaped
from mirror.hair.styles.style_filter import ALL, StyleFilter
from mirror.translation.message import Message

RANDOM = "random"
FIRST = 0.25  # of a blend: from here on nothing of the camera's own hair shines through


def check_style(wanted: str, book: StyleBook) -> None:
    """Says at once, before the slow part of a start, that a style is not there.

    Raises:
        MirrorError: no such style.
    """
    if not is_random(wanted):
        book.index(wanted)


def is_random(wanted: str) -> bool:
    """Whether a style as a person wrote it asks for styles drawn at random."""
    return wanted.strip().lower() == RANDOM


class Styling:
    """The style now, as a code lying on the person's face shape.

    Args:
        book: the named styles and the prior.
        seed: of the random styles; None for a different evening every time.

    Attributes:
        blend: 0, each person's own hair, to 1, the style.
        adjusted: by axis of `mirror.hair.styles.shape_edits.AXES`, how far the style is changed.
        hair_motion: how far grown hair swings after the head, see `mirror.compositing.swing`.
        brows_follow: whether brows and beard take the colour of the hair that is worn.
        filter: which styles of the book are gone through and drawn.
        left: their numbers, in order; None: all.
        ahead: the grown style that is to come next, and its shade; None: a painted one, or nobody knows.
    """

    def __init__(self, book: StyleBook, seed: int | None = None) -> None:
        self.book = book
        self._drawing = Drawing(book, seed)
        self._from: StyleCode | None = None
        self._to: StyleCode = book[0].code
        self._choice = Choice(self._to, book[0].name, 0)
        self._before = Choices()
        self._since: float | None = None
        self._seconds = CROSSFADE_SECONDS
        self._laid: tuple[StyleCode, StyleCode] | None = None
        self._made: tuple[tuple[StyleCode, tuple[tuple[str, float], ...]], StyleCode] | None = None
        self.blend = 1.0
        self.hair_motion = 1.0
        self.brows_follow = False
        self.ahead: tuple[GrownStyle, dye.Dye | None] | None = None
        self.adjusted: dict[str, float] = {}
        self.filter = ALL
        self.left: tuple[int, ...] | None = None
        self._dyeing = Dyeing()

    @property
    def name(self) -> str:
        """Of the style that is on, as a person reads it."""
        return self._choice.name

    @property
    def number(self) -> int | None:
        """Of the style in the book; None for one that is not in it."""
        return self._choice.number

    @property
    def choice(self) -> Choice:
        """What was chosen last: the very same object until something else is."""
        return self._choice

    @property
    def presence(self) -> float:
        """How strongly the painted hair shows at this blend, 0 to 1: the own hair itself is not painted."""
        share = min(max(self.blend / FIRST, 0.0), 1.0)
        return share * share * (3 - 2 * share)

    @property
    def dye_name(self) -> str:
        """Of the dye that was asked for, or "none"."""
        return self._dyeing.name

    @property
    def shade_on(self) -> dye.Dye | None:
        """That is on, or on its way; None: none, or the style takes none."""
        return self._dyeing.on

    @property
    def worn(self) -> str:
        """Style and dye, as a person reads them."""
        return self.name if self._dyeing.on is None else f"{self.name}, {self._dyeing.on.name}"

    @property
    def grown(self) -> GrownStyle | None:
        """The grown style that is worn in place of a painted one; None where hair is painted, as it is where
        a style is blended with somebody's own hair or changed."""
        return self._choice.grown if self.blend == 1 and not any(self.adjusted.values()) else None

    @property
    def takes_one_shade(self) -> Message | None:
        """What is said where a pattern of two shades was asked for and hair is painted, which takes the first
        alone: it has no strands; None: nothing is left out."""
        asked = self._dyeing.on
        if not isinstance(asked, PatternedDye) or self.grown is not None or self.blend == 0:
            return None
        shade = Message("its own") if asked.first is None else asked.first.name
        return Message(
            "{style} is painted here, not grown strand by strand: it takes {shade} alone",
            style=self.name,
            shade=shade,
        )

    def choose_dye(self, wanted: str, now: float | None = None) -> None:
        """Dyes whatever style is on, now and later; "none" gives styles their own colours back.

        Hair loss and bald heads keep their own colour: dye would paint what is seen of the scalp.

        Raises:
            MirrorError: no such dye.
        """
        shade = dye.find(wanted)
        if shade != self._dyeing.asked:
            self._remember(now)
            self._dye_in(shade, now)

    def step_dye(self, by: int, now: float | None = None) -> None:
        """The next (1) or previous (-1) dye; after the last, and before the first, comes none.

        The shade that the style has by itself is left out: nobody would see it change.

        Raises:
            MirrorError: what is on takes no dye.
        """
        style = None if self.number is None else self.book[self.number]
        if style is not None and style.code.hair_loss:
            raise MirrorError(
                Message(
                    "'{style}' keeps its own colour. Choose a haircut, then its colour.", style=style.name
                )
            )
        grown = self._choice.grown
        shade = self._choice.shade
        in_own_colour = grown is not None and not grown.listing.keeps_colour and shade is None
        own = () if style is None or in_own_colour else style.tags
        own = own if shade is None else (*own, shade.name)
        self.choose_dye(self._dyeing.following(by, own), now)

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
        self._choose(self._of_book(number), now)

    def show(self, number: int | None, wanted: str, now: float | None = None) -> None:
        """Puts on style `number` of the book, or None: one that is drawn, and a dye with it: as one look.

        Args:
            wanted: the dye by name; "none" for the style's own colour.

        Raises:
            MirrorError: no such dye.
        """
        shade = dye.find(wanted)
        choice = self._drawn() if number is None else self._of_book(number)
        self._remember(now)
        self._put_on(choice, now, CROSSFADE_SECONDS)
        self._dye_in(shade, now)

    def _drawn(self) -> Choice:
        return self._drawing.draw(self.number, self.left)

    def _of_book(self, number: int) -> Choice:
        number %= len(self.book)
        style = self.book[number]
        return Choice(style.code, style.name, number, grown=grown_of(style), shade=style.shade)

    def step(self, by: int, now: float | None = None) -> None:
        """The next (1) or previous (-1) style of the book, of those that the filter leaves."""
        left = self.left or tuple(range(len(self.book)))
        if self.number is None:
            here = -1 if by > 0 else 0
        elif self.number in left:
            here = left.index(self.number)
        else:  # between the two that are nearest in the book
            here = bisect_left(left, self.number) - (1 if by > 0 else 0)
        self.pick(left[(here + by) % len(left)], now)

    def step_group(self, by: int, now: float | None = None) -> None:
        """The first style of the next (1) or previous (-1) group of the book that the filter leaves."""
        first = list(firsts([style.tags for style in self.book.styles], self.left).values())
        here = -1 if self.number is None else bisect_right(first, self.number) - 1
        self.pick(first[(max(here, -1 if by > 0 else 0) + by) % len(first)], now)

    def draw(self, now: float | None = None, seconds: float = CROSSFADE_SECONDS) -> None:
        """Draws a style, see `mirror.hair.styles.random_choice`. `seconds` is how long the cross-fade to it
        takes."""
        self._choose(self._drawn(), now, seconds)

    def narrow(self, wanted: StyleFilter) -> None:
        """Goes through and draws only what a filter leaves; what is worn stays on.

        Raises:
            MirrorError: it leaves nothing; all stays as it was.
        """
        left = wanted.left(self.book.names, [style.tags for style in self.book.styles])
        if left == ():
            raise MirrorError(Message("No style is all of that. Take one of the filters away."))
        self.filter, self.left = wanted, left

    def wear(self, code: StyleCode, name: str, now: float | None = None) -> None:
        """Puts on a code that is not in the book."""
        self._choose(Choice(code, name), now)

    def wear_grown(self, style: GrownStyle, shade: dye.Dye | None = None, now: float | None = None) -> None:
        """Puts on a grown style that is not in the book; what it says stands in for it must be.

        Args:
            shade: that it is worn in; None: one's own colour, or that which it keeps.
        """
        code = self.book.find(style.listing.stand_in).code
        self._choose(Choice(code, style.listing.name, grown=style, shade=shade), now)

    def back(self, now: float | None = None) -> bool:
        """Puts on the look before, in its dye and as it was adjusted; it stays until another is asked for.

        Returns:
            Whether there was one.
        """
        return self._again(self._before.back(self._look()), now)

    def forward(self, now: float | None = None) -> bool:
        """Puts on the look that one went back from, as `back` does."""
        return self._again(self._before.forward(self._look()), now)

    @property
    def ways(self) -> tuple[bool, bool]:
        """Whether one can go back, and forward."""
        return self._before.ways

    def _again(self, look: Choice | None, now: float | None) -> bool:
        if look is None:
            return False
        self._put_on(replace(look, drawn=False), now, CROSSFADE_SECONDS)
        self._dye_in(look.dye, now)
        return True

    def set_blend(self, amount: float) -> None:
        """Stops anywhere between each person's own hair (0) and the style (1)."""
        self.blend = min(max(float(amount), 0.0), 1.0)

    def adjust(self, axis: str, amount: float) -> None:
        """Changes the style that is on along an axis of `mirror.hair.styles.shape_edits.AXES`; 0 leaves it as
        it was.

        Raises:
            MirrorError: there is no such axis.
        """
        self._adjust({**self.adjusted, axis: check_steps(axis, amount)})

    def clear_adjustments(self) -> None:
        """The style as it was."""
        self._adjust({})

    def code(self, shape: np.ndarray, now: float | None = None, blend: Blend | None = None) -> StyleCode:
        """The style at a moment, fitted to a face shape, float32 (75,), in the dye that is on.

        Args:
            blend: of the person who wears it; None: the style alone.
        """
        style = self._style(shape, now)
        if blend is not None:
            style = blend.of(style, self.blend)
        # A dye asked for wins over one that is part of the style.
        return self.dyed(style, worn_on(self._dyeing.at(now), self._to.dye))

    def in_dye(self, number: int, shape: np.ndarray) -> StyleCode:
        """Style `number` of the book (modulo its length) on a face shape, in the dye that was asked for."""
        style = self.book[number % len(self.book)]
        code = style.code.fitted(shape)
        return code if style.code.hair_loss else self.dyed(code, self._dyeing.asked)

    def announce(self, number: int | None, wanted: str) -> None:
        """Says which style of the book is to come next, or None: nobody knows; and its dye by name."""
        style = None if number is None else self.book[number % len(self.book)]
        grown = None if style is None else grown_of(style)
        self.ahead = None if style is None or grown is None else (grown, dye.find(wanted) or style.shade)

    def grown_style(self, number: int) -> tuple[GrownStyle, dye.Dye | None] | None:
        """What is worn in place of style `number` of the book (modulo its length), and in which shade; None:
        it is painted."""
        style = self.book[number % len(self.book)]
        grown = grown_of(style)
        asked = None if style.code.hair_loss else self._dyeing.asked
        return None if grown is None else (grown, worn_on(asked, style.shade))

    def dyed(self, code: StyleCode, shade: dye.Dye | None = None) -> StyleCode:
        """A code in a shade; None: in the dye that is on."""
        return code.dyed(shade or self._dyeing.on)

    @property
    def on(self) -> tuple[StyleCode, dye.Dye | None]:
        """The style that is on or comes on, blended and changed as it is worn, and its shade: the dye that
        was asked for, or the style's own."""
        return self._to, worn_on(self._dyeing.on, self._choice.shade)

    @property
    def fade(self) -> tuple[float, float] | None:
        """When what is on was asked for, seconds, and how many the cross-fade to it takes; None: it was there
        at once."""
        dyed = self._dyeing.since
        if dyed is not None and (self._since is None or dyed > self._since):
            return dyed, CROSSFADE_SECONDS
        return None if self._since is None else (self._since, self._seconds)

    def shows_hair_loss(self, now: float) -> bool:
        """Whether anything of hair loss is to be seen at a moment; while it fades, too."""
        if self.presence == 0:  # the own hair alone
            return False
        fading = self._from is not None and self.settled(now) is None
        return self._to.hair_loss or (fading and self._from is not None and self._from.hair_loss)

    def settled(self, now: float | None = None) -> StyleCode | None:
        """The style that is on, the very same object as long as it stays; None while it changes."""
        if self._from is None or self._since is None or now is None:
            return self._to
        return self._to if eased(now - self._since, self._seconds) is None else None

    def steady(self, now: float | None = None) -> tuple[object, ...] | None:
        """What is worn, the very same objects as long as it stays; None while style or dye changes.

        A slow cross-fade counts as steady: from one picture to the next it changes less than an eye sees.
        """
        style = self.settled(now)
        if style is None and self._seconds > CROSSFADE_SECONDS:
            style = self._from
        return None if style is None or self._dyeing.changing(now) else (style, self._dyeing.on)

    def _style(self, shape: np.ndarray, now: float | None) -> StyleCode:
        if self._from is not None and self._since is not None and now is not None:
            share = eased(now - self._since, self._seconds)
            if share is not None:
                # Each is fitted once, as at rest: moved twice, hair at the square's edge would be cut off.
                return self._from.fitted(shape).mixed(self._to.fitted(shape), share)
            self._from = None
        # Kept as long as a face is the same to the eye: moving nine planes takes most of a millisecond.
        if self._laid is None or self._laid[0] is not self._to or differs(self._laid[1].shape, shape):
            self._laid = self._to, self._to.fitted(shape)
        return self._laid[1]

    def _choose(self, choice: Choice, now: float | None, seconds: float = CROSSFADE_SECONDS) -> None:
        """Puts on another look."""
        self._remember(now)
        self._put_on(choice, now, seconds)
        self._dye_in(self._dyeing.asked, now)

    def _remember(self, now: float | None) -> None:
        """Keeps what is on for `back`; without a clock nobody sees it."""
        if now is not None:
            self._before.put(self._look())

    def _look(self) -> Choice:
        """What is on, in its dye and as it is adjusted."""
        return replace(self._choice, adjusted=self.adjusted, dye=self._dyeing.asked)

    def _put_on(self, choice: Choice, now: float | None, seconds: float) -> None:
        self._from = self._style(self._to.shape, now) if now is not None else None
        self._choice, self._since, self._seconds = choice, now, seconds
        self.adjusted = dict(choice.adjusted)
        self._to = self._worn()

    def _dye_in(self, shade: dye.Dye | None, now: float | None) -> None:
        """Begins with a shade, as far as what is on takes one."""
        takes = not self._choice.code.hair_loss
        self._dyeing.ask(shade, takes, now)

    def _adjust(self, adjusted: dict[str, float]) -> None:
        """What a hand changes is a look of that hand, which stays."""
        self.adjusted = adjusted
        self._choice = replace(self._choice, drawn=False, by_hand=any(adjusted.values()))
        self._update()

    def _update(self) -> None:
        """Wears what is chosen as it is adjusted now; at once, for a slider is moved by hand."""
        worn = self._worn()
        if worn is not self._to:
            self._to, self._from = worn, None

    def _worn(self) -> StyleCode:
        """The chosen style, adjusted: the very same object as long as nothing changes."""
        code = self._choice.code
        if not any(self.adjusted.values()):
            return code
        adjusted = tuple(sorted(self.adjusted.items()))
        if self._made is None or self._made[0][0] is not code or self._made[0][1] != adjusted:
            self._made = (code, adjusted), reshaped(code, self.adjusted, self.book)
        return self._made[1]
