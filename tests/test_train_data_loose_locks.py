"""Loose locks drawn on heads."""

from __future__ import annotations

import numpy as np

from train.data.loose_locks import with_loose_locks


def head(hair: bool = True) -> dict[str, np.ndarray]:
    image = np.full((256, 256, 3), 200, np.uint8)
    matte = np.zeros((256, 256), np.uint8)
    if hair:
        down, across = np.mgrid[:256, :256]
        far = np.hypot(across - 128, down - 100)
        matte = np.clip((60 - far) * 64 + 128, 0, 255).astype(np.uint8)
        image[matte > 127] = (40, 30, 20)
    valid = np.full((256, 256), 255, np.uint8)
    valid[:, :20] = 0
    return {"image": image, "matte": matte, "valid": valid, "person": matte.copy()}


def test_locks_leave_the_hair_and_their_alpha_is_known() -> None:
    before, found = head(), []
    for seed in range(12):
        after = with_loose_locks(before, np.random.default_rng(seed))
        new = after["matte"].astype(int) - before["matte"]
        assert (new >= -1).all() and (after["person"] + 1.0 >= after["matte"]).all()
        assert not after["matte"][:, :20].any(), "nothing beyond the picture"
        changed = np.abs(after["image"].astype(int) - before["image"]).max(2)
        # Where there is no new hair nothing changed, and where there is it is of the hair's tone.
        assert (changed[(new <= 1) & (before["matte"] < 10)] <= 3).all()
        strong = (new > 200) & (before["matte"] < 10)
        if strong.any():
            assert after["image"][strong].mean() < 110
        found.append((new > 40).mean())
    assert np.mean(found) > 0.001 and len(set(found)) > 8


def test_who_has_no_hair_has_no_locks() -> None:
    before = head(hair=False)
    assert with_loose_locks(before, np.random.default_rng(0)) is before
