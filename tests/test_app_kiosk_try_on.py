"""What a kiosk's visitors try on: four styles at once, hair loss, and a touch of the strip."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pygame
import pygame_gui
import pytest

from mirror.app.kiosk.four_styles import Four
from mirror.app.kiosk.hair_loss import said
from mirror.app.kiosk.scene import Scene
from mirror.app.screen import (
    Action,
    ChooseDye,
    ChooseShade,
    Narrow,
    PickStyle,
    ShowGrid,
    ShowLoss,
    Trying,
    View,
)
from mirror.app.touch import layout
from mirror.app.touch.layout import shift
from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.core.head_space import HeadTransform
from mirror.hair.loss.hair_loss import WHICH, HairLoss
from mirror.hair.loss.loss_plan import LossPlan
from mirror.hair.loss.natural_colour import NATURAL
from mirror.hair.styles.style_filter import StyleFilter
from mirror.pipeline.distance_check import CLOSER
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.style_grid import Grid
from mirror.tracking.tracked_frame import Seen
from mirror.translation.catalogue import Words, languages
from tests.kiosk_fakes import WHITE, FakeVisit, fake_scene, noted_lines
from tests.test_app_screen_panels import pixels

SIZES = [(1280, 720), (1080, 1920)]
NAMES = tuple((f"Style {n}", np.zeros((8, 8, 3), np.uint8)) for n in range(8))
MARK = "illustration, not a prediction"


pytestmark = pytest.mark.usefixtures("unseen_video")


def tried(size: tuple[int, int] = (1280, 720)) -> tuple[Scene, FakeVisit]:
    """A scene in `try`, somebody in the picture."""
    scene, visit = fake_scene(size)
    for signal in ("touched", "agreed"):
        scene.machine.go(signal, 0.0)
    visit.show()
    return scene, visit


def draw(scene: Scene, view: View, now: float = 0.0) -> pygame.Surface:
    screen = pygame.Surface(scene.window.size, 0, 32)
    scene.draw(screen, view, 1.0, now)
    return screen


def press(scene: Scene, name: str) -> Any:
    button = scene.machine.state._buttons._buttons[name]  # type: ignore[attr-defined]
    return scene.hear(pygame.event.Event(pygame_gui.UI_BUTTON_PRESSED, ui_element=button), 0.0)


def finger(scene: Scene, kind: int, at: tuple[int, int]) -> Any:
    """At a place of what was drawn before everything was moved against burn-in."""
    (x, y), (dx, dy) = at, shift(0.0)
    return scene.hear(pygame.event.Event(kind, button=1, pos=(x + dx, y + dy)), 0.0)


def touch(scene: Scene, at: tuple[int, int]) -> Any:
    finger(scene, pygame.MOUSEBUTTONDOWN, at)
    return finger(scene, pygame.MOUSEBUTTONUP, at)


def labels(scene: Scene) -> set[str]:
    return set(scene.machine.state._buttons._buttons)  # type: ignore[attr-defined]


def mosaic(numbers: tuple[int, ...]) -> Shown:
    """As the mirror makes it: a cell of each number's own grey, (number + 1) * 20."""
    image = np.zeros((360, 640, 3), np.uint8)
    for place, number in enumerate(numbers):
        row, column = divmod(place, 2)
        image[row * 180 : row * 180 + 178, column * 320 : column * 320 + 318] = (number + 1) * 20
    return Shown(Frame(WHITE, 0, 0.0), image, transform=HeadTransform(320.0, 180.0, 200.0, 0.0))


@pytest.mark.parametrize("mirrored", [True, False])
@pytest.mark.parametrize("size", SIZES)
def test_a_cell_shows_the_style_that_its_touch_takes(size: tuple[int, int], mirrored: bool) -> None:
    scene, visit = tried(size)
    scene.window.mirrored = mirrored
    scene.machine.go("compare", 0.0)
    view = View(image=WHITE, style_number=5, thumbnails=NAMES)
    draw(scene, view)
    wish = press(scene, "four")
    assert isinstance(wish, ShowGrid) and set(wish.numbers) == {5, 6, 7, 0}
    visit.last = mosaic(wish.numbers)
    picture = pixels(draw(scene, view))
    four = scene.machine.state._four  # type: ignore[attr-defined]
    cells = sorted(four._cells, key=lambda cell: (cell[0].top, cell[0].left))
    assert [number for _, number in cells] == [5, 6, 7, 0], "read from left to right, from the worn one on"
    dx, dy = shift(0.0)
    for spot, number in cells:
        x, y = spot.centerx + dx, spot.centery + dy
        assert (picture[y, x] == (number + 1) * 20).all()
        assert four.at(spot.center) == number and spot.width > 0.4 * min(size)
    assert touch(scene, cells[2][0].center) == PickStyle(7)
    scene.step(0.1)
    assert scene.machine.name == "try" and visit.wishes == [ShowGrid(())]


