"""Search: a field above the styles; typed letters leave the styles whose words begin with them."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from mirror.app.screen import overlay, shapes
from mirror.app.screen.design import (
    ACCENT,
    CORNER_PANEL,
    GAP,
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
from mirror.app.screen.icons import icon
from mirror.app.screen.keys import Action, PickStyle, Wish, translate
from mirror.app.screen.style_strip import COLUMN, lies
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import fitted, measured, text
from mirror.app.screen.view import View
from mirror.app.screen.widgets import MOUSE
from mirror.translation.catalogue import Words
from mirror.translation.message import Message, Said

WIDTH, HEIGHT = 420, 52  # design pixels; narrower where it stands above a column
LONGEST = 40  # letters


def found(typed: str, names: Sequence[Sequence[str]], tags: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Numbers of the styles for which every typed word begins a word of a name or of a tag.

    First the one of that very name, then those whose name begins so, then those of whose name words begin so,
    then those that only a tag leads to.

    Args:
        names, tags: of every style; it may be called several names, such as one a language.

    Example:
        >>> found("bo", [["thin bob"], ["bob"], ["long"]], [(), (), ("bold",)])
        (1, 0, 2)
    """
    text = " ".join(typed.casefold().split())
    hits = []
    for number, (called, tagged) in enumerate(zip(names, tags, strict=True)):
        folded = [" ".join(name.casefold().split()) for name in called]
        own = [word for name in folded for word in name.split()]
        words = own + [word for tag in tagged for word in tag.casefold().split()]
        if text in folded:
            rank = 0
        elif any(name.startswith(text) for name in folded):
            rank = 1
        elif _all_begin(text, own):
            rank = 2
        elif _all_begin(text, words):
            rank = 3
        else:
            continue
        hits.append((rank, number))
    return tuple(number for _, number in sorted(hits))


def _all_begin(text: str, words: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in text.split())


