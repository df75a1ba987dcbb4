"""The whole delay of screen and camera: how long a flash on the screen takes to come back as a picture."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

BEFORE = 0.3  # seconds before a change of the screen that say how bright the picture was
LEAST_STEP = 1.5  # of 255: a smaller change of the picture's mean is no flash
CLEAR = 6.0  # times the noise of the mean that a change must reach
# A picture gathers light for a while: the first one after a flash may hold only part of it.
FIRST = 0.25  # share of the change, and
ABOVE = 3.0  # times the noise, from which a picture shows it
ENOUGH = 0.5  # share of the changes that must come back


@dataclass(frozen=True, slots=True)
class Delay:
    """What came of the flashes.

    Attributes:
        median, low, high: milliseconds from the moment the screen was told to change until the program
            held the first picture that shows it: middle, shortest, longest.
        seen, tried: how many changes came back, of how many.
    """

    median: float
    low: float
    high: float
    seen: int
    tried: int


def find_delay(
    samples: Sequence[tuple[float, float]], flips: Sequence[tuple[float, bool]], end: float
) -> Delay | None:
    """Finds each change of the screen again in the brightness of the camera's pictures.

    Args:
        samples: (when a picture was there, its mean brightness 0 to 255), seconds, in order.
        flips: (when the screen changed, True: to white, False: to black), seconds, in order. A change
            whose effect takes longer than until the next one cannot be found.
        end: when the last of them stopped being shown.

    Returns:
        None where fewer than half of the changes came back: the camera does not see the screen.

    Example:
        >>> pictures = [(t / 30, 50.0 if t / 30 < 1.12 else 90.0) for t in range(60)]
        >>> round(find_delay(pictures, [(1.0, True)], 2.0).median)
        133
    """
    if not flips:
        return None
    found: list[float] = []
    ends = [at for at, _ in flips[1:]] + [end]
    for (at, white), until in zip(flips, ends, strict=True):
        before = [mean for when, mean in samples if at - BEFORE <= when <= at]
        shown = [(when, mean) for when, mean in samples if at < when < until]
        if len(before) < 2 or len(shown) < 4:
            continue
        was = statistics.median(before)
        noise = statistics.pstdev(before)
        peak = (max if white else min)(mean for _, mean in shown)
        step = peak - was if white else was - peak
        if step < max(LEAST_STEP, CLEAR * noise):
            continue
        sign = 1 if white else -1
        least = max(FIRST * step, ABOVE * noise)
        found.append(next(when for when, mean in shown if sign * (mean - was) >= least) - at)
    if len(found) < ENOUGH * len(flips):
        return None
    return Delay(statistics.median(found) * 1e3, min(found) * 1e3, max(found) * 1e3, len(found), len(flips))