def test_a_cell_of_the_four_that_is_still_to_come_is_veiled() -> None:
    scene, visit = tried()
    scene.machine.go("compare", 0.0)
    view = View(image=WHITE, style_number=0, thumbnails=NAMES)
    draw(scene, view)
    wish = press(scene, "four")
    assert isinstance(wish, ShowGrid)
    visit.last = replace(mosaic(wish.numbers), coming=(2,))
    picture = pixels(draw(scene, view))
    dx, dy = shift(0.0)
    for place, (spot, number) in enumerate(scene.machine.state._four._cells):  # type: ignore[attr-defined]
        seen = picture[spot.centery + dy - spot.height // 4, spot.centerx + dx - spot.width // 4]
        assert (seen.mean() < 0.5 * (number + 1) * 20) == (place == 2)


def test_four_styles_toggle_with_before_and_after() -> None:
    scene, visit = tried()
    scene.machine.go("compare", 0.0)
    view = View(image=WHITE, thumbnails=NAMES)
    draw(scene, view)
    assert labels(scene) == {"four", "back"}
    assert touch(scene, (640, 300)) is True, "before and after are for looking"
    press(scene, "four")
    draw(scene, view)
    assert labels(scene) == {"two", "more", "back"}
    assert press(scene, "two") == ShowGrid(())
    press(scene, "back")
    assert scene.machine.name == "try" and visit.wishes == [], "ended once"


def test_the_names_of_before_and_after_give_way_to_hair(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, float]] = []
    real = layout.backed_line
    monkeypatch.setattr(
        layout, "backed_line", lambda screen, words, size, at, **more: said.append((words, at[0])) or real(
            screen, words, size, at, **more)
    )  # fmt: skip
    places = []
    for top in (210.0, 3.0):  # of the head, on a picture of 640 by 360
        scene, visit = tried()
        marks = np.zeros((478, 3), np.float32)
        marks[::2, :2], marks[1::2, :2] = (280, top), (360, 350)
        visit.last = Shown(Frame(WHITE, 0, 0.0), WHITE, Face(marks))
        scene.machine.go("compare", 0.0)
        said.clear()
        draw(scene, View())
        places.append([x for _, x in said])
    (before, after), (aside, other) = places
    assert abs(before - 320) < 5 and abs(after - 960) < 5, "in the middle of their halves"
    assert aside < before - 100 and other < after - 100, "in a corner"


@pytest.mark.parametrize("signal", ["back", "idle", "failed"])
def test_leaving_compare_ends_the_four(signal: str) -> None:
    scene, visit = tried()
    scene.machine.go("compare", 0.0)
    draw(scene, View(image=WHITE, thumbnails=NAMES))
    press(scene, "four")
    scene.machine.go(signal, 1.0)
    assert scene.machine.name != "compare" and visit.wishes == [ShowGrid(())]


def test_a_finger_that_slides_to_another_cell_takes_none() -> None:
    scene, visit = tried()
    scene.machine.go("compare", 0.0)
    draw(scene, View(image=WHITE, thumbnails=NAMES))
    press(scene, "four")
    draw(scene, View(image=WHITE, thumbnails=NAMES))
    one, two = (spot.center for spot, _ in scene.machine.state._four._cells[:2])  # type: ignore[attr-defined]
    finger(scene, pygame.MOUSEBUTTONDOWN, one)
    assert finger(scene, pygame.MOUSEBUTTONUP, two) is True
    scene.step(0.1)
    assert scene.machine.name == "compare" and visit.wishes == []


def test_a_mosaic_is_told_from_other_pictures() -> None:
    frame = Frame(WHITE, 0, 0.0)
    made = Grid((0, 1, 2, 3)).show(Seen(frame), None, 0.0)  # type: ignore[arg-type]
    assert Shown(frame, made).mosaic and not Shown(frame, frame.image).mosaic
    assert not Shown(frame, made, laid=object()).mosaic  # type: ignore[arg-type]


