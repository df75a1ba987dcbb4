"""Strip: the styles beside the head, the worn one outlined; drag, swipe or wheel to see more.

On a screen that lies the styles are a column at the edge where lines end: chin and hair stay free. On an
upright one they are a row below the shoulders.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pygame

from mirror.app.screen import shapes
from mirror.app.screen.design import (
    ACCENT,
    CALM,
    CORNER,
    CORNER_PANEL,
    FAR,
    GAP,
    GROUND,
    INK,
    MARGIN,
    MUTED,
    NEAR,
    QUICK,
    SCRIM,
    SMALL,
    TIGHT,
    px,
    unit_of,
)
from mirror.app.screen.icons import icon
from mirror.app.screen.keys import PickStyle
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import fitted, line_height, measured, right_to_left, said, text
from mirror.translation.message import Message, Said

HOLD = 3.0  # seconds the strip stays after the last key or movement of the mouse
GLIDE = 0.09  # seconds in which about two thirds of the way to another style are done
SWIPE = 0.35  # seconds in which about two thirds of a swipe's speed are gone
SIDE, CHIP = 92, 34  # design pixels: of a tile, and how high the groups beside or above the tiles are
CHIPS = 146  # how wide the groups may be beside the tiles: the widest, "Trenzas y rastas", is read whole
COLUMN = MARGIN + SIDE + GAP + CHIPS  # and the whole of it, from the edge of a screen that lies
NAME = 44  # how high the name is above a row
HIGH, HIGH_FAR = 84, 92  # and above a column, where it may take two lines, at most
TALL = MARGIN + SIDE + GAP + NAME + GAP + CHIP  # design pixels from the lower edge of an upright screen
DRAG = 10  # design pixels that a finger may move and still mean the thumbnail under it

Thumbnails = tuple[tuple[str, np.ndarray], ...]


def lies(size: tuple[int, int]) -> bool:
    """Whether a screen of (width, height) lies: the styles are beside the head then."""
    return size[0] >= size[1]


def free_of(size: tuple[int, int]) -> pygame.Rect:
    """What of a window of (width, height) the strip leaves free."""
    width, height = size
    unit = unit_of(size)
    if lies(size):
        return turned(pygame.Rect(0, 0, width - px(unit, COLUMN), height), width)
    return pygame.Rect(0, 0, width, height - px(unit, TALL))


@dataclass(frozen=True, slots=True)
class _Band:
    """Where the tiles lie.

    Attributes:
        where: the whole of it.
        down: they lie below each other.
        back: they go from right to left.
    """

    where: pygame.Rect
    down: bool
    back: bool

    def along(self, at: tuple[int, int]) -> int:
        """How far a position of the window is along the tiles, pixels."""
        return at[1] if self.down else -at[0] if self.back else at[0]

    @property
    def length(self) -> int:
        return self.where.height if self.down else self.where.width

    def place(self, away: float, side: int, inset: int) -> pygame.Rect:
        """The tile whose middle is so far from that of the band."""
        if self.down:
            left = self.where.left + inset
            return pygame.Rect(left, round(self.where.centery + away) - side // 2, side, side)
        across = -away if self.back else away
        return pygame.Rect(round(self.where.centerx + across) - side // 2, self.where.top + inset, side, side)


def _fitting(name: str, unit: float, room: int, far: bool, two: bool) -> tuple[Said, int]:
    """A name and a size at which all of it is read: in one large line, else in two smaller ones."""
    told, scale = said(name), FAR if far else NEAR
    large = px(unit, scale.heading)
    if measured(told, large) <= room or not two:
        return fitted(told, large, room, px(unit, scale.caption))
    size = px(unit, scale.body)
    while text(told, size, INK, room).get_height() > 2 * line_height(size) and size > px(unit, scale.caption):
        size -= 1
    return told, size


class Strip:
    """Draws the strip and knows which thumbnail lies where. Times are seconds of one clock.

    Attributes:
        opacity: 0 to 1, of the last drawing.
        only: numbers of the styles that are shown, in order; None for all.
        stars: numbers of the styles that wear a star.
        own: of styles by number, on the person's own face, in place of the book's.
        hidden: nothing is drawn and nothing can be hit.
        far: it is read from three metres: larger words, and no more than the name.
        note: below the name: why not all are shown; "" for its number in the book.
        named: the name is shown; False: something else lies there.
        tiles, name_at: where the tiles and the name lie in the window, pixels.

    Example:
        strip = Strip()
        strip.wake(now)                                         # a key was pressed
        strip.draw(screen, "Bob", 3, view.thumbnails, now)      # every frame
        strip.hit((640, 660))                                   # number of the thumbnail there, or None
    """

    def __init__(self) -> None:
        self.opacity = 0.0
        self.far = False
        self.only: tuple[int, ...] | None = None
        self.stars: Collection[int] = ()
        self.own: Mapping[int, np.ndarray] = {}
        self._own_tiles: dict[int, tuple[np.ndarray, pygame.Surface]] = {}
        self.hidden = False
        self.named = True
        self.note = ""
        self.tiles = self.name_at = pygame.Rect(0, 0, 0, 0)
        self._woken = -math.inf
        self._drawn_at: float | None = None
        self._place = 0.0  # which thumbnail is in the middle; a fraction while the strip glides
        self._spots: list[tuple[pygame.Rect, int]] = []
        self._source: Thumbnails = ()
        self._tiles: list[pygame.Surface] = []
        self._laid: tuple[tuple[int, ...] | None, int] = (None, -1)
        self._free = False  # it was moved by hand, and stays there until another style is worn
        self._speed = 0.0  # thumbnails a second, of a swipe
        self._grab: tuple[int, float, bool] | None = None  # (how far along, place then, whether it was moved)
        self._heard_at = 0.0
        self._pitch, self._unit, self._reach = 110, 1.0, 5.0
        self._band = _Band(pygame.Rect(0, 0, 0, 0), False, False)

    def forget(self) -> None:
        """Wipes the person's own face from the tiles."""
        for _, tile in self._own_tiles.values():
            tile.fill((0, 0, 0, 0))
        self.own, self._own_tiles = {}, {}

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
            if self.opacity < 0.5 or not self._band.where.collidepoint(event.pos):
                return None
            self._grab, self._speed = (self._band.along(event.pos), self._place, False), 0.0
            return True
        if event.type == pygame.MOUSEWHEEL and self.opacity >= 0.5:
            self._free, self._speed = True, 0.0
            self._place += event.x - event.y
            return True
        if self._grab is None:
            return None
        if event.type == pygame.MOUSEMOTION:
            start, place, moved = self._grab
            way = self._band.along(event.pos) - start
            if moved or abs(way) >= px(self._unit, DRAG):
                self._grab, self._free = (start, place, True), True
                before, self._place = self._place, place - way / self._pitch
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
        size = screen.get_size()
        unit = self._unit = unit_of(size)
        side = px(unit, SIDE)
        pitch = self._pitch = side + px(unit, GAP)
        self._band = self._lay(size, unit)
        self.tiles = self._band.where
        self._reach = self._band.length / 2 / pitch - 0.6  # thumbnails from the middle to the last whole one
        order = range(len(thumbnails)) if self.only is None else self.only
        # A book longer than the window has room for goes round; a short one has ends.
        goes_round = len(order) >= self._band.length // pitch + 2
        self._fade(step, now)
        self._glide(step, order.index(number) if number in order else -1, len(order), goes_round)
        self._spots, self.name_at = [], pygame.Rect(0, 0, 0, 0)
        if self.opacity <= 0:
            self._band = _Band(pygame.Rect(0, 0, 0, 0), False, False)
            return
        self._refresh(thumbnails, side, px(unit, CORNER))
        if self.named:
            self._draw_name(screen, name, number, unit)
        clip = screen.get_clip()
        screen.set_clip(self._band.where)
        self._draw_tiles(screen, side, number, order, goes_round)
        screen.set_clip(clip)

    def _lay(self, size: tuple[int, int], unit: float) -> _Band:
        width, height = size
        inset, side = px(unit, SMALL), px(unit, SIDE)
        if not lies(size):
            top = height - px(unit, MARGIN) - side - inset
            return _Band(pygame.Rect(0, top, width, height - top), False, right_to_left())
        top = px(unit, MARGIN + (HIGH_FAR if self.far else HIGH) + GAP)
        left = width - px(unit, MARGIN) - side - inset
        return _Band(turned(pygame.Rect(left, top, side + 2 * inset, height - top), width), True, False)

    def _fade(self, step: float, now: float) -> None:
        if self.hidden:
            self.opacity = 0.0
        elif self.awake(now):
            self.opacity = min(1.0, self.opacity + step / QUICK)
        else:
            self.opacity = max(0.0, self.opacity - step / CALM)

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
        gone = [
            number for number, (picture, tile) in self._own_tiles.items()
            if self.own.get(number) is not picture or tile.get_width() != side
        ]  # fmt: skip
        for number in gone:
            self._own_tiles.pop(number)[1].fill((0, 0, 0, 0))
        for number, picture in self.own.items():
            if number not in self._own_tiles:
                self._own_tiles[number] = picture, shapes.tile(picture, side, radius)

    def _draw_name(self, screen: pygame.Surface, name: str, number: int, unit: float) -> None:
        """The name, and where in the book it stands: above the column, or above the middle of the row."""
        width, height = screen.get_size()
        beside, pad, gap = self._band.down, px(unit, MARGIN), px(unit, MARGIN)
        room = width if not beside else px(unit, COLUMN + (CHIPS if self.far else 0))
        inner = room - px(unit, MARGIN) - 2 * pad
        words = text(*_fitting(name, unit, inner, self.far, beside), INK, inner, not beside)
        count = Message("{number} of {count}", number=number + 1, count=len(self._tiles))
        small = self.note or (count if 0 <= number < len(self._tiles) else "")
        below = None
        if small and not self.far:
            below = text(*fitted(small, px(unit, NEAR.caption), inner), MUTED)
        high = words.get_height() + px(unit, SMALL)
        wide = words.get_width()
        if below is not None and beside:
            high, wide = high + below.get_height(), max(wide, below.get_width())
        elif below is not None and wide + gap + below.get_width() <= inner:
            wide += gap + below.get_width()
        else:
            below = None  # the name is what counts
        where = pygame.Rect(0, 0, wide + 2 * pad, high)
        if beside:
            where.topright = (width - px(unit, MARGIN), px(unit, MARGIN))
        else:
            where.midbottom = (width // 2, self._band.where.top - px(unit, GAP) + px(unit, SMALL))
        where = self.name_at = turned(where, width)
        self._blit(screen, shapes.box(*where.size, px(unit, CORNER_PANEL), GROUND, SCRIM), where.topleft)
        row = where.inflate(-2 * pad, -px(unit, SMALL))
        first = words.get_rect(topright=row.topright) if beside else words.get_rect(midleft=row.midleft)
        self._blit(screen, words, turned(first, row).topleft)
        if below is not None:
            last = below.get_rect(bottomright=row.bottomright)
            last.bottom = row.bottom if beside else row.centery + below.get_height() // 2
            self._blit(screen, below, turned(last, row).topleft)

    def _draw_tiles(
        self, screen: pygame.Surface, side: int, worn: int, order: Collection[int], goes_round: bool
    ) -> None:
        numbers = [number for number in order if number < len(self._tiles)]
        if not numbers:
            return
        long = self._band.length
        reach = long / 2 / self._pitch + 1
        star = icon("badge", side // 3, ACCENT)
        line = px(self._unit, 3)
        beyond = px(self._unit, TIGHT) + line
        outline = shapes.ring(side + 2 * beyond, px(self._unit, CORNER) + beyond, line, ACCENT)
        for slot in range(math.ceil(self._place - reach), math.floor(self._place + reach) + 1):
            if not goes_round and not 0 <= slot < len(numbers):
                continue
            away = (slot - self._place) * self._pitch
            spot = self._band.place(away, side, px(self._unit, SMALL))
            number = numbers[slot % len(numbers)]
            # Fainter towards the ends: the strip goes on there.
            aside = min(max(abs(away) / (long / 2) - 0.45, 0.0) / 0.55, 1.0) if goes_round else 0.0
            tile = self._own_tiles[number][1] if number in self._own_tiles else self._tiles[number]
            self._blit(screen, tile, spot.topleft, 1.0 - 0.7 * aside)
            if number in self.stars:
                corner = (spot.right - star.get_width() - side // 24, spot.top + side // 24)
                self._blit(screen, star, corner, 1.0 - 0.7 * aside)
            if number == worn:
                self._blit(screen, outline, (spot.x - beyond, spot.y - beyond))
            seen = spot.clip(self._band.where)
            if seen.height and seen.width:
                self._spots.append((seen, number))

    def _blit(
        self, screen: pygame.Surface, what: pygame.Surface, where: tuple[int, int], strength: float = 1.0
    ) -> None:
        what.set_alpha(round(255 * self.opacity * strength))
        screen.blit(what, where)
        what.set_alpha(255)
