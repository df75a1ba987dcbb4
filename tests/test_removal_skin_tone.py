"""Skin where hair hid it, and edges out of guesses."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.core.head_crop import SIDE
from mirror.core.push_pull_fill import FILL_SIDE
from mirror.removal.skin_tone import cheeks, skin_beside
from mirror.removal.soft_threshold import crisp

SKIN = np.array((0.75, 0.55, 0.45), np.float32)
WHOLE = np.full((SIDE, SIDE), 255, np.uint8)
TONE = np.broadcast_to(SKIN, (FILL_SIDE, FILL_SIDE, 3)).astype(np.float32)


def test_skin_is_as_it_is_seen_beside_and_no_strand_or_wall_counts() -> None:
    face = np.zeros((SIDE, SIDE), np.uint8)
    face[60:200, 60:200] = 255
    camera, seen = TONE * np.float32(0.9), np.ones((FILL_SIDE, FILL_SIDE), np.float32)
    camera[:, :14] = (0.1, 0.9, 0.1)  # a green wall
    camera[20:24, 20:40] = 0.05  # strands
    seen[30:44, 30:44] = 0
    out = skin_beside(camera, seen, face, TONE)
    assert np.abs(out[37, 37] - 0.9 * SKIN).max() < 0.02
    assert np.abs(out[22, 30] - 0.9 * SKIN).max() < 0.04


def test_hidden_cheeks_take_the_hue_and_keep_their_light() -> None:
    orange = np.broadcast_to(np.float32((0.78, 0.53, 0.38)), (SIDE, SIDE, 3)).copy()
    orange[:, : SIDE // 2] *= np.float32(0.6)  # the side away from the light
    seen = np.ones((FILL_SIDE, FILL_SIDE), np.float32)
    seen[:, :20] = 0
    out = cheeks(orange, TONE, seen, WHOLE)
    luma = np.float32((0.2126, 0.7152, 0.0722))
    hidden = out[160, 30]
    assert hidden / (hidden @ luma) == pytest.approx(SKIN / (SKIN @ luma), rel=0.03)
    assert hidden @ luma == pytest.approx(orange[160, 30] @ luma, rel=0.03)
    assert np.abs(out[160, 200] - orange[160, 200]).max() < 1e-3, "what is seen is not touched"
    assert np.array_equal(out[:90], orange[:90]), "nor is the brow"


def test_black_has_no_hue() -> None:
    seen = np.zeros((FILL_SIDE, FILL_SIDE), np.float32)
    for skin in (TONE, np.zeros_like(TONE), -TONE):
        assert np.isfinite(cheeks(np.zeros((SIDE, SIDE, 3), np.float32), skin, seen, WHOLE)).all()


def test_a_fog_becomes_an_edge_and_a_plain_map_stays_plain() -> None:
    fog = np.tile(np.linspace(0, 1, 101, dtype=np.float32), (21, 1))
    out = crisp(fog, 4.0)
    assert ((out > 0.01) & (out < 0.99)).sum(1).max() <= 4
    assert out[10, 49] == pytest.approx(0.25, abs=0.02) and out[10, 51] == pytest.approx(0.75, abs=0.02)
    for value in (0.0, 1.0):
        assert (crisp(np.full((9, 9), value, np.float32)) == value).all()