def test_a_book_of_three_styles_fills_four_cells() -> None:
    assert sorted(Four().ask(range(3), 0, False).numbers) == [0, 0, 1, 2]


def lost(amount: float = 0.0, step: str = "your hair today") -> View:
    return View(image=WHITE, trying=Trying(loss=amount, loss_words=step), mark=MARK)


def slider_at(scene: Scene, share: float) -> tuple[int, int]:
    slider = scene.machine.state._loss._slider  # type: ignore[attr-defined]
    room = slider.rect.width - slider.sliding_button_width
    return round(slider.rect.left + slider.sliding_button_width / 2 + share * room), slider.rect.centery


def moved(scene: Scene) -> list[Any]:
    """What the events that the slider posted come to."""
    return [wish for event in pygame.event.get() if isinstance(wish := scene.hear(event, 0.0), ShowLoss)]


@pytest.mark.parametrize("size", SIZES)
def test_a_finger_on_the_slider_shows_hair_loss(size: tuple[int, int]) -> None:
    scene, _ = tried(size)
    draw(scene, View(image=WHITE))
    assert press(scene, "loss") == ShowLoss(0.0) and scene.window.strip.hidden
    draw(scene, lost())
    slider = scene.machine.state._loss._slider  # type: ignore[attr-defined]
    assert slider.rect.height >= 0.1 * min(size) and slider.rect.width >= 0.7 * min(size)
    for share, amount in ((0.0, -1.0), (1.0, 1.0), (0.51, 0.0), (0.25, -0.5)):
        pygame.event.clear()
        touch(scene, slider_at(scene, share))
        wishes = moved(scene)
        assert wishes and wishes[-1].amount == pytest.approx(amount, abs=0.02)
        draw(scene, lost(amount))


@pytest.mark.parametrize("size", SIZES)
def test_asked_for_a_colour_a_visitor_touches_one_and_grows_hair(size: tuple[int, int]) -> None:
    scene, _ = tried(size)
    draw(scene, View(image=WHITE))
    press(scene, "loss")
    asked = replace(lost(1.0, WHICH), trying=Trying(loss=1.0, loss_words=WHICH, shades=NATURAL))
    draw(scene, asked)
    spots = scene.machine.state._loss._shades  # type: ignore[attr-defined]
    assert tuple(spots) == NATURAL and min(spot.width for spot in spots.values()) >= 0.06 * min(size)
    assert finger(scene, pygame.MOUSEBUTTONDOWN, spots["copper"].center) == ChooseShade("copper")
    draw(scene, replace(asked, trying=replace(asked.trying, shade="copper")))
    assert not scene.machine.state._loss._shades  # type: ignore[attr-defined]
    assert scene.machine.state._loss._slider is not None, "the slider is back"  # type: ignore[attr-defined]


def test_back_to_styles_ends_hair_loss() -> None:
    scene, visit = tried()
    draw(scene, View(image=WHITE))
    press(scene, "loss")
    draw(scene, lost())
    assert labels(scene) == {"styles", "own", "scale", "course", "picture", "done"}
    assert press(scene, "picture") is Action.SNAPSHOT
    assert press(scene, "styles") == ShowLoss(None) and not scene.window.strip.hidden
    draw(scene, View(image=WHITE))
    assert "loss" in labels(scene)
    scene.machine.go("compare", 0.0)
    assert visit.wishes == [], "ended once"


def test_a_style_that_is_picked_ends_hair_loss() -> None:
    scene, _ = tried()
    draw(scene, View(image=WHITE))
    press(scene, "loss")
    draw(scene, lost())
    right = pygame.event.Event(pygame.KEYDOWN, key=pygame.K_RIGHT, mod=0, unicode="", scancode=0)
    assert scene.hear(right, 0.0) is Action.NEXT
    draw(scene, View(image=WHITE))  # what the mirror shows from then on
    assert not scene.window.strip.hidden and not scene.machine.state._loss.open  # type: ignore[attr-defined]


@pytest.mark.parametrize("signal", ["done", "idle", "failed"])
def test_leaving_try_ends_hair_loss(signal: str) -> None:
    scene, visit = tried()
    draw(scene, View(image=WHITE))
    press(scene, "loss")
    draw(scene, lost())
    scene.machine.go(signal, 0.0)
    assert visit.wishes == [ShowLoss(None)] and not scene.window.strip.hidden


