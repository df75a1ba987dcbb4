"""Contrast of hair at several sizes: of what is there, of what is laid over it, and how the one follows the
other.

Locks, the shade between them and the shine along them make hair look like hair. Path traced hair had 0.6 of
photographs' contrast from 1.6 pixels on: locks are tidier than life, and cameras sharpen what they see.
"""

from __future__ import annotations

import cv2
import numpy as np

from train.groom.tones import REC709

# Sizes in pixels of the portrait: each band is what one blur takes away that the one before left.
SIGMAS = (0.8, 1.6, 3.2, 6.4, 12.8)
# Standard deviation of each band of log luminance inside the hair, median of 45 held-out people's own hair.
USUAL = (0.09, 0.10, 0.12, 0.145, 0.165)
# Light that is added before the logarithm, linear: sensors' noise in black hair is no contrast.
DARK = 0.004
# A band is changed by no more than these factors: more brings out what is not there.
LEAST, MOST = 0.8, 3.0
# Pixels of a matte this sure are hair alone; fewer of them tell nothing.
SURE, FEWEST = 0.9, 800
# Below this alpha a pixel's colour is a few rays' and is left as it is; up to `SURE` it is changed by and by.
THIN = 0.05
# How far the contrast of hair that was there is followed, in logarithms; the rest is the usual.
FOLLOWED = 0.6


def bands(linear: np.ndarray, matte: np.ndarray) -> list[np.ndarray]:
    """float32 (H, W) each: log luminance of hair, band by band from fine to coarse.

    Args:
        linear: float (H, W, 3), linear light.
        matte: float32 (H, W), 0 to 1; what lies outside is not mixed in.
    """
    left, out = np.log(np.maximum(linear @ REC709, 0) + DARK).astype(np.float32), []
    tone = left
    for sigma in SIGMAS:
        weight = np.maximum(cv2.GaussianBlur(matte, (0, 0), sigma), 1e-3)
        soft = cv2.GaussianBlur(tone * matte, (0, 0), sigma) / weight
        out.append(left - soft)
        left = soft
    return out


def contrast(of: list[np.ndarray], matte: np.ndarray) -> np.ndarray | None:
    """Standard deviation of each band where a matte is sure of hair, (5,); None where that is too little."""
    inside = cv2.erode((matte > SURE).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.array([band[inside].std() for band in of]) if inside.sum() >= FEWEST else None


def follow(layer: np.ndarray, wanted: np.ndarray | None) -> np.ndarray:
    """Hair with the contrast of other hair: `layer`, float (H, W, 4), its light multiplied with `gain`."""
    more = gain(layer, wanted)
    return np.concatenate([layer[..., :3] * more[..., None], layer[..., 3:]], -1).astype(np.float32)


def gain(layer: np.ndarray, wanted: np.ndarray | None) -> np.ndarray:
    """What the light of hair is multiplied with to have the contrast of other hair, band by band.

    Between hair that was there and hair as it usually is, for a style has contrast of its own.

    Args:
        layer: float (H, W, 4), premultiplied linear light.
        wanted: (5,), see `contrast`; None: nothing is known, and the usual will do.

    Returns:
        float32 (H, W); 1 where there is no hair, or all over where there is too little.
    """
    alpha = np.ascontiguousarray(np.clip(layer[..., 3], 0, 1), np.float32)
    # What lies behind a single hair is no contrast of hair: colours are looked at without their alpha.
    mine = bands(layer[..., :3] / np.maximum(alpha, THIN)[..., None], alpha)
    now = contrast(mine, alpha)
    if now is None:
        return np.ones_like(alpha)
    aim = np.array(USUAL) if wanted is None else np.array(USUAL) ** (1 - FOLLOWED) * wanted**FOLLOWED
    gains = np.clip(aim / np.maximum(now, 1e-3), LEAST, MOST) - 1
    more = np.sum([more * band for more, band in zip(gains, mine, strict=True)], axis=0)
    # Where the wall shines through, hair has no contrast of its own: specks stood at the edge of an afro.
    dense = np.clip((alpha - THIN) / (SURE - THIN), 0, 1) ** 2
    return np.exp(np.clip(more, -1.5, 1.0) * dense).astype(np.float32)
