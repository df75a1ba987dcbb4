"""Ears that hair hid: drawn where it is taken away, for a head without them is an egg.

Where an ear begins the tracker says, hidden or not; how far it stands off was measured on 2,500 ears of
portraits with short hair. What is guessed is its form, which is everybody's, and its colour, the cheek's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.core.head_space import fill_polygon, oval_of
from mirror.core.push_pull_fill import FILL_SIDE

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
# Lines on it: points, width (of its length), and how much lighter or darker it is there.
_RELIEF = (
    (((0.1, 0.24), (0.38, 0.13), (0.66, 0.15), (0.82, 0.3), (0.78, 0.46), (0.64, 0.62)), 0.11, -0.3),
    (((0.3, 0.28), (0.5, 0.26), (0.62, 0.38), (0.56, 0.54), (0.4, 0.68)), 0.1, 0.08),
    (((0.2, 0.46), (0.36, 0.5), (0.3, 0.6), (0.2, 0.62)), 0.16, -0.55),
    (((-0.02, 0.42), (0.03, 0.56), (0.0, 0.66)), 0.07, 0.06),
    (((0.04, 0.2), (0.3, 0.05), (0.6, 0.04), (0.88, 0.2), (0.92, 0.36)), 0.07, 0.1),
    (((0.2, 0.84), (0.36, 0.86)), 0.2, 0.05),
)  # fmt: skip
_HIGH, _SHOWN = 192, 96  # pixels high: while it is drawn, and when it is kept
# The rim round it, how soft relief is, and how far it passes over into the cheek, of its height; how soft its
# outline is, in pixels of `_HIGH`.
_PAD, _SOFT, _PASSES, _EDGE = 0.12, 0.025, 0.05, 1.2
# What it is of the cheek's colour; the exponents of relief: folds let red through.
_TONE, _FOLDS = (0.97, 0.87, 0.86), (0.75, 1.1, 1.15)
# So far in front of the root its colour is read, in halves of the face's width.
_CHEEK = 0.16
# How much of a hidden ear is hair: from the first on it is drawn, from the second on in full. What is seen
# between locks is somebody's own.
_HIDDEN = (0.3, 0.45)
_EASED = 0.8  # how soft the edge of a cheek is, in pixels of 256
_LITTLE = 0.05  # of an ear: where less of it will be seen, it is not drawn
# How wide a face is beside a hidden ear, of its oval, and how much wider for the neck behind it at 90 degrees
# of yaw; from where to where beside it (down, as above) there is no body; how softly that begins and ends.
_CHEEKS, _NECK, _BESIDE, _BEGINS, _ENDS = 1.01, 0.3, (-0.2, 1.2), 0.12, 0.3


@dataclass(frozen=True, slots=True)
class Ear:
    """An ear of a head, as it would be drawn.

    Attributes:
        box: where in the square, rows and columns.
        alpha, relief: float32, as large as the box: how much of it is there, how light it is; see `drawn`.
        hidden: how far it is drawn for want of a sight of it, 0 (it is seen) to 1.
        cheek: a place in front of it, unit coordinates.
        left: whether it is the one at low x, the person's right.
    """

    box: tuple[slice, slice]
    alpha: np.ndarray
    relief: np.ndarray
    hidden: float
    cheek: tuple[float, float]
    left: bool


def ears_of(shape: np.ndarray, matte: np.ndarray) -> list[Ear]:
    """The ears of a head, those that the camera may see or could see without hair: none, one or two.

    Args:
        shape: float32 (75,), see `mirror.core.head_space.face_shape`.
        matte: float32 (S, S), alpha of the hair that is there.
    """
    side, found = len(matte), []
    middle, half, oval = _face(shape)
    for left in (True, False):
        placed = place(shape, left, side)
        if placed is None:
            continue
        matrix, box, width = placed
        size = (box[1].stop - box[1].start, box[0].stop - box[0].start)
        whole = cv2.warpAffine(drawn(width), matrix, size, borderValue=(0, 1, 0))
        alpha, relief = (np.ascontiguousarray(whole[..., i]) for i in range(2))
        hair = float((alpha * matte[box]).sum()) / max(float(alpha.sum()), 1.0)
        hidden = min(max((hair - _HIDDEN[0]) / (_HIDDEN[1] - _HIDDEN[0]), 0.0), 1.0)
        root = oval[_ROOTS[left]]
        cheek = (float(root[0] + np.sign(middle - root[0]) * _CHEEK * half), float(root[1]))
        found.append(Ear(box, alpha, relief, hidden, cheek, left))
    return found


def bared(ears: list[Ear], cover: np.ndarray, new: np.ndarray) -> list[Ear]:
    """Those of which hair hid so much as a tip that will be seen without it.

    Args:
        cover: float32 (S, S), as in `Layer`; new: float32 (S, S), the new hair's matte.
    """

    def seen(ear: Ear) -> float:
        return float((ear.alpha * np.maximum(cover[ear.box] - new[ear.box], 0)).sum())

    return [ear for ear in ears if seen(ear) > _LITTLE * float(ear.alpha.sum())]


def slimmed(solid: np.ndarray, shape: np.ndarray, ears: list[Ear]) -> np.ndarray:
    """The painter's body without what it paints where such an ear may be: beside a cheek there is wall.

    Args:
        solid: float32 (S, S), alpha of the body.
        shape: as for `ears_of`; ears: those that are `bared`.
    """
    if not ears:
        return solid
    middle, half, oval = _face(shape)
    side = len(solid)
    face, yaw = oval.copy(), np.radians(float(shape[2 * len(FACE_OVAL)]) * 30)
    behind = np.where(face[:, 0] < middle, np.sin(yaw), -np.sin(yaw)).clip(0)
    face[:, 0] = middle + (face[:, 0] - middle) * (_CHEEKS + _NECK * behind)
    at = (np.arange(side, dtype=np.float32) + 0.5) / side
    share = np.zeros_like(solid)
    for ear in ears:
        root = oval[_ROOTS[ear.left]]
        down = (at - root[1]) * (1 / half)
        rows = np.minimum((down - _BESIDE[0]) * (1 / _BEGINS), (_BESIDE[1] - down) * (1 / _ENDS)).clip(0, 1)
        columns = at < middle if ear.left else at >= middle
        share += rows[:, None] * (columns * np.float32(ear.hidden))
    touched = np.flatnonzero(share.any(1))
    if not len(touched):
        return solid
    part = slice(touched[0], touched[-1] + 1)
    outside = cv2.GaussianBlur(255 - fill_polygon(face, side)[part], (0, 0), _EASED * side / 256)
    out = solid.copy()
    out[part] *= 1 - share[part] * outside * np.float32(1 / 255)
    return out


def with_ears(
    beneath: np.ndarray, wall: np.ndarray, skin: np.ndarray, ears: list[Ear]
) -> tuple[np.ndarray, np.ndarray]:
    """The head without hair, with ears.

    Args:
        beneath: float32 (S, S, 3), 0 to 1; wall: float32 (S, S), how much of it is wall. Both are changed.
        skin: float32 (64, 64, 3), see `mirror.removal.skin_tone.skin_beside`.
        ears: those that are `bared`.

    Returns:
        The first two.
    """
    for ear in ears:
        column, row = (int(np.clip(at * FILL_SIDE, 1, FILL_SIDE - 2)) for at in ear.cheek)
        cheek = skin[row - 1 : row + 2, column - 1 : column + 2].mean((0, 1))
        folds = np.maximum(ear.relief, 0.05)[..., None] ** np.array(_FOLDS, np.float32)
        colours = (cheek * np.array(_TONE) * folds).astype(np.float32)
        # What is seen of it stays the camera's: this shows where hair was, and goes on there as an ear.
        beneath[ear.box] = cv2.blendLinear(
            colours, np.ascontiguousarray(beneath[ear.box]), ear.alpha, 1 - ear.alpha
        )
        wall[ear.box] *= 1 - ear.alpha
    return beneath, wall


def place(shape: np.ndarray, left: bool, side: int) -> tuple[np.ndarray, tuple[slice, slice], int] | None:
    """Where an ear lies.

    Args:
        shape: float32 (75,), see `mirror.core.head_space.face_shape`.
        left: the one at low x, the person's right; or the other.
        side: pixels of the square.

    Returns:
        float64 (2, 3), from pixels of `drawn(width)` to those of the box; the box, rows and columns of the
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
    a, b = 0.5 * across - _PAD, 0.5 * down - _PAD
    slant = end_out - top_out
    matrix = np.array([
        [outwards * unit * seen * across, outwards * unit * slant * down,
         x + outwards * unit * (seen * a + top_out + slant * b)],
        [0.0, unit * (end - top) * down, y + unit * (top + (end - top) * b)],
    ])  # fmt: skip
    high, wide = drawn(width).shape[:2]
    corners = matrix @ np.array([[0, wide, 0, wide], [0, 0, high, high], [1, 1, 1, 1]])
    low = np.clip(np.floor(corners.min(1)), 0, side).astype(int)
    up = np.clip(np.ceil(corners.max(1)) + 1, 0, side).astype(int)
    if (up - low).min() < 2:
        return None
    matrix[:, 2] -= low
    return matrix, (slice(int(low[1]), int(up[1])), slice(int(low[0]), int(up[0]))), width


