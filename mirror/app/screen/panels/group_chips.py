"""Chips: the groups of the style book above the strip; a touch, or Tab, puts on the first style of one."""

from __future__ import annotations

import pygame

from mirror.app.screen import overlay, shapes
from mirror.app.screen.keys import PickStyle, Wish
from mirror.app.screen.overlay import px
from mirror.app.screen.panels.widgets import TOUCH
from mirror.app.screen.style_strip import TALL, Strip
from mirror.app.screen.typeface import ACCENT, GROUND, INK, text
from mirror.app.screen.view import View
from mirror.hair.styles.groups import GROUPS, firsts, group_of

HIGH, GAP, PAD, APART = 34, 8, 14, 26  # design pixels; the last before hair loss, which is no haircut
SIZE = 17
SAID = {
    "short": "Short", "medium": "Medium", "long": "Long", "up": "Up", "braids": "Braids & locs",
    "colours": "Colours", "more": "More", "loss": "Hair loss",
}  # fmt: skip


class Chips:
    """Comes and goes with the strip.

    Attributes:
        hidden: something else lies there.
        right: they stay left of this, pixels; 0 for the window's edge.
    """

    def __init__(self, strip: Strip) -> None:
        self._strip = strip
        self.hidden = False
        self.right = 0
        self._tags: tuple[tuple[str, ...], ...] = ()
        self._first: dict[str, int] = {}
        self._spots: dict[str, pygame.Rect] = {}

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self._strip.opacity >= 0.5:
            for name, spot in self._spots.items():
                if spot.inflate(0, spot.height * (TOUCH - HIGH) // HIGH).collidepoint(event.pos):
                    return PickStyle(self._first[name])
        return None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        if view.tags is not self._tags:
            self._tags, self._first = view.tags, firsts(view.tags)
        self._spots = {}
        if self.hidden or self._strip.opacity <= 0 or len(self._first) < 2:
            return
        inside = 0 <= view.style_number < len(view.tags)
        now_in = group_of(view.tags[view.style_number]) if inside else ""
        self._spots = self._lay(screen.get_size(), unit, now_in)
        for name, spot in self._spots.items():
            on = name == now_in
            tile = shapes.box(
                spot.width, spot.height, spot.height / 2, ACCENT if on else GROUND, overlay.BACKING
            )
            line = text(SAID[name], px(unit, SIZE), GROUND if on else INK)
            for what, where in ((tile, spot), (line, line.get_rect(center=spot.center))):
                what.set_alpha(round(255 * self._strip.opacity))
                screen.blit(what, where)
                what.set_alpha(255)

    def _lay(self, size: tuple[int, int], unit: float, now_in: str) -> dict[str, pygame.Rect]:
        """Places in the middle of the window; where not all fit, those about the group that is worn."""
        wide = {name: text(SAID[name], px(unit, SIZE), INK).get_width() + 2 * px(unit, PAD)
                for name in self._first}  # fmt: skip
        room = (self.right or size[0]) - 2 * px(unit, 12)
        names = list(wide)
        while len(names) > 1 and self._across(names, wide, unit) > room:
            at = names.index(now_in) if now_in in names else 0
            names.pop(0 if at > (len(names) - 1) / 2 else -1)
        across = self._across(names, wide, unit)
        left = max(px(unit, 12), min((size[0] - across) // 2, room + px(unit, 12) - across))
        top = size[1] - px(unit, TALL)
        spots = {}
        for name in names:
            left += self._before(name, names, unit)
            spots[name] = pygame.Rect(left, top, wide[name], px(unit, HIGH))
            left += wide[name]
        return spots

    def _across(self, names: list[str], wide: dict[str, int], unit: float) -> int:
        return sum(wide[name] + self._before(name, names, unit) for name in names)

    def _before(self, name: str, names: list[str], unit: float) -> int:
        if name == names[0]:
            return 0
        return px(unit, APART if name == list(GROUPS)[-1] else GAP)
