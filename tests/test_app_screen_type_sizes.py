"""No words on the screen are smaller than captions in any language: they break, or the layout gives way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pygame
import pytest

from mirror.app.screen import design, typeface
from mirror.app.screen.controls import draw_button
from mirror.app.screen.design import FAR, NEAR, look, px, unit_of
from mirror.app.screen.overlay import fitted_help
from mirror.app.screen.panels.filter_panel import FilterPanel
from mirror.app.screen.panels.tray_layout import in_a_row
from mirror.app.screen.typeface import in_lines, line_height, measured, said, speak, widest_piece
from mirror.app.screen.wishes import Trying
from mirror.hair.styles.style_filter import StyleFilter
from mirror.translation.catalogue import Words, languages
from mirror.translation.message import Message, Said
from tests.test_app_filter_panel import VIEW

SIZES = [(1280, 720), (1080, 1920), (500, 400)]
LANGUAGES = sorted(languages())


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    pygame.font.init()
    speak(Words(request.param))
    yield request.param
    speak(Words("en"))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every line that is drawn anew, and its size, pixels."""
    lines: list[tuple[str, int]] = []
    real = typeface._line
    monkeypatch.setattr(
        typeface, "_line", lambda line, size, colour: lines.append((line, size)) or real(line, size, colour)
    )
    return lines


@pytest.mark.parametrize("far, larger", [(False, False), (False, True), (True, False)])
@pytest.mark.parametrize("size", SIZES)
def test_the_filter_gives_way_to_its_words(
    size: tuple[int, int], far: bool, larger: bool, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int, int]] = []

    def noted(words: str, letters: int, room: tuple[int, int], colour: object) -> pygame.Surface:
        asked.append((words, letters, room[0]))
        return in_lines(words, letters, room)

    monkeypatch.setattr("mirror.app.screen.controls.in_lines", noted)
    design.enlarge(larger)
    try:
        panel = FilterPanel(1.25, round(FAR.body / 1.25)) if far else FilterPanel()
        panel.toggle()
        screen = pygame.Surface(size, 0, 32)
        view = replace(VIEW, trying=Trying(filter=StyleFilter(length="long")))
        panel.draw(screen, view, unit_of(size), 0.0)
        least = px(unit_of(size), NEAR.caption)
    finally:
        design.enlarge(False)
    assert screen.get_rect().contains(panel.where)
    chips = list(panel._spots.chips.values())
    assert all(panel.where.contains(spot) for spot in chips)
    assert all(spot.collidelist(chips[number + 1 :]) < 0 for number, spot in enumerate(chips))
    assert len(asked) == len(chips) + 1
    for words, letters, room in asked:
        assert letters >= least, f"{said(words)!r} has {letters} pixels, the smallest type is {least}"
        assert measured(said(words), letters) <= room, f"{said(words)!r} is too long for its chip"


@pytest.mark.parametrize("size", [(1264, 704), (484, 384), (1064, 1904)])
def test_the_card_of_keys_is_never_smaller_than_a_caption(size: tuple[int, int], language: str) -> None:
    unit = unit_of((size[0] + 16, size[1] + 16))
    card, letters = fitted_help(unit, *size)
    assert letters >= px(unit, NEAR.caption)
    assert card.get_width() <= size[0] and card.get_height() <= size[1]


def test_a_button_breaks_its_words_between_them_and_never_writes_smaller(
    drawn: list[tuple[str, int]],
) -> None:
    pygame.font.init()
    words = Said("Brows and beard as the hair, too, please 7")
    screen = pygame.Surface((400, 200), 0, 32)
    where = pygame.Rect(10, 10, 260, 64)
    draw_button(screen, where, words, 1.0, look(), 23)
    assert len(drawn) == 2 and {size for _, size in drawn} == {23}
    assert " ".join(line.strip() for line, _ in drawn) == words
    drawn.clear()
    draw_button(screen, where.inflate(0, -30), words, 1.0, look(), 23)
    ((line, size),) = drawn
    assert size == 23 and line.endswith("…"), "where there is no room for lines it is cut"


def test_words_are_not_broken_within_one() -> None:
    pygame.font.init()
    long = Said("Haarausfallstabelle")
    assert widest_piece(long, 20) == measured(long, 20)
    room = measured(long, 20) - 10
    assert in_lines(long, 20, (room, 200)).get_height() == line_height(20)


def test_buttons_of_a_row_share_it_by_their_words(language: str) -> None:
    labels = [Message("Colour"), Message("Shape"), Message("Hair loss")]
    for unit in (0.6, 1.0, 1.25, 1.5):
        places = in_a_row(labels, 316, unit, 8)
        assert places[0][0] == 0 and abs(sum(places[-1]) - 316) < 0.01
        for label, (_, wide) in zip(labels, places, strict=True):
            assert measured(said(label), px(unit, NEAR.caption)) <= wide * unit - 2 * px(unit, 8) + 1
