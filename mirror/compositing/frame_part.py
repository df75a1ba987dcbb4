"""Parts of a frame: boxes, and what of head space or of a key view lies in one."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.compositing.over import Canvas
from mirror.compositing.warp import Box, Placed, grid_of
from mirror.core.head_space import HeadTransform
from mirror.hair.key_view import CELL

NOTHING: Box = (0, 0, 0, 0)


def fine_grid(
    placed: Placed, layer: int, part: Box, reduced: float, canvas: Canvas, corner: tuple[int, int] = (0, 0)
) -> np.ndarray:
    """Where each pixel of a part of the frame lies in a picture that was made smaller by `reduced` and
    begins at `corner` then: float32 (H, W, 2), the canvas's own."""
    height, width = shape(part)
    left, top, right, bottom = part
    # A cell more all round: beyond its outermost nodes a grid that is made larger only repeats itself.
    coarse = grid_of(placed, layer, (left - CELL, top - CELL, right + CELL, bottom + CELL), reduced)
    if any(corner):
        coarse -= np.array(corner, np.float32)
    rows, columns = coarse.shape[0] * CELL, coarse.shape[1] * CELL
    grid = canvas.take("grid", rows, columns, 2, np.float32)
    cv2.resize(coarse, (columns, rows), dst=grid, interpolation=cv2.INTER_LINEAR)
    return grid[CELL : CELL + height, CELL : CELL + width]


def pasted(
    square: np.ndarray, transform: HeadTransform, part: Box, border: int = cv2.BORDER_CONSTANT
) -> np.ndarray:
    """A square of head space as it lies in a part of the frame, of the square's own dtype and channels."""
    matrix = transform.matrix(square.shape[0])
    matrix[:, 2] -= part[:2]
    height, width = shape(part)
    return cv2.warpAffine(square, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=border)


def give_back(view: np.ndarray, camera: np.ndarray, share: np.ndarray) -> None:
    """The camera's own where `share`, uint8 (H, W), says so; `view`, uint8 (H, W, 3), is written to."""
    if not share.any():
        return
    wide = cv2.cvtColor(share, cv2.COLOR_GRAY2RGB)
    given = cv2.multiply(camera, wide, scale=1 / 255)
    kept = cv2.multiply(view, cv2.bitwise_not(wide, dst=wide), scale=1 / 255)
    cv2.add(kept, given, dst=view)


def cut(picture: np.ndarray, part: Box) -> np.ndarray:
    """A view of a part."""
    left, top, right, bottom = part
    return picture[top:bottom, left:right]


def shape(part: Box) -> tuple[int, int]:
    """Its height and width."""
    return part[3] - part[1], part[2] - part[0]


def empty(part: Box) -> bool:
    """Whether there is nothing in it."""
    return part[2] <= part[0] or part[3] <= part[1]


def around(one: Box, other: Box) -> Box:
    """The box around two."""
    if empty(one):
        return other
    if empty(other):
        return one
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def both(one: Box, other: Box) -> Box:
    """What lies in both of two."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
