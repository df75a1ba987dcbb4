"""Where things lie over the picture: off the head, and without hopping about."""

from __future__ import annotations

import pygame

from mirror.app.screen.free_placement import PATIENCE, Seat

TOP, SIDE, LOW = pygame.Rect(40, 0, 20, 10), pygame.Rect(80, 0, 20, 10), pygame.Rect(40, 90, 20, 10)
PLACES = (TOP, SIDE, LOW)


def test_it_lies_at_the_first_place_that_is_off_the_head() -> None:
    assert Seat().choose(PLACES, None, 0.0) == TOP
    assert Seat().choose(PLACES, pygame.Rect(30, 5, 40, 50), 0.0) == SIDE
    assert Seat().choose(PLACES, pygame.Rect(30, 5, 70, 50), 0.0) == LOW


def test_where_all_is_head_it_hides_the_least() -> None:
    assert Seat().choose(PLACES, pygame.Rect(0, 0, 100, 92), 0.0) == LOW


def test_it_moves_once_a_head_stays_in_the_way() -> None:
    seat, head = Seat(), pygame.Rect(30, 5, 40, 50)
    assert seat.choose(PLACES, None, 0.0) == TOP
    assert seat.choose(PLACES, head, 1.0) == TOP, "it may go again at once"
    assert seat.choose(PLACES, None, 1.1) == TOP
    assert seat.choose(PLACES, head, 1.2) == TOP
    assert seat.choose(PLACES, head, 1.3 + PATIENCE) == SIDE


def test_it_comes_back_only_once_there_is_room_to_spare() -> None:
    seat, head = Seat(), pygame.Rect(30, 5, 40, 50)
    assert seat.choose(PLACES, head, 0.0) == SIDE
    near, far = head.move(0, 6), head.move(0, 20)
    for step in range(20):
        assert seat.choose(PLACES, near, 1 + step) == SIDE, "one pixel away is not off"
    assert seat.choose(PLACES, far, 30.0) == SIDE
    assert seat.choose(PLACES, far, 30.1 + PATIENCE) == TOP
