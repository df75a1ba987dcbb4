"""The other half of a face: what hair hides of brow, temple and cheek, taken from the side that is seen.

Head space puts both eyes alike far from its middle, so a face that looks ahead is nearly its own mirror
image: a brow that nobody can see is much more like the other one than like anything that could be painted.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.fill import FILL_SIDE, fill_in
from mirror.headspace import fill_polygon
from mirror.turn import OVAL_POINTS

# Rows that faces are mirrored in, as shares of the side: from above the brows to the mouth, each end soft.
_ROWS, _SOFT = (0.325, 0.62), 0.02
# Degrees of yaw: up to the first a face is its own mirror image, from the second on it is not.
_AHEAD = (8.0, 18.0)
# Share of these rows of the face that has to be hidden for the work to be done at all.
_HIDDEN = 0.01
# How far a colour may be off and still be the same skin in another light.
_ALIKE = 0.15
_EDGE = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))


def mirrored(
    body: np.ndarray, camera: np.ndarray, seen: np.ndarray, tone: np.ndarray, shape: np.ndarray
) -> np.ndarray:
    """The body, with what is hidden of one half of the face as it is on the other.

    Args:
        body: float32 (S, S, 3), 0 to 1, as it was painted; camera: the same as it is seen.
        seen: float32 (S, S), 1 where the camera shows what will be shown, else 0.
        tone: float32 (64, 64, 3), the skin of the face in its light, see `mirror.light.Lit.skin`.
        shape: float32 (75,), see `mirror.headspace.face_shape`.

    Returns:
        float32 (S, S, 3); `body` itself where nothing is hidden that the other half shows.
    """
    yaw = abs(float(shape[2 * OVAL_POINTS])) * 30
    ahead = min(max((_AHEAD[1] - yaw) / (_AHEAD[1] - _AHEAD[0]), 0.0), 1.0)
    side = body.shape[0]
    low, high = (round(row * side) for row in _ROWS)
    oval = shape[: 2 * OVAL_POINTS].reshape(-1, 2).astype(np.float64) / 4 + 0.5
    face = fill_polygon(oval, side)[low:high].astype(np.float32) * np.float32(1 / 255)
    other = cv2.erode(seen[low:high, ::-1], _EDGE)
    share = face * face[:, ::-1] * other * np.float32(ahead)
    hidden = share * (1 - seen[low:high])
    if hidden.sum() <= _HIDDEN * face.sum():
        return body
    place = (np.arange(low, high, dtype=np.float32) + 0.5) / side
    ends = np.clip(np.minimum(place - _ROWS[0], _ROWS[1] - place) * (1 / _SOFT), 0, 1)[:, None]
    share = cv2.GaussianBlur(share, (0, 0), 1.5) * ends.astype(np.float32)
    # The light may come from one side.
    size = (FILL_SIDE, FILL_SIDE)
    light = cv2.divide(tone, np.maximum(tone[:, ::-1], np.float32(0.02)))
    flipped = camera[:, ::-1]
    small, mine = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (flipped, camera))
    both = cv2.resize(seen * seen[:, ::-1], size, interpolation=cv2.INTER_AREA)
    within = cv2.resize(fill_polygon(oval, FILL_SIDE), size).astype(np.float32) * np.float32(1 / 255)
    off = mine - small * light
    alike = np.exp(cv2.transform(off * off, np.ones((1, 3), np.float32)) * (-0.5 / _ALIKE**2))
    off = fill_in(off, np.where(both * within > 0.99, alike, 0).astype(np.float32))
    light, off = (
        cv2.resize(one, (side, side), interpolation=cv2.INTER_LINEAR)[low:high] for one in (light, off)
    )
    half = np.ascontiguousarray(flipped[low:high]) * light + off
    out = body.copy()
    out[low:high] = cv2.blendLinear(half, np.ascontiguousarray(body[low:high]), share, 1 - share)
    return out
