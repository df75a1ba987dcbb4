"""Camera sharpness: grown hair as sharp as the picture that it is laid into.

A render is as sharp as its samples; a webcam's picture is softer, a sharpened photograph is not. Hair
that is sharper or softer than the face below it is seen to be laid on, so the finest band of its texture is
brought to the share of the next coarser one that the camera leaves of the person's own hair and face.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.head_space import HeadTransform, fill_polygon, paste_back
from mirror.hair.tone_curves import DARK

# Frame pixels (sigma): what is finer than the first is the finest band, what lies between both the next.
_FINE, _NEXT = 0.7, 1.4
# Alpha of what is surely hair, of what is surely none, frame pixels at the rim of either that are left out,
# and so many that tell.
_HAIR, _SKIN, _RIM, _FEWEST = 0.9, 0.05, 3, 600
# By how much hair's fineness is above a face's, log (60 held-out people: -0.05 and -0.24, with a spread of
# 0.15 and 0.09 and a correlation of 0.5), and how much the one counts where both are seen.
_ABOVE_SKIN, _OF_HAIR = 0.19, 0.6
# Fineness of a view that is lost on its way into a frame, where it is sampled between its pixels (log).
_SAMPLED = 0.17
# How far the difference is followed; the least and most that the finest band is multiplied with: more
# makes grain of noise; a difference that nobody sees; and gains that are tried, to soften and to sharpen.
_FOLLOWED, _GAINS, _ALIKE, _TRIALS = 0.8, (0.15, 2.0), 0.06, (0.5, 1.5)
# How much must have changed until hair is made anew: fineness, and log of the scale.
_CHANGED, _NEARER = 0.15, 0.25
_GREY = np.log(np.arange(256, dtype=np.float32) / 255 + 10 * DARK).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Sharpness:
    """How sharp the picture is that hair is laid into.

    Attributes:
        fineness: see `fineness`. scale: frame pixels a pixel of a key view.
    """

    fineness: float
    scale: float

    def differs(self, other: Sharpness | None) -> bool:
        """Whether hair that was made for the other would be seen to be another."""
        if other is None:
            return True
        nearer = abs(np.log(max(self.scale, 1e-3) / max(other.scale, 1e-3)))
        return abs(self.fineness - other.fineness) > _CHANGED or bool(nearer > _NEARER)


def fineness(grey: np.ndarray, where: np.ndarray, pixel: float = 1.0) -> float | None:
    """Log of how strong the finest band of a texture is, in shares of the next; None: too little is seen.

    Args:
        grey: uint8 (H, W). where: uint8 (H, W), not 0 where it is looked at.
        pixel: how large its pixels are in the frame.

    Example:
        >>> noise = np.random.default_rng(0).integers(90, 160, (80, 80)).astype(np.uint8)
        >>> soft, everywhere = cv2.GaussianBlur(noise, (0, 0), 1.0), np.ones((80, 80), np.uint8)
        >>> fineness(noise, everywhere) > fineness(soft, everywhere) + 0.5
        True
    """
    if np.count_nonzero(where) < _FEWEST * max(1.0, 1 / pixel**2):
        return None
    tone = cv2.LUT(grey, _GREY)
    soft, softer = (cv2.GaussianBlur(tone, (0, 0), sigma / pixel) for sigma in (_FINE, _NEXT))
    bands = (cv2.meanStdDev(one, mask=where)[1].item() for one in (tone - soft, soft - softer))
    fine, following = bands
    return float(np.log(max(fine, 1e-4) / max(following, 1e-4)))


def camera_fineness(
    image: np.ndarray, transform: HeadTransform, hair: np.ndarray, face: np.ndarray
) -> float | None:
    """How fine the texture of hair is as the camera shows it; None: neither hair nor face tell.

    Args:
        image: uint8 (H, W, 3) RGB, the frame. transform: of the head in it.
        hair: float32 (256, 256), matte of the hair that is there. face: (N, 2), points round it, unit square.
    """
    height, width = image.shape[:2]
    left, top, right, bottom = square = transform.frame_rectangle(width, height)
    if right - left < 2 * _RIM or bottom - top < 2 * _RIM:
        return None
    grey = cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_RGB2GRAY)
    alpha = paste_back(hair, transform, square)
    hull = cv2.convexHull(np.asarray(face, np.float32))[:, 0]
    oval = paste_back(fill_polygon(hull, hair.shape[0]), transform, square)
    kernel = np.ones((2 * _RIM + 1,) * 2, np.uint8)
    of_hair, of_skin = (
        fineness(grey, cv2.erode(where.astype(np.uint8), kernel))
        for where in (alpha > _HAIR, (oval > 250) & (alpha < _SKIN))
    )
    if of_skin is None:
        return of_hair
    if of_hair is None:
        return of_skin + _ABOVE_SKIN
    return _OF_HAIR * of_hair + (1 - _OF_HAIR) * (of_skin + _ABOVE_SKIN)


def as_sharp(layer: np.ndarray, sharpness: Sharpness | None, times: int = 1) -> np.ndarray:
    """A layer as sharp as the picture that it is laid into.

    Args:
        layer: uint8 (H, W, 4), premultiplied sRGB and alpha. sharpness: None: as it is.
        times: how many times as large as its key view it is.
    """
    if sharpness is None or not layer.size:
        return layer
    pixel = sharpness.scale / times
    alpha = cv2.extractChannel(layer, 3)
    dense = cv2.erode(cv2.compare(alpha, 250, cv2.CMP_GE), np.ones((3, 3), np.uint8))
    own = _fineness(layer, dense, pixel)
    if own is None:
        return layer
    wanted = _FOLLOWED * (sharpness.fineness + _SAMPLED - own)
    if abs(wanted) < _ALIKE:
        return layer
    soft = cv2.GaussianBlur(layer, (0, 0), _FINE / pixel)
    # Bands overlap: how much one gain does is seen, and what it takes to do as much as is wanted.
    trial = _TRIALS[wanted > 0]
    tried = _fineness(_mixed(layer, soft, trial), dense, pixel)
    did = (own if tried is None else tried) - own
    power = wanted / did if abs(did) > _ALIKE / 4 and did * wanted > 0 else 1.0
    return _mixed(layer, soft, min(max(trial**power, _GAINS[0]), _GAINS[1]))


def _fineness(layer: np.ndarray, dense: np.ndarray, pixel: float) -> float | None:
    return fineness(cv2.cvtColor(layer, cv2.COLOR_RGBA2GRAY), dense, pixel)


def _mixed(layer: np.ndarray, soft: np.ndarray, gain: float) -> np.ndarray:
    """What a layer has that its blurred self has not, times a gain; premultiplied still."""
    out = cv2.addWeighted(layer, gain, soft, 1 - gain, 0)
    alpha = cv2.extractChannel(out, 3)
    return out if gain <= 1 else cv2.merge([*(cv2.min(one, alpha) for one in cv2.split(out)[:3]), alpha])
