"""Detail: what the decoder is too small to draw. Edges of strands, and rare colours."""

from __future__ import annotations

import cv2
import numpy as np

# Looked at on five styles: 0.7 brings strands out, 1.4 draws a pale line along the hairline.
AMOUNT = 0.7


def sharpen(rgb: np.ndarray, hair: np.ndarray, amount: float = AMOUNT) -> np.ndarray:
    """Unsharp mask inside the hair; nothing else changes.

    Args:
        rgb: float32 (S, S, 3), 0 to 1.
        hair: float32 (S, S), alpha of the hair, 0 to 1.
        amount: 0 leaves the picture as it is.

    Returns:
        float32 (S, S, 3); may leave 0 to 1 by a little.

    Example:
        >>> flat = np.full((8, 8, 3), 0.5, np.float32)
        >>> bool(np.allclose(sharpen(flat, np.ones((8, 8), np.float32)), flat))
        True
    """
    soft = cv2.GaussianBlur(rgb, (9, 9), 2.0)
    share = hair * np.float32(amount)
    fine = cv2.multiply(cv2.subtract(rgb, soft), cv2.merge([share, share, share]))
    return cv2.add(rgb, fine)


def tinted(rgb: np.ndarray, hair: np.ndarray, tint: np.ndarray, gain: np.ndarray | None = None) -> np.ndarray:
    """Multiplies the colours inside the hair; nothing else changes.

    Args:
        rgb: float32 (S, S, 3), 0 to 1.
        hair: float32 (S, S), alpha of the hair, 0 to 1. Where half of what is seen is the wall behind, it
            takes no more than a quarter of the tint.
        tint: float32 (3,), factors of red, green and blue; all 1 leave the picture as it is.
        gain: float32 (s, s, 3), further factors that differ from place to place, see
            `mirror.core.face_lighting.gains`.

    Returns:
        float32 (S, S, 3); may exceed 1 by a little.

    Example:
        >>> grey = np.full((8, 8, 3), 0.5, np.float32)
        >>> tinted(grey, np.ones((8, 8), np.float32), np.array([1.2, 1, 1], np.float32))[0, 0].tolist()
        [0.6000000238418579, 0.5, 0.5]
    """
    if gain is None and np.all(tint == 1):
        return rgb
    inner = hair * hair
    if gain is None:
        return cv2.multiply(rgb, cv2.merge([1 + inner * np.float32(factor - 1) for factor in tint]))
    factors = cv2.resize(gain * tint.astype(np.float32) - 1, rgb.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    share = cv2.multiply(factors, cv2.merge([inner, inner, inner]))
    return cv2.add(rgb, cv2.multiply(rgb, share))
