"""Course view: a year of hair side by side over the picture; keep it as a page, print that, close it."""

from __future__ import annotations

from functools import partial

import pygame

from mirror.app.screen import overlay, shapes
from mirror.app.screen.controls import draw_button, look
from mirror.app.screen.design import CORNER_PANEL, GAP, GROUND, MARGIN, NEAR, SHEET, TOUCH, px
from mirror.app.screen.key_focus import Item, KeyFocus
from mirror.app.screen.keys import Action, Wish, translate
from mirror.app.screen.turned import turned
from mirror.app.screen.view import View
from mirror.app.screen.wishes import CloseCourse, KeepPage, PrintPage
from mirror.translation.message import Message

_BUTTON = 230  # design pixels
_LABELS = {"keep": Message("Keep as a page (PDF)"), "print": Message("Print"), "close": Message("Close")}
_PASS = (Action.QUIT, Action.FULLSCREEN)
_PRESSED: dict[str, KeepPage | PrintPage | CloseCourse] = {
    "keep": KeepPage(),
    "print": PrintPage(),
    "close": CloseCourse(),
}


def strip_room(size: tuple[int, int], unit: float) -> tuple[tuple[int, int], int]:
    """Width and height of the strip in a window of `size`, and the size of its words, pixels."""
    margin, below = px(unit, MARGIN), px(unit, GAP) + px(unit, TOUCH)
    room = max(64, size[0] - 4 * margin), max(64, size[1] - 4 * margin - below)
    return room, px(unit, NEAR.caption)


class CourseView:
    """The strip of a course.

    Attributes:
        open: whether it is seen: as long as the view has one.
    """

    def __init__(self) -> None:
        self.open = False
        self._done = False
        self._buttons: dict[str, pygame.Rect] = {}
        self._focus = KeyFocus()

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if not self.open:
            return None
        action = translate(event)
        if action is Action.LEAVE:
            return CloseCourse()
        if self._focus.hear(event):
            answer, self._focus.answer = self._focus.answer, None
            return answer if isinstance(answer, KeepPage | PrintPage | CloseCourse) else True
        if event.type == pygame.MOUSEBUTTONDOWN:
            for name, spot in self._buttons.items():
                if spot.collidepoint(event.pos):
                    return _PRESSED[name]
            return True
        mine = event.type in (pygame.MOUSEBUTTONUP, pygame.MOUSEWHEEL, pygame.KEYDOWN)
        return True if mine and action not in _PASS else None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        course, self._buttons = view.course, {}
        before, self._done = self._done, course is not None and course.strip is not None
        self.open = course is not None
        if self._done and not before:
            self._focus.at = "keep"  # Enter does at once what most are here for
        if course is None:
            return
        whole, margin, gap = screen.get_rect(), px(unit, MARGIN), px(unit, GAP)
        if course.strip is None:
            drawn = overlay.pill(course.painting, unit, whole.width - 2 * margin, "note")
            # Below it the picture says that it is an illustration.
            low = whole.bottom - margin - drawn.get_height() - 2 * gap
            screen.blit(drawn, drawn.get_rect(midbottom=(whole.centerx, low)))
            return
        strip = pygame.image.frombuffer(course.strip.data, course.strip.shape[1::-1], "RGB")
        row = pygame.Rect(0, 0, 0, px(unit, TOUCH))
        card = pygame.Rect(
            0, 0, strip.get_width() + 2 * margin, strip.get_height() + 2 * margin + gap + row.height
        )
        card.center = whole.center
        screen.blit(shapes.box(*card.size, px(unit, CORNER_PANEL), GROUND, SHEET), card)
        screen.blit(strip, (card.left + margin, card.top + margin))
        labels = dict(_LABELS)
        if not course.prints:
            del labels["print"]
        row.width = min(len(labels) * (px(unit, _BUTTON) + gap) - gap, card.width - 2 * margin)
        row.midbottom = card.centerx, card.bottom - margin
        wide = (row.width - gap * (len(labels) - 1)) // len(labels)
        for number, (name, words) in enumerate(labels.items()):
            spot = turned(pygame.Rect(row.left + number * (wide + gap), row.top, wide, row.height), row)
            self._buttons[name] = spot
            draw_button(screen, spot, words, unit, look(chosen=name == "keep"))
        self._focus.offer(
            [Item(name, spot, partial(_PRESSED.__getitem__, name)) for name, spot in self._buttons.items()]
        )
        self._focus.draw(screen, unit)
