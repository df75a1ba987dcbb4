"""The rim of painted hair has the colour of the hair, not of what lies behind it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.core.head_crop import SIDE
from mirror.hair.painting.edge_colour import own_coloured


def painted(hair: float, wall: float) -> tuple[np.ndarray, np.ndarray]:
    """A disc of hair whose soft rim has the wall mixed in."""
    alpha = np.zeros((SIDE, SIDE), np.float32)
    cv2.circle(alpha, (128, 128), 60, 1.0, -1)
    alpha = cv2.GaussianBlur(alpha, (0, 0), 1.5)
    grey = hair * alpha + wall * (1 - alpha)
    return cv2.merge([grey] * 3), alpha


@pytest.mark.parametrize(("hair", "wall"), [(0.08, 0.9), (0.8, 0.1)])
def test_neither_a_light_nor_a_dark_line_goes_round_hair(hair: float, wall: float) -> None:
    rgb, alpha = painted(hair, wall)
    out = own_coloured(rgb, alpha)
    assert out.shape == rgb.shape and out.dtype == np.float32
    rim = (alpha > 0.1) & (alpha < 0.7)
    before, after = (np.abs(one[rim] - hair).mean() for one in (rgb, out))
    assert before > 0.3 and after < 0.35 * before


def test_inside_hair_and_on_the_wall_nothing_changes() -> None:
    rgb, alpha = painted(0.1, 0.9)
    out = own_coloured(rgb, alpha)
    assert np.allclose(out[alpha > 0.86], rgb[alpha > 0.86], atol=1e-4)
    far = cv2.dilate(alpha, np.ones((41, 41), np.uint8)) == 0
    assert np.allclose(out[far], rgb[far], atol=1e-5)


def test_strands_at_the_rim_stay() -> None:
    rgb, alpha = painted(0.4, 0.4)
    rgb[:, ::4] += 0.04
    out = own_coloured(rgb, alpha)
    rim = (alpha > 0.2) & (alpha < 0.6)
    assert out[rim].std() > 0.6 * rgb[rim].std()


def test_where_there_is_no_hair_nothing_happens() -> None:
    rgb = np.random.default_rng(0).random((SIDE, SIDE, 3)).astype(np.float32)
    faint = np.full((SIDE, SIDE), 0.3, np.float32)
    assert np.allclose(own_coloured(rgb, faint), rgb, atol=1e-5)
