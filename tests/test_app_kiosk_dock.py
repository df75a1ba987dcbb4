"""Nothing lies over chin and hair of a kiosk's visitor, however near they stand, on any screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pygame
import pygame_gui
import pytest

from mirror.app.kiosk.attract import IdleContent
from mirror.app.kiosk.auto_hide import RESTS
from mirror.app.kiosk.scene import Scene
from mirror.app.screen import Trying, View, Window, window
from mirror.app.screen.design import CALM
from mirror.app.screen.style_strip import HOLD
from mirror.core.face import Face
from mirror.hair.styles.suggestions import Suggestion
from mirror.pipeline.distance_check import CLOSER
from mirror.settings.options import Settings
from mirror.translation.catalogue import Words, languages
from tests.kiosk_fakes import FakeVisit, noted_lines
from tests.test_app_screen_upright_crop import face

pytestmark = pytest.mark.usefixtures("unseen_window")

SIZES = [(1280, 720), (1080, 1920), (1920, 1080), (1280, 1024), (500, 400), (600, 900)]
# Of a camera's picture, 1280 by 720: the middle of a face, how high it is, and how wide its hair.
NEAR, LONG, AFRO, ASIDE = (
    (640, 370, 310, 480),
    (640, 370, 310, 300),
    (640, 380, 300, 680),
    (330, 340, 250, 420),
)
MARK = "illustration, not a prediction"


@pytest.fixture
def unseen_window(unseen_video: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that nobody sees can be larger than its screen, and has no pointer."""
    monkeypatch.setattr(window, "within_desktop", lambda size: size)
    monkeypatch.setattr(pygame.mouse, "set_cursor", lambda *_: None)


class Glass:
    """A kiosk in a real window of a display that nobody sees, with somebody before it."""

    def __init__(self, size: tuple[int, int], person: tuple[int, int, int, int], language: str) -> None:
        x, y, tall, wide = person
        self.now = 0.0
        self.window = Window("Hair Mirror", size, words=Words(language), clock=lambda: self.now)
        self.visit = FakeVisit()
        grey = np.full((64, 64, 3), 90, np.uint8)
        tiles = tuple((f"Style {n}", grey) for n in range(30))
        given = Settings(language=language, suggest=True)
        content = IdleContent(tiles)
        self.scene = Scene(self.window, self.visit, given, content, clock=lambda: self.now)  # type: ignore[arg-type]
        for signal in ("touched", "agreed"):
            self.scene.machine.go(signal, 0.0)
        self.visit.show()
        self.there: Face = face(x, y, tall)
        head = (x - wide / 2, max(0.0, y - 0.95 * tall), x + wide / 2, 720.0 if wide < 600 else y + tall)
        picture = np.full((720, 1280, 3), 255, np.uint8)
        self.view = View(
            picture, "Style 3", 3, tiles, face=self.there, head=head,
            tags=(("long",),) * len(tiles), suggestions=(Suggestion("because", (1, 2, 3)),),
        )  # fmt: skip

    def run(self, frames: int, seconds: float = 0.1) -> None:
        for _ in range(frames):
            self.now += seconds
            self.window.show(self.view)

    def press(self, name: str) -> None:
        button = self.scene.machine.state._buttons._buttons[name]  # type: ignore[attr-defined]
        event = pygame.event.Event(pygame_gui.UI_BUTTON_PRESSED, ui_element=button)
        self.touch()
        self.scene.hear(event, self.now)

    def touch(self) -> None:
        self.scene.hear(pygame.event.Event(pygame.MOUSEMOTION, pos=(5, 5), rel=(1, 1)), self.now)

    @property
    def buttons(self) -> dict[str, pygame.Rect]:
        laid = self.scene.machine.state._buttons._buttons  # type: ignore[attr-defined]
        return {name: pygame.Rect(button.rect) for name, button in laid.items()}

    def seen(self) -> pygame.Rect:
        """The head on the screen, as far as it is seen there."""
        assert self.window.head is not None
        return self.window.head.clip(self.window.laid.where)

    def chin(self) -> tuple[float, float]:
        """Where the chin is on the screen."""
        x, y = self.there.landmarks[152, :2]
        spot = self.window.laid.on_screen((float(x), float(y), float(x) + 1, float(y) + 1))
        return spot.center


