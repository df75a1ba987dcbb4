"""Ears: where they lie, and whether hair hides them. Those that are seen are somebody's own.

Where an ear begins the tracker says, hidden or not; how far it stands off was measured on 2,500 ears of
portraits with short hair.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.core.head_space import oval_of

# Points of the face oval in front of the ears, by whether it is the one at low x, the person's right.
_ROOTS = {True: FACE_OVAL.index(234), False: FACE_OVAL.index(454)}
# In halves of the face's width from there, of a face that looks ahead: its top and its lower end (down), and
# where it is rooted there (outwards).
_TOP, _END = (-0.26, 0.05), (0.48, -0.06)
# They lie behind what the tracker follows: as the face looks up by 90 degrees, so much further down.
_UP = 0.75
# An ear is a flat thing, so long (in the same unit) and at such an angle to the side of the head: that much
# of it is seen from in front, and more as the head turns away from it. Below so much nothing is drawn.
_LONG, _ANGLE, _LEAST = 0.72, 15.0, 0.04
# Its outline, outwards and down, each of 1: from the root over the top to the lobe.
_OUTLINE = (
    (-0.1, 0.2), (0.06, 0.08), (0.3, 0.01), (0.56, 0.0), (0.82, 0.07), (0.97, 0.2), (1.0, 0.34), (0.95, 0.48),
    (0.83, 0.62), (0.68, 0.74), (0.58, 0.86), (0.46, 0.96), (0.28, 1.0), (0.1, 0.96), (-0.02, 0.86),
    (-0.1, 0.8),
)  # fmt: skip
_HIGH, _SHOWN = 192, 96  # pixels high: while it is drawn, and when it is kept
# The rim round it, and how far it passes over into the cheek, of its height; how soft its outline is, in
# pixels of `_HIGH`.
PAD, _PASSES, _EDGE = 0.12, 0.05, 1.2
# How much of a hidden ear is hair: from the first on it counts as hidden, from the second on as all hidden.
# What is seen between locks is somebody's own.
_HIDDEN = (0.3, 0.45)


@dataclass(frozen=True, slots=True)
class Ear:
    """An ear of a head.

    Attributes:
        box: where in the square, rows and columns.
        alpha: float32, as large as the box: how much of it is there, see `outline`.
        hidden: how far hair hides it, 0 (it is seen) to 1.
    """

    box: tuple[slice, slice]
    alpha: np.ndarray
    hidden: float


def ears_of(shape: np.ndarray, matte: np.ndarray) -> list[Ear]:
    """The ears of a head, those that the camera may see or could see without hair: none, one or two.

    Args:
        shape: float32 (75,), see `mirror.core.head_space.face_shape`.
        matte: float32 (S, S), alpha of the hair that is there.
    """
    found = []
    for left in (True, False):
        placed = place(shape, left, len(matte))
        if placed is None:
            continue
        matrix, box, width = placed
        size = (box[1].stop - box[1].start, box[0].stop - box[0].start)
        alpha = cv2.warpAffine(outline(width), matrix, size)
        hair = float((alpha * matte[box]).sum()) / max(float(alpha.sum()), 1.0)
        hidden = min(max((hair - _HIDDEN[0]) / (_HIDDEN[1] - _HIDDEN[0]), 0.0), 1.0)
        found.append(Ear(box, alpha, hidden))
    return found


def place(shape: np.ndarray, left: bool, side: int) -> tuple[np.ndarray, tuple[slice, slice], int] | None:
    """Where an ear lies.

    Args:
        shape: float32 (75,), see `mirror.core.head_space.face_shape`.
        left: the one at low x, the person's right; or the other.
        side: pixels of the square.

    Returns:
        float64 (2, 3), from pixels of `outline(width)` to those of the box; the box, rows and columns of the
        square; width. None where the head is turned so that it is not seen.
    """
    _, half, oval = _face(shape)
    outwards = -1 if left else 1
    turned = -outwards * float(shape[2 * len(FACE_OVAL)]) * 30
    seen = _LONG * np.sin(np.radians(np.clip(_ANGLE + turned, -90, 60)))
    if seen < _LEAST:
        return None
    unit = half * side
    x, y = oval[_ROOTS[left]] * side - 0.5
    y += _UP * unit * np.sin(np.radians(np.clip(float(shape[2 * len(FACE_OVAL) + 1]) * 30, -30, 30)))
    (top, top_out), (end, end_out) = _TOP, _END
    width = max(int(2 ** np.ceil(np.log2(seen / (end - top) * _SHOWN))), 16)
    # Shares of the ear a pixel of the drawing, and where its first one lies.
    across, down = 1 / width, 1 / _SHOWN
    a, b = 0.5 * across - PAD, 0.5 * down - PAD
    slant = end_out - top_out
    matrix = np.array([
        [outwards * unit * seen * across, outwards * unit * slant * down,
         x + outwards * unit * (seen * a + top_out + slant * b)],
        [0.0, unit * (end - top) * down, y + unit * (top + (end - top) * b)],
    ])  # fmt: skip
    high, wide = outline(width).shape[:2]
    corners = matrix @ np.array([[0, wide, 0, wide], [0, 0, high, high], [1, 1, 1, 1]])
    low = np.clip(np.floor(corners.min(1)), 0, side).astype(int)
    up = np.clip(np.ceil(corners.max(1)) + 1, 0, side).astype(int)
    if (up - low).min() < 2:
        return None
    matrix[:, 2] -= low
    return matrix, (slice(int(low[1]), int(up[1])), slice(int(low[0]), int(up[0]))), width


def smooth_outline() -> np.ndarray:
    """An ear's shape with its rim, float32 (H, H), 0 or 1 but for its edge."""
    pad = round(PAD * _HIGH)
    points = np.round(_curve(_OUTLINE) * (_HIGH * 16) + pad * 16).astype(np.int32)
    shape = np.zeros((_HIGH + 2 * pad, _HIGH + 2 * pad), np.uint8)
    cv2.fillPoly(shape, [points], 255, cv2.LINE_AA, 4)
    return shape.astype(np.float32) * np.float32(1 / 255)


