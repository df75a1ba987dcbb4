"""Guests: hair for everybody else who is in the picture, each dressed by a dresser of their own."""

from __future__ import annotations

from collections.abc import Callable

from mirror.dresser import Dresser
from mirror.headspace import HeadTransform
from mirror.layer import Layer
from mirror.shown import Seen


class Guests:
    """The dressers of the others.

    Args:
        dresser: makes one.
    """

    def __init__(self, dresser: Callable[[], Dresser]) -> None:
        self._new = dresser
        self._dressers: dict[int, Dresser] = {}
        self._turn = 0

    def layers(self, others: tuple[Seen, ...]) -> list[tuple[HeadTransform, Layer, float]]:
        """Where each head is, what is laid over it and how strongly; one is painted anew with each picture.

        So four people cost little more than two: what was painted last moves with the head.
        """
        self._turn += 1
        found = []
        for number, seen in enumerate(others):
            if seen.place not in self._dressers:
                self._dressers[seen.place] = self._new()
            dresser = self._dressers[seen.place]
            dresser.meet(seen.since)
            layer = dresser.layer(seen, {}, rest=self._turn % len(others) != number)
            assert seen.transform is not None
            found.append((seen.transform, layer, dresser.strength(seen)))
        return found

    def forget(self) -> None:
        """Nobody is there any more."""
        self._dressers = {}
