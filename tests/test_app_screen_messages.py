"""What is said over the picture, and where: off the head where it can be. And the outline where to stand."""

from __future__ import annotations

import numpy as np
import pygame
import pytest

from mirror.app.screen import View
from mirror.app.screen.design import CALM, WIDE, px, unit_of
from mirror.app.screen.free_placement import PATIENCE
from mirror.app.screen.messages import MESSAGE_STAYS, Lines, Room
from mirror.app.screen.standing_outline import Stand
from mirror.app.screen.style_strip import free_of
from mirror.app.screen.typeface import speak
from mirror.pipeline.worn_style import ILLUSTRATION as MARK
from mirror.translation.catalogue import Words

NOTHING = pygame.Rect(0, 0, 0, 0)
SIZES = [(1280, 720), (1920, 1080), (1080, 1920), (500, 400)]
GREY = 120


def pixels(surface: pygame.Surface) -> np.ndarray:
    return pygame.surfarray.array3d(surface).transpose(1, 0, 2)


def said(lines: Lines, view: View, room: Room, now: float) -> tuple[pygame.Rect, np.ndarray]:
    """Where they say they are, and the pixels that changed."""
    screen = pygame.Surface((room.free.right, room.free.bottom), 0, 32)
    screen.fill((GREY, GREY, GREY))
    place = lines.draw(screen, view, False, room, now)
    return place, (pixels(screen) != GREY).any(-1)


def room_of(size: tuple[int, int], head: pygame.Rect | None, rail: pygame.Rect = NOTHING) -> Room:
    return Room(free_of(size), unit_of(size), rail, head)


def shares(size: tuple[int, int], left: float, top: float, right: float, bottom: float) -> pygame.Rect:
    (width, height), (wide, tall) = size, (right - left, bottom - top)
    return pygame.Rect(round(left * width), round(top * height), round(wide * width), round(tall * height))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "head",
    [(0.33, 0.05, 0.67, 0.52), (0.02, 0.02, 0.5, 0.6), (0.5, 0.02, 0.98, 0.6), (0.0, 0.0, 1.0, 0.5)],
    ids=["middle", "left", "right", "wide"],
)
def test_the_mark_never_lies_over_the_head_where_it_can_lie_elsewhere(
    size: tuple[int, int], head: tuple[float, float, float, float]
) -> None:
    box = shares(size, *head)
    place, changed = said(Lines(), View(mark=MARK), room_of(size, box), 0.0)
    assert changed.any()
    assert not changed[box.top : box.bottom, box.left : box.right].any(), place
    assert changed[place.top : place.bottom, place.left : place.right].sum() == changed.sum()


@pytest.mark.parametrize("size", SIZES)
def test_without_a_head_it_stands_in_the_middle_above(size: tuple[int, int]) -> None:
    place, _ = said(Lines(), View(mark=MARK), room_of(size, None), 0.0)
    assert abs(place.centerx - free_of(size).centerx) <= 1 and place.top == px(unit_of(size), WIDE)


def test_it_keeps_off_the_buttons_and_the_strip() -> None:
    size = (1280, 720)
    rail = pygame.Rect(16, 40, 104, 440)
    left, _ = said(Lines(), View(mark=MARK), room_of(size, pygame.Rect(500, 0, 700, 500), rail), 0.0)
    assert not left.colliderect(rail) and left.right < 500
    level = pygame.Rect(200, 420, 800, 50)
    below, _ = said(Lines(), View(mark=MARK), room_of(size, pygame.Rect(0, 0, 1280, 300), level), 0.0)
    assert below.bottom < level.top
    below, _ = said(Lines(), View(mark=MARK), room_of(size, pygame.Rect(0, 0, 1280, 300)), 0.0)
    assert below.top > 300 and free_of(size).contains(below)


def test_in_a_language_from_the_right_it_begins_at_the_right() -> None:
    size, head = (1280, 720), pygame.Rect(450, 0, 300, 500)
    left, _ = said(Lines(), View(mark=MARK), room_of(size, head), 0.0)
    speak(Words("ar"))
    try:
        right, _ = said(Lines(), View(mark=MARK), room_of(size, head), 0.0)
    finally:
        speak(Words("en"))
    assert left.right < head.left and right.left > head.right


def test_in_a_narrow_room_it_keeps_off_the_buttons() -> None:
    rail = pygame.Rect(10, 24, 97, 199)
    place, _ = said(
        Lines(),
        View(mark=MARK),
        Room(pygame.Rect(0, 0, 280, 400), 0.6, rail, pygame.Rect(160, 110, 100, 150)),
        0.0,
    )
    assert not place.colliderect(rail)


def test_a_message_does_not_move_the_mark() -> None:
    size, head = (1280, 720), pygame.Rect(300, 90, 600, 400)
    lines = Lines()
    alone, _ = said(lines, View(mark=MARK), room_of(size, head), 0.0)
    for step in range(10):
        view = View(mark=MARK, message="Saved to Pictures")
        both, _ = said(lines, view, room_of(size, head), 0.1 + step * PATIENCE / 4)
        assert both.top == alone.top and both.height > alone.height


def test_a_message_goes_and_what_was_said_is_forgotten() -> None:
    lines, room = Lines(), room_of((1280, 720), None)
    assert said(lines, View(message="Saved"), room, 0.0)[1].any()
    assert said(lines, View(), room, MESSAGE_STAYS - 0.1)[1].any()
    assert not said(lines, View(), room, MESSAGE_STAYS + 0.1)[1].any()
    said(lines, View(message="Saved again"), room, 10.0)
    lines.forget()
    assert not said(lines, View(), room, 10.1)[1].any()


def outlined(stand: Stand, size: tuple[int, int], wanted: bool, now: float, ground: int) -> np.ndarray:
    screen = pygame.Surface(size, 0, 32)
    screen.fill((ground, ground, ground))
    stand.draw(screen, pygame.Rect((0, 0), size), wanted, now)
    return pixels(screen).astype(int)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ground", [20, 128, 235])
def test_the_outline_of_a_head_is_seen_on_every_wall(size: tuple[int, int], ground: int) -> None:
    stand = Stand()
    for step in range(10):
        shown = outlined(stand, size, True, step / 10, ground)
    apart = np.abs(shown - ground).max(-1) > 40
    rows, columns = np.nonzero(apart)
    width, height = size
    assert abs(columns.min() + columns.max() - width) <= 4, "in the middle"
    assert 0.05 * height < rows.min() and rows.max() > 0.8 * height
    brow = apart[round(0.4 * height)]
    assert brow[: width // 2].any() and brow[width // 2 :].any(), "both sides of a head"
    assert not apart[round(0.4 * height), round(0.47 * width) : round(0.53 * width)].any(), (
        "nothing in the face"
    )


def test_it_comes_and_goes_softly_and_leaves_nothing() -> None:
    stand, size = Stand(), (320, 180)
    strength = [np.abs(outlined(stand, size, True, t, 20) - 20).sum() for t in (0.1, 0.2, 0.2 + CALM, 1.0)]
    assert strength[0] < strength[1] < strength[2] <= strength[3]
    for step in range(10):
        last = outlined(stand, size, False, 1.0 + step * CALM / 4, 20)
    assert (last == 20).all()
