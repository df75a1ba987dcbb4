"""Guests: hair for everybody else who is in the picture, each dressed by a dresser of their own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mirror.compose import compose
from mirror.dresser import Dresser
from mirror.plate import Plate
from mirror.shown import Seen


class Guests:
    """The dressers of the others.

    Args:
        dresser: makes one.
        plate: the remembered wall.
    """

    def __init__(self, dresser: Callable[[], Dresser], plate: Plate) -> None:
        self._new, self._plate = dresser, plate
        self._dressers: dict[int, Dresser] = {}
        self._turn = 0

    def dress(self, image: np.ndarray, others: tuple[Seen, ...]) -> np.ndarray:
        """The picture with hair on the others too; one of them is painted anew with each picture.

        So four people cost little more than two: what was painted last moves with the head.
        """
        self._turn += 1
        for number, seen in enumerate(others):
            if seen.place not in self._dressers:
                self._dressers[seen.place] = self._new()
            dresser = self._dressers[seen.place]
            dresser.meet(seen.since)
            layer = dresser.layer(seen, {}, rest=self._turn % len(others) != number)
            assert seen.transform is not None
            image = compose(image, layer, seen.transform, dresser.strength(seen), self._plate)
        return image

    def forget(self) -> None:
        """Nobody is there any more."""
        self._dressers = {}
