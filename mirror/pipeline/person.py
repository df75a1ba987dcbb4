"""Dresser: everything the mirror remembers of one person while it dresses them, from head to what is laid."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from mirror.compositing.laid import Laid
from mirror.compositing.laid_painting import Painting
from mirror.compositing.layer_schedule import EVERY, LayerSchedule, Taken
from mirror.compositing.pose_fade import BARE_UP, NOSE_UP, Fade
from mirror.compositing.underlay import held_before
from mirror.compositing.wearer import Wearer
from mirror.compositing.worn_moment import Beneath
from mirror.core.face_lighting import LightMeter
from mirror.core.head_crop import SIDE
from mirror.core.head_space import HeadTransform, crop
from mirror.core.layer import Layer
from mirror.core.workers import Workers
from mirror.engines import Engine
from mirror.hair.encoding.own_hair import OwnHair
from mirror.hair.encoding.reconstruction_residual import seen_at
from mirror.hair.key_view import GrownStyle
from mirror.hair.loss.hair_loss import TODAY, HairLoss
from mirror.hair.loss.loss_plan import LossPlan
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.dye import NONE, Dye
from mirror.hair.styles.interpolation import Blend
from mirror.hair.styles.selection import Styling
from mirror.pipeline.distance_check import Reach
from mirror.pipeline.facial_hair_following import FacialHairFollowing, follows
from mirror.pipeline.grown_still import GrownStill, laid_on
from mirror.pipeline.own_thumbnails import Moment
from mirror.pipeline.painted_style import PaintedStyle
from mirror.pipeline.worn_style import Worn, worn_of
from mirror.removal.background_completion import complete
from mirror.removal.background_plate import WALL_SIDE, Plate
from mirror.removal.hair_removal import Calming
from mirror.removal.long_hair import Below
from mirror.segmentation.instance_separation import apart
from mirror.segmentation.matting import Mattes, Matting
from mirror.tracking.tracked_frame import Seen

_HELD = 0.5  # alpha from which on something is held before a head
_FRESH = 0.35  # seconds after a layer was begun in which the worker is not needed for the next
# Pieces of a hidden wall that are put together for one layer, in a live picture and where pictures wait: 2 ms
# each, and a wall needs some 200.
_PIECES = 12, 48
# Seconds between two looks at what is held: hands are faster than heads, and with a painting eight a second
# they would drag hair along.
_HELD_EVERY = 0.025


@dataclass(frozen=True)
class Room:
    """What all people in a picture share.

    Attributes:
        engines: the networks `matte`, `painter` and `body`.
        styling: what is chosen.
        plate: the remembered wall.
        encoder: opens the network `encoder` when it is first needed.
        workers: who paints.
    """

    engines: Mapping[str, Engine]
    styling: Styling
    plate: Plate
    encoder: Callable[[], Engine]
    workers: Workers


class Dresser:
    """Dresses one person, picture after picture.

    Attributes:
        reach: whether the person is near enough.
        since: since when the face is there that this remembers, see `Seen.since`; None: nobody yet.
        blend: of this person's own hair with a style.
        where: the head was in the last picture in which it was seen; None: nobody yet.
    """

    def __init__(self, room: Room) -> None:
        self.styling, self.plate, self._workers = room.styling, room.plate, room.workers
        self.matting = Matting(room.engines["matte"])
        self.swap = Swap(room.engines["painter"], room.engines["underlay"])
        self.own = OwnHair(room.encoder)
        self.loss = HairLoss(room.styling.book)
        self._schedule: LayerSchedule[Beneath | Painting] = LayerSchedule(room.workers)
        self._painted = PaintedStyle(self.swap, room.plate)
        self._wearer: Wearer | None = None
        self._still = GrownStill(self.swap, room.plate)
        self._cell: Future[Layer] | None = None  # of a grid, which the worker paints
        self._meter, self._fade, self._calm, self._below = LightMeter(), Fade(), Calming(), Below()
        self._facial_hair = FacialHairFollowing()
        self.remembers = False  # whether pictures that were looked at are kept for `moment`
        self.reach = Reach()
        self.blend = Blend()
        self._forget()

    def _forget(self) -> None:
        self._reached = 1.0  # what was said when the face was seen last
        self._looked_at = -math.inf
        self._front: np.ndarray | None = None
        # The last picture whose mattes are known, where it is remembered: a copy, for what is known of a
        # person is overwritten, and a frame is the source's.
        self._looked: tuple[Seen, Mattes] | None = None
        self._held = False
        self._laid: Laid | None = None
        self._begun: tuple[object, ...] | None = None
        self._made: object = None  # what the worker made last, and what was worn when that was begun
        self._made_of: tuple[object, ...] | None = None
        self._dye: str | None = None  # of what is laid
        self._left: Callable[[], None] | None = None  # what of the last picture is still to be looked at
        self._spent: dict[str, float] = {}  # on that, seconds
        self.since: float | None = None
        self.where: HeadTransform | None = None

    def settle(self) -> None:
        """Waits until nothing of this person is being worked on."""
        self._schedule.settle()
        self._finish_cell()
        if self._wearer is not None:
            self._wearer.settle()

    def _finish_cell(self) -> None:
        """Waits for the worker that paints a cell; what it raised is raised where the cell is taken."""
        if self._cell is not None:
            self._cell.exception()
            self._cell = None

    def forget(self) -> None:
        """The next picture shows somebody else."""
        self._schedule.reset()
        self._finish_cell()
        if self._wearer is not None:
            self._wearer.reset()
        for memory in (
            self.matting,
            self._fade,
            self._meter,
            self._painted,
            self._still,
            self._calm,
            self._below,
            self._facial_hair,
            self.reach,
            self.blend,
            self.own,
            self.loss,
        ):
            memory.reset()
        self._forget()

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

    def dress(self, seen: Seen, stages: dict[str, float], crowd: int = 1) -> Laid | None:
        """What is laid over the head; adds to `stages`, seconds. None: nothing.

        A face that is missed for a moment keeps what it wore, where it was.

        Args:
            crowd: how many people are dressed: they share a worker.
        """
        self.attend()
        stages |= self._spent
        self._spent = {}
        grown = self.styling.grown if self.loss.amount is None else None
        presence = self.styling.presence if self.loss.amount is None else 1.0
        if seen.face is None or seen.transform is None:
            strength = self.strength(seen) * presence
            return None if self._laid is None or strength == 0 else self._laid.fading(strength)
        clock = time.perf_counter()
        self._collect()
        spent = stages.get("matte", 0.0)
        if grown is None or self._held or self._schedule.newest is None:
            self._refresh(seen, grown, stages, crowd)
        else:
            self._left = partial(self._refresh, seen, grown, self._spent, crowd)
        # Whoever is too far away is known by now: nothing is begun for them.
        strength = self.strength(seen) * presence
        self._laid = self._with_facial_hair(self._lay(seen, grown, strength), seen, grown)
        if self._schedule.took is not None:
            stages["paint"], self._schedule.took = self._schedule.took, None
        stages["swap"] = time.perf_counter() - clock - (stages.get("matte", 0.0) - spent)
        return self._laid

    def attend(self) -> None:
        """What is left to do with the picture that was dressed last, once that is shown: what lies beneath
        grown hair is made for the pictures to come, so none has to wait for the look at the person that it
        begins with. At the latest the next picture has it done."""
        left, self._left = self._left, None
        if left is not None:
            left()

    def _refresh(self, seen: Seen, grown: GrownStyle | None, stages: dict[str, float], crowd: int) -> None:
        """Has what is laid made anew where it is time for that, and takes what was made."""
        assert seen.transform is not None
        schedule, now = self._schedule, seen.frame.captured_at
        if self._stale(seen, grown):
            schedule.settle()
            self._collect()
        due = schedule.due(
            seen, changed=self._changed(grown, now), restless=self._restless(now), eager=grown is None,
            crowd=crowd,
        )  # fmt: skip
        if not due and now - self._looked_at < (_HELD_EVERY if self._held else EVERY * crowd):
            return
        began = time.perf_counter()
        mattes = self.look(seen)
        stages["matte"] = stages.get("matte", 0.0) + time.perf_counter() - began
        self._front, self._looked_at = held_before(mattes), now
        self._looked = None
        if self.remembers:
            frame = replace(seen.frame, image=seen.frame.image.copy())
            self._looked = replace(seen, frame=frame, others=()), mattes
        self._held = float(mattes.front.max()) > _HELD
        if self.styling.brows_follow and self.loss.amount is None:
            self._facial_hair.look(seen, mattes)
        if due:
            stale = self._stale(seen, grown)
            self._begin(seen, grown, mattes)
            if stale:
                schedule.settle()
            self._collect()
        # What only grows takes nothing away.
        if self.loss.amount is not None and not self.loss.place[0].loses:
            self.reach.note(np.zeros_like(mattes.hair), None, seen.transform, seen.frame.size)
        elif schedule.newest is not None:
            self.reach.note(mattes.hair, schedule.newest[1].hangs, seen.transform, seen.frame.size)

    def _stale(self, seen: Seen, grown: GrownStyle | None) -> bool:
        """Whether a picture of somebody waits for what is being made: there is no painting to be laid, or it
        is too old. Guests wear what there is: the worker is busy with all of them. For what lies beneath
        grown hair only those wait of whom every picture counts: a mirror that stops is seen sooner than a
        wall that goes along with a head."""
        if seen.place != 0 or (grown is not None and not self._workers.awaited):
            return False
        nothing = grown is None and not self._painted.there
        return nothing or self._schedule.late(seen, eager=grown is None)

    def _changed(self, grown: GrownStyle | None, now: float) -> bool:
        """Whether what was made last shows something else than is worn."""
        if self._schedule.newest is None:
            return True
        made = self._schedule.newest[1]
        if grown is not None:
            return not isinstance(made, Beneath) or (self._wearer is not None and self._wearer.changed)
        worn, begun = self._steady(now), self._begun
        if not isinstance(made, Painting) or not made.finished or worn is None or begun is None:
            return True
        return len(worn) != len(begun) or any(
            one is not other for one, other in zip(worn, begun, strict=True)
        )

    def _restless(self, now: float) -> bool:
        """Whether something moves though the head may not: a hand, or a style that slowly becomes another."""
        return self._held or (self.loss.amount is None and self.styling.settled(now) is None)

    def _begin(self, seen: Seen, grown: GrownStyle | None, mattes: Mattes) -> None:
        """Gives the worker what it takes to paint this picture."""
        assert seen.transform is not None
        taken, image, now = Taken.of(seen, mattes), seen.frame.image, seen.frame.captured_at
        lit = self._meter.look(taken.head, mattes.hair, now)

        def subject() -> Subject:
            under = self._below.look(image, taken.transform, mattes.hair, mattes.front)
            found = Subject.of(taken.head, mattes, lit, under)
            most = _PIECES[self._workers.awaited]
            complete(self.plate, image, taken.transform, mattes, taken.head.shape, most)
            behind = self.plate.behind(taken.transform, WALL_SIDE)
            return replace(found, behind=behind, calm=self._calm, carved=False)

        job: Callable[[], Beneath | Painting]
        self._begun = self._steady(now)
        if grown is not None:
            job = self._grown().job(taken, image, lit, subject)
        elif self.loss.amount is not None:
            job = self._painted.loss_job(taken, self.loss, self.own, image, subject)
        else:
            if self.styling.blend < 1 and self.blend.own is None:
                self.blend.own = self._own_code(seen, mattes.hair)
                self._begun = self._steady(now)
            code, settled = self.styling.code(seen.shape, now, self.blend), self.styling.settled(now)
            strands_of = None if settled is None else self.blend.of(settled, self.styling.blend)
            job = self._painted.job(taken, code, strands_of, subject)
        self._schedule.begin(taken, job)

    def _collect(self) -> None:
        """Takes what the worker has made; it works at one thing at a time, so that was begun last."""
        self._schedule.collect()
        if self._schedule.newest is not None and self._schedule.newest[1] is not self._made:
            self._made, self._made_of = self._schedule.newest[1], self._begun

    def _dye_laid(self) -> str | None:
        """The name of the dye in the hair that is laid: grown hair of another shade takes a while to come."""
        styling, painted = self.styling, isinstance(self._made, Painting) and self._made_of is not None
        if styling.grown is not None and self._wearer is not None and self._wearer.shows(styling.grown):
            self._dye = NONE if styling.shade_on is None else styling.shade_on.name
        elif styling.grown is None and painted and self._made_of is not None:
            self._dye = next((one.name for one in self._made_of if isinstance(one, Dye)), NONE)
        return self._dye

    def _grown(self) -> Wearer:
        if self._wearer is None:
            self._wearer = Wearer(self.swap, self.plate, self._workers)
        return self._wearer

    def _lay(self, seen: Seen, grown: GrownStyle | None, strength: float) -> Laid | None:
        """The newest of what was made, where the head is now."""
        if self._schedule.newest is not None:
            taken, made = self._schedule.newest
            if isinstance(made, Painting):
                self._painted.take(made, seen.frame.captured_at)
            else:
                self._grown().take(taken, made)
        laid: Laid | None = None
        if grown is not None:
            wearer = self._grown()
            wearer.swing.amount = self.styling.hair_motion
            wearer.fade.begun, wearer.ahead = self.styling.fade, self.styling.ahead
            laid = wearer.wear(seen, grown, self.styling.on[1], strength, self._front)
        # What was painted stays until the other is there, and the other way round.
        if laid is not None:
            self._painted.drop()
        elif self._painted.there:
            laid = self._painted.lay(seen, strength, self._front)
            if grown is None and self._wearer is not None:
                self._wearer.drop()
        return laid

    def _with_facial_hair(self, laid: Laid | None, seen: Seen, grown: GrownStyle | None) -> Laid | None:
        """What is laid with brows and beard that go with it, where that is wished."""
        if laid is None:
            return None
        code, dye = self.styling.on
        wished = self.styling.brows_follow and self.loss.amount is None and follows(code, grown, dye)
        return self._facial_hair.with_hair(laid, seen, dye, wished=wished)

    def worn(self, now: float) -> Worn:
        """What a picture of this person shows that was captured at `now`, told when it is painted."""
        if self.loss.amount is not None:
            words, plan = self.loss.words(self.loss.amount), self.loss.place[0]
            shown = plan.amount if plan == LossPlan(plan.amount) else plan
            return Worn(words, hair_loss=True, loss=None if words == TODAY else shown)
        return worn_of(self.styling, self.blend, now, self._dye_laid())

    @property
    def advice(self) -> str:
        """What the person is told, for what is worn to show; "" where all is well."""
        return self.reach.advice or self._fade.advice or self.loss.advice

    def strength(self, seen: Seen) -> float:
        """How strongly new hair shows in this picture, 0 to 1. Once a picture."""
        now = seen.frame.captured_at
        if seen.face is None or seen.transform is None:
            return self._fade.missed(now) * self._reached
        self.where = seen.transform
        self._reached = self.reach.share(seen.transform, now)
        up = BARE_UP if self.loss.only_takes else NOSE_UP
        return self._fade.strength(seen.face, now - seen.since, now, up) * self._reached

    def look(self, seen: Seen) -> Mattes:
        """The mattes of a head; they teach the wall."""
        mattes = self.matting.look(seen.head.image)
        if seen.beside and seen.transform is not None:
            mattes = apart(mattes, seen.transform, seen.beside)
        self.plate.learn(seen.frame.image, seen.frame.captured_at, mattes, seen.transform)
        return mattes

    def spares(self, now: float) -> bool:
        """Whether the worker has time for another picture."""
        made = self._schedule.newest
        if self._looked is None or made is None or self._schedule.busy or now - made[0].at > _FRESH:
            return False
        return not self._held and self.loss.amount is None and self.styling.steady(now) is not None

    def moment(self, now: float) -> Moment:
        """The last picture that was looked at, once there is one."""
        assert self._looked is not None
        seen, mattes = self._looked
        assert seen.transform is not None
        lit = self._meter.look(seen.head, mattes.hair, now)
        behind = self.plate.behind(seen.transform, WALL_SIDE)
        return Moment(seen, mattes, replace(Subject.of(seen.head, mattes, lit), behind=behind))

    def still(self, seen: Seen) -> Moment:
        """A picture with a face, looked at now, to be kept: see `painting`."""
        assert seen.transform is not None
        mattes = self.look(seen)
        lit = self._meter.look(seen.head, mattes.hair, seen.frame.captured_at)
        behind = self.plate.behind(seen.transform, WALL_SIDE)
        frame = replace(seen.frame, image=seen.frame.image.copy())
        subject = replace(Subject.of(seen.head, mattes, lit), behind=behind)
        return Moment(replace(seen, frame=frame, others=()), mattes, subject)

    def painting(self, moment: Moment, number: int) -> Future[Layer]:
        """Style `number` of the book on a head, in the dye that is on, as a layer of head space."""
        seen, mattes, subject = moment.seen, moment.mattes, moment.subject
        worn = self.styling.grown_style(number)
        if worn is None:
            code = self.styling.in_dye(number, seen.shape)
            self._cell = self._workers.paint.submit(self.swap.paint, subject, code)
            return self._cell
        grown, dye = worn

        def paint() -> Layer:
            assert seen.transform is not None
            laid = self._still.wear(seen, mattes, subject, grown, dye)
            picture = laid_on(seen.frame.image, laid)
            old, new = (crop(one, seen.transform, SIDE) for one in laid.mattes(seen.frame.size))
            return Layer(crop(picture, seen.transform, SIDE), np.maximum(old, new), old, new)

        self._cell = self._workers.paint.submit(paint)
        return self._cell

    def _steady(self, now: float) -> tuple[object, ...] | None:
        """What this person wears, the very same objects as long as it stays; None while it changes."""
        if self.loss.amount is not None:
            return self.loss.worn
        steady = self.styling.steady(now)
        # Before the own hair was read a blend is not what it will be.
        return None if steady is None else (*steady, self.styling.blend, self.blend.own)

    def own_code(self, seen: Seen) -> StyleCode:
        """The code of the hair that a person has, `seen` with a face; waited for."""
        return self._own_code(seen, self.matting.matte(seen.head.image, still=True))

    def _own_code(self, seen: Seen, matte: np.ndarray) -> StyleCode:
        def read() -> StyleCode:
            assert seen.transform is not None
            image, transform = seen.frame.image, seen.transform
            return self.own.code(seen.head, matte, self.swap, lambda: seen_at(image, transform))

        return self._workers.paint.submit(read).result()
