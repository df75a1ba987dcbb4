"""Favourites of one visit, and styles that are like one: by touch, in a kiosk, forgotten with the visitor."""

from __future__ import annotations

from typing import Any

import numpy as np
import pygame
import pytest

from mirror.app.kiosk.marked_styles import Marked
from mirror.app.screen import Action, PickStyle, ShowGrid, Trying, View
from mirror.app.touch import layout
from tests.kiosk_fakes import WHITE, noted_lines
from tests.test_app_kiosk_try_on import draw, labels, press, touch, tried

pytestmark = pytest.mark.usefixtures("unseen_video")
SIZES = [(1280, 720), (1920, 1080), (1080, 1920), (500, 400)]
TILES = tuple((f"Style {n}", np.full((64, 64, 3), 90, np.uint8)) for n in range(8))
TAGS = (("short",), ("long",), ("short",), ("long",), ("short",), ("long",), ("short",), ("long",))


def worn(number: int, **trying: Any) -> View:
    return View(image=WHITE, style_number=number, thumbnails=TILES, tags=TAGS, trying=Trying(**trying))


def test_a_touch_marks_what_is_worn_and_another_takes_the_mark_away(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = noted_lines(monkeypatch)
    scene, _ = tried()
    draw(scene, worn(3))
    state: Any = scene.machine.state
    assert {"mark", "marked", "alike"} <= labels(scene) and "marked" in state._buttons.dead
    assert press(scene, "mark") is True
    draw(scene, worn(3))
    assert "Favourite: Style 3" in dict(lines) and scene.window.strip.stars == (3,)
    shown = {name: label for name, label, _ in state._buttons._laid}
    assert shown["mark"] == "★" and shown["marked"] == "★ 1" and "marked" not in state._buttons.dead
    press(scene, "mark")
    draw(scene, worn(3))
    assert "Style 3 is no favourite any more" in dict(lines) and scene.window.strip.stars == ()


def test_only_the_marked_are_there_for_strip_and_arrows() -> None:
    scene, _ = tried()
    for number in (6, 1, 4):
        draw(scene, worn(number))
        press(scene, "mark")
    draw(scene, worn(4))
    assert press(scene, "next") is Action.NEXT
    press(scene, "marked")
    draw(scene, worn(4))
    state: Any = scene.machine.state
    assert scene.window.strip.only == (1, 4, 6) and state._buttons.on == ["marked"]
    assert press(scene, "next") == PickStyle(6) and press(scene, "previous") == PickStyle(1)
    draw(scene, worn(6))
    assert press(scene, "next") == PickStyle(1), "round and round"
    draw(scene, worn(6, left=(4, 5, 6)))
    assert scene.window.strip.only == (4, 6), "of those that the filter leaves"
    press(scene, "marked")
    draw(scene, worn(6))
    assert scene.window.strip.only is None


def test_what_is_no_style_of_the_book_cannot_be_marked() -> None:
    scene, _ = tried()
    draw(scene, worn(-1))
    state: Any = scene.machine.state
    assert {"mark", "alike"} <= set(state._buttons.dead)
    press(scene, "mark")
    assert scene.marked.numbers == () and press(scene, "alike") is True


@pytest.mark.parametrize("signal", ["done", "idle", "failed", "next"])
def test_marks_are_forgotten_with_the_visitor(signal: str) -> None:
    scene, _ = tried()
    draw(scene, worn(3))
    press(scene, "mark")
    press(scene, "marked")
    scene.machine.go("compare", 0.1)
    scene.machine.go("back", 0.2)
    assert scene.marked.numbers == (3,), "as long as they are here"
    scene.machine.go(signal, 0.3)
    if signal == "failed":
        scene.machine.go("well", 0.4)
    assert scene.marked.numbers == () and not scene.marked.only
    assert scene.window.strip.stars == () and scene.window.strip.only is None


def test_styles_like_the_worn_one_come_four_by_four_the_likest_first() -> None:
    scene, visit = tried()
    draw(scene, worn(2))
    assert press(scene, "alike") is True and scene.machine.name == "compare"
    draw(scene, worn(2))
    (first,) = visit.wishes
    assert isinstance(first, ShowGrid) and set(first.numbers) == {0, 2, 4, 6}, "those as short"
    draw(scene, worn(2))
    assert visit.wishes == [first], "asked once"
    second = press(scene, "more")
    assert isinstance(second, ShowGrid) and set(second.numbers) == {1, 3, 5, 7}
    assert set(press(scene, "more").numbers) == set(first.numbers)
    draw(scene, worn(2))
    state: Any = scene.machine.state
    spot, number = state._four._cells[0]
    assert touch(scene, spot.center) == PickStyle(number)
    scene.step(0.1)
    assert scene.machine.name == "try"
    scene.machine.go("compare", 0.2)
    draw(scene, worn(number))
    assert not state.shows_four, "comparing begins with before and after, as always"


def test_what_is_like_a_favourite_need_be_none() -> None:
    scene, visit = tried()
    draw(scene, worn(2))
    press(scene, "mark")
    press(scene, "marked")
    press(scene, "alike")
    draw(scene, worn(2))
    assert set(visit.wishes[0].numbers) == {0, 2, 4, 6}
    draw(scene, worn(2))
    state: Any = scene.machine.state
    touch(scene, next(spot for spot, number in state._four._cells if number == 4).center)
    scene.step(0.1)
    draw(scene, worn(4))
    assert scene.window.strip.only is None and scene.marked.numbers == (2,)


def test_only_what_the_filter_leaves_is_alike() -> None:
    scene, visit = tried()
    draw(scene, worn(2, left=(1, 2, 3, 4, 5)))
    press(scene, "alike")
    draw(scene, worn(2, left=(1, 2, 3, 4, 5)))
    assert set(visit.wishes[0].numbers) <= {1, 2, 3, 4, 5} and {2, 4} <= set(visit.wishes[0].numbers)


@pytest.mark.parametrize("size", SIZES)
def test_buttons_are_large_enough_and_over_nothing(size: tuple[int, int]) -> None:
    scene, _ = tried(size)
    for view, go in ((worn(2), ""), (worn(2), "alike")):
        if go:
            press(scene, go)
        draw(scene, view)
        buttons = {n: one.rect for n, one in scene.machine.state._buttons._buttons.items()}  # type: ignore[attr-defined]
        unit = layout.unit_of(size)
        for name, rect in buttons.items():
            assert pygame.Rect(0, 0, *size).contains(rect), name
            assert min(rect.size) >= 40 * unit - 1, f"{name} is {rect.size}"
            assert not any(rect.colliderect(other) for n, other in buttons.items() if n != name), name


def test_a_mark_that_the_filter_leaves_out_is_no_dead_end() -> None:
    marked = Marked()
    marked.toggle(2)
    marked.filter()
    assert marked.among((5, 6)) == (2,) and marked.among(None) == (2,)
    marked.toggle(2)
    assert not marked.only and marked.among((5, 6)) == (5, 6)
