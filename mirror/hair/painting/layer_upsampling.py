"""Fine: a layer at twice the painter's side, its strands laid on and its edge frayed.

Done once for a painted layer, in head space: what a frame then costs does not grow with what is done here.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mirror.core.layer import Layer
from mirror.hair.encoding.reconstruction_residual import LIFT, ONE, RESIDUAL_SIDE
from mirror.hair.painting.edge_strands import frayed

FINE_SIDE = RESIDUAL_SIDE  # pixels: 512
_SPARE = 8  # pixels of 256: so far a small picture of it mixes colours


def finished(layer: Layer) -> Layer:
    """A layer with its `fine`; as it is where it has no strands or not what it takes.

    `fine` is uint8 (512, 512, 4): RGB of what shows, and how much of it does.
    """
    if layer.strands is None or layer.hair is None or layer.beneath is None:
        return layer
    fine = np.zeros((FINE_SIDE, FINE_SIDE, 4), np.uint8)
    # Half of the square, mostly: beyond what shows nothing is worked out.
    few = _shown(layer)
    if few is not None:
        part = tuple(slice(2 * one.start, 2 * one.stop) for one in few)
        old, new = _mattes(layer, few)
        cover = cv2.max(old, new)
        hair, beneath = (_larger(one[few]) for one in (layer.hair, layer.beneath))
        # Where nothing shows the colours count too: on the screen they are mixed with those beside.
        share = cv2.divide(new, cv2.max(cover, 1), dtype=cv2.CV_32F)
        rgb = cv2.blendLinear(lay_on(hair, layer.strands[part]), beneath, share, 1 - share)
        fine[part] = cv2.merge([rgb, cover])
    return replace(layer, fine=fine)


def fine_mattes(layer: Layer) -> tuple[np.ndarray, np.ndarray]:
    """The layer's `old` and `new` at that side, uint8 (512, 512) each, the new one's edge frayed."""
    return _mattes(layer, np.s_[0:FINE_SIDE, 0:FINE_SIDE])


def _shown(layer: Layer) -> tuple[slice, slice] | None:
    """The rows and columns of 256 in which the layer shows, with some to spare; None where nowhere."""
    x, y, width, height = cv2.boundingRect(cv2.convertScaleAbs(layer.cover, alpha=255))
    if width == 0:
        return None
    side = len(layer.cover)
    return np.s_[
        max(y - _SPARE, 0) : min(y + height + _SPARE, side),
        max(x - _SPARE, 0) : min(x + width + _SPARE, side),
    ]


def _mattes(layer: Layer, few: tuple[slice, slice]) -> tuple[np.ndarray, np.ndarray]:
    old, new = (_matte(cv2.convertScaleAbs(one[few], alpha=255)) for one in (layer.old, layer.new))
    if layer.fray is None:
        return old, new
    part = tuple(slice(2 * one.start, 2 * one.stop) for one in few)
    return old, frayed(new, layer.fray[part])


def _larger(image: np.ndarray) -> np.ndarray:
    size = (2 * image.shape[1], 2 * image.shape[0])
    return cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)


def _matte(matte: np.ndarray) -> np.ndarray:
    """A matte at twice its side, that reaches no further on the screen than it did."""
    there = cv2.resize(matte, (2 * matte.shape[1], 2 * matte.shape[0]), interpolation=cv2.INTER_NEAREST)
    return cv2.copyTo(_larger(matte), there)


def lay_on(paint: np.ndarray, strands: np.ndarray) -> np.ndarray:
    """Painted pixels, uint8 (H, W, 3), with strands, uint8 (H, W) or (H, W, 3), laid on: a new array."""
    # In bytes, 128 for no change: a third of the time that floats take.
    gains = cv2.merge([strands] * 3) if strands.ndim == 2 else strands
    lit = cv2.multiply(paint, gains, scale=1 / ONE)
    return cv2.addWeighted(lit, 1, gains, LIFT / ONE, -LIFT)
