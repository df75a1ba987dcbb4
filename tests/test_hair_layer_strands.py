"""Hair that few rays found is dark and smooth, not white dots; lit strands stay as they are."""

from __future__ import annotations

import numpy as np

from mirror.hair.layer_strands import decoded_grey, render_noise, with_strands
from mirror.hair.lit_layer import LitLayer, without_specks

SIDE = 96


def tones(strands: float, dots: float) -> np.ndarray:
    """uint8 (2 SIDE, 2 SIDE): stripes of so many levels at the left, chance dots of so many at the right."""
    random, columns = np.random.default_rng(0), np.arange(2 * SIDE)
    tone = 128 + strands * np.sin(2 * np.pi * columns / 5)[None] + np.zeros((2 * SIDE, 1))
    dotted = 128 + dots * random.choice([-1, 1], (2 * SIDE, 2 * SIDE))
    return np.clip(np.where(columns < SIDE, tone, dotted), 0, 255).astype(np.uint8)


def test_dots_are_noise_and_strands_are_not() -> None:
    noise = render_noise(tones(12, 100))
    assert noise[:, : SIDE - 12].max() == 0 and noise[:, SIDE + 12 :].min() == 1


def test_hair_of_dots_is_smooth_and_beside_it_nothing_changes() -> None:
    random = np.random.default_rng(1)
    grey = np.full((SIDE, SIDE), 60.0)
    grey[:, SIDE // 2 :] = random.choice([15, 160], (SIDE, SIDE // 2), p=[0.7, 0.3])
    rgb = np.repeat(grey[..., None], 3, 2).astype(np.uint8)
    layer = LitLayer((0, 0, SIDE, SIDE), rgb, np.ones((SIDE, SIDE), np.float32))
    noise = np.zeros((SIDE, SIDE), np.float32)
    noise[:, SIDE // 2 :] = 1
    found = without_specks(layer, noise).rgb[..., 0].astype(float)
    inner = found[8:-8, SIDE // 2 + 8 : -8]
    assert inner.std() < 0.4 * grey[8:-8, SIDE // 2 + 8 : -8].std()
    assert (found[:, : SIDE // 2 - 8] == 60).all()
    assert without_specks(layer).rgb[..., 0].astype(float)[8:-8, SIDE // 2 + 8 : -8].std() > inner.std()


def test_in_place_of_strands_that_are_dots_hair_hangs() -> None:
    layer = np.full((SIDE, SIDE, 4), 255, np.uint8)
    layer[..., :3] = 90
    opaque = np.full((2 * SIDE, 2 * SIDE), 255, np.uint8)
    drawn, even = tones(12, 100), np.full_like(opaque, 128)
    found = with_strands(layer, opaque, drawn, render_noise(drawn))[..., 0].astype(float)
    lit, dots = found[16:-16, 16 : SIDE - 16], found[16:-16, SIDE + 16 : -16]
    plain = with_strands(layer, opaque, even, render_noise(even))[..., 0].astype(float)
    assert lit.std() > 3 > plain.std()
    down, across = (float(np.diff(dots, axis=axis).std()) for axis in (0, 1))
    assert 3 < dots.std() < 20 and down < 0.35 * across, "streaks, and no dots"


def test_nonsense_says_nothing() -> None:
    assert (decoded_grey(b"no picture", (4, 6)) == 128).all()
    assert decoded_grey(b"no picture", (4, 6)).shape == (8, 12)
