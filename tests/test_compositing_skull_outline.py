"""The head beneath new hair ends where that hair does: no wall within it, no scalp beside it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mirror.compositing.skull_outline import to_outline
from mirror.core.head_crop import SIDE
from mirror.core.layer import Layer

SKIN, WALL = (200, 150, 130), (40, 90, 60)
NOBODY = np.zeros((SIDE, SIDE), np.float32)


def disc(radius: int) -> np.ndarray:
    found = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(found, (128, 100), (radius, radius), 0, 0, 360, 255, -1)
    return found


def bald(radius: int) -> Layer:
    skull = disc(radius)
    rgb = np.full((SIDE, SIDE, 3), WALL, np.uint8)
    rgb[skull > 0] = SKIN
    whole, body = np.ones((SIDE, SIDE), np.float32), skull.astype(np.float32) / 255
    bare = np.full_like(rgb, SKIN), np.full_like(rgb, WALL)
    return Layer(rgb, whole, whole, whole * 0, (1 - body) * 0.5, body=body, bare=bare)


def arch(radius: int) -> np.ndarray:
    new = disc(radius) // 2
    cv2.ellipse(new, (128, 110), (radius - 20, radius - 20), 0, 0, 360, 0, -1)
    return new


def test_no_wall_shows_between_the_roots_of_wider_hair() -> None:
    layer = to_outline(bald(50), arch(66), NOBODY)
    assert np.abs(layer.rgb[42, 128].astype(int) - SKIN).max() < 12, "16 above the painted skull"
    assert np.abs(layer.rgb[28, 128].astype(int) - WALL).max() < 12
    assert layer.body is not None and layer.body[42, 128] > 0.95 and layer.body[28, 128] < 0.05
    assert layer.wall is not None and layer.wall[42, 128] < 0.05 and layer.wall[20, 128] == pytest.approx(0.5)


def test_no_rim_of_scalp_is_left_beside_narrower_hair() -> None:
    soft = cv2.GaussianBlur(disc(50), (0, 0), 4.0).astype(np.float32) / 255
    before = replace(bald(50), body=soft)
    layer = to_outline(before, arch(48), NOBODY)
    assert before.body is not None and 0.1 < before.body[47, 128] < 0.4, "a rim"
    assert np.abs(layer.rgb[45, 128].astype(int) - WALL).max() < 16
    assert np.abs(layer.rgb[70:90, 100:156].astype(int) - SKIN).max() < 3, "forehead"


def test_a_skull_that_is_too_wide_ends_where_dense_hair_does_and_not_where_hair_fades() -> None:
    dense = cv2.multiply(arch(42), 2)
    trimmed = to_outline(bald(50), dense, NOBODY)
    assert trimmed.body is not None and trimmed.body[80, 83:86].max() < 0.2 and trimmed.body[80, 96] > 0.9
    assert np.abs(trimmed.rgb[80, 84].astype(int) - WALL).max() < 40
    faded = to_outline(bald(50), arch(42) // 3 + 30 * (arch(42) > 0).astype(np.uint8), NOBODY)
    assert faded.body is not None and faded.body[80, 83:86].min() > 0.8


def sides(outer: int, inner: int) -> np.ndarray:
    """Hair over the ears, from so far beside the middle to so far."""
    new = disc(50) // 2
    new[:, 128 - inner : 128 + inner] = 0
    new[95:200, 128 - outer : 128 - inner] = new[95:200, 128 + inner : 128 + outer] = 255
    return new


def with_ear() -> np.ndarray:
    """Where the camera sees somebody: an ear stands out at the left, 62 from the middle."""
    person = disc(50).astype(np.float32) / 255
    cv2.ellipse(person, (76, 118), (10, 16), 0, 0, 360, 1.0, -1)
    return person


def test_an_ear_that_stands_out_of_the_hair_over_it_gives_way_to_the_wall() -> None:
    before, person = bald(50), with_ear()
    before.cover[:] = 0
    layer = to_outline(before, sides(56, 36), person)
    assert person[118, 68] == 1 and layer.cover[118, 68] > 0.9
    assert np.abs(layer.rgb[118, 68].astype(int) - WALL).max() < 12
    assert layer.cover[118, 30] == 0, "wall stays the camera's"
    assert not layer.cover[70:180, 94:162].any(), "and so does the face"
    assert layer.cover[118, 186:].max() == 0, "on the other side nothing stands out"


@pytest.mark.parametrize("new", [np.zeros((SIDE, SIDE), np.uint8), sides(56, 50)])
def test_ears_beside_no_hair_or_a_sideburn_and_what_is_below_them_stay(new: np.ndarray) -> None:
    before = bald(50)
    below = np.s_[round(0.44 * SIDE) :]
    assert np.array_equal(to_outline(before, new, with_ear()).rgb[below], before.rgb[below])


def test_the_tip_of_a_fringe_lies_over_no_ear() -> None:
    new = arch(50)
    new[60:122, 118:140] = 255
    layer = to_outline(bald(50), new, disc(50).astype(np.float32) / 255)
    assert layer.body is not None and layer.body[104:116, 97:159].min() > 0.9, "a forehead, and no wall on it"


def test_without_a_body_or_hair_nothing_is_known() -> None:
    layer = replace(bald(57), body=None)
    assert to_outline(layer, disc(48), NOBODY) is layer
    assert to_outline(bald(57), np.zeros((SIDE, SIDE), np.uint8), NOBODY).rgb[45, 128].tolist() == list(SKIN)
