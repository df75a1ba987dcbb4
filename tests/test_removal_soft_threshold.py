"""An outline out of a guess."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.removal.soft_threshold import crisp


def test_a_fog_becomes_an_edge_and_a_plain_map_stays_plain() -> None:
    fog = np.tile(np.linspace(0, 1, 101, dtype=np.float32), (21, 1))
    out = crisp(fog, 4.0)
    assert ((out > 0.01) & (out < 0.99)).sum(1).max() <= 4
    assert out[10, 49] == pytest.approx(0.25, abs=0.02) and out[10, 51] == pytest.approx(0.75, abs=0.02)
    for value in (0.0, 1.0):
        assert (crisp(np.full((9, 9), value, np.float32)) == value).all()
