"""Where everything in the tray lies: its pages, their widgets, in design pixels of a window's size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pygame
import pygame_gui
from pygame_gui.elements import UIButton

from mirror.app.screen.overlay import px
from mirror.app.screen.panels import widgets
from mirror.app.screen.panels.dye_palette import graded
from mirror.app.screen.panels.widgets import TOUCH, Slider
from mirror.app.screen.style_strip import WORDS

WIDTH, PAD, PAGE = 352, 18, 272  # design pixels
TOP = TOUCH + 24 + TOUCH + 6 + TOUCH + 10  # of the pages, below the padding
PAGES = ("Colour", "Shape", "Hair loss")
AXES = {"Shape": ("length", "volume", "fringe", "curl"), "Colour": ("colour", "grey")}
LABEL = 92  # of the words beside a slider
_ACROSS = 7  # swatches in a row
_TALL = 2 * PAD + TOP + PAGE


@dataclass(slots=True)
class Page:
    """The widgets of a page by name; those of the page "" are always seen."""

    buttons: dict[str, UIButton] = field(default_factory=dict)
    sliders: dict[str, Slider] = field(default_factory=dict)

    def show(self, shown: bool) -> None:
        """Shows all its widgets, or hides them."""
        for widget in (*self.buttons.values(), *self.sliders.values()):
            if shown:
                widget.show()
            else:
                widget.hide()


def fitted_unit(height: int, unit: float) -> float:
    """The design pixel at which the tray fits a window that is very low."""
    return min(unit, height / (_TALL + 16))


def places_of(size: tuple[int, int], unit: float) -> list[pygame.Rect]:
    """Where it can lie: at the right edge, above the strip where there is room for both.

    Upright, where a face takes all of the width, it is below the face, or above it.
    """
    high, margin = px(unit, _TALL), px(unit, 16)
    room = size[1] - px(unit, WORDS)  # the groups keep to the left of it
    y = (room - high) // 2 if high <= room - margin else max(0, (size[1] - high) // 2)
    usual = pygame.Rect(size[0] - px(unit, WIDTH) - margin, y, px(unit, WIDTH), high)
    if size[1] <= size[0] or high > room - 2 * margin:
        return [usual]
    return [usual.move(0, room - margin - high - y), usual.move(0, margin - y), usual]


def lay_out(
    manager: pygame_gui.UIManager,
    where: pygame.Rect,
    unit: float,
    axes: Mapping[str, tuple[float, float]],
    shades: tuple[str, ...] = (),
) -> dict[str, Page]:
    """All widgets, by page. An axis that cannot move gets none; `shades` are asked for under hair loss."""
    inner = WIDTH - 2 * PAD

    def place(x: float, y: float, wide: float, high: float = TOUCH) -> pygame.Rect:
        left = where.left + px(unit, PAD) + round(unit * x)
        top = where.top + px(unit, PAD) + round(unit * y)
        return pygame.Rect(left, top, px(unit, wide), px(unit, high))

    top, colour, shape, loss = (Page() for _ in range(4))
    top.buttons["close"] = widgets.new_button(manager, place(inner - TOUCH, 0, TOUCH))
    top.sliders["blend"] = widgets.new_slider(manager, place(-8, TOUCH + 24, inner + 16), 1.0, 0.0, 1.0)
    for number, name in enumerate(PAGES):
        wide = (inner - 16) / 3
        spot = place(number * (wide + 8), 2 * TOUCH + 30, wide)
        top.buttons[name] = widgets.new_button(manager, spot)
    names = graded()
    rows = -(-len(names) // _ACROSS)
    for number, name in enumerate(names):
        row, column = divmod(number, _ACROSS)
        spot = place(column * inner / _ACROSS, TOP + 28 + row * 46, TOUCH)
        colour.buttons[name] = widgets.new_button(manager, spot)
    shape.buttons["own"] = widgets.new_button(manager, place(0, TOP, 208))
    shape.buttons["reset"] = widgets.new_button(manager, place(216, TOP, inner - 216))
    for page, called, first in ((colour, "Colour", 28 + rows * 46 + 6), (shape, "Shape", TOUCH + 8)):
        moving = [name for name in AXES[called] if name in axes and axes[name][0] < axes[name][1]]
        for row, name in enumerate(moving):
            spot = place(LABEL, TOP + first + row * TOUCH, inner - LABEL + 8)
            page.sliders[name] = widgets.new_slider(manager, spot, 0.0, *axes[name])
    loss.sliders["loss"] = widgets.new_slider(manager, place(-8, TOP + 36, inner + 16), 0.0, -1.0, 1.0)
    loss.buttons["off"] = widgets.new_button(manager, place(0, TOP + 36 + TOUCH + 80, inner))
    for number, name in enumerate(shades):
        spot = place(number * inner / _ACROSS, TOP + 36 + TOUCH + 80 + TOUCH + 8, TOUCH)
        loss.buttons[name] = widgets.new_button(manager, spot)
    return {"": top, **dict(zip(PAGES, (colour, shape, loss), strict=True))}
