"""Film clock: the time of a film that is made, in place of the time that it takes to make it.

Where every picture counts, a film is played at the source's rate however long each picture took. What happens
in it at a time of its own, as the steps of a tour and their cross-fades do, goes by this clock.
"""

from __future__ import annotations

from dataclasses import replace

from mirror.core.frame import Frame
from mirror.pipeline.shown_frame import Shown


class FilmClock:
    """Gives frames the film's time on their way to the mirror, and their own back afterwards.

    Args:
        rate: pictures a second at which the film is played.

    Example:
        >>> import numpy as np
        >>> clock, picture = FilmClock(30.0), np.zeros((48, 64, 3), np.uint8)
        >>> told = clock.told(Frame(picture, 45, 1000.0))
        >>> told.captured_at, clock.given_back(Shown(told, picture)).frame.captured_at
        (1.5, 1000.0)
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._captured: dict[int, float] = {}  # of frames that are on their way, by number

    def told(self, frame: Frame) -> Frame:
        """The frame as it is told to the mirror."""
        self._captured[frame.index] = frame.captured_at
        return replace(frame, captured_at=frame.index / self._rate)

    def given_back(self, shown: Shown) -> Shown:
        """The picture that became of it, captured when it was."""
        frame = shown.frame
        return replace(shown, frame=replace(frame, captured_at=self._captured.pop(frame.index)))
