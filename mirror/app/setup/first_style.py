"""Page: the hair that the mirror begins with."""

from __future__ import annotations

from functools import partial

import numpy as np
import pygame

from mirror.app.screen.design import ACCENT, CORNER, INK, NEAR, px
from mirror.app.screen.turned import turned
from mirror.app.screen.typeface import shortened, text
from mirror.app.setup import drawing
from mirror.app.setup.setup_page import Control, Page
from mirror.app.setup.shared_state import Desk
from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.hair.shelf import open_book
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.selection import RANDOM, is_random
from mirror.translation.message import Message

_SIDE, _NAME, _GAP, _ROW = 140, 30, 14, 56  # design pixels: a card at least, its name, between, buttons


class FirstStylePage(Page):
    """All styles as pictures, a page of them at a time; or another one every few seconds."""

    title = Message("What is tried on first?")
    about = Message("The mirror begins with it. All others are a key or a touch away.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._book: StyleBook | None = None
        self._first = 0  # number of the first style that is seen
        self._cards: dict[int, pygame.Rect] = {}

    def enter(self) -> None:
        """Opens the style book, at what is chosen."""
        if self._book is None:
            self._book = open_book(ENGINES_FOLDER)
        self._first = self._chosen or 0

    @property
    def _styles(self) -> list[tuple[str, np.ndarray]]:
        return [] if self._book is None else [(style.name, style.thumbnail) for style in self._book.styles]

    @property
    def _chosen(self) -> int | None:
        """The number of the chosen style; None while they are drawn by chance, or the book has it no more."""
        style = self.desk.settings.style
        if self._book is None or is_random(style):
            return None
        try:
            return self._book.index(style)
        except MirrorError:
            return None

    def controls(self, area: pygame.Rect, unit: float) -> list[Control]:
        """The switch, the cards, and two buttons that leaf."""
        gap, row = px(unit, _GAP), px(unit, _ROW)
        drawn = is_random(self.desk.settings.style)
        switch = pygame.Rect(area.left, area.top, min(area.width, px(unit, 560)), row)
        found = [Control("random", switch, Message("Another style every few seconds"),
                         partial(self.desk.change, style=RANDOM), chosen=drawn)]  # fmt: skip
        styles = self._styles
        top, bottom = switch.bottom + gap, area.bottom - row - gap
        columns = max(1, (area.width + gap) // (px(unit, _SIDE) + gap))
        rows = max(1, (bottom - top + gap) // (px(unit, _SIDE) + gap))
        wide, tall = (area.width - (columns - 1) * gap) // columns, (bottom - top - (rows - 1) * gap) // rows
        count = columns * rows
        self._first = min(self._first // count * count, max(0, len(styles) - 1) // count * count)
        self._cards = {}
        for place, number in enumerate(range(self._first, min(self._first + count, len(styles)))):
            down, across = divmod(place, columns)
            rect = pygame.Rect(area.left + across * (wide + gap), top + down * (tall + gap), wide, tall)
            self._cards[number] = rect
            name = styles[number][0]
            press = partial(self.desk.change, style=name)
            found.append(Control(f"style {number}", rect, name, press, kind="card"))
        half = min(px(unit, 320), (area.width - gap) // 2)
        for at, (key, words, to) in enumerate((
            ("before", Message("Styles before"), self._first - count),
            ("more", Message("More styles"), self._first + count),
        )):  # fmt: skip
            left = area.right - (2 - at) * half - (1 - at) * gap
            rect = pygame.Rect(left, area.bottom - row, half, row)
            found.append(Control(key, rect, words, partial(self._leaf, to), enabled=0 <= to < len(styles)))
        return found

    def draw(self, screen: pygame.Surface, area: pygame.Rect, unit: float, now: float) -> None:
        """The cards' pictures and names."""
        styles, chosen, size, pad = self._styles, self._chosen, px(unit, NEAR.caption), px(unit, 6)
        for number, place in self._cards.items():
            name, thumbnail = styles[number]
            rect = turned(place, screen.get_width())
            frame = rect.inflate(-2 * pad, -2 * pad)
            frame.height -= px(unit, _NAME)
            drawing.picture(screen, thumbnail, turned(frame, screen.get_width()))
            told = text(shortened(name, size, rect.width - 2 * pad), size, INK)
            screen.blit(told, told.get_rect(midbottom=(rect.centerx, rect.bottom - pad)))
            if number == chosen:
                pygame.draw.rect(screen, ACCENT, rect, px(unit, 4), px(unit, CORNER))

    def _leaf(self, to: int) -> None:
        self._first = to
