"""The other half of a face: what hair hides of brow, temple and cheek, taken from the side that is seen.

Head space puts both eyes alike far from its middle, so a face that looks ahead is nearly its own mirror
image: a brow that nobody can see is much more like the other one than like anything that could be painted.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_space import fill_polygon, oval_of
from mirror.core.pose_warp import OVAL_POINTS
from mirror.core.push_pull_fill import FILL_SIDE, fill_in

# Rows that faces are mirrored in, as shares of the side: from above the brows to the mouth, each end soft.
_ROWS, _SOFT = (0.325, 0.62), 0.02
# Degrees of yaw: up to the first a face is its own mirror image, from the second on it is not.
_AHEAD = (8.0, 18.0)
# Share of these rows of the face that has to be hidden for the work to be done at all.
_HIDDEN = 0.01
# How far a colour may be off and still be the same skin in another light.
_ALIKE = 0.15
# Share of what is hidden of a brow that the other one must show, and how far hairs reach beyond its outline,
# in pixels.
_ALL, _BROW = 0.9, 4
_EDGE = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))


def mirrored(
    body: np.ndarray,
    camera: np.ndarray,
    free: np.ndarray,
    tone: np.ndarray,
    shape: np.ndarray,
    brows: np.ndarray | None = None,
) -> np.ndarray:
    """The body, with what is hidden of one half of the face as it is on the other.

    Args:
        body: float32 (S, S, 3), 0 to 1, as it was painted; camera: the same as it is seen.
        free: float32 (S, S), 1 where the camera shows what will be shown, else 0.
        tone: float32 (64, 64, 3), the skin of the face in its light, see
            `mirror.core.face_lighting.Lit.skin`.
        shape: float32 (75,), see `mirror.core.head_space.face_shape`.
        brows: float32 (2, 10, 2), see `mirror.core.head_space.brow_points`. One that the other half does not
            show whole stays as `body` has it: two pieces of two brows are none.

    Returns:
        float32 (S, S, 3); `body` itself where nothing is hidden that the other half shows.
    """
    yaw = abs(float(shape[2 * OVAL_POINTS])) * 30
    ahead = min(max((_AHEAD[1] - yaw) / (_AHEAD[1] - _AHEAD[0]), 0.0), 1.0)
    side = body.shape[0]
    low, high = (round(row * side) for row in _ROWS)
    oval = oval_of(shape)
    face = fill_polygon(oval, side)[low:high]
    seen = (free[low:high] > 0).astype(np.uint8)
    other = cv2.erode(np.ascontiguousarray(seen[:, ::-1]), _EDGE)
    share = cv2.min(face, np.ascontiguousarray(face[:, ::-1])) * other
    if ahead == 0 or share[seen == 0].sum(dtype=np.int64) <= _HIDDEN * face.sum(dtype=np.int64):
        return body
    if brows is not None:
        share = _whole_brows(share, seen, brows, low, ahead == 1)
    place = (np.arange(low, high, dtype=np.float32) + 0.5) / side
    ends = np.clip(np.minimum(place - _ROWS[0], _ROWS[1] - place) * (1 / _SOFT), 0, 1)[:, None]
    share = cv2.GaussianBlur(share, (0, 0), 1.5) * (ends * np.float32(ahead / 255))
    # The light may come from one side: what is seen on both says by how much.
    within = cv2.erode(cv2.min(face * seen, face * seen[:, ::-1]), _EDGE)
    mine = np.ascontiguousarray(camera[low:high])
    half = np.ascontiguousarray(mine[:, ::-1])
    size = (FILL_SIDE, FILL_SIDE)
    small, other_small, known = (
        cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (mine, half, within)
    )
    light = cv2.divide(tone, np.maximum(tone[:, ::-1], np.float32(0.02)))
    rows = np.clip(np.round(np.linspace(low, high - 1, FILL_SIDE) * FILL_SIDE / side - 0.5), 0, FILL_SIDE - 1)
    light = np.ascontiguousarray(light[rows.astype(int)])
    off = small - other_small * light
    alike = np.exp(cv2.transform(off * off, np.ones((1, 3), np.float32)) * (-0.5 / _ALIKE**2))
    off = fill_in(off, np.where(known > 250, alike, 0).astype(np.float32))
    whole = half.shape[1::-1]
    light, off = (cv2.resize(one, whole, interpolation=cv2.INTER_LINEAR) for one in (light, off))
    out = body.copy()
    half = cv2.add(cv2.multiply(half, light), off)
    out[low:high] = cv2.blendLinear(half, np.ascontiguousarray(body[low:high]), share, 1 - share)
    return out


def _whole_brows(share: np.ndarray, seen: np.ndarray, brows: np.ndarray, low: int, ahead: bool) -> np.ndarray:
    """The uint8 `share` without brows of which not all that is hidden is seen on the other half.

    Args:
        low: row of the square with which `share` and `seen` begin.
        ahead: whether the face looks ahead: turned, the other brow is not where this one is.
    """
    height, side = share.shape
    for brow in brows:
        left, top = np.maximum(np.floor(brow.min(0) * side).astype(int) - _BROW - (0, low), 0)
        right, bottom = np.ceil(brow.max(0) * side).astype(int) + _BROW - (0, low)
        box = np.s_[top : min(bottom, height), left : min(right, side)]
        if seen[box].all():
            continue
        part = fill_polygon(np.concatenate([brow[:5], brow[:4:-1]]), side)[low:][box]
        missed = (part > 127) & (seen[box] == 0)
        if missed.any() and (not ahead or share[box][missed].mean(dtype=np.float64) < _ALL * 255):
            grown = cv2.dilate(part, np.ones((2 * _BROW + 1,) * 2, np.uint8))
            share[box] = cv2.min(share[box], 255 - grown)
    return share
