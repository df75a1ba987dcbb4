"""Panels of the window at home: what lies over the picture where no kiosk has buttons of its own."""

from __future__ import annotations

from collections.abc import Callable

from mirror.app.hair_course import HairCourse, Room
from mirror.app.printing.home_printing import HomePrinting
from mirror.app.screen import Window
from mirror.app.screen.caption import CaptionPanel
from mirror.app.screen.design import unit_of
from mirror.app.screen.panels import Again, Tools
from mirror.app.screen.panels.course_view import strip_room
from mirror.settings.options import Settings


def add_home_panels(window: Window, settings: Settings, course: HairCourse) -> Tools:
    """Lays them over a window that has those of its studio already, and returns the controls."""
    tools = Tools(window, suggests=settings.suggests)
    # Above the pictures that wait, below the countdown: Esc ends that first.
    window.panels.insert(1, window.panels.pop())
    window.beneath.append(CaptionPanel(window))
    window.panels.insert(0, Again(window))  # Enter tries what waits again, first of all
    if settings.print.printer is not None:
        printing = HomePrinting(window.words, settings)
        window.panels.append(printing)
        course.printer = printing.begin
    return tools


def course_room(window: Window) -> Callable[[], Room]:
    """How large a course is shown; a kiosk, which is read from further away, sets its own."""
    return lambda: strip_room(window.size, unit_of(window.size))
