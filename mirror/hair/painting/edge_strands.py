"""Fray: the edge of painted hair, broken into the strands that it ends in.

A painted matte ends as softly everywhere as a pixel of 256 is wide, and hair that ends like that is felt or
wig. Real hair ends strand by strand. The noise that is smeared along the way in which hair runs
(`mirror.hair.painting.strand_detail`) says which strands there are; at the edge, where alpha is neither 0 nor
1, some of them reach further and some end sooner.
"""

from __future__ import annotations

import cv2
import numpy as np

ONE = 128  # of the map: nothing changes
# How much of alpha (1 - alpha) a strand of one standard deviation adds or takes; and the most that counts.
AMOUNT, MOST = 1.1, 2.5


def fray_map(noise: np.ndarray) -> np.ndarray:
    """The map of noise as it is laid on, uint8: 128 for none, 127 more or less for `MOST` deviations.

    Args:
        noise: float32 (S, S), with a mean of 0 and a standard deviation of 1.
    """
    return cv2.convertScaleAbs(np.clip(noise, -MOST, MOST), alpha=127 / MOST, beta=ONE)


def frayed(alpha: np.ndarray, fray: np.ndarray) -> np.ndarray:
    """Alpha with its edge in strands: a + n a (1 - a), n the noise, as far as that is an alpha.

    Args:
        alpha: uint8 (S, S), of the hair. Where it is 0 or 255 nothing changes.
        fray: uint8 (S, S), see `fray_map`.

    Returns:
        A new uint8 (S, S).

    Example:
        >>> frayed(np.array([[0, 128, 255]], np.uint8), np.full((1, 3), 160, np.uint8)).tolist()
        [[0, 172, 255]]
    """
    room = cv2.multiply(alpha, 255 - alpha, scale=1 / 255, dtype=cv2.CV_32F)
    scale = AMOUNT * MOST / 127
    noise = cv2.addWeighted(fray, scale, fray, 0, -ONE * scale, dtype=cv2.CV_32F)
    more = cv2.add(cv2.multiply(room, noise), alpha, dtype=cv2.CV_8U)
    # Where hair ends for good, a strand that is nothing but rounding ends too.
    return cv2.copyTo(more, alpha)
