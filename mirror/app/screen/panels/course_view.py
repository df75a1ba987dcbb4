"""Course view: a year of hair side by side over the picture, and two buttons: keep it as a page, close it."""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np
import pygame

from mirror.app.screen import overlay, shapes
from mirror.app.screen.controls import draw_button, look
from mirror.app.screen.design import CORNER_PANEL, GAP, GROUND, MARGIN, SHEET, TOUCH, px
from mirror.app.screen.key_focus import Item, KeyFocus
from mirror.app.screen.keys import Action, Wish, translate
from mirror.app.screen.turned import turned
from mirror.app.screen.view import View
from mirror.app.screen.wishes import CloseCourse, KeepPage
from mirror.translation.message import Message

_BUTTON = 230  # design pixels
_PASS = (Action.QUIT, Action.FULLSCREEN)


class CourseView:
    """The strip of a course.

    Attributes:
        open: whether it is seen: as long as the view has one.
    """

    def __init__(self) -> None:
        self.open = False
        self._done = False
        self._buttons: dict[str, pygame.Rect] = {}
        self._scaled: tuple[np.ndarray, pygame.Surface] | None = None
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
            return answer if isinstance(answer, KeepPage | CloseCourse) else True
        if event.type == pygame.MOUSEBUTTONDOWN:
            for name, spot in self._buttons.items():
                if spot.collidepoint(event.pos):
                    return self._press(name)
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
            self._scaled = None
            return
        whole, margin, gap = screen.get_rect(), px(unit, MARGIN), px(unit, GAP)
        if course.strip is None:
            number = min(course.done + 1, course.count)
            words = Message("Painting look {number} of {count}", number=number, count=course.count)
            drawn = overlay.pill(words, unit, whole.width - 2 * margin, "note")
            screen.blit(drawn, drawn.get_rect(midbottom=(whole.centerx, whole.bottom - margin)))
            return
        row = pygame.Rect(0, 0, whole.width - 4 * margin, px(unit, TOUCH))
        room = whole.inflate(-4 * margin, -4 * margin)
        room.height -= row.height + gap
        strip = self._fitted(course.strip, room.size)
        card = pygame.Rect(
            0, 0, strip.get_width() + 2 * margin, strip.get_height() + 2 * margin + gap + row.height
        )
        card.center = whole.center
        screen.blit(shapes.box(*card.size, px(unit, CORNER_PANEL), GROUND, SHEET), card)
        screen.blit(strip, (card.left + margin, card.top + margin))
        row.width = min(2 * px(unit, _BUTTON) + gap, card.width - 2 * margin)
        row.midbottom = card.centerx, card.bottom - margin
        wide = (row.width - gap) // 2
        first = pygame.Rect(row.left, row.top, wide, row.height)
        second = pygame.Rect(row.right - wide, row.top, wide, row.height)
        self._buttons = {"keep": turned(first, row), "close": turned(second, row)}
        draw_button(screen, self._buttons["keep"], Message("Keep as a page (PDF)"), unit, look(chosen=True))
        draw_button(screen, self._buttons["close"], Message("Close"), unit, look())
        self._focus.offer(
            [Item(name, spot, partial(self._press, name)) for name, spot in self._buttons.items()]
        )
        self._focus.draw(screen, unit)

    def _press(self, name: str) -> KeepPage | CloseCourse:
        return KeepPage() if name == "keep" else CloseCourse()

    def _fitted(self, strip: np.ndarray, room: tuple[int, int]) -> pygame.Surface:
        """The strip as large as it fits; the very same is drawn once."""
        height, width = strip.shape[:2]
        scale = min(room[0] / width, room[1] / height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        if self._scaled is None or self._scaled[0] is not strip or self._scaled[1].get_size() != size:
            how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
            drawn = cv2.resize(strip, size, interpolation=how)
            self._scaled = strip, pygame.image.frombuffer(drawn.tobytes(), size, "RGB")
        return self._scaled[1]
