"""Strip: the styles along the lower edge, the current one in the middle and outlined."""

from __future__ import annotations

import math

import numpy as np
import pygame

from mirror.screen import shapes
from mirror.screen.overlay import px, unit_of
from mirror.screen.typeface import ACCENT, GROUND, INK, MUTED, shortened, text

HOLD = 3.0  # seconds the strip stays after the last key or movement of the mouse
FADE_IN, FADE_OUT = 0.15, 0.6  # seconds
GLIDE = 0.09  # seconds in which about two thirds of the way to another style are done
HEIGHT = 266  # design pixels from the lower edge, the soft beginning of the dark included
_DARK = 0.78

Thumbnails = tuple[tuple[str, np.ndarray], ...]


class Strip:
    """Draws the strip and knows which thumbnail lies where. Times are seconds of one clock.

    Example:
        strip = Strip()
        strip.wake(now)                                         # a key was pressed
        strip.draw(screen, "Bob", 3, view.thumbnails, now)      # every frame
        strip.hit((640, 660))                                   # number of the thumbnail there, or None
    """

    def __init__(self) -> None:
        self.opacity = 0.0
        self.bare = False  # without the place in the book and the hint at the keys
        self._woken = -math.inf
        self._drawn_at: float | None = None
        self._place = 0.0  # which thumbnail is in the middle; a fraction while the strip glides
        self._spots: list[tuple[pygame.Rect, int]] = []
        self._source: Thumbnails = ()
        self._tiles: list[pygame.Surface] = []

    def wake(self, now: float) -> None:
        """Someone did something: come back, and stay for a while."""
        self._woken = now

    def awake(self, now: float) -> bool:
        """Whether the strip is still meant to be seen."""
        return now - self._woken < HOLD

    def hit(self, at: tuple[int, int]) -> int | None:
        """The thumbnail at a window position. None beside them, or while they are too faint to be meant."""
        if self.opacity < 0.5:
            return None
        return next((number for spot, number in self._spots if spot.collidepoint(at)), None)

    def draw(
        self, screen: pygame.Surface, name: str, number: int, thumbnails: Thumbnails, now: float
    ) -> None:
        """One step of fading and gliding, and the strip as it is then. `number` -1 outlines nothing."""
        step = min(max(now - self._drawn_at, 0.0), 0.25) if self._drawn_at is not None else 0.0
        self._drawn_at = now
        width, height = screen.get_size()
        unit = unit_of((width, height))
        side = px(unit, 96)
        pitch = side + px(unit, 14)
        # A book longer than the window is wide goes round; a short one has ends.
        goes_round = len(thumbnails) >= width // pitch + 2
        self._fade(step, now)
        self._glide(step, number, len(thumbnails), goes_round)
        self._spots = []
        if self.opacity <= 0:
            return
        self._refresh(thumbnails, side, px(unit, 12))
        row = height - px(unit, 28) - side
        tall = px(unit, HEIGHT)
        self._blit(screen, shapes.shade(width, tall, px(unit, 84), GROUND, _DARK), (0, height - tall))
        self._draw_words(screen, name, number, unit, row - px(unit, 48))
        self._draw_tiles(screen, row, side, pitch, goes_round)
        if 0 <= number < len(self._tiles):
            line = px(unit, 3)
            beyond = px(unit, 4) + line
            outline = shapes.ring(side + 2 * beyond, px(unit, 12) + beyond, line, ACCENT)
            self._blit(screen, outline, (width // 2 - side // 2 - beyond, row - beyond))

    def _fade(self, step: float, now: float) -> None:
        if self.awake(now):
            self.opacity = min(1.0, self.opacity + step / FADE_IN)
        else:
            self.opacity = max(0.0, self.opacity - step / FADE_OUT)

    def _glide(self, step: float, number: int, count: int, goes_round: bool) -> None:
        if not 0 <= number < count:
            return
        if self.opacity <= 0:
            self._place = float(number)  # Nobody sees it travel.
            return
        way = number - self._place
        if goes_round:
            way = (way + count / 2) % count - count / 2
        self._place += way * (1 - math.exp(-step / GLIDE))
        if abs(way) < 0.01:
            self._place = float(number)

    def _refresh(self, thumbnails: Thumbnails, side: int, radius: int) -> None:
        pictures = [picture for _, picture in thumbnails]
        known = [picture for _, picture in self._source]
        fresh = len(pictures) != len(known) or any(a is not b for a, b in zip(pictures, known, strict=True))
        if fresh or (self._tiles and self._tiles[0].get_width() != side):
            self._source = thumbnails
            self._tiles = [shapes.tile(picture, side, radius) for picture in pictures]

    def _draw_words(self, screen: pygame.Surface, name: str, number: int, unit: float, middle: int) -> None:
        """The name in large type; beside it where in the book it stands and how to learn the keys."""
        width = screen.get_width()
        margin, small = px(unit, 30), px(unit, 17)
        count = f"{number + 1} of {len(self._tiles)}" if 0 <= number < len(self._tiles) else ""
        left, right = text(count, small, MUTED), text("H  shows the keys", small, MUTED)
        room = width - 2 * (margin + max(left.get_width(), right.get_width()) + px(unit, 16))
        size = px(unit, 36)
        beside = room >= width / 2 and not self.bare
        if not beside:  # a narrow window: the name is what counts
            room = width - 2 * margin
        large = text(shortened(name, size, max(room, size * 3)), size, INK)
        self._blit(screen, large, ((width - large.get_width()) // 2, middle - large.get_height() // 2))
        if not beside:
            return
        # Small type sits on the same line as the large type, not on the same middle.
        base = middle + px(unit, 6) - small // 2
        self._blit(screen, left, (margin, base))
        self._blit(screen, right, (width - margin - right.get_width(), base))

    def _draw_tiles(self, screen: pygame.Surface, row: int, side: int, pitch: int, goes_round: bool) -> None:
        if not self._tiles:
            return
        width = screen.get_width()
        reach = width / 2 / pitch + 1
        for slot in range(math.ceil(self._place - reach), math.floor(self._place + reach) + 1):
            if not goes_round and not 0 <= slot < len(self._tiles):
                continue
            away = (slot - self._place) * pitch
            spot = pygame.Rect(round(width // 2 + away) - side // 2, row, side, side)
            number = slot % len(self._tiles)
            # Fainter towards the sides of the window: the strip goes on there.
            aside = min(max(abs(away) / (width / 2) - 0.45, 0.0) / 0.55, 1.0)
            self._blit(screen, self._tiles[number], spot.topleft, 1.0 - 0.7 * aside)
            self._spots.append((spot, number))

    def _blit(
        self, screen: pygame.Surface, what: pygame.Surface, where: tuple[int, int], strength: float = 1.0
    ) -> None:
        what.set_alpha(round(255 * self.opacity * strength))
        screen.blit(what, where)
