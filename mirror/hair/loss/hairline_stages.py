"""Hairline: which part of a head is still covered with hair at each stage of hair loss.

The stages are those of Hamilton (1951) and Norwood (1975), as a clinic names them, from I (none) to VII (a
low rim), and bald beyond. Seen from the front they differ in three things: how far the temples have gone
back, how far the middle has, and how low the rim at the sides has become. Each is a number here, so that the
stages lie on one line that a slider can walk along.
"""

from __future__ import annotations

import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.core.head_space import EYE_CENTRE, oval_of

SIDE = 128
# The last is no stage of theirs: nothing is left.
NAMES = ("I", "II", "III", "IV", "V", "VI", "VII", "bald")
LAST = len(NAMES) - 1
# At each stage: how far back the temples have gone, and the middle, as shares of the way from the hairline to
# the top of the skull; how far the rim of what is left has sunk at the sides; and how much of what has not
# gone is thin.
_TEMPLES = (0.0, 0.35, 0.7, 0.85, 1.3, 1.5, 1.8, 2.0)
_MIDDLE = (0.0, 0.04, 0.15, 0.55, 1.3, 1.5, 1.8, 2.0)
_RIM = (0.0, 0.0, 0.0, 0.0, 0.2, 0.45, 1.0, 1.5)
_THIN = (0.0, 0.06, 0.12, 0.2, 0.3, 0.35, 0.45, 1.0)
# The temples' bays lie so far out, in halves of the skull's width, and are so wide; and so is the middle.
_BAY, _BAY_WIDE, _MIDDLE_WIDE, _FRONT_WIDE = 0.55, 0.3, 0.4, 0.8
# Where the hairline and the top of the skull lie, in heights of the face oval above the eyes; how low the
# last rim lies, in ways from the hairline to the top, down from there.
_HAIRLINE, _SKULL, _LOW = 0.8, 1.5, 1.6
_BACK = 0.35
# Softness of the line, in sides of the square.
_SOFT = 0.055
# Below so far above the eyes a bay ends; past this share of the way the last of a line goes at once. What
# stands above the top of the skull, in ways from the hairline to there, goes sooner by so much of that, and
# so many times as sharply.
_BROWS, _PAST, _SOONER, _LOWER = 0.05, 0.8, 0.6, 3.0
# From so much lost on nothing is left.
_LAST_OF_IT = 0.78


def stage_words(stage: float) -> str:
    """What a clinic calls a stage, 0 to 7.

    Example:
        >>> stage_words(2.2), stage_words(6.8)
        ('Norwood III', 'bald')
    """
    number = round(min(max(stage, 0), LAST))
    return "bald" if number == LAST else f"Norwood {NAMES[number]}"


def bare(shape: np.ndarray, stage: float) -> np.ndarray:
    """How much of its hair a head has lost at each place, at a stage.

    Args:
        shape: float32 (75,), see `mirror.core.head_space.face_shape`.
        stage: 0 (I) to 7 (bald), between two as well.

    Returns:
        float32 (128, 128), 0 (all is there) to 1 (bare), in head space.
    """
    x, up, soft, place = _places(shape)
    temples, centre, rim, thin = (
        float(np.interp(stage, range(LAST + 1), row)) for row in (_TEMPLES, _MIDDLE, _RIM, _THIN)
    )
    bays = np.exp(-(((np.abs(x) - _BAY) / _BAY_WIDE) ** 2)) * temples
    forelock = np.exp(-((x / _MIDDLE_WIDE) ** 2))
    reach = np.maximum(bays * (1 - forelock) + centre * forelock, centre * np.exp(-((x / _FRONT_WIDE) ** 4)))
    # What stands above the top of the skull has its roots behind: as the line comes to the top hair is lower
    # all across, the highest first. A line that went on upwards would leave its tips hanging in the air, one
    # that is soft all the way up a comb.
    reach = reach + np.maximum(reach - _PAST, 0)
    lowered = float((reach * forelock).sum() / forelock.sum()) - (1 - np.minimum(up - 1, 1) * _SOONER)
    ahead = np.where(up > 1, lowered * np.float32(_LOWER), reach - up)
    gone = (
        _ramp(ahead, soft) * _ramp(reach - 0.16, 0.24) * _ramp(EYE_CENTRE[1] - _BROWS - place, 0.06)[:, None]
    )
    # The last of a band goes with the rest: a row of stubs across a bare head is no hair.
    gone = np.minimum(gone / _LAST_OF_IT, 1)
    # The rim at the sides sinks: above it the skull is bare all round.
    crest = 1 - rim * _LOW
    gone = np.maximum(gone, _ramp(up - crest, soft * 2) * _ramp(rim - 0.05, 0.1))
    thinner = thin * _ramp(up + 0.5, 1.0)
    return np.maximum(np.maximum(gone, thinner), _ramp(stage - LAST + 0.5, 1.0)).astype(np.float32)


def scalp(shape: np.ndarray) -> np.ndarray:
    """Where hair may grow on a head: float32 (128, 128), 1 from a full hairline on, 0 on the face."""
    x, up, soft, _ = _places(shape)
    # A full hairline is lower at the temples' corners than in the middle.
    return np.broadcast_to(_ramp(up + 0.25 * x * x, soft), (SIDE, SIDE)).astype(np.float32)


def skull_places(shape: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where every column and row of a square of 128 lies on a skull.

    Returns:
        float (128,): columns in halves of the skull's width from its middle; rows in ways from the hairline
        (0) to the top of the skull (1).
    """
    x, up, _, _ = _places(shape)
    return x[0], up[:, 0]


def _places(shape: np.ndarray) -> tuple[np.ndarray, np.ndarray, float, np.ndarray]:
    """Where every column and row lies on a skull, and the softness of a line there.

    Returns:
        x (1, 128): in halves of the skull's width from its middle, which a turned head shows beside the
        face's; up (128, 1): 0 at the hairline, 1 at the top of the skull, more above it; the softness, in the
        unit of `up`; and the rows' places in the square (128,).
    """
    oval = oval_of(shape)
    middle, half = (oval[:, 0].min() + oval[:, 0].max()) / 2, (oval[:, 0].max() - oval[:, 0].min()) / 2
    forehead = EYE_CENTRE[1] - oval[:, 1].min()
    line, top = EYE_CENTRE[1] - forehead * _HAIRLINE, EYE_CENTRE[1] - forehead * _SKULL
    turned = float(np.sin(np.radians(shape[2 * len(FACE_OVAL)] * 30)))
    place = (np.arange(SIDE) + 0.5) / SIDE
    x = (place - middle) / half - _BACK * turned
    return x[None, :], ((line - place) / (line - top))[:, None], _SOFT / (line - top), place


def _ramp(value: np.ndarray | float, soft: float) -> np.ndarray:
    share = np.clip(value / soft + 0.5, 0, 1)
    return share * share * (3 - 2 * share)
