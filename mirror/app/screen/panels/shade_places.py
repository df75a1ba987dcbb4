"""Where everything in the grid of shades lies, in a window of any size."""

from __future__ import annotations

from dataclasses import dataclass, field

import pygame

from mirror.app.screen.design import MARGIN, SMALL, TOUCH, px
from mirror.app.screen.panels.pattern_kinds import ROW
from mirror.app.screen.style_strip import lies
from mirror.app.screen.turned import turned

ROWS, COLUMNS = 10, 7  # levels and tones of the natural range
TOLD = 2  # columns of shades that are told by name beside them
_PAD, _LABEL, _CAPTION, _HEAD = 12, 36, 30, 26  # design pixels
WIDE = 2 * _PAD + _LABEL + COLUMNS * TOUCH
TALL = 2 * _PAD + 2 * TOUCH + _CAPTION + _HEAD + ROWS * TOUCH
_APART = 2  # between two swatches, of which all but this is a target


@dataclass(slots=True)
class Spots:
    """Places in the window, pixels.

    Attributes:
        title, caption: of two lines of words.
        header: buttons above the cells, by name.
        kinds: of the row of patterns, by name.
        columns, rows: of what stands above and beside the cells.
        cells: of the swatches, row by row.
    """

    title: pygame.Rect = field(default_factory=lambda: pygame.Rect(0, 0, 0, 0))
    caption: pygame.Rect = field(default_factory=lambda: pygame.Rect(0, 0, 0, 0))
    header: dict[str, pygame.Rect] = field(default_factory=dict)
    kinds: dict[str, pygame.Rect] = field(default_factory=dict)
    columns: list[pygame.Rect] = field(default_factory=list)
    rows: list[pygame.Rect] = field(default_factory=list)
    cells: list[pygame.Rect] = field(default_factory=list)


def places_of(size: tuple[int, int], unit: float) -> tuple[list[pygame.Rect], float]:
    """Where it can lie, and the design pixel at which it fits: at the edge where lines end; upright below
    the face, or above it."""
    unit = min(unit, size[1] / (TALL + 2 * SMALL), size[0] / (WIDE + 2 * SMALL))
    wide, high, margin = px(unit, WIDE), px(unit, TALL), px(unit, MARGIN)
    margin = min(margin, (size[0] - wide) // 2, (size[1] - high) // 2)
    left = size[0] - wide - margin
    places = [pygame.Rect(left, (size[1] - high) // 2, wide, high)]
    if not lies(size):
        places = [
            pygame.Rect(left, size[1] - high - margin, wide, high),
            pygame.Rect(left, margin, wide, high),
            *places,
        ]
    return [turned(place, size[0]) for place in places], unit


def lay_out(where: pygame.Rect, unit: float, *, more: bool, named: bool = False) -> Spots:
    """All places within its own. `more`: there is another page to turn to; `named`: a cell has room for the
    name of its shade, and nothing stands above or beside them."""

    def place(x: float, y: float, wide: float, high: float) -> pygame.Rect:
        # Edges are rounded, not sizes, so that no gap is a pixel wider than the next.
        left, top = where.left + round(unit * (_PAD + x)), where.top + round(unit * (_PAD + y))
        right, bottom = (
            where.left + round(unit * (_PAD + x + wide)),
            where.top + round(unit * (_PAD + y + high)),
        )
        return turned(pygame.Rect(left, top, right - left, bottom - top), where)

    inner = WIDE - 2 * _PAD
    names = ("next", "none", "close") if more else ("none", "close")
    header = {
        name: place(inner - (len(names) - number) * TOUCH, 0, TOUCH, TOUCH)
        for number, name in enumerate(names)
    }
    heads = 2 * TOUCH + _CAPTION
    top, gap = heads + _HEAD, _APART / 2
    wide = inner / len(ROW)
    cells = [
        place(_LABEL + column * TOUCH + gap, top + row * TOUCH + gap, TOUCH - _APART, TOUCH - _APART)
        for row in range(ROWS)
        for column in range(COLUMNS)
    ]
    if named:
        each = inner / TOLD
        cells = [
            place(column * each + gap, top + row * TOUCH + gap, each - _APART, TOUCH - _APART)
            for row in range(ROWS)
            for column in range(TOLD)
        ]
    return Spots(
        title=place(0, 0, inner - len(names) * TOUCH - SMALL, TOUCH),
        caption=place(0, TOUCH, inner, _CAPTION),
        header=header,
        kinds={
            name: place(n * wide + gap, TOUCH + _CAPTION + gap, wide - _APART, TOUCH - _APART)
            for n, name in enumerate(ROW)
        },
        columns=[place(_LABEL + n * TOUCH, heads, TOUCH, _HEAD) for n in range(0 if named else COLUMNS)],
        rows=[place(0, top + n * TOUCH, _LABEL - 4, TOUCH) for n in range(0 if named else ROWS)],
        cells=cells,
    )
