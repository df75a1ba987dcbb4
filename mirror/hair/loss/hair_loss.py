"""Hair loss and regrowth: the person's own hair at any stage between full and bald.

What a stage has taken is taken off the camera's picture, what it leaves is the camera's own, strand for
strand. The other way, hair is painted as a lesser stage has it, in the colour of what the person has left
(`mirror.hair.loss.natural_colour`), and only where a head has lost it: somebody with a full head keeps their
own. An illustration, not a prediction: nobody can tell from a picture what a scalp will do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.layer import Layer
from mirror.hair.encoding.own_hair import OwnHair
from mirror.hair.encoding.reconstruction_residual import Residual
from mirror.hair.loss.drawn_hairline import DrawnHairline
from mirror.hair.loss.graft_count import GraftCount, area_of
from mirror.hair.loss.hair_beside import no_darker
from mirror.hair.loss.hairline_stages import LAST, bare, stage_words
from mirror.hair.loss.loss_plan import LUDWIG, NORWOOD, STILL, LossPlan
from mirror.hair.loss.ludwig_stages import LUDWIG_LAST, ludwig_words
from mirror.hair.loss.natural_colour import NATURAL, from_the_front, own_shade
from mirror.hair.loss.out_of_sight import BOW, out_of_sight
from mirror.hair.loss.present_hair import filled, present_stage
from mirror.hair.loss.scalp_zones import ZONES
from mirror.hair.loss.skull_coordinates import SkullCoordinates, from_level
from mirror.hair.loss.thinning import both, fuller, hair_there, thinned
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.dye import Dye, find, light_of
from mirror.translation.catalogue import GROWN

TODAY = "your hair today"
FULL = "a full hairline"
THINNER = "a little thinner"
FULLER = "fuller on top"
PLANNED = "as you planned it"
WHICH = "Which was your hair colour?"
# The styles of the book that show each stage from full on, by name.
_STAGES = (
    "crew cut", "Norwood II", "Norwood III short", "Norwood IV", "Norwood V", "Norwood VI", "Norwood VII",
    "bald",
)  # fmt: skip
# Up to this stage a person's own hair fills up; from there on short hair grows, stage by stage.
_WHOLE = 1.0  # stages of Norwood's up to which a head counts as full
_MUCH = 2.5
# A colour is read again once the head is seen so much better; what a look from the side is worth at least.
_BETTER, _FROM_THE_SIDE = 1.5, 1e-3
# So does a stage that was told while a face looked up or down, once it looks so many degrees less so.
_STRAIGHTER = 12.0
# Where new hair is dense enough to be counted as filled, and own hair thin enough to count as missing.
_FILLED, _MISSING = 0.5, 0.5


class HairLoss:
    """Where on the way between full and bald the person is shown.

    Args:
        book: for short styles at each stage.

    Attributes:
        amount: -1 (bald) ... 0 (the hair that is there) ... 1 (full); None: not shown, styles are.
        plan: what is shown besides: the scale, single zones, a drawn hairline.
        grafts: what the drawn area would take, as it was seen last; None: none is drawn, or nothing is bare.
    """

    def __init__(self, book: StyleBook) -> None:
        self._stages = [_style(book, name) for name in _STAGES]
        self.amount: float | None = None
        self.plan = LossPlan()
        self._token = object()
        self.reset()

    def reset(self) -> None:
        """Forgets the person. What was planned stays, as the slider does: who looks away for a moment would
        have to begin anew."""
        self.grafts: GraftCount | None = None
        self._present: float | None = None
        self._hidden: object = None  # what was shown, and could not be seen
        self._present_at = 0.0  # how far up or down they looked then, degrees
        # The full hair that is grown, and behind which line.
        self._target: tuple[DrawnHairline | None, StyleCode] | None = None
        # Whether it is known, and what it is: seen, or chosen.
        self._shade: Dye | None = None
        self._chosen = False
        self._read_at = 0.0  # how far from the front the colour was read

    @property
    def only_takes(self) -> bool:
        """Whether hair is shown as less, and nowhere as more."""
        return self.amount is not None and self._now.loses and not self._now.grows

    @property
    def advice(self) -> str:
        """What the person is told, for what is shown to be seen; "": it is."""
        return BOW if self.amount is not None and self._hidden is self._token else ""

    @property
    def asks(self) -> bool:
        """Whether hair is to grow whose colour nothing in the picture says: until one is chosen none does."""
        return self.amount is not None and self._now.grows and self._read_at > 0 and self._shade is None

    @property
    def unknown(self) -> bool:
        """Whether hair was to grow lately whose colour nothing in the picture says, so that none did."""
        return self._read_at > 0 and self._shade is None

    @property
    def choices(self) -> tuple[str, ...]:
        """The colours to choose from, where it is asked for one or one was chosen; else ()."""
        return NATURAL if self.asks or self._chosen else ()

    @property
    def shade(self) -> str | None:
        """The colour that was chosen, by name; None: none was, nor need be."""
        return self._shade.name if self._chosen and self._shade is not None else None

    def choose(self, name: str) -> None:
        """Says which colour the hair had that is to grow.

        Raises:
            MirrorError: it is none of `mirror.hair.loss.natural_colour.NATURAL`.
        """
        if name not in NATURAL:
            raise MirrorError(
                f"'{name}' is no colour that hair grows in here. Give one of: {', '.join(NATURAL)}."
            )
        self._shade, self._chosen, self._token = find(name), True, object()

    def set(self, amount: float | None) -> None:
        """Moves the slider; values beyond -1 to 1 are taken as the nearest."""
        self.amount = None if amount is None else min(max(amount, -1.0), 1.0)
        self._token = object()

    def set_scale(self, scale: str) -> None:
        """Takes the stages of another scale.

        Raises:
            MirrorError: it is none of `NORWOOD` and `LUDWIG`.
        """
        if scale not in (NORWOOD, LUDWIG):
            raise MirrorError(f"'{scale}' is no scale of hair loss here. Give {NORWOOD} or {LUDWIG}.")
        self._change(replace(self.plan, scale=scale))

    def set_zone(self, zone: str, density: float) -> None:
        """Makes one zone thinner, down to -1 (bare), or fuller, up to 1; beyond is taken as the nearest.

        Raises:
            MirrorError: there is no such zone.
        """
        if zone not in ZONES:
            raise MirrorError(f"'{zone}' is no zone of a scalp here. Give one of: {', '.join(ZONES)}.")
        zones = list(self.plan.zones)
        zones[ZONES.index(zone)] = min(max(density, -1.0), 1.0)
        self._change(replace(self.plan, zones=tuple(zones)))

    def clear_plan(self) -> None:
        """All zones as they are today, and no line."""
        self.grafts = None
        self._change(LossPlan(scale=self.plan.scale))

    def draw_line(self, line: DrawnHairline | None) -> None:
        """Fills the head up behind a hairline; None takes it away."""
        self.grafts = None
        self._change(replace(self.plan, line=line))

    def _change(self, plan: LossPlan) -> None:
        # What is said of one place of a head is shown at once, from today's hair on.
        self.plan, self._token = plan, object()
        if self.amount is None:
            self.amount = 0.0

    @property
    def _now(self) -> LossPlan:
        return replace(self.plan, amount=self.amount or 0.0)

    @property
    def place(self) -> tuple[LossPlan, object]:
        """What is shown, and the very same object as long as it stays."""
        return self._now, self._token

    @property
    def worn(self) -> tuple[object, ...]:
        """What is shown, the very same object as long as it stays."""
        return (self._token,)

    def stage(self, amount: float) -> float:
        """The stage that a place of the slider shows, 0 (full) to 7 (bald), from where the person is now."""
        return LossPlan(amount).stage(self._present or 0.0)

    def words(self, amount: float) -> str:
        """What a clinic would call a place of the slider.

        Example:
            >>> HairLoss(book).words(-1.0)  # doctest: +SKIP
            'bald'
        """
        if abs(amount) <= STILL:
            return WHICH if self.asks else PLANNED if self.plan.placed else TODAY
        if amount > 0 and self.asks:
            return WHICH
        if self.plan.scale == LUDWIG:
            stage = -amount * LUDWIG_LAST
            return FULLER if amount > 0 else THINNER if round(stage) == 0 else ludwig_words(stage)
        stage = self.stage(amount)
        if amount > 0:
            return FULL if round(stage) == 0 else f"{GROWN}{stage_words(stage)}"
        return THINNER if round(stage) == 0 else stage_words(stage)

    def paint(
        self,
        swap: Swap,
        subject: Subject,
        own: OwnHair,
        seen: Callable[[], np.ndarray] | None = None,
        place: tuple[LossPlan | float, object] | None = None,
    ) -> tuple[Layer, object, Residual | None]:
        """The layer for one head, what its strands are of, and those that were seen.

        `seen` as in `OwnHair.code`; `place`: what is shown (of a slider alone, its place), and what strands
        are of there, see `worn`: a worker is told what was on when it was given its work. None: its own.

        Raises:
            ValueError: the subject has no matte of the person.
        """
        shape, person = subject.head.shape, subject.person
        if person is None:
            raise ValueError("hair loss is painted on a subject with a matte of the person: give `person`")
        plan, token = self.place if place is None else place
        if not isinstance(plan, LossPlan):
            plan = LossPlan(plan)
        away = from_level(shape)
        if self._present is None or away < self._present_at - _STRAIGHTER:
            full = self._stages[0].fitted(shape).coarse
            self._present, self._present_at = present_stage(subject.hair, shape, full, person), away
        lost, grows = plan.maps(shape, self._present, subject.hair)
        if token is self._token:
            self._look_for(plan, subject, None if grows is not None else lost)
        code, residual, key = None, None, token
        if grows is not None and self._present > _MUCH:
            code = self._grown(1.0 if plan.placed else plan.amount, subject)
            if code is not None and plan.line is not None:
                code = filled(code, self._stages[0], plan.allowed(shape))
        elif grows is not None:
            code, key = self._filled(plan, subject, own.code(subject.head, subject.hair, swap, seen))
            residual = code.residual
        if code is None or grows is None:
            return thinned(swap.uncover(subject), lost), None, None
        hair, certain = hair_there(subject, bare(shape, self._present))
        if plan.line is not None and plan.grown == 1:
            there, taken = certain, plan.taken(shape, self._present)
            if taken is not None:  # what is counted is the head that is shown
                there = there * (1 - cv2.resize(taken, there.shape[::-1], interpolation=cv2.INTER_LINEAR))
            self.grafts = _grafts(plan.line, there, person, shape)
        # Who has lost nothing has no scalp that shines through: what has its colour there is fair hair.
        hair = certain if self._present <= _WHOLE else hair
        layer = fuller(swap.paint(subject, code), hair, person, grows, apart=plan.placed)
        layer = no_darker(layer, subject)
        if lost is not None:
            layer = both(thinned(swap.uncover(subject), lost), layer)
        return layer, key, residual

    def _look_for(self, plan: LossPlan, subject: Subject, lost: np.ndarray | None) -> None:
        """Notes whether what goes of a full head can be seen; None: nothing does."""
        full, was = (self._present or 0.0) <= _WHOLE, self._hidden is self._token
        hidden = full and lost is not None and out_of_sight(plan, subject, lost, was=was)
        self._hidden = self._token if hidden else None

    def _filled(self, plan: LossPlan, subject: Subject, own: StyleCode) -> tuple[StyleCode, object]:
        """The person's own hair, full behind the line that is shown; and what its strands are of."""
        if self._target is None or self._target[0] != plan.line:
            self._target = plan.line, filled(own, self._stages[0], plan.allowed(own.shape))
        code = self._target[1]
        return code.fitted(subject.head.shape), code

    def _grown(self, amount: float, subject: Subject) -> StyleCode | None:
        """Short hair in the person's colour; None where nobody knows that."""
        head, lit = subject.head, subject.lit
        code = self._at(self.stage(amount), head.shape)
        seen = max(from_the_front(head), _FROM_THE_SIDE)
        if not self._chosen and seen >= _BETTER * self._read_at:
            self._read_at, self._shade = seen, own_shade(head, subject.hair, lit) or self._shade
        shade = self._shade
        if shade is None:
            return None
        light = light_of(code.light, shade)
        if not self._chosen and lit is not None and light.any():
            # It was seen in this very light, which must not be laid on it once more.
            light[:3] = lit.light[:3]
        return replace(code, dye=shade, light=light)

    def _at(self, stage: float, shape: np.ndarray) -> StyleCode:
        """Short hair at a stage, between the two of the book that are nearest."""
        lower = min(int(stage), LAST - 1)
        less, more = (self._stages[n].fitted(shape) for n in (lower, lower + 1))
        return less.mixed(more, stage - lower)


def _grafts(
    line: DrawnHairline, hair: np.ndarray, person: np.ndarray, shape: np.ndarray
) -> GraftCount | None:
    """What it would take to fill the skin behind a line; `hair`, `person`: alphas, float32 (256, 256)."""
    skull = SkullCoordinates.of(shape)
    behind = cv2.resize(line.behind(skull), hair.shape[::-1], interpolation=cv2.INTER_LINEAR) > _FILLED
    return GraftCount.of(area_of(skull, (behind & (hair < _MISSING) & (person > 0.5)).astype(np.float32)))


def _style(book: StyleBook, name: str) -> StyleCode:
    """A style by name; in a book that has none of that name, by how much hair that kind has."""
    for style in book.styles:
        if style.name == name:
            return style.code
    short = sorted((style.code for style in book.styles), key=lambda code: float(code.coarse.mean()))
    few = short[: max(len(short) // 3, 1)]
    return few[round((1 - _STAGES.index(name) / LAST) * (len(few) - 1))]
