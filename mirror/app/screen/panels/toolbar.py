"""Toolbar: the rail of round buttons over the picture, so that everything works without a keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pygame

from mirror.app.screen import overlay, shapes
from mirror.app.screen.design import CALM, GROUND, MARGIN, QUICK, SCRIM, SMALL, look, px
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.icons import icon
from mirror.app.screen.keys import Action, Wish
from mirror.app.screen.style_strip import lies
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import right_to_left
from mirror.app.screen.view import View
from mirror.app.screen.window import Window
from mirror.translation.message import Message, Said, joined

SIDE, GAP = 48, SMALL  # design pixels


@dataclass(frozen=True, slots=True)
class Tool:
    """One button.

    Attributes:
        icon: its sign.
        words: what it does.
        key: the key that does the same.
        press: what happens when it is pressed.
        on: whether it is on now.
        let_go: what it wishes when the finger leaves it; None: nothing.
    """

    icon: Callable[[], str]
    words: Message
    key: str
    press: Callable[[float], Wish | bool | None]
    on: Callable[[], bool] = lambda: False
    let_go: Wish | None = None


def window_tools(window: Window) -> tuple[Tool, ...]:
    """The buttons for what the window and its studio do: each wishes what its key does."""

    def tool(
        sign: str, words: Message, key: str, wish: Action, on: Callable[[], bool] = lambda: False
    ) -> Tool:
        return Tool(lambda: sign, words, key, lambda now: wish, on)

    return (
        tool("dice", Message("Surprise me"), "R", Action.RANDOM),
        tool("back", Message("The look before"), Message("Backspace"), Action.BACK),
        tool("forward", Message("The look after"), joined(" ", Said("Shift"), Message("Backspace")),
             Action.FORWARD),
        Tool(
            lambda: "person", Message("Hold: your own hair"), Message("Space"),
            lambda now: Action.ORIGINAL_ON, lambda: window.original, Action.ORIGINAL_OFF,
        ),
        tool("camera", Message("Save a picture"), "S", Action.SNAPSHOT),
        tool("film", Message("Save a clip, or end it"), "V", Action.CLIP),
        tool("cards", Message("Save a card of your last looks"), "K", Action.CARD),
        tool("mirror", Message("Mirror image"), "M", Action.MIRROR),
        tool("corners", Message("Full screen"), "F11", Action.FULLSCREEN, lambda: window.full),
        tool("gauge", Message("Frame rate, delay, engine"), "D", Action.HUD, lambda: window.hud),
        tool("help", Message("The keys"), "H", Action.HELP, lambda: window.help),
    )  # fmt: skip


class Toolbar:
    """Comes and goes with the strip; at the edge where lines begin, or elsewhere where a head is there.

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
        change = step / QUICK if awake else -step / CALM
        seen, self._opacity = self._opacity, min(max(self._opacity + change, 0.0), 1.0)
        self._sit(screen.get_size(), unit, now, seen > 0)
        if self._opacity <= 0:
            return
        tools = self._tools[: len(self._spots)]
        for spot, tool in zip(self._spots, tools, strict=True):
            pointed = spot.collidepoint(self._at)
            self._blit(screen, _round(tool.icon(), spot.width, tool.on(), pointed, tool is self._held), spot)
        for spot, tool in zip(self._spots, tools, strict=True):
            if spot.collidepoint(self._at):
                key = tool.key if isinstance(tool.key, Message) else Said(tool.key)
                words = overlay.pill(joined("   ", tool.words, key), unit, screen.get_width())
                self._blit(screen, words, self._beside(words, spot, screen.get_size(), px(unit, GAP)))

    def _sit(self, size: tuple[int, int], unit: float, now: float, seen: bool) -> None:
        """Takes its place. While it is seen it stays there: nobody hits a button that runs away."""
        head = self._window.head
        free = self._window.free
        here = (size, unit, tuple(free), head is not None, right_to_left())
        if seen and here == self._seated:
            return
        self._seated = here
        # In the smallest of windows beside an open tray: as many as there is room for.
        fitting = min(len(self._tools), _most(free, unit))
        places = _places(free, lies(size), unit, fitting)
        if not seen:
            self._seat = Seat()
        self.where = self._seat.choose(places, head, now)
        side, gap = px(unit, SIDE), px(unit, GAP)
        self._across = (self.where.width + gap) // (side + gap)
        self._spots = [
            turned(pygame.Rect(self.where.left + column * (side + gap), self.where.top + row * (side + gap),
                               side, side), self.where)
            for row, column in (divmod(number, self._across) for number in range(fitting))
        ]  # fmt: skip

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


def _grid(free: pygame.Rect, unit: float) -> tuple[int, int]:
    """How many buttons there is room for beside each other and below each other, at least one."""
    side, gap = px(unit, SIDE), px(unit, GAP)
    across = (free.width - 2 * px(unit, MARGIN) + gap) // (side + gap)
    down = (free.height - 2 * px(unit, SMALL) + gap) // (side + gap)
    return max(1, across), max(1, down)


def _most(free: pygame.Rect, unit: float) -> int:
    """How many buttons there is room for."""
    across, down = _grid(free, unit)
    return across * down


def _places(free: pygame.Rect, lying: bool, unit: float, count: int) -> list[pygame.Rect]:
    """Where the rail can lie in what is free of a window: at its sides; upright, first below the chin.

    Args:
        lying: the window lies.
        count: how many buttons there are.
    """
    side, gap, margin = px(unit, SIDE), px(unit, GAP), px(unit, MARGIN)
    across, down = _grid(free, unit)
    columns = -(-count // down)
    rows = -(-count // columns)
    wide, tall = columns * (side + gap) - gap, rows * (side + gap) - gap
    top = max(free.top + (free.height - tall) // 2, free.top)
    lefts = (free.left + margin, free.right - margin - wide)
    upright = [turned(pygame.Rect(left, top, wide, tall), free) for left in lefts]
    rows = -(-count // across)
    columns = -(-count // rows)
    wide, tall = columns * (side + gap) - gap, rows * (side + gap) - gap
    level = pygame.Rect(free.centerx - wide // 2, max(free.bottom - tall - margin, free.top), wide, tall)
    return [*upright, level] if lying else [level, *upright]


@lru_cache(maxsize=64)
def _round(name: str, side: int, on: bool, pointed: bool, pressed: bool) -> pygame.Surface:
    """A round button with its sign; what is on has a ring as well, for who sees no colours."""
    looks = look(chosen=on, pointed=pointed, pressed=pressed)
    lit = on or pointed or pressed
    ground, strength = (looks.ground, 0.96) if lit else (GROUND, SCRIM)
    drawn = shapes.box(side, side, side / 2, ground, strength).copy()
    image = icon(name, round(side * 0.54), looks.ink)
    drawn.blit(image, image.get_rect(center=(side // 2, side // 2)))
    if on:
        drawn.blit(shapes.ring(side, side / 2, max(1, side // 16), looks.ink), (0, 0))
    return drawn
