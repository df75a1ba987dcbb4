"""Where the tracker looks: tiles that cover a frame, and windows that glide along with a face."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.core.face import Face
from mirror.tracking.region_of_interest import (
    GLIDE,
    LEAST_ROOM,
    MOST_ROOM,
    OVERLAP,
    Window,
    centre,
    is_small,
    tiles,
)


def face(x: float, y: float, height: float) -> Face:
    """A face centred on (x, y), `height` px from forehead to chin."""
    points = np.zeros((478, 3), np.float32)
    points[:, :2] = (x, y)
    points[10, 1] -= height / 2
    points[152, 1] += height / 2
    points[234, 0] -= height * 0.4
    points[454, 0] += height * 0.4
    return Face(points)


@pytest.mark.parametrize("size", [(1280, 720), (640, 480), (720, 1280), (1920, 1080), (500, 500), (100, 37)])
def test_a_small_face_lies_whole_in_some_tile(size: tuple[int, int]) -> None:
    width, height = size
    squares = tiles(width, height)
    reach = int(OVERLAP * 0.9 * squares[0].side)
    for x in range(0, width - reach, 7):
        for y in range(0, height - reach, 7):
            assert any(
                w.left <= x and w.top <= y and x + reach <= w.left + w.side and y + reach <= w.top + w.side
                for w in squares
            ), (x, y)
    assert len(squares) <= 14


def test_tiles_begin_where_somebody_is_likely_to_be() -> None:
    first = tiles(1280, 720)[0]
    assert abs(first.middle[0] - 640) < 150 and first.middle[1] < 360
    assert tiles(1280, 720, near=(1200, 650))[0].middle > (1000, 400)


def test_cut_is_the_picture_and_black_beyond() -> None:
    image = np.random.default_rng(0).integers(1, 255, (40, 60, 3)).astype(np.uint8)
    assert np.array_equal(Window(5, 6, 20).cut(image), image[6:26, 5:25])
    cut = Window(-5, 30, 20).cut(image)
    assert cut.shape == (20, 20, 3) and cut.flags.c_contiguous
    assert np.array_equal(cut[:10, 5:], image[30:40, :15])
    assert not cut[10:].any() and not cut[:, :5].any()
    assert not Window(100, 100, 8).cut(image).any()


def test_lift_undoes_the_cut() -> None:
    window = Window(-7, 30, 50)
    there = window.lift(face(20, 25, 10))
    assert centre(there) == pytest.approx((13, 55))
    assert there.height == pytest.approx(10)


def test_a_window_stands_still_while_the_face_stays_in_its_middle() -> None:
    window = Window.around(face(300, 200, 80))
    for x, y in ((300, 200), (315, 190), (290, 215)):
        assert window.after(face(x, y, 84)) is window


def test_a_window_glides_after_the_face_and_never_leaps() -> None:
    window, x = Window.around(face(300, 200, 80)), 300.0
    for _ in range(200):
        x += 9
        before, window = window, window.after(face(x, 200, 80))
        assert abs(window.middle[0] - before.middle[0]) <= GLIDE * 80 + 1
        assert window.side == before.side
        assert abs(window.middle[0] - x) < 0.5 * 80
    assert window.middle[1] == pytest.approx(200, abs=1)


@pytest.mark.parametrize("rate", [1.02, 0.98])
def test_a_window_grows_and_shrinks_with_the_face(rate: float) -> None:
    height = 100.0
    window = Window.around(face(300, 200, height))
    for _ in range(60):
        height *= rate
        window = window.after(face(300, 200, height))
        assert 0.95 * LEAST_ROOM < window.side / height < 1.05 * MOST_ROOM


def test_small_is_told_from_the_frames_longer_side() -> None:
    assert is_small(face(0, 0, 200), 1280, 720) and not is_small(face(0, 0, 200), 720, 720)
