"""Grid: four or nine styles on the live face at once, each with its name; a touch takes one.

Or the nine that are most like the one that is worn, itself among them.
"""

from __future__ import annotations

import math
from bisect import bisect_right

import numpy as np
import pygame

from mirror.app.screen import overlay, shapes
from mirror.app.screen.coming import draw_coming
from mirror.app.screen.design import GROUND, INK, SCRIM, TOUCH, px
from mirror.app.screen.icons import icon
from mirror.app.screen.keys import Action, PickStyle, Wish, translate
from mirror.app.screen.panels.split_view import Glass
from mirror.app.screen.typeface import right_to_left
from mirror.app.screen.view import View
from mirror.app.screen.wishes import Say, ShowGrid
from mirror.hair.styles.groups import firsts
from mirror.hair.styles.likeness import appearance, by_likeness
from mirror.translation.message import Message

SIZES = (1, 4, 9)
PATIENCE = 2.0  # seconds in which the mirror should have begun with a grid that was asked for


class Grid:
    """The cells of the grid. G shows 4, 9 and one again; Left and Right page through the book.

    Attributes:
        size: 1 while it is closed, else the number of cells.
        among: numbers of the styles to page through, in order; None for the whole book.
    """

    def __init__(self, glass: Glass) -> None:
        self.size = 1
        self.among: tuple[int, ...] | None = None
        self._glass = glass
        self._like: tuple[int, ...] | None = None  # by likeness, while such a grid is open
        self._looks: tuple[object, np.ndarray] | None = None  # of the thumbnails at hand
        self._thumbnails: tuple[tuple[str, np.ndarray], ...] = ()
        self._first = 0  # place in `among` of the first style on the screen
        self._count = 0
        self._worn = 0
        self._tags: tuple[tuple[str, ...], ...] = ()
        self._shown: tuple[int, ...] = ()
        self._asked: tuple[int, ...] = ()
        self._asked_at = -math.inf
        self._arrows: dict[Action, pygame.Rect] = {}
        self._other = pygame.Rect(0, 0, 0, 0)  # the button for the other kind of grid
        self._drawn = False

    @property
    def open(self) -> bool:
        """Whether there is a grid."""
        return self.size > 1

    def cycle(self, now: float) -> Wish:
        """The next size."""
        if not self._order():
            return Say(Message("No style is left: none of the favourites is in the filter."))
        if self.size == 1:
            self._like = None
            order = self._order()
            self._first = order.index(self._worn) if self._worn in order else 0
        return self._ask(SIZES[(SIZES.index(self.size) + 1) % len(SIZES)], now)

    def alike(self, now: float) -> Wish | bool:
        """Nine styles like the one that is worn; one again where they are shown already."""
        if self.open and self._like is not None:
            return self.close(now)
        if len(self._order()) < 2:
            return True
        if self._looks is None or self._looks[0] is not self._thumbnails:
            self._looks = self._thumbnails, appearance([one for _, one in self._thumbnails], self._tags)
        among = set(self._order())
        self._like = tuple(
            one for one in by_likeness(self._looks[1], self._worn) if one in among or one == self._worn
        )
        self._first = 0
        return self._ask(SIZES[-1], now)

    def _all(self, now: float) -> Wish:
        """The same size of grid, in the order of the book, from the style that is worn."""
        self._like = None
        order = self._order()
        self._first = order.index(self._worn) if self._worn in order else 0
        return self._ask(self.size, now)

    def close(self, now: float) -> Wish:
        """One style again."""
        return self._ask(1, now)

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        action = translate(event)
        if action is Action.GRID and self._count:
            return self.cycle(now)
        if action is Action.ALIKE and self._count:
            return self.alike(now)
        if not self.open:
            return None
        if action in (Action.NEXT, Action.PREVIOUS):
            return self._turn(action, now)
        digit = event.key - pygame.K_1 if event.type == pygame.KEYDOWN else -1
        if self._drawn and 0 <= digit < len(self._shown):  # as they are read
            self.size, self._asked = 1, ()
            return PickStyle(as_filmed(self._shown, self._glass.mirrored != right_to_left())[digit])
        if action in (Action.NEXT_GROUP, Action.PREVIOUS_GROUP):
            return self._jump(1 if action is Action.NEXT_GROUP else -1, now)
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and self._drawn:
            for turn, spot in self._arrows.items():
                if spot.collidepoint(event.pos):
                    return self._turn(turn, now)
            if self._other.collidepoint(event.pos):
                return self.alike(now) if self._like is None else self._all(now)
            for spot, number in self.cells():
                if spot.collidepoint(event.pos):
                    self.size, self._asked = 1, ()
                    return PickStyle(number)
        return None

    def cells(self) -> list[tuple[pygame.Rect, int]]:
        """Where on the screen each shown style lies, and its number."""
        return cells_of(self._glass.where, self._shown, self._glass.mirrored)

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        self._count, self._tags, self._thumbnails = len(view.thumbnails), view.tags, view.thumbnails
        if not self.open and view.style_number >= 0:
            self._worn = view.style_number
        self._shown = view.trying.grid
        if self.open and not self._shown and now - self._asked_at > PATIENCE:
            self.size = 1  # the mirror left it, or never began
        self._drawn = bool(self._shown) and view.image is not view.before
        if not self._drawn:
            return
        where = self._glass.where
        side = math.isqrt(len(self._shown))
        thick = px(unit, 2)
        for i in range(1, side):
            screen.fill(
                GROUND, (where.left + where.width * i // side - thick // 2, where.top, thick, where.height)
            )
            screen.fill(
                GROUND, (where.left, where.top + where.height * i // side - thick // 2, where.width, thick)
            )
        draw_coming(screen, [spot for spot, _ in self.cells()], view.coming, unit)
        small = unit * (1.0 if side == 2 else 0.85)
        for spot, number in self.cells():
            name = view.thumbnails[number % self._count][0] if self._count else ""
            label = overlay.pill(name, small, spot.width - px(unit, 12))
            screen.blit(label, label.get_rect(midbottom=(spot.centerx, spot.bottom - px(unit, 8))))
        self._draw_arrows(screen, unit)
        words = Message("More like this") if self._like is None else Message("All styles")
        button = overlay.pill(words, unit, where.width // 2)
        self._other = button.get_rect(midtop=(where.centerx, where.top + px(unit, 10)))
        screen.blit(button, self._other)
        # A finger needs more than the words take.
        self._other = self._other.inflate(0, max(px(unit, TOUCH) - self._other.height, 0))

    def _draw_arrows(self, screen: pygame.Surface, unit: float) -> None:
        """Round buttons at both edges, for who has no keys."""
        side, margin = px(unit, TOUCH + 4), px(unit, 10)
        where = self._glass.where
        y = where.bottom - margin - side
        left = pygame.Rect(where.left + margin, y, side, side)
        right = pygame.Rect(where.right - margin - side, y, side, side)
        order = (right, left) if right_to_left() else (left, right)
        self._arrows = dict(zip((Action.PREVIOUS, Action.NEXT), order, strict=True))
        for name, spot in (("left", left), ("right", right)):
            screen.blit(shapes.box(side, side, side / 2, GROUND, SCRIM), spot)
            arrow = icon(name, px(unit, 22), INK)
            screen.blit(arrow, arrow.get_rect(center=spot.center))

    def again(self, now: float) -> Wish | None:
        """Asks anew where the cells should lie otherwise: the picture was turned round, the book narrowed."""
        if self.open and not self._order():
            return self.close(now)
        if self.open and self._count and self._numbers(self.size) != self._asked:
            return self._ask(self.size, now)
        return None

    def _turn(self, action: Action, now: float) -> Wish:
        self._first += self.size if action is Action.NEXT else -self.size
        return self._ask(self.size, now)

    def _jump(self, by: int, now: float) -> Wish | bool:
        """To the next or previous group, where styles are shown in the order of the book."""
        order = self._order()
        groups = [order.index(number) for number in firsts(self._tags, self.among).values()]
        if self._like is not None or not groups:
            return True
        here = bisect_right(groups, self._first % max(len(order), 1)) - 1
        self._first = groups[(here + by) % len(groups)]
        return self._ask(self.size, now)

    def _ask(self, size: int, now: float) -> Wish:
        self.size, self._asked_at = size, now
        if size == 1:
            self._like = None
        self._asked = self._numbers(size)
        return ShowGrid(self._asked)

    def _numbers(self, size: int) -> tuple[int, ...]:
        """From the first on, in the order of the camera's picture."""
        if size == 1:
            return ()
        order = self._order()
        numbers = tuple(order[(self._first + i) % len(order)] for i in range(size))
        return as_filmed(numbers, self._glass.mirrored != right_to_left())

    def _order(self) -> tuple[int, ...]:
        if self.open and self._like is not None:
            among = self._like if self.among is None else self.among
            return tuple(one for one in self._like if one in among or one == self._worn)
        return tuple(range(max(self._count, 1))) if self.among is None else self.among


def as_filmed(numbers: tuple[int, ...], mirrored: bool) -> tuple[int, ...]:
    """Styles as they are read on the screen, row by row, in the order of the camera's picture.

    Args:
        mirrored: the screen shows a row turned round, or it is read from the right; not both.

    Example:
        >>> as_filmed((0, 1, 2, 3), mirrored=True)
        (1, 0, 3, 2)
    """
    side = math.isqrt(len(numbers))
    rows = [numbers[i : i + side] for i in range(0, len(numbers), side)] if side else []
    # The window turns the whole picture round: people read from left to right all the same.
    return tuple(number for row in rows for number in (row[::-1] if mirrored else row))


def cells_of(where: pygame.Rect, shown: tuple[int, ...], mirrored: bool) -> list[tuple[pygame.Rect, int]]:
    """Where in a rectangle of the screen each style lies, and its number; in the camera's order."""
    side = math.isqrt(len(shown))
    found = []
    for place, number in enumerate(shown):
        row, column = divmod(place, side)
        if mirrored:
            column = side - 1 - column
        left, right = (where.left + where.width * (column + i) // side for i in (0, 1))
        top, bottom = (where.top + where.height * (row + i) // side for i in (0, 1))
        found.append((pygame.Rect(left, top, right - left, bottom - top), number))
    return found
