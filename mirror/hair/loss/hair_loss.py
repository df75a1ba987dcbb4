"""Hair loss and regrowth: the person's own hair at any stage between full and bald.

What a stage has taken is taken off the camera's picture, what it leaves is the camera's own, strand for
strand. The other way, hair is painted as a lesser stage has it, in the colour of what the person has left
(`mirror.hair.loss.natural_colour`), and only where a head has lost it: somebody with a full head keeps their
own. An illustration, not a prediction: nobody can tell from a picture what a scalp will do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.face_lighting import measure
from mirror.core.layer import Layer
from mirror.hair.encoding.own_hair import ENOUGH, OwnHair
from mirror.hair.encoding.reconstruction_residual import Residual
from mirror.hair.loss.hairline_stages import LAST, bare, scalp, stage_words
from mirror.hair.loss.natural_colour import NATURAL, is_skin, own_shade
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.dye import Dye, find, light_of
from mirror.hair.styles.shape_edits import led_on
from mirror.removal.long_hair import leaves_the_square
from mirror.translation.catalogue import GROWN

TODAY = "your hair today"
FULL = "a full hairline"
THINNER = "a little thinner"
WHICH = "Which was your hair colour?"
# Nearer to the middle of the slider than that, nothing is changed.
STILL = 0.02
# The styles of the book that show each stage from full on, by name.
_STAGES = (
    "crew cut", "Norwood II", "Norwood III short", "Norwood IV", "Norwood V", "Norwood VI", "Norwood VII",
    "bald",
)  # fmt: skip
# Up to this stage a person's own hair fills up; from there on short hair grows, stage by stage.
_MUCH = 2.5
# Alpha from which on new hair is seen, and hair that is there hides the skin; pixels of 256 across which new
# hair hangs together with that, and by which short hair stands off a head.
# From the first share of hair lost on what a matte sees there counts less, at the second it counts nothing.
_GONE = (0.6, 0.9)
_SEEN, _THIN, _NEAR, _HIGH = 0.05, 0.4, np.ones((5, 5), np.uint8), np.ones((21, 21), np.uint8)
# How much better a further stage must fit today's hair to be believed, as a share of it at the last one.
_DOUBT = 0.06


class HairLoss:
    """Where on the way between full and bald the person is shown.

    Args:
        book: for short styles at each stage.

    Attributes:
        amount: -1 (bald) ... 0 (the hair that is there) ... 1 (full); None: not shown, styles are.
    """

    def __init__(self, book: StyleBook) -> None:
        self._stages = [_style(book, name) for name in _STAGES]
        self.amount: float | None = None
        self._token = object()
        self.reset()

    def reset(self) -> None:
        """Forgets the person."""
        self._present: float | None = None
        self._target: StyleCode | None = None
        # Whether it is known, and what it is: seen, or chosen.
        self._shade: Dye | None = None
        self._chosen = self._sought = False

    @property
    def asks(self) -> bool:
        """Whether hair is to grow whose colour nothing in the picture says: until one is chosen none does."""
        return (self.amount or 0.0) > STILL and self._sought and self._shade is None

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

    @property
    def worn(self) -> tuple[object, ...]:
        """What is shown, the very same object as long as it stays."""
        return (self._token,)

    def stage(self, amount: float) -> float:
        """The stage that a place of the slider shows, 0 (full) to 7 (bald), from where the person is now."""
        present = self._present or 0.0
        return present + (LAST - present) * -amount if amount < 0 else present * (1 - amount)

    def words(self, amount: float) -> str:
        """What a clinic would call a place of the slider.

        Example:
            >>> HairLoss(book).words(-1.0)  # doctest: +SKIP
            'bald'
        """
        if abs(amount) <= STILL:
            return TODAY
        stage = self.stage(amount)
        if amount > 0 and self.asks:
            return WHICH
        if amount > 0:
            return FULL if round(stage) == 0 else f"{GROWN}{stage_words(stage)}"
        return THINNER if round(stage) == 0 else stage_words(stage)

    def paint(
        self,
        swap: Swap,
        subject: Subject,
        own: OwnHair,
        seen: Callable[[], np.ndarray] | None = None,
        place: tuple[float, object] | None = None,
    ) -> tuple[Layer, object, Residual | None]:
        """The layer for one head, what its strands are of, and those that were seen.

        `seen` as in `OwnHair.code`; `place`: of the slider, and what strands are of there, see `worn`: a
        worker is told what was on when it was given its work. None: its own.

        Raises:
            ValueError: the subject has no matte of the person.
        """
        head, hair, person = subject.head, subject.hair, subject.person
        if person is None:
            raise ValueError("hair loss is painted on a subject with a matte of the person: give `person`")
        amount, token = (self.amount or 0.0, self._token) if place is None else place
        if self._present is None:
            full = self._stages[0].fitted(head.shape).coarse
            self._present = present_stage(hair, head.shape, full)
        if amount <= STILL:
            layer = swap.uncover(subject)
            return thinned(layer, head.shape, self.stage(amount) if amount < -STILL else None), None, None
        residual = None
        if self._present > _MUCH:
            code, key = self._grown(amount, subject), token
            if code is None:
                layer = swap.uncover(subject)
                return thinned(layer, head.shape, None), None, None
        else:
            if self._target is None:
                self._target = filled(own.code(head, hair, swap, seen), self._stages[0])
            code, key, residual = self._target.fitted(head.shape), self._target, self._target.residual
        lost = bare(head.shape, self._present)
        grows = lost - bare(head.shape, self.stage(amount))
        layer = swap.paint(subject, code)
        return fuller(layer, _hair_of(subject, lost), person, head.shape, grows), key, residual

    def _grown(self, amount: float, subject: Subject) -> StyleCode | None:
        """Short hair in the person's colour; None where nobody knows that."""
        head, lit = subject.head, subject.lit
        code = self._at(self.stage(amount), head.shape)
        if not self._sought:
            self._sought, self._shade = True, self._shade or own_shade(head, subject.hair, lit)
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


