"""Between the numbers of a picture and amounts of light."""

from __future__ import annotations

import numpy as np

REC709 = np.array([0.2126, 0.7152, 0.0722], np.float32)


def to_linear(picture: np.ndarray) -> np.ndarray:
    """uint8 sRGB to float32 linear, 0 to 1."""
    share = picture.astype(np.float32) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4).astype(np.float32)


def coded(linear: np.ndarray) -> np.ndarray:
    """float linear to sRGB of the same kind, 0 to 1; what is beyond is cut off."""
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def to_srgb(linear: np.ndarray) -> np.ndarray:
    """float linear to uint8 sRGB."""
    return (coded(linear) * 255 + 0.5).astype(np.uint8)
