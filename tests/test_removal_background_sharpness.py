"""Focus: whether a wall is sharp beside a head."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_crop import SIDE
from mirror.core.push_pull_fill import FILL_SIDE
from mirror.removal.background_plate import WALL_SIDE
from mirror.removal.background_sharpness import in_focus

ALL = np.ones((FILL_SIDE, FILL_SIDE), np.float32)


def leaves(grain: float, contrast: float = 0.2) -> np.ndarray:
    """A mottled wall whose blots are `grain` pixels wide, float32 (S, S)."""
    noise = np.random.default_rng(1).standard_normal((SIDE, SIDE)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), grain)
    return np.clip(0.5 + contrast * noise / noise.std(), 0, 1)


def as_camera(wall: np.ndarray) -> np.ndarray:
    return np.broadcast_to(wall, (1, 3, SIDE, SIDE)).copy()


def test_leaves_are_sharp_and_lamps_out_of_focus_are_not() -> None:
    sharp, blurred = (in_focus(as_camera(leaves(grain)), ALL) for grain in (1.5, 12.0))
    assert sharp.shape == (WALL_SIDE, WALL_SIDE) and sharp.dtype == np.float32
    assert sharp.min() > 0.9 and blurred.max() < 0.1


def test_a_plain_wall_with_the_cameras_noise_has_no_pattern() -> None:
    noise = np.random.default_rng(2).normal(0, 2 / 255, (1, 3, SIDE, SIDE)).astype(np.float32)
    assert in_focus(0.6 + noise, ALL).max() < 0.05


def test_behind_a_head_it_is_as_sharp_as_the_wall_on_that_side() -> None:
    soft = np.clip((np.arange(SIDE) - 100) / 56, 0, 1)[None, :]
    wall = (leaves(1.5) * (1 - soft) + leaves(12.0) * soft).astype(np.float32)
    seen = ALL.copy()
    seen[:, 20:44] = 0
    out = in_focus(as_camera(wall), seen)
    assert out[64, 50] > 0.8 and out[64, 78] < 0.2
    assert np.abs(np.diff(out, axis=1)).max() < 0.2, "and passes over softly"


def test_what_stands_before_the_wall_says_nothing() -> None:
    wall = leaves(12.0)
    wall[64:192, 64:192] = leaves(1.0)[64:192, 64:192]
    seen = ALL.copy()
    seen[15:49, 15:49] = 0
    assert in_focus(as_camera(wall), seen).max() < 0.1


def test_where_no_wall_is_seen_there_is_nothing_to_carry_on() -> None:
    assert not in_focus(as_camera(leaves(1.5)), 0 * ALL).any()
