"""In a small window the picture makes room for a panel, so that face and hair stay to be seen."""

from __future__ import annotations

from typing import Any

import pygame
import pytest

from mirror.app.screen.panels.picture_aside import Aside
from mirror.app.screen.typeface import speak
from mirror.translation.catalogue import Words

SIZE, PANEL, RAIL = (500, 400), pygame.Rect(279, 50, 211, 300), pygame.Rect(10, 20, 63, 360)
HEAD, NONE = pygame.Rect(150, 60, 200, 300), pygame.Rect(0, 0, 0, 0)


def settled(
    aside: Aside, panel: pygame.Rect, head: pygame.Rect | None, begin: float = 0.0, **given: Any
) -> pygame.Rect | None:
    size, rail = given.get("size", SIZE), given.get("rail", RAIL)
    glass = None
    for step in range(12):
        glass = aside.glass(size, panel, rail, head, begin + 0.1 * step)
    return glass


def test_where_a_panel_hides_the_head_the_picture_lies_between_it_and_the_buttons() -> None:
    aside = Aside()
    assert settled(aside, NONE, HEAD) is None
    glass = settled(aside, PANEL, HEAD, 2.0)
    assert glass is not None and glass.height == 400
    assert not glass.colliderect(PANEL) and not glass.colliderect(RAIL) and glass.width > 0.3 * SIZE[0]
    beside = pygame.Rect(90, 60, 170, 300)  # where the head lies from then on
    assert settled(aside, PANEL, beside, 4.0) == glass, "it stays as long as the panel is open"
    assert settled(aside, NONE, beside, 6.0) is None


def test_it_comes_and_goes_little_by_little() -> None:
    aside, wide = Aside(), []
    aside.glass(SIZE, NONE, RAIL, HEAD, 0.0)
    for step in range(1, 20):
        glass = aside.glass(SIZE, PANEL, RAIL, HEAD, 0.03 * step)
        assert glass is not None
        wide.append(glass.width)
    assert wide == sorted(wide, reverse=True) and len(set(wide)) > 5 and wide[-1] == wide[-2]


@pytest.mark.parametrize("head", [None, pygame.Rect(60, 60, 200, 300)])
def test_who_is_not_hidden_is_not_moved(head: pygame.Rect | None) -> None:
    assert settled(Aside(), PANEL, head) is None


def test_an_upright_window_has_panels_below_the_face() -> None:
    assert (
        settled(Aside(), pygame.Rect(0, 300, 400, 200), pygame.Rect(50, 50, 300, 400), size=(400, 500))
        is None
    )


def test_where_buttons_leave_too_little_they_lie_over_the_picture() -> None:
    glass = settled(Aside(), PANEL, HEAD, rail=pygame.Rect(10, 20, 130, 360))
    assert glass is not None and glass.left == 0 and glass.right < PANEL.left


def test_from_the_right_it_is_turned_round() -> None:
    pygame.font.init()
    speak(Words("ar"))
    try:
        panel, rail = (pygame.Rect(500 - one.right, *one[1:]) for one in (PANEL, RAIL))
        glass = settled(Aside(), panel, HEAD, rail=rail)
    finally:
        speak(Words("en"))
    assert glass is not None and panel.right < glass.left < glass.right < rail.left
