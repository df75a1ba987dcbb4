"""Where hair goes on below the head's square: followed downwards by its colour.

What has the colour of the hair at the shoulders and not that of skin, clothes and wall there, and hangs
together with it, is hair.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_crop import SIDE
from mirror.core.push_pull_fill import FILL_SIDE

# How far below the head's square the second one lies, in sides of it; they overlap by the rest.
DOWN = 0.7
# The row of the head's square from which hair is followed, share of the side; between these two hair is
# looked at for its colour, as what is not hair is.
FROM = 0.94
_COLOUR = (0.55, 0.965)
_BINS = 16  # of a and of b, and half as many as of L
# What a colour that was never seen counts for not being hair, against shares of all that were.
_UNSEEN = 0.002
# Chance of being hair that is none, as its inverse how steeply it then grows; and how much of what hangs
# above counts a row further down.
_NONE, _STEEP, _HANGS = 0.5, 4.0, 1.15
# In cells of 64: how far to the side of where it leaves the head's square hair may hang; how far locks go on.
_SWING, _TIPS = 4, 6
_FEW = 200  # colours: of fewer, each says less
_WAIST = 0.72  # of the lower square: rows further down


def colours_of_hair(
    lab: np.ndarray, matte: np.ndarray, front: np.ndarray, lower: np.ndarray
) -> np.ndarray | None:
    """How likely each colour is hair, float32 (32, 16, 16) over L, a, b; None where there is too little."""
    size = lab.shape[1::-1]
    hair, held = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (matte, front))
    rows = slice(*(round(size[1] * share) for share in _COLOUR))
    part, hair, held = lab[rows].reshape(-1, 3), hair[rows].ravel(), held[rows].ravel()
    seen = part[:, 0] > 0
    mine, others = part[seen & (hair > 0.9)], part[seen & (hair < 0.05) & (held < 0.3)]
    if len(mine) < 40:
        return None
    # Where no hair hangs above, what lies further down is none either.
    hanging = cv2.resize(matte, size, interpolation=cv2.INTER_AREA)[round(size[1] * FROM)] > 0.05
    free = cv2.dilate(hanging.astype(np.uint8)[None], np.ones((1, 4 * _SWING + 1), np.uint8))[0] == 0
    beside = lower[round(size[1] * (1 - DOWN)) :, free].reshape(-1, 3)
    # Nor, most likely, so far down: of clothes that lie under hair all over nothing else may be seen. Of whom
    # hair hangs to the waist keeps it there.
    far = lower[round(size[1] * _WAIST) :].reshape(-1, 3)
    mine, *others = (_shares(one[one[:, 0] > 0]) for one in (mine, others, beside, far))
    # Each by itself: much wall beside says nothing of a dress.
    return (mine / (mine + np.maximum.reduce(others) + _UNSEEN)).astype(np.float32)


def _shares(colours: np.ndarray) -> np.ndarray:
    """What share of colours, uint8 (N, 3) Lab, is of each kind, evened out: float32 (32, 16, 16)."""
    found = np.bincount(_bins(colours), minlength=2 * _BINS**3)
    shares = found.reshape(2 * _BINS, _BINS, _BINS).astype(np.float32) / np.float32(max(len(colours), _FEW))
    for axis in range(3):
        along = np.moveaxis(shares, axis, 0)
        even = along * np.float32(0.5)
        even[1:] += along[:-1] * np.float32(0.25)
        even[:-1] += along[1:] * np.float32(0.25)
        shares = np.moveaxis(even, 0, axis)
    return shares


def followed(
    chance: np.ndarray, lab: np.ndarray, square: np.ndarray, matte: np.ndarray, valid: np.ndarray
) -> np.ndarray:
    """Alpha of the hair in the lower square, float32 (256, 256): what is likely and hangs together."""
    size = (FILL_SIDE, FILL_SIDE)
    likely = np.clip((_looked_up(chance, lab) - _NONE) * _STEEP, 0, 1)
    likely = cv2.resize(likely, size, interpolation=cv2.INTER_AREA)
    # A tip is thinner than a cell: the pixels say where it ends, the cells only what hangs together.
    likely = np.minimum(cv2.dilate(likely, np.ones((3, 3), np.uint8)) * 1.5, 1)
    first = round(FILL_SIDE * (FROM - DOWN))
    row = cv2.resize(matte, size, interpolation=cv2.INTER_AREA)[round(FILL_SIDE * FROM)]
    reach = np.zeros(size, np.float32)
    # Straight down, or a little to the side of it.
    under = cv2.blur(cv2.dilate(row[None], np.ones((1, 2 * _SWING + 1), np.uint8)), (3, 1))[0]
    for y in range(first, FILL_SIDE):
        # Hair hangs: it spreads by no more than a cell in two rows.
        wide = row
        if y % 2:
            wide = row.copy()
            np.maximum(wide[1:], row[:-1], out=wide[1:])
            np.maximum(wide[:-1], row[1:], out=wide[:-1])
        row = likely[y] * np.minimum(wide * np.float32(_HANGS), under)
        reach[y] = row
    # Its tips are thin, and locks leave it: what is as likely and touches it belongs to it.
    for _ in range(_TIPS):
        reach = np.maximum(reach, np.minimum(cv2.dilate(reach, np.ones((3, 3), np.uint8)), likely))
    reach = np.clip((cv2.dilate(reach, np.ones((3, 3), np.uint8)) - 0.1) * 4, 0, 1)
    fine = cv2.GaussianBlur(_looked_up(chance, cv2.cvtColor(square, cv2.COLOR_RGB2Lab)), (0, 0), 1.2)
    alpha = np.clip((fine - 0.3) * 3.3, 0, 1) * cv2.resize(
        reach, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR
    )
    # In the overlap the network has said where hair is.
    known = round(SIDE * (1 - DOWN)) - 6
    alpha[:known] = matte[SIDE - known - 6 : SIDE - 6]
    return np.where(valid > 127, alpha, 0).astype(np.float32)


def _looked_up(chance: np.ndarray, lab: np.ndarray) -> np.ndarray:
    return chance.ravel()[_bins(lab)]


def _bins(lab: np.ndarray) -> np.ndarray:
    """The number of each colour's bin."""
    light = (lab[..., 0] >> 3).astype(np.int32)
    # Hair, skin and most clothes are nearly grey: there a and b are told apart twice as finely.
    a, b = (np.clip(lab[..., i].astype(np.int32) - 64, 0, 127) >> 3 for i in (1, 2))
    return (light * _BINS + a) * _BINS + b
