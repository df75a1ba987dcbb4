"""Buttons: large ones for fingers, pygame_gui's own in the mirror's colours."""

from __future__ import annotations

from typing import Any

import pygame
import pygame_gui

from mirror.app.kiosk.layout import BODY, faded, unit_of
from mirror.app.screen.typeface import ACCENT, GROUND, INK, Colour, font_file

# name, label, (left, top, width, height) in units
Place = tuple[str, str, tuple[float, float, float, float]]
_PLAIN: Colour = (44, 43, 46)
_PRESSED: Colour = (92, 88, 80)


class Buttons:
    """The buttons of one state.

    Args:
        primary: names of those that stand out.

    Example:
        buttons = Buttons("yes")
        buttons.lay(screen.get_size(), (("yes", "Yes", (40, 40, 300, 90)),))
        pressed = buttons.hear(event)         # "yes" when a finger went down and up on it
        buttons.draw(screen, now)
    """

    def __init__(self, *primary: str) -> None:
        self._primary = primary
        self._manager: pygame_gui.UIManager | None = None
        self._size = (0, 0)
        self._laid: tuple[Place, ...] = ()
        self._buttons: dict[str, Any] = {}
        self._drawn_at: float | None = None

    def lay(self, size: tuple[int, int], places: tuple[Place, ...]) -> None:
        """Puts the buttons where they belong in a window of `size`; cheap where nothing changed."""
        if self._manager is not None and (size, places) == (self._size, self._laid):
            return
        unit = unit_of(size)
        if self._manager is None or size != self._size:
            self._manager = pygame_gui.UIManager(size, _theme(unit), enable_live_theme_updates=False)
        for button in self._buttons.values():
            button.kill()
        self._size, self._laid = size, places
        self._buttons = {
            name: pygame_gui.elements.UIButton(
                pygame.Rect(*(round(length * unit) for length in where)),
                label,
                self._manager,
                object_id="#primary" if name in self._primary else "#plain",
            )
            for name, label, where in places
        }

    def at(self, position: tuple[int, int]) -> str | None:
        """The button at a position of the window."""
        return next((n for n, button in self._buttons.items() if button.rect.collidepoint(position)), None)

    def hear(self, event: pygame.event.Event) -> str | None:
        """The button that was just pressed and let go."""
        if self._manager is None:
            return None
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
        self._manager.update(min(max(step, 0.0), 0.1))
        if opacity < 1:
            with faded(screen, [button.rect for button in self._buttons.values()], opacity):
                self._manager.draw_ui(screen)
        else:
            self._manager.draw_ui(screen)


def _theme(unit: float) -> dict[str, Any]:
    font: dict[str, str] = {"name": "kiosk", "size": str(max(8, round(BODY * unit)))}
    if font_file() is not None:
        font["regular_path"] = str(font_file())
    misc = {
        "shape": "rounded_rectangle",
        "shape_corner_radius": str(round(20 * unit)),
        "border_width": "0",
        "shadow_width": "0",
    }

    def colours(ground: Colour, ink: Colour, pressed: Colour) -> dict[str, str]:
        # A finger hovers over nothing: what a mouse would light up stays as it is.
        states = {"normal": ground, "hovered": ground, "selected": ground, "active": pressed}
        shown = {f"{state}_bg": _hex(colour) for state, colour in states.items()}
        return shown | {f"{state}_text": _hex(ink) for state in states}

    return {
        "#plain": {"colours": colours(_PLAIN, INK, _PRESSED), "font": font, "misc": misc},
        "#primary": {"colours": colours(ACCENT, GROUND, INK), "font": font, "misc": misc},
    }


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
