"""Strands: along the hair, in the hair, still on the head."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mirror.compositing.alpha_compositing import compose, frame_mattes
from mirror.core.head_crop import SIDE
from mirror.core.head_space import FACE_SHAPE_SIZE, HeadTransform
from mirror.core.layer import Layer
from mirror.hair.painting.layer_upsampling import lay_on
from mirror.hair.painting.strand_detail import (
    LENGTH,
    STEPS_A_PAINTING,
    STRAND_SIDE,
    Comb,
    Strands,
    drawn,
    flow,
)
from mirror.hair.styles.code import COARSE_SIDE, DETAIL_SHAPE, LATENT, OVAL_POINTS, StyleCode

ALL = np.ones((SIDE, SIDE), np.float32)


def stripes(angle: float, period: float = 14.0) -> np.ndarray:
    """uint8 (256, 256, 3): soft stripes that run at an angle in radians, clockwise from the x axis."""
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    wave = 120 + 60 * np.sin((y * np.cos(angle) - x * np.sin(angle)) * 2 * np.pi / period)
    return cv2.merge([wave.astype(np.uint8)] * 3)


def cap() -> np.ndarray:
    """A cap of hair with a soft rim, float32 (256, 256)."""
    canvas = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(canvas, (128, 110), (80, 70), 0, 0, 360, 1.0, -1)
    return cv2.GaussianBlur(canvas, (9, 9), 2.0)


def some_layer(angle: float = 0.6) -> Layer:
    hair, rgb = cap(), stripes(angle)
    return Layer(rgb, hair, np.zeros_like(hair), hair, hair=rgb, beneath=np.zeros_like(rgb))


def face_shape(yaw: float = 0.0) -> np.ndarray:
    turn = 2 * np.pi * np.arange(OVAL_POINTS) / OVAL_POINTS
    oval = np.stack([0.17 * np.sin(turn), 0.05 - 0.22 * np.cos(turn)], 1) * 4
    shape = np.zeros(FACE_SHAPE_SIZE, np.float32)
    shape[: 2 * OVAL_POINTS] = oval.ravel()
    shape[2 * OVAL_POINTS] = yaw / 30
    return shape


def some_code() -> StyleCode:
    nothing = np.zeros((COARSE_SIDE, COARSE_SIDE), np.float32)
    return StyleCode(np.zeros(LATENT, np.float32), np.zeros(DETAIL_SHAPE, np.float32), nothing, face_shape())


@pytest.mark.parametrize("angle", [0.0, 0.6, np.pi / 2, 2.4])
def test_the_flow_is_the_way_the_hair_runs(angle: float) -> None:
    found, clear = flow(stripes(angle), ALL)
    middle = (slice(60, 200), slice(60, 200))
    assert np.abs(np.sin(found[middle] - angle)).max() < 0.05
    assert clear[middle].min() > 0.8
    grey = np.full((SIDE, SIDE, 3), 90, np.uint8)
    assert flow(grey, cap())[1].max() < 0.3, "the outline of the hair is no strand"


@pytest.mark.parametrize("angle", [0.0, 0.9, 2.0])
def test_strands_run_along_it_and_only_in_the_hair(angle: float) -> None:
    comb = Comb(stripes(angle), cap())
    assert comb.work()
    strands = comb.strands()
    assert strands.shape == (STRAND_SIDE, STRAND_SIDE) and strands.dtype == np.uint8
    far = cv2.resize(cap(), (STRAND_SIDE, STRAND_SIDE)) == 0
    assert (strands[far] == 128).all()
    y, x = np.mgrid[180:260, 200:300].astype(np.float32)
    here = strands[180:260, 200:300].astype(np.float64)

    def alike(dx: float, dy: float) -> float:
        there = cv2.remap(
            strands.astype(np.float32), x + np.float32(dx), y + np.float32(dy), cv2.INTER_LINEAR
        )
        return float(np.corrcoef(here.ravel(), there.ravel())[0, 1])

    along = alike(8 * np.cos(angle), 8 * np.sin(angle))
    across = alike(-8 * np.sin(angle), 8 * np.cos(angle))
    assert along > 0.5 and along > across + 0.4


def test_laying_them_on_changes_hair_a_little_and_nothing_else() -> None:
    paint = np.full((40, 50, 3), 100, np.uint8)
    strands = np.full((40, 50), 128, np.uint8)
    strands[:, 25:] = 150
    strands[20:, 25:] = 106
    out = lay_on(paint, strands)
    np.testing.assert_array_equal(out[:, :25], paint[:, :25])
    assert 110 < out[0, 40, 0] < 140 and 60 < out[30, 40, 0] < 90
    assert lay_on(np.zeros_like(paint), np.full((40, 50), 150, np.uint8)).min() > 2, (
        "black hair has strands too"
    )


def test_in_a_finished_picture_no_pixel_changes_that_the_cover_does_not_reach() -> None:
    image = np.random.default_rng(0).integers(0, 255, (300, 320, 3)).astype(np.uint8)
    transform = HeadTransform(160.0, 150.0, 240.0, 0.1)
    layer = some_layer()
    done = drawn(layer, some_code(), face_shape())
    plain, combed = compose(image, layer, transform), compose(image, done, transform)
    old, new = frame_mattes(done, transform, (320, 300))
    outside = (old == 0) & (new == 0)
    # And no further than without strands.
    assert outside[np.max(frame_mattes(layer, transform, (320, 300)), 0) == 0].all()
    assert outside.mean() > 0.4
    np.testing.assert_array_equal(combed[outside], image[outside])
    assert (plain != combed).any(-1).mean() > 0.05


PAINTINGS = 1 - (-2 * LENGTH // STEPS_A_PAINTING)  # after which strands are there


def test_in_a_stream_they_are_drawn_once_and_stay() -> None:
    strands, style, shape, layer = Strands(), object(), face_shape(), some_layer()
    seen, done = [], []
    for _ in range(PAINTINGS + 2):
        seen.append(strands.look(style, layer, shape))
        done.append(strands.finished)
    there = [one is not None for one in seen]
    assert there == done == sorted(there) and there.index(True) == PAINTINGS - 1 and not there[0]
    np.testing.assert_array_equal(seen[-1], drawn(layer, some_code(), shape).strands)
    # Other paint under the same style: the strands are those that were.
    np.testing.assert_array_equal(strands.look(style, some_layer(2.0), shape), seen[-1])
    assert strands.look(object(), layer, shape) is None, "another style at once: its strands are not known"
    assert not strands.finished


def test_while_a_style_changes_there_are_none() -> None:
    strands, style, shape, layer = Strands(), object(), face_shape(), some_layer()
    for _ in range(PAINTINGS):
        full = strands.look(style, layer, shape)
    assert full is not None
    assert strands.look(None, layer, shape) is None and strands.finished
    assert strands.look(style, layer, shape) is None, "drawn anew when a style is on"


def test_they_turn_with_the_head() -> None:
    strands, style, layer = Strands(), object(), some_layer()
    for _ in range(PAINTINGS):
        ahead = strands.look(style, layer, face_shape())
    turned = strands.look(style, layer, face_shape(yaw=20))
    again = strands.look(style, layer, face_shape())
    assert ahead is not None and turned is not None
    np.testing.assert_array_equal(again, ahead)
    strong, turned_strong = (np.abs(one.astype(float) - 128).mean() for one in (ahead, turned))
    assert np.abs(turned.astype(float) - ahead).mean() > 0.3 * strong
    assert turned_strong == pytest.approx(strong, rel=0.4)


def test_a_layer_without_strands_is_laid_as_before() -> None:
    image = np.full((200, 200, 3), 50, np.uint8)
    transform = HeadTransform(100.0, 95.0, 180.0, 0.0)
    layer = some_layer()
    np.testing.assert_array_equal(
        compose(image, layer, transform), compose(image, replace(layer, strands=None), transform)
    )
