"""Side by side: cells as they are read, paged, chosen, and what is still to come."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pygame
import pytest

from mirror.app.screen import PickStyle, ShowGrid, Trying, View
from mirror.app.screen.design import ACCENT, TOUCH, px
from mirror.app.screen.panels.style_grid import Grid
from mirror.app.screen.typeface import speak
from mirror.hair.styles.likeness import appearance, by_likeness
from mirror.translation.catalogue import Words
from tests.panel_events import Glass, down, key, pixels
from tests.tryon_fakes import NAMES, THUMBNAILS

RNG = np.random.default_rng(3)


def test_tab_turns_a_grid_to_the_next_group() -> None:
    grid = Grid(Glass())
    tags = (("short",),) * 5 + (("long",),) * 6 + (("bald",),)
    tiles = tuple((f"style {number}", np.zeros((4, 4, 3), np.uint8)) for number in range(12))
    view = View(image=np.zeros((4, 4, 3), np.uint8), thumbnails=tiles, tags=tags, style_number=1)
    grid.draw(pygame.Surface((100, 100), 0, 32), view, 1.0, 0.0)
    assert grid.hear(key(pygame.K_g), 0.0) == ShowGrid((1, 2, 3, 4))
    assert grid.hear(key(pygame.K_TAB), 0.0) == ShowGrid((5, 6, 7, 8))
    assert grid.hear(key(pygame.K_TAB), 0.0) == ShowGrid((11, 0, 1, 2))
    assert grid.hear(key(pygame.K_TAB, pygame.KMOD_LSHIFT), 0.0) == ShowGrid((5, 6, 7, 8))
    grid.among = (2, 3, 8, 9, 11)
    assert grid.again(0.0) == ShowGrid((2, 3, 8, 9))
    assert grid.hear(key(pygame.K_TAB), 0.0) == ShowGrid((8, 9, 11, 2)), "of the styles that are left"


@pytest.mark.parametrize("mirrored", [False, True])
def test_cells_that_are_still_to_come_are_veiled_with_a_ring_that_says_how_far_all_are(
    mirrored: bool,
) -> None:
    """They showed the visitor's own hair under another style's name."""
    screen = pygame.Surface((640, 360), 0, 32)
    glass = Glass()
    glass.where, glass.mirrored = screen.get_rect(), mirrored
    grid = Grid(glass)
    tiles = tuple((f"style {number}", np.zeros((4, 4, 3), np.uint8)) for number in range(8))
    view = View(image=np.zeros((4, 4, 3), np.uint8), thumbnails=tiles, style_number=0)
    grid.draw(screen, view, 1.0, 0.0)
    asked = grid.hear(key(pygame.K_g), 0.0)
    assert isinstance(asked, ShowGrid)
    view = replace(view, image=np.ones((4, 4, 3), np.uint8), trying=Trying(grid=asked.numbers), coming=(1,))
    screen.fill((200, 200, 200))
    grid.draw(screen, view, 1.0, 0.0)
    shown = pixels(screen)
    for place, (spot, _) in enumerate(grid.cells()):
        ground = shown[spot.top + 100, spot.left + 20].mean()
        middle = shown[spot.centery - 24 : spot.centery + 24, spot.centerx - 24 : spot.centerx + 24]
        bright = (np.abs(middle.astype(int) - ACCENT).max(-1) < 12).sum()
        if place == 1:
            assert ground < 100 and bright > 60, "veiled, and three of four are there"
        else:
            assert ground == 200 and bright == 0
    again = pixels(screen).copy()
    screen.fill((200, 200, 200))
    grid.draw(screen, view, 1.0, 5.0)
    assert np.array_equal(pixels(screen), again), "nothing moves by itself"


def grid_view(grid: tuple[int, ...], number: int = 0) -> View:
    return View(
        np.full((480, 640, 3), 90, np.uint8), "bob", number, THUMBNAILS, trying=Trying(grid=grid),
        before=np.zeros((480, 640, 3), np.uint8),
    )  # fmt: skip


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_grid_reads_from_left_to_right_on_the_screen(mirrored: bool) -> None:
    glass, screen = Glass(mirrored), pygame.Surface((640, 480), 0, 32)
    grid = Grid(glass)
    grid.draw(screen, grid_view((), 5), 0.667, 0.0)
    wish = grid.hear(key(pygame.K_g), 0.0)
    assert isinstance(wish, ShowGrid) and sorted(wish.numbers) == [5, 6, 7, 8]
    grid.draw(screen, grid_view(wish.numbers), 0.667, 0.1)
    on_screen = sorted((spot.top, spot.left, number) for spot, number in grid.cells())
    assert [number for *_, number in on_screen] == [5, 6, 7, 8]
    assert grid.hear(down(400, 100), 0.2) == PickStyle(6)
    assert not grid.open


def test_g_shows_four_nine_and_one_and_the_arrows_page_round() -> None:
    grid, screen = Grid(Glass()), pygame.Surface((640, 480), 0, 32)
    grid.draw(screen, grid_view((), 0), 0.667, 0.0)
    assert grid.hear(key(pygame.K_RIGHT), 0.0) is None, "the keys are others' while there is no grid"
    asked = []
    for code in (pygame.K_g, pygame.K_g, pygame.K_RIGHT, pygame.K_LEFT, pygame.K_LEFT, pygame.K_g):
        wish = grid.hear(key(code), 0.0)
        assert isinstance(wish, ShowGrid)
        asked.append(wish.numbers)
        grid.draw(screen, grid_view(wish.numbers), 0.667, 0.0)
    assert asked[0] == (0, 1, 2, 3)
    assert asked[1] == asked[3] == tuple(range(9))
    assert asked[2] == tuple(n % len(NAMES) for n in range(9, 18))
    assert asked[4] == tuple(n % len(NAMES) for n in range(-9, 0))
    assert asked[5] == () and not grid.open


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_digit_takes_the_cell_of_that_place_as_it_is_read(mirrored: bool, language: str) -> None:
    speak(Words(language))
    try:
        grid, screen = Grid(Glass(mirrored)), pygame.Surface((640, 480), 0, 32)
        grid.draw(screen, grid_view((), 0), 0.667, 0.0)
        wish = grid.hear(key(pygame.K_g), 0.0)
        assert isinstance(wish, ShowGrid)
        assert grid.hear(key(pygame.K_2), 0.0) is None, "nothing is there yet that has a place"
        grid.draw(screen, grid_view(wish.numbers), 0.667, 0.1)
        assert grid.hear(key(pygame.K_5), 0.2) is None
        # The second one that is read: beside the first, on the right, or on the left.
        across = 400 if language == "en" else 100
        second = next(number for spot, number in grid.cells() if spot.collidepoint(across, 100))
        assert grid.hear(key(pygame.K_2), 0.2) == PickStyle(second) and not grid.open
    finally:
        speak(Words("en"))


def test_more_like_this_shows_what_looks_like_the_style_that_is_worn() -> None:
    grid, screen = Grid(Glass()), pygame.Surface((640, 480), 0, 32)
    grid.draw(screen, grid_view((), 5), 0.667, 0.0)
    wish = grid.hear(key(pygame.K_g, pygame.KMOD_LSHIFT), 0.0)
    assert isinstance(wish, ShowGrid) and len(wish.numbers) == 9 and wish.numbers[0] == 5
    expected = by_likeness(appearance([one for _, one in THUMBNAILS], ()), 5)[:9]
    assert wish.numbers == expected
    grid.draw(screen, grid_view(wish.numbers, 5), 0.667, 0.1)
    other = grid._other
    assert other.height >= px(0.667, TOUCH) - 1
    book = grid.hear(down(*other.center), 0.2)
    assert isinstance(book, ShowGrid) and book.numbers == tuple(n % len(THUMBNAILS) for n in range(5, 14)), (
        "all styles, from it on"
    )
    grid.draw(screen, grid_view(book.numbers, 5), 0.667, 0.3)
    again = grid.hear(down(*grid._other.center), 0.4)
    assert again == wish, "by mouse and touch as well"
    grid.draw(screen, grid_view(wish.numbers, 5), 0.667, 0.5)
    assert grid.hear(key(pygame.K_g, pygame.KMOD_LSHIFT), 0.6) == ShowGrid(()) and not grid.open
    opened = grid.hear(key(pygame.K_g), 0.7)
    assert opened == ShowGrid((5, 6, 7, 8)), "G is the book's order again"


def test_more_like_this_keeps_to_the_favourites_where_only_those_are_shown() -> None:
    grid, screen = Grid(Glass()), pygame.Surface((640, 480), 0, 32)
    grid.draw(screen, grid_view((), 5), 0.667, 0.0)
    grid.among = (2, 3, 8)
    wish = grid.hear(key(pygame.K_g, pygame.KMOD_LSHIFT), 0.0)
    assert isinstance(wish, ShowGrid) and set(wish.numbers) == {2, 3, 5, 8}
    grid.hear(key(pygame.K_g, pygame.KMOD_LSHIFT), 0.0)
    grid.among = (5,)
    assert grid.hear(key(pygame.K_g, pygame.KMOD_LSHIFT), 0.0) is True


def test_a_grid_that_the_mirror_left_is_closed_here_too() -> None:
    grid, screen = Grid(Glass()), pygame.Surface((640, 480), 0, 32)
    grid.draw(screen, grid_view(()), 0.667, 0.0)
    grid.hear(key(pygame.K_g), 0.0)
    grid.draw(screen, grid_view(()), 0.667, 1.0)
    assert grid.open, "it may still be on its way"
    grid.draw(screen, grid_view(()), 0.667, 5.0)
    assert not grid.open


def test_a_picture_turned_round_asks_for_the_cells_anew() -> None:
    glass, screen = Glass(), pygame.Surface((640, 480), 0, 32)
    grid = Grid(glass)
    grid.draw(screen, grid_view(()), 0.667, 0.0)
    grid.hear(key(pygame.K_g), 0.0)
    assert grid.again(0.0) is None
    glass.mirrored = True
    assert grid.again(0.0) == ShowGrid((1, 0, 3, 2))
