"""The grid of shades: every swatch is seen, apart and large enough, and reached by touch, mouse and keys."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pygame
import pytest

from mirror.app.screen.design import ACCENT, TOUCH, px, unit_of
from mirror.app.screen.panels import shade_grid as module
from mirror.app.screen.panels import tray_layout
from mirror.app.screen.panels.dye_palette import graded, kept, rgb_of
from mirror.app.screen.panels.shade_grid import ShadeGrid, pages
from mirror.app.screen.panels.shade_places import lay_out, places_of
from mirror.app.screen.typeface import said, speak
from mirror.app.screen.view import View
from mirror.app.screen.widgets import new_manager
from mirror.app.screen.wishes import ChooseDye, Trying
from mirror.hair.styles.dye import DYES, Dye
from mirror.hair.styles.natural_range import NATURAL_RANGE
from mirror.hair.styles.shade_names import Chart, use_chart
from mirror.translation.catalogue import Words
from tests.panel_events import down, key, pixels, up

SIZES = [(1280, 720), (1920, 1080), (1080, 1920), (500, 400)]


@pytest.fixture(params=["en", "ar"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """The screen speaks it."""
    speak(Words(request.param))
    yield request.param
    speak(Words("en"))


@pytest.fixture()
def chart() -> Iterator[None]:
    """A salon's own shades, more than a page of them."""
    use_chart(Chart(tuple(Dye(f"own {number}", 20 + number / 2, 5, 10) for number in range(75))))
    yield
    use_chart(None)


def shown(size: tuple[int, int], dye: str = "none") -> tuple[ShadeGrid, pygame.Surface]:
    grid, screen = ShadeGrid(), pygame.Surface(size, 0, 32)
    view = View(image=np.zeros((4, 4, 3), np.uint8), trying=Trying(dye=dye))
    grid.draw(screen, view, unit_of(size), 0.0)
    assert not pixels(screen).any(), "nothing is seen while it is closed"
    grid.toggle()
    grid.draw(screen, view, unit_of(size), 0.0)
    return grid, screen


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("larger", [1.0, 1.25])
def test_all_swatches_lie_in_the_window_apart_and_as_large_as_a_finger(
    size: tuple[int, int], larger: float
) -> None:
    places, unit = places_of(size, unit_of(size) * larger)
    for place, named in product(places, (False, True)):
        assert pygame.Rect(0, 0, *size).contains(place)
        spots = lay_out(place, unit, more=True, named=named)
        assert len(spots.cells) == (20 if named else 70)
        every = [
            *spots.cells,
            *spots.header.values(),
            *spots.kinds.values(),
            *spots.columns,
            *spots.rows,
            spots.title,
            spots.caption,
        ]
        for number, spot in enumerate(every):
            assert place.contains(spot) and spot.collidelist(every[number + 1 :]) < 0
        assert min(min(spot.size) for spot in spots.cells) >= px(unit, TOUCH) - px(unit, 3)


