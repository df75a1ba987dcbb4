"""Four: the live face under four styles at once; a touch takes one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygame

from mirror.app.kiosk.picture_pane import fill
from mirror.app.screen import ShowGrid, View
from mirror.app.screen.coming import draw_coming
from mirror.app.screen.panels.style_grid import as_filmed, cells_of
from mirror.app.screen.typeface import right_to_left
from mirror.app.touch import layout
from mirror.hair.styles.groups import group_of
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.style_grid import LINE, ROOM, cut_about
from mirror.translation.catalogue import Words

SIDE = 2  # cells in a row
# A cell is at least so wide for its height: then the whole of a head fits, long hair included.
_NARROWEST = 0.9
_NAME = layout.BODY
STAR = " *"  # beside the name of a style whose mark is said below


class Four:
    """The mosaic that the mirror makes, cell by cell, so that an upright screen is filled too.

    Example:
        four = Four()
        wish = four.ask(range(170), begin=3, mirrored=True)    # ShowGrid
        four.draw(screen, room, shown, view, mirrored=True)
        four.at((640, 300))                                   # number of the style there, or None
    """

    def __init__(self) -> None:
        self._asked: tuple[int, ...] = ()
        self._cells: list[tuple[pygame.Rect, int]] = []

    def ask(self, order: Sequence[int], begin: int, mirrored: bool) -> ShowGrid:
        """Four styles, read from left to right.

        Args:
            order: numbers that there are to choose from.
            begin: the place in it of the first.
        """
        numbers = tuple(order[(begin + place) % len(order)] for place in range(SIDE * SIDE))
        self._asked = as_filmed(numbers, mirrored != right_to_left())
        self._cells = []
        return ShowGrid(self._asked)

    def at(self, position: tuple[int, int]) -> int | None:
        """The style at a position of the window."""
        return next((number for spot, number in self._cells if spot.collidepoint(position)), None)

    def draw(
        self,
        screen: pygame.Surface,
        room: pygame.Rect,
        shown: Shown,
        view: View,
        mirrored: bool,
        words: Words,
    ) -> None:
        """Draws the cells, each with its style's name, starred for hair loss, as large as they fit."""
        height, width = shown.image.shape[:2]
        unit = layout.unit_of(screen.get_size())
        self._cells = cells_of(_fitted(room, width / height), self._asked, mirrored)
        gap = max(1, round(2 * unit))
        panes = [spot.inflate(-gap, -gap) for spot, _ in self._cells]
        for place, pane in enumerate(panes):
            image, about = _cell(shown, place)
            fill(screen, pane, image, about, mirrored)
        draw_coming(screen, panes, shown.coming if shown.mosaic else range(len(panes)), unit)
        for pane, (_, number) in zip(panes, self._cells, strict=True):
            if view.thumbnails:
                number %= len(view.thumbnails)
                name = words.named(view.thumbnails[number][0])
                star = STAR if number < len(view.tags) and group_of(view.tags[number]) == "loss" else ""
                room_left = pane.width - round((80 if star else 60) * unit)
                name = layout.shortened(name, round(_NAME * unit), room_left) + star
                at = (pane.centerx / unit, pane.bottom / unit - 54)
                layout.backed_line(screen, name, _NAME, at, width=pane.width / unit)


def _cell(shown: Shown, place: int) -> tuple[np.ndarray, float]:
    """The picture of a cell, and the column of the face in it."""
    image, (height, width) = shown.image, shown.image.shape[:2]
    head = shown.transform
    if not shown.mosaic:  # the mirror is about to begin
        return image, head.x if head is not None else width / 2
    wide, tall = width // SIDE, height // SIDE
    row, column = divmod(place, SIDE)
    top, left = row * tall, column * wide
    # The lines between cells are drawn here, where cells are cut to the screen.
    part = image[top : top + tall - LINE, left : left + wide - LINE]
    if head is None:
        return part, wide / 2
    begin, _, end, _ = cut_about((head.x, head.y), ROOM * head.scale, (width, height))
    return part, (head.x - begin) / (end - begin) * wide


def _fitted(room: pygame.Rect, proportion: float) -> pygame.Rect:
    """The part of a room for cells: never wider than the camera's picture, and not much narrower."""
    wanted = min(max(room.width / room.height, min(_NARROWEST, proportion)), proportion)
    width = min(room.width, round(room.height * wanted))
    height = min(room.height, round(width / wanted))
    place = pygame.Rect(0, 0, width, height)
    place.center = room.center
    return place
