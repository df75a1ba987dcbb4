"""Coming: a cell whose picture is still to come is veiled, and a ring says how far all of them are.

The ring moves only when another cell is there, and never by itself: nobody is shown motion for its own sake.
"""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from mirror.app.screen import shapes
from mirror.app.screen.design import ACCENT, GROUND, RING, TOUCH, TRACK, VEIL, px


def draw_coming(
    screen: pygame.Surface, cells: Sequence[pygame.Rect], coming: Sequence[int], unit: float
) -> None:
    """Veils the cells that are still to come.

    Args:
        cells: all of them, where they lie on the screen.
        coming: places in `cells`.
    """
    share = 1 - len(coming) / max(len(cells), 1)
    for place in coming:
        # Of a grid that is no longer shown, or in a window of a pixel.
        if place >= len(cells) or min(cells[place].size) < 1:
            continue
        spot = cells[place]
        screen.blit(shapes.box(*spot.size, 0, GROUND, VEIL), spot)
        ring = shapes.dial(px(unit, TOUCH), px(unit, RING + 1), share, ACCENT, TRACK)
        screen.blit(ring, ring.get_rect(center=spot.center))
