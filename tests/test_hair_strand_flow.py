"""Where strands run in a picture, and what lies along them: on stripes whose direction is known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.hair.strand_flow import StrandFlow, flow_behind, flow_of
from tests.grown_fakes import grown_style

BOX = (40, 20, 184, 300)  # left, top, right, bottom, of views of 224 x 320


def stripes(lean: float, bend: float = 0.0) -> np.ndarray:
    """Strands that fall and go `lean` pixels to the right for each that they fall, and `bend` aside in waves;
    uint8 (320, 224)."""
    y, x = np.mgrid[0:320, 0:224].astype(np.float32)
    across = x - lean * y - bend * np.sin(y / 20)
    line = np.random.default_rng(3).uniform(60, 200, 2000)
    return np.interp(across + 800, np.arange(2000), cv2.GaussianBlur(line, (1, 5), 1.0).ravel()).astype(
        np.uint8
    )


def flow(grey: np.ndarray) -> StrandFlow:
    share = np.ones((BOX[3] - BOX[1], BOX[2] - BOX[0]), np.float32)
    return flow_of(grown_style().views[0], BOX, grey, share)


def alike(streak: np.ndarray, right: int, down: int) -> float:
    """Correlation of streaks with those so many pixels on, in the middle of the picture."""
    part = streak[50:110, 24:48]
    other = streak[50 + down : 110 + down, 24 + right : 48 + right]
    return float(np.corrcoef(part.ravel(), other.ravel())[0, 1])


@pytest.mark.parametrize("lean", [-0.5, 0.0, 0.5])
def test_a_streak_is_the_same_along_a_strand_and_another_in_the_next(lean: float) -> None:
    streak = flow(stripes(lean)).streak
    assert streak.shape == (140, 72) and streak.dtype == np.float32
    along, across = alike(streak, round(6 * lean), 6), alike(streak, 6, 0)
    assert along > 0.55 and abs(across) < 0.3
    assert abs(streak.mean()) < 0.15 and 0.8 < streak.std() < 1.2


def test_streaks_follow_waves() -> None:
    """In a wave a strand is 6 pixels of half the side further right a quarter of a wave on."""
    wavy, straight = flow(stripes(0.0, bend=6.0)).streak, flow(stripes(0.0)).streak
    half = round(np.pi * 20 / 2)
    first = np.array([wavy[30 + row, 36 + round(3 * np.sin((2 * row + 80) / 20))] for row in range(half)])
    assert first.std() < 0.6 * straight[30 : 30 + half, 20:52].std(1).mean()


def test_hair_is_longer_the_further_it_has_fallen_from_the_root() -> None:
    view = grown_style().views[0]
    length = flow(stripes(0.0)).length
    rows = np.array([90.0, 270.0])
    places = view.camera.lift(np.column_stack([[112, 112], rows]), np.full(2, float(view.depth[0, 0])))
    fallen = float(np.linalg.norm(places[1] - places[0]))
    grown = (length[(270 - 20) // 2] - length[(90 - 20) // 2])[20:52]
    assert np.abs(grown - fallen).max() < 0.15 * fallen
    assert (length >= 0).all() and (np.diff(length[40:130, 30:42], axis=0) > -0.05).all()


def test_no_direction_at_all_is_hair_that_stands_off_the_skull() -> None:
    """Roots lie below it, and streaks are short."""
    speckled = np.random.default_rng(0).integers(40, 220, (320, 224), dtype=np.uint8)
    found, laid = flow(speckled), flow(stripes(0.0))
    assert found.length[100:].mean() < 0.6 * laid.length[100:].mean()
    assert alike(found.streak, 0, 12) < 0.4


def test_sides_are_the_wearers_own() -> None:
    found = flow(stripes(0.0))
    middle = grown_style().views[0].camera.project(np.array([[0.0, -8.0, 0.0]]))[0, 0]
    columns = BOX[0] + 0.5 + 2 * np.arange(found.side.shape[1])
    assert (found.side[80:, columns > middle + 24] > 0).all(), "left is the picture's right"
    assert (found.side[80:, columns < middle - 24] < 0).all()


def test_the_same_picture_has_the_same_streaks() -> None:
    one, other = flow(stripes(0.3)), flow(stripes(0.3))
    assert np.array_equal(one.streak, other.streak) and np.array_equal(one.length, other.length)


def test_hair_behind_hangs() -> None:
    found = flow_behind(grown_style().views[0], (40, 100, 185, 301))
    assert found.streak.shape == found.length.shape == found.side.shape == (101, 73)
    assert (np.diff(found.length, axis=0) > 0).all() and (found.streak == found.streak[0]).all()