@pytest.mark.parametrize("size", SIZES)
def test_a_touch_chooses_the_shade_that_is_seen_there(size: tuple[int, int], language: str) -> None:
    grid, screen = shown(size)
    seen = pixels(screen)
    for row, shades in enumerate(NATURAL_RANGE):
        for column, dye in enumerate(shades):
            spot = grid._spots.cells[row * 7 + column]
            middle = spot.inflate(-spot.width // 3, -spot.height // 3)
            mean = seen[middle.top : middle.bottom, middle.left : middle.right].reshape(-1, 3).mean(0)
            assert np.abs(mean - rgb_of(dye)).max() < 26, dye.name
            assert grid.hear(down(*spot.center), 0.0) == ChooseDye(dye.name)
            assert grid.hear(up(*spot.center), 0.0) is True
    one, other = grid._spots.cells[:2]
    assert (one.left > other.left) == (language == "ar"), "the first tone is where lines begin"
    assert grid.hear(down(1, 1), 0.0) is None, "the picture beside it is not its own"


def test_keys_go_to_every_shade_and_to_what_stands_above() -> None:
    grid, _ = shown((1280, 720), dye="7/1 ash")
    assert grid.hear(key(pygame.K_RETURN), 0.0) is None, "nothing is chosen before keys are used"
    assert grid.hear(key(pygame.K_TAB), 0.0) is True
    assert grid.hear(key(pygame.K_RETURN), 0.0) == ChooseDye("7/1 ash"), "it begins where the worn one is"
    for code in (pygame.K_RIGHT, pygame.K_RIGHT, pygame.K_UP):
        assert grid.hear(key(code), 0.0) is True
    assert grid.hear(key(pygame.K_RETURN), 0.0) == ChooseDye("6/3 golden")
    for _ in range(12):
        for code in (pygame.K_DOWN, pygame.K_RIGHT):
            grid.hear(key(code), 0.0)
    assert grid.hear(key(pygame.K_RETURN), 0.0) == ChooseDye("10/6 red"), "it ends at the last"
    for wanted in (True, ChooseDye("none"), True):  # the next page, the own colour, close; then patterns
        grid.hear(key(pygame.K_TAB), 0.0)
        assert grid.hear(key(pygame.K_RETURN), 0.0) == wanted
    assert not grid.open and grid.hear(key(pygame.K_RIGHT), 0.0) is None


def test_arrows_go_where_they_point_in_a_language_from_the_right() -> None:
    speak(Words("ar"))
    try:
        grid, _ = shown((1280, 720), dye="7/1 ash")
        grid.hear(key(pygame.K_TAB), 0.0)
        grid.hear(key(pygame.K_LEFT), 0.0)
        assert grid.hear(key(pygame.K_RETURN), 0.0) == ChooseDye("7/2 violet")
    finally:
        speak(Words("en"))


def test_a_kind_and_then_a_swatch_are_a_pattern_by_touch_and_by_keys() -> None:
    grid, screen = shown((1280, 720), dye="5/0 natural")
    assert grid.hear(down(*grid._spots.kinds["balayage"].center), 0.0) is True
    golden = grid._spots.cells[7 * 7 + 3]
    wanted = ChooseDye("balayage: 5/0 natural + 8/3 golden")
    assert grid.hear(down(*golden.center), 0.0) == wanted
    own = grid._spots.cells[4 * 7]
    assert grid.hear(down(*own.center), 0.0) is True, "the first shade twice would not be seen"
    grid, _ = shown((1280, 720), dye="5/0 natural")
    for _ in range(1 + 3 + 3):  # the cells, what stands above, then one colour, highlights, balayage
        grid.hear(key(pygame.K_TAB), 0.0)
    assert grid.hear(key(pygame.K_RETURN), 0.0) is True
    grid.hear(key(pygame.K_RIGHT), 0.0)
    for code in (*[pygame.K_DOWN] * 3, *[pygame.K_RIGHT] * 3):
        grid.hear(key(code), 0.0)
    assert grid.hear(key(pygame.K_RETURN), 0.0) == wanted


def test_a_pattern_that_is_on_can_be_laid_in_another_way_or_taken_off() -> None:
    grid, screen = shown((1280, 720), dye="split: none + 8/3 golden")
    assert grid._pattern.shades == ("none", "8/3 golden")
    for name, wanted in (("roots", "roots: none + 8/3 golden"), ("one", "none")):
        assert grid.hear(down(*grid._spots.kinds[name].center), 0.0) == ChooseDye(wanted)
    other = grid._spots.cells[0]
    grid.hear(down(*grid._spots.kinds["split"].center), 0.0)
    assert grid.hear(down(*other.center), 0.0) == ChooseDye("split: none + 1/0 natural")


def test_every_kind_has_a_picture_of_its_own_and_the_chosen_one_a_frame() -> None:
    grid, screen = shown((1280, 720), dye="roots: 1/0 + 8/3")
    seen = pixels(screen)
    tiles = [seen[s.top + 4 : s.bottom - 4, s.left + 4 : s.right - 4] for s in grid._spots.kinds.values()]
    small = min(tile.shape[1] for tile in tiles)
    for number, tile in enumerate(tiles):
        for other in tiles[number + 1 :]:
            assert np.abs(tile[:, :small].astype(int) - other[:, :small]).mean() > 2
    frames = {
        name: (seen[s.centery, s.left - 1 : s.left + 3] == ACCENT).all(-1).any()
        for name, s in grid._spots.kinds.items()
    }
    assert [name for name, there in frames.items() if there] == ["roots"]


def test_other_pages_hold_the_twelve_and_a_salons_own(chart: None) -> None:
    found = [names for _, names in pages()]
    assert [len(names) for names in found] == [70, 12, 20, 20, 20, 15]
    assert set(found[1]) == {dye.name for dye in DYES}
    grid, screen = shown((1280, 720), dye="own 72")
    assert grid.hear(down(*grid._spots.cells[0].center), 0.0) == ChooseDye("own 60"), "it opens where it is"
    assert grid.hear(down(*grid._spots.cells[15].center), 0.0) is True, "there is no sixteenth"
    assert grid.hear(down(*grid._spots.header["next"].center), 0.0) is True
    assert grid.hear(down(*grid._spots.cells[0].center), 0.0) == ChooseDye("1/0 natural")


def test_a_chart_may_take_the_place_of_all(chart: None) -> None:
    use_chart(Chart((Dye("own", 30, 5, 9),), replace=True))
    assert [names for _, names in pages()] == [("own",)]
    grid, _ = shown((500, 400))
    assert "next" not in grid._spots.header
    assert grid.hear(down(*grid._spots.cells[0].center), 0.0) == ChooseDye("own")


def told(grid: ShadeGrid, screen: pygame.Surface, dye: str = "none") -> list[str]:
    """What the panel says now, in the language of the screen."""
    heard: list[str] = []
    real = module.in_lines
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            module, "in_lines", lambda words, *given: (heard.append(said(words)), real(words, *given))[1]
        )
        view = View(image=np.zeros((4, 4, 3), np.uint8), trying=Trying(dye=dye))
        grid.draw(screen, view, unit_of(screen.get_size()), 0.0)
    return heard


