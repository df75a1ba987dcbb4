"""Widgets: pygame_gui's buttons, sliders and text fields in the mirror's own look.

pygame_gui knows what is pressed, held and dragged; buttons and sliders are see-through to it, and drawn
here, so that they are of one piece with everything else over the picture.
"""

from __future__ import annotations

import pygame
import pygame_gui
from pygame_gui.elements import UIButton, UIHorizontalSlider

from mirror.app.screen import shapes
from mirror.app.screen.overlay import px
from mirror.app.screen.typeface import ACCENT, GROUND, INK, Colour, fitted, font_file, hexed, text

TOUCH = 44  # design pixels: no target is smaller
MOUSE = (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION)
FACE: Colour = (62, 61, 58)  # of a button
HELD: Colour = (92, 90, 86)
_TRACK: Colour = (98, 96, 92)
_NOTHING = "#00000000"


def new_manager(size: tuple[int, int], unit: float) -> pygame_gui.UIManager:
    """A manager for widgets in a window of `size`, in the mirror's look at that design pixel."""
    manager = pygame_gui.UIManager(size, _theme(unit), enable_live_theme_updates=False)
    # The window system's clipboard is not at hand: SDL keeps it for pygame's own kind of window.
    manager.copy_text_enabled = manager.paste_text_enabled = False
    return manager


class Slider(UIHorizontalSlider):
    """A slider whose knob also jumps to where its track is touched."""

    @property
    def held(self) -> bool:
        """Whether a finger is on it."""
        return self.sliding_button is not None and bool(self.sliding_button.held)

    def process_event(self, event: pygame.event.Event) -> bool:
        """As pygame_gui's, and the jump."""
        knob = self.sliding_button
        pressed = event.type == pygame.MOUSEBUTTONDOWN and event.button == pygame.BUTTON_LEFT
        if pressed and knob is not None and self.is_enabled and self.rect.collidepoint(event.pos):
            share = (event.pos[0] - self.rect.left - self.sliding_button_width / 2) / self.scrollable_width
            low, high = self.value_range
            self.set_current_value(low + (high - low) * min(max(share, 0.0), 1.0), False)
            self.starting_grab_x_difference = self.sliding_button_width // 2
            self.grabbed_slider = knob.held = True
            self._update_data_and_fire_events_when_moved()
            return True
        return bool(super().process_event(event))


def new_slider(
    manager: pygame_gui.UIManager, where: pygame.Rect, value: float, low: float, high: float
) -> Slider:
    """A slider from `low` to `high` that begins at `value`."""
    return Slider(where, min(max(float(value), low), high), (float(low), float(high)), manager)


def new_button(manager: pygame_gui.UIManager, where: pygame.Rect) -> UIButton:
    """Something to press, to be drawn by whoever wants it."""
    return UIButton(where, "", manager)


def draw_button(screen: pygame.Surface, button: UIButton, words: str, unit: float, on: bool = False) -> None:
    """A rounded button with words; bright where it is `on`."""
    where = button.rect.inflate(0, -px(unit, 4))
    colour = ACCENT if on else HELD if button.held or button.hovered else FACE
    screen.blit(shapes.box(where.width, where.height, px(unit, 12), colour), where)
    line = text(*fitted(words, px(unit, 17), where.width - px(unit, 12)), GROUND if on else INK)
    screen.blit(line, line.get_rect(center=where.center))


def draw_slider(screen: pygame.Surface, slider: Slider, unit: float, origin: float) -> None:
    """A thin track, bright from `origin` (a value) to the round knob."""
    knob_width = slider.sliding_button_width
    low, high = slider.value_range
    left, middle = slider.rect.left + knob_width // 2, slider.rect.centery
    long = slider.rect.width - knob_width

    def place(value: float) -> int:
        return left + round(long * min(max((value - low) / (high - low), 0.0), 1.0))

    thick = px(unit, 6)
    track = shapes.box(long + thick, thick, thick / 2, _TRACK)
    screen.blit(track, (left - thick // 2, middle - thick // 2))
    start, end = sorted((place(origin), place(slider.current_value)))
    screen.fill(ACCENT, (start, middle - thick // 2, end - start, thick))
    if low < origin < high:  # where nothing is changed
        screen.fill(_TRACK, (place(origin) - px(unit, 1), middle - px(unit, 10), px(unit, 2), px(unit, 20)))
    side = px(unit, 30 if slider.held else 26)
    knob = shapes.box(side, side, side / 2, INK)
    screen.blit(knob, knob.get_rect(center=(place(slider.current_value), middle)))


def _theme(unit: float) -> dict[str, object]:
    clear = {name: _NOTHING for name in (
        "dark_bg", "normal_bg", "hovered_bg", "active_bg", "selected_bg", "disabled_bg", "normal_border",
        "hovered_border", "active_border", "selected_border", "disabled_border",
    )}  # fmt: skip
    flat = {"border_width": "0", "shadow_width": "0", "enable_arrow_buttons": "0"}
    font: dict[str, str] = {"name": "mirror", "size": str(px(unit, 20))}
    path = font_file()
    if path is None:  # pygame_gui brings one along
        font["name"] = "noto_sans"
    else:
        font |= {f"{style}path": path for style in ("regular_", "bold_", "italic_", "bold_italic_")}
    field = {
        "dark_bg": hexed(FACE), "normal_text": hexed(INK), "selected_text": hexed(GROUND),
        "selected_bg": hexed(ACCENT), "text_cursor": hexed(ACCENT), "normal_border": hexed(FACE),
    }  # fmt: skip
    rounded = {
        "shape": "rounded_rectangle", "shape_corner_radius": str(px(unit, 12)), "border_width": "0",
        "shadow_width": "0", "padding": f"{px(unit, 12)},{px(unit, 6)}",
    }  # fmt: skip
    return {
        "button": {"colours": clear, "misc": flat},
        "horizontal_slider": {
            "colours": clear,
            "misc": flat | {"sliding_button_width": str(px(unit, TOUCH))},
        },
        "text_entry_line": {"colours": field, "misc": rounded, "font": font},
    }
