"""Where hair ends at the edges of the head's square: the window it is seen through, the tips of long hair."""

from __future__ import annotations

import cv2
import numpy as np

# Shares of the side: over which all hair fades at the square's edges; how far above the lower one long hair
# may end; widths of the locks in which it does, and how much each counts; how far a lock tapers.
_EDGES, _LOCKS_END, _LOCK_WIDTHS, _LOCK_SHARES, _TAPER = 1 / 32, 0.13, (0.006, 0.03), (0.8, 0.6), 0.03


def window(side: int, below: float = _EDGES) -> np.ndarray:
    """float32 (side, side): 1 inside, falling to 0 at the square's edges, over `below` at the lower one."""
    place = (np.arange(side) + 0.5) / side
    across = np.clip(np.minimum(place, 1 - place) / _EDGES, 0, 1)
    down = np.clip(np.minimum(place / _EDGES, (1 - place) / below), 0, 1)
    ramp = np.outer(down, across)
    return (ramp * ramp * (3 - 2 * ramp)).astype(np.float32)


def tips(side: int) -> np.ndarray:
    """float32 (side, side): 1 above, 0 below where long hair ends, lock by lock.

    Long hair leaves the square at the bottom. A ruled line is no end for it, and neither is a fog: there each
    lock has its own length, the same on everybody and every day.
    """
    noise = np.random.default_rng(0).normal(size=(2, 2 * side))
    length = np.zeros(side)
    for one, width, share in zip(noise, _LOCK_WIDTHS, _LOCK_SHARES, strict=True):
        smooth = cv2.GaussianBlur(one[None], (0, 0), width * side)[0, side // 2 : side // 2 + side]
        length += share * smooth / smooth.std()
    length = 0.5 + 0.5 * np.tanh(length)
    place = (np.arange(side) + 0.5)[:, None] / side
    ends = 1 - _EDGES - (_LOCKS_END - _EDGES) * length
    return np.clip((ends[None, :] - place) * (1 / _TAPER) + 0.5, 0, 1).astype(np.float32)
