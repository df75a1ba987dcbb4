"""Dyes: the shade asked for, strands and shade kept, nothing beyond the hair touched."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.hair.styles.dye import DYES, NONE, Dye, between, dyed, find, light_of, tones_of
from mirror.hair.tone_curves import ToneCurves

SIDE = 256


def head(light: float = 20.0, spread: float = 6.0) -> tuple[np.ndarray, np.ndarray]:
    """A wall, and on it a disc of brown strands of such a mean lightness and spread: RGB and its alpha."""
    rng = np.random.default_rng(0)
    strands = cv2.GaussianBlur(rng.normal(0, 1, (SIDE, SIDE)).astype(np.float32), (1, 31), 0, sigmaY=5)
    strands = (strands - strands.mean()) / strands.std()
    lab = np.stack([light + spread * strands, np.full_like(strands, 6), np.full_like(strands, 9)], -1)
    hair = cv2.cvtColor(lab.astype(np.float32), cv2.COLOR_Lab2RGB)
    alpha = np.zeros((SIDE, SIDE), np.float32)
    cv2.circle(alpha, (128, 110), 80, 1, -1)
    alpha = cv2.GaussianBlur(alpha, (0, 0), 1.5)
    alpha[alpha < 0.02] = 0
    wall = np.full((SIDE, SIDE, 3), (0.7, 0.75, 0.8), np.float32)
    return (wall + (hair - wall) * alpha[..., None]).astype(np.float32), alpha


def lab_of(rgb: np.ndarray, where: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab)[where]


def test_there_are_twelve_and_each_is_found() -> None:
    assert len(DYES) == len({dye.name for dye in DYES}) == 12
    for dye in DYES:
        assert find(dye.name) is dye
    assert find("  Ash-BLOND ").name == "ash blond"  # type: ignore[union-attr]
    assert find(NONE) is None
    with pytest.raises(MirrorError, match="no dye 'cooper'.*copper, golden blond.*none") as caught:
        find("cooper")
    assert all(dye.name in str(caught.value) for dye in DYES)


@pytest.mark.parametrize("dye", DYES, ids=lambda dye: dye.name)
@pytest.mark.parametrize("light", [8.0, 25.0, 65.0])
def test_hair_takes_the_shade_and_keeps_its_strands(dye: Dye, light: float) -> None:
    rgb, alpha = head(light, 3 if light < 10 else 7)
    solid = alpha > 0.99
    out = dyed(rgb, alpha, dye)
    assert out.shape == rgb.shape and out.dtype == np.float32 and -0.3 < out.min() <= out.max() < 1.3
    before, after = lab_of(rgb, solid), lab_of(out, solid)
    assert np.abs(after.mean(0) - (dye.light, dye.a, dye.b)).max() < 5
    assert np.corrcoef(before[:, 0], after[:, 0])[0, 1] > 0.97, "light strands stay light, dark ones dark"
    assert 0.3 * dye.spread < after[:, 0].std() < 1.5 * dye.spread, "neither film nor noise"


def test_bleached_hair_is_no_grey_film() -> None:
    """Black hair dyed platinum is light and has more to it than black hair had, with shade in it."""
    rgb, alpha = head(7, 3)
    after = lab_of(dyed(rgb, alpha, find("platinum")), alpha > 0.99)
    assert after[:, 0].mean() > 70 and after[:, 0].std() > 5
    assert np.percentile(after[:, 0], 1) < 64 and np.percentile(after[:, 0], 99) > 83


def test_the_wall_is_not_dyed() -> None:
    rgb, alpha = head()
    kept = rgb.copy()
    for dye in DYES:
        out = dyed(rgb, alpha, dye)
        assert np.array_equal(out[alpha == 0], rgb[alpha == 0])
    assert np.array_equal(rgb, kept), "what was given is left alone"


def test_nothing_to_dye() -> None:
    rgb, alpha = head()
    assert dyed(rgb, alpha, None) is rgb and dyed(rgb, alpha, DYES[0], 0.0) is rgb
    nothing = np.zeros_like(alpha)
    assert dyed(rgb, nothing, DYES[0]) is rgb
    nothing[40:60, 40:60] = 0.3
    assert dyed(rgb, nothing, DYES[0]) is rgb, "a trace is no hair to tell a mean by"
    even = np.full_like(rgb, 0.2)
    assert np.isfinite(dyed(even, alpha, find("silver"))).all()
    loud = rgb * 3 - 1
    assert np.isfinite(dyed(loud, alpha, find("rose"))).all(), "sharpened paint may leave 0 to 1"


def test_half_of_it_lies_between() -> None:
    rgb, alpha = head()
    dye = find("copper")
    whole, half = dyed(rgb, alpha, dye), dyed(rgb, alpha, dye, 0.5)
    solid = alpha > 0.99
    np.testing.assert_allclose(half[solid], (rgb[solid] + whole[solid]) / 2, atol=1e-3)


def test_shades_fade_into_each_other_and_into_none() -> None:
    copper, silver = find("copper"), find("silver")
    assert copper is not None and silver is not None
    assert between(None, None, 0.5) is None
    assert between(None, copper, 0.25).amount == 0.25  # type: ignore[union-attr]
    assert between(copper, None, 0.25).amount == 0.75  # type: ignore[union-attr]
    middle = between(copper, silver, 0.5)
    assert middle is not None and middle.amount == 1
    assert middle.light == (copper.light + silver.light) / 2 and middle.name == "silver"
    rgb, alpha = head()
    steps = [dyed(rgb, alpha, between(copper, silver, share)) for share in np.linspace(0, 1, 11)]
    np.testing.assert_allclose(steps[0], dyed(rgb, alpha, copper), atol=1e-6)
    np.testing.assert_allclose(steps[-1], dyed(rgb, alpha, silver), atol=1e-6)
    jumps = [np.abs(b - a).mean() for a, b in zip(steps, steps[1:], strict=False)]
    assert max(jumps) < 3 * np.mean(jumps), "without a jump"


def test_a_dye_brings_the_usual_light() -> None:
    dye, unknown = find("copper"), np.zeros(9, np.float32)
    assert dye is not None and light_of(unknown, dye) is unknown
    dim = np.array([-4, -4.2, -4.4, 1, 1, 1, 0.5, 0.5, 0.5], np.float32)
    out = light_of(dim, dye)
    assert np.ptp(out[:3]) < 1e-6 and out[0] > -2 and np.array_equal(out[3:], dim[3:])
    assert dim[0] == -4


@pytest.mark.parametrize("dye", DYES, ids=lambda dye: dye.name)
def test_tones_of_a_shade_have_its_colour_in_the_middle_and_rise(dye: Dye) -> None:
    brown = ToneCurves.of(np.random.default_rng(0).uniform(0.01, 0.05, (2000, 1)) * np.array([1.2, 1, 0.8]))
    assert brown is not None
    tones = tones_of(dye, brown)
    assert (np.diff(tones.levels) > 0).all()
    rgb = np.clip(tones.middle, 0, 1).astype(np.float32)[None, None]
    coded = np.where(rgb <= 0.0031308, rgb * 12.92, 1.055 * rgb ** (1 / 2.4) - 0.055).astype(np.float32)
    lab = cv2.cvtColor(coded, cv2.COLOR_RGB2Lab)[0, 0]
    # Shades as bold as cherry red lie outside of sRGB, and very dark ones are lifted by the sensor's noise.
    assert np.linalg.norm(lab - (dye.light, dye.a, dye.b)) < 6
    none = tones_of(replace(dye, amount=0.0), brown)
    assert np.allclose(none.levels, brown.levels, atol=1e-3) and np.allclose(none.chroma, brown.chroma)
