"""Wearer: a grown style on one person over time: what lies beneath, and the views that are laid on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from mirror.compositing.hairline_fit import Hairline
from mirror.compositing.head_pose import pose_of
from mirror.compositing.head_silhouette import MIDDLE, HeadOutline, OwnOutline, eased, silhouette
from mirror.compositing.laid_hair import LARGE, LaidHair, WarpedView
from mirror.compositing.layer_schedule import Taken
from mirror.compositing.own_hairline import own_roots
from mirror.compositing.own_sides import alike, settled
from mirror.compositing.skin_light import SkinLight, usual_light
from mirror.compositing.skull_outline import to_outline
from mirror.compositing.style_fade import Outfit, StyleFade
from mirror.compositing.swing import Swing
from mirror.compositing.underlay import underlay_of, wall_of
from mirror.compositing.views import by_distance
from mirror.compositing.warp import FaceShape, OwnShape, ViewWarp
from mirror.compositing.worn_moment import Beneath, WornMoment
from mirror.compositing.worn_shade import OwnLook, WornShade
from mirror.core.face import FACE_OVAL
from mirror.core.face_lighting import Lit
from mirror.core.head_space import EYE_CENTRE, EYE_DISTANCE
from mirror.core.workers import Workers
from mirror.hair.camera_sharpness import Sharpness, camera_fineness
from mirror.hair.fold import FoldedView
from mirror.hair.key_view import LANDMARKS, VIEW_EYES, GrownStyle
from mirror.hair.lit_layer import brightness
from mirror.hair.painting.hair_swap import Uncovers
from mirror.hair.painting.subject import Subject
from mirror.hair.side_light import own_slope
from mirror.hair.store import LayerStore
from mirror.hair.styles.dye import Dye
from mirror.removal.background_plate import Plate
from mirror.tracking.tracked_frame import Seen

_LIGHT_EVERY = 0.3  # seconds between two looks at the light
_SHARP_EVERY = 1.0  # and at how sharp the picture is
_LEANS = 0.15  # how far light from the side follows what one look finds
_SETTLES = 0.3  # how far that follows what one look finds
_FRONTAL = 35.0  # degrees of yaw at which both sides of a head are seen


class Wearer:
    """A grown style on one person.

    Args:
        swap: paints what lies beneath.
        plate: the remembered wall.
        workers: `fold` adds up the light of the style's views.
        views: so many are made, those nearest to how the head is turned; None: all, for a head that turns.

    Attributes:
        changed: what lies beneath was made for another style.
        swing: how its hair follows the head.
        fade: how one style passes over into the next.
        ahead: the style that is to come next, and its dye: it is made ready; None: nobody knows.
    """

    def __init__(self, swap: Uncovers, plate: Plate, workers: Workers, views: int | None = None) -> None:
        self._swap, self._plate, self._most = swap, plate, views
        self._store = LayerStore(workers)
        self._shape, self._light = FaceShape(), SkinLight()
        self.swing, self.fade = Swing(), StyleFade()
        self.ahead: tuple[GrownStyle, Dye | None] | None = None
        self._forget()

    def reset(self) -> None:
        """Forgets the person."""
        self.settle()
        for memory in (self._shape, self._light, self.swing, self.fade):
            memory.reset()
        self._forget()

    def _forget(self) -> None:
        self._under: tuple[Taken, Beneath] | None = None
        self._made: Beneath | None = None  # as it came
        self._worn: WornMoment | None = None
        self._lit_at: float | None = None
        self._leaning: float | None = None  # light from the side, settled
        self._fineness: float | None = None  # of the camera's picture, settled
        self._sharp_at: float | None = None
        self._stretch: np.ndarray | None = None  # of the skull, settled
        # Not compared with the groom's yet.
        self._unmeasured: tuple[HeadOutline | None, OwnOutline | None] = None, None
        self._shades = WornShade()
        self.changed = False

    def shows(self, style: GrownStyle) -> bool:
        """Whether a style is laid in the shade that was asked for last, and not still what was on before."""
        on = self.fade.on
        return on is not None and on.style is style and on.shown

    def drop(self) -> None:
        """Something else is worn: what lies beneath will be old when this is worn again."""
        self._under = None

    def settle(self) -> None:
        """Waits until nothing of it is being worked on."""
        self._store.finish()

    def job(
        self, taken: Taken, image: np.ndarray, lit: Lit | None, subject: Callable[[], Subject]
    ) -> Callable[[], Beneath]:
        """What the worker does to have what lies beneath.

        Args:
            image: uint8 (H, W, 3) RGB, the frame.
            lit: the light that the face is in.
            subject: says in the worker what is painted.
        """
        self.changed = False
        worn, mattes, before = self._worn, taken.mattes, None if self._under is None else self._under[1]
        looks = self._shades.wants(taken.head, mattes.hair)
        # The first layers are made in that colour; later looks wait for nothing.
        if self._shades.veil is None:
            self._shades.take(OwnLook.of(taken.head, mattes.hair, lit))
            looks = False
        sharp = self._sharp_at is None or not 0 <= taken.at - self._sharp_at < _SHARP_EVERY
        if sharp:
            self._sharp_at = taken.at
        wall, veil = wall_of(self._plate, taken.transform, taken.size), self._shades.veil

        def make() -> Beneath:
            # From the side one sees one side alone.
            frontal = abs(taken.pose[0]) < _FRONTAL
            leaning = own_slope(taken.head, mattes.hair, veil) if frontal else None
            look = OwnLook.of(taken.head, mattes.hair, lit) if looks else None
            fineness: float | None = None
            if sharp:
                oval = taken.transform.to_unit(taken.landmarks[list(FACE_OVAL), :2])
                fineness = camera_fineness(image, taken.transform, mattes.hair, oval)
            painted = subject()
            layer = self._swap.uncover(painted)
            outline = HeadOutline.of(layer, mattes.person)
            if worn is None:
                found = underlay_of(layer, mattes, wall)
                return Beneath(
                    found, painted.under, None, None, outline, None, look=look, leaning=leaning,
                    fineness=fineness,
                )  # fmt: skip
            new = worn.in_head_space()
            alpha = cv2.extractChannel(new, 3)
            same = before is not None and worn.alike(before.worn)
            sides = settled(alike(mattes, layer.body, alpha), before.sides if same and before else None)
            bare = layer
            layer = to_outline(layer, alpha, mattes.person)
            roots = own_roots(taken.head, mattes, new, sides)
            lines = (
                Hairline.of(mattes.hair, taken.head.shape),
                Hairline.of(alpha * np.float32(1 / 255), taken.head.shape),
            )
            own: OwnOutline | None = None
            if outline is not None and layer.body is not None:
                share = alpha.astype(np.float32) * np.float32(1 / 255)
                own = OwnOutline.of(outline, cv2.max(share, layer.body.astype(np.float32)), sides)
            return Beneath(
                underlay_of(layer, mattes, wall, alpha), painted.under, worn, roots, outline, lines, own,
                sides, look, leaning, lambda: underlay_of(bare, mattes, wall), fineness,
            )  # fmt: skip

        return make

    def take(self, taken: Taken, made: Beneath) -> None:
        """What the worker has made, as it came; the very same of a picture before changes nothing."""
        if made is self._made:
            return
        before, self._made = self._under, made
        if (
            before is not None
            and made.roots is not None
            and before[1].worn is not None
            and made.worn is not None
        ):
            same = before[1].worn.alike(made.worn)
            made = replace(made, roots=made.roots.eased(before[1].roots if same else None))
        self._under = taken, made
        if made.look is not None:
            self._shades.take(made.look)
        if made.leaning is not None:
            last = made.leaning if self._leaning is None else self._leaning
            self._leaning = last + _LEANS * (made.leaning - last)
        if made.fineness is not None:
            fine = made.fineness if self._fineness is None else self._fineness
            self._fineness = fine + _SETTLES * (made.fineness - fine)
        # How hair lies is a matter of that very style.
        on = self.fade.on
        own = made if on is not None and made.worn is not None and made.worn.style is on.style else None
        self._unmeasured = made.outline, None if own is None else own.own
        if own is not None and on is not None and own.hairlines is not None:
            on.hairline.look(*own.hairlines)

    def wear(
        self, seen: Seen, style: GrownStyle, dye: Dye | None, strength: float, front: np.ndarray | None
    ) -> LaidHair | None:
        """What is laid in this picture, of a face that is seen; None: nothing is ready yet.

        Args:
            front: uint8 (256, 256), what is held before the head now; None: nothing.
        """
        assert seen.face is not None and seen.transform is not None
        now = seen.frame.captured_at
        shade = self._shades.of(dye, style)
        outfit = self.fade.wear(style, shade)
        face = seen.face.landmarks
        pose = pose_of(style.landmarks, face)
        yaws = [view.yaw for view in style.views]
        nearest = by_distance(yaws, pose.yaw)
        if self._under is not None and (self._lit_at is None or now - self._lit_at >= _LIGHT_EVERY):
            self._lit_at = now
            hair, places = self._under[0].mattes.hair, seen.transform.to_unit(face[:LANDMARKS, :2])
            view = style.views[nearest[0]]
            tints = self._light.look(seen.head, places, hair, view, style.albedo, now)
            self._store.light(tints, self._leaning)
            if self._shades.own is not None and self._shades.own.light is None:
                self._shades.own.light = brightness(tints)
        elif self._lit_at is None:
            self._store.light(usual_light())
        if self._fineness is not None:
            eyes = seen.transform.scale * EYE_DISTANCE
            self._store.sharpen(Sharpness(self._fineness, eyes / VIEW_EYES))
        large = self._worn is not None and self._worn.views[0].placed.scale > LARGE
        self._make(outfit, nearest, large=large)
        if self._under is None:
            return None
        warped = self._warped(outfit, seen)
        laid = self.fade.mixed(warped, now, lambda before: self._warped(before, seen))
        if not laid:
            return None
        if not warped:  # the style before stays on until this one is there
            underlay = replace(self._under[1].underlay, front=front)
            return LaidHair(tuple(laid), underlay, seen.transform, strength, self._under[1].roots)
        outfit.shown = True
        self._worn = WornMoment(style, shade, tuple(warped), seen.transform)
        taken, made = self._under
        if not self._worn.alike(made.worn):
            # Of another style, whose roots may hang over this one's: an underlay for this one comes soon.
            if made.plain is not None:
                made = replace(made, underlay=made.plain(), plain=None)
            new = self._worn.in_head_space()
            found = alike(taken.mattes, made.underlay.layer.body, cv2.extractChannel(new, 3))
            sides = settled(found, None)
            roots = own_roots(taken.head, taken.mattes, new, sides)
            made = replace(made, worn=self._worn, roots=roots, sides=sides)
            self._under, self.changed = (taken, made), True
        underlay = replace(made.underlay, front=front)
        return LaidHair(tuple(laid), underlay, seen.transform, strength, made.roots)

    def _make(self, outfit: Outfit, nearest: list[int], *, large: bool) -> None:
        """Has the views made that are missing, the nearest of what is on first; of what comes next, one."""
        style, shade = outfit.style, outfit.shade
        if self.ahead is not None and self._store.get(style, nearest[0], shade) is not None:
            following, dye = self.ahead
            self._store.prepare(following, self._shades.of(dye, following), nearest)
        self._store.tend(style, shade, nearest[: self._most], large=large)

    def _warped(self, outfit: Outfit, seen: Seen) -> list[WarpedView]:
        """The views of an outfit that are there, where they lie in this picture."""
        assert seen.face is not None
        style, face, now = outfit.style, seen.face.landmarks, seen.frame.captured_at
        pose, warped = pose_of(style.landmarks, face), []
        yaws = [view.yaw for view in style.views]
        chosen = outfit.choice.choose(yaws, pose.yaw, now)
        for number, share, folded in self._views(outfit, chosen, by_distance(yaws, pose.yaw)):
            if number not in outfit.warps:
                outfit.warps[number] = ViewWarp(style, style.views[number])
            warp = outfit.warps[number]
            if outfit is self.fade.on:
                self._measure(warp, style)
            own = OwnShape(self._stretch, outfit.hairline)
            placed = warp.place(pose, face, self._shape, now, own, self.swing)
            warped.append(WarpedView(folded, share, placed))
        return warped

    def _measure(self, warp: ViewWarp, style: GrownStyle) -> None:
        """Compares the head's outline, where it is new, with the groom's, turned as it was then."""
        (outline, own), self._unmeasured = self._unmeasured, (None, None)
        if outline is None or self._under is None:
            return
        taken = self._under[0]
        skull = warp.skull_of(pose_of(style.landmarks, taken.landmarks), taken.landmarks)
        there = (taken.transform.to_unit(skull) - EYE_CENTRE) / EYE_DISTANCE
        groom = silhouette(there * (1, -1) - (0, MIDDLE))
        stretch = outline.stretch(groom)
        if own is not None and self._stretch is not None:
            stretch = own.met(stretch, self._stretch, groom)
        self._stretch = eased(stretch, self._stretch)

    def _views(
        self, outfit: Outfit, chosen: list[tuple[int, float]], nearest: list[int]
    ) -> list[tuple[int, float, FoldedView]]:
        """Of the chosen views those that are there; if none is, the nearest that is."""

        def there(wanted: list[tuple[int, float]]) -> list[tuple[int, float, FoldedView]]:
            views = [(n, share, self._store.get(outfit.style, n, outfit.shade)) for n, share in wanted]
            return [(number, share, view) for number, share, view in views if view is not None]

        found = there(chosen) or there([(number, 1.0) for number in nearest])[:1]
        total = sum(one[1] for one in found)
        return [(number, share / total, view) for number, share, view in found]
