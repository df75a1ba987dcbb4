"""Grown hair takes the brightness and the colours of a person's own, from its darks to its brights."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.hair.tone_curves import (
    ANY_PIGMENT,
    DARK,
    THICKEST,
    ToneCurves,
    ToneMap,
    follow_tones,
    seen,
    tones_of,
    veiling_glare,
)
from train.groom.tones import REC709

SIZE = 64


def hair(dark: tuple[float, ...], bright: tuple[float, ...], alpha: float = 1.0) -> np.ndarray:
    """A layer that goes evenly from one linear colour to another."""
    share = np.linspace(0, 1, SIZE * SIZE).reshape(SIZE, SIZE, 1)
    colours = np.array(dark) * (1 - share) + np.array(bright) * share
    return np.concatenate([colours * alpha, np.full((SIZE, SIZE, 1), alpha)], -1).astype(np.float32)


def curves(layer: np.ndarray) -> ToneCurves:
    found = ToneCurves.of((layer[..., :3] / layer[..., 3:]).reshape(-1, 3))
    assert found is not None
    return found


def redness(layer: np.ndarray, column: slice) -> float:
    colours = layer[column, :, :3].reshape(-1, 3).mean(0)
    return float(colours[0] / colours[2])


ORANGE = hair((0.02, 0.018, 0.016), (0.3, 0.16, 0.06))
GREY_SHINE = hair((0.012, 0.008, 0.005), (0.18, 0.18, 0.18))


def test_the_middle_and_the_shine_are_those_of_the_other_hair():
    (out,) = follow_tones((ORANGE,), curves(GREY_SHINE))
    assert curves(out).middle @ REC709 == pytest.approx(curves(GREY_SHINE).middle @ REC709, rel=0.1)
    assert redness(ORANGE, slice(48, 64)) > 3
    assert redness(out, slice(48, 64)) == pytest.approx(1, abs=0.25)
    assert redness(out, slice(0, 6)) > redness(out, slice(48, 64)) + 0.05, (
        "its darks are brown, as the other's"
    )


def test_alpha_stays_and_bright_stays_brighter_than_dark():
    thin = hair((0.02, 0.018, 0.016), (0.3, 0.16, 0.06), alpha=0.95)
    (out,) = follow_tones((thin,), curves(GREY_SHINE))
    assert (out[..., 3] == thin[..., 3]).all()
    assert (np.diff((out[..., :3] @ REC709).mean(1)) > 0).all()


def test_hair_like_the_other_stays_nearly_as_it_is():
    (out,) = follow_tones((ORANGE,), curves(ORANGE))
    # Of its very darkest, blue is what the means of a tenth of all hair say.
    assert out == pytest.approx(ORANGE, rel=0.1, abs=3e-3)


def test_dark_hair_keeps_all_of_its_chroma():
    brown, black = hair((0.006, 0.004, 0.002), (0.03, 0.02, 0.01)), hair((0.003,) * 3, (0.04,) * 3)
    (out,) = follow_tones((black,), curves(brown))
    assert redness(out, slice(16, 48)) == pytest.approx(3, rel=0.2)


def test_hair_behind_is_changed_as_the_hair_in_front():
    front, behind = follow_tones((ORANGE, ORANGE * 1.0), curves(GREY_SHINE))
    assert (front == behind).all()


def test_a_distribution_is_not_widened_without_end():
    flat = hair((0.05, 0.05, 0.05), (0.06, 0.06, 0.06))
    (out,) = follow_tones((flat,), curves(GREY_SHINE))
    tone = np.log(out[..., :3] @ REC709)
    assert np.ptp(tone) < 2.2 * np.ptp(np.log(flat[..., :3] @ REC709))


def test_too_little_hair_says_nothing():
    picture, matte = ORANGE[..., :3], np.zeros((SIZE, SIZE), np.float32)
    matte[:10, :10] = 1
    assert seen(picture, matte, np.ones_like(matte)) is None
    wisp = ORANGE.copy()
    wisp[..., 3] = 0.5
    assert follow_tones((wisp,), curves(GREY_SHINE))[0] is wisp


def test_the_rim_where_hair_is_mixed_with_the_wall_says_nothing_of_its_brights() -> None:
    hair, wall = np.zeros((256, 256), np.float32), np.full((1, 3, 256, 256), 0.9, np.float32)
    hair[60:110, 60:200] = 1
    wall[0, :, 61:109, 61:199] = 0.15  # the matte reaches a pixel over the wall
    found = tones_of(wall, hair)
    assert found is not None and found.levels[-1] - found.levels[0] < 0.01
    thin = np.zeros_like(hair)
    thin[60:64, 20:240] = 1
    assert tones_of(wall, thin) is not None, "of a thin strip its rim is better than nothing"


def test_light_that_lies_over_all_of_a_picture_is_told_by_its_darkest_spots() -> None:
    rng = np.random.default_rng(4)
    scene = rng.uniform(0, 0.6, (128, 128, 1)).astype(np.float32) * np.ones(3, np.float32)
    scene[60:70, 60:70] = 0.0  # pupils, nostrils
    known = np.ones((128, 128), bool)
    haze = np.full(3, 0.035, np.float32)
    assert veiling_glare(scene, known).max() < 0.002, "a clear picture has none"
    assert np.abs(veiling_glare(scene + haze, known) - haze).max() < 0.006
    lashes = scene + np.float32([0.03, 0.01, 0.004])
    assert veiling_glare(lashes, known).max() < 0.008, "a colour of its own is no veil"
    assert (veiling_glare(scene + 0.5, known) <= THICKEST).all()
    assert not veiling_glare(scene + haze, ~known).any()


def test_hair_behind_a_veil_has_the_darks_and_tones_of_hair_without() -> None:
    rng = np.random.default_rng(5)
    light = rng.uniform(0.01, 0.08, (1, 1, 64, 64)).astype(np.float32)
    hair = np.ones((64, 64), np.float32)
    clear, veil = np.repeat(light, 3, 1), np.full(3, 0.03, np.float32)

    def coded(linear: np.ndarray) -> np.ndarray:
        return (1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055).astype(np.float32)

    wanted = tones_of(coded(clear), hair)
    plain, lifted = tones_of(coded(clear + 0.03), hair), tones_of(coded(clear + 0.03), hair, veil)
    assert wanted is not None and plain is not None and lifted is not None
    assert np.abs(lifted.levels - wanted.levels).max() < 0.02
    assert np.ptp(plain.levels) < 0.8 * np.ptp(wanted.levels), "else the veil is no matter"


def test_hair_of_a_hazy_picture_has_no_bright_tips() -> None:
    rng = np.random.default_rng(6)
    grown = ToneCurves.of(np.exp(rng.normal(-3.5, 0.7, (4000, 1))) * np.ones(3))
    hazy = ToneCurves.of(np.exp(rng.normal(-2.5, 0.1, (4000, 1))) * np.ones(3))
    assert grown is not None and hazy is not None
    levels = np.exp(grown.levels)[:, None] * np.ones(3) - DARK
    out = np.log(ToneMap(grown, hazy, ANY_PIGMENT)(levels) @ REC709 + DARK)
    assert np.ptp(out) < 0.6 * np.ptp(grown.levels)
    assert abs(out[[2, 3]] - hazy.levels[[2, 3]]).max() < 0.2, "its middle follows wholly"
