"""The rim of painted hair in the hair's own colour.

Where hair ends the painter mixes in what lies behind, and laid over the camera's picture with its alpha that
is mixed in twice: black hair gets a light rim and blond hair a dark one, as if cut out. So at the rim hair is
as it is a little further in, strands and all (what compositors call decontaminating an edge).
"""

from __future__ import annotations

import cv2
import numpy as np

# Alphas of which on hair is hair alone, and up to which it is rim; between, softly.
_WHOLE, _RIM = (0.6, 0.9), (0.35, 0.85)
# How far inwards is looked, in pixels of half the side; how much of hair there must be there.
_REACH, _NEAR = 2.0, 0.08
# How much lighter or darker than what lies further in a strand at the rim may be, of 1.
_STRAND = 0.05


def own_coloured(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Painted hair whose rim has the colour of the hair beside it.

    Args:
        rgb: float32 (S, S, 3), 0 to 1, as painted; alpha: float32 (S, S), of the hair.

    Returns:
        float32 (S, S, 3).

    Example:
        >>> alpha = np.tile(np.clip(np.linspace(6, -5, 64), 0, 1).astype(np.float32), (64, 1))
        >>> rgb = 1 - 0.8 * cv2.merge([alpha] * 3)  # dark hair that fades into a white wall
        >>> rim = int(np.argmin(np.abs(alpha[0] - 0.4)))
        >>> bool(rgb[32, rim, 0] > 0.6), bool(own_coloured(rgb, alpha)[32, rim, 0] < 0.45)
        (True, True)
    """
    half = (alpha.shape[1] // 2, alpha.shape[0] // 2)
    small, whole = (cv2.resize(one, half, interpolation=cv2.INTER_AREA) for one in (rgb, alpha))
    whole = np.clip((whole - _WHOLE[0]) * (1 / (_WHOLE[1] - _WHOLE[0])), 0, 1)
    near = cv2.GaussianBlur(whole, (0, 0), _REACH)
    inner = cv2.GaussianBlur(cv2.multiply(small, cv2.merge([whole] * 3)), (0, 0), _REACH)
    inner = cv2.divide(inner, cv2.merge([cv2.max(near, 1e-4)] * 3))
    size = alpha.shape[::-1]
    inner, near = (cv2.resize(one, size, interpolation=cv2.INTER_LINEAR) for one in (inner, near))
    share = np.clip((_RIM[1] - alpha) * (1 / (_RIM[1] - _RIM[0])), 0, 1)
    share *= np.minimum(near * (1 / _NEAR), 1)
    strands = np.clip(cv2.subtract(rgb, inner), -_STRAND, _STRAND)
    return cv2.blendLinear(cv2.add(inner, strands), rgb, share, 1 - share)
