"""Holes are filled with what is seen beside them; what is known stays to the bit."""

from __future__ import annotations

import numpy as np
import pytest

from train.groom.inpaint import completed


@pytest.mark.parametrize("period", [8, 12])
def test_stripes_go_on_through_a_hole(period):
    x = np.arange(120)[None, :, None]
    stripes = np.where(x % period < period // 2, 60, 180) * np.ones((96, 1, 3))
    known = np.ones((96, 120), bool)
    known[36:60, 40:72] = False
    torn = np.where(known[..., None], stripes, 0).astype(np.uint8)
    filled = completed(torn, known, ~known)
    assert np.array_equal(filled[known], torn[known])
    wrong = np.abs(filled.astype(float) - stripes)[~known].mean()
    assert wrong < 25, "a mean of the stripes would be wrong by 60"


def test_where_nothing_shows_a_texture_it_is_filled_evenly():
    picture = np.full((40, 40, 3), 120, np.uint8)
    known = np.zeros((40, 40), bool)
    known[:, :3] = True
    filled = completed(picture * known[..., None], known, ~known)
    assert np.abs(filled.astype(int) - 120).max() <= 8


def test_a_wall_out_of_focus_gets_no_edges():
    y, x = np.mgrid[:96, :120]
    soft = (120 + 50 * np.sin(x / 17) + 20 * np.cos(y / 23))[..., None].repeat(3, -1).astype(np.uint8)
    known = np.ones((96, 120), bool)
    known[30:66, 40:80] = False
    filled = completed(np.where(known[..., None], soft, 0).astype(np.uint8), known, ~known).astype(int)
    inner = np.abs(np.diff(filled, axis=1))[34:62, 44:76]
    assert inner.max() < 16, "patches meet without a line"