@lru_cache(maxsize=8)
def outline(width: int) -> np.ndarray:
    """Alpha of an ear, `width` pixels wide and 96 high, with a rim: float32 (H, W), not to be written to."""
    pad, shape = round(PAD * _HIGH), smooth_outline()
    # In front it passes over into the cheek.
    ramp = np.clip(
        ((np.arange(len(shape), dtype=np.float32) - pad) / _HIGH + _PASSES) * (1 / (2 * _PASSES)), 0, 1
    )
    alpha = cv2.GaussianBlur(shape, (0, 0), _EDGE) * ramp
    # As wide as high while it is drawn: its rim becomes narrower with it.
    shown = (round(width * (1 + 2 * PAD)), round(_SHOWN * (1 + 2 * PAD)))
    return cv2.resize(alpha, shown, interpolation=cv2.INTER_AREA)


def _face(shape: np.ndarray) -> tuple[float, float, np.ndarray]:
    """The middle of a face and half of its width, and its oval, float64 (36, 2); unit coordinates."""
    oval = oval_of(shape)
    low, high = float(oval[:, 0].min()), float(oval[:, 0].max())
    return (low + high) / 2, max((high - low) / 2, 0.025), oval


def _curve(points: tuple[tuple[float, float], ...]) -> np.ndarray:
    """A smooth line through points (Catmull & Rom 1974), float64 (N, 2)."""
    p = np.array(points, np.float64)
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, 1, 8, endpoint=False)[:, None]
    out = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        out.append(b + t * ((c - a) + t * ((2 * a - 5 * b + 4 * c - d) + t * (3 * b - a - 3 * c + d))) / 2)
    return np.concatenate([*out, p[-2:-1]])