def test_numbers_are_written_as_the_language_writes_them() -> None:
    """Beside Arabic-Indic figures everywhere else they were Western."""
    speak(Words("ar"))
    try:
        grid, screen = shown((1280, 720), dye="7/1 ash")
        every = told(grid, screen, "7/1 ash")
        assert not any(letter in "0123456789" for words in every for letter in words)
        assert {"٠/", "٦/", "١", "١٠"} <= set(every) and "٧/١ رمادي" in every
    finally:
        speak(Words("en"))


@pytest.mark.parametrize("size", SIZES)
def test_shades_by_name_are_told_by_name(size: tuple[int, int], chart: None, language: str) -> None:
    grid, screen = shown(size, dye="copper")
    assert told(grid, screen, "copper").count(Words(language).named("copper")) == 2, "beside it, and above"
    assert {Words(language).named(dye.name) for dye in DYES} <= set(told(grid, screen, "copper"))
    for number, spot in enumerate(grid._spots.cells[:12]):
        tile, room = grid._split(spot, named=True)
        assert room is not None and spot.contains(tile) and spot.contains(room) and not tile.colliderect(room)
        assert (tile.left > room.left) == (language == "ar")
        assert grid.hear(down(*room.center), 0.0) == ChooseDye(pages()[1][1][number])
    grid.hear(down(*grid._spots.header["next"].center), 0.0)
    assert {f"own {number}" for number in range(20)} <= set(told(grid, screen, "copper"))
    grid.hear(key(pygame.K_TAB), 0.0)
    for code in (pygame.K_DOWN, pygame.K_LEFT if language == "ar" else pygame.K_RIGHT):
        grid.hear(key(code), 0.0)
    assert grid.hear(key(pygame.K_RETURN), 0.0) == ChooseDye("own 3"), "two in a row"


def test_what_the_mouse_is_at_is_named_above() -> None:
    grid, screen = shown((1280, 720), dye="copper")
    while len(grid._names()) != 70:
        grid.hear(down(*grid._spots.header["next"].center), 0.0)
    told(grid, screen)
    spot = grid._spots.cells[7 * 6 + 1]
    assert "7/1 ash" not in told(grid, screen, "copper")
    grid.hear(pygame.event.Event(pygame.MOUSEMOTION, pos=spot.center, rel=(1, 1), buttons=(0, 0, 0)), 0.0)
    assert "7/1 ash" in told(grid, screen, "copper")
    grid.hear(pygame.event.Event(pygame.MOUSEMOTION, pos=(1, 1), rel=(1, 1), buttons=(0, 0, 0)), 0.0)
    assert "7/1 ash" not in told(grid, screen, "copper") and "copper" in told(grid, screen, "copper")


def test_a_tray_leaves_out_none_of_a_salons_shades_and_says_how_many_of_the_others() -> None:
    """With two of a salon's the last of the twelve was gone without a word."""
    assert kept(14) == (graded(), 0)
    use_chart(Chart((Dye("house red", 25, 40, 20), Dye("house sand", 60, 5, 22))))
    try:
        names, out = kept(13)
        assert len(names) == 13 and out == 2 and {"none", "house red", "house sand"} <= set(names)
        assert list(names) == [name for name in graded() if name in names], "in the order of the palette"
        size = (1280, 720)
        colour = tray_layout.lay_out(new_manager(size, 1.0), tray_layout.places_of(size, 1.0)[0], 1.0, {})[
            tray_layout.PAGES[0]
        ]
        assert tray_layout.MORE in colour.buttons and "house red" in colour.buttons
    finally:
        use_chart(None)
