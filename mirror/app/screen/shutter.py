"""Shutter: the countdown before a picture, its white flash, and what is being made."""

from __future__ import annotations

import math
from collections.abc import Callable

import pygame

from mirror.app.screen import overlay, shapes
from mirror.app.screen.design import GROUND, INK, SCRIM, SMALL, WIDE, px
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.keys import Action, translate
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import number, text
from mirror.app.screen.view import View
from mirror.translation.message import Message

FLASH_SECONDS = 0.35
FLASH = 0.8  # how white
# One flash for one picture, and never more than one in this time: three in a second are a danger to people
# with photosensitive epilepsy (WCAG 2, 2.3.1).
FLASHES_APART = 1.0


class Shutter:
    """A panel: counts down over the picture, then says that the moment has come.

    Args:
        free: gives what of the window is not another panel's; None: all of it.
        head: gives where on the screen the head is; None: nowhere.

    Escape, the key that began it and a touch of the figure cancel it; all else does what it always does.

    Attributes:
        making: a line at the upper right corner that says what is being made; "" for none.
        recording: whether that is a recording: its dot is red.
        hint: what stands below the figure; "" for nothing.

    Example:
        >>> shutter = Shutter()
        >>> shutter.begin(Action.SNAPSHOT, now=10.0, seconds=3)
        >>> shutter.due(12.9), shutter.due(13.0), shutter.due(13.1)
        (None, <Action.SNAPSHOT: 9>, None)
    """

    def __init__(
        self,
        free: Callable[[], pygame.Rect | None] = lambda: None,
        head: Callable[[], pygame.Rect | None] = lambda: None,
    ) -> None:
        self._free, self._head, self._seat = free, head, Seat()
        self.making = ""
        self.recording = False
        self.hint: str = Message("Esc or a touch here cancels")
        self._figure = pygame.Rect(0, 0, 0, 0)  # where it is touched
        self._wanted: Action | None = None
        self._at = 0.0
        self._flashed = -math.inf

    @property
    def counting(self) -> bool:
        """Whether it counts down."""
        return self._wanted is not None

    @property
    def wanted(self) -> Action | None:
        """What it counts down to."""
        return self._wanted

    def begin(self, wanted: Action, now: float, seconds: float) -> None:
        """Counts down from `seconds` to the moment for `wanted`; 0 is now."""
        self._wanted, self._at, self._seat = wanted, now + seconds, Seat()

    def cancel(self) -> None:
        """Ends the countdown without a picture."""
        self._wanted = None

    def due(self, now: float) -> Action | None:
        """What the countdown was for, once, when it is over; None otherwise."""
        if self._wanted is None or now < self._at:
            return None
        wanted, self._wanted = self._wanted, None
        return wanted

    def flash(self, now: float) -> None:
        """One flash, unless one was just shown."""
        if now - self._flashed >= FLASHES_APART:
            self._flashed = now

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """The large figure, the flash, the line of what is being made."""
        free = self._free() or screen.get_rect()
        if self.making:
            line = overlay.pill(self.making, unit, free.width, "recording" if self.recording else "note")
            margin = px(unit, WIDE)
            spot = line.get_rect(topright=(free.right - margin, free.top + margin))
            screen.blit(line, turned(spot, free))
        if self._wanted is not None and now < self._at:
            self._draw_figure(screen, free, unit, now)
        age = now - self._flashed
        if 0 <= age < FLASH_SECONDS:
            white = pygame.Surface(screen.get_size())
            white.fill((255, 255, 255))
            white.set_alpha(round(255 * FLASH * (1 - age / FLASH_SECONDS) ** 2))
            screen.blit(white, (0, 0))

    def hear(self, event: pygame.event.Event, now: float) -> bool | None:
        """Escape, the key that began it or a touch of the figure: the countdown is cancelled."""
        if self._wanted is None:
            return None
        # Where nothing is said of it, as before visitors, a touch means nothing either.
        if event.type == pygame.MOUSEBUTTONDOWN and self.hint and self._figure.collidepoint(event.pos):
            self.cancel()
            return True
        if event.type != pygame.KEYDOWN:
            return None
        if event.key == pygame.K_ESCAPE or translate(event) is self._wanted:
            self.cancel()
            return True
        return None

    def _draw_figure(self, screen: pygame.Surface, free: pygame.Rect, unit: float, now: float) -> None:
        """Beside the face, which a person wants to see while they wait, and clear of strip and lines."""
        side, margin, gap = min(px(unit, 200), free.width // 5), px(unit, WIDE), px(unit, SMALL)
        hint = overlay.pill(self.hint, unit * 0.85, side + 2 * margin) if self.hint else None
        block = pygame.Rect(0, 0, side, side)
        if hint is not None:
            block.size = max(side, hint.get_width()), side + gap + hint.get_height()
        block.midtop = free.right - margin - block.width // 2, round(screen.get_height() * 0.4) - side // 2
        places = [turned(block, free)]
        if screen.get_height() > screen.get_width():  # upright: a head takes all of the width
            places += [places[0].move(0, px(unit, 84) - block.top)]
            places += [places[0].move(0, free.bottom - margin - block.bottom)] if hint else []
        block = self._figure = self._seat.choose(places, self._head(), now)
        disc = shapes.box(side, side, side / 2, GROUND, SCRIM)
        spot = screen.blit(disc, disc.get_rect(midtop=block.midtop))
        large = text(number(math.ceil(self._at - now)), round(side * 0.7), INK)
        used = large.get_bounding_rect()
        screen.blit(large.subsurface(used), used.move_to(center=spot.center))
        if hint is not None:
            screen.blit(hint, hint.get_rect(midbottom=block.midbottom))
