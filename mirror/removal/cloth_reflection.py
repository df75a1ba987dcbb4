"""Reflection of clothes: hair that hung before them gives way to what is seen beside it, mirrored."""

from __future__ import annotations

import cv2
import numpy as np

SIDE = 128  # pixels of the result
# In cells of 64: how smooth the outline is at which clothes are reflected, and the share of what is seen at
# which it lies; how even the reflection is, and how deep it goes.
_LOCKS, _OUTSIDE, _EVEN, _DEEP = 1.5, 0.7, 3.0, 12.0
_RIM, _PAIR = np.ones((3, 3), np.uint8), np.ones((1, 2), np.uint8)
_PLACES = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), -1).astype(np.float32)


def reflected(plain: np.ndarray, image: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Clothes behind hair with the folds and the pattern of those beside it, reflected at the hair's outline.

    Each place takes the colour of the one as far beyond the nearest in its row that is seen, for hair hangs
    down before clothes; deeper in, where nothing can be known, all is smooth.

    Args:
        plain: float32 (64, 64, 3), 0 to 1, a smooth guess.
        image: float32 (1, 3, S, S), 0 to 1, the camera's.
        seen: float32 (64, 64), 0 to 1, how much of each cell the camera shows as it will be shown.

    Returns:
        float32 (128, 128, 3), 0 to 1.
    """
    size = (SIDE, SIDE)
    way, cells = _sideways(seen), len(plain)
    plain = cv2.resize(plain, size, interpolation=cv2.INTER_LINEAR)
    if way is None:
        return plain
    far = np.abs(way)
    way = cv2.resize(way, size, interpolation=cv2.INTER_LINEAR) * np.float32(2 * SIDE / cells)
    # What lies beyond the square is reflected at its edge.
    last = np.float32(SIDE - 1)
    x = last - np.abs(last - np.abs(_PLACES[..., 0] + way))
    y = np.ascontiguousarray(_PLACES[..., 1])
    camera = cv2.merge([cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in image[0]])
    there = cv2.remap(camera, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    half = np.float32(cells / SIDE)
    # A cell less: on its rim cloth is mixed with hair, or with what lies beyond the picture.
    sure = cv2.remap(cv2.erode(seen, _RIM), (x + 0.5) * half - 0.5, (y + 0.5) * half - 0.5, cv2.INTER_LINEAR)
    sure = np.clip(cv2.GaussianBlur(sure, (0, 0), 1.5) * 2 - 1, 0, 1)
    sure *= cv2.resize(np.exp(-((far * np.float32(1 / _DEEP)) ** 2)), size, interpolation=cv2.INTER_LINEAR)
    return cv2.blendLinear(there, plain, sure, 1 - sure)


def _sideways(beside: np.ndarray) -> np.ndarray | None:
    """From each cell to the nearest in its row that is seen, evened out, float32 (64, 64), in cells.

    None where nothing is hidden, or all is.
    """
    # A single cell between two locks is too little to be carried on.
    seen = cv2.erode(cv2.GaussianBlur(beside, (0, 0), _LOCKS / 2), _PAIR) > _OUTSIDE
    if seen.all() or not seen.any():
        return None
    side = len(beside)
    columns = np.broadcast_to(np.arange(side), seen.shape)
    left = np.maximum.accumulate(np.where(seen, columns, -side), axis=1)
    right = np.minimum.accumulate(np.where(seen, columns, 2 * side)[:, ::-1], axis=1)[:, ::-1]
    way = np.where(columns - left <= right - columns, left, right) - columns
    # A row in which nothing is seen stays where it is: there the smooth guess shows.
    way = np.where(np.abs(way) < side, way, 0).astype(np.float32)
    return cv2.GaussianBlur(way, (0, 0), sigmaX=1.0, sigmaY=_EVEN)
