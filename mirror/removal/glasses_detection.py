"""Whether glasses are worn: what is round both eyes and over the nose, looked at as a whole.

One line beside an eye may be a wrinkle, a lock or the end of a brow, and so may one over the nose. Rims round
both eyes, the bridge and the hinges together are none of them. Logistic regression on how the edges of the
region of the eyes run (a histogram of oriented gradients) knows them; `train.data.fit_glasses_detector` fits
it.
"""

from __future__ import annotations

import cv2
import numpy as np

# Rows and columns at 256 in head space: from the brows to the cheeks, from temple to temple.
_ROWS, _COLUMNS = slice(92, 148), slice(72, 184)
_HOG = cv2.HOGDescriptor((112, 56), (28, 28), (28, 28), (14, 14), 6)
_LUMA = np.array([76.5, 150.45, 28.05], np.float32)  # 0 to 255
STEP = 0.05  # the weights are multiples of that
_BIAS = -106 * STEP
_WEIGHTS = STEP * np.fromstring(
    "-14 -12 7 5 -5 -18 -1 43 81 77 28 4 -10 -24 -15 -3 -20 -18 8 -10 0 9 -13 -6 "
    "-5 1 -8 12 29 8 -13 -3 -13 -14 -22 -7 -6 4 8 3 17 8 -7 12 31 35 14 -9 "
    "-2 -10 -19 2 20 -2 -8 -14 -10 -4 0 -1 -6 -9 -22 10 21 -2 -9 9 38 16 17 2 "
    "-3 3 -21 -8 -1 -11 -27 19 32 22 -7 -28 36 24 -12 -2 10 2 1 7 3 -20 -4 -21 "
    "-2 21 10 -21 -8 -6 2 20 18 35 8 -9 0 21 -1 -15 -10 -1 1 -1 -5 -11 -14 -7 "
    "0 10 -1 -12 26 39 -21 -3 -19 4 8 -1 -12 -2 -10 -19 2 -5 -29 -7 26 30 17 -25 "
    "-20 -19 -6 -16 -27 -13 -9 -14 10 4 -6 7 -21 -6 5 4 -14 -13 4 28 76 80 41 -3 "
    "9 22 5 7 4 -4 -10 15 35 28 12 -6 7 25 13 -8 2 -2 -6 -23 -16 -14 -2 -11",
    np.float32,
    sep=" ",
)
# What the sum must be at least. Of 560 people, each judged by a fit without them, 3 without glasses were
# above it, and beside the eyes of none of these is a line.
_LEAST = 0.5


def gradients_of(image: np.ndarray) -> np.ndarray:
    """How edges run about the eyes of a `Head.image`, float32 (1, 3, 256, 256), 0 to 1: float32 (192,)."""
    about = np.ascontiguousarray(image[0, :, _ROWS, _COLUMNS].transpose(1, 2, 0)) @ _LUMA
    return np.asarray(_HOG.compute(about.astype(np.uint8)), np.float32).ravel()


def worn_on(image: np.ndarray) -> float:
    """How sure it is that glasses are worn, 0 to 2; from 1 on they are. `image` as in `gradients_of`."""
    total = float(gradients_of(image) @ _WEIGHTS) + _BIAS
    return 2 / (1 + float(np.exp(_LEAST - total)))
