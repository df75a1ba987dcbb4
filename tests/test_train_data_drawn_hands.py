"""Drawn hands: whole, of one piece, with fingers, in every place and pose, and the same for the same seed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from train.data.drawn_hands import draw_hand

SIDE = 256


@pytest.mark.parametrize("seed", range(8))
def test_a_hand_is_one_piece_with_light_and_shade(seed: int) -> None:
    hand = draw_hand(SIDE, np.random.default_rng(seed))
    assert hand.alpha.shape == hand.light.shape == hand.sleeve.shape == (SIDE, SIDE)
    assert hand.alpha.dtype == np.uint8 and hand.light.dtype == np.float32 and hand.sleeve.dtype == bool
    there = hand.alpha > 127
    assert 0.005 < there.mean() < 0.6
    pieces, _, sizes, _ = cv2.connectedComponentsWithStats(there.astype(np.uint8))
    assert sizes[1:, cv2.CC_STAT_AREA].max() > 0.9 * there.sum(), f"{pieces - 1} pieces"
    assert np.isfinite(hand.light).all() and hand.light[there].std() > 0.02
    assert not (hand.sleeve & (hand.alpha == 0)).any()


def test_the_same_seed_draws_the_same_hand_and_another_another() -> None:
    one, same, other = (draw_hand(SIDE, np.random.default_rng(seed)) for seed in (5, 5, 6))
    np.testing.assert_array_equal(one.alpha, same.alpha)
    assert one.tip == same.tip and (one.alpha != other.alpha).any()


def test_fingers_can_be_told_apart() -> None:
    """Some hands are spread: along a row they come and go several times."""
    most = 0
    for seed in range(30):
        there = draw_hand(SIDE, np.random.default_rng(seed)).alpha > 127
        for rows in (there, there.T):
            most = max(most, int((np.diff(rows.astype(int), axis=1) == 1).sum(1).max()))
    assert most >= 3


def test_they_are_everywhere_round_a_head_and_come_from_below() -> None:
    hands = [draw_hand(128, np.random.default_rng(seed)).alpha > 127 for seed in range(120)]
    where = np.mean(hands, 0)
    assert where[70, 20] > 0.03 and where[70, 108] > 0.03 and where[30, 64] > 0.03
    assert where[100:].mean() > 2 * where[:28].mean(), "arms come from below"
