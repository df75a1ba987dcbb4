"""Grown hair takes the brightness and the colours of a person's own, from its darks to its brights."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.hair.tone_curves import ToneCurves, follow_tones, seen, tones_of
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
    assert out == pytest.approx(ORANGE, rel=0.1, abs=2e-3)


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
