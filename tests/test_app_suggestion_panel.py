"""The suggestion panel: reasons, styles by touch, mouse and keys, what it says else; the setting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest

from mirror.app.screen import PickStyle, View
from mirror.app.screen.design import TOUCH, px, unit_of
from mirror.app.screen.panels import suggestion_panel as module
from mirror.app.screen.panels.suggestion_panel import (
    ACROSS,
    MEASURING,
    SPEAKING,
    TASTE,
    UNCLEAR,
    SuggestionPanel,
)
from mirror.app.screen.typeface import speak
from mirror.hair.styles.suggestions import RULES, Suggestion
from mirror.settings.command_line import read_settings
from mirror.settings.options import Settings
from mirror.translation.catalogue import Words, languages
from tests.kiosk_fakes import fake_scene
from tests.panel_events import down, key, pixels

SIZES = [(1280, 720), (1920, 1080), (1080, 1920), (500, 400)]
TILES = tuple((f"style {n}", np.full((32, 32, 3), 20 + 10 * n, np.uint8)) for n in range(12))
FOUND = (Suggestion(RULES[0].because, (2, 5, 7, 9)), Suggestion(RULES[1].because, (1, 3)))


def shown(size: tuple[int, int], found: Any, larger: float = 1.0) -> tuple[SuggestionPanel, pygame.Surface]:
    panel, screen = SuggestionPanel(larger, 24 if larger > 1 else 17), pygame.Surface(size, 0, 32)
    view = View(image=np.zeros((4, 4, 3), np.uint8), thumbnails=TILES, suggestions=found)
    panel.draw(screen, view, unit_of(size), 0.0)
    assert not pixels(screen).any(), "nothing is seen while it is closed"
    panel.toggle()
    panel.draw(screen, view, unit_of(size), 0.0)
    return panel, screen


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("larger", [1.0, 1.25])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_touch_wears_what_is_seen_there(size: tuple[int, int], larger: float, language: str) -> None:
    speak(Words(language))
    try:
        panel, screen = shown(size, FOUND, larger)
        assert pygame.Rect(0, 0, *size).contains(panel.where)
        assert [number for number, _ in panel._tiles] == [2, 5, 7, 1, 3]
        spots = [spot for _, spot in panel._tiles]
        for number, spot in panel._tiles:
            assert panel.where.contains(spot) and min(spot.size) >= px(panel._unit, TOUCH)
            assert (pixels(screen)[spot.centery, spot.centerx] == 20 + 10 * number).all()
            assert panel.hear(down(*spot.center), 0.0) == PickStyle(number)
        assert all(spot.collidelist(spots[n + 1 :]) < 0 for n, spot in enumerate(spots))
        assert (spots[0].left > spots[1].left) == (language == "ar")
        assert panel.hear(down(1, 1), 0.0) is None
    finally:
        speak(Words("en"))


def test_others_turns_the_page_and_comes_round() -> None:
    panel, screen = shown((1280, 720), FOUND)
    view = View(image=np.zeros((4, 4, 3), np.uint8), thumbnails=TILES, suggestions=FOUND)
    assert panel.hear(down(*panel._more.center), 0.0) is True
    panel.draw(screen, view, 1.0, 0.0)
    assert [number for number, _ in panel._tiles] == [9, 1, 3]
    panel.hear(down(*panel._more.center), 0.0)
    panel.draw(screen, view, 1.0, 0.0)
    assert [number for number, _ in panel._tiles] == [2, 5, 7, 1, 3] and len(panel._tiles) == ACROSS + 2


def test_keys_reach_every_style_the_button_and_the_cross() -> None:
    panel, _ = shown((1280, 720), FOUND)
    for number, _ in list(panel._tiles):
        panel.hear(key(pygame.K_TAB), 0.0)
        assert panel.hear(key(pygame.K_RETURN), 0.0) == PickStyle(number)
    for _ in range(2):
        panel.hear(key(pygame.K_TAB), 0.0)
    assert panel.hear(key(pygame.K_RETURN), 0.0) is True and not panel.open
    assert panel.hear(key(pygame.K_y), 0.0) is True and panel.open


@pytest.mark.parametrize(
    ("found", "told"), [(None, [MEASURING]), ((), [UNCLEAR]), (FOUND, [one.because for one in FOUND])]
)
def test_it_says_why_or_why_not_and_that_it_is_taste(
    found: Any, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    real = module.text
    monkeypatch.setattr(module, "text", lambda words, *given: (said.append(words), real(words, *given))[1])
    shown((1280, 720), found)
    assert set(told) <= set(said) and TASTE in said
    assert not {MEASURING, SPEAKING, UNCLEAR, *(one.because for one in FOUND)} - set(told) & set(said)


def test_a_closed_mouth_is_asked_for_only_where_it_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    panel, screen = shown((1280, 720), None)
    said: list[str] = []
    real = module.text
    monkeypatch.setattr(module, "text", lambda words, *given: (said.append(words), real(words, *given))[1])
    view = View(image=np.zeros((4, 4, 3), np.uint8), thumbnails=TILES)
    panel.draw(screen, view, 1.0, 0.0)
    assert MEASURING in said and SPEAKING not in said
    panel.draw(screen, replace(view, speaks=True), 1.0, 0.0)
    assert SPEAKING in said


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("larger", [1.0, 1.25])
def test_every_reason_has_room_in_every_language(language: str, larger: float) -> None:
    speak(Words(language))
    try:
        for rule in RULES:
            panel, screen = shown((1280, 720), (Suggestion(rule.because, (0,)),), larger)
            _, tile = panel._tiles[0]
            room = panel._spot(0, module.TOUCH + module._LINE, module.WIDE, module._REASON)
            assert room.bottom <= tile.top + 1
            inside = pixels(screen)[room.bottom : tile.top, panel.where.left + 20 : panel.where.right - 20]
            assert inside.size == 0 or inside.max() < 60, "no letter lies on a style"
    finally:
        speak(Words("en"))


def test_a_kiosk_suggests_only_if_told(tmp_path: Path) -> None:
    assert Settings().suggests and not Settings(kiosk=True).suggests
    assert Settings(kiosk=True, suggest=True).suggests and not Settings(suggest=False).suggests
    file = tmp_path / "settings.toml"
    file.write_text("suggest = true\nkiosk = true\n")
    assert read_settings(["--settings", str(file)]).suggests


@pytest.mark.usefixtures("unseen_video")
def test_the_kiosks_button_is_there_only_then() -> None:
    for on in (False, True):
        scene, visit = fake_scene(kiosk=True, suggest=on or None)
        for signal in ("touched", "agreed"):
            scene.machine.go(signal, 0.0)
        visit.show()
        view = View(image=np.zeros((360, 640, 3), np.uint8), thumbnails=TILES, suggestions=FOUND)
        screen = pygame.Surface(scene.window.size, 0, 32)
        scene.draw(screen, view, 1.0, 0.0)
        buttons: Any = scene.machine.state
        assert ("suggest" in buttons._buttons._buttons) == on
        if on:
            buttons._cards.suggestions.toggle()
            scene.draw(screen, replace(view, style_number=2), 1.0, 0.0)
            number, spot = buttons._cards.suggestions._tiles[0]
            from mirror.app.touch.layout import shift

            (x, y), (dx, dy) = spot.center, shift(0.0)
            assert scene.hear(down(x + dx, y + dy), 0.0) == PickStyle(number)
            scene.machine.go("idle", 1.0)
            assert not buttons._cards.suggestions.open
