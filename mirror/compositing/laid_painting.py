"""Laid painting: hair that was painted a moment ago, laid on the head as it is now."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from mirror.compositing.alpha_compositing import fit_for
from mirror.compositing.frame_part import (
    NOTHING,
    Warp,
    around,
    both,
    box_of,
    cut,
    empty,
    give_back,
    pasted,
    reached,
)
from mirror.compositing.over import Canvas, over
from mirror.compositing.warp import Box
from mirror.core.head_space import HeadTransform
from mirror.core.layer import Layer
from mirror.core.pose_warp import sources
from mirror.hair.key_view import CELL
from mirror.hair.painting.layer_upsampling import fine_mattes
from mirror.removal.background_plate import Plate
from mirror.removal.long_hair import Under, lowered
from mirror.removal.long_hair_tracing import DOWN

_RIM = np.ones((5, 5), np.uint8)
_SPARE = 0.01  # sides: so near to the frame's edge the networks guess already
BELOW = 1  # the number of the square below the head's
_SEEN = 76  # of 255: alpha from which on a box is drawn round it


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What is laid, in head space.

    Attributes:
        squares: of the head, and of the square below where own hair hangs out of it: uint8 (S, S, 4)
            premultiplied, S at most 512.
        wall: uint8, of the first square's side: alpha of the wall behind, which the plate knows better, and
            that is added to what the square shows.
    """

    squares: tuple[np.ndarray, ...]
    wall: np.ndarray

    def mixed(self, other: Sheet, share: float) -> Sheet:
        """A share of this one, the rest of another with squares of the same sides."""

        def mix(one: np.ndarray, two: np.ndarray) -> np.ndarray:
            return cv2.addWeighted(one, share, two, 1 - share, 0)

        squares = tuple(mix(*pair) for pair in zip(self.squares, other.squares, strict=True))
        return Sheet(squares, mix(self.wall, other.wall))


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """A painted head, ready to be laid.

    Attributes:
        sheet: what is laid; before: of the painting before, as it lies on this one's head; None: there was
            none, or of another pose.
        boxes: of each square, what is in it, shares of its side: left, top, right, bottom.
        shape: float32 (75,), the face shape that it was painted on.
        layer: it was made of.
        hangs: what takes own hair away below the square.
        finished: its strands are drawn, or there will be none.
    """

    sheet: Sheet
    boxes: tuple[tuple[float, float, float, float], ...]
    shape: np.ndarray
    layer: Layer
    hangs: Under | None = None
    finished: bool = True
    before: Sheet | None = None

    def after(self, other: Painting) -> Painting:
        """The same, to be faded in from another of nearly the same pose."""
        squares, aligned = list(self.sheet.squares), []
        for number in range(max(len(squares), len(other.sheet.squares))):
            if number == len(squares):
                squares.append(np.zeros_like(squares[0]))
            side = len(squares[number])
            if number < len(other.sheet.squares):
                theirs = cv2.resize(other.sheet.squares[number], (side, side), interpolation=cv2.INTER_LINEAR)
                aligned.append(_moved(theirs, _turned(other.shape, self.shape, side, number == BELOW)))
            else:
                aligned.append(np.zeros_like(squares[number]))
        side = len(squares[0])
        wall = cv2.resize(other.sheet.wall, (side, side), interpolation=cv2.INTER_LINEAR)
        wall = _moved(wall, _turned(other.shape, self.shape, side, False))
        boxes = tuple(_box(cv2.max(*pair)) for pair in zip(squares, aligned, strict=True))
        sheet = Sheet(tuple(squares), self.sheet.wall)
        return replace(self, sheet=sheet, boxes=boxes, before=Sheet(tuple(aligned), wall))


def painting_of(layer: Layer, face: np.ndarray, transform: HeadTransform, size: tuple[int, int]) -> Painting:
    """A layer as it was painted on a face shape, float32 (75,), for a head that lies there in a frame of
    `size` (width, height)."""
    first, wall = _uncovered(_premultiplied(layer, transform.scale), layer)
    squares: tuple[np.ndarray, ...] = (_going_on(first, transform, size),)
    if layer.below is not None:
        squares += (_going_on(_premultiplied(layer.below, transform.scale), lowered(transform), size),)
    sheet = Sheet(squares, _going_on(wall, transform, size))
    return Painting(sheet, tuple(_box(one) for one in squares), face.copy(), layer)


