"""What lies over a visitor's picture: it fades when nobody touches it, and keeps off chin and hair."""

from __future__ import annotations

from typing import Any

import pygame
import pytest

from mirror.app.kiosk.auto_hide import RESTS
from mirror.app.kiosk.scene import Scene
from mirror.app.screen import View
from mirror.app.screen.design import CALM as FADE_OUT
from mirror.app.screen.free_placement import hidden
from mirror.app.screen.style_strip import HOLD
from mirror.app.touch import layout
from mirror.translation.catalogue import languages
from tests.kiosk_fakes import WHITE, noted_lines
from tests.test_app_kiosk_try_on import MARK, draw, finger, labels, lost, press, touch, tried
from tests.test_app_screen_panels import pixels

pytestmark = pytest.mark.usefixtures("unseen_video")

GONE = HOLD + FADE_OUT
VIEW = View(image=WHITE)


def places(scene: Scene) -> dict[str, pygame.Rect]:
    buttons = scene.machine.state._buttons  # type: ignore[attr-defined]
    return {name: button.rect.copy() for name, button in buttons._buttons.items()}


def seen(scene: Scene, view: View, now: float, name: str = "next") -> bool:
    """Whether a button is to be seen on a white picture."""
    screen = pygame.Surface(scene.window.size, 0, 32)
    screen.fill((255, 255, 255))
    scene.draw(screen, view, 1.0, now)
    (dx, dy), spot = layout.shift(now), places(scene)[name]
    shown = pixels(screen)[spot.top + dy : spot.bottom + dy, spot.left + dx : spot.right + dx]
    return bool(shown.mean() < 200)


@pytest.mark.parametrize("size", [(1280, 720), (1080, 1920), (1920, 1080)])
def test_buttons_fade_after_three_seconds_and_a_touch_brings_them_back(size: tuple[int, int]) -> None:
    scene, _ = tried(size)
    assert seen(scene, VIEW, 0.0) and seen(scene, VIEW, HOLD - 0.1)
    assert not seen(scene, VIEW, GONE + 0.1)
    assert finger_at(scene, "next", GONE + 1) is True, "the first touch shows them and presses none"
    assert scene.machine.name == "try" and seen(scene, VIEW, GONE + 1.1)
    assert seen(scene, VIEW, GONE + 1 + HOLD - 0.1) and not seen(scene, VIEW, 2 * GONE + 1.1)


def finger_at(scene: Scene, name: str, now: float) -> Any:
    dx, dy = layout.shift(now)
    x, y = places(scene)[name].center
    heard = [
        scene.hear(pygame.event.Event(kind, button=1, pos=(x + dx, y + dy)), now)
        for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP)
    ]
    pressed = [event for event in pygame.event.get() if hasattr(event, "ui_element")]
    return True if heard[0] is True and not pressed else heard


def test_a_finger_that_holds_keeps_them() -> None:
    scene, _ = tried()
    draw(scene, VIEW, 0.0)
    finger(scene, pygame.MOUSEBUTTONDOWN, places(scene)["own"].center)
    assert seen(scene, VIEW, 30.0)
    finger(scene, pygame.MOUSEBUTTONUP, (5, 600))
    assert seen(scene, VIEW, 30.0 + HOLD - 0.1) and not seen(scene, VIEW, 30.0 + GONE + 0.1)


def test_the_slider_fades_too_and_its_step_joins_the_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = noted_lines(monkeypatch)
    scene, _ = tried()
    draw(scene, VIEW)
    press(scene, "loss")
    view = lost(-0.5, "Norwood IV")
    draw(scene, view, HOLD - 0.1)
    assert scene.words("loss_bald") in dict(lines)
    lines.clear()
    draw(scene, view, GONE + 0.1)
    assert scene.words("loss_bald") not in dict(lines)
    assert any(line.startswith("Norwood IV") for line, _ in lines)
    assert scene.words("illustration") in dict(lines)


def test_comparing_two_fades_its_buttons_and_four_does_not() -> None:
    scene, _ = tried()
    scene.machine.go("compare", 0.0)
    assert seen(scene, VIEW, HOLD - 0.1, "back") and not seen(scene, VIEW, GONE + 0.1, "back")
    touch(scene, (640, 300))
    assert scene.machine.name == "compare"


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    ("size", "head"),
    [
        ((1280, 720), (400, 60, 480, 460)),
        ((1280, 720), (20, 60, 560, 500)),
        ((1280, 720), (700, 60, 560, 500)),
        ((1080, 1920), (200, 330, 680, 1000)),
        ((1080, 1920), (140, 620, 800, 900)),
        ((1920, 1080), (60, 100, 800, 800)),
    ],
)
def test_neither_buttons_nor_the_mark_lie_over_the_head_where_there_is_room(
    size: tuple[int, int], head: tuple[int, int, int, int], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spots = noted_lines(monkeypatch)
    scene, _ = tried(size)
    scene.words.choose(language)
    there = scene.window.head = pygame.Rect(head)
    view = View(image=WHITE, mark=MARK)
    for step in range(20):
        draw(scene, view, step * 0.1)
    spots.clear()
    draw(scene, view, RESTS + 0.5)
    glass = scene.window.glass
    seen = there if glass is None else there.clip(glass)  # the picture keeps to that part
    assert (glass is not None) == (size[1] > size[0]), (
        "a picture fills a screen that lies, where there is room"
    )
    for name, spot in places(scene).items():
        assert hidden(spot, [seen]) == 0, f"{name} lies over the head"
    (mark,) = [spot for words, spot in spots if words == scene.words("illustration")]
    assert hidden(mark, [seen]) == 0 and not any(mark.colliderect(spot) for spot in places(scene).values())


def test_buttons_do_not_move_under_a_finger() -> None:
    scene, _ = tried()
    scene.window.head = None
    draw(scene, VIEW, 0.0)
    before = places(scene)
    scene.window.head = pygame.Rect(20, 60, 560, 500)
    touch(scene, (640, 20))
    draw(scene, VIEW, RESTS - 0.1)
    assert places(scene) == before
    draw(scene, VIEW, RESTS + 0.1)
    assert places(scene)["previous"].left > 580 and labels(scene) == set(before)
