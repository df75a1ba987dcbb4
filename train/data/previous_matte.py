"""What the matte network is told of the picture before: roughly the truth, as it would have said itself."""

from __future__ import annotations

import cv2
import numpy as np

UNKNOWN = 128  # of 255: there was no picture before


def previous_matte(matte: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A matte as the picture before may have had it, uint8 (S, S).

    Three times in seven there was no picture before. Otherwise the head had moved a little and the network
    had been wrong here and there, or, rarely, it was somebody else's: so what is told is never to be copied
    blindly.
    """
    side = matte.shape[0]
    if rng.random() < 3 / 7:
        return np.full((side, side), UNKNOWN, np.uint8)
    shift = rng.normal(0, side * 0.006, 2)
    turn = np.array([[1, 0], [0, 1]]) + rng.normal(0, 0.01, (2, 2))
    if rng.random() < 0.06:  # another moment: a head that has moved on, or somebody else
        matte, shift = matte[:, ::-1], rng.normal(0, side * 0.08, 2)
    middle = np.full(2, (side - 1) / 2)
    matrix = np.hstack([turn, (middle - turn @ middle + shift)[:, None]])
    told = cv2.warpAffine(np.ascontiguousarray(matte), matrix, (side, side))
    if rng.random() < 0.5:
        size = int(rng.integers(2, 4 + side // 64))
        grow = cv2.dilate if rng.random() < 0.5 else cv2.erode
        told = grow(told, np.ones((size, size), np.uint8))
    for _ in range(rng.integers(0, 4)):
        centre, axes = rng.uniform(0, side, 2), rng.uniform(0.01, 0.12, 2) * side
        value = int(rng.choice([0, 255]))
        cv2.ellipse(told, (tuple(centre), tuple(2 * axes), float(rng.uniform(0, 180))), value, -1)
    return cv2.GaussianBlur(told, (0, 0), rng.uniform(0.5, side / 90))
