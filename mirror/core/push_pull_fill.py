"""Fills what is not seen from what is: smoothly, near by in the nearest colour, further away coarser."""

from __future__ import annotations

import cv2
import numpy as np

FILL_SIDE = 64  # pixels: finer than a quarter of the head square no guess is
# What a coarser level counts where the finer one knows something.
_FAINT = np.float32(0.02)


def fill_in(image: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Pull and push over a pyramid (Gortler et al. 1996, section 3.4).

    Args:
        image: float32 (S, S, 3), S a power of 2.
        known: float32 (S, S), 0 to 1, how far each pixel counts.

    Returns:
        float32 (S, S, 3); where nothing is known at all, 0.

    Example:
        >>> image = np.zeros((8, 8, 3), np.float32)
        >>> known = np.zeros((8, 8), np.float32)
        >>> image[0, 0], known[0, 0] = 0.5, 1
        >>> bool(np.allclose(fill_in(image, known), 0.5, atol=0.01))
        True
    """
    sums = cv2.merge([*cv2.split(cv2.multiply(image, cv2.merge([known, known, known]))), known])
    levels = []
    while sums.shape[0] > 1:
        levels.append(sums)
        sums = cv2.resize(sums, (sums.shape[1] // 2, sums.shape[0] // 2), interpolation=cv2.INTER_AREA)
    sums = sums.reshape(1, 1, 4)
    guess = sums[..., :3] / np.maximum(sums[..., 3:], np.float32(1e-9))
    for level in reversed(levels):
        above = cv2.resize(guess, level.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        guess = (level[..., :3] + _FAINT * above) / (level[..., 3:] + _FAINT)
    return guess
