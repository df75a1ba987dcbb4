"""Again: what a film that has ended shows over its last picture."""

from __future__ import annotations

import pygame

from mirror.app.screen import overlay, shapes
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.icons import icon
from mirror.app.screen.keys import Action
from mirror.app.screen.overlay import px
from mirror.app.screen.panels.widgets import TOUCH
from mirror.app.screen.style_strip import TALL
from mirror.app.screen.typeface import ACCENT, GROUND, INK, text
from mirror.app.screen.view import View
from mirror.app.screen.window import Window

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
        width, height = screen.get_width() - self._window.covered, screen.get_height()
        pad, side, size = px(unit, 18), px(unit, TOUCH), px(unit, 20)
        said, does = text("The film has ended", size, INK), text("Play again", size, GROUND)
        sign = icon("again", px(unit, 22), GROUND)
        button = pygame.Rect(0, 0, sign.get_width() + does.get_width() + 2 * pad + px(unit, 8), side)
        card = pygame.Rect(0, 0, said.get_width() + button.width + 3 * pad, side + 2 * px(unit, 8))
        low = height - px(unit, TALL) - card.height - px(unit, 12)
        margin, rail = px(unit, 24), self._window.rail
        tops = (low, min(low, rail.top - card.height - px(unit, 12)), px(unit, _TOP))
        places = [
            pygame.Rect(left, top, *card.size)
            for top in tops
            for left in ((width - card.width) // 2, width - card.width - margin, margin)
        ]
        card = self._seat.choose(places, self._window.head, now, (rail,))
        screen.blit(shapes.box(*card.size, px(unit, 22), GROUND, overlay.BACKING + 0.1), card)
        screen.blit(said, said.get_rect(midleft=(card.left + pad, card.centery)))
        button.midright = (card.right - px(unit, 8), card.centery)
        screen.blit(shapes.box(*button.size, side / 2, ACCENT), button)
        screen.blit(sign, sign.get_rect(midleft=(button.left + pad, button.centery)))
        screen.blit(does, does.get_rect(midright=(button.right - pad, button.centery)))
        self.where = button

    def hear(self, event: pygame.event.Event, now: float) -> Action | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if not self.where.width:
            return None
        pressed = event.type == pygame.MOUSEBUTTONDOWN and event.button == 1
        if pressed and self.where.collidepoint(event.pos):
            return Action.PLAY_AGAIN
        return Action.PLAY_AGAIN if event.type == pygame.KEYDOWN and event.key in _ENTER else None