def top_of(shape: np.ndarray, left: bool) -> tuple[float, float]:
    """Where an ear is rooted at its top: unit coordinates. Arguments as of `place`."""
    _, half, oval = _face(shape)
    root = oval[_ROOTS[left]]
    up = _UP * np.sin(np.radians(np.clip(float(shape[2 * len(FACE_OVAL) + 1]) * 30, -30, 30)))
    down, out = _TOP
    return float(root[0] + (-1 if left else 1) * out * half), float(root[1] + (down + up) * half)


@lru_cache(maxsize=8)
def drawn(width: int) -> np.ndarray:
    """An ear, `width` pixels wide and 96 high, and a rim round it: float32 (H, W, 2), not to be written to.

    Its alpha, 0 to 1, and how light each place is of what the ear is on the whole, about 0.4 to 1.1.
    """
    pad = round(_PAD * _HIGH)
    size = (_HIGH + 2 * pad, _HIGH + 2 * pad)

    def at(points: tuple[tuple[float, float], ...]) -> np.ndarray:
        return np.round(_curve(points) * (_HIGH * 16) + pad * 16).astype(np.int32)

    alpha = np.zeros(size, np.uint8)
    cv2.fillPoly(alpha, [at(_OUTLINE)], 255, cv2.LINE_AA, 4)
    relief = np.ones(size, np.float32)
    for points, wide, lighter in _RELIEF:
        line = np.zeros(size, np.uint8)
        cv2.polylines(line, [at(points)], False, 255, round(wide * _HIGH), cv2.LINE_AA, 4)
        relief += cv2.GaussianBlur(line, (0, 0), _SOFT * _HIGH) * np.float32(lighter / 255)
    # In front it passes over into the cheek.
    ramp = np.clip(
        ((np.arange(size[1], dtype=np.float32) - pad) / _HIGH + _PASSES) * (1 / (2 * _PASSES)), 0, 1
    )
    alpha = cv2.GaussianBlur(alpha, (0, 0), _EDGE) * (ramp * np.float32(1 / 255))
    # As wide as high while it is drawn: its rim becomes narrower with it.
    shown = (round(width * (1 + 2 * _PAD)), round(_SHOWN * (1 + 2 * _PAD)))
    return cv2.resize(cv2.merge([alpha, relief]), shown, interpolation=cv2.INTER_AREA)


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
