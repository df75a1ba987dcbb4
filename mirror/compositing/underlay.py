"""Underlay: the person without their hair, made some times a second and laid where the head is since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from mirror.compositing.frame_part import Shares, box_of
from mirror.compositing.warp import Box
from mirror.core.head_space import HeadTransform, crop
from mirror.core.layer import Layer
from mirror.removal.background_plate import Plate
from mirror.removal.long_hair import lowered
from mirror.segmentation.matting import Mattes

Wall = Callable[[Box], np.ndarray | None]
SIDE = 512  # pixels: finer than most heads are shown
# On skin only what the matte sees of old hair is covered, a little grown; the removal's own, wider cover is
# for hairlines that are bared, and takes forehead away that a new hairline would leave as it is. Single hairs
# over a forehead are faint in the matte and plain to the eye: from the first alpha on they count, and fully
# so little later. A cover grown by 6 pixels instead, 0.13 of an eye distance, took half as much skin again.
_FAINT, _COUNTS = 0.02, 10.0
_NEAR = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
_SOFT, _SURE = 1.2, 1.2
_OUTLINE = 64  # of 255: alpha of hair from which on it has an outline
_WHOLE = 1.4  # what alpha of hair is multiplied with where it hides the person


@dataclass(frozen=True, slots=True, eq=False)
class Square:
    """What is laid of one square of head space.

    Attributes:
        picture: uint8 (512, 512, 4), premultiplied; box: of it, what is not empty, see
            `mirror.compositing.frame_part.box_of`.
        below: it is the square below the head's.
    """

    picture: np.ndarray
    box: Shares
    below: bool = False

    @classmethod
    def of(cls, picture: np.ndarray, below: bool = False) -> Square:
        """One with its box."""
        return cls(picture, box_of(cv2.extractChannel(picture, 3)), below)

    def place(self, head: HeadTransform) -> HeadTransform:
        """Where it lies."""
        return lowered(head) if self.below else head


@dataclass(frozen=True, slots=True, eq=False)
class Underlay:
    """What lies beneath, in head space.

    Attributes:
        squares: of the head, and the one below where there is something in it.
        person: uint8 (256, 256): alpha of the person without hair.
        behind: uint8 (256, 256): how much is seen of hair that hangs behind them; at the square's edges it
            goes on. behind_box: what of it is not empty.
        front: uint8 (256, 256): of what is held before the head; None: nothing.
        layer: it was made of.
    """

    squares: tuple[Square, ...]
    person: np.ndarray
    behind: np.ndarray
    behind_box: Shares
    front: np.ndarray | None
    layer: Layer


def underlay_of(layer: Layer, mattes: Mattes, wall: Wall | None, new: np.ndarray | None = None) -> Underlay:
    """What today's removal painted, ready to be laid.

    Args:
        layer: of the bald style, with `body`.
        wall: the plate there, see `wall_of`.
        new: uint8 (256, 256): alpha of the new hair before them; None: it is not known yet.
    """
    squares = [Square.of(_square(layer, mattes, wall))]
    if layer.below is not None:
        squares.append(Square.of(_plain(layer.below), below=True))
    body = mattes.person if layer.body is None else layer.body
    hair = np.minimum(mattes.hair * np.float32(_WHOLE), 1)
    person = mattes.person * (1 - hair) + body * hair
    person = cv2.convertScaleAbs(person, alpha=255)
    behind = cv2.bitwise_not(person)
    if new is not None:
        behind = cv2.min(behind, _between(new))
    box = box_of(behind, endless=True)
    return Underlay(tuple(squares), person, behind, box, held_before(mattes), layer)


def _between(new: np.ndarray) -> np.ndarray:
    """Between the outer edges of new hair, row by row, softly: uint8 (256, 256).

    Hair behind lies further back than the depth says that it is carried by; on heads that are turned it would
    stand out beside the hair in front of it.
    """
    there = new > _OUTLINE
    columns = np.arange(new.shape[1])
    first, last = np.argmax(there, 1)[:, None], new.shape[1] - 1 - np.argmax(there[:, ::-1], 1)[:, None]
    within = there.any(1)[:, None] & (columns >= first) & (columns <= last)
    return cv2.blur(within.astype(np.uint8) * 255, (5, 5))


def held_before(mattes: Mattes) -> np.ndarray | None:
    """What is held before the head, uint8 (256, 256); None: nothing."""
    front = np.clip((mattes.front - 0.3) * 2, 0, 1)
    return cv2.convertScaleAbs(front, alpha=255) if float(front.max()) > 0.2 else None


def wall_of(plate: Plate, transform: HeadTransform, size: tuple[int, int]) -> Wall:
    """The remembered wall behind a head in a frame of `size`, of a box of its square of 512 pixels: uint8
    (H, W, 3); None where nothing of that is in the frame."""

    def wall(box: Box) -> np.ndarray | None:
        x0, y0, x1, y1 = box
        side = max(x1 - x0, y1 - y0)
        part = transform.part(x0 / SIDE, y0 / SIDE, side / SIDE)
        left, top, right, bottom = part.frame_rectangle(*size)
        if right - left < 2 or bottom - top < 2:
            return None
        view = plate.view((left, top, right, bottom))
        here = replace(part, x=part.x - left, y=part.y - top)
        return crop(np.ascontiguousarray(view), here, side)[: y1 - y0, : x1 - x0]

    return wall


def _square(layer: Layer, mattes: Mattes, wall: Wall | None) -> np.ndarray:
    seen = cv2.convertScaleAbs(np.clip((mattes.hair - _FAINT) * _COUNTS, 0, 1), alpha=255)
    near = cv2.GaussianBlur(cv2.dilate(seen, _NEAR), (0, 0), _SOFT).astype(np.float32) * np.float32(1 / 255)
    strict = np.minimum(near * np.float32(_SURE), 1)
    skin = layer.body if layer.body is not None else mattes.person
    # On the wall the faintest rim of old hair shows: there the removal's own cover holds.
    cover = np.minimum(layer.cover, strict * skin + (1 - skin))
    return _premultiplied(layer.rgb, cover, wall, layer.wall)


def _plain(layer: Layer) -> np.ndarray:
    return _premultiplied(layer.rgb, layer.cover, None, None)


def _premultiplied(
    rgb: np.ndarray, cover: np.ndarray, wall: Wall | None, share: np.ndarray | None
) -> np.ndarray:
    """uint8 (512, 512, 4): made only where anything is covered."""
    found = np.zeros((SIDE, SIDE, 4), np.uint8)
    times = SIDE // cover.shape[0]
    x, y, width, height = cv2.boundingRect(cv2.compare(cover, 0, cv2.CMP_GT))
    if not width:
        return found
    # A pixel more all round, in which nothing is covered.
    left, top, right, bottom = max(x - 1, 0), max(y - 1, 0), x + width + 1, y + height + 1
    part = np.s_[top:bottom, left:right]
    rgb, cover = (_larger(np.ascontiguousarray(one[part]), times) for one in (rgb, cover))
    height, width = cover.shape
    box = (left * times, top * times, left * times + width, top * times + height)
    behind = None if wall is None or share is None else wall(box)
    if behind is not None and share is not None:
        wide = _wide(_larger(share[part].astype(np.float32), times))
        behind = cv2.multiply(behind, wide, scale=1 / 255)
        rgb = cv2.add(cv2.multiply(rgb, cv2.bitwise_not(wide), scale=1 / 255), behind)
    wide = _wide(cover)
    colours = cv2.multiply(rgb, wide, scale=1 / 255)
    found[box[1] : box[3], box[0] : box[2]] = cv2.merge([colours, cv2.extractChannel(wide, 0)])
    return found


def _larger(plane: np.ndarray, times: int) -> np.ndarray:
    return cv2.resize(plane, None, fx=times, fy=times, interpolation=cv2.INTER_LINEAR)


def _wide(share: np.ndarray) -> np.ndarray:
    """Of 0 to 1, uint8 (H, W, 3)."""
    return cv2.cvtColor(cv2.convertScaleAbs(share, alpha=255), cv2.COLOR_GRAY2RGB)
