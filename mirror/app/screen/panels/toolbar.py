"""Toolbar: the rail of round buttons over the picture, so that everything works without a keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pygame

from mirror.app.screen import overlay, shapes
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.icons import icon
from mirror.app.screen.keys import Action, Wish
from mirror.app.screen.overlay import px
from mirror.app.screen.style_strip import FADE_IN, FADE_OUT, TALL
from mirror.app.screen.typeface import ACCENT, GROUND, INK
from mirror.app.screen.view import View
from mirror.app.screen.window import Window

SIDE, GAP, MARGIN = 48, 8, 16  # design pixels


@dataclass(frozen=True, slots=True)
class Tool:
    """One button.

    Attributes:
        icon: its sign.
        words: what it does, and its key.
        press: what happens when it is pressed.
        on: whether it is on now.
        let_go: what it wishes when the finger leaves it; None: nothing.
    """

    icon: Callable[[], str]
    words: str
    press: Callable[[float], Wish | bool | None]
    on: Callable[[], bool] = lambda: False
    let_go: Wish | None = None


def window_tools(window: Window) -> tuple[Tool, ...]:
    """The buttons for what the window and its studio do: each wishes what its key does."""

    def tool(sign: str, words: str, wish: Action, on: Callable[[], bool] = lambda: False) -> Tool:
        return Tool(lambda: sign, words, lambda now: wish, on)

    return (
        tool("dice", "Surprise me   R", Action.RANDOM),
        tool("back", "The look before   Backspace", Action.BACK),
        Tool(
            lambda: "person", "Hold: your own hair   Space", lambda now: Action.ORIGINAL_ON,
            lambda: window.original, Action.ORIGINAL_OFF,
        ),
        tool("camera", "Save a picture   S", Action.SNAPSHOT),
        tool("film", "Save a clip, or end it   V", Action.CLIP),
        tool("cards", "Save a card of your last looks   K", Action.CARD),
        tool("mirror", "Mirror image   M", Action.MIRROR),
        tool("corners", "Full screen   F11", Action.FULLSCREEN, lambda: window.full),
        tool("gauge", "Frame rate, delay, engine   D", Action.HUD, lambda: window.hud),
        tool("help", "The keys   H", Action.HELP, lambda: window.help),
    )  # fmt: skip


class Toolbar:
    """Comes and goes with the strip; at the left edge, or elsewhere where a head is there.

    Args:
        window: over whose picture it lies.
        tools: its buttons, in order.

    Attributes:
        where: its place in the window, pixels.
    """

    def __init__(self, window: Window, tools: Sequence[Tool]) -> None:
        self._window, self._tools = window, tuple(tools)
        self.where = pygame.Rect(0, 0, 0, 0)
        self._spots: list[pygame.Rect] = []
        self._across = 1  # buttons in a row
        self._seat = Seat()
        self._seated: tuple[object, ...] = ()
        self._held: Tool | None = None
        self._opacity = 0.0
        self._drawn_at = 0.0
        self._at = (-1, -1)  # of the pointer

    @property
    def held(self) -> bool:
        """Whether a finger is on a button that does something when it is let go."""
        return self._held is not None

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if event.type == pygame.MOUSEMOTION:
            self._at = (-1, -1) if getattr(event, "touch", False) else event.pos
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self._held is not None:
            wish, self._held = self._held.let_go, None
            return wish
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self._opacity >= 0.5:
            for spot, tool in zip(self._spots, self._tools, strict=False):
                if spot.collidepoint(event.pos):
                    self._held = tool if tool.let_go is not None else None
                    heard = tool.press(now)
                    return True if heard is None else heard
        return None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        step = min(max(now - self._drawn_at, 0.0), 0.25)
        self._drawn_at = now
        awake = self._window.strip.awake(now) or self.held
        change = step / FADE_IN if awake else -step / FADE_OUT
        seen, self._opacity = self._opacity, min(max(self._opacity + change, 0.0), 1.0)
        self._sit(screen.get_size(), unit, now, seen > 0)
        if self._opacity <= 0:
            return
        tools = self._tools[: len(self._spots)]
        looks = tuple((tool.icon(), tool.on() or tool is self._held) for tool in tools)
        side, gap, sign = px(unit, SIDE), px(unit, GAP), px(unit, 26)
        self._blit(screen, _drawn(looks, self._across, side, gap, sign), self.where)
        for spot, tool in zip(self._spots, tools, strict=True):
            if spot.collidepoint(self._at):
                words = overlay.pill(tool.words, unit * 0.85, screen.get_width())
                self._blit(screen, words, self._beside(words, spot, screen.get_size(), gap))

    def _sit(self, size: tuple[int, int], unit: float, now: float, seen: bool) -> None:
        """Takes its place. While it is seen it stays there: nobody hits a button that runs away."""
        head = self._window.head
        here = (size, unit, self._window.covered, head is not None)
        if seen and here == self._seated:
            return
        self._seated = here
        # In the smallest of windows beside an open tray: as many as there is room for.
        fitting = min(len(self._tools), _most(size, self._window.covered, unit))
        places = _places(size, self._window.covered, unit, fitting)
        if not seen:
            self._seat = Seat()
        self.where = self._seat.choose(places, head, now)
        side, gap = px(unit, SIDE), px(unit, GAP)
        self._across = (self.where.width + gap) // (side + gap)
        self._spots = [
            pygame.Rect(
                self.where.left + column * (side + gap), self.where.top + row * (side + gap), side, side
            )
            for row, column in (divmod(number, self._across) for number in range(fitting))
        ]

    def _beside(
        self, words: pygame.Surface, spot: pygame.Rect, size: tuple[int, int], gap: int
    ) -> pygame.Rect:
        """Where the words about a button stand: beside the rail, towards the middle; above one that lies."""
        if self.where.width > self.where.height:
            place = words.get_rect(midbottom=(spot.centerx, self.where.top - gap))
        elif self.where.centerx < size[0] // 2:
            place = words.get_rect(midleft=(self.where.right + gap, spot.centery))
        else:
            place = words.get_rect(midright=(self.where.left - gap, spot.centery))
        return place.clamp(pygame.Rect((0, 0), size))

    def _blit(self, screen: pygame.Surface, what: pygame.Surface, where: pygame.Rect) -> None:
        what.set_alpha(round(255 * self._opacity))
        screen.blit(what, where)
        what.set_alpha(255)


def _grid(size: tuple[int, int], covered: int, unit: float) -> tuple[int, int]:
    """How many buttons there is room for beside each other and below each other, at least one."""
    side, gap = px(unit, SIDE), px(unit, GAP)
    across = (size[0] - covered - 2 * px(unit, MARGIN) + gap) // (side + gap)
    down = (size[1] - px(unit, TALL) - gap) // (side + gap)
    return max(1, across), max(1, down)


def _most(size: tuple[int, int], covered: int, unit: float) -> int:
    """How many buttons there is room for."""
    across, down = _grid(size, covered, unit)
    return across * down


def _places(size: tuple[int, int], covered: int, unit: float, count: int) -> list[pygame.Rect]:
    """Where the rail can lie in a window: at the left edge, at the right; upright, first below the chin.

    Args:
        covered: pixels at the right edge that another panel has.
        count: how many buttons there are.
    """
    width = size[0] - covered
    side, gap, margin = px(unit, SIDE), px(unit, GAP), px(unit, MARGIN)
    room = size[1] - px(unit, TALL)
    across, down = _grid(size, covered, unit)
    columns = -(-count // down)
    rows = -(-count // columns)
    wide, tall = columns * (side + gap) - gap, rows * (side + gap) - gap
    top = max((room - tall) // 2, 0)
    upright = [pygame.Rect(left, top, wide, tall) for left in (margin, width - margin - wide)]
    rows = -(-count // across)
    columns = -(-count // rows)
    wide, tall = columns * (side + gap) - gap, rows * (side + gap) - gap
    level = pygame.Rect((width - wide) // 2, max(room - tall - margin, 0), wide, tall)
    return [level, *upright] if size[1] > size[0] else [*upright, level]


@lru_cache(maxsize=4)
def _drawn(
    looks: tuple[tuple[str, bool], ...], across: int, side: int, gap: int, sign: int
) -> pygame.Surface:
    """All buttons, so many in a row, by (icon, whether it is on)."""
    down = -(-len(looks) // across)
    drawn = pygame.Surface((across * (side + gap) - gap, down * (side + gap) - gap), pygame.SRCALPHA, 32)
    for number, (name, on) in enumerate(looks):
        row, column = divmod(number, across)
        spot = pygame.Rect(column * (side + gap), row * (side + gap), side, side)
        drawn.blit(shapes.box(side, side, side / 2, ACCENT if on else GROUND, 0.95 if on else 0.74), spot)
        image = icon(name, sign, GROUND if on else INK)
        drawn.blit(image, image.get_rect(center=spot.center))
    return drawn
