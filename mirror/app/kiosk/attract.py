"""Attract: nobody is here. Hairstyles move by; the camera is off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pygame

from mirror.app.kiosk import layout
from mirror.app.kiosk.buttons import Buttons
from mirror.app.kiosk.language_buttons import choice, chosen, high_of
from mirror.app.screen import View, Wish, shapes
from mirror.app.screen.typeface import line_height, shortened
from mirror.translation.message import Said

if TYPE_CHECKING:
    from mirror.app.kiosk.scene import Scene

_TILE, _GAP = 176, 28  # units
_SMALLEST = 90  # units
_PACE = 16.0  # units a second


class Attract:
    """Two rows of the style book that pass each other, the salon's name, and "Touch to begin"."""

    def __init__(
        self, scene: Scene, thumbnails: tuple[tuple[str, np.ndarray], ...], salon: str | None = None
    ) -> None:
        self._scene, self._salon = scene, salon
        self._pictures = [picture for _, picture in thumbnails]
        self._tiles: list[pygame.Surface] = []
        self._buttons = Buttons()

    def enter(self, now: float) -> None:
        self._scene.words.reset()
        self._scene.kept.forget()
        self._scene.printing.forget()
        self._scene.window.hud = False

    def draw(self, screen: pygame.Surface, view: View, now: float) -> None:
        width, height = screen.get_size()
        unit = layout.unit_of((width, height))
        screen.fill(layout.GROUND)
        across, down = width / unit, height / unit
        size_of = layout.TITLE if across > down else layout.HEADING
        said_high, invited_high = (line_height(round(one * unit)) / unit for one in (size_of, layout.LARGE))
        named_high = invited_high if self._salon else 0.0
        foot = high_of(across) + 24
        top = 24 if across > down else 0.12 * down
        room = down - foot - 2 * top - named_high - said_high - 2 * invited_high - 24
        side = min(_TILE, max(room / 2, _SMALLEST))
        low = down - side - foot - (16 if across > down else top)
        for row, y in enumerate((top, low)):
            self._row(screen, row, round(y * unit), round(side * unit), now)
        words = self._scene.words
        middle = (top + side + low) / 2
        said = words("waking" if self._scene.visit.busy else "touch")
        y = middle - (named_high + said_high + invited_high) / 2
        if self._salon:
            name = shortened(Said(self._salon), round(layout.LARGE * unit), round(0.9 * width))
            layout.line(screen, name, layout.LARGE, (across / 2, y))
        title = layout.line(screen, said, size_of, (across / 2, y + named_high), layout.ACCENT)
        layout.line(screen, words("invite"), layout.LARGE, (across / 2, title.bottom / unit))
        self._buttons.lay((width, height), choice(across, down, words))
        self._buttons.draw(screen, now)

    def hear(self, event: pygame.event.Event, now: float) -> str | Wish | bool | None:
        if chosen(self._buttons.hear(event), self._scene.words):
            return True
        if self._scene.visit.busy:
            return True
        # When the finger leaves: one that stays in the corner is the staff's.
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            return True if self._buttons.at(event.pos) else "touched"
        return "touched" if event.type == pygame.KEYDOWN and _begins(event.key) else True

    def step(self, now: float) -> str | None:
        return None

    def leave(self) -> None:
        pass

    def _row(self, screen: pygame.Surface, row: int, y: int, side: int, now: float) -> None:
        """One half of the book, to the left or to the right."""
        unit = layout.unit_of(screen.get_size())
        pitch = side + round(_GAP * unit)
        if len(self._tiles) != len(self._pictures) or (self._tiles and self._tiles[0].get_width() != side):
            self._tiles = [shapes.tile(picture, side, layout.ROUND * unit) for picture in self._pictures]
        tiles = self._tiles[row::2]
        if not tiles:
            return
        way = now * _PACE * unit * (1 if row else -1)
        first = int(-way // pitch)
        for number in range(first - 1, first + screen.get_width() // pitch + 3):
            screen.blit(tiles[number % len(tiles)], (round(number * pitch + way), y))


def _begins(key: int) -> bool:
    return key in (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE, pygame.K_LEFT, pygame.K_RIGHT)
