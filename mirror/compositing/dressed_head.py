"""Dressed head: what a person wears as it lies in head space, hair in front apart from all beneath it."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import numpy as np

from mirror.compositing.frame_part import cut
from mirror.compositing.head_pose import inverse
from mirror.compositing.laid_hair import FRONT, SHADOW, LaidHair, WarpedView
from mirror.compositing.over import Canvas, over, shaded
from mirror.compositing.warp import Placed
from mirror.core.head_crop import SIDE
from mirror.core.head_space import EYE_CENTRE, HeadTransform

# The square as a picture of its own.
SQUARE = HeadTransform(EYE_CENTRE[0] * SIDE - 0.5, EYE_CENTRE[1] * SIDE - 0.5, float(SIDE), 0.0)


def dressed_head(laid: LaidHair, head: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The head as it is shown, at one resolution.

    Args:
        laid: what is worn, where it lies in a frame.
        head: uint8 (256, 256, 3) RGB, the head's square of the same frame.

    Returns:
        The head with all that is laid beneath hair in front, its shadow included, uint8 (256, 256, 3); and
        that hair, uint8 (256, 256, 4), premultiplied. Own roots and things held before it are left out.
    """
    to_head = np.vstack([inverse(laid.transform.matrix(SIDE)), [0, 0, 1]])
    views = tuple(replace(one, placed=_moved(one, to_head)) for one in laid.views)
    square = replace(laid, views=views, transform=SQUARE)
    beneath, hair = head.copy(), np.zeros((SIDE, SIDE, 4), np.uint8)
    canvas = Canvas()
    for kind, part, picture in square._layers((SIDE, SIDE), canvas):
        if kind == FRONT:
            cut(hair, part)[...] = picture
        else:
            (shaded if kind == SHADOW else over)(cut(beneath, part), picture, canvas)
    return beneath, hair


def _moved(one: WarpedView, to_head: np.ndarray) -> Placed:
    placed = copy(one.placed)
    placed.matrix = (to_head @ np.vstack([one.placed.matrix, [0, 0, 1]]))[:2]
    return placed