class Search:
    """The field. "/" or Ctrl+F opens it, Enter takes the first style that is left, Esc closes it.

    Attributes:
        open: whether it is seen; all keys are its own then.
        typed: what is in it.
        among: numbers that are searched; None for all.
        hits: numbers that are left, in order; None while nothing is typed.
        free: what of the window neither strip nor tray takes, pixels.
        rail: the place of the buttons, pixels, which the field keeps off.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self.open = False
        self.typed = ""
        self.among: tuple[int, ...] | None = None
        self.hits: tuple[int, ...] | None = None
        self.free = pygame.Rect(0, 0, 0, 0)
        self.rail = pygame.Rect(0, 0, 0, 0)
        self._sought: tuple[str, tuple[int, ...] | None] = ("", None)
        self._where = pygame.Rect(0, 0, 0, 0)
        self._close_at = pygame.Rect(0, 0, 0, 0)
        self._pressed = False

    def toggle(self) -> None:
        """Opens it empty, or closes it."""
        self.open = not self.open
        self.typed, self.hits, self._pressed = "", None, False
        if self.open:
            pygame.key.start_text_input()
            pygame.key.set_repeat(400, 40)  # to take back more than one letter
        else:
            pygame.key.stop_text_input()
            pygame.key.set_repeat()

    def hear(self, event: pygame.event.Event, now: float) -> Wish | bool | None:
        """As `mirror.app.screen.panel.Panel.hear`."""
        if not self.open:
            if translate(event) is Action.SEARCH:
                self.toggle()
                return True
            return None
        if event.type == pygame.TEXTINPUT:
            self.typed = (self.typed + event.text)[:LONGEST]
            return True
        if event.type == pygame.KEYDOWN:
            return self._key(event)
        if event.type in MOUSE:
            return self._mouse(event)
        return None

    def draw(self, screen: pygame.Surface, view: View, unit: float, now: float) -> None:
        """As `mirror.app.screen.panel.Panel.draw`."""
        if not self.open:
            return
        if not self.typed.strip():
            self.hits = None
        elif (self.typed, self.among) != self._sought or self.hits is None:
            self._sought = self.typed, self.among
            hits = found(self.typed, *self._known(view))
            among = self.among
            self.hits = hits if among is None else tuple(number for number in hits if number in among)
        where = self._where = self._lay(screen.get_size(), unit)
        side, size = px(unit, TOUCH), px(unit, NEAR.body)
        screen.blit(shapes.box(*where.size, px(unit, CORNER_PANEL), GROUND, SHEET), where)
        glass = icon("search", px(unit, 22), ACCENT)
        middle = (where.left + px(unit, TOUCH / 2), where.centery)
        screen.blit(glass, turned(glass.get_rect(center=middle), where))
        inset = (where.height - side) // 2
        self._close_at = turned(pygame.Rect(where.right - inset - side, where.top + inset, side, side), where)
        cross = icon("close", px(unit, 20), INK)
        screen.blit(cross, cross.get_rect(center=self._close_at.center))
        field = pygame.Rect(where.left + side, where.top, where.width - 2 * side - inset, where.height)
        self._draw_typed(screen, turned(field, where), size, now)
        if self.hits == ():
            told = Message(
                "No style begins with “{typed}”. Try short, wavy or blond; Esc shows all.",
                typed=Said(self.typed.strip()),
            )
            line = overlay.pill(told, unit, max(where.width, px(unit, 240)))
            apart = px(unit, SMALL)
            if lies(screen.get_size()):
                spot = turned(line.get_rect(topright=(where.right, where.bottom + apart)), where)
            else:
                spot = line.get_rect(midbottom=(where.centerx, where.top - apart))
            screen.blit(line, spot.clamp(screen.get_rect()))

    def _draw_typed(self, screen: pygame.Surface, field: pygame.Rect, size: int, now: float) -> None:
        """What is typed, its end in sight, and where the next letter comes; a hint while it is empty."""
        shown = Said(self.typed)
        while shown and measured(shown, size) > field.width - 4:
            shown = Said(shown[1:])
        if not self.typed:
            least = round(size * NEAR.caption / NEAR.body)
            hint = text(*fitted(Message("bob, short …"), size, field.width - 8, least), MUTED)
            screen.blit(hint, turned(hint.get_rect(midleft=(field.left + 6, field.centery)), field))
        drawn = text(shown, size, INK) if shown else None
        if drawn is not None:
            screen.blit(drawn, turned(drawn.get_rect(midleft=field.midleft), field))
        if now % 1.0 < 0.5:
            wide = drawn.get_width() if drawn is not None else 0
            cursor = pygame.Rect(field.left + wide + 1, field.centery - size // 2, max(2, size // 10), size)
            screen.fill(ACCENT, turned(cursor, field))

    def _known(self, view: View) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
        """Names and tags, in English and in the person's language."""
        words = self._words
        names: list[tuple[str, ...]] = [(name, words.named(name)) for name, _ in view.thumbnails]
        tags = list(view.tags) + [()] * (len(names) - len(view.tags))
        return names, [(*tagged, *map(words.tag, tagged)) for tagged in tags]

    def _key(self, event: pygame.event.Event) -> Wish | bool:
        if event.key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            return self._take()
        if event.key == pygame.K_ESCAPE:
            self.toggle()
        elif event.key == pygame.K_BACKSPACE:
            self.typed = self.typed[:-1]
        return True

    def _take(self) -> Wish | bool:
        if self.hits == ():
            return True  # the sentence beside it says why
        first = self.hits[0] if self.hits else None
        self.toggle()
        return True if first is None else PickStyle(first)

    def _mouse(self, event: pygame.event.Event) -> bool | None:
        if event.type == pygame.MOUSEBUTTONDOWN:
            self._pressed = self._where.collidepoint(event.pos)
            if self._close_at.collidepoint(event.pos):
                self.toggle()
                return True
        if not self._pressed:
            return None
        if event.type == pygame.MOUSEBUTTONUP:
            self._pressed = False
        return True

    def _lay(self, size: tuple[int, int], unit: float) -> pygame.Rect:
        """Above the column in place of the name, or above the row."""
        margin, height = px(unit, MARGIN), px(unit, HEIGHT)
        if lies(size):
            width = px(unit, COLUMN) - margin
            return turned(pygame.Rect(size[0] - margin - width, margin, width, height), size[0])
        free = self.free
        width = min(px(unit, WIDTH), free.width - 2 * margin)
        where = pygame.Rect(free.centerx - width // 2, free.bottom - height - px(unit, GAP), width, height)
        level = self.rail.width > self.rail.height  # one that stands is at an edge, beside the field
        if level and where.colliderect(self.rail):
            where.bottom = self.rail.top - px(unit, GAP)
        where.top = max(where.top, margin)
        return where