@dataclass(frozen=True, slots=True, eq=False)
class LaidPainting:
    """The newest painting where it lies in one picture.

    Attributes:
        painting: it; sheet: what is laid of it, and while it fades in of the one before.
        face: float32 (75,), the face shape now.
        transform: where the head is now; strength: how strongly it shows, 0 to 1.
        plate: the remembered wall. front: uint8 (256, 256), what is held before the head; None: nothing.
    """

    painting: Painting
    sheet: Sheet
    face: np.ndarray
    transform: HeadTransform
    strength: float
    plate: Plate
    front: np.ndarray | None = None

    @property
    def layer(self) -> Layer:
        """See `mirror.compositing.laid.Laid`."""
        return self.painting.layer

    def fading(self, strength: float) -> LaidPainting:
        """See `mirror.compositing.laid.Laid`."""
        return replace(self, strength=strength)

    def lay(self, out: np.ndarray, camera: np.ndarray, canvas: Canvas) -> None:
        """See `mirror.compositing.laid.Laid`."""
        size, whole = (out.shape[1], out.shape[0]), NOTHING
        for number in reversed(range(len(self.sheet.squares))):
            warp, part = self._placed(number, size)
            if empty(part):
                continue
            whole, grid = around(whole, part), warp.grid(part, canvas)
            over(cut(out, part), self._shown(self.sheet.squares[number], grid, canvas), canvas)
            if number != BELOW and self.sheet.wall.any():
                wall = cv2.cvtColor(self._shown(self.sheet.wall, grid, canvas), cv2.COLOR_GRAY2RGB)
                cv2.multiply(self.plate.view(part), wall, dst=wall, scale=1 / 255)
                cv2.add(cut(out, part), wall, dst=cut(out, part))
        if self.front is not None:
            part = both(whole, reached(box_of(self.front), self.transform, size))
            if not empty(part):
                give_back(cut(out, part), cut(camera, part), pasted(self.front, self.transform, part))

    def mattes(self, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """See `mirror.compositing.laid.Laid`."""
        canvas, mattes = Canvas(), tuple(np.zeros((size[1], size[0]), np.float32) for _ in range(2))
        for number, square in enumerate(self.sheet.squares):
            warp, part = self._placed(number, size)
            if empty(part):
                continue
            layer = self.layer.below if number == BELOW else self.layer
            grid = warp.grid(part, canvas)
            own = () if layer is None else _own_mattes(layer, len(square))
            for full, one in zip(mattes, own, strict=False):
                laid = cv2.remap(one, grid, None, cv2.INTER_LINEAR).astype(np.float32)
                np.maximum(cut(full, part), laid * np.float32(self.strength / 255), out=cut(full, part))
            # What was painted shows as far as its own alpha says, which is rounded otherwise.
            shown = cv2.extractChannel(self._shown(square, grid, canvas), 3) > 0
            old, new = (cut(full, part) for full in mattes)
            old[shown & (old == 0) & (new == 0)] = 1 / 255
        return mattes[0], mattes[1]

    def box(self, size: tuple[int, int]) -> Box:
        """See `mirror.compositing.laid.Laid`."""
        seen = cv2.compare(cv2.extractChannel(self.sheet.squares[0], 3), _SEEN, cv2.CMP_GT)
        return reached(box_of(seen), self.transform, size)

    def _placed(self, number: int, size: tuple[int, int]) -> tuple[Warp, Box]:
        """Where a square lies, and what it reaches of a frame of `size`."""
        transform = lowered(self.transform) if number == BELOW else self.transform
        side, (left, top, right, bottom) = len(self.sheet.squares[number]), self.painting.boxes[number]
        field = _turned(self.painting.shape, self.face, side, number == BELOW)
        warp = Warp(transform.matrix(side), field)
        if right <= left:
            return warp, NOTHING
        # Sampling reaches a pixel further, and the warp as far as it moves anything.
        far = (CELL * float(np.abs(field).max()) + 1) / side
        return warp, reached((left - far, top - far, right + far, bottom + far), transform, size)

    def _shown(self, square: np.ndarray, grid: np.ndarray, canvas: Canvas) -> np.ndarray:
        """A square as it lies in a part of the frame, uint8 (H, W[, 4])."""
        channels = 1 if square.ndim == 2 else square.shape[2]
        out = canvas.take(f"square{channels}", grid.shape[0], grid.shape[1], channels)
        cv2.remap(square, grid, None, cv2.INTER_LINEAR, dst=out)
        return out if self.strength >= 1 else cv2.convertScaleAbs(out, dst=out, alpha=max(self.strength, 0.0))


def _uncovered(square: np.ndarray, layer: Layer) -> tuple[np.ndarray, np.ndarray]:
    """A square that shows the wall where the plate knows it, less that; and the alpha of that."""
    side = len(square)
    if layer.wall is None:
        return square, np.zeros((side, side), np.uint8)
    # A little wider than the cover: cut off at its rim, the wall would be mixed with paint there.
    cover = cv2.dilate(cv2.convertScaleAbs(layer.cover, alpha=255), _RIM)
    wall = cv2.copyTo(cv2.convertScaleAbs(layer.wall, alpha=255), cover)
    wall = cv2.resize(wall, (side, side), interpolation=cv2.INTER_LINEAR)
    keep = cv2.bitwise_not(wall)
    kept = cv2.multiply(square, cv2.merge([keep, keep, keep, np.full_like(keep, 255)]), scale=1 / 255)
    return kept, cv2.multiply(wall, cv2.extractChannel(square, 3), scale=1 / 255)


def _moved(square: np.ndarray, field: np.ndarray) -> np.ndarray:
    """A square of head space sampled where a field, see `_turned`, says."""
    side = len(square)
    fine = cv2.resize(field, (side, side), interpolation=cv2.INTER_LINEAR) * np.float32(CELL)
    place = np.arange(side, dtype=np.float32)
    fine[..., 0] += place
    fine[..., 1] += place[:, None]
    return cv2.remap(square, fine, None, cv2.INTER_LINEAR)


def _turned(theirs: np.ndarray, mine: np.ndarray, side: int, below: bool) -> np.ndarray:
    """What to add to a pixel of a square on my head to be at that of theirs, in cells of `CELL` pixels, at
    nodes that far apart: float32 (N, N, 2)."""
    count = side // CELL
    x, y = sources(theirs, mine, count, same_face=True)
    here = np.arange(count, dtype=np.float32)
    field = np.stack([x - here, y - here[:, None]], -1)
    if not below:
        return field
    # Below the square all goes on as at its lower edge; of the last rows the warp says nothing.
    rows = np.minimum(np.arange(count) + round(DOWN * count), count - 3)
    return np.ascontiguousarray(field[rows])


def _premultiplied(layer: Layer, scale: float) -> np.ndarray:
    """What a layer shows, not much finer than it is shown at, `scale` frame pixels a side."""
    if layer.fine is not None:
        shown = fit_for(layer.fine, scale)
    else:
        shown = cv2.merge([layer.rgb, cv2.convertScaleAbs(layer.cover, alpha=255)])
    alpha = cv2.extractChannel(shown, 3)
    rgb = cv2.multiply(cv2.cvtColor(shown, cv2.COLOR_RGBA2RGB), cv2.merge([alpha] * 3), scale=1 / 255)
    return cv2.merge([*cv2.split(rgb), alpha])


def _going_on(square: np.ndarray, transform: HeadTransform, size: tuple[int, int]) -> np.ndarray:
    """A square whose head may leave the frame: beyond its edge all goes on as it is there.

    What is painted where nothing was seen is anybody's guess, and a moment later it may be in the picture.
    """
    side = len(square)
    matrix = transform.matrix(side)
    spare = np.float32(_SPARE * transform.scale)
    corners = transform.to_frame(np.array([[0.0, 0.0], [1, 0], [1, 1], [0, 1]]))
    if (corners >= spare).all() and (corners <= np.array(size) - spare).all():
        return square
    place = np.arange(side, dtype=np.float32)
    x, y = (
        np.clip(
            np.float32(row[0]) * place + (np.float32(row[1]) * place + np.float32(row[2]))[:, None],
            spare,
            length - 1 - spare,
        )
        for row, length in zip(matrix, size, strict=True)
    )
    back = cv2.invertAffineTransform(matrix).astype(np.float32)
    where = [row[0] * x + row[1] * y + row[2] for row in back]
    return cv2.remap(square, where[0], where[1], cv2.INTER_LINEAR)


def _own_mattes(layer: Layer, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Of the hair that was there and the new hair, uint8 (side, side) each."""
    if layer.fine is not None:
        old, new = fine_mattes(layer)
    else:
        old, new = (cv2.convertScaleAbs(one, alpha=255) for one in (layer.old, layer.new))
    size = (side, side)
    return tuple(  # type: ignore[return-value]
        one if len(one) == side else cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (old, new)
    )


def _box(square: np.ndarray) -> tuple[float, float, float, float]:
    x, y, width, height = cv2.boundingRect(cv2.extractChannel(square, 3))
    side = len(square)
    return x / side, y / side, (x + width) / side, (y + height) / side
