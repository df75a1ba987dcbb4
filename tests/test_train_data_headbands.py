"""A band round a forehead: cloth and no hair, under a fringe or over it."""

from __future__ import annotations

import numpy as np
import pytest

import train.data.headbands
from tests.oval import oval_shape
from train.data.headbands import with_band

S = 128


def head(hair_down_to: float) -> dict[str, np.ndarray]:
    """A head with hair from the top of the square down to a row."""
    rows = (np.arange(S) + 0.5) / S
    matte = np.broadcast_to(np.where(rows < hair_down_to, 255, 0)[:, None], (S, S)).astype(np.uint8)
    full = np.full((S, S), 255, np.uint8)
    image = np.full((S, S, 3), 150, np.uint8)
    return {"image": image, "matte": matte, "valid": full, "person": full.copy(), "shape": oval_shape()}


def pattern() -> np.ndarray:
    return np.full((S, S, 3), (10, 200, 40), np.uint8)


def test_under_a_fringe_it_is_not_seen_and_the_fringe_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train.data.headbands, "_OVER", 1.0)
    whole = head(0.5)
    for seed in range(5):
        out = with_band(whole, pattern(), np.random.default_rng(seed))
        assert not out["worn"].any()
        assert np.array_equal(out["matte"], whole["matte"]) and np.array_equal(out["image"], whole["image"])


def test_over_hair_it_takes_the_hair_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train.data.headbands, "_OVER", 0.0)
    monkeypatch.setattr(train.data.headbands, "_PARTLY", 0.0)
    whole = head(0.5)
    for seed in range(5):
        out = with_band(whole, pattern(), np.random.default_rng(seed))
        worn = out["worn"] > 127
        assert 0.004 < worn.mean() < 0.12
        rows = np.nonzero(worn.any(1))[0] / S
        assert rows.min() > 0.15 and rows.max() < 0.47, "a forehead"
        assert out["matte"][worn].max() <= 128 and (out["matte"][: S // 8] == 255).all()
        changed = (out["image"] != whole["image"]).any(2)
        assert changed[worn].all() and not changed[out["worn"] == 0].any()


def test_it_ends_where_the_person_does_and_the_picture() -> None:
    whole = head(0.1)
    whole["person"][:, : S // 2] = 0
    whole["valid"][: S // 3] = 0
    for seed in range(8):
        out = with_band(whole, pattern(), np.random.default_rng(seed))
        assert not out["worn"][:, : S // 2 - 2].any() and not out["worn"][: S // 3].any()
        assert np.array_equal(out["matte"][: S // 8], whole["matte"][: S // 8])
