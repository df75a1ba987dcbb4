"""Where everything in the filter panel lies, in a window of any size."""

from __future__ import annotations

from dataclasses import dataclass, field

import pygame

from mirror.app.screen.design import MARGIN, SMALL, TOUCH, px
from mirror.app.screen.style_strip import TALL as STRIP_TALL
from mirror.app.screen.style_strip import lies
from mirror.app.screen.turned import turned
from mirror.hair.styles.traits import TRAITS

WIDE = 360  # design pixels
_PAD, _CAPTION, _APART, _LINE = 16, 26, 6, 26

Chip = tuple[str, str]  # a kind, and what is looked for of it


def _nothing() -> pygame.Rect:
    return pygame.Rect(0, 0, 0, 0)


@dataclass(slots=True)
class Places:
    """Places in the window, pixels.

    Attributes:
        title, count: of two lines of words.
        close, everything: of two buttons.
        captions: of the words above a row, by kind.
        chips: in the order in which they are read.
    """

    title: pygame.Rect = field(default_factory=_nothing)
    count: pygame.Rect = field(default_factory=_nothing)
    close: pygame.Rect = field(default_factory=_nothing)
    everything: pygame.Rect = field(default_factory=_nothing)
    captions: dict[str, pygame.Rect] = field(default_factory=dict)
    chips: dict[Chip, pygame.Rect] = field(default_factory=dict)


def _rows(roomy: bool) -> list[tuple[str, tuple[str, ...], bool]]:
    """Kind, chips, and whether the kind begins with them, row by row."""
    found = []
    for kind, values in TRAITS.items():
        across = 2 if roomy and len(values) > 3 else len(values)
        found += [(kind, values[i : i + across], i == 0) for i in range(0, len(values), across)]
    return found


def _tall(roomy: bool) -> float:
    captions = 0 if roomy else len(TRAITS) * _CAPTION
    return 2 * _PAD + TOUCH + _LINE + captions + len(_rows(roomy)) * (TOUCH + _APART) + SMALL + TOUCH


def places_of(size: tuple[int, int], unit: float, roomy: bool) -> tuple[list[pygame.Rect], float]:
    """Where it can lie, and the design pixel at which it fits: at the edge where lines end; upright below
    the face, above the strip, or above the face. `roomy`: no strip is there."""
    tall = _tall(roomy)
    unit = min(unit, size[1] / (tall + 2 * SMALL), size[0] / (WIDE + 2 * SMALL))
    wide, high, margin = px(unit, WIDE), px(unit, tall), px(unit, MARGIN)
    margin = min(margin, (size[0] - wide) // 2, (size[1] - high) // 2)
    left = size[0] - wide - margin
    usual = pygame.Rect(left, (size[1] - high) // 2, wide, high)
    places, room = [usual], size[1] if roomy else size[1] - px(unit, STRIP_TALL)
    if not lies(size) and high <= room - 2 * margin:
        places = [usual.move(0, room - margin - high - usual.top), usual.move(0, margin - usual.top), usual]
    return [turned(place, size[0]) for place in places], unit


def lay_out(where: pygame.Rect, unit: float, roomy: bool) -> Places:
    """All places within its own. `roomy`: larger words, fewer in a row, none above a row."""

    def place(x: float, y: float, wide: float, high: float) -> pygame.Rect:
        # Edges are rounded, not sizes, so that no gap is a pixel wider than the next.
        left, top = where.left + round(unit * (_PAD + x)), where.top + round(unit * (_PAD + y))
        right = where.left + round(unit * (_PAD + x + wide))
        bottom = where.top + round(unit * (_PAD + y + high))
        return turned(pygame.Rect(left, top, right - left, bottom - top), where)

    inner = WIDE - 2 * _PAD
    found = Places(
        title=place(0, 0, inner - TOUCH - SMALL, TOUCH - 6),
        close=place(inner - TOUCH, 0, TOUCH, TOUCH),
        count=place(0, TOUCH - 6, inner - TOUCH - SMALL, _LINE),
    )
    y = TOUCH + _LINE
    for kind, values, first in _rows(roomy):
        if first and not roomy:
            found.captions[kind] = place(0, y, inner, _CAPTION)
            y += _CAPTION
        wide = (inner - (len(values) - 1) * _APART) / len(values)
        for number, value in enumerate(values):
            found.chips[kind, value] = place(number * (wide + _APART), y, wide, TOUCH)
        y += TOUCH + _APART
    found.everything = place(0, y + SMALL, inner, TOUCH)
    return found
