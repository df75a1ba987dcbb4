"""The metrics, each against an answer worked out by hand."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

import train.metrics.similarity
from train.metrics.similarity import (
    active_units,
    alpha_error,
    gradient_psnr,
    iou,
    kl_by_dimension,
    psnr,
    ssim,
)

ALL = np.ones((32, 32), np.float32)
LEFT = np.zeros((32, 32), np.float32)
LEFT[:, :16] = 1


def noise(seed: int, scale: float = 1.0) -> np.ndarray:
    return np.random.default_rng(seed).random((32, 32, 3), np.float32) * scale


def test_the_examples_in_the_docstrings() -> None:
    found = doctest.testmod(train.metrics.similarity)
    assert found.attempted and not found.failed


def test_psnr_of_known_errors() -> None:
    a = noise(0, 0.5)
    assert psnr(a, a, ALL) == 100, "no error at all"
    assert psnr(a, a + 0.01, ALL) == pytest.approx(40, abs=1e-3)
    one = a.copy()
    one[..., 1] += 0.3  # a third of the squares: 0.09 / 3
    assert psnr(a, one, ALL) == pytest.approx(-10 * np.log10(0.03), abs=1e-4)


def test_only_what_the_weight_counts() -> None:
    a = noise(0, 0.5)
    b = a.copy()
    b[:, 16:] += 0.4
    b[:, :16] += 0.1
    assert psnr(a, b, LEFT) == pytest.approx(20, abs=1e-4)
    assert psnr(a, b, 1 - LEFT) == pytest.approx(-10 * np.log10(0.16), abs=1e-4)
    assert psnr(a, b, LEFT + 3 * (1 - LEFT)) == pytest.approx(-10 * np.log10((0.01 + 0.48) / 4), abs=1e-4)
    # The step between the halves is a gradient that neither half alone sees.
    assert gradient_psnr(a, b, LEFT) > 90 and gradient_psnr(a, b, 1 - LEFT) > 90
    assert gradient_psnr(a, b, ALL) == pytest.approx(-10 * np.log10(32 * 0.09 / (2 * 32 * 31)), abs=1e-3)


def test_gradient_psnr_of_a_comb() -> None:
    """Stripes of 0.2 that the other picture lacks: every horizontal difference is off by 0.2, no other."""
    a = np.zeros((32, 32, 3), np.float32)
    b = a.copy()
    b[:, ::2] = 0.2
    assert gradient_psnr(a, b, ALL) == pytest.approx(-10 * np.log10(0.04 / 2), abs=1e-4)
    assert gradient_psnr(a.transpose(1, 0, 2), b.transpose(1, 0, 2), ALL) == gradient_psnr(a, b, ALL)


def test_ssim_of_flat_pictures_and_of_noise() -> None:
    """Of two flat pictures only the luminance term is left: (2 x y + C1) / (x^2 + y^2 + C1), C1 = 1e-4."""
    a, b = np.full((32, 32, 3), 0.4, np.float32), np.full((32, 32, 3), 0.6, np.float32)
    assert ssim(a, b, ALL) == pytest.approx((2 * 0.24 + 1e-4) / (0.16 + 0.36 + 1e-4), abs=1e-5)
    assert ssim(a, a, ALL) == pytest.approx(1)
    assert abs(ssim(noise(0), noise(1), ALL)) < 0.1, "two noises have nothing in common"
    assert ssim(noise(0), 1 - noise(0), ALL) < -0.8, "a negative is the contrary"
    half = noise(0)
    half[:, 16:] = noise(1)[:, 16:]
    # 5 pixels from the seam on no window sees the other half.
    apart = np.zeros((32, 32), np.float32)
    apart[:, :10] = 1
    assert ssim(noise(0), half, apart) == pytest.approx(1, abs=1e-6)
    assert ssim(noise(0), half, 1 - LEFT) < 0.2


def test_ssim_is_that_of_the_paper() -> None:
    """One pixel worked out by hand, with the window of 11 pixels and sigma 1.5."""
    a, b = noise(3), np.clip(noise(3) * 0.7 + noise(4, 0.3), 0, 1).astype(np.float32)
    steps = np.arange(-5, 6)
    line = np.exp(-(steps**2) / (2 * 1.5**2))
    window = np.outer(line, line) / line.sum() ** 2
    values = []
    for c in range(3):
        x, y = (p[11:22, 11:22, c].astype(np.float64) for p in (a, b))
        mx, my = (window * x).sum(), (window * y).sum()
        vx, vy = (window * x * x).sum() - mx**2, (window * y * y).sum() - my**2
        cov = (window * x * y).sum() - mx * my
        values.append((2 * mx * my + 1e-4) * (2 * cov + 9e-4) / ((mx**2 + my**2 + 1e-4) * (vx + vy + 9e-4)))
    there = np.zeros((32, 32), np.float32)
    there[16, 16] = 1
    assert ssim(a, b, there) == pytest.approx(np.mean(values), abs=1e-4)


@pytest.mark.parametrize("metric", [psnr, ssim, gradient_psnr])
def test_nothing_to_compare(metric) -> None:
    with pytest.raises(ValueError, match="no pixel to compare"):
        metric(noise(0), noise(1), np.zeros((32, 32), np.float32))
    with pytest.raises(ValueError, match="do not match"):
        metric(noise(0), noise(1)[:16], ALL)
    with pytest.raises(ValueError, match="do not match"):
        metric(noise(0), noise(1), ALL[:16])


def test_gradient_of_pixels_that_touch_no_other() -> None:
    lonely = np.zeros((32, 32), np.float32)
    lonely[::2, ::2] = 1
    with pytest.raises(ValueError, match="no pixel to compare"):
        gradient_psnr(noise(0), noise(1), lonely)


def test_too_small_for_ssim() -> None:
    with pytest.raises(ValueError, match="window of 11"):
        ssim(noise(0)[:10], noise(1)[:10], ALL[:10])


def test_iou_counts_valid_pixels() -> None:
    a, b, valid = np.zeros((4, 4)), np.zeros((4, 4)), np.full((4, 4), 255, np.uint8)
    a[:2], b[1:3] = 0.9, 0.6
    assert iou(a, b, valid) == (4, 12)
    valid[:, 0] = 0
    assert iou(a, b, valid) == (3, 9)
    assert iou(a * 0, b * 0, valid) == (0, 0)


def test_alpha_error() -> None:
    a, b, valid = np.zeros((4, 4), np.float32), np.zeros((4, 4), np.float32), np.full((4, 4), 255, np.uint8)
    a[0], b[3] = 0.5, 1.0
    assert alpha_error(a, b, valid) == pytest.approx((4 * 0.5 + 4) / 16)
    valid[3] = 0
    assert alpha_error(a, b, valid) == pytest.approx(2 / 12)
    with pytest.raises(ValueError, match="no pixel is valid"):
        alpha_error(a, b, valid * 0)


def test_kl_and_active_units_of_a_known_code() -> None:
    """Dimension 0 is the prior; 1 is sharp and used; 2 is off-centre but always the same."""
    mean = np.zeros((100, 3))
    mean[:, 1] = np.tile([-1, 1], 50)
    mean[:, 2] = 2
    logvar = np.zeros((100, 3))
    logvar[:, 1] = np.log(0.25)
    expected = (0, 0.5 * (1 + 0.25 - 1 - np.log(0.25)), 2)
    assert kl_by_dimension(mean, logvar) == pytest.approx(expected)
    assert active_units(mean) == 1
