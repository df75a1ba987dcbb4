"""The share of a face that a swap changes: what hair covers is left out, what hair does not is counted."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from test_groom_lay_over import HEIGHT, WIDTH, patch, sitter

from mirror.core.face import FACE_OVAL
from train.groom.touched import bare_skin, touched


def test_only_skin_that_no_hair_covers_is_counted():
    person = sitter()
    skin = bare_skin(person.landmarks, person.hair, patch(40, 90, 50, 100))
    assert not skin[person.hair > 0].any() and not skin[90:100, 40:50].any()
    face = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillPoly(face, [np.round(person.landmarks[list(FACE_OVAL), :2]).astype(np.int32)], 1)
    assert not skin[face == 0].any() and skin[85, 70]


def test_the_share_is_that_of_the_pixels_which_differ():
    before = np.full((10, 10, 3), 100, np.uint8)
    after, where = before.copy(), np.zeros((10, 10), bool)
    where[:5] = True
    after[:1, :, 2] = 97
    after[7] = 0
    assert touched(before, after, where) == pytest.approx(0.2)
    assert touched(before, after, where, more_than=3) == 0
    assert touched(before, after, np.zeros((10, 10), bool)) == 0
