"""Over: premultiplied layers laid on a picture in place, in bytes, in memory that is kept."""

from __future__ import annotations

import cv2
import numpy as np

# Powers of what is left of red, green and blue in shade. Below the chins of 13 portraits, against the cheeks,
# green falls by some, red by 0.7 (light skin) to 1.0 (dark) times as much in logarithms, blue by 1.1 to 1.3.
_WARM = (0.85, 1.0, 1.15)
_SHADE = np.stack([255 * (np.arange(256) / 255) ** one for one in _WARM], -1).round().astype(np.uint8)[None]


class Canvas:
    """Memory for pictures that are made anew with every frame: taken once, grown when a face comes nearer."""

    def __init__(self) -> None:
        self._kept: dict[str, np.ndarray] = {}

    def take(
        self, name: str, height: int, width: int, channels: int = 1, kind: type = np.uint8
    ) -> np.ndarray:
        """An array (H, W[, C]), with whatever was in it before. Two names never share memory."""
        shape = (height, width) if channels == 1 else (height, width, channels)
        kept = self._kept.get(name)
        size = height * width * channels
        if kept is None or kept.size < size:
            kept = self._kept[name] = np.empty(size * 5 // 4, kind)
        return kept[:size].reshape(shape)


def over(view: np.ndarray, layer: np.ndarray, canvas: Canvas) -> None:
    """Lays a layer over a part of a picture; where its alpha is 0 the picture stays as it is to the bit.

    Args:
        view: uint8 (H, W, 3), written to.
        layer: uint8 (H, W, 4), premultiplied.
    """
    height, width = layer.shape[:2]
    rgb = cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB, dst=canvas.take("rgb", height, width, 3))
    left = cv2.extractChannel(layer, 3, dst=canvas.take("left", height, width))
    dimmed(view, cv2.bitwise_not(left, dst=left), canvas)
    cv2.add(view, rgb, dst=view)


def dimmed(view: np.ndarray, left: np.ndarray, canvas: Canvas) -> None:
    """Multiplies a part of a picture, uint8 (H, W, 3), with what is left of it, uint8 (H, W) over 255."""
    wide = cv2.cvtColor(left, cv2.COLOR_GRAY2RGB, dst=canvas.take("wide", left.shape[0], left.shape[1], 3))
    cv2.multiply(view, wide, dst=view, scale=1 / 255)


def shaded(view: np.ndarray, left: np.ndarray, canvas: Canvas) -> None:
    """Throws a shadow on a part of a picture, uint8 (H, W, 3) RGB: green is multiplied with `left`, uint8
    (H, W) over 255, red and blue with a little more and less, as skin in shade is: grey shade is dirt on it.
    """
    wide = cv2.cvtColor(left, cv2.COLOR_GRAY2RGB, dst=canvas.take("wide", left.shape[0], left.shape[1], 3))
    cv2.multiply(view, cv2.LUT(wide, _SHADE, dst=wide), dst=view, scale=1 / 255)


def masked(layer: np.ndarray, mask: np.ndarray, canvas: Canvas) -> np.ndarray:
    """A layer (H, W, 4) times a mask, uint8 (H, W); written over."""
    height, width = mask.shape
    wide = cv2.merge((mask, mask, mask, mask), canvas.take("mask4", height, width, 4))
    return cv2.multiply(layer, wide, dst=layer, scale=1 / 255)