def test_a_visitor_too_far_away_is_told_to_come_closer(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = noted_lines(monkeypatch)
    scene, _ = tried()
    draw(scene, View(image=WHITE, problem=CLOSER))
    assert scene.words("closer") in dict(lines) and scene.words("no_picture") not in dict(lines)
    lines.clear()
    draw(scene, View(image=WHITE, problem="camera 0 vanished"))
    assert scene.words("no_picture") in dict(lines) and scene.words("closer") not in dict(lines)


def test_the_line_is_there_as_long_as_a_picture_shows_hair_loss_in_compare_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = noted_lines(monkeypatch)
    scene, _ = tried()
    said_so = scene.words("illustration")

    def seen(view: View) -> bool:
        lines.clear()
        draw(scene, view)
        return said_so in dict(lines)

    assert not seen(View(image=WHITE))
    press(scene, "loss")
    assert seen(lost(-0.5, "Norwood IV"))
    press(scene, "styles")
    assert seen(View(image=WHITE, mark=MARK)), "it crosses over to the style"
    assert not seen(View(image=WHITE))
    press(scene, "compare")
    assert scene.machine.name == "compare"
    tags = (("bob",), ("short", "hair loss"), ("long",), ("bald",))
    assert not seen(View(image=WHITE)) and seen(View(image=WHITE, mark=MARK))
    view = View(image=WHITE, thumbnails=NAMES[:4], tags=tags, mark=MARK)
    draw(scene, view)
    press(scene, "four")
    lines.clear()
    draw(scene, view)
    starred = [line for line, _ in lines if line.endswith(" *")]
    assert starred == ["Style 1 *", "Style 3 *"] and f"* {said_so}" in dict(lines)


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_step_of_hair_loss_is_said_in_the_visitors_language(language: str) -> None:
    words = Words(language)
    loss = HairLoss.__new__(HairLoss)
    loss.plan = LossPlan()
    loss.amount = None
    heard = set()
    for present in (0.0, 2.0, 5.0, 7.0):
        loss._present = present
        heard |= {said(loss.words(amount / 20), words) for amount in range(-20, 21)}
    own = {words(key) for key in ("loss_today", "loss_full", "loss_thinner", "loss_bald")}
    assert own < heard
    begin, end = words("loss_grown", stage="|").split("|")
    for step in heard - own:
        stage = step.removeprefix(begin).removesuffix(end)
        assert stage.startswith("Norwood ") or stage in own, step


def test_a_touch_and_a_swipe_reach_the_strip() -> None:
    scene, _ = tried()
    screen = draw(scene, View(image=WHITE))
    strip, up = scene.window.strip, pygame.MOUSEBUTTONUP
    for now in (0.0, 0.2, 0.4):
        strip.wake(now)
        strip.draw(screen, "Style 0", 0, NAMES, now)
    spot, number = next((spot, number) for spot, number in strip._spots if number == 2)
    heard = []
    for kind in (pygame.MOUSEBUTTONDOWN, up):
        event = pygame.event.Event(kind, button=1, pos=spot.center)
        assert scene.hear(event, 0.4) is None
        heard.append(strip.hear(event, 0.4))
    assert heard == [True, PickStyle(number)]
    move = pygame.event.Event(pygame.MOUSEMOTION, pos=spot.center, rel=(9, 0), buttons=(1, 0, 0))
    assert scene.hear(move, 0.4) is None


def test_every_button_and_the_slider_are_reached_by_keys() -> None:
    scene, _ = tried()
    draw(scene, View(image=WHITE))
    press(scene, "loss")
    draw(scene, lost())
    focus = scene.machine.state._buttons._focus  # type: ignore[attr-defined]

    def key(code: int) -> Any:
        heard = scene.hear(pygame.event.Event(pygame.KEYDOWN, key=code, mod=0, unicode="", scancode=0), 0.0)
        draw(scene, lost())
        return heard

    reached = []
    for _ in range(8):
        assert key(pygame.K_TAB) is True
        reached.append(focus.at)
    slider = next(name for name in reached if name not in labels(scene))
    assert set(reached) == labels(scene) | {slider}
    while focus.at != slider:
        key(pygame.K_TAB)
    wish = key(pygame.K_RIGHT)
    assert isinstance(wish, ShowLoss) and wish.amount is not None and wish.amount > 0
    while focus.at != "picture":
        key(pygame.K_TAB)
    assert key(pygame.K_RETURN) is Action.SNAPSHOT


@pytest.mark.parametrize("size", [*SIZES, (1920, 1080), (500, 400)])
def test_a_visitor_chooses_a_shade_from_the_grid_by_touch_and_by_keys(size: tuple[int, int]) -> None:
    scene, _ = tried(size)
    view = View(image=WHITE, style_number=0, thumbnails=NAMES, trying=Trying(dye="7/1 ash"))
    draw(scene, view)
    assert press(scene, "colour") is True
    for _ in range(2):  # where the buttons lie follows from where the grid does
        draw(scene, view)
    grid = scene.machine.state._cards.shades  # type: ignore[attr-defined]
    assert grid.open and scene.window.strip.hidden and pygame.Rect(0, 0, *size).contains(grid.where)
    buttons = scene.machine.state._buttons._buttons  # type: ignore[attr-defined]
    assert set(buttons) == {"styles", "own", "picture", "done"}
    assert not any(grid.where.colliderect(button.rect) for button in buttons.values())
    down = pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(0, 0))
    (x, y), (dx, dy) = grid._spots.cells[24].center, shift(0.0)
    down.pos = (x + dx, y + dy)
    assert scene.hear(down, 0.0) == ChooseDye("4/3 golden")
    for code, wanted in (
        (pygame.K_TAB, True),
        (pygame.K_DOWN, True),
        (pygame.K_RETURN, ChooseDye("8/1 ash")),
    ):
        assert scene.hear(pygame.event.Event(pygame.KEYDOWN, key=code, mod=0, unicode=""), 0.0) == wanted
    assert press(scene, "styles") is True
    draw(scene, view)
    assert not grid.open and not scene.window.strip.hidden
    press(scene, "colour")
    scene.machine.state.leave()  # the next visitor begins without it
    assert not grid.open


