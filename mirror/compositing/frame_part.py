"""Parts of a frame: boxes, and what of head space or of a key view lies in one."""

from __future__ import annotations

import math

import cv2
import numpy as np

from mirror.compositing.head_pose import inverse
from mirror.compositing.over import Canvas
from mirror.compositing.warp import Box, nodes_of
from mirror.core.head_space import EYE_CENTRE, HeadTransform
from mirror.hair.key_view import CELL

Shares = tuple[float, float, float, float]
NOTHING: Box = (0, 0, 0, 0)
_ENDLESS = 9.0  # sides of the square: no frame is as wide
_MAGNIFIED = 1.7  # frame pixels a pixel: from here on every second one is enough


class Warp:
    """From pixels of a frame to those of a picture that is bent: a key view, or a square of head space.

    Args:
        matrix: float64 (2, 3): pixels of the picture, before it is bent -> frame pixels.
        field: what is added to such a pixel to be at that of the picture, in cells of `CELL` pixels, at nodes
            that far apart: float32 (rows, columns, 2).
    """

    def __init__(self, matrix: np.ndarray, field: np.ndarray) -> None:
        self._back, self._field = inverse(matrix), field

    def grid(
        self,
        part: Box,
        canvas: Canvas,
        *,
        reduced: float = 1,
        corner: tuple[int, int] = (0, 0),
        every: int = 1,
    ) -> np.ndarray:
        """Where each pixel of a part of the frame lies in the picture: float32 (H, W, 2), the canvas's own.

        Args:
            reduced: by how much the picture was made smaller; corner: where it begins then.
            every: only every so many-th pixel is asked for, see `thinned`; it divides `CELL`.
        """
        left, top, right, bottom = (edge * every for edge in thinned(part, every))
        # Nodes lie at the same places whatever part is asked for, and a cell further all round: beyond its
        # outermost nodes a grid that is made larger only repeats itself.
        first = left // CELL - 1, top // CELL - 1
        columns, rows = -(-right // CELL) + 1 - first[0], -(-bottom // CELL) + 1 - first[1]
        # From pixels to nodes, those of the frame and those of the picture: a pixel is a `CELL`-th of one.
        back = self._back.copy()
        middle = np.array([first[0] + 0.5, first[1] + 0.5]) * CELL - 0.5
        back[:, 2] = (back[:, :2] @ middle + back[:, 2] + 0.5) * (1 / CELL) - 0.5
        where = cv2.transform(nodes_of(rows, columns), back)
        where += cv2.remap(self._field, where, None, cv2.INTER_LINEAR, None, cv2.BORDER_REPLICATE)
        unit = CELL / reduced
        where *= np.float32(unit)
        where += np.array([unit / 2 - 0.5 - edge for edge in corner], np.float32)
        step = CELL // every
        grid = canvas.take("grid", rows * step, columns * step, 2, np.float32)
        cv2.resize(where, (columns * step, rows * step), dst=grid, interpolation=cv2.INTER_LINEAR)
        x, y = left // every - first[0] * step, top // every - first[1] * step
        return grid[y : y + (bottom - top) // every, x : x + (right - left) // every]


def pasted(
    square: np.ndarray, transform: HeadTransform, part: Box, border: int = cv2.BORDER_CONSTANT
) -> np.ndarray:
    """A square of head space as it lies in a part of the frame, of the square's own dtype and channels."""
    every = every_for(transform.scale / square.shape[0])
    return between(sampled(square, transform, part, every, border), part, every)


def sampled(
    square: np.ndarray, transform: HeadTransform, part: Box, every: int, border: int = cv2.BORDER_CONSTANT
) -> np.ndarray:
    """The same at every so many-th pixel of a part of the frame, see `thinned`."""
    small = thinned(part, every)
    matrix = transform.matrix(square.shape[0])
    # The first sample lies in the middle of so many pixels.
    matrix[:, 2] -= (every - 1) / 2
    matrix *= 1 / every
    matrix[:, 2] -= small[:2]
    height, width = shape(small)
    return cv2.warpAffine(square, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=border)


def every_for(magnified: float) -> int:
    """Every how manieth pixel of a frame is sampled of what is magnified so much there: what lies between is
    interpolated either way."""
    return 2 if magnified >= _MAGNIFIED else 1


def thinned(part: Box, every: int) -> Box:
    """A part of the frame in a frame that has one pixel, in their middle, for so many each way."""
    left, top, right, bottom = part
    return left // every, top // every, -(-right // every), -(-bottom // every)


def between(samples: np.ndarray, part: Box, every: int) -> np.ndarray:
    """A part of the frame of every so many-th of its pixels."""
    if every == 1:
        return samples
    height, width = samples.shape[:2]
    whole = cv2.resize(samples, (width * every, height * every), interpolation=cv2.INTER_LINEAR)
    left, top, right, bottom = part
    return whole[top % every :, left % every :][: bottom - top, : right - left]


def reached(box: Shares, transform: HeadTransform, size: tuple[int, int]) -> Box:
    """The part of a frame of `size` (width, height) that a box of head space reaches.

    Args:
        box: left, top, right, bottom, shares of the side; without width where nothing is in it.
    """
    if box[2] <= box[0]:
        return NOTHING
    turn = complex(math.cos(transform.angle), math.sin(transform.angle)) * transform.scale
    middle = complex(*EYE_CENTRE)
    corners = [
        (complex(x, y) - middle) * turn + complex(transform.x, transform.y)
        for x in (box[0], box[2])
        for y in (box[1], box[3])
    ]
    across, down = [corner.real for corner in corners], [corner.imag for corner in corners]
    low = math.floor(min(across)), math.floor(min(down))
    high = math.ceil(max(across)) + 1, math.ceil(max(down)) + 1
    return both((*low, *high), (0, 0, *size))


def box_of(plane: np.ndarray, *, endless: bool = False) -> Shares:
    """What of a square of head space is not 0, as `reached` takes it.

    Args:
        plane: uint8 (S, S).
        endless: what is at an edge goes on beyond it.
    """
    side = plane.shape[0]
    x, y, width, height = cv2.boundingRect(plane)
    if not width:
        return 0.0, 0.0, 0.0, 0.0
    # One pixel more on each side: bilinear sampling reaches that far.
    box = [(x - 1) / side, (y - 1) / side, (x + width + 1) / side, (y + height + 1) / side]
    if endless:
        box = [
            share if 0 < edge < side else math.copysign(_ENDLESS, edge - 0.5)
            for edge, share in zip((x, y, x + width, y + height), box, strict=True)
        ]
    return box[0], box[1], box[2], box[3]


def give_back(view: np.ndarray, camera: np.ndarray, share: np.ndarray) -> None:
    """The camera's own where `share`, uint8 (H, W), says so; `view`, uint8 (H, W, 3), is written to.

    What is the camera's already stays so to the bit: a sum of two rounded shares would be a grey level off.
    """
    wide = cv2.cvtColor(share, cv2.COLOR_GRAY2RGB)
    lighter, darker = cv2.subtract(camera, view), cv2.subtract(view, camera)
    cv2.add(view, cv2.multiply(lighter, wide, dst=lighter, scale=1 / 255), dst=view)
    cv2.subtract(view, cv2.multiply(darker, wide, dst=darker, scale=1 / 255), dst=view)


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
