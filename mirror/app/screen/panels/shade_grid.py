"""Shade grid: the natural range, a salon's own shades, and how two of them are laid; the tray opens it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import pygame

from mirror.app.screen import shapes
from mirror.app.screen.controls import draw_ring
from mirror.app.screen.design import (
    ACCENT,
    CORNER_KEY,
    CORNER_PANEL,
    GROUND,
    INK,
    MUTED,
    NEAR,
    SHEET,
    SMALL,
    px,
)
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.icons import icon
from mirror.app.screen.key_focus import PRESS
from mirror.app.screen.keys import Action, Wish, translate
from mirror.app.screen.panels.dye_palette import graded, name_of, sheen
from mirror.app.screen.panels.pattern_kinds import ONE, ROW, PatternChoice, said
from mirror.app.screen.panels.shade_places import (
    COLUMNS,
    ROWS,
    TOLD,
    Spots,
    lay_out,
    places_of,
)
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import in_lines, right_to_left
from mirror.app.screen.typeface import number as figure
from mirror.app.screen.view import View
from mirror.app.screen.widgets import MOUSE
from mirror.app.screen.wishes import ChooseDye
from mirror.hair.styles.dye import DYES, NONE, find
from mirror.hair.styles.natural_range import NATURAL_RANGE, TONES
from mirror.hair.styles.shade_names import chart_shades, shows_range
from mirror.translation.message import Message, Said

RANGE, NAMED = Message("Levels 1 to 10"), Message("Colours by name")
_STEPS = {pygame.K_UP: (-1, 0), pygame.K_DOWN: (1, 0), pygame.K_LEFT: (0, -1), pygame.K_RIGHT: (0, 1)}
_HEADER = ("next", "none", "close", *ROW)  # what keys reach above the cells


def pages() -> list[tuple[str, tuple[str, ...]]]:
    """Title and names of shades, page by page, row by row: the range, those that go by a name alone, and a
    salon's chart in its own order."""
    found: list[tuple[str, tuple[str, ...]]] = []
    if shows_range():
        found.append((RANGE, tuple(shade.name for row in NATURAL_RANGE for shade in row)))
        found.append((NAMED, graded(DYES)[1:]))
    own, most = [shade.name for shade in chart_shades()], ROWS * TOLD
    chart = (tuple(own[first : first + most]) for first in range(0, len(own), most))
    found += [(Message("The salon's shades"), names) for names in chart]
    return found


