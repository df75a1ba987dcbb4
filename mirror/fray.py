"""Fray: the edge of painted hair, broken into the strands that it ends in.

A painted matte ends as softly everywhere as a pixel of 256 is wide, and hair that ends like that is felt or
wig. Real hair ends strand by strand. The noise that is smeared along the way in which hair runs
(`mirror.strands`) says which strands there are; at the edge, where alpha is neither 0 nor 1, some of them
reach further and some end sooner.
"""

from __future__ import annotations

import cv2
import numpy as np

ONE = 128  # of the map: nothing changes
# How much of alpha (1 - alpha) a strand of one standard deviation adds or takes; and the most that counts.
AMOUNT, MOST = 1.1, 2.5
_EDGE = 6.0  # how steeply it ends towards the inside, where hair is nearly all


def fray_map(noise: np.ndarray) -> np.ndarray:
    """The map of noise as it is laid on, uint8: 128 for none, 127 more or less for `MOST` deviations.

    Args:
        noise: float32 (S, S), with a mean of 0 and a standard deviation of 1.
    """
    return cv2.convertScaleAbs(np.clip(noise, -MOST, MOST), alpha=127 / MOST, beta=ONE)


def frayed(
    picture: np.ndarray, hair: np.ndarray, alpha: np.ndarray, fray: np.ndarray, strength: float = 1.0
) -> np.ndarray:
    """A picture with hair laid on it, its edge frayed.

    With n the noise, alpha becomes a + n a (1 - a). The picture was p = a h + (1 - a) b, with whatever b is
    beneath; so it becomes p + n a (h - p), and b need not be known.

    Args:
        picture: uint8 (H, W, 3), with the hair on it.
        hair: uint8 (H, W, 3), of what colour the hair is, wherever it is.
        alpha: uint8 (H, W), of the hair. Where it is 0 or 255 nothing changes.
        fray: uint8 (H, W), see `fray_map`.
        strength: 0 to 1, for fading in.

    Returns:
        A new uint8 (H, W, 3).

    Example:
        >>> wall, hair = np.full((1, 3, 3), 200, np.uint8), np.full((1, 3, 3), 40, np.uint8)
        >>> picture = np.array([[[200] * 3, [120] * 3, [40] * 3]], np.uint8)
        >>> alpha, fray = np.array([[0, 128, 255]], np.uint8), np.full((1, 3), 160, np.uint8)
        >>> frayed(picture, hair, alpha, fray)[0, :, 0].tolist()
        [200, 92, 40]
    """
    # Beyond 1 a strand would be more than hair, or less than none.
    share = alpha.astype(np.float32) * np.float32(strength / 255)
    n = cv2.addWeighted(fray, AMOUNT * MOST / 127, fray, 0, -ONE * AMOUNT * MOST / 127, dtype=cv2.CV_32F)
    n = np.clip(n, -1, 1, out=n)
    # Within the hair picture and hair differ by what else is laid on it: the edge alone is frayed.
    n = cv2.multiply(n, cv2.min(share, (np.float32(strength) - share) * np.float32(_EDGE)))
    return cv2.blendLinear(hair, picture, n, 1 - n)