@contextmanager
def standing(
    size: tuple[int, int], person: tuple[int, int, int, int], language: str = "en"
) -> Iterator[Glass]:
    glass = Glass(size, person, language)
    there = glass.view
    try:
        glass.view = View()
        glass.run(2)  # while the camera opens
        glass.view = there
        yield glass
    finally:
        glass.window.close()


def check(glass: Glass, *more: pygame.Rect) -> None:
    """Nothing lies over the head, all of it lies in the window, and the picture fills what is left."""
    whole, head = pygame.Rect(0, 0, *glass.window.size), glass.seen()
    for name, spot in glass.buttons.items():
        assert whole.contains(spot), f"{name} is outside"
        assert not spot.colliderect(head), f"{name} at {spot} lies over the head at {head}"
    for spot in more:
        assert not spot.colliderect(head), f"{spot} lies over the head at {head}"
    where = glass.window.laid.where
    assert where == (glass.window.glass or whole), "the picture fills what the buttons leave"
    assert where.width * where.height > 0.15 * whole.width * whole.height
    x, y = glass.chin()
    assert where.collidepoint(x, y + 4), "the chin is seen"


@pytest.mark.parametrize("person", [NEAR, LONG, AFRO, ASIDE])
@pytest.mark.parametrize("size", SIZES)
def test_no_button_lies_over_chin_and_hair(size: tuple[int, int], person: tuple[int, int, int, int]) -> None:
    with standing(size, person) as glass:
        glass.run(3)
        check(glass)  # from the beginning
        glass.run(15)
        check(glass)
        for name in ("loss", "styles", "colour", "styles", "filter", "styles", "suggest", "styles"):
            glass.press(name)
            lost = Trying(loss=0.5, loss_words="Norwood III") if name == "loss" else Trying()
            glass.view = replace(glass.view, trying=lost)
            glass.run(15)
            state: Any = glass.scene.machine.state
            card = [] if state._cards.open is None else [state._cards.open.where]
            check(glass, *card)


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("size", SIZES)
def test_every_line_has_a_place_of_its_own(
    size: tuple[int, int], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = noted_lines(monkeypatch)
    with standing(size, NEAR, language) as glass:
        glass.view = replace(glass.view, mark=MARK, problem=CLOSER)
        for frames in (15, 3):
            glass.run(frames)
            lines.clear()
            glass.run(1)
            told = [
                spot for words, spot in lines if words in map(glass.scene.words, ("illustration", "closer"))
            ]
            assert len(told) == 2
            others = [*glass.buttons.values(), glass.window.strip.name_at]
            for number, spot in enumerate(told):
                assert pygame.Rect(0, 0, *size).contains(spot)
                assert spot.collidelist([*others, *told[number + 1 :], glass.seen()]) < 0, (
                    f"{spot} of {lines}"
                )


def test_the_picture_fills_an_upright_screen_again_when_nobody_touches_it() -> None:
    with standing((1080, 1920), NEAR) as glass:
        glass.run(12)
        docked = glass.window.laid.where
        assert docked.width == 1080 and 0.6 * 1920 < docked.height < 0.85 * 1920
        scale = [glass.window.laid.where.width / glass.window.laid.part.width]
        while glass.now < HOLD + CALM + 2:
            glass.run(1, 1 / 30)
            scale.append(glass.window.laid.where.width / glass.window.laid.part.width)
        assert glass.window.laid.where == pygame.Rect(0, 0, 1080, 1920)
        assert scale[-1] > 1.2 * scale[0]
        assert max(np.diff(scale)) < 0.2 * (scale[-1] - scale[0]), "it glides"


def test_what_is_beside_a_head_stays_until_it_is_in_the_way() -> None:
    with standing((1280, 720), NEAR) as glass:
        glass.run(15)
        assert glass.window.glass is None, "where there is room the picture fills the screen"
        for head in ((200.0, 100.0, 1080.0, 720.0), (400.0, 100.0, 880.0, 720.0)):
            glass.view = replace(glass.view, head=head)
            glass.touch()
            glass.run(1)
            assert (glass.window.glass is not None) == (head[0] == 400), "not under a finger"
            glass.run(round(10 * RESTS) + 2)
            assert glass.window.glass is not None, "once it is needed it stays"
