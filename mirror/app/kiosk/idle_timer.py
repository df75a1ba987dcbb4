"""Idle: when has the visitor gone?

A touch or a key is a sign of life, and so is a face before the camera: who looks at a new haircut touches
nothing. But a face alone does not hold for ever, for it may be the next in the queue, or a poster.
"""

from __future__ import annotations

COUNTDOWN = 10.0  # seconds of "Still there?", at most half of the whole
FACE_HOLDS = 5  # times as long as a touch


class Idle:
    """Counts from the last sign of life. Times are seconds of one clock.

    Args:
        seconds: without any sign until everything is wiped.

    Example:
        >>> idle = Idle(60.0)
        >>> idle.touched(0.0)
        >>> idle.left(20.0), idle.countdown(52.5)
        (40.0, 8)
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.begin(0.0)

    def begin(self, now: float) -> None:
        """Somebody begins."""
        self._touched = self._seen = now

    def touched(self, now: float) -> None:
        """A touch or a key."""
        self._touched = now

    def seen(self, now: float) -> None:
        """A face in a new picture."""
        self._seen = now

    def left(self, now: float) -> float:
        """Seconds until everything is to be wiped; 0 or less: now."""
        by_face = min(self._seen + self._seconds, self._touched + FACE_HOLDS * self._seconds)
        return max(self._touched + self._seconds, by_face) - now

    def countdown(self, now: float) -> int | None:
        """The whole seconds to show under "Still there?"; None before it is time to ask."""
        left = self.left(now)
        if left > min(COUNTDOWN, self._seconds / 2):
            return None
        return max(0, int(-(-left // 1)))
