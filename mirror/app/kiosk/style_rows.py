"""Style rows: two rows of the style book that pass each other, where there are no portraits to show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygame

from mirror.app.screen import shapes
from mirror.app.touch import layout

TILE, SMALLEST = 176, 90  # units
_GAP = 28  # units
_PACE = 16.0  # units a second


class StyleRows:
    """The rows.

    Args:
        pictures: thumbnails, uint8 (h, w, 3) RGB.
    """

    def __init__(self, pictures: Sequence[np.ndarray]) -> None:
        self._pictures = list(pictures)
        self._tiles: list[pygame.Surface] = []

    def draw(self, screen: pygame.Surface, row: int, y: int, side: int, now: float) -> None:
        """One half of the book, to the left (1) or to the right (0), `side` pixels high, from y on."""
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
