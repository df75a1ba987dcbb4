"""The pattern of a wall goes on behind hair: lines stay straight, and nothing moves that does not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.core.push_pull_fill import FILL_SIDE
from mirror.removal.background_pattern import Pattern, best_shifts, shares_of
from mirror.removal.background_plate import WALL_SIDE

S = FILL_SIDE
SMOOTH = np.full((WALL_SIDE, WALL_SIDE, 3), 0.5, np.float32)


def fence(side: int = S, period: float = 1 / 8, at: float = 0.0) -> np.ndarray:
    """Upright bars, soft, float32 (side, side, 3)."""
    place = (np.arange(side) + 0.5) / side
    bars = 0.5 + 0.35 * np.sin(2 * np.pi * (place - at) / period)
    return np.broadcast_to(bars[None, :, None], (side, side, 3)).astype(np.float32).copy()


def hidden() -> np.ndarray:
    """A head in the middle."""
    out = np.zeros((S, S), np.float32)
    out[16:48, 24:40] = 1
    return out


def as_camera(picture: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(picture.transpose(2, 0, 1))[None]


def test_bars_are_carried_on_by_whole_bars_and_sideways() -> None:
    shifts = best_shifts(fence(), 1 - hidden(), hidden())
    assert shifts and all(x % 8 == 0 and y == 0 for x, y in shifts)
    shares, fits = shares_of(fence(), 1 - hidden(), hidden(), shifts)
    assert fits.shape == (S, S) and fits[20:44, 26:38].min() > 0.9
    assert shares.shape == (len(shifts), S, S) and shares.dtype == np.float32
    total = shares.sum(0)
    assert total.max() <= 1 + 1e-5 and total[20:44, 26:38].min() > 0.9


def test_behind_a_head_the_fence_goes_on() -> None:
    whole = fence(256)
    with_head = whole.copy()
    with_head[64:192, 96:160] = (0.9, 0.1, 0.1)
    out = Pattern()(SMOOTH, as_camera(with_head), 1 - hidden(), hidden())
    assert out.shape == SMOOTH.shape and out.dtype == np.float32
    wanted = cv2.resize(whole, (WALL_SIDE, WALL_SIDE), interpolation=cv2.INTER_AREA)
    behind = np.s_[40:88, 52:76]
    assert np.abs(out - wanted)[behind].mean() < 0.06 < np.abs(SMOOTH - wanted)[behind].mean()


def test_out_of_focus_only_what_fits_is_carried_on() -> None:
    """Bars are like themselves a bar further; lamps out of focus are nowhere like themselves."""
    noise = np.random.default_rng(4).standard_normal((256, 256, 3)).astype(np.float32)
    lamps = cv2.GaussianBlur(noise, (0, 0), 12)
    lamps = np.clip(0.5 + 0.2 * lamps / lamps.std(), 0, 1)
    nowhere = np.zeros((WALL_SIDE, WALL_SIDE), np.float32)
    behind = np.s_[40:88, 52:76]
    bars, other = (
        Pattern()(SMOOTH, as_camera(wall), 1 - hidden(), hidden(), nowhere)[behind]
        for wall in (fence(256), lamps)
    )
    assert bars.std() > 0.15 and np.abs(other - 0.5).mean() < 0.02
    sharp = Pattern()(SMOOTH, as_camera(lamps), 1 - hidden(), hidden(), nowhere + 1)[behind]
    assert np.abs(sharp - 0.5).mean() > 0.05, "and where they are sharp they are"


@pytest.mark.parametrize("case", ["plain", "nothing seen", "nothing hidden", "noise"])
def test_where_there_is_no_pattern_the_wall_stays_as_it_was(case: str) -> None:
    picture, seen, wanted = fence(256), 1 - hidden(), hidden()
    if case == "plain":
        picture = np.full((256, 256, 3), 0.5, np.float32)
    elif case == "nothing seen":
        seen = np.zeros_like(seen)
    elif case == "nothing hidden":
        wanted = np.zeros_like(wanted)
    else:
        picture = np.random.default_rng(0).random((256, 256, 3)).astype(np.float32) * 0.02 + 0.5
    wall = SMOOTH * np.linspace(0.5, 1.5, WALL_SIDE, dtype=np.float32)[:, None, None]
    assert np.array_equal(Pattern()(wall, as_camera(picture), seen, wanted), wall)


def test_in_a_stream_it_stays_with_the_wall_and_is_forgotten_with_the_person() -> None:
    pattern = Pattern()
    behind = np.s_[40:88, 52:76]
    for step in range(12):
        at = step / 256
        out = pattern(SMOOTH, as_camera(fence(256, at=at)), 1 - hidden(), hidden())
        wanted = cv2.resize(fence(256, at=at), (WALL_SIDE, WALL_SIDE), interpolation=cv2.INTER_AREA)
        assert np.abs(out - wanted)[behind].mean() < 0.06, step
    pattern.reset()
    plain = np.full((256, 256, 3), 0.5, np.float32)
    assert np.array_equal(pattern(SMOOTH, as_camera(plain), 1 - hidden(), hidden()), SMOOTH)


def test_noise_of_a_camera_does_not_make_it_tremble() -> None:
    rng = np.random.default_rng(1)
    pattern, seen = Pattern(), []
    for _ in range(30):
        noisy = fence(256) + rng.normal(0, 2 / 255, (256, 256, 3)).astype(np.float32)
        seen.append(pattern(SMOOTH, as_camera(noisy), 1 - hidden(), hidden()))
    assert float(np.std(seen, 0)[40:88, 52:76].mean()) < 2 / 255
