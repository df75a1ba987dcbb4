"""Suggesting: measures the face that is shown, and says which styles are said to become it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mirror.core.face import Face
from mirror.hair.styles.suggestions import Suggestion, suggest
from mirror.tracking.face_proportions import ProportionMeter

ANEW = 3.0  # seconds until what is suggested may change: a row that hops cannot be touched


class Suggesting:
    """Of one run. Main thread. Nothing is kept but some sixty triples of numbers, until `forget`.

    Args:
        names, tags: of the styles of the book.
    """

    def __init__(self, names: Sequence[str], tags: Sequence[tuple[str, ...]]) -> None:
        self._names, self._tags = names, tags
        self._meter = ProportionMeter()
        self.forget()

    def forget(self) -> None:
        """The next face is somebody else's."""
        self._meter.reset()
        self._said: tuple[Suggestion, ...] | None = None
        self._said_at = -math.inf
        self._left: Sequence[int] | None = None

    @property
    def speaks(self) -> bool:
        """Whether the mouth is wide open, so that nothing can be measured."""
        return self._meter.speaks

    def note(self, face: Face | None, now: float) -> None:
        """A picture that is shown, `now` in seconds."""
        self._meter.note(face, now)

    def seen(self, left: Sequence[int] | None, now: float) -> tuple[Suggestion, ...] | None:
        """What is suggested of the styles that there are to choose from; () nothing; None: still measured."""
        measured = self._meter.measured
        if measured is None:
            self._said = None
        elif self._said is None or left != self._left or now - self._said_at >= ANEW:
            self._said, self._said_at, self._left = (
                suggest(measured, self._names, self._tags, left), now, left,
            )  # fmt: skip
        return self._said
