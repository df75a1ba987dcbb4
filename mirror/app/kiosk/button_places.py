"""Places: where a visitor's buttons lie, and which part of the screen the picture keeps to meanwhile.

Beside a head there is room on a wide screen. Where there is none, or the screen is upright, buttons lie on
a dock, and the picture fills what the dock leaves: so nothing ever lies over chin and hair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pygame

from mirror.app.screen.typeface import wide
from mirror.app.touch.buttons import Place
from mirror.app.touch.layout import BODY

# Beside each other in the place of one: looks before and after, a mark and the marked.
PAIRS = {"looks": ("look_before", "look_after"), "marks": ("mark", "marked")}
ABOVE = 120.0  # units from the top: the name is there
BESIDE = 300.0  # units, of the lines below buttons at the side
MARGIN, GAP = 24.0, 6.0  # units: around the buttons, and between them
WAYS = 3  # in which two columns can lie beside a head
_WIDTH, _APART = 264.0, 8.0  # units, of buttons in columns, and between those
_SAID = 216.0  # units that stay free below columns, for what is said
_TALL, _LOW, _HIGH = 42.0, 40.0, 60.0  # units, of a button on a dock; the lowest and highest in a column
_HIGHER = 2 * 1.46 * BODY + 2  # units, of a button with two lines; those of Arabic are the highest
_MOST = 4  # buttons in a row of a dock
_PAD, _LETTERS = 6.0, 120  # units beside a label; the size at which labels are measured, pixels


@dataclass(frozen=True, slots=True)
class Room:
    """What there is, in units, of a screen whose lines begin at the left.

    Attributes:
        across, down: of the whole screen.
        low: where the room above strip or slider ends.
        column: what the strip takes at the side where lines end.
        label: what stands on a button.
    """

    across: float
    down: float
    low: float
    column: float
    label: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Arranged:
    """Buttons, and what they leave.

    Attributes:
        places: of the buttons, units.
        glass: left, top, right and bottom of what the picture keeps to, units; None: the whole screen.
    """

    places: tuple[Place, ...]
    glass: tuple[float, float, float, float] | None = None


def beside(
    columns: Sequence[Sequence[str]], way: int, room: Room, above: float = ABOVE, tall: float | None = None
) -> Arranged:
    """Two columns beside a head, over the picture.

    Args:
        way: at both sides, at the left or at the right, from 0.
        above: where they begin, units from the top.
        tall: how high a button is, units; None: as there is room for all below each other.
    """
    rows = max(map(len, columns))
    near, far = MARGIN + _WIDTH + _APART, room.across - room.column - _WIDTH
    lefts = ((MARGIN, far), (MARGIN, near), (far - _WIDTH - _APART, far))[way]
    if tall is None:
        tall = max(_LOW, min(_HIGH, (room.low - above - _SAID) / rows - _APART))
    places: list[Place] = []
    for x, names in zip(lefts, columns, strict=True):
        for row, name in enumerate(names):
            places += _put(name, (x, above + row * (tall + _APART), _WIDTH, tall), room)
    return Arranged(tuple(places))


def between(columns: Sequence[Sequence[str]], room: Room) -> Arranged:
    """Two columns at both sides, the picture between them and above what lies at the lower edge.

    No name of a style stands above them. Where a label is long all are high enough for two lines.
    """
    labelled = [name for column in columns for name in column]
    tall = _HIGHER if any(_width(name, room) > _WIDTH for name in labelled) else _HIGH
    side = MARGIN + _WIDTH + MARGIN
    glass = (side, 0.0, room.across - room.column - _WIDTH - MARGIN, room.low)
    return Arranged(beside(columns, 0, room, MARGIN, tall).places, glass)


def in_column(names: Sequence[str], room: Room) -> Arranged:
    """A dock at the side where lines begin, all in one column, the last apart from the others."""
    pitch = min((room.down - 2 * MARGIN + GAP) / len(names), _HIGH + GAP)
    places: list[Place] = []
    for row, name in enumerate(names):
        y = MARGIN + row * pitch if row < len(names) - 1 else room.down - MARGIN + GAP - pitch
        places += _put(name, (MARGIN, y, _WIDTH, pitch - GAP), room)
    return Arranged(tuple(places), (2 * MARGIN + _WIDTH, 0.0, room.across - room.column - MARGIN, room.down))


def in_rows(names: Sequence[str], room: Room) -> Arranged:
    """A dock below the picture, above strip or slider: as many in a row as their labels allow."""
    places = _rows(names, (MARGIN, room.across - MARGIN), room.low, room)
    return Arranged(places, (0.0, 0.0, room.across, _top(places) - MARGIN / 2))


def with_card(names: Sequence[str], card: tuple[float, float, float, float], room: Room) -> Arranged:
    """Beside a card at the side where lines end, or above it where there is no room; the picture above all.

    Args:
        card: left, top, right and bottom, units.
    """
    left, top = card[:2]
    upright = room.down > room.across
    end = room.down - MARGIN
    if left - 2 * MARGIN < max(_width(name, room) for name in names):
        places = _rows(names, (MARGIN, room.across - MARGIN), top - MARGIN / 2, room)
        return Arranged(places, (0.0, 0.0, room.across, _top(places) - MARGIN / 2))
    places = _rows(names, (MARGIN, left - MARGIN), end, room)
    if upright:
        return Arranged(places, (0.0, 0.0, room.across, min(_top(places), top) - MARGIN / 2))
    return Arranged(places, (0.0, 0.0, left - MARGIN / 2, _top(places) - MARGIN / 2))


def eased(glass: pygame.Rect, size: tuple[int, int], share: float) -> pygame.Rect:
    """Between all of a screen of (width, height) and what a dock leaves of it, as the dock comes and goes.

    Example:
        >>> eased(pygame.Rect(0, 0, 100, 60), (100, 100), 0.5)
        Rect(0, 0, 100, 80)
    """
    left, top = round(glass.left * share), round(glass.top * share)
    right = round(size[0] - (size[0] - glass.right) * share)
    bottom = round(size[1] - (size[1] - glass.bottom) * share)
    return pygame.Rect(left, top, max(1, right - left), max(1, bottom - top))


def _width(name: str, room: Room) -> float:
    """How wide a button has to be for its label, units."""
    return 0.0 if name == "" or name in PAIRS else _label_width(room.label(name))


@lru_cache(maxsize=256)
def _label_width(label: str) -> float:
    """Of a label, units: asked for in each picture."""
    return wide(label, _LETTERS) * BODY / _LETTERS + 2 * _PAD


def _rows(names: Sequence[str], between: tuple[float, float], bottom: float, room: Room) -> tuple[Place, ...]:
    """Read row by row, in as few as can be; the last button at the very end."""
    begin, end = between
    packed = [
        (rows, count)
        for count in range(1, min(len(names), _MOST) + 1)
        if (rows := _packed(names, count, (end - begin + GAP) / count, room)) is not None
    ]
    rows, count = min(packed, key=lambda found: len(found[0]))
    pitch = (end - begin + GAP) / count
    places: list[Place] = []
    for number, row in enumerate(rows):
        y = bottom - (len(rows) - number) * (_TALL + GAP) + GAP
        used = sum(cells for _, _, cells in row)
        # What is left of a row is shared out; that of the last keeps its last button apart.
        spare = (count - used) * pitch / len(row) if number < len(rows) - 1 else 0.0
        for place, (name, cell, cells) in enumerate(row):
            x, each = begin + cell * pitch + place * spare, cells * pitch + spare - GAP
            places += _put(name, (x, y, each, _TALL), room)
    return tuple(places)


def _packed(
    names: Sequence[str], count: int, pitch: float, room: Room
) -> list[list[tuple[str, int, int]]] | None:
    """Rows of so many cells: name, its first cell, and how many it takes, two for a long label.

    None where that is not enough, but in a single column.
    """
    rows: list[list[tuple[str, int, int]]] = [[]]
    at = 0
    for number, name in enumerate(names):
        cells = 1 if count == 1 or _width(name, room) <= pitch - GAP else 2
        if cells > count or (count > 1 and _width(name, room) > cells * pitch - GAP):
            return None
        if at + cells > count:
            rows.append([])
            at = 0
        at = max(at, count - cells) if number == len(names) - 1 else at
        rows[-1].append((name, at, cells))
        at += cells
    return rows


def _top(places: Sequence[Place]) -> float:
    return min(where[1] for _, _, where in places)


def _put(name: str, where: tuple[float, float, float, float], room: Room) -> list[Place]:
    """One button, or the pair in its place; "" leaves its place free."""
    if not name:
        return []
    if name not in PAIRS:
        return [(name, room.label(name), where)]
    x, y, across, tall = where
    half = (across - GAP) / 2
    return [
        (one, room.label(one), (x + place * (half + GAP), y, half, tall))
        for place, one in enumerate(PAIRS[name])
    ]
