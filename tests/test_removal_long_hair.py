"""Own hair below the head's square: found by its colour, taken away, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mirror.compositing.alpha_compositing import compose, frame_mattes
from mirror.core.head_space import HeadTransform, crop
from mirror.core.layer import Layer
from mirror.removal.long_hair import DOWN, Below, attached, below, leaves_the_square, lowered

SIDE = 256
SIZE = (640, 720)  # width, height
TRANSFORM = HeadTransform(320.0, 220.0, 300.0, 0.0)
WALL, SKIN, CLOTH, HAIR = (200, 205, 210), (205, 160, 140), (40, 70, 160), (70, 45, 30)
NOTHING = np.zeros((SIDE, SIDE), np.float32)


def portrait(end: float, cloth: tuple[int, int, int] = CLOTH, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A person with hair down to `end`, in sides of the square from its top; and the matte in the square."""
    width, height = SIZE
    image = np.full((height, width, 3), WALL, np.uint8)
    cv2.rectangle(image, (180, 360), (460, height), cloth, -1)
    cv2.rectangle(image, (290, 280), (350, 380), SKIN, -1)
    cv2.ellipse(image, (320, 235), (60, 80), 0, 0, 360, SKIN, -1)
    hair = np.zeros((height, width), np.uint8)
    top = TRANSFORM.y - 0.46 * TRANSFORM.scale
    bottom = int(top + end * TRANSFORM.scale)
    cv2.ellipse(hair, (320, 215), (85, 95), 0, 180, 360, 255, -1)
    for x in (235, 360):
        cv2.rectangle(hair, (x, 215), (x + 45, bottom), 255, -1)
    cv2.ellipse(hair, (320, 245), (55, 70), 0, 0, 360, 0, -1)
    image[hair > 0] = HAIR
    noise = np.random.default_rng(seed).normal(0, 4, image.shape)
    image = np.clip(image + noise, 0, 255).astype(np.uint8)
    matte = crop(hair, TRANSFORM, SIDE).astype(np.float32) / 255
    return image, matte


def layer_of(matte: np.ndarray) -> Layer:
    return Layer(np.zeros((SIDE, SIDE, 3), np.uint8), matte, matte, np.zeros_like(matte))


def test_hair_on_a_chest_goes_and_clothes_are_there_instead() -> None:
    image, matte = portrait(1.35)
    assert leaves_the_square(matte)
    under = below(image, TRANSFORM, matte, NOTHING)
    assert under is not None and not under.new.any()
    # Hair that the head's own layer takes away is not looked at here: it ends above.
    out = compose(image, under, lowered(TRANSFORM))
    top = TRANSFORM.y - 0.46 * TRANSFORM.scale
    for x in (257, 382):
        for share in (1.02, 1.15, 1.3):
            there = out[int(top + share * 300) - 3 : int(top + share * 300) + 4, x - 6 : x + 7]
            assert np.abs(there.reshape(-1, 3).mean(0) - CLOTH).max() < 40, (x, share)
    # What is not beside the hair is as it was, to the bit.
    assert (out[:, :190] == image[:, :190]).all() and (out[:350] == image[:350]).all()
    assert (out[int(top + 1.5 * 300) :] == image[int(top + 1.5 * 300) :]).all()


@pytest.mark.parametrize("cloth", [HAIR, (75, 50, 36)])
def test_where_clothes_have_the_colour_of_hair_nothing_else_appears(cloth: tuple[int, int, int]) -> None:
    image, matte = portrait(1.35, cloth)
    under = below(image, TRANSFORM, matte, NOTHING)
    out = image if under is None else compose(image, under, lowered(TRANSFORM))
    chest = np.s_[430:560, 190:450]
    assert np.abs(out[chest].astype(int) - image[chest]).mean() < 12


def test_hair_that_ends_in_the_square_and_frames_that_end_with_it_have_no_below() -> None:
    image, matte = portrait(0.8)
    assert not leaves_the_square(matte) and below(image, TRANSFORM, matte, NOTHING) is None
    image, matte = portrait(1.35)
    bottom = int(TRANSFORM.y + 0.54 * TRANSFORM.scale)
    assert below(image[:bottom].copy(), TRANSFORM, matte, NOTHING) is None


def test_it_hangs_together_with_the_layer_of_the_head() -> None:
    image, matte = portrait(1.35)
    under = below(image, TRANSFORM, matte, NOTHING)
    layer = attached(layer_of(matte), under)
    assert layer.below is not None and under is not None and layer.below.cover is under.cover
    assert attached(layer_of(NOTHING), under).below is None, "nothing is taken away there"
    out = compose(image, layer, TRANSFORM)
    old, new = frame_mattes(layer, TRANSFORM, SIZE)
    changed = (out != image).any(2)
    assert changed[480:].any() and not (changed & (old == 0) & (new == 0)).any()
    assert np.array_equal(compose(image, layer, TRANSFORM, 0.0), image)


def test_shoulders_go_on_where_no_clothes_are_seen_beside() -> None:
    image, matte = portrait(1.35)
    under = below(image, TRANSFORM, matte, NOTHING)
    assert under is not None
    beneath = np.full((SIDE, SIDE, 3), (10, 200, 10), np.uint8)
    layer = replace(layer_of(matte), beneath=beneath)
    rows = {}
    for sure in (0.0, 1.0):
        down = attached(layer, replace(under, sure=np.full(64, sure, np.float32))).below
        assert down is not None
        rows[sure] = [
            np.abs(down.rgb[int(row * SIDE)].astype(int) - beneath[0, 0]).mean() for row in (0.25, 0.8)
        ]
    assert max(rows[0.0]) < 3, "nothing is known: all as above"
    assert rows[1.0][0] < 10 < 30 < rows[1.0][1], "what is seen further down is believed further down"


def test_in_a_stream_looks_are_evened_out() -> None:
    image, matte = portrait(1.35)
    stream = Below()
    first, *others = (stream.look(image, TRANSFORM, matte, NOTHING) for _ in range(4))
    assert first is not None and all(one is not None for one in others)
    np.testing.assert_allclose(others[-1].cover, first.cover, atol=1e-5)
    assert stream.look(image, TRANSFORM, NOTHING, NOTHING) is None
    blank = np.full_like(image, 90)
    again = stream.look(image, TRANSFORM, matte, NOTHING)
    gone = stream.look(blank, TRANSFORM, matte, NOTHING)
    assert again is not None and (gone is None or gone.cover.sum() < again.cover.sum())
    stream.reset()
    assert stream.look(image, TRANSFORM, NOTHING, NOTHING) is None


def test_the_lower_square_lies_below_a_tilted_head() -> None:
    tilted = replace(TRANSFORM, angle=0.4)
    lower = lowered(tilted)
    assert np.allclose(lower.to_frame(np.array([[0.5, 0.3]])), tilted.to_frame(np.array([[0.5, 0.3 + DOWN]])))
