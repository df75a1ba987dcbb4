"""Home printing: the sheet of copies over a window at home, for the page about hair loss."""

from __future__ import annotations

import pygame

from mirror.app.printing.print_sheet import PrintSheet
from mirror.app.printing.printer import Paper
from mirror.app.screen.keys import Action, Wish, translate
from mirror.app.screen.view import View
from mirror.app.touch.pin_lock import Lock
from mirror.settings.options import Settings
from mirror.translation.catalogue import Words

_PASS = (Action.QUIT, Action.FULLSCREEN)


class HomePrinting:
    """A `mirror.app.screen.panel.Panel`; it hears everything while it is open.

    Args:
        words: the window's language.
        settings: print, and the PIN, if copies are to need one.
    """

    def __init__(self, words: Words, settings: Settings) -> None:
        self._sheet = PrintSheet(words, settings.print, Lock(settings.pin), at_home=True)

    def begin(self, paper: Paper) -> None:
        """Asks how many, and prints them."""
        self._sheet.begin(paper)

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if not self._sheet.open or translate(event) in _PASS:
            return None
        self._sheet.hear(event, now)
        return True

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`. What it would print is gone with the course."""
        if view.course is None:
            self._sheet.close()
        self._sheet.draw(screen, now)
