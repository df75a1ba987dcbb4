"""The page about hair loss on paper from a window at home, in any number; what fails is said."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pygame
import pygame_gui
import pytest

from mirror.app.hair_course import HairCourse
from mirror.app.printing.home_printing import HomePrinting
from mirror.app.printing.printer import Paper
from mirror.app.screen import CloseCourse, PrintPage, View
from mirror.app.screen.panels.course_view import CourseView
from mirror.app.screen.view import CourseSeen
from mirror.settings import kiosk_pin
from mirror.settings.options import Settings
from mirror.settings.tables import Print
from mirror.translation.catalogue import Words
from tests.test_app_kiosk_keepsakes import until
from tests.test_app_printing_print_sheet import printed, without_a_printer
from tests.test_app_sharing_doctor_page import COURSE

pytestmark = pytest.mark.usefixtures("unseen_video")
__all__ = ["printed"]
STRIP = View(course=CourseSeen(np.full((300, 576, 3), 90, np.uint8), 9, 9, prints=True))


def opened(**given: Any) -> HomePrinting:
    pygame.font.init()
    panel = HomePrinting(Words("en"), Settings(print=Print("default", free=1, most=3), **given))
    panel.begin(Paper(bytearray(b"%PDF-"), page=True))
    draw(panel)
    return panel


def draw(panel: HomePrinting, view: View = STRIP) -> None:
    panel.draw(pygame.Surface((640, 480)), view, 0.6, 0.0)


def press(panel: HomePrinting, name: str) -> Any:
    button = panel._sheet._buttons._buttons[name]
    heard = panel.hear(pygame.event.Event(pygame_gui.UI_BUTTON_PRESSED, ui_element=button), 0.0)
    draw(panel)
    return heard


def test_at_home_nobody_counts_copies(printed: list[tuple[bytes, int]]) -> None:
    panel = opened()
    for _ in range(2):
        for _ in range(4):
            assert press(panel, "more") is True, "nobody else hears it"
        press(panel, "print_now")
    until(lambda: printed == [(b"%PDF-", 3)] * 2)


def test_with_a_pin_they_are_counted_at_home_too(printed: list[tuple[bytes, int]]) -> None:
    panel = opened(pin=kiosk_pin.make("2593"))
    press(panel, "more")
    press(panel, "print_now")
    for digit in ("2", "5", "9", "3", "ok"):
        press(panel, digit)
    until(lambda: printed == [(b"%PDF-", 2)])


def test_what_the_printer_says_is_read_in_full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_a_printer(monkeypatch, tmp_path)
    panel = opened()
    press(panel, "print_now")
    until(lambda: "Nothing was printed on default: no such printer" in panel._sheet._said)
    draw(panel)
    buttons = panel._sheet._buttons._buttons.values()
    assert all(pygame.Rect(0, 0, 640, 480).contains(button.rect) for button in buttons)


def test_it_closes_with_escape_and_with_the_course_and_keeps_nothing() -> None:
    for closing in (
        lambda panel: panel.hear(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE, mod=0), 0.0),
        lambda panel: draw(panel, View()),
    ):
        panel = opened()
        paper = panel._sheet._made
        assert paper is not None
        closing(panel)
        assert not panel._sheet.open and not any(paper.content)
        assert panel.hear(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_a, mod=0), 0.0) is None


def test_the_button_is_there_where_there_is_a_printer_and_hands_over_the_page() -> None:
    from mirror.app.sharing.doctor_page import Visit
    from mirror.hair.loss.loss_plan import LossPlan

    pygame.font.init()
    live: Any = SimpleNamespace(mirror=None)
    course = HairCourse(live, live, SimpleNamespace(words=Words("en")), lambda: ((576, 400), 14))
    asked: Any = SimpleNamespace(card=SimpleNamespace(pictures=[], looks=[]))
    course._asked, course._visit = asked, Visit(COURSE, COURSE.today.copy(), LossPlan(), "x", None, "now")
    view, screen = CourseView(), pygame.Surface((640, 480))
    view.draw(screen, View(course=course.seen), 0.6, 0.0)
    assert set(view._buttons) == {"keep", "close"}
    pages: list[Paper] = []
    course.printer = pages.append
    view.draw(screen, View(course=course.seen), 0.6, 0.0)
    assert set(view._buttons) == {"keep", "print", "close"}
    wish = view.hear(
        pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=view._buttons["print"].center), 0.0
    )
    assert wish == PrintPage() and course.obey(PrintPage(), None)
    assert pages[0].page and pages[0].content[:5] == b"%PDF-"
    assert course.obey(CloseCourse(), None) and course.seen is None
