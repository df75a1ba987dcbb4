"""A head ends where heads end, by its face."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.core.head_space import EYE_CENTRE
from mirror.removal.skull_shape import HIGH, WIDE, Skull
from tests.oval import oval_shape

SIDE = 256
EYES = round(EYE_CENTRE[1] * SIDE)


def height(alpha: np.ndarray) -> float:
    """From the eyes up to the top, as a share of the side."""
    return float((alpha[:EYES, SIDE // 2] > 0.5).sum()) / SIDE


def width(alpha: np.ndarray, row: int = EYES - 20) -> float:
    return float((alpha[row] > 0.5).sum()) / SIDE


def test_it_has_the_size_of_heads() -> None:
    skull = Skull.of(oval_shape())
    assert skull.half == pytest.approx(0.17, abs=0.003) and skull.middle == pytest.approx(0.5, abs=0.003)
    alpha = skull.alpha(SIDE)
    assert height(alpha) == pytest.approx(HIGH * 0.17, abs=0.012)
    assert width(alpha) == pytest.approx(2 * WIDE * 0.17, abs=0.02)
    assert alpha.min() >= 0 and alpha.max() <= 1 and alpha.dtype == np.float32
    steps = np.abs(np.diff(skull.alpha(SIDE), axis=0)[: EYES - 4])
    assert steps.max() < 0.6, "an edge as a camera sees it, no stairs"


def test_turned_away_the_back_of_the_head_comes_into_sight() -> None:
    ahead, turned = (Skull.of(oval_shape(yaw=yaw)).alpha(SIDE) for yaw in (0.0, 30.0))
    # The nose points to the picture's right: the back of the head is on the left.
    left, right = np.s_[60:100, :128], np.s_[60:100, 128:]
    assert turned[left].sum() > ahead[left].sum() + 200
    assert turned[right].sum() == pytest.approx(ahead[right].sum(), abs=60)


def test_a_head_that_looks_up_is_seen_lower() -> None:
    heights = []
    for pitch in (-15.0, 0.0, 20.0):
        shape = oval_shape()
        shape[-2] = pitch / 30
        heights.append(height(Skull.of(shape).alpha(SIDE)) / 0.17)
    # Silhouettes of 140 portraits with thin hair: 1.80 and 1.64 halves of the face's width, a ratio of 0.91.
    assert heights[1] / heights[0] == pytest.approx(0.91, abs=0.04)
    assert heights[2] < 0.9 * heights[1]
