"""Widgets: pygame_gui's buttons, sliders, menus and fields, of one piece with everything else on the screen.

pygame_gui knows what is pressed, held and dragged. Buttons and sliders are see-through to it and drawn by
`mirror.app.screen.controls`; lists, menus and fields it draws itself, in the mirror's colours and typeface.
"""

from __future__ import annotations

from typing import Any

import pygame
import pygame_gui
from pygame_gui.core import ObjectID
from pygame_gui.core.interfaces.gui_font_interface import IGUIFontInterface
from pygame_gui.elements import UIButton, UIHorizontalSlider

from mirror.app.screen.controls import draw_button, draw_slider
from mirror.app.screen.design import (
    ACCENT,
    CORNER,
    FAINT,
    GROUND,
    INK,
    LIFTED,
    MUTED,
    NEAR,
    PRESSED,
    RAISED,
    SUNK,
    TOUCH,
    Colour,
    look,
    px,
)
from mirror.app.screen.typeface import font_file, line_height, measured, right_to_left, said, text

MOUSE = (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION)
_CLEAR = ObjectID(class_id="@clear")


def new_manager(size: tuple[int, int], unit: float, text_size: int = NEAR.caption) -> pygame_gui.UIManager:
    """A manager for widgets in a window of `size`, in the mirror's look at that design pixel."""
    pygame.font.init()  # or pygame_gui says that its own font's file is not there
    manager = pygame_gui.UIManager(size, _theme(unit, text_size), enable_live_theme_updates=False)
    fonts: Any = manager.get_theme().get_font_dictionary()
    for resource in fonts.loaded_fonts.values():
        resource.loaded_font = _Typeface(resource.size)
    # The window system's clipboard is not at hand: SDL keeps it for pygame's own kind of window.
    manager.copy_text_enabled = manager.paste_text_enabled = False
    return manager


class Slider(UIHorizontalSlider):
    """A slider whose knob also jumps to where its track is touched; from right to left where text runs so.

    Attributes:
        value: where it is.
    """

    @property
    def value(self) -> float:
        return self._turned(float(self.current_value))

    @value.setter
    def value(self, value: float) -> None:
        low, high = self.value_range
        self.set_current_value(self._turned(min(max(float(value), low), high)), False)

    def share(self, value: float | None = None) -> float:
        """Where a value lies between the ends, 0 to 1; without one, where it is."""
        low, high = self.value_range
        return ((self.value if value is None else value) - low) / (high - low)

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

    def draw_on(self, screen: pygame.Surface, unit: float, origin: float = 0.0) -> None:
        """Draws it, bright from `origin` (a value) to its knob."""
        half = self.sliding_button_width // 2
        where = pygame.Rect(self.rect).inflate(-2 * half, 0)
        draw_slider(screen, where, (self.share(origin), self.share()), unit, self.held)

    def _turned(self, value: float) -> float:
        low, high = self.value_range
        return low + high - value if right_to_left() else value


def new_slider(
    manager: pygame_gui.UIManager, where: pygame.Rect, value: float, low: float, high: float
) -> Slider:
    """A slider from `low` to `high` that begins at `value`."""
    made = Slider(where, float(low), (float(low), float(high)), manager)
    made.value = value
    return made


def new_button(manager: pygame_gui.UIManager, where: pygame.Rect) -> UIButton:
    """Something to press, to be drawn by whoever wants it."""
    return UIButton(where, "", manager, object_id=_CLEAR)


def draw(
    screen: pygame.Surface,
    button: UIButton,
    words: str,
    unit: float,
    on: bool = False,
    size: float = NEAR.caption,
) -> None:
    """A button as it is now: waiting, pointed at, pressed, or of no use. `on`: it is chosen."""
    looks = look(enabled=button.is_enabled, chosen=on, pointed=button.hovered, pressed=button.held)
    draw_button(screen, pygame.Rect(button.rect), words, unit, looks, size)


