"""The filter panel: chips that are apart and large enough, by touch, mouse and keys; how many are left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pygame
import pytest

from mirror.app.screen.design import NEAR, TOUCH, px, unit_of
from mirror.app.screen.panels.filter_panel import FilterPanel, left_of
from mirror.app.screen.panels.filter_places import lay_out, places_of
from mirror.app.screen.typeface import speak
from mirror.app.screen.view import View
from mirror.app.screen.wishes import Narrow, Trying
from mirror.engines import ENGINES_FOLDER
from mirror.hair.shelf import open_book
from mirror.hair.styles.style_filter import ALL, StyleFilter
from mirror.hair.styles.trait_words import SAID
from mirror.hair.styles.traits import TRAITS
from mirror.translation.catalogue import Words
from tests.panel_events import down, key, pixels, up

SIZES = [(1280, 720), (1920, 1080), (1080, 1920), (500, 400)]
BOOK = open_book(ENGINES_FOLDER)
VIEW = View(
    image=np.zeros((4, 4, 3), np.uint8),
    thumbnails=tuple((style.name, style.thumbnail) for style in BOOK.styles),
    tags=tuple(style.tags for style in BOOK.styles),
)


def shown(
    size: tuple[int, int] = (1280, 720), wanted: StyleFilter = ALL
) -> tuple[FilterPanel, pygame.Surface]:
    panel, screen = FilterPanel(), pygame.Surface(size, 0, 32)
    view = replace(VIEW, trying=Trying(filter=wanted))
    panel.draw(screen, view, unit_of(size), 0.0)
    assert not pixels(screen).any(), "nothing is seen while it is closed"
    panel.toggle()
    panel.draw(screen, view, unit_of(size), 0.0)
    return panel, screen


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("larger", [1.0, 1.25])
def test_all_lies_in_the_window_apart_and_as_large_as_a_finger(size: tuple[int, int], larger: float) -> None:
    places, measure = places_of(size, unit_of(size) * larger, NEAR.caption, larger > 1)
    for place in places:
        assert pygame.Rect(0, 0, *size).contains(place)
        spots = lay_out(place, measure)
        assert list(spots.chips) == [(kind, value) for kind in TRAITS for value in TRAITS[kind]]
        fingers = [*spots.chips.values(), spots.close, spots.everything]
        every = [*fingers, *spots.captions.values(), spots.title, spots.count]
        for number, spot in enumerate(every):
            assert place.contains(spot) and spot.collidelist(every[number + 1 :]) < 0
        assert min(min(spot.size) for spot in fingers) >= px(measure.down, TOUCH) - 2


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_touch_narrows_and_all_leaves_it(size: tuple[int, int], language: str) -> None:
    speak(Words(language))
    try:
        wanted = StyleFilter(length="long")
        panel, _ = shown(size, wanted)
        spots = panel._spots
        assert panel.hear(down(*spots.chips["texture", "curly"].center), 0.0) == Narrow(
            StyleFilter(length="long", texture="curly")
        )
        assert panel.hear(up(*spots.chips["texture", "curly"].center), 0.0) is True
        assert panel.hear(down(*spots.chips["length", "long"].center), 0.0) == Narrow(ALL)
        assert panel.hear(down(*spots.everything.center), 0.0) == Narrow(ALL)
        one, other = spots.chips["people", "women"], spots.chips["people", "men"]
        assert (one.left > other.left) == (language == "ar")
        assert panel.hear(down(1, 1), 0.0) is None, "the picture beside it is not its own"
    finally:
        speak(Words("en"))


def test_what_would_leave_nothing_cannot_be_pressed() -> None:
    panel, screen = shown(wanted=StyleFilter(length="long"))
    dead = panel._spots.chips["loss", "hair loss"]
    assert panel.hear(down(*dead.center), 0.0) is True
    alive = panel._spots.chips["loss", "haircut"]
    seen = pixels(screen)
    corner = (slice(alive.top + 6, alive.top + 9), slice(alive.left + 30, alive.left + 40))
    faint = (slice(dead.top + 6, dead.top + 9), slice(dead.left + 30, dead.left + 40))
    assert seen[corner].mean() > seen[faint].mean() + 15, "and is seen to be so"


def test_it_says_how_many_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    from mirror.app.screen.panels import filter_panel as module

    said: list[str] = []
    real = module.in_lines
    monkeypatch.setattr(
        module, "in_lines", lambda words, *given: (said.append(words), real(words, *given))[1]
    )
    wanted = StyleFilter(length="long", occasion="sport")
    shown(wanted=wanted)
    count = left_of(VIEW, wanted)
    assert f"Styles: {count} of {len(BOOK)}" in said and 0 < count < len(BOOK)
    assert left_of(VIEW, ALL) == len(BOOK)


def test_keys_reach_everything() -> None:
    panel, _ = shown()
    assert panel.hear(key(pygame.K_RETURN), 0.0) is None, "nothing is chosen before keys are used"
    for kind, values in TRAITS.items():
        for value in values:
            assert panel.hear(key(pygame.K_TAB), 0.0) is True
            assert panel.hear(key(pygame.K_RETURN), 0.0) == Narrow(ALL.switched(kind, value))
    panel.hear(key(pygame.K_TAB), 0.0)
    assert panel.hear(key(pygame.K_RETURN), 0.0) is True, "all are there already"
    panel.hear(key(pygame.K_TAB), 0.0)
    assert panel.hear(key(pygame.K_RETURN), 0.0) is True and not panel.open
    assert panel.hear(key(pygame.K_l), 0.0) is True and panel.open
    assert panel.hear(key(pygame.K_RIGHT), 0.0) is None, "arrows still go from style to style"


def test_every_chip_has_words() -> None:
    assert set(SAID) == {value for values in TRAITS.values() for value in values}
