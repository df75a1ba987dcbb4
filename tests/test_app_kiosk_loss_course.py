"""A year of hair in a kiosk: asked for below the slider, on the whole screen, on paper, and put away."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pygame
import pytest

from mirror.app.kiosk.loss_course import strip_room
from mirror.app.kiosk.scene import Scene
from mirror.app.printing.printer import Paper
from mirror.app.screen import ChooseScale, CloseCourse, ShowCourse, Trying, View
from mirror.app.screen.design import FAR
from mirror.app.screen.view import CourseSeen
from mirror.hair.loss.loss_plan import LUDWIG, LossPlan
from mirror.settings import kiosk_pin
from mirror.settings.tables import Print
from mirror.translation.message import Message
from tests.kiosk_fakes import WHITE, FakeVisit, fake_scene, noted_lines
from tests.test_app_kiosk_keepsakes import until
from tests.test_app_printing_print_sheet import printed

pytestmark = pytest.mark.usefixtures("unseen_video")
__all__ = ["printed"]
SIZES = [(1280, 720), (1920, 1080), (1080, 1920), (500, 400)]
SHOWN = View(image=WHITE, trying=Trying(loss=-0.5, loss_words="Norwood IV"), mark="illustration")


def begun(size: tuple[int, int] = (1280, 720), **given: Any) -> tuple[Scene, FakeVisit]:
    """A visitor at the slider of hair loss."""
    scene, visit = fake_scene(size, **given)
    for signal in ("touched", "agreed"):
        scene.machine.go(signal, 0.0)
    visit.show()
    visit.display.course = SimpleNamespace(page=lambda: Paper(bytearray(b"%PDF-"), page=True))
    draw(scene, View(image=WHITE))
    press(scene, "loss")
    draw(scene, SHOWN)
    return scene, visit


def draw(scene: Scene, view: View) -> None:
    scene.draw(pygame.Surface(scene.window.size, 0, 32), view, 1.0, 0.1)


def press(scene: Scene, name: str) -> Any:
    state: Any = scene.machine.state
    for holder in (scene.printing, state._course, state):
        button = holder._buttons._buttons.get(name)
        if button is not None and (holder is state or holder.open):
            import pygame_gui

            return scene.hear(pygame.event.Event(pygame_gui.UI_BUTTON_PRESSED, ui_element=button), 0.1)
    raise AssertionError(f"no {name}")


def of(scene: Scene, done: bool = True) -> View:
    (wide, tall), _ = strip_room(scene.window.size)
    return replace(
        SHOWN, course=CourseSeen(np.full((tall, wide, 3), 90, np.uint8)) if done else CourseSeen(None, 2, 9)
    )


def test_the_scale_is_chosen_and_named_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = noted_lines(monkeypatch)
    scene, _ = begun()
    assert press(scene, "scale") == ChooseScale(LUDWIG)
    grown = Trying(loss=0.5, loss_words="grown back to Ludwig I", plan=LossPlan(scale=LUDWIG))
    draw(scene, replace(SHOWN, trying=grown))
    assert "Grown back to Ludwig I, wider parting" in dict(lines)
    assert press(scene, "scale") == ChooseScale("Norwood")
    state: Any = scene.machine.state
    assert "Ludwig (women)" in next(label for name, label, _ in state._buttons._laid if name == "scale")


@pytest.mark.parametrize("size", SIZES)
def test_a_year_fills_the_screen_with_words_that_are_read_from_afar(size: tuple[int, int]) -> None:
    scene, _ = begun(size, print=Print("default"))
    assert press(scene, "course") == ShowCourse()
    draw(scene, of(scene, done=False))
    state: Any = scene.machine.state
    assert set(state._course._buttons._buttons) == {"back"}, "it can be put away while it is painted"
    draw(scene, of(scene))
    (wide, tall), letters = strip_room(size)
    assert letters == round(FAR.body * min(size) / 720)
    buttons = {name: one.rect for name, one in state._course._buttons._buttons.items()}
    assert set(buttons) == {"print", "back"}
    for rect in buttons.values():
        assert pygame.Rect(0, 0, *size).contains(rect) and rect.height >= 0.1 * min(size)
        assert rect.top >= tall, "no button lies on it"
    assert wide <= size[0]
    assert press(scene, "back") == CloseCourse()
    draw(scene, SHOWN)
    assert not state._course.open and state._loss.open, "back at the slider"


def test_a_page_of_it_is_printed_and_more_copies_than_are_free_need_the_pin(
    printed: list[tuple[bytes, int]],
) -> None:
    scene, _ = begun(print=Print("default", free=1), pin=kiosk_pin.make("2593"))
    press(scene, "course")
    draw(scene, of(scene))
    press(scene, "print")
    draw(scene, of(scene))
    press(scene, "print_now")
    until(lambda: printed == [(b"%PDF-", 1)])
    press(scene, "print_now")
    draw(scene, of(scene))
    for digit in ("2", "5", "9", "3", "ok"):
        press(scene, digit)
    until(lambda: len(printed) == 2)
    paper = scene.printing._made
    assert paper is not None
    scene.machine.go("done", 0.2)
    assert not scene.printing.open and not any(paper.content), "wiped with the visit"


def test_without_a_printer_there_is_no_such_button() -> None:
    scene, _ = begun()
    press(scene, "course")
    draw(scene, of(scene))
    state: Any = scene.machine.state
    assert set(state._course._buttons._buttons) == {"back"}


def test_why_there_is_no_year_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = noted_lines(monkeypatch)
    scene, _ = begun()
    press(scene, "course")
    told = Message("No face is looking this way. Look at the mirror and try again.")
    draw(scene, replace(SHOWN, message=told))
    assert told in dict(lines)
    lines.clear()
    draw(scene, replace(SHOWN, message=Message("The tour goes on")))
    assert "The tour goes on" not in dict(lines), "what nobody asked for is not theirs"


@pytest.mark.parametrize("signal", ["done", "idle", "next", "failed"])
def test_leaving_puts_the_year_away(signal: str) -> None:
    scene, visit = begun()
    press(scene, "course")
    draw(scene, of(scene))
    scene.machine.go(signal, 0.2)
    assert CloseCourse() in visit.wishes


def test_a_style_from_the_tablet_puts_the_year_away() -> None:
    scene, visit = begun()
    press(scene, "course")
    draw(scene, replace(of(scene), trying=Trying()))
    assert visit.wishes == [CloseCourse()]


@pytest.mark.parametrize("done", [False, True])
def test_a_year_that_was_closed_elsewhere_explains_nothing(
    done: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = noted_lines(monkeypatch)
    scene, _ = begun()
    press(scene, "course")
    draw(scene, of(scene, done=done))
    draw(scene, SHOWN)  # the tablet has closed it
    draw(scene, replace(SHOWN, message=Message("The tour goes on")))
    assert "The tour goes on" not in dict(lines)


def test_a_year_that_cannot_be_finished_is_still_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = noted_lines(monkeypatch)
    scene, _ = begun()
    press(scene, "course")
    draw(scene, of(scene, done=False))
    told = Message("No face is looking this way. Look at the mirror and try again.")
    draw(scene, replace(SHOWN, message=told))
    assert told in dict(lines)
