"""Cross-fade: how far a change is on its way, which begins and ends gently."""

from __future__ import annotations

CROSSFADE_SECONDS = 0.35  # to a style chosen by hand
# To one that comes by itself: this share of the time between two, and so many seconds at most.
SLOW_SHARE, SLOW_SECONDS = 1 / 3, 2.0


def slow(every: float) -> float:
    """Seconds of the cross-fade to a style that comes by itself, where `every` seconds bring another."""
    return min(SLOW_SECONDS, every * SLOW_SHARE)


def eased(seconds: float, whole: float = CROSSFADE_SECONDS) -> float | None:
    """How far a cross-fade is that began so long ago, 0 to 1; None before it and when it is over."""
    amount = seconds / whole
    return amount * amount * (3 - 2 * amount) if 0 <= amount < 1 else None
