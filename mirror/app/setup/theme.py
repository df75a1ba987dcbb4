"""Theme: how pygame_gui's widgets look here, of one piece with the mirror's own panels."""

from __future__ import annotations

from typing import Any

import pygame
import pygame_gui

from mirror.app.screen import typeface
from mirror.app.screen.overlay import px
from mirror.app.screen.typeface import ACCENT, GROUND, INK, LIFTED, RAISED, SUNK, Colour, hexed

FADED: Colour = (150, 147, 141)  # its words: 5.6 to 1 on it


def manager(size: tuple[int, int], unit: float) -> pygame_gui.UIManager:
    """A manager for a window of (width, height), its widgets drawn for this design pixel."""
    pygame.font.init()  # or pygame_gui says that its own font's file is not there
    made = pygame_gui.UIManager(size, enable_live_theme_updates=False)
    name = "noto_sans"  # pygame_gui brings it along
    path = typeface.font_file()
    if path is not None:
        name = "mirror"
        made.add_font_paths(name, path)
    made.get_theme().load_theme(_theme(name, unit))
    return made


def _theme(font: str, unit: float) -> dict[str, Any]:
    def button(ground: Colour, words: Colour, lifted: Colour, size: int = 20) -> dict[str, Any]:
        colours = {"disabled_bg": hexed(SUNK), "disabled_text": hexed(FADED), "disabled_border": hexed(SUNK)}
        for state, colour in (("normal", ground), ("hovered", lifted), ("active", lifted)):
            colours |= {f"{state}_bg": hexed(colour), f"{state}_border": hexed(colour)}
            colours[f"{state}_text"] = hexed(words)
        # What is chosen stays so under the pointer.
        colours |= {
            "selected_bg": hexed(ACCENT),
            "selected_text": hexed(GROUND),
            "selected_border": hexed(ACCENT),
        }
        return {
            "colours": colours,
            "font": {"name": font, "size": str(px(unit, size)), "bold": "0", "italic": "0"},
            "misc": {"shape": "rounded_rectangle", "shape_corner_radius": ",".join([str(px(unit, 14))] * 4),
                     "border_width": "0", "shadow_width": "0"},
        }  # fmt: skip

    return {
        "button": button(RAISED, INK, LIFTED),
        "@primary": button(ACCENT, GROUND, (250, 222, 172), 22),
        "@chosen": button(ACCENT, GROUND, (250, 222, 172)),
        "@card": button(SUNK, INK, RAISED),
        "@key": button(RAISED, INK, LIFTED, 28),
    }
