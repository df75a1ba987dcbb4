"""Guests: hair for everybody else who is in the picture, each dressed by a dresser of their own."""

from __future__ import annotations

from collections.abc import Callable

from mirror.compositing.laid import Laid
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

    @property
    def dressers(self) -> list[Dresser]:
        """Of all who were there."""
        return list(self._dressers.values())

    def dress(self, others: tuple[Seen, ...]) -> list[Laid]:
        """What is laid over each of their heads."""
        found = []
        for seen in others:
            if seen.place not in self._dressers:
                self._dressers[seen.place] = self._new()
            dresser = self._dressers[seen.place]
            dresser.meet(seen.since)
            found.append(dresser.dress(seen, {}, 1 + len(others)))
        return [laid for laid in found if laid is not None]

    def attend(self) -> None:
        """See `mirror.pipeline.person.Dresser.attend`."""
        for dresser in self._dressers.values():
            dresser.attend()
