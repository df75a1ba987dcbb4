"""Whose face is followed: the largest, with hysteresis."""

from __future__ import annotations

import numpy as np

from mirror.core.face import Face
from mirror.tracking.face_selection import Chooser

FRAME = 1 / 30


def face(x: float, height: float) -> Face:
    """A face centred on (x, 300), `height` px from forehead to chin."""
    points = np.zeros((478, 3), np.float32)
    points[:, :2] = (x, 300)
    points[10, 1] -= height / 2
    points[152, 1] += height / 2
    points[234, 0] -= height / 3
    points[454, 0] += height / 3
    return Face(points)


def test_the_largest_is_taken() -> None:
    small, large = face(300, 150), face(800, 160)
    assert Chooser().choose([small, large], 0.0) is large
    assert Chooser().choose([large, small], 0.0) is large
    assert Chooser().choose([], 0.0) is None


def test_somewhat_larger_is_not_enough() -> None:
    chooser = Chooser()
    chooser.choose([face(300, 200)], 0.0)
    for i in range(1, 90):
        mine, other = face(300, 200), face(800, 240)
        assert chooser.choose([other, mine], i * FRAME) is mine


def test_a_quarter_larger_for_half_a_second_takes_over() -> None:
    chooser = Chooser()
    chooser.choose([face(300, 200)], 0.0)
    taken = []
    for i in range(1, 40):
        mine, other = face(300, 200), face(800, 260)
        taken.append(chooser.choose([mine, other], i * FRAME) is other)
    # Larger from the first of these frames on; 15 frames are half a second.
    assert taken == [False] * 15 + [True] * 24


def test_a_passer_by_does_not_take_over() -> None:
    """Three times larger for 0.4 s, away for 0.1 s, again and again."""
    chooser = Chooser()
    chooser.choose([face(300, 200)], 0.0)
    for i in range(1, 90):
        mine, other = face(300, 200), face(800, 400 if i % 15 < 12 else 100)
        assert chooser.choose([mine, other], i * FRAME) is mine


def test_the_followed_face_is_known_by_its_place() -> None:
    """Two people walk past each other's side; the order in the list says nothing."""
    chooser = Chooser()
    chooser.choose([face(300, 200), face(800, 190)], 0.0)
    for i in range(1, 60):
        mine, other = face(300 + 3 * i, 200), face(800 + 3 * i, 220)
        assert chooser.choose([mine, other] if i % 2 else [other, mine], i * FRAME) is mine


def test_a_short_loss_does_not_give_the_hair_to_another() -> None:
    chooser = Chooser()
    chooser.choose([face(300, 200), face(800, 150)], 0.0)
    assert chooser.choose([face(800, 150)], 0.1) is None
    mine = face(302, 198)
    assert chooser.choose([face(800, 150), mine], 0.2) is mine


def test_after_a_longer_loss_another_is_taken() -> None:
    chooser = Chooser()
    chooser.choose([face(300, 200), face(800, 150)], 0.0)
    other = face(800, 150)
    assert chooser.choose([other], 0.2) is None
    assert chooser.choose([other], 0.3) is other


def test_after_an_empty_room_the_largest_is_taken() -> None:
    chooser = Chooser()
    chooser.choose([face(300, 200)], 0.0)
    assert chooser.choose([], 0.1) is None
    near_the_old_place, larger = face(300, 200), face(800, 220)
    assert chooser.choose([near_the_old_place, larger], 5.0) is larger


def test_a_clip_that_starts_again_starts_anew() -> None:
    chooser = Chooser()
    chooser.choose([face(300, 200)], 9.0)
    first, larger = face(300, 200), face(800, 210)
    assert chooser.choose([first, larger], 0.0) is larger


def test_reset_forgets() -> None:
    chooser = Chooser()
    chooser.choose([face(300, 200)], 0.0)
    chooser.reset()
    larger = face(800, 210)
    assert chooser.choose([face(300, 200), larger], FRAME) is larger


def test_at_three_pictures_a_second_somewhat_larger_is_not_enough_either() -> None:
    chooser, mine, other = Chooser(), face(300, 200), face(800, 220)
    chooser.choose([mine], 0.0)
    for i in range(1, 20):
        assert chooser.choose([other, mine], i * 0.33) is mine
    chooser = Chooser()
    chooser.choose([mine], 0.0)
    assert chooser.choose([other, mine], 1.0) is other, "after a second without a picture nobody is followed"
