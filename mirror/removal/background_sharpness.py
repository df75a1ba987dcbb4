"""How sharp the wall beside a head is: what is thin before one out of focus is a hair, before a sharp one it
may be the wall's own.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.push_pull_fill import FILL_SIDE, fill_in
from mirror.removal.background_plate import WALL_SIDE

# Pixels of `WALL_SIDE`: what is finer is lost out of focus, what is coarser is light and shade.
_FINE, _COARSE = 1.2, 6.0
# The fine of a wall, in shares of the coarse, and as a difference of 1: from the first on it counts as
# sharp, from the second on it is. Chosen on 36 held-out heads with a varied wall, behind the hair of others.
_SHARE, _PLAIN = (0.2, 0.35), (0.004, 0.008)
_EVEN = 3.0  # cells over which both are averaged
_CELL = np.ones((3, 3), np.uint8)


def in_focus(image: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """How sharp the nearest wall is that is seen.

    Args:
        image: float32 (1, 3, S, S), 0 to 1, the camera's.
        seen: float32 (64, 64), 0 to 1, how much of each cell is wall that the camera shows.

    Returns:
        float32 (128, 128), 0 (out of focus, or quite plain) to 1. Where no wall is seen, 0.

    Example:
        >>> rows = np.arange(256) // 4 % 2
        >>> stripes = np.broadcast_to(rows[:, None], (1, 3, 256, 256)).astype(np.float32)
        >>> bool(in_focus(stripes, np.ones((64, 64), np.float32)).min() > 0.9)
        True
    """
    fine_size, size = (WALL_SIDE, WALL_SIDE), (FILL_SIDE, FILL_SIDE)
    grey = cv2.resize(image[0].mean(0), fine_size, interpolation=cv2.INTER_AREA)
    whole = np.where(seen > 0.99, np.float32(1), np.float32(0))
    known = cv2.resize(whole, fine_size, interpolation=cv2.INTER_NEAREST)
    even = masked_blur(grey, known, _FINE)
    # A pixel less: on its rim the wall is mixed with hair.
    sure = cv2.erode(known, _CELL)
    fine, share = cv2.split(
        cv2.resize(cv2.merge([cv2.absdiff(grey, even) * sure, sure]), size, interpolation=cv2.INTER_AREA)
    )
    even = cv2.resize(even, size, interpolation=cv2.INTER_AREA)
    coarse = cv2.absdiff(even, masked_blur(even, whole, _COARSE / 2))
    inside = np.where(share > 0.99, np.float32(1), np.float32(0))
    fine, coarse = (masked_blur(one, inside, _EVEN) for one in (fine, coarse))
    sharp = _ramp(fine / np.maximum(coarse, _PLAIN[0]), _SHARE) * _ramp(fine, _PLAIN)
    filled = fill_in(cv2.merge([sharp, sharp, sharp]), inside)[..., 0]
    return cv2.resize(cv2.GaussianBlur(filled, (0, 0), 1.0), fine_size, interpolation=cv2.INTER_LINEAR)


def masked_blur(plane: np.ndarray, known: np.ndarray, sigma: float) -> np.ndarray:
    """The mean of what is known around each pixel; 0 where nothing is."""
    near = cv2.GaussianBlur(known, (0, 0), sigma)
    return cv2.divide(cv2.GaussianBlur(plane * known, (0, 0), sigma), cv2.max(near, 1e-3))


def _ramp(value: np.ndarray, ends: tuple[float, float]) -> np.ndarray:
    low, high = ends
    return np.clip((value - low) * (1 / (high - low)), 0, 1).astype(np.float32)
