"""The skin of a face where hair hides it: that of its tone, as light or dark as it is seen beside."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.push_pull_fill import FILL_SIDE, fill_in

# How far a colour may be off the tone of the face and still be skin, how much darker and lighter it may be;
# over how many cells of 64 it is evened.
_ALIKE, _LIGHT, _EVEN = 0.1, (0.8, 1.5), 1.5
# Rows, as shares of the side, between which cheeks begin; over how many cells of 64 they are tinted, and by
# which factors at most.
_EARS, _BROAD, _TINT = (0.4, 0.48), 2.0, (0.75, 1.33)
_DARK = 0.02  # of 1: below, a colour has no hue
_ONES, _LUMA = np.ones((1, 3), np.float32), np.array([[0.2126, 0.7152, 0.0722]], np.float32)
_PLACE = (np.arange(FILL_SIDE, dtype=np.float32) + 0.5) / FILL_SIDE


def skin_beside(camera: np.ndarray, seen: np.ndarray, face: np.ndarray, tone: np.ndarray) -> np.ndarray:
    """What the skin of a face looks like at every place.

    Args:
        camera: float32 (64, 64, 3), 0 to 1.
        seen: float32 (64, 64), 1 where the camera shows what will be shown, else 0.
        face: uint8 (S, S), 255 inside the face oval.
        tone: float32 (64, 64, 3), see `mirror.core.face_lighting.Lit.skin`.

    Returns:
        float32 (64, 64, 3).
    """
    inside = cv2.resize(face, (FILL_SIDE, FILL_SIDE), interpolation=cv2.INTER_AREA) > 127
    length = cv2.max(cv2.transform(tone * tone, _ONES), 1e-4)
    gain = np.clip(cv2.divide(cv2.transform(cv2.multiply(camera, tone), _ONES), length), *_LIGHT)
    strange = camera - tone * gain[..., None]
    off = camera - tone
    alike = np.exp(cv2.transform(strange * strange, _ONES) * (-0.5 / _ALIKE**2))
    return tone + cv2.GaussianBlur(fill_in(off, seen * alike * inside), (0, 0), _EVEN)


def cheeks(body: np.ndarray, skin: np.ndarray, seen: np.ndarray, face: np.ndarray) -> np.ndarray:
    """The body, with cheeks that hair hid in the colour of the skin beside them.

    Args:
        body: float32 (S, S, 3), 0 to 1, as it was painted: its light and shade are kept.
        skin: float32 (64, 64, 3), see `skin_beside`; seen, face: as there.
    """
    size, first = (FILL_SIDE, FILL_SIDE), int(_EARS[0] * FILL_SIDE)
    small = cv2.GaussianBlur(cv2.resize(body, size, interpolation=cv2.INTER_AREA), (0, 0), _BROAD)
    broad = cv2.GaussianBlur(skin, (0, 0), _BROAD)
    small, skin = (np.maximum(one, np.float32(_DARK)) for one in (small, broad))
    tint = cv2.divide(skin, small)
    # A hue, and no light: sides of a face are darker than what is seen of its front.
    tint *= cv2.divide(cv2.transform(small, _LUMA), cv2.transform(skin, _LUMA))[..., None]
    tint = np.clip(tint, *_TINT)
    ramp = np.clip((_PLACE - _EARS[0]) * (1 / (_EARS[1] - _EARS[0])), 0, 1)[:, None]
    inside = cv2.resize(face, size, interpolation=cv2.INTER_AREA) * np.float32(1 / 255)
    share = cv2.GaussianBlur(((1 - seen) * ramp * inside).astype(np.float32), (0, 0), 0.7)[..., None]
    tint = (1 + (tint - 1) * share)[first:]
    scale = body.shape[0] // FILL_SIDE
    part = body[first * scale :]
    tint = cv2.resize(tint, part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.concatenate([body[: first * scale], cv2.multiply(part, tint)])
