"""Shutter: the countdown before a picture, its white flash, and what is being made."""

from __future__ import annotations

import math
from collections.abc import Callable

import pygame

from mirror.app.screen import overlay, shapes
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.keys import Action, translate
from mirror.app.screen.overlay import BACKING, px
from mirror.app.screen.style_strip import TALL
from mirror.app.screen.typeface import ACCENT, GROUND, INK, Colour, text
from mirror.app.screen.view import View

FLASH_SECONDS = 0.35
FLASH = 0.8  # how white
# One flash for one picture, and never more than one in this time: three in a second are a danger to people
# with photosensitive epilepsy (WCAG 2, 2.3.1).
FLASHES_APART = 1.0
_RECORDING: Colour = (235, 87, 87)


class Shutter:
    """A panel: counts down over the picture, then says that the moment has come.

    Args:
        covered: gives the pixels at the right edge that are another panel's.
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
        self, covered: Callable[[], int] = lambda: 0, head: Callable[[], pygame.Rect | None] = lambda: None
    ) -> None:
        self._covered, self._head, self._seat = covered, head, Seat()
        self.making = ""
        self.recording = False
        self.hint = "Esc or a touch here cancels"
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
        width = screen.get_width() - self._covered()
        if self.making:
            line = overlay.pill(self.making, unit, width, _RECORDING if self.recording else ACCENT)
            margin = px(unit, 24)
            screen.blit(line, line.get_rect(topright=(width - margin, margin)))
        if self._wanted is not None and now < self._at:
            self._draw_figure(screen, unit, math.ceil(self._at - now), now)
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

    def _draw_figure(self, screen: pygame.Surface, unit: float, figure: int, now: float) -> None:
        """Beside the face, which a person wants to see while they wait, and clear of strip and lines."""
        width, height = screen.get_width() - self._covered(), screen.get_height()
        side, margin, gap = min(px(unit, 240), width // 5), px(unit, 24), px(unit, 10)
        hint = overlay.pill(self.hint, unit * 0.85, side + 2 * margin) if self.hint else None
        block = pygame.Rect(0, 0, side, side)
        if hint is not None:
            block.size = max(side, hint.get_width()), side + gap + hint.get_height()
        middle = width - margin - block.width // 2, round(height * 0.4) - side // 2
        block.midtop = middle
        places = [block]
        if height > width:  # upright: a head takes all of the width
            places += [block.move(0, px(unit, 84) - block.top)]
            places += [block.move(0, height - px(unit, TALL) - margin - block.bottom)] if hint else []
        block = self._figure = self._seat.choose(places, self._head(), now)
        disc = shapes.box(side, side, side / 2, GROUND, BACKING)
        spot = screen.blit(disc, disc.get_rect(midtop=block.midtop))
        large = text(str(figure), round(side * 0.75), INK)
        used = large.get_bounding_rect()
        screen.blit(large.subsurface(used), used.move_to(center=spot.center))
        if hint is not None:
            screen.blit(hint, hint.get_rect(midbottom=block.midbottom))
