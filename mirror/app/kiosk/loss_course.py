"""Loss course: a year of the visitor's hair over the whole screen, and a page of it on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from mirror.app.screen import CloseCourse, ShowCourse, View, Wish
from mirror.app.touch import layout
from mirror.app.touch.buttons import Buttons, Place

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

_MARGIN, _TALL, _WIDE, _GAP = 24.0, 76.0, 300.0, 16.0  # units


def strip_room(size: tuple[int, int]) -> tuple[tuple[int, int], int]:
    """Width and height of the strip on a screen of `size`, and the size of its words, pixels."""
    unit = layout.unit_of(size)
    wide = round(size[0] - 2 * _MARGIN * unit)
    return (wide, round(size[1] - (3 * _MARGIN + _TALL) * unit)), max(1, round(layout.BODY * unit))


class LossCourse:
    """Seen as long as the view has a course.

    Attributes:
        open: whether it covers the picture; while it is painted the picture stays.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._buttons = Buttons("back")
        self.open = self._asked = False

    def begin(self) -> Wish:
        """Asks for one."""
        self._asked = True
        return ShowCourse()

    def refused(self, view: View) -> bool:
        """Whether the view says why there is none, though one was asked for."""
        was, self.open = self.open, False
        refused = self._asked and view.message is not None
        # One that was seen and is gone without a word was closed: what is said next is of something else.
        self._asked = self._asked and not refused and not was
        return refused

    def leave(self) -> bool:
        """Closes; whether there was one to close."""
        self._scene.printing.close()
        was, self.open = self.open or self._asked, False
        self._asked = False
        return was

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        """Draws it."""
        course = view.course
        assert course is not None
        self.open = True
        size = screen.get_size()
        unit = layout.unit_of(size)
        across, down = size[0] / unit, size[1] / unit
        names = ["back"] if course.strip is None or not self._scene.printing.offers else ["print", "back"]
        self._buttons.lay(size, self._places(names, across, down))
        # While it is painted it may still be refused.
        self._asked = self._asked and course.strip is None
        if course.strip is None:
            words = self._scene.words
            told = words("illustration") + "\n" + words.said(course.painting)
            tall = layout.room_of(told, layout.BODY, across - 80, unit).height / unit
            at = across / 2, down - _TALL - 2 * _MARGIN - tall + 12
            layout.backed_line(screen, told, layout.BODY, at, width=across - 80)
        else:
            screen.fill(layout.GROUND)
            strip = pygame.image.frombuffer(course.strip.data, course.strip.shape[1::-1], "RGB")
            room, _ = strip_room(size)
            left = round(_MARGIN * unit)
            screen.blit(strip, (left, left + max(0, (room[1] - strip.get_height()) // 2)))
        self._buttons.draw(screen, now)
        self._scene.printing.draw(screen, now)

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool:
        """Everything, while it is open."""
        if self._scene.printing.open:
            self._scene.printing.hear(event, now)
            return True
        pressed = self._buttons.hear(event)
        if pressed == "back" or (event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE):
            self._asked = False
            return CloseCourse()
        display = self._scene.visit.display
        if pressed == "print" and display is not None and display.course is not None:
            page = display.course.page()
            if page is not None:
                self._scene.printing.begin(page)
        return True

    def _places(self, names: list[str], across: float, down: float) -> tuple[Place, ...]:
        words, y = self._scene.words, down - _MARGIN - _TALL
        wide = min(_WIDE, (across - 2 * _MARGIN + _GAP) / len(names) - _GAP)
        left = (across - len(names) * (wide + _GAP) + _GAP) / 2
        return tuple(
            (name, words(name), (left + place * (wide + _GAP), y, wide, _TALL))
            for place, name in enumerate(names)
        )
