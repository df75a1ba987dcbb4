"""Key focus: every control is reached by keys, in the window's panels and in a kiosk."""

from __future__ import annotations

import pygame
import pytest

from mirror.app.screen.design import INK
from mirror.app.screen.key_focus import Item, KeyFocus
from mirror.app.screen.typeface import speak
from mirror.translation.catalogue import Words


def key(code: int, mod: int = 0) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod)


@pytest.fixture
def focus() -> tuple[KeyFocus, list[object]]:
    told: list[object] = []
    made = KeyFocus()
    made.offer([
        Item("first", pygame.Rect(10, 10, 60, 40), press=lambda: told.append("first")),
        Item("slider", pygame.Rect(10, 60, 60, 40), adjust=told.append),
        Item("last", pygame.Rect(10, 110, 60, 40), press=lambda: told.append("last")),
    ])  # fmt: skip
    return made, told


def test_tab_goes_round_and_enter_presses(focus):
    made, told = focus
    assert not made.hear(key(pygame.K_RETURN)) and made.at is None, "before Tab the keys are for others"
    assert made.hear(key(pygame.K_TAB)) and made.at == "first"
    made.hear(key(pygame.K_RETURN))
    made.hear(key(pygame.K_TAB, pygame.KMOD_LSHIFT))
    made.hear(key(pygame.K_RETURN))
    made.hear(key(pygame.K_TAB))
    assert made.at == "first" and told == ["first", "last"]


def test_arrows_move_a_slider_and_are_otherwise_for_others(focus):
    made, told = focus
    made.hear(key(pygame.K_TAB))
    assert not made.hear(key(pygame.K_RIGHT)), "on a button an arrow is for what lies beneath"
    made.hear(key(pygame.K_TAB))
    for code in (pygame.K_RIGHT, pygame.K_UP, pygame.K_LEFT):
        assert made.hear(key(code))
    assert told == [1, 1, -1]
    speak(Words("ar"))
    try:
        made.hear(key(pygame.K_LEFT))
        assert told[-1] == 1, "more lies where lines go"
    finally:
        speak(Words("en"))


def test_a_ring_shows_it_and_a_touch_or_its_end_takes_it_away(focus):
    made, _ = focus
    screen = pygame.Surface((100, 200), 0, 32)
    made.draw(screen, 1.0)
    assert screen.get_bounding_rect().size != (0, 0)
    before = pygame.surfarray.array3d(screen).copy()
    made.hear(key(pygame.K_TAB))
    made.draw(screen, 1.0)
    lit = (pygame.surfarray.array3d(screen) == INK).all(-1)
    assert lit.any() and not (before == INK).all(-1).any()
    made.hear(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(0, 0)))
    assert made.at is None
    made.hear(key(pygame.K_TAB))
    made.offer([Item("other", pygame.Rect(0, 0, 9, 9))])
    assert made.at is None
