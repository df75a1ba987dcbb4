"""Split: the present hair at one side of a line, the new hair at the other; the line can be dragged.

What is read first is the present hair: it is at the left, or at the right where text runs from there.
"""

from __future__ import annotations

from typing import Protocol

import pygame

from mirror.app.screen import overlay, shapes
from mirror.app.screen.design import GROUND, INK, MARGIN, TOUCH, px
from mirror.app.screen.icons import icon
from mirror.app.screen.keys import Action, translate
from mirror.app.screen.live_picture import Laid, draw_part
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import right_to_left
from mirror.app.screen.view import View
from mirror.translation.message import Message

_ACROSS = {pygame.K_LEFT: -0.05, pygame.K_RIGHT: 0.05}  # share of the picture, with Shift
_LABEL_DOWN = 96  # design pixels from the top: below the lines that the window says things in


class Glass(Protocol):
    """What is known of the window's picture: which way round, and where it lies."""

    mirrored: bool
    laid: Laid

    @property
    def where(self) -> pygame.Rect:
        """The rectangle of the window in which the picture lies."""


class Split:
    """The line across the picture. X opens and closes it.

    Attributes:
        open: whether it is seen.
        place: where the line is, 0 the left edge of the picture on the screen, 1 the right.
    """

    def __init__(self, glass: Glass) -> None:
        self.open = False
        self.place = 0.5
        self._glass = glass
        self._dragged: int | None = None  # pixels from the finger to the line
        self._seen = False
        self._unit = 1.0

    def toggle(self) -> None:
        """Opens it in the middle, or closes it."""
        self.open, self.place, self._dragged = not self.open, 0.5, None

    def hear(self, event: pygame.event.Event, now: float) -> bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if translate(event) is Action.SPLIT:
            self.toggle()
            return True
        if not self.open or not self._seen:
            return None
        if event.type == pygame.KEYDOWN and event.key in _ACROSS and event.mod & pygame.KMOD_SHIFT:
            self.place = min(max(self.place + _ACROSS[event.key], 0.0), 1.0)
            return True
        where, line = self._glass.where, self._line()
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            if where.collidepoint(event.pos) and abs(event.pos[0] - line) <= px(self._unit, TOUCH / 2):
                self._dragged = line - event.pos[0]
                return True
        elif event.type == pygame.MOUSEMOTION and self._dragged is not None:
            self.place = min(max((event.pos[0] + self._dragged - where.left) / max(where.width, 1), 0.0), 1.0)
            return True
        elif event.type == pygame.MOUSEBUTTONUP and self._dragged is not None:
            self._dragged = None
            return True
        return None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        # With the own hair all over the picture, or with several styles on it, there are no two sides.
        both = view.before is not None and view.image is not view.before and not view.trying.grid
        self._seen, self._unit = self.open and both, unit
        if not self._seen or view.before is None:
            return
        where, line = self._glass.where, self._line()
        left, right = (line, where.right) if right_to_left() else (where.left, line)
        draw_part(screen, view.before, self._glass.laid, left, right)
        thick = px(unit, 3)
        screen.fill(INK, (line - thick // 2, where.top, thick, where.height))
        y, gap = where.top + px(unit, _LABEL_DOWN), px(unit, MARGIN)
        before, after = line - where.left, where.right - line
        if right_to_left():
            before, after = after, before
        told = overlay.pill(Message("now"), unit, before - 2 * gap)
        about = pygame.Rect(line, 0, 0, 0)
        if told.get_width() <= before - 2 * gap:
            screen.blit(told, turned(told.get_rect(topright=(line - gap, y)), about))
        if after - 2 * gap > px(unit, 120):
            told = overlay.pill(Message("with {style}", style=view.style_name), unit, after - 2 * gap)
            screen.blit(told, turned(told.get_rect(topleft=(line + gap, y)), about))
        side = px(unit, TOUCH + 4)
        handle = shapes.box(side, side, side / 2, INK)
        spot = handle.get_rect(center=(line, where.top + round(where.height * 0.56)))
        screen.blit(handle, spot)
        arrow = side // 3
        screen.blit(icon("left", arrow, GROUND), (spot.left + side // 8, spot.centery - arrow // 2))
        screen.blit(icon("right", arrow, GROUND), (spot.right - side // 8 - arrow, spot.centery - arrow // 2))

    def _line(self) -> int:
        return self._glass.where.left + round(self.place * self._glass.where.width)
