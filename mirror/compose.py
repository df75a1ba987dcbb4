"""Layer -> frame: laid over the head, everything else untouched to the bit."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.headspace import HeadTransform, paste_back
from mirror.swap import Layer


def compose(image: np.ndarray, layer: Layer, transform: HeadTransform, strength: float = 1.0) -> np.ndarray:
    """Lays a layer over a picture.

    Args:
        image: uint8 (H, W, 3) RGB; not written to.
        layer: in head space.
        transform: where the head lies in the picture.
        strength: 0 (the picture as it was) to 1; for fading in.

    Returns:
        A new uint8 (H, W, 3) picture. Where `layer.cover` does not reach it equals `image` to the bit.
    """
    out = image.copy()
    left, top, right, bottom = transform.frame_rectangle(image.shape[1], image.shape[0])
    if right <= left or bottom <= top or strength <= 0:
        return out
    rectangle = (left, top, right, bottom)
    cover = paste_back(layer.cover * strength if strength < 1 else layer.cover, transform, rectangle)
    rgb = paste_back(layer.rgb, transform, rectangle)
    view = out[top:bottom, left:right]
    mixed = cv2.blendLinear(rgb, view, cover, 1 - cover)
    # blendLinear divides by the sum of the weights: where nothing covers, keep the camera's own bits.
    cv2.copyTo(mixed, (cover > 0).astype(np.uint8), view)
    return out


def frame_mattes(
    layer: Layer | None, transform: HeadTransform | None, size: tuple[int, int], strength: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """The two feathered mattes at frame size, for measuring: (old, new), float32 (H, W), 0 to 1.

    A pixel that the picture on the screen changed has at least one of them above 0.
    """
    width, height = size
    mattes = []
    for part in ("old", "new"):
        full = np.zeros((height, width), np.float32)
        if layer is not None and transform is not None:
            left, top, right, bottom = transform.frame_rectangle(width, height)
            if right > left and bottom > top:
                matte = getattr(layer, part) * strength
                full[top:bottom, left:right] = paste_back(matte, transform, (left, top, right, bottom))
        mattes.append(full)
    return mattes[0], mattes[1]
