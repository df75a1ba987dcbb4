"""Where everything in the tray lies: its pages, their widgets, in design pixels of a window's size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pygame
import pygame_gui
from pygame_gui.elements import UIButton

from mirror.app.screen.design import MARGIN, NEAR, SMALL, TOUCH, px
from mirror.app.screen.panels.dye_palette import kept
from mirror.app.screen.panels.row_widths import share_row
from mirror.app.screen.style_strip import TALL, lies
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import wide, widest_piece
from mirror.app.screen.widgets import Slider, new_button, new_slider
from mirror.hair.loss.scalp_zones import ZONES
from mirror.translation.message import Message

WIDTH, PAD, PAGE = 352, 18, 272  # design pixels
TOP = TOUCH + 24 + TOUCH + 6 + TOUCH + 10  # of the pages, below the padding
ALL_SHADES, BROWS_TOO = Message("All shades"), Message("Brows and beard too")
MY_OWN, RESET = Message("My own hair, but …"), Message("Reset")
TO_STYLES, ZONES_AND_LINE = Message("Back to styles"), Message("Zones and line")
DRAW = Message("Draw the line")
PAGES: tuple[str, ...] = (Message("Colour"), Message("Shape"), Message("Hair loss"))
BROWS = "brows"  # the switch for brows and beard
SHADES = "shades"  # the button that opens the grid of all shades
MORE = "more shades"  # the same among the swatches, where not all have room
PLAN = "plan"  # a page behind that of hair loss, without a tab of its own
# The axes of the mirror, by page, and what they are called.
AXES = {"Shape": ("length", "volume", "fringe", "curl"), "Colour": ("colour", "grey"), PLAN: ZONES}
CALLED = {
    "length": Message("Length"), "volume": Message("Volume"), "fringe": Message("Fringe"),
    "curl": Message("Curl"),
    # That is what it changes; the palette changes the rest.
    "colour": Message("Lightness"), "grey": Message("Grey"),
}  # fmt: skip
LABEL = 110  # of the words beside a slider
ACROSS = 7  # swatches in a row
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
    return min(unit, height / (_TALL + 2 * SMALL))


def places_of(size: tuple[int, int], unit: float) -> list[pygame.Rect]:
    """Where it can lie: at the edge where lines end, in place of the strip on a screen that lies.

    Upright, where a face takes all of the width, it is below the face, or above it.
    """
    high, margin = px(unit, _TALL), px(unit, MARGIN)
    room = size[1] if lies(size) else size[1] - px(unit, TALL)
    y = (room - high) // 2 if high <= room - margin else max(0, (size[1] - high) // 2)
    usual = pygame.Rect(size[0] - px(unit, WIDTH) - margin, y, px(unit, WIDTH), high)
    places = [usual]
    if not lies(size) and high <= room - 2 * margin:
        places = [usual.move(0, room - margin - high - y), usual.move(0, margin - y), usual]
    return [turned(place, size[0]) for place in places]


def in_a_row(labels: Sequence[str], inner: float, unit: float, gap: float) -> list[tuple[float, float]]:
    """Left edges and widths of buttons that share a row: alike, where that does for the longest label."""
    needs = [wide(one, px(unit, NEAR.caption)) / unit + 2 * SMALL + 2 for one in labels]
    room = inner - gap * (len(labels) - 1)
    wides = share_row(needs, room)
    if sum(needs) > room:  # in two lines, then: no word is broken, and who has more words has more room
        least = [widest_piece(one, px(unit, NEAR.caption)) / unit + 2 * SMALL + 2 for one in labels]
        share = max(room - sum(least), 0) / max(sum(needs) - sum(least), 1)
        wides = [few + share * (all_of_it - few) for few, all_of_it in zip(least, needs, strict=True)]
    return [(sum(wides[:number]) + number * gap, one) for number, one in enumerate(wides)]


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
        return turned(pygame.Rect(left, top, px(unit, wide), px(unit, high)), where)

    top, colour, shape, loss, plan = (Page() for _ in range(5))
    top.buttons["close"] = new_button(manager, place(inner - TOUCH, 0, TOUCH))
    top.sliders["blend"] = new_slider(manager, place(-8, TOUCH + 24, inner + 16), 1.0, 0.0, 1.0)

    def put_row(page: Page, labels: Mapping[str, str], y: float) -> None:
        for name, (x, across) in zip(labels, in_a_row([*labels.values()], inner, unit, 8), strict=True):
            page.buttons[name] = new_button(manager, place(x, y, across))

    put_row(top, {name: name for name in PAGES}, 2 * TOUCH + 30)
    # Two rows at most: what a salon's chart has beyond them is in the grid of all shades, as the last says.
    names, out = kept(2 * ACROSS)
    names = (*kept(2 * ACROSS - 1)[0], MORE) if out else names
    rows = -(-len(names) // ACROSS)
    for number, name in enumerate(names):
        row, column = divmod(number, ACROSS)
        spot = place(column * inner / ACROSS, TOP + 28 + row * 46, TOUCH)
        colour.buttons[name] = new_button(manager, spot)
    moved = [name for name in AXES["Colour"] if name in axes and axes[name][0] < axes[name][1]]
    low = TOP + 28 + rows * 46 + 6 + len(moved) * TOUCH + 4
    put_row(colour, {SHADES: ALL_SHADES, BROWS: BROWS_TOO}, low)
    put_row(shape, {"own": MY_OWN, "reset": RESET}, TOP)
    for page, called, first in ((colour, "Colour", 28 + rows * 46 + 6), (shape, "Shape", TOUCH + 8)):
        moving = [name for name in AXES[called] if name in axes and axes[name][0] < axes[name][1]]
        for row, name in enumerate(moving):
            spot = place(LABEL, TOP + first + row * TOUCH, inner - LABEL + 8)
            page.sliders[name] = new_slider(manager, spot, 0.0, *axes[name])
    loss.sliders["loss"] = new_slider(manager, place(-8, TOP + 36, inner + 16), 0.0, -1.0, 1.0)
    low = TOP + 36 + TOUCH + 80
    put_row(loss, {"off": TO_STYLES, PLAN: ZONES_AND_LINE}, low)
    if not shades:
        loss.buttons["scale"] = new_button(manager, place(0, low + TOUCH + 8, inner))
    for row, zone in enumerate(ZONES):
        spot = place(LABEL, TOP + row * TOUCH, inner - LABEL + 8)
        plan.sliders[zone] = new_slider(manager, spot, 0.0, -1.0, 1.0)
    low = TOP + len(ZONES) * TOUCH + 4
    put_row(plan, {"draw": DRAW, "clear": RESET}, low)
    plan.buttons["course"] = new_button(manager, place(0, low + TOUCH + 4, inner))
    for number, name in enumerate(shades):
        spot = place(number * inner / ACROSS, TOP + 36 + TOUCH + 80 + TOUCH + 8, TOUCH)
        loss.buttons[name] = new_button(manager, spot)
    return {"": top, **dict(zip(PAGES, (colour, shape, loss), strict=True)), PLAN: plan}