class ShadeGrid:
    """Swatches in ten rows of seven, or of two with their names beside them: touch one, or go to it with
    arrows and press Enter. The name of the one that is pointed at, or of what is on, stands above.

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
        self._place: int | None = None  # which of `places_of`
        self._page = 0
        self._cursor: int | str | None = None  # the cell, or what of the header, that the keys speak to
        self._pointed: int | str | None = None  # the same, of the mouse
        self._worn = NONE
        self._pattern = PatternChoice()
        self._spots = Spots()
        self._unit, self._letters = 1.0, 0
        self._pressed = False

    def toggle(self) -> None:
        """Opens it where the shade that is on lies, or closes it."""
        self.open = not self.open
        self._place, self._cursor, self._pointed, self._pressed = None, None, None, False
        self.where = pygame.Rect(0, 0, 0, 0)
        here = [number for number, (_, names) in enumerate(pages()) if self._pattern.shades[-1] in names]
        self._page = here[0] if here else 0

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if not self.open:
            return None
        if event.type in MOUSE:
            return self._mouse(event)
        if event.type != pygame.KEYDOWN:
            return None
        if event.key == pygame.K_TAB:
            back = bool(getattr(event, "mod", 0) & pygame.KMOD_SHIFT)
            return self._tab(-1 if back else 1)
        if event.key in PRESS and self._cursor is not None:
            return self._press(self._cursor)
        if translate(event) in (Action.NEXT, Action.PREVIOUS) and event.key in _STEPS:
            return self._step(*_STEPS[event.key])
        return None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        self._worn = view.trying.dye
        self._pattern.follow(self._worn)
        if not self.open:
            return
        self._lay(screen.get_size(), unit * self._larger)
        unit, (title, names) = self._unit, self._shown()
        screen.blit(shapes.box(*self.where.size, px(unit, CORNER_PANEL), GROUND, SHEET), self.where)
        for name, spot in self._spots.header.items():
            self._draw_header(screen, name, spot)
        self._draw_kinds(screen)
        self._say(screen, self._spots.title, title, INK)
        at = self._cursor if isinstance(self._cursor, int) else None
        self._say(screen, self._spots.caption, self._caption(names), INK)
        if title == RANGE:
            for spot, tone in zip(self._spots.columns, TONES, strict=True):
                digit = figure(tone.digit)
                # The stroke stands left of it as in 7/1, which is a number in every language.
                self._say(screen, spot, Said(f"{digit}/" if right_to_left() else f"/{digit}"), MUTED, 0.5)
            for level, spot in enumerate(self._spots.rows, 1):
                self._say(screen, spot, figure(level), MUTED, 0.5)
        for number, name in enumerate(names):
            spot = self._spots.cells[number]
            tile, room = self._split(spot, named=title != RANGE)
            screen.blit(_tile(name, *tile.size, px(unit, CORNER_KEY)), tile)
            if room is not None:
                self._say(screen, room, name, ACCENT if name in self._pattern.shades else INK)
            if name in self._pattern.shades:
                pygame.draw.rect(screen, ACCENT, tile.inflate(2, 2), px(unit, 3), px(unit, CORNER_KEY))
        if self._cursor is not None:
            place = self._spots.cells[at] if at is not None else self._above()[str(self._cursor)]
            draw_ring(screen, place, unit, CORNER_KEY)

    def _caption(self, names: tuple[str, ...]) -> str:
        """The name of what the keys or the mouse are at; else of what is on."""
        at = self._pointed if self._cursor is None else self._cursor
        if isinstance(at, int) and at < len(names):
            return names[at]
        if at in self._spots.kinds:
            return said(str(at))
        return name_of(NONE if at == "none" else self._pattern.caption)

    def _split(self, cell: pygame.Rect, *, named: bool) -> tuple[pygame.Rect, pygame.Rect | None]:
        """Where in a cell its swatch lies, and its name, if it has one."""
        if not named:
            return cell, None
        side, gap = cell.height, px(self._unit, SMALL)
        tile = turned(pygame.Rect(cell.left, cell.top, side, side), cell)
        return tile, turned(
            pygame.Rect(cell.left + side + gap, cell.top, cell.width - side - 2 * gap, side), cell
        )

    @property
    def _columns(self) -> int:
        return COLUMNS if self._shown()[0] == RANGE else TOLD

    def _names(self) -> tuple[str, ...]:
        return self._shown()[1]

    def _shown(self) -> tuple[str, tuple[str, ...]]:
        found = pages()
        self._page %= len(found)
        return found[self._page]

    def _lay(self, size: tuple[int, int], unit: float) -> None:
        self._letters = px(unit, self._type)  # as large where the panel has to be smaller
        places, unit = places_of(size, unit)
        if self._place is None or self._place >= len(places):
            # Off the head, as it is now: what is worked with does not move afterwards.
            self._place = places.index(Seat().choose(places, self.head, 0.0))
        self.where, self._unit = places[self._place], unit
        self._spots = lay_out(self.where, unit, more=len(pages()) > 1, named=self._shown()[0] != RANGE)
        if isinstance(self._cursor, int):
            self._cursor = min(self._cursor, len(self._names()) - 1)

    def _draw_kinds(self, screen: pygame.Surface) -> None:
        chosen = ONE if self._pattern.kind is None else self._pattern.kind.name
        for name, spot in self._spots.kinds.items():
            tile = self._pattern.tile(name, *spot.size, px(self._unit, CORNER_KEY))
            screen.blit(tile, spot)
            if name == chosen:
                line, corner = px(self._unit, 3), px(self._unit, CORNER_KEY)
                pygame.draw.rect(screen, ACCENT, spot.inflate(2, 2), line, corner)

    def _above(self) -> dict[str, pygame.Rect]:
        """What stands above the cells."""
        return {**self._spots.header, **self._spots.kinds}

    def _draw_header(self, screen: pygame.Surface, name: str, spot: pygame.Rect) -> None:
        unit = self._unit
        if name == "none":
            tile = shapes.box(
                *spot.inflate(-px(unit, SMALL), -px(unit, SMALL)).size, px(unit, CORNER_KEY), GROUND
            )
            screen.blit(tile, tile.get_rect(center=spot.center))
            ink = ACCENT if self._worn == NONE else INK
            person = icon("person", px(unit, 22), ink)  # as on its swatch in the tray
            screen.blit(person, person.get_rect(center=spot.center))
            return
        sign = icon("close" if name == "close" else "left" if right_to_left() else "right", px(unit, 22), INK)
        screen.blit(sign, sign.get_rect(center=spot.center))

    def _say(
        self,
        screen: pygame.Surface,
        room: pygame.Rect,
        words: str,
        colour: tuple[int, int, int],
        at: float = 0.0,
    ) -> None:
        """Words in a room, where lines begin (`at` 0) or in its middle (0.5), in lines if long."""
        line = in_lines(words, self._letters, room.size, colour)
        x = room.left + round((room.width - line.get_width()) * at)
        spot = line.get_rect(midleft=(x, room.centery))
        screen.blit(line, turned(spot, room))

    def _mouse(self, event: pygame.event.Event) -> Wish | bool | None:
        if event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION):
            self._pointed = self._at(event.pos)
        if event.type == pygame.MOUSEBUTTONDOWN:
            self._pressed = self.where.collidepoint(event.pos)
            if not self._pressed or event.button != 1:
                return self._pressed or None
            self._cursor = None
            hit = self._at(event.pos)
            return True if hit is None else self._press(hit)
        if event.type == pygame.MOUSEBUTTONUP and self._pressed:
            self._pressed = False
            return True
        return True if self._pressed else None

    def _at(self, position: tuple[int, int]) -> int | str | None:
        for name, spot in self._above().items():
            if spot.collidepoint(position):
                return name
        hits = (
            n for n, spot in enumerate(self._spots.cells[: len(self._names())]) if spot.collidepoint(position)
        )
        return next(hits, None)

    def _press(self, what: int | str) -> Wish | bool:
        if what == "close":
            self.toggle()
        elif what == "next":
            self._page, self._pointed = (self._page + 1) % len(pages()), None
        elif what == "none":
            return ChooseDye(NONE)
        elif isinstance(what, int):
            return self._pattern.swatch(self._names()[what])
        elif what in self._spots.kinds:
            return self._pattern.press(what)
        return True

    def _tab(self, by: int) -> bool:
        """From the cells to what stands above them, and round."""
        stops: Sequence[int | str] = (self._home(), *(n for n in _HEADER if n in self._above()))
        now = 0 if isinstance(self._cursor, int) else None
        if isinstance(self._cursor, str):
            now = stops.index(self._cursor)
        self._cursor = stops[(now + by) % len(stops)] if now is not None else stops[0 if by > 0 else -1]
        return True

    def _step(self, down: int, across: int) -> bool:
        names = self._names()
        if not isinstance(self._cursor, int):
            self._cursor = self._home()
            return True
        columns = self._columns
        row, column = divmod(self._cursor, columns)
        row, column = row + down, column + (-across if right_to_left() else across)
        if 0 <= column < columns and row >= 0 and row * columns + column < len(names):
            self._cursor = row * columns + column
        return True

    def _home(self) -> int:
        names = self._names()
        worn = self._pattern.shades[-1]
        return names.index(worn) if worn in names else 0


@lru_cache(maxsize=256)
def _tile(name: str, width: int, height: int, radius: int) -> pygame.Surface:
    """A shade's swatch. Shared: draw it, do not draw on it."""
    dye = find(name)
    assert dye is not None
    return shapes.patch(sheen(dye, width, height), radius)
