"""Grown hair is bright and dark where own hair is, and keeps its strands and its mean."""

from __future__ import annotations

import numpy as np
import pytest

from train.groom.scene_light import MOST, scene_light

SIDE, EYES = 96, 20.0


def even(colour: float, alpha: float = 1.0) -> np.ndarray:
    layer = np.full((SIDE, SIDE, 4), colour * alpha, np.float32)
    layer[..., 3] = alpha
    return layer


def side_lit(dark: float, bright: float) -> np.ndarray:
    picture = np.full((SIDE, SIDE, 3), bright, np.float32)
    picture[:, : SIDE // 2] = dark
    return picture


EVERYWHERE = np.ones((SIDE, SIDE), np.float32)


def test_what_stands_in_the_shade_is_shaded():
    factor = scene_light(even(0.1), side_lit(0.05, 0.2), EVERYWHERE, EYES)
    assert factor is not None
    assert factor[:, :20].mean() < 0.75 and factor[:, -20:].mean() > 1.3
    assert factor[:, :20].mean() * factor[:, -20:].mean() == pytest.approx(1, abs=0.05)


def test_strands_are_no_light():
    striped = even(0.1)
    striped[:, ::2, :3] = 0.2
    factor = scene_light(striped, side_lit(0.1, 0.1), EVERYWHERE, EYES)
    assert factor is not None and np.abs(factor - 1).max() < 0.02


def test_the_colour_of_own_hair_is_not_asked():
    factor = scene_light(even(0.02), side_lit(0.4, 0.4), EVERYWHERE, EYES)
    assert factor is not None and np.abs(factor - 1).max() < 1e-3


def test_where_no_own_hair_is_nothing_is_known():
    hair = np.zeros_like(EVERYWHERE)
    assert scene_light(even(0.1), side_lit(0.05, 0.2), hair, EYES) is None
    hair[:30] = 1
    factor = scene_light(even(0.1), side_lit(0.05, 0.2), hair, EYES)
    assert factor is not None and np.abs(factor[80:] - 1).max() < 0.02
    assert factor[:20, :20].mean() < 0.85


def test_no_more_than_so_much():
    factor = scene_light(even(0.1), side_lit(0.0001, 1.0), EVERYWHERE, EYES)
    assert factor is not None and factor.min() >= 1 / MOST - 1e-3 and factor.max() <= MOST + 1e-3
