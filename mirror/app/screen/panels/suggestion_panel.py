"""Suggestion panel: styles that are said to become a face of this shape, each row with its reason."""

from __future__ import annotations

from functools import partial

import numpy as np
import pygame

from mirror.app.screen import shapes
from mirror.app.screen.controls import draw_button, look
from mirror.app.screen.design import (
    ACCENT,
    CORNER,
    CORNER_PANEL,
    GROUND,
    INK,
    MARGIN,
    MUTED,
    NEAR,
    SHEET,
    SMALL,
    TOUCH,
    px,
)
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.icons import icon
from mirror.app.screen.key_focus import Item, KeyFocus
from mirror.app.screen.keys import Action, PickStyle, Wish, translate
from mirror.app.screen.style_strip import TALL as STRIP_TALL
from mirror.app.screen.style_strip import lies
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import fitted, text
from mirror.app.screen.view import View
from mirror.app.screen.widgets import MOUSE
from mirror.translation.message import Message

TITLE, TASTE = Message("Suggestions"), Message("A matter of taste")
MEASURING = Message("Look straight ahead for a moment.")
SPEAKING = Message("Look straight ahead for a moment, with your mouth closed.")
UNCLEAR = Message("Your face is of no shape that asks for anything: wear what you like.")
ROWS, ACROSS = 2, 3
WIDE = 360  # design pixels
_PAD, _TILE, _REASON, _LINE, _APART = 16, 104, 56, 26, 8
_TALL = 2 * _PAD + TOUCH + _LINE + ROWS * (_REASON + _TILE + _APART) + TOUCH


