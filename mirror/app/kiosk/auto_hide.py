"""Shy: what lies over the visitor's picture fades when nobody touches it, and keeps off the head."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pygame

from mirror.app.screen.design import CALM
from mirror.app.screen.free_placement import hidden
from mirror.app.screen.style_strip import HOLD

if TYPE_CHECKING:
    from mirror.app.touch.buttons import Place

RESTS = 1.5  # seconds after the last touch until buttons may move: not under a finger
_TOUCHES = (
    pygame.MOUSEBUTTONDOWN,
    pygame.MOUSEBUTTONUP,
    pygame.MOUSEMOTION,
    pygame.MOUSEWHEEL,
    pygame.KEYDOWN,
)


class Shy:
    """When something was touched, and how much is seen of what can be. Times are seconds of one clock.

    Example:
        >>> shy = Shy()
        >>> shy.wake(10.0)
        >>> shy.opacity(12.9), round(shy.opacity(13.125), 1), shy.opacity(14.0)
        (1.0, 0.5, 0.0)
    """

    def __init__(self) -> None:
        self._woken = -math.inf
        self._held = False
        self._fresh = True  # nobody has touched anything yet
        self._layout = 0

    def wake(self, now: float) -> None:
        """All is seen again."""
        self._woken = max(self._woken, now)

    def begin(self, now: float) -> None:
        """A state begins: nothing is held, and all is seen."""
        self._held, self._woken = False, now
        self._fresh, self._layout = True, 0

    def opacity(self, now: float) -> float:
        """How much is seen, 0 to 1."""
        if self._held:
            self._woken = max(self._woken, now)
        return 1.0 - min(max((now - self._woken - HOLD) / CALM, 0.0), 1.0)

    def hear(self, event: pygame.event.Event, now: float) -> bool:
        """Wakes it. True: a touch where hardly anything was seen, which is meant for no button."""
        if event.type not in _TOUCHES:
            return False
        self._fresh = False
        faint = self.opacity(now) < 0.5
        if event.type == pygame.MOUSEBUTTONDOWN:
            self._held = not faint
        elif event.type == pygame.MOUSEBUTTONUP:
            self._held = False
        self.wake(now)
        return faint and event.type == pygame.MOUSEBUTTONDOWN

    def choose(
        self, layouts: Sequence[tuple[Place, ...]], unit: float, head: pygame.Rect | None, now: float
    ) -> int:
        """Which of several layouts: the first that hides nothing of a head, else the last, which is a dock.

        It stays as long as somebody touches. The dock stays until the next visit: beside it the head is seen
        elsewhere, and nothing says where it would be without.

        Args:
            layouts: the same kinds in the same order every time; unit: pixels.
            head: face and hair on the screen; None: nobody is there.
        """
        docked = self._layout == len(layouts) - 1
        rested = now - self._woken >= RESTS or (self._fresh and head is not None)
        if rested and not self._held and not docked:
            beneath = [] if head is None else [head]
            costs = [
                sum(hidden(pygame.Rect(*(round(v * unit) for v in where)), beneath) for _, _, where in layout)
                for layout in layouts[:-1]
            ]
            self._layout = costs.index(0) if 0 in costs else len(layouts) - 1
        return min(self._layout, len(layouts) - 1)
