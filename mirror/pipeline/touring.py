"""Touring: a tour on a live mirror, each step put on at its moment of the clock.

    touring = Touring(tour)
    touring.tick(mirror, frame.captured_at)    # before each picture is dressed

A step begins when the clock says so, not when a picture comes: the first picture after that shows it as far
into its cross-fade as the clock is, and no step ever adds the time of a picture to the next.
"""

from __future__ import annotations

from fractions import Fraction

from mirror.hair.styles.tour import Step, Tour
from mirror.pipeline.mirror import Mirror


class Touring:
    """Where a tour is. `tick` and `caption` are the dressing thread's, all else anybody's.

    Attributes:
        tour: as given.
        over: its last step has ended.
        paused: nothing is put on until `go_on`.

    Example:
        >>> touring = Touring(Tour((Step(0, Fraction(4)),)))
        >>> touring.caption, touring.over
        ('', False)
    """

    def __init__(self, tour: Tour) -> None:
        self.tour = tour
        self.over = self.paused = False
        self._again = False  # from the first step, though it was over
        self._held = False  # the dressing thread knows that it is paused
        self._origin: float | None = None  # of the clock, when the tour began
        self._number = -1  # of the step that is on, counted on through all rounds
        self._next = Fraction(0)  # when the one after it begins

    @property
    def caption(self) -> str:
        """What is read beside the head now; "" for nothing."""
        step = self.tour.step(max(self._number, 0))
        shown = step is not None and self._number >= 0 and not (self.paused or self._held or self.over)
        return step.text if step is not None and shown else ""

    def pause(self) -> bool:
        """Somebody chooses for themselves: what they put on stays. Whether it went on until now."""
        running = not (self.paused or self.over)
        self.paused = self.paused or running
        return running

    def go_on(self) -> None:
        """Goes on with the step that it was paused in, from its beginning, at the next beat; a tour that is
        over begins again."""
        self._again, self.paused = self.over, False

    def tick(self, mirror: Mirror, now: float) -> None:
        """Puts on what is due by the time that a picture was captured, seconds; later each time."""
        if self._origin is None:
            self._origin = now
        elapsed = Fraction(now) - Fraction(self._origin)
        if self._again:
            self._again, self.over, self._held, self._number = False, False, True, 0
        if self.over or self.paused:
            self._held = self.paused
            return
        if self._held:
            self._held, self._next = False, self.tour.next_beat(elapsed)
            self._number = max(self._number, 0) - 1
        due: tuple[Step, Fraction] | None = None
        while self._next <= elapsed:
            step = self.tour.step(self._number + 1)
            if step is None:
                self.over = True
                break
            due = step, self._next
            self._number, self._next = self._number + 1, self._next + step.seconds
        if due is not None:
            first = self._number == 0 and due[1] == 0
            self._wear(mirror, due[0], None if first else now - float(elapsed - due[1]))

    def _wear(self, mirror: Mirror, step: Step, since: float | None) -> None:
        """Puts a step on, whole and alone, as if at the moment that it was due."""
        mirror.styling.show(step.style, step.dye, since)
        following = self.tour.step(self._number + 1)
        mirror.styling.announce(
            *((None, step.dye) if following is None else (following.style, following.dye))
        )
        if mirror.grid:
            mirror.set_grid(())
        if mirror.styling.blend != 1:
            mirror.styling.set_blend(1.0)
