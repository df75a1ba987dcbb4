"""The idle show: the salon's styles on the portrait that ships, calmly, and nothing of any visitor."""

from __future__ import annotations

import logging
from itertools import product
from pathlib import Path

import numpy as np
import pygame
import pytest

from mirror.app.kiosk.attract import Attract, IdleContent
from mirror.app.kiosk.idle_portraits import MIX, Portrait, idle_portraits
from mirror.app.kiosk.idle_show import IdleShow
from mirror.app.kiosk.salon_logo import plate
from mirror.app.screen import View
from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.files.signature import key_text
from mirror.hair.packs.in_use import open_packs, use_packs
from mirror.hair.packs.portrait import FOLDER, SIZE, portrait_file
from mirror.hair.packs.sealed_file import Content
from mirror.hair.shelf import open_book
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.groups import group_of
from mirror.settings.tables import Packs
from mirror.translation.catalogue import languages
from tests.kiosk_fakes import fake_scene
from tests.make_portraits import wanted
from tests.pack_fakes import TRUSTED, pack_file, portrait, style
from tests.test_app_kiosk_screens import NEARLY_SQUARE, SIZES, check, shown
from tests.test_app_screen_panels import pixels

pytestmark = pytest.mark.usefixtures("unseen_video")
GREYS = (40, 200, 120)
PLACE = pygame.Rect(10, 0, 320, 360)


@pytest.fixture(scope="module")
def book() -> StyleBook:
    return open_book(ENGINES_FOLDER)


@pytest.fixture
def portraits(tmp_path: Path) -> list[Portrait]:
    made = []
    for number, grey in enumerate(GREYS):
        path = tmp_path / f"{number}.webp"
        path.write_bytes(portrait_file(np.full((SIZE[1], SIZE[0], 3), grey, np.uint8)))
        made.append(Portrait(f"Style {number}", path))
    return made


class Watched:
    """A show, and the grey that it draws in the middle of its place."""

    def __init__(self, portraits: list[Portrait], seconds: float = 8.0) -> None:
        self.show = IdleShow(portraits, seconds)
        self.screen = pygame.Surface((400, 360), 0, 32)

    def at(self, now: float, place: pygame.Rect = PLACE) -> int:
        for _ in range(2):  # asked for, and then there
            self.screen.fill((0, 0, 0))
            self.show.draw(self.screen, place, now)
            assert self.show._errands.wait(10.0)
        self.screen.fill((0, 0, 0))
        self.show.draw(self.screen, place, now)
        return int(self.screen.get_at(place.center)[0])


def near(one: int, other: int) -> bool:
    return abs(one - other) <= 4


def test_one_passes_over_into_the_next_and_begins_anew(portraits: list[Portrait]) -> None:
    watched = Watched(portraits)
    assert near(watched.at(0.0), 40) and watched.show.name == "Style 0"
    assert near(watched.at(7.9), 40), "it stays"
    half = watched.at(9.0)
    assert near(half, 120), "halfway through two seconds of fade"
    greys = [watched.at(now) for now in (9.2, 9.6, 9.9)]
    assert greys == sorted(greys) and greys[0] > half and watched.show.name == "Style 1"
    assert near(watched.at(10.1), 200) and near(watched.at(17.9), 200)
    assert near(watched.at(20.3), 120) and watched.show.name == "Style 2"
    watched.at(28.0)
    assert near(watched.at(31.0), 40) and watched.show.name == "Style 0"
    assert watched.screen.get_at((5, 100))[:3] == (0, 0, 0), "nothing beside its place"


def test_with_no_seconds_nothing_moves_until_somebody_was_here(portraits: list[Portrait]) -> None:
    watched = Watched(portraits, 0.0)
    first = watched.at(0.0)
    assert {watched.at(now) for now in (1.0, 100.0, 10_000.0)} == {first}
    watched.show.forget()
    assert not near(watched.at(10_001.0), first), "another day, another portrait"


