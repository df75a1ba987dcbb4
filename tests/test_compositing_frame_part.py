"""A part of a frame: the same whatever part is asked for, and nearly the same of every other pixel."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.compositing.frame_part import (
    Warp,
    between,
    box_of,
    give_back,
    pasted,
    reached,
    sampled,
    thinned,
)
from mirror.compositing.over import Canvas
from mirror.core.head_space import HeadTransform

RANDOM = np.random.default_rng(3)
MATRIX = np.array([[1.7, -0.2, 90.0], [0.2, 1.7, -40.0]])
FIELD = cv2.GaussianBlur(RANDOM.normal(size=(40, 28, 2)), (0, 0), 4.0).astype(np.float32)
WHOLE = (0, 0, 640, 480)


def test_where_a_pixel_lies_does_not_depend_on_the_part_that_is_asked_for() -> None:
    warp, canvas = Warp(MATRIX, FIELD), Canvas()
    whole = warp.grid(WHOLE, canvas).copy()
    for left, top, right, bottom in ((0, 0, 33, 17), (101, 57, 377, 399), (623, 479, 640, 480)):
        part = warp.grid((left, top, right, bottom), canvas)
        assert np.abs(part - whole[top:bottom, left:right]).max() < 1e-3


def test_the_grid_undoes_the_matrix_and_adds_what_the_field_says() -> None:
    corner, even = (12, 30), np.full_like(FIELD, 0.25)
    grid = Warp(MATRIX, even).grid((200, 100, 264, 164), Canvas(), reduced=0.5, corner=corner)
    x, y = np.linalg.solve(MATRIX[:, :2], np.array([230.0, 130.0]) - MATRIX[:, 2]) + 0.25 * 16
    assert grid[30, 30] == pytest.approx([(x + 0.5) * 2 - 0.5 - 12, (y + 0.5) * 2 - 0.5 - 30], abs=0.01)


@pytest.mark.parametrize("every", [2, 4])
@pytest.mark.parametrize("part", [(64, 32, 256, 224), (65, 33, 256, 223)])
def test_every_so_many_th_pixel_lies_in_the_middle_of_so_many(every: int, part: tuple) -> None:
    warp, canvas = Warp(MATRIX, FIELD), Canvas()
    some = warp.grid(part, canvas, every=every).copy()
    left, top, right, bottom = (edge * every for edge in thinned(part, every))
    whole = warp.grid((left, top, right, bottom), canvas)
    middle = whole.reshape(some.shape[0], every, some.shape[1], every, 2).mean((1, 3))
    assert np.abs(some - middle).max() < 0.02


@pytest.mark.parametrize("every", [2, 4])
def test_what_is_magnified_looks_the_same_with_fewer_samples(every: int) -> None:
    square = cv2.GaussianBlur(RANDOM.integers(0, 256, (64, 64), dtype=np.uint8), (0, 0), 1.5)
    transform = HeadTransform(150.0, 130.0, 64.0 * 1.5 * every, 0.1)
    for part in ((90, 80, 210, 200), (91, 83, 210, 199)):
        few = between(sampled(square, transform, part, every), part, every)
        whole = between(sampled(square, transform, part, 1), part, 1)
        assert few.shape == whole.shape
        assert np.abs(few.astype(int) - whole).max() <= 6, "half a sample off it would be more"


def test_what_is_at_the_edge_of_a_square_goes_on_if_it_has_no_end() -> None:
    plane = np.zeros((64, 64), np.uint8)
    plane[40:, 20:30] = 255
    transform, size = HeadTransform(160.0, 100.0, 64.0, 0.0), (320, 400)
    left, top, right, bottom = reached(box_of(plane), transform, size)
    shown = pasted(plane, transform, (0, 0, *size)) > 0
    rows, columns = np.flatnonzero(shown.any(1)), np.flatnonzero(shown.any(0))
    assert left <= columns[0] and columns[-1] < right and top <= rows[0] and rows[-1] < bottom
    assert right - left < 10 + 8 and bottom - top < 24 + 8, "and hardly more"
    assert reached(box_of(plane, endless=True), transform, size) == (left, top, right, 400)
    assert reached(box_of(plane * 0), transform, size) == (0, 0, 0, 0)


def test_what_is_the_cameras_already_is_given_back_to_the_bit() -> None:
    camera = np.random.default_rng(2).integers(0, 256, (8, 256, 3), np.uint8)
    view, share = camera.copy(), np.tile(np.arange(256, dtype=np.uint8), (8, 1))
    give_back(view, camera, share)
    assert np.array_equal(view, camera), "whatever the share"
    other = 255 - camera
    view = other.copy()
    give_back(view, camera, share)
    mixed = other + (camera.astype(float) - other) * share[..., None] / 255
    assert np.abs(view - mixed).max() <= 0.51 and np.array_equal(view[:, 255], camera[:, 255])
