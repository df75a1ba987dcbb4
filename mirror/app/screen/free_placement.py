"""Seat: where something lies over the picture, beside the head where it can."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pygame

PATIENCE = 0.7  # seconds that a head is in the way before something moves out of it


class Seat:
    """One thing's place among several, the best first. It moves seldom: a mark that hops is read by nobody.

    Example:
        >>> seat = Seat()
        >>> left, right = pygame.Rect(0, 0, 10, 10), pygame.Rect(90, 0, 10, 10)
        >>> seat.choose((left, right), pygame.Rect(5, 5, 20, 20), now=0.0)
        <rect(90, 0, 10, 10)>
    """

    def __init__(self) -> None:
        self._taken: int | None = None
        self._since = math.inf  # it has been in the way, or has had a better place

    def choose(
        self,
        places: Sequence[pygame.Rect],
        head: pygame.Rect | None,
        now: float,
        taken: Sequence[pygame.Rect] = (),
    ) -> pygame.Rect:
        """Where it lies at `now` (seconds): off the head, or else where it hides least of it.

        Args:
            places: at least one, the same kinds in the same order every time.
            head: the head on the screen, face and hair; None: nobody is there.
            taken: what it keeps off as well.
        """
        beneath = [*taken] if head is None else [head, *taken]
        best = min(range(len(places)), key=lambda number: (hidden(places[number], beneath), number))
        if self._taken is None or self._taken >= len(places):
            self._taken = best
        worse = hidden(places[self._taken], beneath) > hidden(places[best], beneath)
        # Back to a better place only once that has room to spare, or it would hop at the border.
        free = head is None or not places[best].inflate(places[best].height, places[best].height).colliderect(
            head
        )
        if not (worse or (best < self._taken and free)):
            self._since = math.inf
        elif self._since == math.inf:
            self._since = now
        if now - self._since >= PATIENCE:
            self._taken, self._since = best, math.inf
        return places[self._taken]


def hidden(place: pygame.Rect, beneath: Sequence[pygame.Rect]) -> int:
    """How much something would hide of what lies there, pixels of the screen."""
    return sum(both.width * both.height for both in (place.clip(one) for one in beneath))
