"""Layer -> frame: laid over the head, everything else untouched to the bit."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.compositing.frame_part import box_of, reached
from mirror.compositing.warp import Box
from mirror.core.head_space import HeadTransform, paste_back
from mirror.core.layer import Layer
from mirror.hair.painting.layer_upsampling import fine_mattes
from mirror.removal.background_plate import Plate
from mirror.removal.long_hair import lowered

_FINER = 2.0  # times as fine as the screen: so far bilinear sampling skips nothing that one would see
_RIM = np.ones((5, 5), np.uint8)


def compose(
    image: np.ndarray,
    layer: Layer,
    transform: HeadTransform,
    strength: float = 1.0,
    plate: Plate | None = None,
) -> np.ndarray:
    """Lays a layer over a picture.

    Args:
        image: uint8 (H, W, 3) RGB; not written to.
        layer: in head space.
        transform: where the head lies in the picture.
        strength: 0 (the picture as it was) to 1; for fading in.
        plate: the remembered wall, shown at the frame's own resolution where the layer says so.

    Returns:
        A new uint8 (H, W, 3) picture. Where `layer.cover` does not reach it equals `image` to the bit.
    """
    out = image.copy()
    lay(out, layer, transform, strength, plate)
    return out


def lay(
    out: np.ndarray,
    layer: Layer,
    transform: HeadTransform,
    strength: float = 1.0,
    plate: Plate | None = None,
) -> None:
    """Lays a layer over a picture that may be written to, uint8 (H, W, 3) RGB; the rest as for `compose`.

    So a frame is copied once, however many people are in it and however many layers each of them wears.
    """
    if layer.below is not None:
        lay(out, layer.below, lowered(transform), strength, plate)
    if layer.fine is not None:
        shown = fit_for(layer.fine, transform.scale)
    else:
        shown = cv2.merge([layer.rgb, _bytes(layer.cover, 1.0)])
    left, top, right, bottom = _reached(cv2.extractChannel(shown, 3), transform, out.shape)
    if right <= left or bottom <= top:
        return
    pasted = paste_back(shown, transform, (left, top, right, bottom))
    weight = _scaled(cv2.extractChannel(pasted, 3), strength)
    share = weight.astype(np.float32) * np.float32(1 / 255)
    view = out[top:bottom, left:right]
    paint = cv2.cvtColor(pasted, cv2.COLOR_RGBA2RGB)
    if plate is not None and layer.wall is not None:
        # A little wider than the cover: cut off at its rim, the wall would be mixed with paint there.
        wall = cv2.copyTo(_bytes(layer.wall, 1.0), cv2.dilate(_bytes(layer.cover, 1.0), _RIM))
        _uncover(paint, (left, top), wall, transform, plate, out.shape)
    mixed = cv2.blendLinear(paint, view, share, 1 - share)
    # blendLinear divides by the sum of the weights: where nothing covers, keep the camera's own bits.
    cv2.copyTo(mixed, weight, view)


def _uncover(
    paint: np.ndarray,
    corner: tuple[int, int],
    wall: np.ndarray,
    transform: HeadTransform,
    plate: Plate,
    shape: tuple[int, ...],
) -> None:
    """Shows the wall in what is painted, whose left and top in the frame are `corner`."""
    left, top, right, bottom = _reached(wall, transform, shape)
    # The cover reaches as far, but for the rounding of its own rectangle.
    right, bottom = min(right, corner[0] + paint.shape[1]), min(bottom, corner[1] + paint.shape[0])
    left, top = max(left, corner[0]), max(top, corner[1])
    if right <= left or bottom <= top:
        return
    share = paste_back(wall, transform, (left, top, right, bottom)).astype(np.float32) * np.float32(1 / 255)
    part = paint[top - corner[1] : bottom - corner[1], left - corner[0] : right - corner[0]]
    part[...] = cv2.blendLinear(plate.view((left, top, right, bottom)), part, share, 1 - share)


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
    if layer.below is not None:
        mattes = frame_mattes(layer.below, lowered(transform), size, strength)
    if layer.fine is not None:
        planes = cv2.extractChannel(layer.fine, 3), *fine_mattes(layer)
        cover, old, new = (fit_for(one.astype(np.float32), transform.scale) for one in planes)
    else:
        cover, old, new = (np.round(one * np.float32(255)) for one in (layer.cover, layer.old, layer.new))
    cover = np.where(cover > 0, np.uint8(255), np.uint8(0))
    # The very rectangle of `compose`: from another corner OpenCV rounds its sampling positions otherwise,
    # and a changed pixel on the rim would be missed.
    left, top, right, bottom = _reached(cover, transform, (height, width))
    if right > left and bottom > top:
        for full, part in zip(mattes, (old, new), strict=True):
            view = full[top:bottom, left:right]
            # Not in bytes: what is less than half of one counts too, together with the other it may show.
            whole = part * np.float32(strength / 255)
            np.maximum(view, paste_back(whole, transform, (left, top, right, bottom)), out=view)
    return mattes


def fit_for(layer: np.ndarray, scale: float) -> np.ndarray:
    """A layer not much finer than it is shown at, `scale` pixels a side: or strands would sparkle."""
    while layer.shape[0] >= _FINER * scale and layer.shape[0] > 2:
        half = layer.shape[0] // 2
        layer = cv2.resize(layer, (half, half), interpolation=cv2.INTER_AREA)
    return layer


def _reached(cover: np.ndarray, transform: HeadTransform, shape: tuple[int, ...]) -> Box:
    """The part of a frame of (height, width) that a head-space cover, uint8 (S, S), can reach."""
    return reached(box_of(cover), transform, (shape[1], shape[0]))


def _scaled(weight: np.ndarray, strength: float) -> np.ndarray:
    """uint8, as far as a layer has faded in."""
    return weight if strength >= 1 else cv2.convertScaleAbs(weight, alpha=max(strength, 0.0))


def _bytes(cover: np.ndarray, strength: float) -> np.ndarray:
    """A cover, float32 0 to 1, as it is laid: uint8."""
    return cv2.convertScaleAbs(cover, alpha=255 * min(max(strength, 0.0), 1.0))
