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
    cover = _bytes(layer.cover, strength)
    left, top, right, bottom = reached(cover, transform, image.shape[1], image.shape[0])
    if right <= left or bottom <= top:
        return out
    pasted = paste_back(cv2.merge([layer.rgb, cover]), transform, (left, top, right, bottom))
    weight = cv2.extractChannel(pasted, 3)
    share = weight.astype(np.float32) * np.float32(1 / 255)
    view = out[top:bottom, left:right]
    mixed = cv2.blendLinear(cv2.cvtColor(pasted, cv2.COLOR_RGBA2RGB), view, share, 1 - share)
    # blendLinear divides by the sum of the weights: where nothing covers, keep the camera's own bits.
    cv2.copyTo(mixed, weight, view)
    return out


def reached(
    cover: np.ndarray, transform: HeadTransform, width: int, height: int
) -> tuple[int, int, int, int]:
    """The part of a width x height frame that a head-space cover, uint8 (S, S), can reach.

    Returns:
        Left, top, right, bottom (exclusive) in frame pixels; right <= left where it reaches nothing.
    """
    x, y, w, h = cv2.boundingRect(cover)
    if w == 0:
        return 0, 0, 0, 0
    side = cover.shape[0]
    # One pixel more on each side: bilinear sampling reaches that far.
    low_x, low_y, high_x, high_y = (x - 1) / side, (y - 1) / side, (x + w + 1) / side, (y + h + 1) / side
    corners = np.array([[low_x, low_y], [high_x, low_y], [high_x, high_y], [low_x, high_y]])
    points = transform.to_frame(corners)
    left, top = np.clip(np.floor(points.min(0)).astype(int), 0, (width, height))
    right, bottom = np.clip(np.ceil(points.max(0)).astype(int) + 1, 0, (width, height))
    return int(left), int(top), int(right), int(bottom)


def frame_mattes(
    layer: Layer | None, transform: HeadTransform | None, size: tuple[int, int], strength: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """The two feathered mattes at frame size, for measuring: (old, new), float32 (H, W), 0 to 1.

    A pixel that the picture on the screen changed has at least one of them above 0.
    """
    width, height = size
    mattes = (np.zeros((height, width), np.float32), np.zeros((height, width), np.float32))
    if layer is None or transform is None:
        return mattes
    # The very rectangle of `compose`: from another corner OpenCV rounds its sampling positions otherwise,
    # and a changed pixel on the rim would be missed.
    left, top, right, bottom = reached(_bytes(layer.cover, strength), transform, width, height)
    if right > left and bottom > top:
        for full, part in zip(mattes, (layer.old, layer.new), strict=True):
            full[top:bottom, left:right] = paste_back(part * strength, transform, (left, top, right, bottom))
    return mattes


def _bytes(cover: np.ndarray, strength: float) -> np.ndarray:
    """A cover, float32 0 to 1, as it is laid: uint8."""
    return cv2.convertScaleAbs(cover, alpha=255 * min(max(strength, 0.0), 1.0))
