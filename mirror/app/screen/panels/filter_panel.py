"""Filter panel: what somebody looks for, as chips; each leaves fewer styles, "All styles" brings all back."""

from __future__ import annotations

from functools import partial

import pygame

from mirror.app.screen import shapes
from mirror.app.screen.controls import draw_button, look
from mirror.app.screen.design import ACCENT, CORNER_PANEL, GROUND, INK, MUTED, NEAR, SHEET, px
from mirror.app.screen.free_placement import Seat
from mirror.app.screen.icons import icon
from mirror.app.screen.key_focus import Item, KeyFocus
from mirror.app.screen.keys import Action, Wish, translate
from mirror.app.screen.panels.filter_places import Chip, Places, lay_out, places_of
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import in_lines
from mirror.app.screen.view import View
from mirror.app.screen.widgets import MOUSE
from mirror.app.screen.wishes import Narrow
from mirror.hair.styles.style_filter import ALL, StyleFilter
from mirror.hair.styles.trait_words import KINDS, SAID
from mirror.translation.message import Message

TITLE = Message("Filter the styles")


def left_of(view: View, wanted: StyleFilter) -> int:
    """How many of the styles of a view a filter leaves; all where their tags are not known."""
    if len(view.tags) != len(view.thumbnails):
        return len(view.thumbnails)
    left = wanted.left([name for name, _ in view.thumbnails], view.tags)
    return len(view.thumbnails) if left is None else len(left)


class FilterPanel:
    """Rows of chips: touch one, or go to it with Tab and press Enter. L opens it.

    Args:
        larger: than the window's own, for those who stand further away: without captions.
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
        self._spots = Places()
        self._unit = 1.0
        self._wanted = ALL
        self._dead: frozenset[Chip] = frozenset()  # with which no style would be left
        self._known: tuple[object, ...] = ()
        self._pressed = False
        self._focus = KeyFocus()

    def toggle(self) -> None:
        """Opens it, or closes it."""
        self.open = not self.open
        self._place, self._pressed, self._focus.at = None, False, None
        self.where = pygame.Rect(0, 0, 0, 0)

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if translate(event) is Action.FILTER:
            self.toggle()
            return True
        if not self.open:
            return None
        if self._focus.hear(event):
            answer, self._focus.answer = self._focus.answer, None
            return answer if isinstance(answer, Narrow) else True
        return self._mouse(event) if event.type in MOUSE else None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        if not self.open:
            return
        self._wanted = view.trying.filter
        self._lay(screen.get_size(), unit * self._larger)
        self._find_dead(view)
        unit, spots = self._unit, self._spots
        screen.blit(shapes.box(*self.where.size, px(unit, CORNER_PANEL), GROUND, SHEET), self.where)
        self._say(screen, spots.title, TITLE, INK)
        left, count = left_of(view, self._wanted), len(view.thumbnails)
        told = Message("Styles: {number} of {count}", number=left, count=count)
        self._say(screen, spots.count, told, ACCENT if self._wanted.on else MUTED)
        cross = icon("close", px(unit, 22), INK)
        screen.blit(cross, cross.get_rect(center=spots.close.center))
        for kind, spot in spots.captions.items():
            self._say(screen, spot, KINDS[kind], MUTED)
        for chip, spot in spots.chips.items():
            chosen = self._wanted.of(chip[0]) == chip[1]
            looks = look(chosen=chosen, enabled=chosen or chip not in self._dead)
            draw_button(screen, spot, SAID[chip[1]], unit, looks, self._type)
        looks = look(enabled=self._wanted.on)
        draw_button(screen, spots.everything, Message("All styles"), unit, looks, self._type)
        self._focus.offer(self._items())
        self._focus.draw(screen, unit)

    def _items(self) -> list[Item]:
        spots = self._spots
        chips = [Item(value, spot, partial(self._chip, (kind, value)))
                 for (kind, value), spot in spots.chips.items()]  # fmt: skip
        return [*chips, Item("all", spots.everything, self._all), Item("close", spots.close, self.toggle)]

    def _lay(self, size: tuple[int, int], unit: float) -> None:
        roomy = self._larger > 1
        places, measure = places_of(size, unit, self._type, roomy)
        if self._place is None or self._place >= len(places):
            # Off the head, as it is now: what is worked with does not move afterwards.
            self._place = places.index(Seat().choose(places, self.head, 0.0))
        self.where, self._unit = places[self._place], measure.unit
        self._spots = lay_out(self.where, measure)

    def _find_dead(self, view: View) -> None:
        known = (view.thumbnails, view.tags, self._wanted)
        if known != self._known:
            self._known = known
            self._dead = frozenset(
                chip for chip in self._spots.chips if not left_of(view, self._wanted.switched(*chip))
            )

    def _say(
        self, screen: pygame.Surface, room: pygame.Rect, words: str, colour: tuple[int, int, int]
    ) -> None:
        line = in_lines(words, px(self._unit, self._type), room.size, colour)
        screen.blit(line, turned(line.get_rect(midleft=room.midleft), room))

    def _chip(self, chip: Chip) -> Narrow | bool:
        chosen = self._wanted.of(chip[0]) == chip[1]
        return True if chip in self._dead and not chosen else Narrow(self._wanted.switched(*chip))

    def _all(self) -> Narrow | bool:
        return Narrow(ALL) if self._wanted.on else True

    def _mouse(self, event: pygame.event.Event) -> Wish | bool | None:
        if event.type == pygame.MOUSEBUTTONDOWN:
            self._pressed = self.where.collidepoint(event.pos)
            if not self._pressed or event.button != 1:
                return self._pressed or None
            if self._spots.close.collidepoint(event.pos):
                self.toggle()
            elif self._spots.everything.collidepoint(event.pos):
                return self._all()
            for chip, spot in self._spots.chips.items():
                if spot.collidepoint(event.pos):
                    return self._chip(chip)
            return True
        if event.type == pygame.MOUSEBUTTONUP and self._pressed:
            self._pressed = False
            return True
        return True if self._pressed else None
