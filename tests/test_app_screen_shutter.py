"""The countdown, the flash and the pictures that wait: what they show, and which keys they take."""

from __future__ import annotations

import numpy as np
import pygame
import pytest

from mirror.app.screen import Action, View
from mirror.app.screen.design import unit_of
from mirror.app.screen.shutter import FLASH_SECONDS, FLASHES_APART, Shutter
from mirror.app.screen.unsaved_pictures import Waiting

SIZES = [(1280, 720), (640, 480), (320, 240), (1080, 1920)]


def press(key: int) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=key, scancode=0, mod=0)


def drawn(panel: Shutter | Waiting, now: float, size: tuple[int, int] = (1280, 720)) -> np.ndarray:
    """uint8 (H, W, 3) RGB of a panel on a grey picture."""
    screen = pygame.Surface(size, 0, 32)
    screen.fill((128, 128, 128))
    panel.draw(screen, View(), unit_of(size), now)
    return pygame.surfarray.array3d(screen).transpose(1, 0, 2)


def changed(picture: np.ndarray) -> np.ndarray:
    return (picture != 128).any(-1)


def test_it_counts_down_and_then_the_moment_comes_once() -> None:
    shutter = Shutter()
    assert shutter.due(0.0) is None and not changed(drawn(shutter, 0.0)).any()
    shutter.begin(Action.CARD, 10.0, 3.0)
    figures = [drawn(shutter, at) for at in (10.0, 10.9, 11.1, 12.5)]
    assert np.array_equal(figures[0], figures[1])
    assert (figures[0] != figures[2]).any() and (figures[2] != figures[3]).any(), "3, 2, 1"
    assert shutter.counting and shutter.due(12.99) is None
    assert shutter.due(13.0) is Action.CARD
    assert shutter.due(13.1) is None and not shutter.counting
    assert not changed(drawn(shutter, 13.0)).any()
    shutter.begin(Action.CARD, 20.0, 0.0)
    assert shutter.due(20.0) is Action.CARD, "no countdown: at once"


@pytest.mark.parametrize("size", SIZES)
def test_the_figure_is_large_leaves_the_face_free_and_can_be_read_on_white(size: tuple[int, int]) -> None:
    shutter = Shutter()
    shutter.begin(Action.SNAPSHOT, 0.0, 3.0)
    picture = drawn(shutter, 0.5, size)
    where = changed(picture)
    rows, columns = np.nonzero(where)
    assert columns.max() < size[0] and rows.max() - rows.min() > min(size) * 0.15
    middle = slice(round(size[0] * 0.3), round(size[0] * 0.66))
    assert not where[:, middle].any()
    light = (picture > 225).all(-1)
    lines = np.flatnonzero(light.any(1))
    figure = np.split(lines, np.flatnonzero(np.diff(lines) > 1) + 1)[0]
    assert len(figure) > 0.1 * min(size), "a large light figure"
    assert (picture[where] < 80).all(-1).sum() > light.sum(), "on dark"


def test_escape_or_its_own_key_cancel_and_other_keys_are_not_taken() -> None:
    for key in (pygame.K_ESCAPE, pygame.K_s):
        shutter = Shutter()
        assert shutter.hear(press(key), 0.0) is None, "nothing to cancel"
        shutter.begin(Action.SNAPSHOT, 0.0, 3.0)
        assert shutter.hear(press(pygame.K_RIGHT), 1.0) is None
        assert shutter.hear(press(pygame.K_v), 1.0) is None
        assert shutter.hear(pygame.event.Event(pygame.KEYUP, key=key), 1.0) is None
        assert shutter.hear(press(key), 1.0) is True
        assert shutter.due(5.0) is None and not changed(drawn(shutter, 1.1)).any()


