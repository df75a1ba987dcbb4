"""Own sides: where a person's hair is about as short at the sides as the new style's, it is not touched.

A barber who changes the top leaves the sides. So do we: ear, sideburn, temple and the wall beside them stay
the camera's, where made skin, cut-off hair beside the ear and a rim of blurred wall gave short styles away.
"""

from __future__ import annotations

import numpy as np

from mirror.core.head_crop import SIDE
from mirror.core.head_space import EYE_CENTRE, EYE_DISTANCE
from mirror.segmentation.matting import Mattes

_EYES = EYE_DISTANCE * SIDE  # pixels
_ROW = EYE_CENTRE[1] * SIDE
ROWS = 192  # of the square that are looked at: to the chin, or a tuft behind the lobe of an ear was cut off
# Rows above the eyes where the top begins to pass over into the own sides, and where it has.
_TOP = (0.8 * _EYES, 0.3 * _EYES)
# So far from the middle the sides begin, and are sides: eyes' outer corners lie at 0.7, ears at 1.2.
_ASIDE = (0.72 * _EYES, 0.95 * _EYES)
# Rows below the eyes between which both are compared, and from which on down hair is long.
_COMPARED, _LONG = (-0.3 * _EYES, 0.35 * _EYES), 0.75 * _EYES
# Widths, in eye distances, a row in the mean: up to the first sides count as alike, from the second on not.
# New hair beyond their own outline; new hair on skin that is bare; own hair that stands out from the bare
# head where new hair does not: what lies on it is clipped, and may.
_BEYOND, _ON_SKIN, _UNCOVERED = (0.13, 0.18), (0.12, 0.16), (0.16, 0.24)
# The last, of own hair beside the top that passes over: less, for there it is half gone, a ghost.
_GHOST = (0.05, 0.1)
# So little own and new hair, in squares of the eye distance, may hang lower.
_HANGING = (0.05, 0.12)
_PERSON = 0.5
# A side that stayed goes below the first, one that did not stays from the second on, by so much a look.
_GOES, _COMES, _EASE = 0.25, 0.75, 0.5


def alike(mattes: Mattes, bare: np.ndarray | None, new: np.ndarray) -> tuple[float, float]:
    """How much the picture's left and right side stay, 0 to 1.

    Args:
        mattes: of their own.
        bare: float (256, 256), 0 to 1: alpha of the person without hair; None: it is not known.
        new: uint8 (256, 256), alpha of the new hair before them.
    """
    whole = np.zeros_like(mattes.hair) if bare is None else bare.astype(np.float32)
    planes = mattes.hair, mattes.person, whole, new.astype(np.float32) * np.float32(1 / 255)
    left, right = (_alike(*(one[:, side] for one in planes)) for side in _SIDES)
    return left, right


def settled(found: tuple[float, float], last: tuple[float, float] | None) -> tuple[float, float]:
    """What stays: all of a side or nothing, for half of it would be two heads of hair through each other; and
    a side that is nearly alike does not come and go.

    Args:
        found: of this moment, see `alike`. last: what stayed before; None: nothing is known of it.

    Example:
        >>> settled((0.5, 0.9), (1.0, 0.0)), settled((0.3, 0.6), None)
        ((1.0, 0.5), (0.0, 1.0))
    """
    left, right = (_settled(one, before) for one, before in zip(found, last or (None, None), strict=True))
    return left, right


def _settled(found: float, last: float | None) -> float:
    if last is None:
        return float(found > 0.5)
    wanted = float(found > (_GOES if last > 0.5 else _COMES))
    return wanted if abs(wanted - last) < 0.1 else last + (wanted - last) * _EASE


def own_sides(shares: tuple[float, float]) -> np.ndarray:
    """How much of each pixel stays as the camera saw it, float32 (ROWS, 256), 0 to 1.

    Args:
        shares: see `alike`.
    """
    across = shares[0] * ramp(_ASIDE, -_COLUMNS) + shares[1] * ramp(_ASIDE, _COLUMNS)
    return np.asarray(_DOWN[:, None] * (across * _WITHIN)[None], np.float32)


def _alike(hair: np.ndarray, person: np.ndarray, bare: np.ndarray, new: np.ndarray) -> float:
    """How much one side is kept, 0 to 1."""
    top, first, last, long = (round(_ROW + one) for one in (-_TOP[0], *_COMPARED, _LONG))
    below = max(float(one[long : long + round(2 * _EYES)].sum()) / _EYES**2 for one in (hair, new))
    upper = (hair * (1 - new) * (1 - bare))[top:first]
    hair, person, bare, new = (one[first:last] for one in (hair, person, bare, new))
    across = np.float32(1 / (_EYES * (last - first)))
    own = np.maximum(hair, person > _PERSON)
    widths = {
        _BEYOND: new * (1 - own), _ON_SKIN: new * own * (1 - hair), _UNCOVERED: hair * (1 - new) * (1 - bare),
    }  # fmt: skip
    share = float(ramp(_HANGING[::-1], below))
    share *= float(ramp(_GHOST[::-1], float(upper.sum(1).mean() / _EYES)))
    for ends, wide in widths.items():
        share *= float(ramp(ends[::-1], float(wide.sum() * across)))
    return share


def ramp(ends: tuple[float, float], value: np.ndarray | float) -> np.ndarray:
    """0 at the first end and before, 1 at the second and beyond, float32."""
    return np.clip((np.asarray(value, np.float32) - ends[0]) / np.float32(ends[1] - ends[0]), 0, 1)


_COLUMNS = (np.arange(SIDE) + 0.5 - EYE_CENTRE[0] * SIDE).astype(np.float32)
# Beyond the square nothing is laid; at its edge what is sampled, blurred, would be half outside: a dark line.
_WITHIN = ramp((4.0, 8.0), np.minimum(np.arange(SIDE), SIDE - 1 - np.arange(SIDE)))
_INNER = int(np.searchsorted(_COLUMNS, -_ASIDE[0]))  # columns of a side
_SIDES = slice(0, _INNER), slice(SIDE - _INNER, SIDE)
_DOWN = ramp((-_TOP[0], -_TOP[1]), np.arange(ROWS) + 0.5 - _ROW) * ramp((ROWS, ROWS - 16), np.arange(ROWS))
