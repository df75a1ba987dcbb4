"""Chips: the groups of the style book beside the strip; a touch, or Tab, puts on the first style of one."""

from __future__ import annotations

import pygame

from mirror.app.screen import shapes
from mirror.app.screen.design import (
    ACCENT,
    GAP,
    GROUND,
    INK,
    NEAR,
    SCRIM,
    SMALL,
    TOUCH,
    WIDE,
    px,
)
from mirror.app.screen.keys import PickStyle, Wish
from mirror.app.screen.style_strip import CHIP, CHIPS, TALL, Strip, lies
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import fitted, text, wide
from mirror.app.screen.view import View
from mirror.hair.styles.groups import GROUPS, SAID, firsts, group_of

PAD = 14  # design pixels


class Chips:
    """Comes and goes with the strip: a column beside a column, a row above a row.

    Attributes:
        hidden: something else lies there.
    """

    def __init__(self, strip: Strip) -> None:
        self._strip = strip
        self.hidden = False
        self._known: tuple[object, ...] = ()  # tags, and which styles the filter leaves
        self._first: dict[str, int] = {}
        self._spots: dict[str, pygame.Rect] = {}
        self._unit = 1.0

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self._strip.opacity >= 0.5:
            more = px(self._unit, min(TOUCH - CHIP, SMALL))  # as far as the next one
            for name, spot in self._spots.items():
                if spot.inflate(0, more).collidepoint(event.pos):
                    return PickStyle(self._first[name])
        return None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        known = (view.tags, view.trying.left)
        if known != self._known:
            self._known, self._first = known, firsts(view.tags, view.trying.left)
        self._spots, self._unit = {}, unit
        if self.hidden or self._strip.hidden or self._strip.opacity <= 0 or len(self._first) < 2:
            return
        inside = 0 <= view.style_number < len(view.tags)
        now_in = group_of(view.tags[view.style_number]) if inside else ""
        size = screen.get_size()
        places = self._column(size, unit) if lies(size) else self._row(size, unit, now_in)
        self._spots = {name: turned(spot, size[0]) for name, spot in places.items()}
        for name, spot in self._spots.items():
            on = name == now_in
            tile = shapes.box(*spot.size, spot.height / 2, ACCENT if on else GROUND, SCRIM + 0.2 * on)
            room = spot.width - px(unit, PAD)
            line = text(*fitted(SAID[name], px(unit, NEAR.caption), room), GROUND if on else INK)
            for what, where in ((tile, spot), (line, line.get_rect(center=spot.center))):
                what.set_alpha(round(255 * self._strip.opacity))
                screen.blit(what, where)
                what.set_alpha(255)

    def _width(self, name: str, unit: float) -> int:
        """As wide as its words; those for which there is no room are cut, with an ellipsis."""
        return min(wide(SAID[name], px(unit, NEAR.caption)) + 2 * px(unit, PAD), px(unit, CHIPS))

    def _column(self, size: tuple[int, int], unit: float) -> dict[str, pygame.Rect]:
        """Below each other beside the tiles; hair loss apart, for it is no haircut."""
        tiles = turned(self._strip.tiles, size[0])
        right, top, spots = tiles.left - px(unit, GAP - SMALL), tiles.top + px(unit, SMALL), {}
        for name in self._first:
            top += px(unit, GAP) if name == list(GROUPS)[-1] else 0
            across = self._width(name, unit)
            spots[name] = pygame.Rect(right - across, top, across, px(unit, CHIP))
            top += px(unit, CHIP + SMALL)
        return {name: spot for name, spot in spots.items() if spot.bottom <= size[1]}

    def _row(self, size: tuple[int, int], unit: float, now_in: str) -> dict[str, pygame.Rect]:
        """In the middle of the window; where not all fit, those about the group that is worn."""
        room = size[0] - 2 * px(unit, GAP)
        names = list(self._first)
        while len(names) > 1 and self._across(names, unit) > room:
            at = names.index(now_in) if now_in in names else 0
            names.pop(0 if at > (len(names) - 1) / 2 else -1)
        left, top = (size[0] - self._across(names, unit)) // 2, size[1] - px(unit, TALL)
        spots = {}
        for name in names:
            left += self._before(name, names, unit)
            spots[name] = pygame.Rect(left, top, self._width(name, unit), px(unit, CHIP))
            left = spots[name].right
        return spots

    def _across(self, names: list[str], unit: float) -> int:
        return sum(self._width(name, unit) + self._before(name, names, unit) for name in names)

    def _before(self, name: str, names: list[str], unit: float) -> int:
        if name == names[0]:
            return 0
        return px(unit, WIDE if name == list(GROUPS)[-1] else SMALL)
