"""Absence: for how long nobody has been seen."""

from __future__ import annotations

from mirror.pipeline.shown_frame import Shown

# Nobody for so long: the mirror says where to stand.
GONE = 2.0
# A face that is missed for so long has not gone.
BRIEF = 0.5


class Absence:
    """Watches the pictures. Times are those of the frames (`captured_at`): a picture that stands still says
    nothing of who is there.

    Example:
        >>> Absence().seconds
        0.0
    """

    def __init__(self) -> None:
        self._last: float | None = None  # when somebody was there, or the first picture came
        self._met = False
        self._now = 0.0

    @property
    def seconds(self) -> float:
        """Since somebody was seen last; before anybody was, since the first picture."""
        return 0.0 if self._last is None else self._now - self._last

    def note(self, shown: Shown) -> None:
        """One more picture."""
        self._now = shown.frame.captured_at
        self._met = self._met or shown.face is not None
        if shown.face is not None or self._last is None or self._now < self._last:
            self._last = self._now

    @property
    def present(self) -> bool:
        """Whether somebody is there, or was just missed."""
        return self._met and self.seconds <= BRIEF

    @property
    def gone(self) -> bool:
        """Whether it is time to say where to stand."""
        return self.seconds >= GONE
