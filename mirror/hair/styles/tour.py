"""Tour: styles one after the other, each at its time. Whole of it is a matter of the clock, none of pictures.

Times are fractions of a second since the tour began: sums of them are exact however long it runs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from mirror.hair.styles.shade import NONE


@dataclass(frozen=True, slots=True)
class Step:
    """One style of a tour.

    Attributes:
        style: its number in the book, from 0; None: one that is drawn at random.
        seconds: for how long it is worn, above 0.
        dye: a shade by name, or "none".
        text: what is read beside the head meanwhile; "" for nothing.
    """

    style: int | None
    seconds: Fraction
    dye: str = NONE
    text: str = ""


@dataclass(frozen=True, slots=True)
class Tour:
    """Steps in order.

    Attributes:
        steps: at least one.
        beat: seconds of a beat; each step's seconds are a whole number of them. None: there is no beat.
        repeat: after the last step comes the first.
    """

    steps: tuple[Step, ...]
    beat: Fraction | None = None
    repeat: bool = False

    def step(self, number: int) -> Step | None:
        """The step that comes after so many others, from 0; None: the tour is over."""
        if not self.repeat and number >= len(self.steps):
            return None
        return self.steps[number % len(self.steps)]

    def next_beat(self, at: Fraction) -> Fraction:
        """The beat at a moment of the tour or after it; that moment itself where there is no beat.

        Example:
            >>> tour = Tour((Step(0, Fraction(2)),), Fraction(1, 2))
            >>> tour.next_beat(Fraction(7, 5)), tour.next_beat(Fraction(3))
            (Fraction(3, 2), Fraction(3, 1))
        """
        return at if self.beat is None else math.ceil(at / self.beat) * self.beat
