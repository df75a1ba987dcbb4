"""Present hair: how far a person's hair loss has gone, and their own hair made full."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mirror.hair.encoding.own_hair import ENOUGH
from mirror.hair.loss.hairline_stages import LAST, SIDE, bare, scalp, skull_places
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.shape_edits import led_on
from mirror.removal.skull_shape import Skull

# Hair loss begins at the temples: up to this stage of it they lie further back than the middle by so much of
# the way from a hairline to the top of the skull, or the middle itself lies beyond the last. A hairline that
# is straight, or high in the middle, is somebody's own. Of 41 held-out people with short hair who had been
# told a stage, and were given a fringe, 22 are told none now: by eye 15 have a full hairline, 2 have not.
_BEGINS, _FURTHER, _BEYOND = 3.5, 0.1, 1.3
# Of that way: below the first there are brows and locks, no hairline; above the second no hair is counted.
_ABOVE, _NONE = -0.6, 2.0
# In halves of the skull's width from its middle: how far the middle reaches, and the columns of a temple.
_MIDDLE, _TEMPLE = 0.2, (0.45, 0.7)
# As a face looks up the top of the head sinks away: by so much of its height nothing is missing where no head
# is seen. Short styles are laid higher than hair is seen then, and full heads were told a third stage.
_SUNK = 0.1
# How much better a further stage must fit today's hair to be believed, as a share of it at the last one.
_DOUBT = 0.06


def present_stage(matte: np.ndarray, shape: np.ndarray, full: np.ndarray, person: np.ndarray) -> float:
    """How far a person's hair loss has gone, 0 to 7.

    Args:
        matte: float32 (256, 256), of the hair that is there.
        shape: float32 (75,), the face shape.
        full: float32 (64, 64), where a full head of short hair would lie.
        person: float32 (256, 256), alpha of the whole person.
    """
    size, tall = full.shape[::-1], min(Skull.of(shape).tall, 1.0)
    unseen = 1 - cv2.resize(person, size, interpolation=cv2.INTER_AREA)
    full = full * (1 - unseen * np.float32(min((1 - tall) / _SUNK, 1)))
    there = cv2.resize(matte, size, interpolation=cv2.INTER_AREA)
    stages = np.arange(0, LAST + 0.25, 0.5)
    lost = [cv2.resize(bare(shape, stage), size, interpolation=cv2.INTER_AREA) for stage in stages]
    misses = [float((full * np.abs(there - (1 - one))).sum()) for one in lost]
    if matte.mean() < ENOUGH * tall:
        return float(LAST)
    # Of two that fit as well, the lesser: nobody wants to be told more.
    stage = float(stages[int(np.argmin(np.array(misses) + _DOUBT * full.sum() * stages / LAST))])
    return stage if stage > _BEGINS or _recedes(matte, shape) else 0.0


def _recedes(matte: np.ndarray, shape: np.ndarray) -> bool:
    """Whether a hairline lies as it does where hair has been lost."""
    aside, up = skull_places(shape)
    there = cv2.resize(matte, (SIDE, SIDE), interpolation=cv2.INTER_AREA) > 0.5
    # Each column's lowest hair above the face; none there is far up.
    rows = np.where(there & (up > _ABOVE)[:, None], up[:, None], np.inf).min(0)
    line = np.minimum(rows, _NONE)

    def height(columns: np.ndarray) -> float:
        return float(np.median(line[columns])) if columns.any() else 0.0

    off = np.abs(aside)
    middle = height(off < _MIDDLE)
    temples = (height((off > _TEMPLE[0]) & (off < _TEMPLE[1]) & (aside * side > 0)) for side in (-1, 1))
    return middle > _BEYOND or max(temples) > middle + _FURTHER


def filled(own: StyleCode, full: StyleCode, where: np.ndarray | None = None) -> StyleCode:
    """A person's own hair with a full hairline, in its own kind and colour.

    Args:
        where: float32 (128, 128), where hair may grow, in head space; None: from a full hairline on.
    """
    size = full.coarse.shape[::-1]
    coarse = full.fitted(own.shape).coarse
    grows = cv2.resize(scalp(own.shape), size, interpolation=cv2.INTER_AREA)
    if where is not None:
        grows = cv2.resize(where, size, interpolation=cv2.INTER_AREA)
        # Before the hairline of the style there is hair, too, behind the line that was drawn.
        inside = cv2.resize(Skull.of(own.shape).alpha(where.shape[0]), size, interpolation=cv2.INTER_AREA)
        coarse = np.maximum(coarse, grows * inside)
    coarse = np.maximum(own.coarse, coarse * grows)
    return replace(own, coarse=coarse, detail=led_on(own.detail, own.coarse))
