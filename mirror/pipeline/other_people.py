"""Guests: hair for everybody else who is in the picture, each dressed by a dresser of their own."""

from __future__ import annotations

from collections.abc import Callable

from mirror.compositing.alpha_compositing import Laid
from mirror.pipeline.person import Dresser
from mirror.tracking.tracked_frame import Seen


class Guests:
    """The dressers of the others.

    Args:
        dresser: makes one.
    """

    def __init__(self, dresser: Callable[[], Dresser]) -> None:
        self._new = dresser
        self._dressers: dict[int, Dresser] = {}
        self._turn = 0

    @property
    def dressers(self) -> list[Dresser]:
        """Of all who were there."""
        return list(self._dressers.values())

    def dress(self, others: tuple[Seen, ...]) -> list[Laid]:
        """What is laid over each of their heads; one is painted anew with each picture.

        So four people cost little more than two: what was painted last moves with the head.
        """
        self._turn += 1
        found = []
        for number, seen in enumerate(others):
            if seen.place not in self._dressers:
                self._dressers[seen.place] = self._new()
            dresser = self._dressers[seen.place]
            dresser.meet(seen.since)
            found.append(dresser.dress(seen, {}, rest=self._turn % len(others) != number))
        return [laid for laid in found if laid is not None]
