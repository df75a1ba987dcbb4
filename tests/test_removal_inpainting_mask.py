"""The hole: it holds both hair shapes with room around them, and says little about either."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.removal.inpainting_mask import HOLE_SIDE, cut_hole

NONE = np.zeros((HOLE_SIDE, HOLE_SIDE), np.float32)


def blob(x: int, y: int, radius: int, value: float = 1.0) -> np.ndarray:
    alpha = NONE.copy()
    cv2.circle(alpha, (x, y), radius, value, -1)
    return alpha


def test_no_hair_no_hole() -> None:
    assert not cut_hole(NONE, NONE, 256).any()
    assert not cut_hole(np.full_like(NONE, 0.05), NONE, 256).any(), "what a matte network leaves everywhere"


def test_one_or_zero_at_any_size() -> None:
    for side in (64, 200, 256):
        hole = cut_hole(blob(30, 20, 9), NONE, side)
        assert hole.shape == (side, side) and hole.dtype == np.float32
        assert set(np.unique(hole)) == {0.0, 1.0}


def test_both_shapes_lie_inside_with_room_around() -> None:
    own, new = blob(20, 20, 8), blob(44, 36, 9, 0.3)
    for radius in (2, 3):
        hole = cut_hole(own, new, HOLE_SIDE, radius=radius)
        room = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius - 1, 2 * radius - 1))
        wanted = cv2.dilate((np.maximum(own, new) > 0.08).astype(np.uint8), room) > 0
        assert (hole[wanted] == 1).all()
        assert hole.mean() < 0.5, "not simply everything"
    assert cut_hole(own, new, 256, radius=3).sum() > cut_hole(own, new, 256, radius=2).sum()


def test_which_of_the_two_a_shape_is_makes_no_difference() -> None:
    own, new = blob(20, 20, 8), blob(44, 36, 9)
    assert np.array_equal(cut_hole(own, new, 256), cut_hole(new, own, 256))
    inner = blob(20, 20, 4)
    assert np.array_equal(cut_hole(own, inner, 256), cut_hole(own, NONE, 256)), "a shape within shows nothing"