def test_between_two_portraits_the_loop_only_lays_a_picture(
    portraits: list[Portrait], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(portraits)
    watched.at(0.0)
    watched.at(0.1)  # the next one is ready, too
    monkeypatch.setattr(watched.show._errands, "send", lambda _: pytest.fail("something was made"))
    monkeypatch.setattr(Portrait, "read", lambda _: pytest.fail("something was read"))
    for round_ in range(60):
        watched.at(0.2 + round_ / 8)


def test_what_a_thread_finishes_late_is_not_shown_in_another_size(portraits: list[Portrait]) -> None:
    watched = Watched(portraits)
    watched.show.draw(watched.screen, PLACE, 0.0)
    other = pygame.Rect(0, 0, 200, 300)
    assert watched.at(0.1, other) > 0
    assert watched.show._shown is not None and watched.show._shown.picture.get_size() == other.size


def test_one_that_cannot_be_read_is_said_once_and_passed_over(
    portraits: list[Portrait], caplog: pytest.LogCaptureFixture
) -> None:
    Path(str(portraits[0].where)).write_bytes(b"x")
    Path(str(portraits[2].where)).unlink()
    watched = Watched(portraits)
    with caplog.at_level(logging.WARNING):
        seen = [watched.at(second / 2) for second in range(80)]
    assert near(seen[-1], 200) and {watched.show.name} == {"Style 1"}
    assert sum("Style 0" in line for line in caplog.messages) == 1
    Path(str(portraits[1].where)).unlink()
    watched = Watched(portraits)
    assert watched.at(0.0) == watched.at(1.0) == 0 and watched.show.name == "", "and no end of trying"


def test_every_grown_style_that_ships_has_its_portrait(book: StyleBook) -> None:
    files = {path.stem for path in (ENGINES_FOLDER / FOLDER).glob("*.webp")}
    assert files == set(wanted()), "make them anew: python -m tests.make_portraits"
    for name in ("long waves", "afro", "crew cut"):
        assert Portrait(name, ENGINES_FOLDER / FOLDER / f"{name}.webp").read().std() > 30, "somebody is on it"


def test_without_a_choice_it_is_a_mix_of_all_groups_without_hair_loss(book: StyleBook) -> None:
    found = idle_portraits(book, (), (), ENGINES_FOLDER)
    names = [one.name for one in found]
    assert len(names) == len(set(names)) == MIX
    groups = [group_of(book.find(name).tags) for name in names]
    assert set(groups) >= {"short", "medium", "long", "up", "braids", "colours"} and "loss" not in groups
    assert all(one != other for one, other in zip(groups[:5], groups[1:6], strict=True))
    assert idle_portraits(book, (), (), Path("/nonexistent")) == ()


def test_the_salons_choice_goes_first(book: StyleBook) -> None:
    found = idle_portraits(book, (), ("long waves", "Afro"), ENGINES_FOLDER)
    assert [one.name for one in found] == ["long waves", "afro"]
    for name, why in (
        ("Norwood V", "shows hair loss"),
        ("bald", "painted"),
        ("no such", "There is no style"),
    ):
        with pytest.raises(MirrorError, match=why) as caught:
            idle_portraits(book, (), ("afro", name), ENGINES_FOLDER)
        assert str(caught.value).isprintable()


def test_else_those_of_the_packs(tmp_path: Path) -> None:
    path = pack_file(
        tmp_path / "a.hairpack", style(), style("side part"), Content("portrait", portrait(), "Anna's cap"),
        Content("portrait", portrait(), "side part"),
    )  # fmt: skip
    packs = open_packs(Packs((path,), (key_text(TRUSTED[0]),)))
    use_packs(packs)
    try:
        book = open_book(ENGINES_FOLDER)
        found = idle_portraits(book, packs, (), ENGINES_FOLDER)
        assert {one.name for one in found} == {"Anna's cap", "side part (Salon Anna)"}
        assert all(one.read().shape == (SIZE[1], SIZE[0], 3) for one in found)
        both = idle_portraits(book, packs, ("side part", "Anna's cap"), ENGINES_FOLDER)
        assert [isinstance(one.where, Path) for one in both] == [True, False]
    finally:
        use_packs(())


def dressed(attract: Attract, portraits: list[Portrait], size: tuple[int, int]) -> Attract:
    """The state with a show whose first portrait is there."""
    attract._show = IdleShow(portraits, 8.0)
    for _ in range(2):
        attract.draw(pygame.Surface(size, 0, 32), View(), 0.0)
        assert attract._show._errands.wait(10.0)
    return attract


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    ("screen", "size"), list(product(("attract", "waking"), [*SIZES, *NEARLY_SQUARE, (500, 400)]))
)
def test_its_words_can_be_read_and_lie_on_no_picture(
    screen: str,
    size: tuple[int, int],
    language: str,
    portraits: list[Portrait],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places: list[pygame.Rect] = []
    real_init, real_draw = Attract.__init__, IdleShow.draw

    def with_show(self: Attract, *given: object) -> None:
        real_init(self, *given)  # type: ignore[arg-type]
        self._show = IdleShow(portraits, 8.0)

    def noted(self: IdleShow, surface: pygame.Surface, place: pygame.Rect, now: float) -> None:
        places.append(place)
        real_draw(self, surface, place, now)
        self._errands.wait(10.0)

    monkeypatch.setattr(Attract, "__init__", with_show)
    monkeypatch.setattr(IdleShow, "draw", noted)
    looked = shown(screen, size, language, monkeypatch)
    check(looked, screen, size)
    assert places and pygame.Rect(0, 0, *size).contains(places[-1])
    words = [*(spot for _, spot in looked[1]), *looked[2].values()]
    assert places[-1].collidelist(words) < 0, "nothing lies over chin and hair"
    assert 0.4 <= places[-1].width * places[-1].height / (size[0] * size[1]) <= 0.7


def test_it_is_gone_when_somebody_touches_the_screen(portraits: list[Portrait]) -> None:
    scene, _ = fake_scene()
    attract = dressed(scene.machine.state, portraits, (1280, 720))  # type: ignore[arg-type]
    assert attract._show is not None and attract._show._shown is not None
    scene.machine.go("touched", 1.0)
    assert attract._show._shown is None and attract._show._coming is None


def test_a_logo_stands_in_place_of_the_name_and_is_seen(portraits: list[Portrait]) -> None:
    for colour in (20, 240):
        logo = np.zeros((60, 300, 4), np.uint8)
        logo[10:50, 10:290] = (colour, colour, colour, 255)
        made = plate(logo, (240.0, 100.0), 1.0)
        assert made.get_width() <= 240 and made.get_height() <= 100
        seen = pixels(made).astype(int)
        middle, corner = seen[seen.shape[0] // 2, seen.shape[1] // 2], seen[seen.shape[0] // 2, 3]
        assert abs(int(middle[0]) - colour) < 3 and abs(int(middle[0]) - int(corner[0])) > 150
    scene, _ = fake_scene()
    drawn = []
    for given in (None, logo):
        attract = Attract(scene, IdleContent(logo=given), "Salon Anna")
        surface = pygame.Surface((1280, 720), 0, 32)
        dressed(attract, portraits, (1280, 720)).draw(surface, View(), 0.0)
        drawn.append(pixels(surface))
    changed = (drawn[0] != drawn[1]).any(2)
    assert changed.any() and not changed[:, :640].any(), "the portrait is as it was"
