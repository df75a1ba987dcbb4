"""Contrast of hair, band by band, and hair that follows another's."""

from __future__ import annotations

import numpy as np
import pytest

from train.groom.contrast import MOST, USUAL, bands, contrast, follow

SIZE = 160
ROUND = (np.hypot(*(np.mgrid[:SIZE, :SIZE] - 80)) < 70).astype(np.float32)


def locks(strength: float, wave: float = 12.0) -> np.ndarray:
    """A layer of upright locks, premultiplied, so many pixels wide."""
    tone = 0.1 * np.exp(strength * np.sin(np.arange(SIZE) * 2 * np.pi / wave))
    grey = np.broadcast_to(tone[None, :, None], (SIZE, SIZE, 3))
    return np.concatenate([grey * ROUND[..., None], ROUND[..., None]], -1).astype(np.float32)


def of(layer: np.ndarray) -> np.ndarray:
    found = contrast(bands(layer[..., :3] / np.maximum(layer[..., 3:], 0.05), layer[..., 3]), layer[..., 3])
    assert found is not None
    return found


def test_bands_add_up_and_see_locks_where_they_are():
    fine, coarse = (of(locks(0.3, wave)) for wave in (5, 40))
    assert np.argmax(fine) < np.argmax(coarse)
    assert of(locks(0.3)) == pytest.approx(3 * of(locks(0.1)), rel=0.1)


def test_flat_hair_gets_more_contrast_and_keeps_its_alpha_and_tone():
    flat = locks(0.08)
    richer = follow(flat, None)
    before, after = of(flat), of(richer)
    strongest = int(np.argmax(before))
    assert after[strongest] == pytest.approx(min(USUAL[strongest], MOST * before[strongest]), rel=0.1)
    assert (richer[..., 3] == flat[..., 3]).all()
    assert richer[..., :3].sum() == pytest.approx(flat[..., :3].sum(), rel=0.03)


def test_it_follows_the_hair_that_was_there():
    flat, quiet = locks(0.12), np.array(USUAL) / 3
    assert of(follow(flat, quiet)).max() < of(follow(flat, None)).max()


def test_a_wisp_is_left_as_it_is():
    wisp = locks(0.3)
    wisp[:, 82:] = wisp[:, :78] = 0
    assert (follow(wisp, None) == wisp).all()