def present_stage(matte: np.ndarray, shape: np.ndarray, full: np.ndarray) -> float:
    """How far a person's hair loss has gone, 0 to 7.

    Args:
        matte: float32 (256, 256), of the hair that is there.
        shape: float32 (75,), the face shape.
        full: float32 (64, 64), where a full head of short hair would lie.
    """
    size = full.shape[::-1]
    there = cv2.resize(matte, size, interpolation=cv2.INTER_AREA)
    stages = np.arange(0, LAST + 0.25, 0.5)
    lost = [cv2.resize(bare(shape, stage), size, interpolation=cv2.INTER_AREA) for stage in stages]
    misses = [float((full * np.abs(there - (1 - one))).sum()) for one in lost]
    if matte.mean() < ENOUGH:
        return float(LAST)
    # Of two that fit as well, the lesser: nobody wants to be told more.
    return float(stages[int(np.argmin(np.array(misses) + _DOUBT * full.sum() * stages / LAST))])


def filled(own: StyleCode, full: StyleCode) -> StyleCode:
    """A person's own hair with a full hairline, in its own kind and colour."""
    grows = cv2.resize(scalp(own.shape), full.coarse.shape[::-1], interpolation=cv2.INTER_AREA)
    coarse = np.maximum(own.coarse, full.fitted(own.shape).coarse * grows)
    return replace(own, coarse=coarse, detail=led_on(own.detail, own.coarse))


def thinned(layer: Layer, shape: np.ndarray, stage: float | None) -> Layer:
    """A layer that takes all hair away, made to take only what is lost at a stage.

    Args:
        layer: of a bald style, as painted.
        shape: float32 (75,), the face shape that it lies on.
        stage: 0 (a little thinner) to 7 (bald), see `mirror.hair.loss.hairline_stages`; None: nothing is
            lost.
    """
    side = layer.cover.shape[0]
    if stage is None:
        nothing = np.zeros((side, side), np.float32)
        return replace(layer, cover=nothing, old=nothing, new=nothing, wall=None, below=None)
    lost = combed(cv2.resize(bare(shape, stage), (side, side), interpolation=cv2.INTER_LINEAR))
    wall = layer.wall if layer.wall is None else layer.wall * lost
    layer = replace(layer, cover=layer.cover * lost, old=layer.old * lost, new=layer.new * lost, wall=wall)
    return layer if leaves_the_square(layer.old) else replace(layer, below=None)


