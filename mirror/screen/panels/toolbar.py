"""Toolbar: round buttons at the left edge, so that everything works without a keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pygame

from mirror.screen import overlay, shapes
from mirror.screen.icons import icon
from mirror.screen.keys import Wish
from mirror.screen.overlay import px
from mirror.screen.strip import FADE_IN, FADE_OUT, TALL, Strip
from mirror.screen.typeface import ACCENT, GROUND, INK
from mirror.screen.view import View

SIDE, GAP, MARGIN = 48, 8, 16  # design pixels


@dataclass(frozen=True, slots=True)
class Tool:
    """One button: its icon, what it does in words, what a press does, and whether it is on now."""

    icon: Callable[[], str]
    words: str
    press: Callable[[float], Wish | bool | None]
    on: Callable[[], bool]


class Toolbar:
    """Comes and goes with the strip."""

    def __init__(self, strip: Strip, tools: Sequence[Tool]) -> None:
        self._strip, self._tools = strip, tuple(tools)
        self._spots: list[pygame.Rect] = []
        self._opacity = 0.0
        self._drawn_at = 0.0
        self._at = (-1, -1)  # of the pointer

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.screen.panel.Panel.hear`."""
        if event.type == pygame.MOUSEMOTION:
            self._at = (-1, -1) if getattr(event, "touch", False) else event.pos
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self._opacity >= 0.5:
            for spot, tool in zip(self._spots, self._tools, strict=True):
                if spot.collidepoint(event.pos):
                    heard = tool.press(now)
                    return True if heard is None else heard
        return None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.screen.panel.Panel.draw`."""
        step = min(max(now - self._drawn_at, 0.0), 0.25)
        self._drawn_at = now
        awake = self._strip.awake(now)
        change = step / FADE_IN if awake else -step / FADE_OUT
        self._opacity = min(max(self._opacity + change, 0.0), 1.0)
        width, height = screen.get_size()
        side, gap = px(unit, SIDE), px(unit, GAP)
        tall = len(self._tools) * (side + gap) - gap
        top = (height - px(unit, TALL) - tall) // 2
        top = max(top, px(unit, 8)) if tall <= height - px(unit, 16) else (height - tall) // 2
        left = px(unit, MARGIN)
        self._spots = [pygame.Rect(left, top + i * (side + gap), side, side) for i in range(len(self._tools))]
        if self._opacity <= 0:
            return
        column = _column(tuple((tool.icon(), tool.on()) for tool in self._tools), side, gap, px(unit, 26))
        self._blit(screen, column, self._spots[0])
        for spot, tool in zip(self._spots, self._tools, strict=True):
            if spot.collidepoint(self._at):
                words = overlay.pill(tool.words, unit * 0.85, width)
                self._blit(screen, words, words.get_rect(midleft=(spot.right + gap, spot.centery)))

    def _blit(self, screen: pygame.Surface, what: pygame.Surface, where: pygame.Rect) -> None:
        what.set_alpha(round(255 * self._opacity))
        screen.blit(what, where)
        what.set_alpha(255)


@lru_cache(maxsize=4)
def _column(looks: tuple[tuple[str, bool], ...], side: int, gap: int, sign: int) -> pygame.Surface:
    """All buttons under each other, by (icon, whether it is on)."""
    column = pygame.Surface((side, len(looks) * (side + gap) - gap), pygame.SRCALPHA, 32)
    for number, (name, on) in enumerate(looks):
        spot = pygame.Rect(0, number * (side + gap), side, side)
        column.blit(shapes.box(side, side, side / 2, ACCENT if on else GROUND, 0.95 if on else 0.74), spot)
        drawn = icon(name, sign, GROUND if on else INK)
        column.blit(drawn, drawn.get_rect(center=spot.center))
    return column
