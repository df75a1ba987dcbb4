"""Texture of a wall in focus goes on over the edge of what was hidden; a single edge does not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.core.head_crop import SIDE
from mirror.removal.background_plate import WALL_SIDE
from mirror.removal.mirrored_texture import MirroredTexture

SHARP = np.ones((WALL_SIDE, WALL_SIDE), np.float32)
HEAD = np.s_[90:170, 90:170]


def leaves() -> np.ndarray:
    """float32 (1, 3, S, S)."""
    noise = np.random.default_rng(5).standard_normal((SIDE, SIDE, 3)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 1.2)
    picture = 0.5 + 0.15 * noise / noise.std()
    picture[HEAD] = 0.9
    return np.ascontiguousarray(picture.transpose(2, 0, 1))[None]


def seen() -> np.ndarray:
    out = np.ones((SIDE, SIDE), np.float32)
    out[HEAD] = 0
    return out


def test_leaves_go_on_as_strong_as_beside_and_fade_further_in() -> None:
    added = MirroredTexture()(leaves(), seen(), SHARP)
    assert added.shape == (SIDE, SIDE, 3) and added.dtype == np.float32
    assert not added[seen() > 0].any(), "what the camera shows is left alone"
    ring, middle = added[94:104, 110:150], added[125:135, 125:135]
    assert 0.09 < ring.std() < 0.18 and abs(float(ring.mean())) < 0.03
    assert middle.std() < ring.std()


def test_what_is_out_of_focus_is_given_none() -> None:
    assert not MirroredTexture()(leaves(), seen(), 0 * SHARP).any()


def test_a_single_edge_in_a_plain_wall_is_no_texture() -> None:
    wall = np.full((1, 3, SIDE, SIDE), 0.3, np.float32)
    wall[0, :, :80] = 0.9
    found = np.abs(MirroredTexture()(wall, seen(), SHARP)).max()
    assert found < 0.15, "of a step of 0.6"


@pytest.mark.parametrize("known", [0.0, 1.0])
def test_where_nothing_or_everything_is_seen_there_is_nothing_to_add(known: float) -> None:
    added = MirroredTexture()(leaves(), np.full((SIDE, SIDE), known, np.float32), SHARP)
    assert added.shape == (SIDE, SIDE, 3) and not added.any()


def test_a_matte_that_trembles_does_not_let_it_swim() -> None:
    texture, rng, found = MirroredTexture(), np.random.default_rng(2), []
    for _ in range(20):
        trembling = seen()
        trembling[88:90, 90:170] = rng.random(80) > 0.5
        found.append(texture(leaves(), trembling, SHARP)[100:112, 110:150])
    calm = np.std(found[5:], 0).mean()
    alone = np.std(
        [MirroredTexture()(leaves(), seen_with(rng), SHARP)[100:112, 110:150] for _ in range(8)], 0
    )
    assert calm < 0.6 * alone.mean()


def seen_with(rng: np.random.Generator) -> np.ndarray:
    out = seen()
    out[88:90, 90:170] = rng.random(80) > 0.5
    return out
