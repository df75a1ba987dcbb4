"""Buttons: large ones for fingers, and for keys: arrows and Tab go from one to the next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

import pygame
import pygame_gui
from pygame_gui.elements import UIButton

from mirror.app.screen import widgets
from mirror.app.screen.controls import draw_button
from mirror.app.screen.design import look
from mirror.app.screen.key_focus import Item, KeyFocus
from mirror.app.screen.turned import turned
from mirror.app.touch.layout import BODY, faded, unit_of

# name, label, (left, top, width, height) in units, of a screen whose lines begin at the left
Place = tuple[str, str, tuple[float, float, float, float]]


class Buttons:
    """The buttons of one state.

    Args:
        primary: names of those that stand out.

    Attributes:
        turned: they are turned round where lines begin at the right; a keypad is not.
        dead: names of those that can do nothing now.
        on: names of those whose matter is on now; they stand out too.
        others: what else the keys go to, after the buttons.
        answer: what the last key of those gave back.

    Example:
        buttons = Buttons("yes")
        buttons.lay(screen.get_size(), (("yes", "Yes", (40, 40, 300, 90)),))
        pressed = buttons.hear(event)         # "yes" when a finger went down and up on it
        buttons.draw(screen, now)
    """

    def __init__(self, *primary: str) -> None:
        self._primary = primary
        self.turned = True
        self.dead: Collection[str] = ()
        self.on: Collection[str] = ()
        self.others: Sequence[Item] = ()
        self.answer: object = None
        self._focus = KeyFocus()
        self._manager: pygame_gui.UIManager | None = None
        self._size = (0, 0)
        self._laid: tuple[Place, ...] = ()
        self._buttons: dict[str, UIButton] = {}
        self._drawn_at: float | None = None

    def lay(self, size: tuple[int, int], places: tuple[Place, ...]) -> None:
        """Puts the buttons where they belong in a window of `size`; cheap where nothing changed."""
        if self._manager is not None and (size, places) == (self._size, self._laid):
            return
        unit = unit_of(size)
        if self._manager is None or size != self._size:
            self._manager = widgets.new_manager(size, unit)
        for button in self._buttons.values():
            button.kill()
        self._size, self._laid = size, places
        self._buttons = {}
        for name, _, where in places:
            rect = pygame.Rect(*(round(length * unit) for length in where))
            spot = turned(rect, size[0]) if self.turned else rect
            self._buttons[name] = widgets.new_button(self._manager, spot)

    def at(self, position: tuple[int, int]) -> str | None:
        """The button at a position of the window."""
        return next((n for n, button in self._buttons.items() if button.rect.collidepoint(position)), None)

    def hear(self, event: pygame.event.Event) -> str | None:
        """The button that was just pressed and let go; "other" for one of `others`."""
        if self._manager is None:
            return None
        if self._focus.hear(event):
            moved = event.key == pygame.K_TAB
            self.answer = None if moved else self._focus.answer
            return "other" if moved or not isinstance(self.answer, str) else self.answer
        if event.type == pygame_gui.UI_BUTTON_PRESSED:
            return next((n for n, button in self._buttons.items() if button is event.ui_element), None)
        self._manager.process_events(event)
        return None

    def draw(self, screen: pygame.Surface, now: float, opacity: float = 1.0) -> None:
        """Draws them; `now` in seconds, `opacity` 0 to 1."""
        if self._manager is None or opacity <= 0:
            return
        step = now - self._drawn_at if self._drawn_at is not None else 0.0
        self._drawn_at = now
        self._focus.offer([*self._items(), *self.others])
        self._manager.update(min(max(step, 0.0), 0.1))
        with faded(screen, [pygame.Rect(button.rect) for button in self._buttons.values()], opacity):
            for name, label, _ in self._laid:
                button = self._buttons[name]
                # A finger hovers over nothing: what a mouse would light up stays as it is.
                live = name not in self.dead
                lit = name in self._primary or name in self.on
                looks = look(enabled=live, chosen=lit, pressed=button.held)
                draw_button(screen, pygame.Rect(button.rect), label, unit_of(self._size), looks, BODY)
        self._focus.draw(screen, unit_of(self._size))

    def _items(self) -> list[Item]:
        rects = {name: pygame.Rect(button.rect) for name, button in self._buttons.items()}
        return [Item(name, rects[name], partial(str, name)) for name, _, _ in self._laid]
