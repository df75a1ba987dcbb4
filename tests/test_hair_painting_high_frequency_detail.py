"""Sharpening: strands come out, skin and wall stay."""

from __future__ import annotations

import numpy as np

from mirror.hair.painting.high_frequency_detail import sharpen, tinted


def test_only_the_hair_changes():
    rng = np.random.default_rng(0)
    picture = rng.random((64, 64, 3), dtype=np.float32)
    hair = np.zeros((64, 64), np.float32)
    hair[:32] = 1
    out = sharpen(picture, hair)
    assert np.array_equal(out[32:], picture[32:])
    assert np.abs(out[:32] - picture[:32]).mean() > 0.05


def test_contrast_of_a_strand_grows_with_the_amount():
    picture = np.full((32, 32, 3), 0.4, np.float32)
    picture[:, 14:18] = 0.6
    hair = np.ones((32, 32), np.float32)
    contrast = [float(np.ptp(sharpen(picture, hair, amount))) for amount in (0.0, 0.5, 1.0)]
    assert np.isclose(contrast[0], 0.2, atol=1e-6)
    assert contrast[0] < contrast[1] < contrast[2]


def test_the_tint_colours_the_hair_and_nothing_else():
    picture = np.full((16, 16, 3), 0.4, np.float32)
    hair = np.zeros((16, 16), np.float32)
    hair[:8] = 1
    out = tinted(picture, hair, np.array([1.5, 1.0, 0.5], np.float32))
    assert np.allclose(out[:8], (0.6, 0.4, 0.2))
    assert np.array_equal(out[8:], picture[8:])
