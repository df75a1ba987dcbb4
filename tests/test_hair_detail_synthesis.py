"""Enlarged hair is where it was, as bright as it was, and has strands as thin as its own pixels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.hair.detail_synthesis import enlarged

HEIGHT, WIDTH = 90, 70


def strands(alpha: int = 255) -> np.ndarray:
    """Upright strands two pixels wide, with hair all over."""
    layer = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    layer[..., :3] = np.where(np.arange(WIDTH) % 4 < 2, 120, 60)[None, :, None] * (alpha / 255)
    layer[..., 3] = alpha
    return layer


@pytest.mark.parametrize("alpha", [255, 128])
def test_it_is_twice_as_large_and_means_the_same(alpha: int) -> None:
    layer = strands(alpha)
    out = enlarged(layer)
    assert out.shape == (2 * HEIGHT, 2 * WIDTH, 4) and out.dtype == np.uint8
    small = cv2.resize(out, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(float)
    assert np.abs(small.mean((0, 1)) - layer.mean((0, 1))).max() < 2
    assert (out[..., :3].max(-1) <= out[..., 3]).all()


def test_strands_are_as_thin_as_before_and_run_as_before() -> None:
    layer = strands()
    out = enlarged(layer)[20:-20, 20:-20, 0].astype(float)
    plain = cv2.resize(layer, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)[20:-20, 20:-20, 0].astype(
        float
    )

    def fine(picture: np.ndarray, axis: int) -> float:
        """How much of it changes within four pixels."""
        spectrum = np.abs(np.fft.rfft(picture - picture.mean(), axis=axis)) ** 2
        half = spectrum.shape[axis] // 2
        return float(np.take(spectrum, range(half - 4, half + 8), axis).sum() / spectrum.sum())

    assert fine(out, 1) > 4 * fine(plain, 1)
    assert np.abs(np.diff(out, axis=0)).mean() < 0.25 * np.abs(np.diff(out, axis=1)).mean()


def test_where_no_hair_is_none_comes() -> None:
    layer = strands()
    layer[:, 40:] = 0
    out = enlarged(layer)
    assert out[:, 2 * 40 + 3 :].max() == 0
    assert enlarged(np.zeros_like(layer)).max() == 0


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (24, 24), (25, 7)])
def test_any_size_will_do(size: tuple[int, int]) -> None:
    assert enlarged(np.full((*size, 4), 90, np.uint8)).shape == (2 * size[0], 2 * size[1], 4)
