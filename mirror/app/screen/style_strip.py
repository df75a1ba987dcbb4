"""Strip: the styles along the lower edge, the current one outlined; drag, swipe or wheel to see more."""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np
import pygame

from mirror.app.screen import shapes
from mirror.app.screen.icons import icon
from mirror.app.screen.keys import PickStyle
from mirror.app.screen.overlay import px, unit_of
from mirror.app.screen.typeface import ACCENT, GROUND, INK, MUTED, fitted, text

HOLD = 3.0  # seconds the strip stays after the last key or movement of the mouse
FADE_IN, FADE_OUT = 0.15, 0.6  # seconds
GLIDE = 0.09  # seconds in which about two thirds of the way to another style are done
SWIPE = 0.35  # seconds in which about two thirds of a swipe's speed are gone
HEIGHT = 266  # design pixels from the lower edge, the soft beginning of the dark included
WORDS = 190  # design pixels from the lower edge to the top of the words
TALL = 236  # and to the top of the groups above them
DRAG = 10  # design pixels that a finger may move and still mean the thumbnail under it
_DARK = 0.78

Thumbnails = tuple[tuple[str, np.ndarray], ...]


class Strip:
    """Draws the strip and knows which thumbnail lies where. Times are seconds of one clock.

    Attributes:
        opacity: 0 to 1, of the last drawing.
        only: numbers of the styles that are shown, in order; None for all.
        stars: numbers of the styles that wear a star.
        hidden: nothing is drawn and nothing can be hit.
        note: beside the number in the book: why not all are shown.

    Example:
        strip = Strip()
        strip.wake(now)                                         # a key was pressed
        strip.draw(screen, "Bob", 3, view.thumbnails, now)      # every frame
        strip.hit((640, 660))                                   # number of the thumbnail there, or None
    """

    def __init__(self) -> None:
        self.opacity = 0.0
        self.bare = False  # without the place in the book and the hint at the keys
        self.only: tuple[int, ...] | None = None
        self.stars: Collection[int] = ()
        self.hidden = False
        self.note = ""
        self._woken = -math.inf
        self._drawn_at: float | None = None
        self._place = 0.0  # which thumbnail is in the middle; a fraction while the strip glides
        self._spots: list[tuple[pygame.Rect, int]] = []
        self._source: Thumbnails = ()
        self._tiles: list[pygame.Surface] = []
        self._laid: tuple[tuple[int, ...] | None, int] = (None, -1)
        self._free = False  # it was moved by hand, and stays there until another style is worn
        self._speed = 0.0  # thumbnails a second, of a swipe
        self._grab: tuple[int, float, bool] | None = None  # (x, place then, whether it was moved)
        self._heard_at = 0.0
        self._pitch, self._unit, self._reach = 110, 1.0, 5.0
        self._band = pygame.Rect(0, 0, 0, 0)

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

    def hear(self, event: pygame.event.Event, now: float) -> PickStyle | bool | None:
        """A touch picks, a drag or a wheel moves. As `mirror.app.screen.panel.Panel.hear`."""
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            if self.opacity < 0.5 or not self._band.collidepoint(event.pos):
                return None
            self._grab, self._speed = (event.pos[0], self._place, False), 0.0
            return True
        if event.type == pygame.MOUSEWHEEL and self.opacity >= 0.5:
            self._free, self._speed = True, 0.0
            self._place += event.x - event.y
            return True
        if self._grab is None:
            return None
        if event.type == pygame.MOUSEMOTION:
            start, place, moved = self._grab
            if moved or abs(event.pos[0] - start) >= px(self._unit, DRAG):
                self._grab, self._free = (start, place, True), True
                before, self._place = self._place, place - (event.pos[0] - start) / self._pitch
                gone = max(now - self._heard_at, 1e-3)
                self._speed = 0.6 * self._speed + 0.4 * (self._place - before) / gone
            self._heard_at = now
            return True
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            moved, self._grab = self._grab[2], None
            if now - self._heard_at > 0.1:  # held still before it was let go
                self._speed = 0.0
            number = None if moved else self.hit(event.pos)
            return True if number is None else PickStyle(number)
        return None

    def draw(
        self, screen: pygame.Surface, name: str, number: int, thumbnails: Thumbnails, now: float
    ) -> None:
        """One step of fading and gliding, and the strip as it is then. `number` -1 outlines nothing."""
        step = min(max(now - self._drawn_at, 0.0), 0.25) if self._drawn_at is not None else 0.0
        self._drawn_at = now
        width, height = screen.get_size()
        unit = self._unit = unit_of((width, height))
        side = px(unit, 96)
        pitch = self._pitch = side + px(unit, 14)
        self._reach = width / 2 / pitch - 0.6  # thumbnails from the middle to the last whole one
        order = range(len(thumbnails)) if self.only is None else self.only
        # A book longer than the window is wide goes round; a short one has ends.
        goes_round = len(order) >= width // pitch + 2
        self._fade(step, now)
        self._glide(step, order.index(number) if number in order else -1, len(order), goes_round)
        self._spots, self._band = [], pygame.Rect(0, 0, 0, 0)
        if self.opacity <= 0:
            return
        self._refresh(thumbnails, side, px(unit, 12))
        row = height - px(unit, 28) - side
        tall = px(unit, HEIGHT)
        self._band = pygame.Rect(0, row - px(unit, 12), width, height - row + px(unit, 12))
        self._blit(screen, shapes.shade(width, tall, px(unit, 84), GROUND, _DARK), (0, height - tall))
        self._draw_words(screen, name, number, unit, row - px(unit, 48))
        self._draw_tiles(screen, row, side, order, goes_round)
        line = px(unit, 3)
        beyond = px(unit, 4) + line
        outline = shapes.ring(side + 2 * beyond, px(unit, 12) + beyond, line, ACCENT)
        for spot, shown in self._spots:
            if shown == number:
                self._blit(screen, outline, (spot.x - beyond, spot.y - beyond))

    def _fade(self, step: float, now: float) -> None:
        if self.hidden:
            self.opacity = 0.0
        elif self.awake(now):
            self.opacity = min(1.0, self.opacity + step / FADE_IN)
        else:
            self.opacity = max(0.0, self.opacity - step / FADE_OUT)

    def _glide(self, step: float, slot: int, count: int, goes_round: bool) -> None:
        """Towards the worn style, `slot` in the order shown; or on with a swipe."""
        if self._laid != (self.only, slot):
            fresh = self._laid[0] != self.only
            self._laid, self._free, self._speed = (self.only, slot), fresh and slot < 0, 0.0
            if fresh:
                self._place = float(slot) if slot >= 0 else self._ends(count)[0]
        if self.opacity <= 0:
            self._free, self._speed, self._grab = False, 0.0, None
        if self._free:
            if self._grab is None:
                self._place += self._speed * step
                self._speed *= math.exp(-step / SWIPE)
            if not goes_round:
                first, last = self._ends(count)
                self._place = min(max(self._place, first), last)
        elif 0 <= slot < count:
            if self.opacity <= 0:
                self._place = float(slot)  # Nobody sees it travel.
                return
            way = slot - self._place
            if goes_round:
                way = (way + count / 2) % count - count / 2
            self._place += way * (1 - math.exp(-step / GLIDE))
            if abs(way) < 0.01:
                self._place = float(slot)

    def _ends(self, count: int) -> tuple[float, float]:
        """How far a strip with ends moves: all of it in the middle where there is room for all."""
        middle, reach = (count - 1) / 2, self._reach
        return min(middle, reach), max(middle, count - 1 - reach)

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
        left = text(self.note or count, small, MUTED)
        right = text("H  shows the keys", small, MUTED)
        room = width - 2 * (margin + max(left.get_width(), right.get_width()) + px(unit, 16))
        size = px(unit, 36)
        # The name is what counts: where there is no room for all of it, it stands alone.
        beside = room >= width / 2 and not self.bare and text(name, size, INK).get_width() <= room
        if not beside:
            room = width - 2 * margin
        large = text(*fitted(name, size, max(room, size * 3)), INK)
        self._blit(screen, large, ((width - large.get_width()) // 2, middle - large.get_height() // 2))
        if not beside:
            return
        # Small type sits on the same line as the large type, not on the same middle.
        base = middle + px(unit, 6) - small // 2
        self._blit(screen, left, (margin, base))
        self._blit(screen, right, (width - margin - right.get_width(), base))

    def _draw_tiles(
        self, screen: pygame.Surface, row: int, side: int, order: Collection[int], goes_round: bool
    ) -> None:
        numbers = [number for number in order if number < len(self._tiles)]
        if not numbers:
            return
        width = screen.get_width()
        reach = width / 2 / self._pitch + 1
        star = icon("badge", side // 3, ACCENT)
        for slot in range(math.ceil(self._place - reach), math.floor(self._place + reach) + 1):
            if not goes_round and not 0 <= slot < len(numbers):
                continue
            away = (slot - self._place) * self._pitch
            spot = pygame.Rect(round(width // 2 + away) - side // 2, row, side, side)
            number = numbers[slot % len(numbers)]
            # Fainter towards the sides of the window: the strip goes on there.
            aside = min(max(abs(away) / (width / 2) - 0.45, 0.0) / 0.55, 1.0) if goes_round else 0.0
            self._blit(screen, self._tiles[number], spot.topleft, 1.0 - 0.7 * aside)
            if number in self.stars:
                corner = (spot.right - star.get_width() - side // 24, row + side // 24)
                self._blit(screen, star, corner, 1.0 - 0.7 * aside)
            self._spots.append((spot, number))

    def _blit(
        self, screen: pygame.Surface, what: pygame.Surface, where: tuple[int, int], strength: float = 1.0
    ) -> None:
        what.set_alpha(round(255 * self.opacity * strength))
        screen.blit(what, where)
