"""Cards: shades, filter and suggestions to choose from, in place of the strip or over the picture."""

from __future__ import annotations

import pygame

from mirror.app.screen import View, Window, Wish, design
from mirror.app.screen.panels.filter_panel import FilterPanel
from mirror.app.screen.panels.shade_grid import ShadeGrid
from mirror.app.screen.panels.suggestion_panel import SuggestionPanel
from mirror.app.screen.style_strip import lies

_LARGER = 1.25  # than the window's, so that their words are as large as all others
_TYPE = round(design.FAR.body / _LARGER)
Card = ShadeGrid | FilterPanel | SuggestionPanel


class ChoiceCards:
    """Never two of them are open.

    Attributes:
        shades, filter, suggestions: each of them.
    """

    def __init__(self) -> None:
        self.shades = ShadeGrid(_LARGER, _TYPE)
        self.filter = FilterPanel(_LARGER, _TYPE)
        self.suggestions = SuggestionPanel(_LARGER, _TYPE)
        self._named: dict[str, Card] = {
            "colour": self.shades, "filter": self.filter, "suggest": self.suggestions,
        }  # fmt: skip

    @property
    def open(self) -> Card | None:
        """Which of them is open."""
        return next((card for card in self._named.values() if card.open), None)

    def toggle(self, name: str | None) -> bool:
        """Opens or closes the card of a button; whether it has one."""
        if name not in self._named:
            return False
        self._named[name].toggle()
        return True

    def close(self) -> None:
        """Closes the one that is open."""
        if self.open is not None:
            self.open.toggle()

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        return None if self.open is None else self.open.hear(event, now)

    def draw(self, screen: pygame.Surface, view: View, window: Window, now: float) -> None:
        """Draws the one that is open, where there is a picture."""
        size = screen.get_size()
        for card in self._named.values():
            # On an upright screen it lies on the dock, which is clear of the head.
            card.head = window.head if lies(size) else None
            if view.image is not None:
                card.draw(screen, view, design.unit_of(size), now)
