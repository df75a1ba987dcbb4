"""Laid hair: the layers of one person in one picture, and how they are laid, in the order of their depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from mirror.compositing.frame_part import (
    NOTHING,
    Warp,
    around,
    between,
    both,
    box_of,
    cut,
    empty,
    give_back,
    pasted,
    reached,
    sampled,
    shape,
    thinned,
)
from mirror.compositing.head_pose import inverse
from mirror.compositing.over import Canvas, masked, over, shaded
from mirror.compositing.own_hairline import ONE, OwnRoots
from mirror.compositing.underlay import Underlay
from mirror.compositing.warp import Box, Placed
from mirror.core.head_crop import SIDE
from mirror.core.head_space import HeadTransform
from mirror.core.layer import Layer
from mirror.hair.fold import FoldedView

FRONT, BACK, SHADOW, UNDER = 0, 1, 2, 3
# Frame pixels a pixel of the view: below which the view at half its side is shown, above which at twice.
_SMALL, LARGE = 0.6, 1.15


@dataclass(frozen=True, slots=True)
class WarpedView:
    """One key view where it lies in this picture.

    Attributes:
        view: in the light of now; share: how strongly it is mixed in, all add up to 1.
        placed: where it lies.
    """

    view: FoldedView
    share: float
    placed: Placed


@dataclass(frozen=True, slots=True, eq=False)
class LaidHair:
    """All that is laid over one person in one picture.

    Attributes:
        views: one, or two that are mixed.
        underlay: what lies beneath; transform: where the head is now.
        strength: how strongly it shows, 0 to 1.
        roots: of the person's own that stay before it; None: there are none.
    """

    views: tuple[WarpedView, ...]
    underlay: Underlay
    transform: HeadTransform
    strength: float
    roots: OwnRoots | None = None

    @property
    def layer(self) -> Layer:
        """See `mirror.compositing.laid.Laid`: of the underlay."""
        return self.underlay.layer

    def fading(self, strength: float) -> LaidHair:
        """See `mirror.compositing.laid.Laid`."""
        return replace(self, strength=strength)

    def lay(self, out: np.ndarray, camera: np.ndarray, canvas: Canvas) -> None:
        """See `mirror.compositing.laid.Laid`."""
        size, whole = (out.shape[1], out.shape[0]), NOTHING
        for kind, part, picture in self._layers(size, canvas):
            (shaded if kind == SHADOW else over)(cut(out, part), picture, canvas)
            whole = around(whole, part)
        if self.roots is not None:
            part = both(whole, reached(self.roots.box, self.transform, size))
            self._show_roots(self.roots, cut(out, part), cut(camera, part), part)
        if self.underlay.front is not None:
            part = both(whole, reached(box_of(self.underlay.front), self.transform, size))
            if not empty(part):
                share = pasted(self.underlay.front, self.transform, part)
                give_back(cut(out, part), cut(camera, part), share)

    def mattes(self, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """See `mirror.compositing.laid.Laid`."""
        old, new = (np.zeros((size[1], size[0]), np.uint8) for _ in range(2))
        for kind, part, picture in self._layers(size, Canvas()):
            alpha = cv2.bitwise_not(picture) if kind == SHADOW else cv2.extractChannel(picture, 3)
            where = cut(new if kind in (FRONT, BACK) else old, part)
            np.maximum(where, alpha, out=where)
        if self.roots is not None and not empty(part := reached(self.roots.box, self.transform, size)):
            roots = pasted(self.roots.picture, self.transform, part)
            left = cv2.bitwise_not(cv2.extractChannel(roots, 3))
            cut(new, part)[...] = cv2.multiply(cut(new, part), left, scale=1 / 255)
            tinted = pasted(self.roots.tinted, self.transform, part)
            np.maximum(cut(old, part), tinted, out=cut(old, part))
        return old.astype(np.float32) * np.float32(1 / 255), new.astype(np.float32) * np.float32(1 / 255)

    def box(self, size: tuple[int, int]) -> Box:
        """See `mirror.compositing.laid.Laid`."""
        found: Box = NOTHING
        for one in self.views:
            for layer, box in zip((FRONT, BACK), one.view.body, strict=True):
                found = around(found, one.placed.outline(layer, box, size))
        return found

    def _layers(self, size: tuple[int, int], canvas: Canvas) -> Iterator[tuple[int, Box, np.ndarray]]:
        """What is laid of a frame of `size`, from behind forwards: what it is, its part of the frame, and
        uint8 (H, W, 4) premultiplied, or (H, W) of a shadow; each is the canvas's own until the next."""
        for square in self.underlay.squares:
            there = square.place(self.transform)
            part = reached(square.box, there, size)
            if not empty(part):
                yield UNDER, part, self._strong(pasted(square.picture, there, part))
        # Hair behind is sampled only where the person leaves it to be seen.
        part = both(self._part(BACK, size), reached(self.underlay.behind_box, self.transform, size))
        if not empty(part):
            seen = pasted(self.underlay.behind, self.transform, part, cv2.BORDER_REPLICATE)
            yield BACK, part, masked(self._mixed(BACK, part, canvas), seen, canvas)
        part = self._part(SHADOW, size)
        if not empty(part):
            yield SHADOW, part, self._shadow(part, canvas)
        part = self._part(FRONT, size)
        if not empty(part):
            yield FRONT, part, self._mixed(FRONT, part, canvas)

    def _show_roots(self, roots: OwnRoots, out: np.ndarray, seen: np.ndarray, part: Box) -> None:
        """What stays of own hair, in a part of the frame: `out` is written to, `seen` is the camera's."""
        if empty(part):
            return
        picture = pasted(roots.picture, self.transform, part)
        tinted = cv2.multiply(seen, cv2.cvtColor(picture, cv2.COLOR_RGBA2RGB), scale=1 / ONE)
        if self.strength < 1:
            tinted = cv2.addWeighted(tinted, self.strength, seen, 1 - self.strength, 0)
        give_back(out, tinted, cv2.extractChannel(picture, 3))

    def _part(self, layer: int, size: tuple[int, int]) -> Box:
        part: Box = NOTHING
        for one in self.views:
            if layer != BACK or one.view.back is not None:
                depth = FRONT if layer == SHADOW else layer
                part = around(part, one.placed.reached(depth, one.view.boxes[layer], size))
        return part

    def _mixed(self, layer: int, part: Box, canvas: Canvas) -> np.ndarray:
        """One layer in a part of the frame, uint8 (H, W, 4), of all views."""
        total: np.ndarray | None = None
        sized = [(one, *_sized(one, layer)) for one in self.views]
        # Strands are as fine as a picture's pixels: of what is shown twice as large every second is enough.
        every = 2 if min(one.placed.scale * reduced for one, _, reduced, _ in sized) >= 2 else 1
        height, width = shape(thinned(part, every))
        for number, (one, picture, reduced, corner) in enumerate(sized):
            if picture is None:
                continue
            warp = Warp(one.placed.matrix, one.placed.field(layer))
            grid = warp.grid(part, canvas, reduced=reduced, corner=corner, every=every)
            out = canvas.take(f"layer{number}", height, width, 4)
            done = cv2.remap(picture, grid, None, cv2.INTER_LINEAR, dst=out)
            if len(self.views) > 1 and total is None:
                done = cv2.convertScaleAbs(done, dst=done, alpha=one.share)
            elif total is not None:
                done = cv2.addWeighted(total, 1, done, one.share, 0, dst=total)
            total = done
        assert total is not None, "a part of nothing is empty"
        return between(self._strong(total), part, every)

    def _shadow(self, part: Box, canvas: Canvas) -> np.ndarray:
        """What this person is multiplied with, uint8 (H, W), 255 where there is no shadow."""
        # So soft that the nearer view at half its side will do, at no more pixels than that has.
        one = self.views[0]
        every = 4 if one.placed.scale > LARGE else 2
        grid = Warp(one.placed.matrix, one.placed.field(FRONT)).grid(part, canvas, reduced=2, every=every)
        shadow = cv2.remap(one.view.half().shadow, grid, None, cv2.INTER_LINEAR)
        person = sampled(self.underlay.person, self.transform, part, every, cv2.BORDER_REPLICATE)
        cv2.multiply(shadow, person, dst=shadow, scale=self.strength / 255)
        return between(cv2.bitwise_not(shadow, dst=shadow), part, every)

    def _strong(self, layer: np.ndarray) -> np.ndarray:
        return layer if self.strength >= 1 else cv2.convertScaleAbs(layer, dst=layer, alpha=self.strength)


