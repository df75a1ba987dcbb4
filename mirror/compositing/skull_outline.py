"""Skull outline: the head that is painted without hair, brought to the outline of the new hair.

A network guesses a skull below hair, a groom's head has another: where the new hair is wider, wall would show
between its roots, and where it is narrower, a rim of scalp beside it.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mirror.core.head_crop import SIDE
from mirror.core.head_space import EYE_DISTANCE
from mirror.core.layer import Layer

_EYES = EYE_DISTANCE * SIDE  # pixels
# Rows, as shares of the side, over which ears begin: from there on down nothing is done.
_EARS = (0.36, 0.42)
# Alpha of new hair within which its outline is looked for: fades leave little at their edge.
_THERE = 0.15
# So far from the painted skull an outline is one: big hair goes on without any scalp beneath.
_FURTHEST = 0.6 * _EYES
_RIM, _SOFT = 3, 1.5  # pixels that scalp ends within hair, and softly
# Rows in which ears lie; hair this thick at its outline lies over them, and sideburns are thinner; ears stand
# out from it by so much at most. Such an ear lies flat below the hair, and what stood out is wall.
_BESIDE, _THICK, _EAR = (0.34, 0.39, 0.62, 0.68), round(0.25 * _EYES), round(0.5 * _EYES)
# Hair that ends nearer to the middle lies over no ear: it is the tip of a fringe.
_ASIDE = round(0.7 * _EYES)
_WITHIN = round(0.15 * _EYES)  # of the outline, too: head and hair move a little until the next underlay
_OUTER = 0.25 * _EYES  # no painted skull is too wide by more
# Alpha of new hair, mean of so many columns at its outline, at which that is not and is the head's.
_DENSE, _EDGE = (0.35, 0.6), 8


def to_outline(layer: Layer, new: np.ndarray, person: np.ndarray) -> Layer:
    """Scalp on to where new hair ends, and wall from there on, and in place of ears that new hair hides.

    Args:
        layer: of a head without hair; one without `body` and `bare` is left as it is.
        person: float32 (256, 256), 0 to 1: alpha of the person, hair and all.
        new: uint8 (256, 256): alpha of the new hair before it; where there is none nothing is changed.
    """
    body, there = layer.body, new > _THERE * 255
    if body is None or layer.bare is None or not there.any():
        return layer
    columns = np.arange(SIDE)
    first, last = np.argmax(there, 1)[:, None], SIDE - 1 - np.argmax(there[:, ::-1], 1)[:, None]
    within = (there.any(1)[:, None] & (columns >= first) & (columns <= last)).astype(np.uint8)
    outside = cv2.distanceTransform((body < 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    above = np.clip((_EARS[1] - _ROWS) * (1 / (_EARS[1] - _EARS[0])), 0, 1)
    scalp = cv2.erode(within, np.ones((_RIM, _RIM), np.uint8)) * (outside < _FURTHEST)
    scalp = cv2.GaussianBlur(scalp * above, (0, 0), _SOFT)
    inside = cv2.distanceTransform((body >= 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    wall = (1 - within) * (inside < _OUTER) * above * _dense_beside(new, within, first, last)
    wall = cv2.GaussianBlur(wall.astype(np.float32), (0, 0), _SOFT)
    ears = _ears_over(body, there, person)
    # What is scalp now lies in the shadow of the hair, and hides the hair behind it.
    alpha = (cv2.max(body * (1 - wall), scalp) * (1 - ears)).astype(np.float32)
    known = None
    if layer.wall is not None:
        known = layer.wall * (1 - alpha) / np.maximum(1 - body, 1e-3)
    skin, behind = layer.bare
    rgb = cv2.blendLinear(skin, behind, alpha, 1 - alpha)
    cover = cv2.max(layer.cover, ears)
    return replace(layer, rgb=rgb, cover=cover, wall=known, body=alpha)


def _dense_beside(new: np.ndarray, within: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """How surely the outline of hair beside a pixel is the head's, float32 (256, 256), 0 to 1: where hair is
    dense; what is clipped or faded ends within it.

    Args:
        new: uint8 (256, 256), alpha. within: where it is, between `first` and `last`, (256, 1), of each row.
    """
    columns = np.arange(SIDE)
    found = np.zeros((SIDE, SIDE), np.float32)
    # Rows over the hair take what its highest row says.
    rows = np.flatnonzero(within.any(1))
    for from_edge, side in ((columns - first, columns < SIDE // 2), (last - columns, columns >= SIDE // 2)):
        rim = (from_edge >= 0) & (from_edge < _EDGE) & side & (within > 0)
        density = (new * rim).sum(1) / np.maximum(rim.sum(1) * 255, 1)
        density = cv2.blur(density[rows][:, None].astype(np.float32), (1, 2 * _EDGE + 1))[:, 0]
        each = np.interp(_ROWS[:, 0] * SIDE - 0.5, rows, density).astype(np.float32)[:, None]
        found += side * np.clip((each - _DENSE[0]) / (_DENSE[1] - _DENSE[0]), 0, 1)
    return found


def _ears_over(body: np.ndarray, there: np.ndarray, person: np.ndarray) -> np.ndarray:
    """What stands out of the hair that lies over an ear, float32 (256, 256), 0 to 1."""
    thick = cv2.morphologyEx(there.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, _THICK), np.uint8)) > 0
    columns, half = np.arange(SIDE), SIDE // 2
    left, right = thick[:, :half], thick[:, half:]
    first = np.where(left[:, : half - _ASIDE].any(1), np.argmax(left, 1), -SIDE)[:, None]
    last = np.where(right[:, _ASIDE:].any(1), SIDE - 1 - np.argmax(right[:, ::-1], 1), 2 * SIDE)[:, None]
    first, last = first + _WITHIN, last - _WITHIN
    beside = (columns < first) & (columns > first - _EAR) | (columns > last) & (columns < last + _EAR)
    rows = np.interp(_ROWS, _BESIDE, (0, 1, 1, 0)).astype(np.float32)
    # The camera's ear and the painted one: neither knows of the other.
    seen = cv2.max(body, person) > 0.05
    ears = cv2.GaussianBlur((beside * seen).astype(np.float32), (0, 0), _SOFT)
    return np.minimum(2 * ears, 1) * beside * rows


_ROWS = ((np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE)[:, None]
