"""Where everything in the filter panel lies, in a window of any size."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

import pygame

from mirror.app.screen.design import MARGIN, SMALL, TOUCH, px
from mirror.app.screen.panels.row_widths import share_row
from mirror.app.screen.style_strip import TALL as STRIP_TALL
from mirror.app.screen.style_strip import lies
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import wide
from mirror.hair.styles.trait_words import SAID
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


@dataclass(frozen=True, slots=True)
class Measure:
    """How large all of it is.

    Attributes:
        unit: the design pixel of what lies beside each other, and of type.
        down: the same of what lies below each other: less where the window is low.
        letters: of words, pixels.
        roomy: no strip is there, and nothing stands above a row.
    """

    unit: float
    down: float
    letters: int
    roomy: bool


def _rows(measure: Measure) -> list[tuple[str, tuple[str, ...], bool]]:
    """Kind, chips, and whether the kind begins with them, by row: as many in each as their words allow."""
    found = []
    for kind, values in TRAITS.items():
        for count in range(1, len(values) + 1):
            cuts = [len(values) * row // count for row in range(count + 1)]
            rows = [values[begin:end] for begin, end in pairwise(cuts)]
            if all(sum(_needs(row, measure)) + (len(row) - 1) * _APART <= WIDE - 2 * _PAD for row in rows):
                break
        found += [(kind, row, number == 0) for number, row in enumerate(rows)]
    return found


def _needs(values: tuple[str, ...], measure: Measure) -> list[float]:
    """How wide chips have to be for their words, design pixels."""
    return [wide(SAID[value], measure.letters) / measure.unit + 2 * SMALL + 2 for value in values]


def places_of(
    size: tuple[int, int], unit: float, type_size: int, roomy: bool
) -> tuple[list[pygame.Rect], Measure]:
    """Where it can lie, and how large it is: at the edge where lines end; upright below the face, above the
    strip, or above the face.

    Args:
        unit: the design pixel.
        type_size: of words, design pixels; they stay as large where the window is low.
        roomy: no strip is there.
    """
    unit = min(unit, size[0] / (WIDE + 2 * SMALL))
    measure = Measure(unit, unit, px(unit, type_size), roomy)
    captions = 0 if roomy else len(TRAITS) * _CAPTION
    tall = 2 * _PAD + TOUCH + _LINE + captions + len(_rows(measure)) * (TOUCH + _APART) + SMALL + TOUCH
    measure = replace(measure, down=min(unit, size[1] / (tall + 2 * SMALL)))
    across, high, margin = px(unit, WIDE), px(measure.down, tall), px(unit, MARGIN)
    margin = min(margin, (size[0] - across) // 2, (size[1] - high) // 2)
    left = size[0] - across - margin
    usual = pygame.Rect(left, (size[1] - high) // 2, across, high)
    places, room = [usual], size[1] if roomy else size[1] - px(unit, STRIP_TALL)
    if not lies(size) and high <= room - 2 * margin:
        places = [usual.move(0, room - margin - high - usual.top), usual.move(0, margin - usual.top), usual]
    return [turned(place, size[0]) for place in places], measure


def lay_out(where: pygame.Rect, measure: Measure) -> Places:
    """All places within its own."""
    unit, down, roomy = measure.unit, measure.down, measure.roomy

    def place(x: float, y: float, across: float, high: float) -> pygame.Rect:
        # Edges are rounded, not sizes, so that no gap is a pixel wider than the next.
        left, top = where.left + round(unit * (_PAD + x)), where.top + round(down * (_PAD + y))
        right = where.left + round(unit * (_PAD + x + across))
        bottom = where.top + round(down * (_PAD + y + high))
        return turned(pygame.Rect(left, top, right - left, bottom - top), where)

    inner = WIDE - 2 * _PAD
    found = Places(
        title=place(0, 0, inner - TOUCH - SMALL, TOUCH - 6),
        close=place(inner - TOUCH, 0, TOUCH, TOUCH),
        count=place(0, TOUCH - 6, inner - TOUCH - SMALL, _LINE),
    )
    y = TOUCH + _LINE
    for kind, values, first in _rows(measure):
        if first and not roomy:
            found.captions[kind] = place(0, y, inner, _CAPTION)
            y += _CAPTION
        wides = share_row(_needs(values, measure), inner - (len(values) - 1) * _APART)
        x = 0.0
        for value, across in zip(values, wides, strict=True):
            found.chips[kind, value] = place(x, y, across, TOUCH)
            x += across + _APART
        y += TOUCH + _APART
    found.everything = place(0, y + SMALL, inner, TOUCH)
    return found
