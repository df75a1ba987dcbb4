"""Hats lent by one portrait to another."""

from __future__ import annotations

import numpy as np

from train.data.hat_transfer import with_hat_of

SIDE = 256
ROWS, COLUMNS = np.mgrid[:SIDE, :SIDE]
HAT = np.where((ROWS > 20) & (ROWS < 90) & (np.abs(COLUMNS - 128) < 70), 255, 0).astype(np.uint8)
RED = np.broadcast_to(np.uint8((200, 20, 20)), (SIDE, SIDE, 3)).copy()


def head(wide: int) -> dict[str, np.ndarray]:
    """A head with hair above the brows, `wide` pixels to each side, and below the hat on both sides."""
    hair = (np.abs(COLUMNS - 128) < wide) & (ROWS > 30) & (ROWS < 95)
    hair |= (np.abs(COLUMNS - 128) > 55) & (np.abs(COLUMNS - 128) < 65) & (ROWS >= 95) & (ROWS < 160)
    matte = np.where(hair, 255, 0).astype(np.uint8)
    return {
        "image": np.full((SIDE, SIDE, 3), 120, np.uint8),
        "matte": matte,
        "valid": np.full((SIDE, SIDE), 255, np.uint8),
        "person": matte.copy(),
    }


def test_a_hat_covers_hair_and_what_hangs_below_it_stays() -> None:
    for seed in range(8):
        item = head(60)
        out = with_hat_of(item, RED, HAT, np.random.default_rng(seed))
        assert (out["image"][60, 128] == RED[0, 0]).all() and out["worn"][60, 128] == 255
        assert out["matte"][60, 128] == 0 and out["matte"][140, 70] == 255
        assert out["person"][30, 128] == 255 >= out["person"].max()
        bare = out["worn"] == 0
        assert (out["image"][bare] == 120).all() and (out["matte"][bare] == item["matte"][bare]).all()
        assert 0.8 < (out["worn"] > 127).sum() / (HAT > 127).sum() < 1.35
        assert "worn" not in item and (item["image"] == 120).all(), "what is given is not written to"


def test_nobody_wears_one_over_more_hair_than_fits_under_it() -> None:
    item = head(125)
    assert with_hat_of(item, RED, HAT, np.random.default_rng(0)) is item
    nothing = np.zeros_like(HAT)
    item = head(0)
    assert with_hat_of(item, RED, nothing, np.random.default_rng(0)) is item


def test_it_ends_where_the_picture_ends_and_goes_before_another() -> None:
    item = head(60)
    item["valid"][:50] = 0
    item["worn"] = np.where(ROWS > 200, 255, 0).astype(np.uint8)
    out = with_hat_of(item, RED, HAT, np.random.default_rng(1))
    assert not out["worn"][:50].any() and out["worn"][60, 128] == 255 == out["worn"][220, 128]
    assert (out["image"][:50] == 120).all()
