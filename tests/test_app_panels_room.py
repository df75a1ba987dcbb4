"""What lies over the picture keeps to its room, in every language, and is told from what it lies on."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pygame
import pytest

from mirror.app.screen import View
from mirror.app.screen.design import GROUND, NEAR, contrast, enlarge, px, unit_of
from mirror.app.screen.panels import group_chips
from mirror.app.screen.panels.dye_palette import draw_swatch, graded
from mirror.app.screen.panels.group_chips import Chips
from mirror.app.screen.panels.play_again import Again
from mirror.app.screen.style_strip import CHIPS, Strip, free_of
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import speak, wide
from mirror.translation.catalogue import Words, languages
from mirror.translation.message import Message

pytestmark = pytest.mark.usefixtures("unseen_video")


@pytest.fixture(params=["de", "ar"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    speak(Words(request.param))
    yield request.param
    speak(Words("en"))


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("size", [(500, 400), (800, 600), (1280, 720), (1920, 1080)])
def test_the_groups_keep_to_the_room_that_is_reckoned_for_them(
    language: str, size: tuple[int, int], large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(group_chips.SAID, "up", Message("Hair colour: {dye}", dye="a name longer than any"))
    enlarge(large)
    try:
        unit, screen, strip = unit_of(size), pygame.Surface(size, 0, 32), Strip()
        chips = Chips(strip)
        view = View(image=np.zeros((4, 4, 3), np.uint8), tags=(("short",), ("up",), ("braids", "long")))
        strip.draw(screen, "", -1, (), 0.0)
        strip.opacity = 1.0
        chips.draw(screen, view, unit, 0.0)
        assert set(chips._spots) == {"short", "up", "braids"}
        assert not any(spot.colliderect(free_of(size)) for spot in chips._spots.values())
    finally:
        enlarge(False)


@pytest.mark.parametrize("code", list(languages()))
def test_no_name_of_a_group_is_cut_in_a_window_of_the_usual_size(code: str) -> None:
    speak(Words(code))
    try:
        for unit in (1.0, 1.5):
            size, room = px(unit, NEAR.caption), px(unit, CHIPS) - px(unit, group_chips.PAD)
            assert all(wide(words, size) <= room for words in group_chips.SAID.values())
    finally:
        speak(Words("en"))


@pytest.mark.parametrize("size", [(500, 400), (640, 360), (1280, 720)])
def test_a_film_that_has_ended_says_so_within_the_window(language: str, size: tuple[int, int]) -> None:
    free, unit = free_of(size), unit_of(size)
    rail = turned(pygame.Rect(px(unit, 16), px(unit, 40), px(unit, 100), size[1] - px(unit, 80)), size[0])
    head = pygame.Rect(size[0] // 3, size[1] // 5, size[0] // 3, size[1])
    again = Again(SimpleNamespace(free=free, head=head, rail=rail))  # type: ignore[arg-type]
    again.draw(pygame.Surface(size, 0, 32), View(ended=True), unit, 0.0)
    assert free.contains(again.where)


def test_a_dark_shade_is_told_from_the_dark_panel_that_it_lies_on() -> None:
    for name in graded()[1:]:
        screen = pygame.Surface((60, 60), 0, 32)
        screen.fill(GROUND)
        draw_swatch(screen, screen.get_rect(), name, 1.0, False)
        rim = [tuple(map(int, screen.get_at((x, 30))[:3])) for x in range(12, 20)]
        assert max(contrast(colour, GROUND) for colour in rim) >= 3.0, name  # type: ignore[arg-type]