@pytest.mark.parametrize("size", SIZES)
def test_a_visitor_narrows_what_strip_and_four_show(size: tuple[int, int]) -> None:
    scene, visit = tried(size)
    tags = tuple((("long",) if n % 3 == 0 else ("short",)) for n in range(8))
    view = View(image=WHITE, style_number=1, thumbnails=NAMES, tags=tags)
    draw(scene, view)
    assert press(scene, "filter") is True
    draw(scene, view)
    card = scene.machine.state._cards.filter  # type: ignore[attr-defined]
    assert labels(scene) == {"styles", "own", "picture", "done"} and scene.window.strip.hidden
    wish = finger(scene, pygame.MOUSEBUTTONDOWN, card._spots.chips["length", "long"].center)
    assert wish == Narrow(StyleFilter(length="long"))
    view = replace(view, trying=Trying(filter=wish.filter, left=(0, 3, 6)))
    press(scene, "styles")
    draw(scene, view)
    assert not card.open and scene.window.strip.only == (0, 3, 6)
    told = {name: label for name, label, _ in scene.machine.state._buttons._laid}  # type: ignore[attr-defined]
    assert told["filter"] == "Filter (3)", "that something is left out is seen"
    scene.machine.go("compare", 0.0)
    assert scene.window.strip.only is None
    draw(scene, view)
    asked = press(scene, "four")
    assert isinstance(asked, ShowGrid) and set(asked.numbers) == {0, 3, 6}


def test_a_card_that_was_left_open_is_closed_with_the_visit() -> None:
    scene, visit = tried()
    draw(scene, View(image=WHITE, thumbnails=NAMES))
    press(scene, "filter")
    card = scene.machine.state._cards.filter  # type: ignore[attr-defined]
    assert card.open
    scene.machine.go("idle", 1.0)
    assert scene.machine.name != "try" and not card.open


@pytest.mark.parametrize("size", SIZES)
def test_back_and_forward_are_pressed_once_there_is_a_way(size: tuple[int, int]) -> None:
    scene, visit = tried(size)
    view = View(image=WHITE, thumbnails=NAMES)
    draw(scene, view)
    assert press(scene, "look_before") is True and press(scene, "look_after") is True
    draw(scene, replace(view, trying=Trying(ways=(True, False))))
    assert press(scene, "look_before") == Action.BACK and press(scene, "look_after") is True
    draw(scene, replace(view, trying=Trying(ways=(True, True))))
    assert press(scene, "look_after") == Action.FORWARD
    places = scene.machine.state._buttons._buttons  # type: ignore[attr-defined]
    before, after, surprise = (places[name].rect for name in ("look_before", "look_after", "surprise"))
    assert before.right < after.left and before.top == after.top > surprise.bottom
