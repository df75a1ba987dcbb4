"""Dresser: everything the mirror remembers of one person while it dresses them, from head to layer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from mirror.compositing.alpha_compositing import Laid
from mirror.compositing.pose_fade import Fade
from mirror.compositing.wearer import Wearer
from mirror.core.face_lighting import LightMeter
from mirror.core.head_crop import Head
from mirror.core.head_space import HeadTransform
from mirror.core.layer import Layer
from mirror.engines import Engine
from mirror.hair.encoding.own_hair import OwnHair
from mirror.hair.encoding.reconstruction_residual import seen_at
from mirror.hair.key_view import GrownStyle
from mirror.hair.loss.hair_loss import TODAY, HairLoss
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.layer_upsampling import finished
from mirror.hair.painting.strand_detail import Strands
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.interpolation import Blend
from mirror.hair.styles.selection import Styling
from mirror.pipeline.distance_check import Reach
from mirror.pipeline.layer_reuse import Keeper
from mirror.pipeline.worn_style import Worn, worn_of
from mirror.removal.background_plate import Plate
from mirror.removal.hairless_head import Calming
from mirror.removal.long_hair import Below, Under
from mirror.removal.uncovered_background import WALL_SIDE
from mirror.segmentation.instance_separation import apart
from mirror.segmentation.matting import Mattes, Matting
from mirror.tracking.tracked_frame import Seen

_HELD = 0.5  # alpha from which on something is held before a head


class Dresser:
    """Dresses one person, picture after picture.

    Args:
        engines: the networks `matte`, `painter` and `body`.
        styling: what is chosen, for everybody in the picture.
        plate: the remembered wall, shared too.
        encoder: opens the network `encoder` when it is first needed.

    Attributes:
        reach: whether the person is near enough.
        since: since when the face is there that this remembers, see `Seen.since`; None: nobody yet.
        blend: of this person's own hair with a style.
        where: the head was in the last picture in which it was seen; None: nobody yet.
    """

    def __init__(
        self,
        engines: Mapping[str, Engine],
        styling: Styling,
        plate: Plate,
        encoder: Callable[[], Engine],
    ) -> None:
        self.styling, self.plate = styling, plate
        self.matting = Matting(engines["matte"])
        self.swap = Swap(engines["painter"], engines["body"])
        self.own = OwnHair(encoder)
        self.loss = HairLoss(styling.book)
        self._strands, self._keeper = Strands(), Keeper()
        self._meter, self._fade, self._calm, self._below = LightMeter(), Fade(), Calming(), Below()
        self.reach = Reach()
        self._reached = 1.0  # what it said when the face was seen last
        self.blend = Blend()
        self._teach = 0
        self.since: float | None = None
        self.where: HeadTransform | None = None
        self._painted: Layer | None = None
        self._engines = engines
        self._wearer: Wearer | None = None
        self._held = False

    def settle(self) -> None:
        """Waits until nothing of this person is being worked on."""
        if self._wearer is not None:
            self._wearer.settle()

    def forget(self) -> None:
        """The next picture shows somebody else."""
        for memory in (
            self.matting,
            self._fade,
            self._meter,
            self._strands,
            self._keeper,
            self._calm,
            self._below,
            self.reach,
            self.blend,
            self.own,
            self.loss,
        ):
            memory.reset()
        if self._wearer is not None:
            self._wearer.reset()
        self.since = self.where = self._painted = None

    def waits(self, now: float) -> bool:
        """Whether the person, not found at `now`, may come back in a moment."""
        return self._fade.waits(now)

    def meet(self, since: float) -> bool:
        """Forgets the last person where a face is another's; whether it is."""
        # Not a mark on the first frame of a face: that frame may be lost on the way here.
        if since == self.since:
            return False
        self.forget()
        self.since = since
        return True

    def dress(self, seen: Seen, stages: dict[str, float], *, rest: bool = False) -> Laid | None:
        """What is laid over the head; adds to `stages`, seconds. None: nothing.

        A face that is missed for a moment keeps what it wore, where it was.

        Args:
            rest: it is not this person's turn: what was painted last is laid where the head is now.
        """
        strength = self.strength(seen)
        if self.loss.amount is None and self.styling.grown is not None:
            return self._wear(seen, self.styling.grown, stages, strength, rest)
        if self.loss.amount is None:
            strength *= self.styling.presence
        if seen.head is not None:
            layer = self._layer(seen, stages, rest)
        elif self._painted is not None and strength > 0:
            layer = self._painted
        else:
            return None
        assert self.where is not None
        return Laid(layer, self.where, strength)

    def _wear(
        self, seen: Seen, style: GrownStyle, stages: dict[str, float], strength: float, rest: bool
    ) -> Laid | None:
        """What is laid over a head that wears a grown style; a face that is missed wears none."""
        if seen.head is None or seen.transform is None:
            return None
        if self._wearer is None:
            bald = replace(self.styling.book.find("bald").code, hair_loss=False)
            self._wearer = Wearer(self._engines, bald, self.plate)
        wearer, began = self._wearer, time.perf_counter()
        # Others need the engines in this very thread: nothing of them runs beside it.
        alone = not seen.others and seen.place == 0
        if not rest and wearer.wants_matte(seen, self._held):
            mattes = self.look(seen)
            self._held = float(mattes.front.max()) > _HELD
            stages["matte"] = time.perf_counter() - began
            wearer.begin(seen, mattes, wait=not alone)
            if wearer.under is not None:
                self.reach.note(mattes.hair, wearer.under, seen.transform, seen.frame.size)
        elif not alone:
            wearer.settle()
        began = time.perf_counter()
        laid = wearer.wear(seen, style, self.styling.on[1], strength)
        stages["swap"] = time.perf_counter() - began
        if laid is None:
            return None
        return Laid(laid.underlay.layer, seen.transform, strength, laid)

    def worn(self, now: float) -> Worn:
        """What a picture of this person shows that was captured at `now`, told when it is painted."""
        if self.loss.amount is not None:
            words = self.loss.words(self.loss.amount)
            return Worn(words, hair_loss=True, loss=None if words == TODAY else self.loss.amount)
        return worn_of(self.styling, self.blend, now)

    def strength(self, seen: Seen) -> float:
        """How strongly new hair shows in this picture, 0 to 1. Once a picture."""
        now = seen.frame.captured_at
        if seen.face is None or seen.transform is None:
            return self._fade.missed(now) * self._reached
        self.where = seen.transform
        self._reached = self.reach.share(seen.transform, now)
        return self._fade.strength(seen.face, now - seen.since, now) * self._reached

    def _layer(self, seen: Seen, stages: dict[str, float], rest: bool) -> Layer:
        """The layer of a head that is seen: kept from the picture before, or painted."""
        if rest and self._painted is not None:
            return self._painted
        assert seen.transform is not None and seen.head is not None
        worn = self._steady(seen.frame.captured_at)
        layer = self._keeper.kept(seen.transform, seen.head.shape, worn)
        if layer is not None:
            stages["matte"] = stages["swap"] = 0.0
            return layer
        layer = self._paint(seen, seen.transform, seen.head, stages)
        self._keeper.note(layer, seen.transform, seen.head.shape, worn)
        self._painted = layer
        return layer

    def look(self, seen: Seen) -> Mattes:
        """The mattes of a head; every second picture teaches the wall, which is enough: walls do not move."""
        assert seen.head is not None
        mattes = self.matting.look(seen.head.image)
        if seen.beside and seen.transform is not None:
            mattes = apart(mattes, seen.transform, seen.beside)
        self._teach = (self._teach + 1) % 2
        if self._teach == 0:
            self.plate.learn(seen.frame.image, seen.frame.captured_at, mattes, seen.transform)
        return mattes

    def paint(
        self,
        seen: Seen,
        mattes: Mattes,
        code: StyleCode,
        calm: Calming | None = None,
        under: Under | None = None,
    ) -> Layer:
        """One style, fitted to this face already, on a head; without strands.

        `calm` and `under` as in `Subject`.
        """
        assert seen.head is not None and seen.transform is not None
        return self.swap.paint(self._subject(seen, mattes, calm, under), code)

    def _subject(self, seen: Seen, mattes: Mattes, calm: Calming | None, under: Under | None) -> Subject:
        assert seen.head is not None and seen.transform is not None
        lit = self._meter.look(seen.head, mattes.hair, seen.frame.captured_at)
        behind = self.plate.behind(seen.transform, WALL_SIDE)
        return replace(Subject.of(seen.head, mattes, lit, under), behind=behind, calm=calm)

    def _paint(self, seen: Seen, transform: HeadTransform, head: Head, stages: dict[str, float]) -> Layer:
        now = seen.frame.captured_at
        began = time.perf_counter()
        mattes = self.look(seen)
        stages["matte"] = time.perf_counter() - began
        began = time.perf_counter()
        under = self._below.look(seen.frame.image, transform, mattes.hair, mattes.front)
        # What only grows takes nothing away.
        if self.loss.amount is None or self.loss.amount < 0:
            self.reach.note(mattes.hair, self._below.found, transform, seen.frame.size)
        else:
            self.reach.note(np.zeros_like(mattes.hair), None, transform, seen.frame.size)
        key: object
        if self.loss.amount is not None:
            subject = self._subject(seen, mattes, self._calm, under)
            layer, key, residual = self.loss.paint(
                self.swap, subject, self.own, lambda: seen_at(seen.frame.image, transform)
            )
            dyed = False
        else:
            if self.styling.blend < 1 and self.blend.own is None:
                self.blend.own = self._own_code(seen, head, transform, mattes.hair)
            code = self.styling.code(head.shape, now, self.blend)
            layer, settled = self.paint(seen, mattes, code, self._calm, under), self.styling.settled(now)
            key = None if settled is None else self.blend.of(settled, self.styling.blend)
            residual, dyed = code.residual, code.dye is not None
        strands = self._strands.look(key, layer, head.shape, residual, dyed)
        fray = None if strands is None else self._strands.fray
        layer = finished(replace(layer, strands=strands, fray=fray))
        stages["swap"] = time.perf_counter() - began
        return layer

    def _steady(self, now: float) -> tuple[object, ...] | None:
        """What this person wears, the very same objects as long as it stays; None while it changes."""
        if self.loss.amount is not None:
            return self.loss.worn
        steady = self.styling.steady(now)
        # Before the own hair was read a blend is not what it will be.
        return None if steady is None else (*steady, self.styling.blend, self.blend.own)

    def own_code(self, seen: Seen) -> StyleCode:
        """The code of the hair that a person has, `seen` with a face."""
        assert seen.head is not None and seen.transform is not None
        matte = self.matting.matte(seen.head.image, still=True)
        return self._own_code(seen, seen.head, seen.transform, matte)

    def _own_code(self, seen: Seen, head: Head, transform: HeadTransform, matte: np.ndarray) -> StyleCode:
        return self.own.code(head, matte, self.swap, lambda: seen_at(seen.frame.image, transform))
