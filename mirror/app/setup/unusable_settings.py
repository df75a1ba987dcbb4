"""Page: the settings that there are cannot be used, and what can be done."""

from __future__ import annotations

import pygame

from mirror.app.screen.design import px
from mirror.app.setup import drawing
from mirror.app.setup.setup_page import Page
from mirror.app.setup.shared_state import Desk
from mirror.translation.message import Message


class NoticePage(Page):
    """Says what is wrong. `may_go_on`: Next starts afresh; otherwise one can only leave."""

    next = Message("Start afresh")

    def __init__(self, desk: Desk, title: str, words: str, about: str, may_go_on: bool) -> None:
        super().__init__(desk)
        self.title, self.about = title, about
        self._words, self._may_go_on = words, may_go_on

    @property
    def ready(self) -> bool:
        """Whether there is a way on."""
        return self._may_go_on

    @property
    def settled(self) -> bool:
        """Not before a camera was chosen."""
        return False

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """The trouble, as the terminal would say it."""
        place = pygame.Rect(area.left, area.top + px(unit, 20), area.width, 0)
        drawing.line(screen, self._words, place, unit, "warning")
