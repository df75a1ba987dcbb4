"""Fray: hair ends in strands, its inside and everything beyond it stay as they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mirror.compose import compose, frame_mattes
from mirror.fray import ONE, fray_map, frayed
from mirror.headspace import HeadTransform
from tests.test_compose import HEIGHT, WIDTH, cloud, layer_of, room, somewhere

SIDE = 256


def noise(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, (512, 512)).astype(np.float32)


def test_the_map_is_bytes_about_no_change() -> None:
    made = fray_map(np.array([[0, 1, -1, 9, -9]], np.float32))
    assert made.dtype == np.uint8 and made[0].tolist() == [ONE, 179, 77, 255, 1]


def test_it_is_what_alpha_with_more_or_fewer_strands_would_show() -> None:
    rng = np.random.default_rng(1)
    alpha = rng.integers(0, 256, (40, 50), dtype=np.uint8)
    hair, wall = (np.full((40, 50, 3), value, np.uint8) for value in (60, 190))
    a = alpha[..., None].astype(float) / 255
    picture = np.round(a * hair + (1 - a) * wall).astype(np.uint8)
    for strands in (0.8, -0.8):
        fray = fray_map(np.full((40, 50), strands, np.float32))
        n = 1.1 * strands
        b = a + n * a * (1 - a)
        wanted = b * hair + (1 - b) * wall
        got = frayed(picture, hair, alpha, fray)
        edge = (alpha > 5) & (alpha < 210)
        assert np.abs(got - wanted)[edge].max() < 3
    plain = np.full((40, 50), ONE, np.uint8)
    assert np.abs(frayed(picture, hair, alpha, plain).astype(int) - picture).max() <= 1


def test_the_inside_and_what_is_beyond_stay() -> None:
    rng = np.random.default_rng(2)
    picture = rng.integers(0, 256, (30, 30, 3), dtype=np.uint8)
    hair = np.zeros_like(picture)
    alpha = np.zeros((30, 30), np.uint8)
    alpha[:10] = 255
    got = frayed(picture, hair, alpha, fray_map(noise()[:30, :30]))
    np.testing.assert_array_equal(got, picture)


def test_composed_it_touches_nothing_that_no_matte_reaches_and_only_the_edge_of_hair() -> None:
    rng = np.random.default_rng(3)
    for turn in range(40):
        old, new = cloud(rng), cloud(rng)
        layer = layer_of(old, new, turn)
        layer = replace(layer, hair=layer.rgb, fray=fray_map(noise(turn)))
        image, transform, strength = room(rng), somewhere(rng), float(rng.uniform(0.02, 1))
        out = compose(image, layer, transform, strength)
        gone, there = frame_mattes(layer, transform, (WIDTH, HEIGHT), strength)
        assert not ((out != image).any(2) & (gone == 0) & (there == 0)).any()
        plain = compose(image, replace(layer, fray=None), transform, strength)
        assert not ((out != plain).any(2) & (there == 0)).any()


def test_an_edge_is_rougher_with_it() -> None:
    new = np.zeros((SIDE, SIDE), np.float32)
    new[:, :] = np.clip((np.arange(SIDE) - 100) / 30, 0, 1)
    layer = layer_of(np.zeros_like(new), new)
    dark = np.full((SIDE, SIDE, 3), 30, np.uint8)
    layer = replace(layer, rgb=dark, hair=dark, fray=fray_map(noise()))
    image, transform = np.full((HEIGHT, WIDTH, 3), 220, np.uint8), HeadTransform(160, 120, 240, 0.0)
    with_it, without = (
        compose(image, one, transform)[60:180, 130:160, 0].astype(float)
        for one in (layer, replace(layer, fray=None))
    )
    assert without.std(0).max() < 1 < 5 < with_it.std(0).max()
    assert np.abs(with_it.mean(0) - without.mean(0)).max() < 6, "as much hair as before"
