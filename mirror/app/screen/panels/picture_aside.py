"""Picture aside: where a panel at the edge hides a head, the picture keeps to what the panel leaves.

A window of 1280 x 720 has room for both. In a small one the panel would lie over half of the face; then the
picture is cut to the head and put beside, between the round buttons and the panel.
"""

from __future__ import annotations

import pygame

from mirror.app.screen.design import CALM, GAP, px, unit_of
from mirror.app.screen.style_strip import lies
from mirror.app.screen.turned import turned

_HIDDEN = 0.1  # of a head's width: less of it under a panel is hair at its side
_LEAST = 0.3  # of the window's width: where buttons and panel leave less, the buttons lie over the picture


class Aside:
    """Decides once for each panel that is opened: what is worked with does not move to and fro.

    Example:
        aside = Aside()
        window.glass = aside.glass(size, panel.where, rail, window.head, now)      # every frame
    """

    def __init__(self) -> None:
        self._on = False
        self._size = (0, 0)
        self._share = 0.0  # of the way from the whole window
        self._place = pygame.Rect(0, 0, 0, 0)
        self._drawn_at = 0.0

    def glass(
        self,
        size: tuple[int, int],
        panel: pygame.Rect,
        rail: pygame.Rect,
        head: pygame.Rect | None,
        now: float,
    ) -> pygame.Rect | None:
        """The part of a window of `size` for the picture; None: all of it.

        Args:
            panel: at the edge where lines end, pixels; empty: none is open.
            rail: of round buttons.
            head: with its hair, where it is seen now; None: nobody is there.
            now: seconds.
        """
        step = min(max(now - self._drawn_at, 0.0), 0.25) / CALM
        self._drawn_at = now
        if not panel.width or not lies(size) or size != self._size:
            self._on, self._size = False, size
        if panel.width and lies(size):
            hidden = head is not None and head.clip(panel).width > _HIDDEN * head.width
            self._on = self._on or hidden
        if self._on:
            self._place = _beside(size, panel, rail)
        self._share = min(max(self._share + (step if self._on else -step), 0.0), 1.0)
        if self._share <= 0:
            return None
        left, right = (
            round(edge + (whole - edge) * (1 - self._share))
            for edge, whole in ((self._place.left, 0), (self._place.right, size[0]))
        )
        return pygame.Rect(left, 0, max(1, right - left), size[1])


def _beside(size: tuple[int, int], panel: pygame.Rect, rail: pygame.Rect) -> pygame.Rect:
    """What panel and buttons leave, from the upper edge to the lower."""
    gap = px(unit_of(size), GAP)
    panel, rail = turned(panel, size[0]), turned(rail, size[0])
    left, right = 0, panel.left - gap
    stands = rail.height > rail.width and rail.centerx < panel.left // 2
    if stands and right - rail.right - gap >= _LEAST * size[0]:
        left = rail.right + gap
    return turned(pygame.Rect(left, 0, max(1, right - left), size[1]), size[0])
