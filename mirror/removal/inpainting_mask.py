"""The hole: where the painter may paint. Training cuts it with this same function."""

from __future__ import annotations

import cv2
import numpy as np

HOLE_SIDE = 64


def cut_hole(own: np.ndarray, new: np.ndarray, side: int, *, radius: int = 2) -> np.ndarray:
    """The dilated union of two hair shapes.

    The union is grown on a 64-pixel grid, so that its outline says little about either shape: a
    hole that follows the hair would give the answer away (the painter would learn that hair fills
    the hole).

    Args:
        own: alpha of the hair that is there, float32 (64, 64), 0 to 1.
        new: alpha of the hair that is wanted, float32 (64, 64), 0 to 1.
        side: pixels of the result.
        radius: how far the union is grown, in cells of the 64-pixel grid.

    Returns:
        float32 (side, side), 1 inside the hole, 0 outside.

    Example:
        >>> own = np.zeros((64, 64), np.float32); own[10:20, 20:40] = 1
        >>> float(cut_hole(own, np.zeros_like(own), 256)[60, 120])
        1.0
    """
    union = (np.maximum(own, new) > 0.08).astype(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    grown = cv2.dilate(union, kernel).astype(np.float32)
    smooth = cv2.resize(cv2.GaussianBlur(grown, (3, 3), 0), (side, side), interpolation=cv2.INTER_LINEAR)
    return (smooth > 0.4).astype(np.float32)