class _Typeface(IGUIFontInterface):  # type: ignore[misc]
    """The mirror's typeface for pygame_gui: with it all scripts are drawn, and styles said by their names."""

    underline = False
    underline_adjustment = 0.0

    def __init__(self, size: int) -> None:
        self._size = size
        self._face = pygame.font.Font(font_file(), size)

    def size(self, words: str) -> tuple[int, int]:
        return self.get_rect(words).size  # type: ignore[no-any-return]

    def get_rect(self, words: str) -> pygame.Rect:
        wide = measured(said(words), self._size) if words else 0
        return pygame.Rect(0, self._face.get_ascent(), wide, line_height(self._size) if words else 0)

    def render_premul(self, words: str, text_color: pygame.Color) -> pygame.Surface:
        colour = (text_color.r, text_color.g, text_color.b)
        return text(words, self._size, colour).premul_alpha()

    def render_premul_to(
        self,
        words: str,
        text_colour: pygame.Color,
        surf_size: tuple[int, int],
        surf_position: tuple[int, int],
    ) -> pygame.Surface:
        whole = pygame.Surface(surf_size, pygame.SRCALPHA, 32)
        place = surf_position[0], surf_position[1] - self._face.get_ascent()
        whole.blit(self.render_premul(words, text_colour), place, special_flags=pygame.BLEND_PREMULTIPLIED)
        return whole

    def get_metrics(self, words: str) -> Any:
        return self._face.metrics(words)

    def get_point_size(self) -> int:
        return self._size

    def get_padding_height(self) -> int:
        return 1 - self._face.get_descent()

    def get_direction(self) -> int:
        return int(pygame.DIRECTION_RTL if right_to_left() else pygame.DIRECTION_LTR)


def _hexed(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _theme(unit: float, text_size: int) -> dict[str, Any]:
    states = ("normal", "hovered", "active", "selected", "disabled")
    clear = {f"{state}_{part}": "#00000000" for state in states for part in ("bg", "border", "text")}
    clear |= {"dark_bg": "#00000000", "disabled_dark_bg": "#00000000"}
    flat = {"shape": "rectangle", "border_width": "0", "shadow_width": "0"}
    unseen = {"colours": clear, "misc": flat}
    rounded = {
        "shape": "rounded_rectangle", "shape_corner_radius": ",".join([str(px(unit, CORNER))] * 4),
        "border_width": "0", "shadow_width": "0", "padding": f"{px(unit, CORNER)},{px(unit, 4)}",
    }  # fmt: skip
    begin = "right" if right_to_left() else "left"
    listed = flat | {"text_horiz_alignment": begin, "text_horiz_alignment_padding": str(px(unit, CORNER))}
    colours = {
        "normal_bg": RAISED, "hovered_bg": LIFTED, "active_bg": PRESSED, "selected_bg": ACCENT,
        "disabled_bg": SUNK, "dark_bg": SUNK, "disabled_dark_bg": SUNK,
        "normal_text": INK, "hovered_text": INK, "active_text": INK, "selected_text": GROUND,
        "disabled_text": FAINT, "normal_border": RAISED, "hovered_border": LIFTED,
        "active_border": ACCENT, "selected_border": ACCENT, "disabled_border": SUNK,
        "filled_bar": ACCENT, "unfilled_bar": SUNK, "text_cursor": ACCENT,
    }  # fmt: skip
    muted = {"colours": {"normal_text": _hexed(MUTED)}}
    font = {
        "name": "mirror", "size": str(px(unit, text_size)), "bold": "0", "italic": "0",
        **{f"{style}path": font_file() for style in ("regular_", "bold_", "italic_", "bold_italic_")},
    }  # fmt: skip
    return {
        "defaults": {"colours": {name: _hexed(colour) for name, colour in colours.items()}, "font": font},
        "@clear": unseen,
        "label": {"font": font, "misc": {"text_horiz_alignment": begin}},
        "#quiet": muted,
        "#value": muted | {"misc": {"text_horiz_alignment": "left" if begin == "right" else "right"}},
        "button": {"font": font, "misc": rounded},
        "text_entry_line": {"font": font, "misc": rounded},
        "horizontal_slider": {
            "colours": clear,
            "misc": flat | {"enable_arrow_buttons": "0", "sliding_button_width": str(px(unit, TOUCH))},
        },
        "horizontal_slider.button": unseen,
        "horizontal_slider.#sliding_button": unseen,
        "drop_down_menu": {"misc": rounded | {"expand_direction": "down"}},
        "selection_list": {"misc": rounded | {"list_item_height": str(px(unit, 32))}},
        "selection_list.button": {"font": font, "misc": listed},
        "drop_down_menu.selection_list.button": {"font": font, "misc": listed},
    }  # fmt: skip
