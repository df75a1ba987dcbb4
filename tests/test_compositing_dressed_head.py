"""The dressed head: what is worn as it lies in head space."""

from __future__ import annotations

import numpy as np

from mirror.compositing.dressed_head import dressed_head
from mirror.compositing.laid_hair import LaidHair
from mirror.core.frame import Frame
from mirror.core.head_crop import SIDE
from mirror.core.head_space import crop
from mirror.pipeline.grown_still import laid_on
from mirror.pipeline.mirror import Mirror


def test_hair_over_what_lies_beneath_is_the_picture_that_is_shown(
    mirror: Mirror, demo_frame: np.ndarray
) -> None:
    mirror.styling.choose("bob with fringe")
    for number in range(6):
        mirror.process(Frame(np.zeros_like(demo_frame), 9000 + number, 9000 + number / 20))
    for number in range(14):
        shown = mirror.process(Frame(demo_frame, 9010 + number, 9001 + number / 20))
        mirror._stream.settle()
    laid = shown.laid
    assert isinstance(laid, LaidHair)
    head = crop(demo_frame, laid.transform, SIDE)
    beneath, hair = dressed_head(laid, head)
    assert beneath.shape == (SIDE, SIDE, 3) and hair.shape == (SIDE, SIDE, 4)
    share = hair[..., 3:] / 255
    assert share.mean() > 0.05 and (hair[..., :3].max(-1) <= hair[..., 3].astype(int) + 1).all(), (
        "premultiplied"
    )
    there = crop(laid_on(demo_frame, laid), laid.transform, SIDE).astype(float)
    apart = np.abs(hair[..., :3] + beneath * (1 - share) - there)
    # Strands are sampled once more: what is seen is the same, not each of them.
    assert np.median(apart[share[..., 0] > 0.9]) < 14
    assert np.median(apart[share[..., 0] == 0]) < 3
