"""The parts of the trying-on controls that need no display: order, search, palette, split, strip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from mirror.app.screen import PickStyle, Say, View, WearPhoto
from mirror.app.screen.design import INK, NEAR, TOUCH, px, unit_of
from mirror.app.screen.live_picture import draw_part, draw_picture, lay_out
from mirror.app.screen.panels import tray_layout
from mirror.app.screen.panels.dye_palette import graded, rgb_of, swatch
from mirror.app.screen.panels.favourites import Favourites
from mirror.app.screen.panels.group_chips import Chips
from mirror.app.screen.panels.photograph_drop import Drop
from mirror.app.screen.panels.split_view import Split
from mirror.app.screen.panels.style_search import Search, found
from mirror.app.screen.style_strip import Strip, lies
from mirror.app.screen.typeface import fitted, speak, text, widest_piece
from mirror.app.screen.upright_crop import Part
from mirror.engines import ENGINES_FOLDER
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.dye import DYES, find
from mirror.translation.catalogue import Words, languages
from mirror.translation.message import Message
from tests.panel_events import Glass, down, event, key, moved, pixels, up
from tests.tryon_fakes import NAMES, TAGS, THUMBNAILS

RNG = np.random.default_rng(3)


def test_search_takes_beginnings_of_words_of_names_and_tags_names_first() -> None:
    def named(typed: str) -> list[str]:
        return [NAMES[number] for number in found(typed, [(name,) for name in NAMES], TAGS)]

    assert named("cur") == ["curly bob", "afro", "locs"]
    assert named("CURLY b") == ["curly bob"]
    assert named("b") == ["bob", "buzz cut", "curly bob"]
    assert named("ong") == [], "not in the middle of words"
    assert named("red") == ["quiff"]
    assert len(named(" ")) == len(NAMES)


def test_search_finds_first_the_very_name_then_names_that_begin_so_then_words() -> None:
    names = ["thinning bob", "long bob", "bobby pins", "bob with fringe", "bob", "pixie"]
    tags = [("hair loss",), (), (), (), (), ("bob",)]
    hits = [names[number] for number in found("Bob ", [(name,) for name in names], tags)]
    assert hits == ["bob", "bobby pins", "bob with fringe", "thinning bob", "long bob", "pixie"]
    assert found("bob with", [(name,) for name in names], tags) == (3,)


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_style_of_the_shipped_book_is_the_first_hit_of_its_own_name(language: str) -> None:
    book, words = StyleBook.load(ENGINES_FOLDER / "styles.safetensors"), Words(language)
    known = [(name, words.named(name)) for name in book.names]
    tags = [style.tags for style in book.styles]
    for number, both in enumerate(known):
        assert [found(name, known, tags)[0] for name in both] == [number, number], both


def test_in_german_styles_are_found_by_german_and_by_english_words() -> None:
    book = StyleBook.load(ENGINES_FOLDER / "styles.safetensors")
    view = View(
        thumbnails=tuple((style.name, style.thumbnail) for style in book.styles),
        tags=tuple(style.tags for style in book.styles),
    )
    known = Search(Words("de"))._known(view)
    hits = {
        typed: [book.names[number] for number in found(typed, *known)]
        for typed in ("kurze locken", "short curls", "gefärbt", "xyz")
    }
    assert hits["kurze locken"][0] == hits["short curls"][0] == "short curls"
    assert "magenta" in hits["gefärbt"] and hits["xyz"] == []


@pytest.fixture
def german() -> Iterator[None]:
    speak(Words("de"))
    yield
    speak(Words("en"))


def test_the_screen_speaks_the_persons_language_and_words_are_fitted(german: None) -> None:
    loss = Message("Hair loss")
    assert fitted(loss, 20, 900) == ("Haarausfall", 20)
    wide = text(loss, 20).get_width()
    for width in (wide, round(0.8 * wide), round(0.5 * wide)):
        words, size = fitted(loss, 20, width, 13)
        assert text(words, size).get_width() <= width and size >= 13
        assert fitted(loss, 20, width)[1] == 20, "as large as asked, where nothing else is said"
        assert words == "Haarausfall" or (width < 0.6 * wide and words.endswith("…"))
    speak(Words("en"))
    assert text(loss, 20).get_width() != wide, "drawn anew in another language"


@pytest.fixture(params=sorted(languages()))
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """The screen speaks each language in turn."""
    speak(Words(request.param))
    yield request.param
    speak(Words("en"))


@pytest.mark.parametrize(("size", "unit"), [((1280, 720), 1.0), ((500, 400), 0.6), ((1080, 1920), 1.125)])
def test_no_name_and_no_word_of_the_tray_is_cut_off(
    language: str, size: tuple[int, int], unit: float
) -> None:
    book = StyleBook.load(ENGINES_FOLDER / "styles.safetensors")
    inner = px(unit, tray_layout.WIDTH) - 2 * px(unit, tray_layout.PAD)
    rooms: dict[str, tuple[int, int]] = {name: (NEAR.heading, inner - px(unit, TOUCH)) for name in book.names}
    rooms |= {name: (NEAR.caption, px(unit, tray_layout.LABEL - 4)) for name in tray_layout.CALLED.values()}
    for row in (
        tray_layout.PAGES,
        (tray_layout.MY_OWN, tray_layout.RESET),
        (tray_layout.ALL_SHADES, tray_layout.BROWS_TOO),
        (tray_layout.TO_STYLES, tray_layout.ZONES_AND_LINE),
        (tray_layout.DRAW, tray_layout.RESET),
    ):
        for one, (_, across) in zip(row, tray_layout.in_a_row(row, inner / unit, unit, 8), strict=True):
            rooms[one] = NEAR.caption, px(unit, across) - 2 * px(unit, 8)
    rooms |= {
        Message("Move the slider to begin"): (NEAR.heading, inner),
        Message("An illustration, not a prediction."): (NEAR.caption, inner),
        Message("Your own hair"): (NEAR.caption, round(0.55 * inner)),
        Message("The style"): (NEAR.caption, round(0.4 * inner)),
    }
    rooms |= {
        end: (NEAR.caption, round(0.34 * inner)) for end in (Message("Bald"), Message("Now"), Message("Full"))
    }
    words = Words(language)
    for one, (design, room) in rooms.items():
        least = px(unit, NEAR.caption)
        if fitted(one, px(unit, design), room, least)[0] != words.said(one):  # then in two lines
            assert widest_piece(one, least) <= room, f"{words.said(one)} is broken within a word"
            lines = text(one, least, INK, room).get_bounding_rect()
            assert lines.height <= px(unit, TOUCH), f"{words.said(one)} is cut off"
    # Beside the tiles, or above a row of them.
    strip, screen = Strip(), pygame.Surface(size, 0, 32)
    strip.opacity = 1.0
    for number, name in enumerate(book.names):
        strip.draw(screen, name, number, (), 0.0)
        assert screen.get_rect().contains(strip.name_at) and not strip.name_at.colliderect(strip.tiles), name


def test_a_long_stage_is_written_in_two_lines_and_not_cut(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mirror.app.screen.panels import tray as module

    written: list[str] = []
    real = module.text
    monkeypatch.setattr(module, "text", lambda words, *rest: written.append(str(words)) or real(words, *rest))
    tray, screen = module.Tray(lambda: None, lambda: None), pygame.Surface((640, 480), 0, 32)
    tray.where = pygame.Rect(0, 0, px(1.0, tray_layout.WIDTH), 400)
    for share in (1.0, 1 - TOUCH / (tray_layout.WIDTH - 2 * tray_layout.PAD)):
        tray._line(screen, "grown back to Norwood II", NEAR.heading, (tray_layout.TOP, 32), INK, share=share)
        assert "…" not in written[-1]


def test_a_chip_puts_on_the_first_style_of_its_group_and_the_worn_one_is_bright(language: str) -> None:
    for size in ((1280, 720), (500, 400), (1080, 1920)):
        unit, screen = unit_of(size), pygame.Surface(size, 0, 32)
        strip = Strip()
        chips = Chips(strip)
        tags = (("short",), ("short",), ("bob",), ("long",), ("up",), ("braids", "long"), ("dye", "long"),
                ("bald",))  # fmt: skip
        view = View(image=np.zeros((4, 4, 3), np.uint8), tags=tags, style_number=7)
        strip.draw(screen, "", -1, (), 0.0)  # where its tiles would be
        chips.draw(screen, view, unit, 0.0)
        assert chips.hear(down(*screen.get_rect().center), 0.0) is None and not pixels(screen).any()
        strip.opacity = 1.0
        chips.draw(screen, view, unit, 0.0)
        spots = list(chips._spots.values())
        assert len(spots) == 7 or not lies(size)
        for number, spot in enumerate(spots):
            assert screen.get_rect().contains(spot), "no chip is cut off"
            assert spot.collidelist(spots[number + 1 :]) < 0
            assert not lies(size) or (spot.left > size[0] / 2) == (language != "ar"), (
                "at the edge of the styles"
            )
        last = next(spot for name, spot in chips._spots.items() if name == "loss")
        first = next(iter(chips._spots.values()))
        assert chips.hear(down(*last.center), 0.0) == PickStyle(7)
        dull, bright = (pixels(screen)[spot.centery, spot.left + 3].mean() for spot in (first, last))
        assert bright > 5 * dull
        chips.hidden = True
        chips.draw(screen, view, unit, 0.0)
        assert chips.hear(down(*last.center), 0.0) is None


def test_the_palette_begins_with_the_own_colour_and_goes_from_natural_to_fashion() -> None:
    names = graded()
    assert names[0] == "none" and sorted(names[1:]) == sorted(dye.name for dye in DYES)
    fashion = {"cherry red", "rose", "ocean blue"}
    assert set(names[-3:]) == fashion
    natural = [find(name) for name in names[1:-3]]
    lights = [dye.light for dye in natural if dye is not None]
    assert lights == sorted(lights)


def test_swatches_have_the_colour_of_the_dye() -> None:
    for dye in DYES:
        mean = pixels(swatch(dye.name, 60))[15:45, 15:45].reshape(-1, 3).mean(0)
        assert np.abs(mean - rgb_of(dye)).max() < 26, dye.name


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("window", [(160, 90), (320, 180), (120, 90)])
def test_the_split_shows_the_present_hair_left_and_the_new_right(
    mirrored: bool, window: tuple[int, int]
) -> None:
    before, after = (RNG.integers(0, 256, (90, 160, 3), dtype=np.uint8) for _ in range(2))
    screen, left, right = (pygame.Surface(window, 0, 32) for _ in range(3))
    laid = lay_out((160, 90), Part.whole((160, 90)), window, mirrored)
    where = laid.where
    draw_picture(left, before, laid)
    draw_picture(right, after, laid)
    draw_picture(screen, after, laid)
    line = where.width * 3 // 8
    draw_part(screen, before, laid, where.left, where.left + line)
    shown = pixels(screen)
    assert np.array_equal(shown[:, where.left + line :], pixels(right)[:, where.left + line :])
    apart = np.abs(shown[:, : where.left + line].astype(int) - pixels(left)[:, : where.left + line])
    # To the bit where the picture has the window's size; else the part is scaled by itself.
    assert apart.max() == 0 if window == (160, 90) else apart[:, :-2].mean() < 12


def split_view() -> View:
    before = np.full((480, 640, 3), 40, np.uint8)
    return View(before + 100, "bob", 0, THUMBNAILS, before=before)


def test_the_line_is_dragged_and_stays_in_the_picture() -> None:
    glass = Glass()
    split = Split(glass)
    screen = pygame.Surface((640, 480), 0, 32)
    assert split.hear(key(pygame.K_x), 0.0) is True and split.open
    split.draw(screen, split_view(), 0.667, 0.0)
    assert split.hear(down(100, 300), 0.0) is None, "beside the line"
    assert split.hear(down(325, 300), 0.0) is True
    split.hear(moved(165, 300), 0.0)
    assert split.place == pytest.approx(0.25)
    screen.fill((140, 140, 140))
    split.draw(screen, split_view(), 0.667, 0.0)
    shown = pixels(screen)[460]
    assert (shown[:158] == 40).all() and (shown[163:] == 140).all()
    split.hear(moved(-500, 300), 0.0)
    assert split.place == 0.0
    split.draw(screen, split_view(), 0.667, 0.0)
    split.hear(up(-500, 300), 0.0)
    assert split.hear(moved(400, 300), 0.0) is None and split.place == 0.0
    split.hear(key(pygame.K_x), 0.0)
    assert not split.open


def test_shift_and_an_arrow_move_the_line_and_an_arrow_alone_is_for_others() -> None:
    split, screen = Split(Glass()), pygame.Surface((640, 480), 0, 32)
    split.hear(key(pygame.K_x), 0.0)
    split.draw(screen, split_view(), 0.667, 0.0)
    assert split.hear(key(pygame.K_LEFT), 0.0) is None
    for _ in range(3):
        assert split.hear(key(pygame.K_LEFT, pygame.KMOD_LSHIFT), 0.0) is True
    assert split.place == pytest.approx(0.35)
    for _ in range(30):
        split.hear(key(pygame.K_RIGHT, pygame.KMOD_RSHIFT), 0.0)
    assert split.place == 1.0


def test_there_is_nothing_to_split_while_the_own_hair_is_shown() -> None:
    split, screen = Split(Glass()), pygame.Surface((640, 480), 0, 32)
    split.toggle()
    before = np.zeros((480, 640, 3), np.uint8)
    split.draw(screen, View(before, "bob", before=before), 0.667, 0.0)
    assert not pixels(screen).any()
    assert split.hear(down(320, 300), 0.0) is None


LYING, UPRIGHT = (640, 480), (480, 640)


class Along:
    """A strip in a window, and places along its tiles, pixels from the middle."""

    def __init__(self, size: tuple[int, int], only: tuple[int, ...] | None = None, number: int = 0) -> None:
        self.strip, self.screen = Strip(), pygame.Surface(size, 0, 32)
        self.strip.only = only
        self.strip.wake(0.0)
        for step in range(8):
            self.strip.draw(self.screen, "bob", number, THUMBNAILS, step / 10)

    def at(self, away: int) -> tuple[int, int]:
        x, y = self.strip.tiles.center
        return (x, y + away) if lies(self.screen.get_size()) else (x + away, y)


@pytest.mark.parametrize("size", [LYING, UPRIGHT])
def test_a_touch_picks_and_a_drag_scrolls(size: tuple[int, int]) -> None:
    along = Along(size)
    strip, screen, at = along.strip, along.screen, along.at
    assert strip.hear(down(*at(0)), 0.8) is True
    assert strip.hear(up(*at(1)), 0.8) == PickStyle(0)
    strip.hear(down(*at(0)), 0.9)
    for step in range(5):
        strip.hear(moved(*at(-15 * (step + 1))), 1.0 + step / 30)
    assert strip.hear(up(*at(-75)), 2.0) is True, "held still at the end: no swipe, and nothing picked"
    for step in range(5):
        strip.draw(screen, "bob", 0, THUMBNAILS, 2.0 + step / 10)
    assert strip.hit(at(0)) == 1, "it stays where it was dragged to"
    assert strip.hear(event(pygame.MOUSEWHEEL, x=0, y=-1), 2.4) is True
    strip.draw(screen, "bob", 0, THUMBNAILS, 2.5)
    assert strip.hit(at(0)) == 2
    for step in range(12):
        strip.draw(screen, "bob", 5, THUMBNAILS, 2.6 + step / 10)
        strip.wake(2.6 + step / 10)
    assert strip.hit(at(0)) == 5, "another style brings it to the middle"


@pytest.mark.parametrize("size", [LYING, UPRIGHT])
def test_a_swipe_runs_on(size: tuple[int, int]) -> None:
    along = Along(size)
    strip, screen, at = along.strip, along.screen, along.at
    strip.hear(down(*at(80)), 1.0)
    for step in range(4):
        strip.hear(moved(*at(80 - 25 * (step + 1))), 1.0 + step / 50)
    strip.hear(up(*at(-20)), 1.08)
    strip.draw(screen, "bob", 0, THUMBNAILS, 1.1)
    there = strip._place
    for step in range(5):
        strip.draw(screen, "bob", 0, THUMBNAILS, 1.1 + step / 20)
    assert strip._place > there + 0.5


def test_on_a_screen_that_lies_the_styles_are_at_the_edge_where_lines_end(language: str) -> None:
    strip = Along((1280, 720)).strip
    at_the_right = language != "ar"
    assert all((spot.right > 1280 - 40) == at_the_right for spot in (strip.tiles, strip.name_at))
    upright = Along(UPRIGHT, number=0)
    assert upright.strip.tiles.top > 0.75 * UPRIGHT[1]
    (second,) = (spot for spot, number in upright.strip._spots if number == 1)
    assert (second.centerx > UPRIGHT[0] / 2) == at_the_right, "the second style lies where lines go"


@pytest.mark.parametrize("size", [LYING, UPRIGHT])
def test_a_narrowed_strip_shows_no_more_than_that_and_stars_are_worn(size: tuple[int, int]) -> None:
    along = Along(size, only=(3, 7), number=0)
    hits = [along.strip.hit(along.at(away)) for away in range(-240, 240, 4)]
    assert {hit for hit in hits if hit is not None} == {3, 7}
    assert hits.index(3) < hits.index(7)
    plain = Along(size)
    (spot,) = (spot for spot, number in plain.strip._spots if number == 0)
    corner = np.s_[spot.top : spot.top + 26, spot.right - 26 : spot.right]
    without = pixels(plain.screen)[corner].copy()
    plain.strip.stars = (0,)
    plain.strip.draw(plain.screen, "bob", 0, THUMBNAILS, 0.9)
    assert not np.array_equal(pixels(plain.screen)[corner], without)


def test_favourites_are_kept_and_a_broken_file_is_said(tmp_path: Path) -> None:
    path, screen = tmp_path / "favourites.txt", pygame.Surface((64, 48))
    stars = Favourites(path)
    assert isinstance(stars.hear(key(pygame.K_f, pygame.KMOD_SHIFT), 0.0), Say), "there are none to show"
    stars.draw(screen, View(style_number=2, thumbnails=THUMBNAILS), 1.0, 0.0)
    assert stars.hear(key(pygame.K_f), 0.0) == Say("Favourite: long waves")
    again = Favourites(path)
    again.draw(screen, View(style_number=2, thumbnails=THUMBNAILS), 1.0, 0.0)
    assert again.numbers == (2,) and again.worn
    assert again.hear(key(pygame.K_f, pygame.KMOD_LSHIFT), 0.0) is True and again.only
    again.hear(key(pygame.K_f), 0.0)
    again.draw(screen, View(style_number=2, thumbnails=THUMBNAILS), 1.0, 0.0)
    assert again.numbers == () and not again.only
    again.draw(screen, View(style_number=-1, thumbnails=THUMBNAILS), 1.0, 0.0)
    assert isinstance(again.hear(key(pygame.K_f), 0.0), Say), "a drawn style has no name to keep"
    path.write_bytes(b"\xff\xff")
    broken = Favourites(path)
    assert broken.trouble is not None and "damaged" in broken.trouble and broken.numbers == ()


def test_of_dropped_files_the_first_is_worn() -> None:
    drop = Drop()
    for kind, more in (
        (pygame.DROPBEGIN, {}), (pygame.DROPFILE, {"file": "/a b.jpg"}),
        (pygame.DROPFILE, {"file": "/c.jpg"}),
    ):  # fmt: skip
        assert drop.hear(event(kind, **more), 0.0) in (True, None)
    assert drop.hear(event(pygame.DROPCOMPLETE), 0.0) == WearPhoto(Path("/a b.jpg"), 1)
    assert drop.hear(event(pygame.DROPCOMPLETE), 0.0) is None
    assert isinstance(drop.hear(event(pygame.DROPTEXT, text="https://x"), 0.0), Say)


def test_the_strip_shows_the_persons_own_face_where_it_is_made_and_forgets_it() -> None:
    strip, screen = Strip(), pygame.Surface((1280, 720), 0, 32)
    tiles = tuple((f"style {n}", np.full((32, 32, 3), 60, np.uint8)) for n in range(5))
    strip.wake(0.0)
    strip.own = {2: np.full((32, 32, 3), 200, np.uint8)}
    for now in (0.0, 0.5, 1.0):
        strip.draw(screen, "style 1", 1, tiles, now)
    middles = {number: screen.get_at(spot.center)[:3] for spot, number in strip._spots}
    assert middles[2] == (200, 200, 200) and middles[0] == (60, 60, 60)
    drawn = strip._own_tiles[2][1]
    strip.forget()
    assert not strip._own_tiles and not pixels(drawn).any(), "overwritten, and not only dropped"
    strip.draw(screen, "style 1", 1, tiles, 1.1)
    assert {number: screen.get_at(spot.center)[:3] for spot, number in strip._spots}[2] == (60, 60, 60)