def test_a_touch_of_the_figure_cancels_it_where_that_is_said() -> None:
    def touch(x: int, y: int) -> pygame.event.Event:
        return pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(x, y), button=1)

    shutter = Shutter()
    shutter.begin(Action.SNAPSHOT, 0.0, 3.0)
    rows, columns = np.nonzero(changed(drawn(shutter, 0.5)))
    at = round(columns.mean()), round(rows.mean())
    assert shutter.hear(touch(20, 20), 1.0) is None
    assert shutter.hear(touch(*at), 1.0) is True and not shutter.counting
    shutter.hint = ""
    shutter.begin(Action.SNAPSHOT, 5.0, 3.0)
    drawn(shutter, 5.5)
    assert shutter.hear(touch(*at), 6.0) is None and shutter.counting


def test_on_an_upright_screen_the_figure_keeps_off_the_head() -> None:
    head = pygame.Rect(100, 380, 980, 900)
    shutter = Shutter(head=lambda: head)
    shutter.begin(Action.SNAPSHOT, 0.0, 3.0)
    where = changed(drawn(shutter, 0.5, (1080, 1920)))
    assert where.any() and not where[head.top : head.bottom, head.left : head.right].any()


def test_one_flash_that_fades_and_no_second_one_soon() -> None:
    shutter = Shutter()
    shutter.flash(10.0)
    seen = [float(drawn(shutter, 10.0 + t).mean()) for t in np.linspace(0, FLASH_SECONDS, 8)]
    assert seen[0] > 220 and seen == sorted(seen, reverse=True) and seen[-1] == 128
    shutter.flash(10.0 + FLASHES_APART * 0.9)
    assert drawn(shutter, 10.0 + FLASHES_APART * 0.9).mean() == 128, "two flashes in a second"
    shutter.flash(10.0 + FLASHES_APART)
    assert drawn(shutter, 10.0 + FLASHES_APART).mean() > 220
    assert FLASHES_APART >= 1 / 3, "three in a second are dangerous (WCAG 2.3.1)"


def test_what_is_being_made_is_said_in_the_corner() -> None:
    shutter = Shutter()
    shutter.making = "Painting style 2 of 4"
    calm = drawn(shutter, 0.0)
    rows, columns = np.nonzero(changed(calm))
    assert rows.max() < 100 and columns.min() > 800
    shutter.recording = True
    red = drawn(shutter, 0.0).astype(int)
    assert ((red[..., 0] - red[..., 1:].max(-1)) > 100).sum() > 40, "a red dot"
    assert not ((calm[..., 0].astype(int) - calm[..., 1]) > 100).any()


@pytest.mark.parametrize("size", SIZES)
def test_waiting_pictures_are_told_beside_the_face(size: tuple[int, int]) -> None:
    waiting = Waiting(lambda: (2, "the pictures folder cannot be made"))
    where = changed(drawn(waiting, 0.0, size))
    rows, columns = np.nonzero(where)
    assert where.any() and rows.min() > 0 and columns.min() > 0 and columns.max() < size[0] - 1
    assert rows.max() < size[1] * 0.75
    if size[0] >= 1280:
        assert columns.min() > size[0] * 0.6


def test_enter_and_delete_are_taken_only_while_pictures_wait() -> None:
    count = 0
    waiting = Waiting(lambda: (count, "the disk is full"))
    assert waiting.hear(press(pygame.K_RETURN), 0.0) is None and not changed(drawn(waiting, 0.0)).any()
    count = 1
    assert waiting.hear(press(pygame.K_RETURN), 0.0) is Action.TRY_AGAIN
    assert waiting.hear(press(pygame.K_KP_ENTER), 0.0) is Action.TRY_AGAIN
    assert waiting.hear(press(pygame.K_DELETE), 0.0) is Action.LET_GO
    assert waiting.hear(press(pygame.K_BACKSPACE), 0.0) is Action.LET_GO
    assert waiting.hear(press(pygame.K_RIGHT), 0.0) is None
    assert waiting.hear(pygame.event.Event(pygame.KEYUP, key=pygame.K_RETURN), 0.0) is None
