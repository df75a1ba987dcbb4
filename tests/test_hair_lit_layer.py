"""A layer in the light of now: noise of few rays goes, and what lies behind gets some light."""

from __future__ import annotations

import numpy as np

from mirror.hair.lit_layer import GAP, LitLayer, scattered, without_gaps, without_specks


def test_specks_go_where_hair_is_in_deep_shade_and_stay_where_it_is_lit() -> None:
    rgb = np.full((60, 60, 3), 120, np.uint8)
    rgb[:, :30] = 20
    rgb[30, 10] = rgb[30, 50] = 255
    share = np.ones((60, 60), np.float32)
    steady = without_specks(LitLayer((0, 0, 60, 60), rgb, share)).rgb
    assert steady[30, 10].max() < 30 and steady[30, 50].min() > 240
    nothing = LitLayer((0, 0, 0, 0), np.zeros((0, 0, 3), np.uint8), np.zeros((0, 0), np.float32))
    assert without_specks(nothing) is nothing and scattered(nothing, nothing) is nothing


def test_hair_behind_gets_some_of_the_light_that_hair_in_front_has() -> None:
    share = np.ones((60, 60), np.float32)
    front = LitLayer((0, 0, 60, 60), np.full((60, 60, 3), (180, 120, 60), np.uint8), share)
    black = np.zeros((60, 60, 3), np.uint8)
    black[20, 20] = 255
    behind = scattered(LitLayer((0, 0, 60, 60), black, share), front).rgb
    assert np.ptp(behind, (0, 1)).max() == 0, "specks are gone"
    assert behind[0, 0, 0] > behind[0, 0, 2] > 10 and behind[0, 0, 0] < 100


def test_no_scalp_is_seen_through_thick_hair_and_a_forehead_is_between_locks() -> None:
    thick = np.ones((60, 60), np.float32)
    thick[20:40, 30:33] = 0.1  # a gap of three pixels
    assert without_gaps(thick, GAP)[22:38, 28:36].min() > 0.8
    fringe = np.zeros((60, 60), np.float32)
    fringe[:, 10:16] = fringe[:, 30:36] = 1.0
    assert np.array_equal(without_gaps(fringe, GAP)[:, 20:26], fringe[:, 20:26])
    thin = np.full((60, 60), 0.3, np.float32)
    thin[::2, ::2] = 0.5
    assert np.allclose(without_gaps(thin, GAP), thin), "thin hair stays as thin as it is"