def _hair_of(subject: Subject, lost: np.ndarray) -> np.ndarray:
    """float32 (256, 256): the matte of the hair that is there, less the scalp that shines through it.

    A matte takes the down on a bald crown for hair: where all is `lost`, float32 (128, 128), it is not asked.
    """
    there = np.clip((_GONE[1] - lost) * (1 / (_GONE[1] - _GONE[0])), 0, 1).astype(np.float32)
    size = subject.hair.shape[::-1]
    hair = subject.hair * cv2.resize(there, size, interpolation=cv2.INTER_LINEAR)
    head, lit = subject.head, subject.lit or measure(subject.head, subject.hair)
    if lit is None:
        return hair
    rgb = np.ascontiguousarray(head.image[0].transpose(1, 2, 0))
    skin = cv2.blur(is_skin(rgb, lit.skin(rgb.shape[0])).astype(np.float32), (5, 5))
    return hair * (1 - skin)


def fuller(layer: Layer, hair: np.ndarray, person: np.ndarray, shape: np.ndarray, grows: np.ndarray) -> Layer:
    """A layer of filled-up hair, made to show only where a head has lost some: the own hair stays.

    Args:
        hair, person: float32 (256, 256), alphas of the head as it is. New hair grows on its skin, and out of
            the hair that is there: what would lie on the wall, or apart from both, is left out.
        grows: float32 (128, 128), how dense it has become again at each place, 0 to 1.
    """
    size = hair.shape[::-1]
    share = cv2.resize(np.clip(grows, 0, 1) * scalp(shape), size, interpolation=cv2.INTER_LINEAR)
    new = layer.new * combed(share) * (1 - hair)
    new *= _joined(new > _SEEN, share > 0.5, hair, person)
    return replace(layer, cover=new, old=np.zeros_like(new), new=new, wall=None, below=None)


def _joined(new: np.ndarray, dense: np.ndarray, hair: np.ndarray, person: np.ndarray) -> np.ndarray:
    """float32 (S, S): 1 where new hair, bool (S, S), grows on a head, softly 0 where it would lie apart.

    It grows within the person, and, where it grows densely, as far beyond as short hair stands off; of that,
    what hangs together with hair that is there or, on a bald head, lies on its skin.
    """
    inside = person > 0.5
    skin = inside & (hair < _THIN)
    high = cv2.dilate((skin & dense & new).astype(np.uint8), _HIGH) > 0
    on_head = new & (inside | (high & dense))
    near = cv2.dilate((hair > 0.5).astype(np.uint8), _NEAR) > 0
    _, labels = cv2.connectedComponents((on_head | near).astype(np.uint8))
    held = np.unique(labels[near]) if near.any() else np.unique(labels[on_head & skin])
    grown = np.isin(labels, held) & on_head
    return cv2.GaussianBlur(grown.astype(np.float32), (0, 0), 1.0)


def combed(share: np.ndarray) -> np.ndarray:
    """A share of the hair, float32 (S, S), 0 to 1, made uneven as hair is: strand by strand."""
    strands = _strands(share.shape[0])
    return np.clip(share + (share - share * share) * 2.4 * strands, 0, 1)


@cache
def _strands(side: int) -> np.ndarray:
    """Noise in fine streaks that run from the crown outwards and down, float32 (side, side), -0.5 to 0.5."""
    noise = np.random.default_rng(0).standard_normal((side, side)).astype(np.float32)
    rows, columns = np.mgrid[:side, :side].astype(np.float32)
    x, y = columns / side - 0.5, rows / side + 0.1
    far = np.hypot(x, y)
    total = np.zeros_like(noise)
    for step in range(-5, 6):
        across, down = columns + step * x / far, rows + step * y / far
        total += cv2.remap(noise, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    total -= cv2.GaussianBlur(total, (0, 0), 4)
    return np.clip(total / (4 * total.std()), -0.5, 0.5)


def _style(book: StyleBook, name: str) -> StyleCode:
    """A style by name; in a book that has none of that name, by how much hair that kind has."""
    for style in book.styles:
        if style.name == name:
            return style.code
    short = sorted((style.code for style in book.styles), key=lambda code: float(code.coarse.mean()))
    few = short[: max(len(short) // 3, 1)]
    return few[round((1 - _STAGES.index(name) / LAST) * (len(few) - 1))]
