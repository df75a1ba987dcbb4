"""Wearer: a grown style on one person over time. What changes slowly is done slowly, in two workers."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import cv2
import numpy as np

from mirror.compositing.head_pose import pose_of
from mirror.compositing.laid_hair import LaidHair, WarpedView, in_head_space
from mirror.compositing.own_hairline import OwnRoots, own_roots
from mirror.compositing.skin_light import SkinLight, usual_light
from mirror.compositing.skull_outline import Crown, to_outline
from mirror.compositing.underlay import Underlay, held_before, underlay_of, wall_square
from mirror.compositing.views import ViewChoice, by_distance
from mirror.compositing.warp import FaceShape, ViewWarp
from mirror.core.face_lighting import LightMeter
from mirror.core.head_crop import Head
from mirror.core.head_space import HeadTransform
from mirror.engines import Engine
from mirror.hair.fold import FoldedView
from mirror.hair.key_view import LANDMARKS, GrownStyle
from mirror.hair.loss.natural_colour import own_shade
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.subject import Subject
from mirror.hair.store import LayerStore
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.dye import Dye
from mirror.removal.background_plate import Plate
from mirror.removal.hairless_head import Calming
from mirror.removal.long_hair import Below, Under
from mirror.removal.uncovered_background import WALL_SIDE
from mirror.segmentation.matting import Mattes
from mirror.tracking.tracked_frame import Seen

# Seconds between two underlays: 8 a second while the head moves, and fewer while it rests.
EVERY, RESTING = 0.125, 0.4
# How far a head may move, in eye distances and radians: less is rest; after more what lies beneath is no
# longer that of this picture, and it is waited for.
_STILL, _FAR = 0.02, 0.12
_OLD = 0.3  # seconds after which it is waited for, too
# Seconds between two looks at what is held before the head: hands are faster than heads, and of an underlay
# eight a second they would drag hair along.
_HELD_EVERY = 0.025
_SETTLES = 0.15  # of the height of a crown, an underlay
_LIGHT_EVERY = 0.3  # seconds between two looks at the light


@dataclass(frozen=True, slots=True)
class _Taken:
    """What an underlay was begun with."""

    seen_at: float
    seen: HeadTransform
    yaw: float
    mattes: Mattes
    head: Head

    def moved(self, seen: Seen) -> float:
        """How far the head has moved since, in eye distances or radians."""
        assert seen.transform is not None and seen.face is not None
        return max(_moved(self.seen, seen.transform), abs(np.radians(seen.face.pose[0] - self.yaw)))


@dataclass(frozen=True, slots=True)
class _Made:
    """What was made of it.

    Attributes:
        underlay: what lies beneath. hangs: what hangs below the square.
        crown: where the head ends; None: out of the picture.
        worn, roots: what stays of the own hairline, and before which hair; None: nothing, none.
    """

    underlay: Underlay
    hangs: Under | None
    worn: _Worn | None
    roots: OwnRoots | None
    crown: Crown | None


@dataclass(frozen=True, slots=True)
class _Worn:
    """What was laid last.

    Attributes:
        style, dye: of it.
        views: where they lay; transform: where the head was.
    """

    style: GrownStyle
    dye: Dye | None
    views: tuple[WarpedView, ...]
    transform: HeadTransform

    def in_head_space(self) -> np.ndarray:
        """See `mirror.compositing.laid_hair.in_head_space`."""
        return in_head_space(self.views, self.transform)

    def alike(self, other: _Worn | None) -> bool:
        """Whether it is the same style in the same dye."""
        return other is not None and self.style is other.style and self.dye is other.dye


class Wearer:
    """A grown style on one person.

    Args:
        engines: `painter` and `body`: they paint what lies beneath.
        bald: the style whose painting takes hair away.
        plate: the remembered wall.
    """

    def __init__(self, engines: Mapping[str, Engine], bald: StyleCode, plate: Plate) -> None:
        self._swap = Swap(engines["painter"], engines["body"])
        self._bald, self._plate = bald, plate
        self._store, self._choice, self._shape = LayerStore(), ViewChoice(), FaceShape()
        self._light, self._meter = SkinLight(), LightMeter()
        self._below, self._calm = Below(), Calming()
        self._worker = ThreadPoolExecutor(1, "underlay")
        self._job: tuple[_Taken, Future[_Made]] | None = None
        self._under: tuple[_Taken, _Made] | None = None
        self._worn: _Worn | None = None
        self._warps: dict[int, ViewWarp] = {}
        self._style: GrownStyle | None = None
        self._lit_at: float | None = None
        self._front: np.ndarray | None = None
        self._looked_at = 0.0
        self._crown: Crown | None = None  # settled
        self._own: Dye | None = None
        self._changed = False  # whether it was made for another style
        self._due = True  # whether an underlay is to be begun with the mattes that were asked for

    def reset(self) -> None:
        """Forgets the person."""
        self.settle()
        self._changed, self._crown, self._own = False, None, None
        self._job = self._under = self._lit_at = self._worn = self._front = None
        for memory in (self._choice, self._shape, self._light, self._meter, self._below, self._calm):
            memory.reset()

    def settle(self) -> None:
        """Waits for both workers: nothing of theirs runs when it returns."""
        self._finish()
        self._store.finish()

    def wants_matte(self, seen: Seen, held: bool) -> bool:
        """Whether mattes of this picture are needed: for a new underlay, or to follow what is held.

        Args:
            held: something is before the head: then edges move by themselves.
        """
        self._due = self._wants_underlay(seen, held)
        # Whoever keeps still may lift a hand all the same.
        return self._due or seen.frame.captured_at - self._looked_at >= (_HELD_EVERY if held else EVERY)

    def _wants_underlay(self, seen: Seen, held: bool) -> bool:
        self._collect()
        if self._job is not None and self._late(seen):
            self._finish()
        if self._job is not None:
            return False
        if self._under is None or self._changed or self._late(seen):
            return True
        taken, now = self._under[0], seen.frame.captured_at
        moved = held or taken.moved(seen) > _STILL
        return now - taken.seen_at >= (EVERY if moved else RESTING)

    def _late(self, seen: Seen) -> bool:
        """Whether what lies beneath is too old for this picture."""
        if self._under is None:
            return True
        taken = self._under[0]
        return seen.frame.captured_at - taken.seen_at > RESTING + _OLD or taken.moved(seen) > _FAR

    def begin(self, seen: Seen, mattes: Mattes, wait: bool) -> None:
        """Takes the mattes of this picture, and begins an underlay where one is due.

        Args:
            wait: for it: there is none yet, or the engines are needed for others.
        """
        assert seen.head is not None and seen.transform is not None and seen.face is not None
        self._front, self._looked_at = held_before(mattes), seen.frame.captured_at
        if not self._due:
            if wait:
                self._finish()
            return
        self._changed = False
        head, transform, image = seen.head, seen.transform, seen.frame.image
        taken, worn = _Taken(seen.frame.captured_at, transform, seen.face.pose[0], mattes, head), self._worn
        lit = self._meter.look(head, mattes.hair, taken.seen_at)
        if self._own is None:
            self._own = own_shade(head, mattes.hair, lit)
        behind = self._plate.behind(transform, WALL_SIDE)
        wall = wall_square(self._plate, transform, seen.frame.size)

        def make() -> _Made:
            under = self._below.look(image, transform, mattes.hair, mattes.front)
            subject = replace(Subject.of(head, mattes, lit, under), behind=behind, calm=self._calm)
            layer = self._swap.paint(subject, self._bald.fitted(head.shape))
            crown = Crown.of(layer, mattes.person)
            if worn is None:
                return _Made(underlay_of(layer, mattes, wall), under, None, None, crown)
            new = worn.in_head_space()
            layer, roots = (
                to_outline(layer, cv2.extractChannel(new, 3), mattes.person),
                own_roots(head, mattes, new),
            )
            return _Made(underlay_of(layer, mattes, wall), under, worn, roots, crown)

        self._job = taken, self._worker.submit(make)
        if wait or self._late(seen):
            self._finish()

    def wear(self, seen: Seen, style: GrownStyle, dye: Dye | None, strength: float) -> LaidHair | None:
        """What is laid in this picture, of a face that is seen; None: nothing is ready yet."""
        assert seen.face is not None and seen.transform is not None and seen.head is not None
        now = seen.frame.captured_at
        if dye is None and not style.listing.keeps_colour:
            dye = self._own
        if style is not self._style:
            self._style, self._warps = style, {}
        face = seen.face.landmarks
        pose = pose_of(style.landmarks, face)
        yaws = [view.yaw for view in style.views]
        nearest = by_distance(yaws, pose.yaw)
        if self._under is not None and (self._lit_at is None or now - self._lit_at >= _LIGHT_EVERY):
            self._lit_at = now
            hair, places = self._under[0].mattes.hair, seen.transform.to_unit(face[:LANDMARKS, :2])
            view = style.views[nearest[0]]
            self._store.light(self._light.look(seen.head, places, hair, view, style.albedo, now))
        elif self._lit_at is None:
            self._store.light(usual_light())
        self._store.tend(style, dye, nearest)
        if self._under is None:
            return None
        crown = None if self._crown is None else self._crown.times(seen.transform.scale)
        views = self._views(style, dye, self._choice.choose(yaws, pose.yaw), nearest)
        warped = []
        for number, share, folded in views:
            if number not in self._warps:
                self._warps[number] = ViewWarp(style, style.views[number])
            warp = self._warps[number]
            warped.append(WarpedView(folded, share, warp, warp.place(pose, face, self._shape, now, crown)))
        if not warped:
            return None
        self._worn = _Worn(style, dye, tuple(warped), seen.transform)
        taken, made = self._under
        if not self._worn.alike(made.worn):
            # Of another style, whose roots may hang over this one's: an underlay for this one comes soon.
            roots = own_roots(taken.head, taken.mattes, self._worn.in_head_space())
            made = replace(made, worn=self._worn, roots=roots)
            self._under, self._changed = (taken, made), True
        underlay = replace(made.underlay, front=self._front)
        return LaidHair(tuple(warped), underlay, seen.transform, strength, made.roots)

    @property
    def under(self) -> Under | None:
        """What hangs below the square, of the newest underlay."""
        return None if self._under is None else self._under[1].hangs

    def _views(
        self,
        style: GrownStyle,
        dye: Dye | None,
        chosen: list[tuple[int, float]],
        nearest: list[int],
    ) -> list[tuple[int, float, FoldedView]]:
        """Of the chosen views those that are there; if none is, the nearest that is."""

        def there(wanted: list[tuple[int, float]]) -> list[tuple[int, float, FoldedView]]:
            views = [(number, share, self._store.get(style, number, dye)) for number, share in wanted]
            return [(number, share, view) for number, share, view in views if view is not None]

        found = there(chosen) or there([(number, 1.0) for number in nearest])[:1]
        total = sum(one[1] for one in found)
        return [(number, share / total, view) for number, share, view in found]

    def _finish(self) -> None:
        """Waits for the underlay that is being made."""
        if self._job is not None:
            self._job[1].exception()
        self._collect()

    def _collect(self) -> None:
        if self._job is not None and self._job[1].done():
            taken, future = self._job
            self._job = None
            made, last = future.result(), self._under
            before = None if last is None or made.worn is None else last[1]
            if before is not None and made.roots is not None and before.worn is not None:
                same = before.worn.alike(made.worn)
                made = replace(made, roots=made.roots.eased(before.roots if same else None))
            if made.crown is not None:
                self._crown = made.crown.eased(self._crown, _SETTLES)
            self._under = taken, made


def _moved(one: HeadTransform, other: HeadTransform) -> float:
    eyes = max(one.scale * 0.18, 1e-3)
    far = float(np.hypot(one.x - other.x, one.y - other.y)) / eyes
    return max(far, abs(one.scale / other.scale - 1), abs(one.angle - other.angle))