class SuggestionPanel:
    """Rows of thumbnails: touch one, or go to it with Tab and press Enter. Y opens it.

    Args:
        larger: than the window's own, for those who stand further away.
        type_size: of its words, design pixels.

    Attributes:
        open: whether it is seen.
        where: its place in the window, pixels; empty while it is closed.
        head: where in the window the head is; None: nobody is there.
    """

    def __init__(self, larger: float = 1.0, type_size: int = NEAR.caption) -> None:
        self._larger, self._type = larger, type_size
        self.open = False
        self.where = pygame.Rect(0, 0, 0, 0)
        self.head: pygame.Rect | None = None
        self._place: int | None = None
        self._unit = 1.0
        self._page = 0
        self._close = self._more = pygame.Rect(0, 0, 0, 0)
        self._tiles: list[tuple[int, pygame.Rect]] = []  # numbers of styles, and where each lies
        self._drawn: dict[int, tuple[np.ndarray, pygame.Surface]] = {}
        self._pressed = False
        self._focus = KeyFocus()

    def toggle(self) -> None:
        """Opens it, or closes it."""
        self.open = not self.open
        self._place, self._page, self._pressed, self._focus.at = None, 0, False, None
        self.where, self._tiles, self._drawn = pygame.Rect(0, 0, 0, 0), [], {}

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if translate(event) is Action.SUGGEST:
            self.toggle()
            return True
        if not self.open:
            return None
        if self._focus.hear(event):
            answer, self._focus.answer = self._focus.answer, None
            return answer if isinstance(answer, PickStyle) else True
        return self._mouse(event) if event.type in MOUSE else None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        if not self.open:
            return
        self._lay(screen.get_size(), unit * self._larger)
        unit, found = self._unit, view.suggestions
        screen.blit(shapes.box(*self.where.size, px(unit, CORNER_PANEL), GROUND, SHEET), self.where)
        inner = WIDE - 2 * _PAD
        self._say(screen, self._spot(0, 0, inner - TOUCH - SMALL, TOUCH - 6), TITLE, INK)
        self._say(screen, self._spot(0, TOUCH - 6, inner - TOUCH - SMALL, _LINE), TASTE, MUTED)
        self._close = self._spot(inner - TOUCH, 0, TOUCH, TOUCH)
        cross = icon("close", px(unit, 22), INK)
        screen.blit(cross, cross.get_rect(center=self._close.center))
        self._tiles, y = [], float(TOUCH + _LINE)
        if not found:
            told = UNCLEAR if found is not None else SPEAKING if view.speaks else MEASURING
            self._tell(screen, self._spot(0, y, inner, 4 * _LINE), told, INK)
        for row in found or ():
            self._tell(screen, self._spot(0, y, inner, _REASON), row.because, ACCENT)
            pages = -(-len(row.numbers) // ACROSS)
            first = self._page % pages * ACROSS
            for place, number in enumerate(row.numbers[first : first + ACROSS]):
                spot = self._spot(place * (_TILE + _APART), y + _REASON, _TILE, _TILE)
                self._draw_tile(screen, view, number, spot)
            y += _REASON + _TILE + _APART
        self._more = self._spot(0, _TALL - 2 * _PAD - TOUCH, inner, TOUCH)
        several = any(len(row.numbers) > ACROSS for row in found or ())
        draw_button(screen, self._more, Message("Others"), unit, look(enabled=several), self._type)
        self._focus.offer(self._items())
        self._focus.draw(screen, unit)

    def _items(self) -> list[Item]:
        tiles = [Item(str(number), spot, partial(PickStyle, number)) for number, spot in self._tiles]
        return [*tiles, Item("more", self._more, self._turn), Item("close", self._close, self.toggle)]

    def _turn(self) -> bool:
        self._page += 1
        return True

    def _draw_tile(self, screen: pygame.Surface, view: View, number: int, spot: pygame.Rect) -> None:
        picture = view.own_thumbnails.get(number, view.thumbnails[number][1])
        kept = self._drawn.get(number)
        if kept is None or kept[0] is not picture or kept[1].get_width() != spot.width:
            self._drawn[number] = picture, shapes.tile(picture, spot.width, px(self._unit, CORNER))
        screen.blit(self._drawn[number][1], spot)
        if number == view.style_number:
            screen.blit(shapes.ring(spot.width, px(self._unit, CORNER), px(self._unit, 3), ACCENT), spot)
        self._tiles.append((number, spot))

    def _lay(self, size: tuple[int, int], unit: float) -> None:
        places, self._unit = _places(size, unit, self._larger > 1)
        if self._place is None or self._place >= len(places):
            # Off the head, as it is now: what is worked with does not move afterwards.
            self._place = places.index(Seat().choose(places, self.head, 0.0))
        self.where = places[self._place]

    def _spot(self, x: float, y: float, wide: float, high: float) -> pygame.Rect:
        unit, where = self._unit, self.where
        left, top = where.left + round(unit * (_PAD + x)), where.top + round(unit * (_PAD + y))
        return turned(pygame.Rect(left, top, round(unit * wide), round(unit * high)), where)

    def _say(
        self, screen: pygame.Surface, room: pygame.Rect, words: str, colour: tuple[int, int, int]
    ) -> None:
        line = text(*fitted(words, px(self._unit, self._type), room.width), colour)
        screen.blit(line, turned(line.get_rect(midleft=room.midleft), room))

    def _tell(
        self, screen: pygame.Surface, room: pygame.Rect, words: str, colour: tuple[int, int, int]
    ) -> None:
        """Words in as many lines as they take, smaller where the room is low."""
        size = px(self._unit, self._type)
        drawn = text(words, size, colour, room.width)
        while drawn.get_height() > room.height and size > px(self._unit, NEAR.caption) // 2:
            size -= 1
            drawn = text(words, size, colour, room.width)
        screen.blit(drawn, turned(drawn.get_rect(topleft=room.topleft), room))

    def _mouse(self, event: pygame.event.Event) -> Wish | bool | None:
        if event.type == pygame.MOUSEBUTTONDOWN:
            self._pressed = self.where.collidepoint(event.pos)
            if not self._pressed or event.button != 1:
                return self._pressed or None
            if self._close.collidepoint(event.pos):
                self.toggle()
            elif self._more.collidepoint(event.pos):
                return self._turn()
            for number, spot in self._tiles:
                if spot.collidepoint(event.pos):
                    return PickStyle(number)
            return True
        if event.type == pygame.MOUSEBUTTONUP and self._pressed:
            self._pressed = False
            return True
        return True if self._pressed else None


def _places(size: tuple[int, int], unit: float, roomy: bool) -> tuple[list[pygame.Rect], float]:
    """Where it can lie, and the design pixel at which it fits, as the filter panel does."""
    unit = min(unit, size[1] / (_TALL + 2 * SMALL), size[0] / (WIDE + 2 * SMALL))
    wide, high, margin = px(unit, WIDE), px(unit, _TALL), px(unit, MARGIN)
    margin = min(margin, (size[0] - wide) // 2, (size[1] - high) // 2)
    usual = pygame.Rect(size[0] - wide - margin, (size[1] - high) // 2, wide, high)
    places, room = [usual], size[1] if roomy else size[1] - px(unit, STRIP_TALL)
    if not lies(size) and high <= room - 2 * margin:
        places = [usual.move(0, room - margin - high - usual.top), usual.move(0, margin - usual.top), usual]
    return [turned(place, size[0]) for place in places], unit
