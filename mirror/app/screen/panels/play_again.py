"""Again: what a film that has ended shows over its last picture."""

from __future__ import annotations

import pygame

from mirror.app.screen import shapes
from mirror.app.screen.design import (
    ACCENT,
    CORNER_PANEL,
    GAP,
    GROUND,
    INK,
    MARGIN,
    NEAR,
    SHEET,
    SMALL,
    TOUCH,
    WIDE,
    px,
)
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.icons import icon
from mirror.app.screen.keys import Action
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import text
from mirror.app.screen.view import View
from mirror.app.screen.window import Window
from mirror.translation.message import Message

_TOP = 84  # design pixels: below what is said at the upper edge
_ENTER = (pygame.K_RETURN, pygame.K_KP_ENTER)


class Again:
    """A button, "Play again"; Enter does the same.

    Args:
        window: whose picture it lies over.

    Attributes:
        where: the button's place in the window, pixels; empty while the film runs.
    """

    def __init__(self, window: Window) -> None:
        self._window, self._seat = window, Seat()
        self.where = pygame.Rect(0, 0, 0, 0)

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        self.where = pygame.Rect(0, 0, 0, 0)
        if not view.ended:
            self._seat = Seat()
            return
        free = self._window.free
        pad, side, size = px(unit, MARGIN), px(unit, TOUCH), px(unit, NEAR.body)
        told, does = text(Message("The film has ended"), size, INK), text(Message("Play again"), size, GROUND)
        sign = icon("again", px(unit, 22), GROUND)
        button = pygame.Rect(0, 0, sign.get_width() + does.get_width() + 2 * pad + px(unit, SMALL), side)
        card = pygame.Rect(0, 0, told.get_width() + button.width + 3 * pad, side + 2 * px(unit, SMALL))
        low, apart = free.bottom - card.height - px(unit, WIDE), px(unit, GAP)
        margin, rail = px(unit, WIDE), self._window.rail
        tops = (low, min(low, rail.top - card.height - apart), px(unit, _TOP))
        inside = free.inflate(-2 * px(unit, SMALL), -2 * px(unit, SMALL))  # of a window that is not high
        places = [
            turned(pygame.Rect(left, top, *card.size), free).clamp(inside)
            for top in tops
            for left in (free.centerx - card.width // 2, free.right - card.width - margin, free.left + margin)
        ]
        card = self._seat.choose(places, self._window.head, now, (rail,))
        screen.blit(shapes.box(*card.size, px(unit, CORNER_PANEL), GROUND, SHEET), card)
        screen.blit(told, turned(told.get_rect(midleft=(card.left + pad, card.centery)), card))
        button.midright = (card.right - px(unit, SMALL), card.centery)
        button = turned(button, card)
        screen.blit(shapes.box(*button.size, side / 2, ACCENT), button)
        screen.blit(sign, turned(sign.get_rect(midleft=(button.left + pad, button.centery)), button))
        screen.blit(does, turned(does.get_rect(midright=(button.right - pad, button.centery)), button))
        self.where = button

    def hear(self, event: pygame.event.Event, now: float) -> Action | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if not self.where.width:
            return None
        pressed = event.type == pygame.MOUSEBUTTONDOWN and event.button == 1
        if pressed and self.where.collidepoint(event.pos):
            return Action.PLAY_AGAIN
        return Action.PLAY_AGAIN if event.type == pygame.KEYDOWN and event.key in _ENTER else None
