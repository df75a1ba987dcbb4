"""Between: two ends, and the hair anywhere between them."""

from __future__ import annotations

import math

import numpy as np

from mirror.hair.styles.code import StyleCode
from mirror.translation.message import Message

LEG = 4.0  # seconds from one end to the other, while it plays


class Between:
    """Two named codes, A and B, and how far it is from the one to the other.

    Args:
        a, b: (name, code).

    Attributes:
        share: where it stands, 0 (A) to 1 (B).
        playing: whether it goes to and fro by itself.
        pictures: of ends that the style book has no thumbnail of, uint8 RGB, by "A" and "B".
    """

    def __init__(self, a: tuple[str, StyleCode], b: tuple[str, StyleCode]) -> None:
        self._ends = {"A": a, "B": b}
        self.share = 0.0
        self.playing = False
        self.pictures: dict[str, np.ndarray] = {}
        self._started: float | None = None
        self._laid: StyleCode | None = None

    @property
    def name(self) -> str:
        """What lies there, as a person reads it."""
        a, b = self._ends["A"][0], self._ends["B"][0]
        if self.share in (0.0, 1.0):
            return b if self.share else a
        return Message("{a} to {b}, {percent:.0f}%", a=a, b=b, percent=100 * self.share)

    def end(self, end: str) -> str:
        """The name of an end, "A" or "B"."""
        return self._ends[end][0]

    def set(self, end: str, name: str, code: StyleCode, picture: np.ndarray | None = None) -> None:
        """Puts a code at an end, "A" or "B"."""
        self._ends[end] = (name, code)
        self._laid = None
        self.pictures.pop(end, None)
        if picture is not None:
            self.pictures[end] = picture

    def at(self, share: float) -> StyleCode:
        """The code so far from A to B, 0 to 1; exact at both ends."""
        self.share = min(max(share, 0.0), 1.0)
        (_, a), (_, b) = self._ends["A"], self._ends["B"]
        if self.share in (0.0, 1.0):
            return b if self.share else a
        if self._laid is None:
            self._laid = b.fitted(a.shape)
        return a.mixed(self._laid, self.share)

    def play(self) -> None:
        """Begins to go to and fro from where it stands, or stops there."""
        self.playing, self._started = not self.playing, None

    def played(self, now: float) -> float:
        """Where it should stand at a moment, seconds of any clock: slow at the ends."""
        if self._started is None:
            self._started = now - LEG * math.acos(1 - 2 * self.share) / math.pi
        return (1 - math.cos(math.pi * (now - self._started) / LEG)) / 2
