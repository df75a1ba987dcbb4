"""Present hair: how far a person's hair loss has gone, and their own hair made full."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mirror.hair.encoding.own_hair import ENOUGH
from mirror.hair.loss.hairline_stages import LAST, bare, scalp
from mirror.hair.styles.code import StyleCode
from mirror.hair.styles.shape_edits import led_on
from mirror.removal.skull_shape import Skull

# How much better a further stage must fit today's hair to be believed, as a share of it at the last one.
_DOUBT = 0.06


def present_stage(matte: np.ndarray, shape: np.ndarray, full: np.ndarray) -> float:
    """How far a person's hair loss has gone, 0 to 7.

    Args:
        matte: float32 (256, 256), of the hair that is there.
        shape: float32 (75,), the face shape.
        full: float32 (64, 64), where a full head of short hair would lie.
    """
    size = full.shape[::-1]
    there = cv2.resize(matte, size, interpolation=cv2.INTER_AREA)
    stages = np.arange(0, LAST + 0.25, 0.5)
    lost = [cv2.resize(bare(shape, stage), size, interpolation=cv2.INTER_AREA) for stage in stages]
    misses = [float((full * np.abs(there - (1 - one))).sum()) for one in lost]
    if matte.mean() < ENOUGH:
        return float(LAST)
    # Of two that fit as well, the lesser: nobody wants to be told more.
    return float(stages[int(np.argmin(np.array(misses) + _DOUBT * full.sum() * stages / LAST))])


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