def _sized(one: WarpedView, layer: int) -> tuple[np.ndarray | None, float, tuple[int, int]]:
    """A layer's picture, at the side that suits the head's: by how much it is reduced, where it begins."""
    view, scale = one.view, one.placed.scale
    if layer == FRONT and scale > LARGE and view.double is not None:
        return view.double.picture, 0.5, view.double.corner
    small = scale < _SMALL
    if small:
        view = view.half()
    return view.back if layer == BACK else view.front, 2 if small else 1, (0, 0)


def in_head_space(views: tuple[WarpedView, ...], transform: HeadTransform) -> np.ndarray:
    """The hair in front as it lies on the head, uint8 (256, 256, 4), premultiplied RGB and alpha.

    Args:
        views: as they lie in a picture. transform: where the head is in it.
    """
    to_head = np.vstack([inverse(transform.matrix(SIDE)), [0, 0, 1]])
    canvas, total = Canvas(), np.zeros((SIDE, SIDE, 4), np.uint8)
    for one in views:
        matrix = (to_head @ np.vstack([one.placed.matrix, [0, 0, 1]]))[:2]
        grid = Warp(matrix, one.placed.field(FRONT)).grid((0, 0, SIDE, SIDE), canvas, reduced=2)
        done = cv2.remap(one.view.half().front, grid, None, cv2.INTER_LINEAR)
        total = cv2.addWeighted(total, 1, done, one.share, 0)
    return total
