"""Fray: hair ends in strands, its inside and everything beyond it stay as they are."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mirror.compositing.alpha_compositing import compose, frame_mattes
from mirror.core.head_space import HeadTransform
from mirror.core.layer import Layer
from mirror.hair.painting.edge_strands import ONE, fray_map, frayed
from mirror.hair.painting.layer_upsampling import FINE_SIDE, fine_mattes, finished
from tests.test_compositing_alpha_compositing import HEIGHT, WIDTH, cloud, layer_of, room, somewhere

SIDE = 256
PLAIN = np.full((FINE_SIDE, FINE_SIDE), ONE, np.uint8)


def noise(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, (FINE_SIDE, FINE_SIDE)).astype(np.float32)


def whole(old: np.ndarray, new: np.ndarray, hair: int, beneath: int) -> Layer:
    colours = [np.full((SIDE, SIDE, 3), value, np.uint8) for value in (hair, beneath)]
    layer = layer_of(old, new)
    share = (new / np.maximum(layer.cover, 1e-3))[..., None]
    rgb = np.round(colours[0] * share + colours[1] * (1 - share)).astype(np.uint8)
    return replace(layer, rgb=rgb, hair=colours[0], beneath=colours[1], strands=PLAIN)


def test_the_map_is_bytes_about_no_change() -> None:
    made = fray_map(np.array([[0, 1, -1, 9, -9]], np.float32))
    assert made.dtype == np.uint8 and made[0].tolist() == [ONE, 179, 77, 255, 1]


def test_alpha_gets_more_or_fewer_strands_and_keeps_its_ends() -> None:
    alpha = np.arange(256, dtype=np.uint8)[None]
    for strands in (0.8, -0.8, 2.5, -2.5):
        a = alpha.astype(float) / 255
        wanted = np.clip(a + 1.1 * strands * a * (1 - a), 0, 1) * 255
        got = frayed(alpha, fray_map(np.full((1, 256), strands, np.float32)))
        assert np.abs(got - wanted).max() <= 1.6
        assert got[0, 0] == 0 and got[0, 255] == 255
    np.testing.assert_array_equal(frayed(alpha, np.full((1, 256), ONE, np.uint8)), alpha)


def test_unfrayed_and_without_strands_the_finished_layer_shows_what_the_plain_one_does() -> None:
    rng = np.random.default_rng(5)
    for _ in range(6):
        old, new = (cv2.GaussianBlur(cloud(rng), (0, 0), 3) for _ in range(2))
        layer = whole(old, new, 40, 200)
        image, transform = room(rng), somewhere(rng)
        plain, fine = (compose(image, one, transform, 0.8) for one in (layer, finished(layer)))
        apart = np.abs(plain.astype(int) - fine)
        assert apart.mean() < 0.3 and apart.max() < 48, (apart.mean(), apart.max())


def test_it_touches_nothing_that_no_matte_reaches() -> None:
    rng = np.random.default_rng(3)
    changed = 0
    for turn in range(60):
        layer = whole(cloud(rng, faint=turn % 5 == 0), cloud(rng, faint=turn % 5 == 0), 30, 220)
        layer = finished(replace(layer, fray=fray_map(noise(turn))))
        assert layer.fine is not None and layer.fine.shape == (FINE_SIDE, FINE_SIDE, 4)
        image, transform, strength = room(rng), somewhere(rng), float(rng.uniform(0.02, 1))
        out = compose(image, layer, transform, strength)
        gone, there = frame_mattes(layer, transform, (WIDTH, HEIGHT), strength)
        moved = (out != image).any(2)
        assert not (moved & (gone == 0) & (there == 0)).any()
        changed += int(moved.sum())
    assert changed > 20_000


def test_an_edge_is_rougher_with_it_before_the_wall_and_where_hair_was_taken_away() -> None:
    new = np.zeros((SIDE, SIDE), np.float32)
    new[:, :] = np.clip((np.arange(SIDE) - 100) / 30, 0, 1)
    image, transform = np.full((HEIGHT, WIDTH, 3), 220, np.uint8), HeadTransform(160, 120, 240, 0.0)
    for old in (np.zeros_like(new), np.ones_like(new)):
        layer = whole(old, new, 30, 220)
        with_it, without = (
            compose(image, finished(one), transform)[60:180, 130:160, 0].astype(float)
            for one in (replace(layer, fray=fray_map(noise())), layer)
        )
        assert without.std(0).max() < 1.5 < 5 < with_it.std(0).max()
        assert np.abs(with_it.mean(0) - without.mean(0)).max() < 6, "as much hair as before"


def test_at_the_rim_of_what_shows_there_is_no_line() -> None:
    """Hair is taken away before a wall of its own colour: beneath lies that wall, and nothing is seen."""
    old = np.zeros((SIDE, SIDE), np.float32)
    cv2.circle(old, (128, 128), 60, 1.0, -1, cv2.LINE_AA)
    layer = finished(whole(old, np.zeros_like(old), 30, 200))
    image = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
    for scale in (110.0, 170.0, 240.0, 700.0):
        out = compose(image, layer, HeadTransform(160, 120, scale, 0.2))
        assert np.abs(out.astype(int) - 200).max() <= 1, scale


def test_mattes_are_at_its_side_and_a_layer_that_lacks_what_it_takes_stays() -> None:
    layer = layer_of(np.zeros((SIDE, SIDE), np.float32), np.ones((SIDE, SIDE), np.float32))
    assert finished(layer) is layer
    old, new = fine_mattes(layer)
    assert old.shape == new.shape == (FINE_SIDE, FINE_SIDE) and not old.any() and new.min() == 255
