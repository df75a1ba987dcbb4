"""How long a run lasts, in minutes or in steps, and how the rate of learning follows from it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch.optim.lr_scheduler import LambdaLR

from mirror.core.errors import MirrorError


@dataclass(frozen=True)
class Budget:
    """Exactly one of the two. With steps a run can be repeated to the last digit; minutes end when you say.

    Raises:
        MirrorError: none or both are given, or nothing is left of them.
    """

    minutes: float | None = None
    steps: int | None = None

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.steps is None):
            raise MirrorError("A run needs an end: give --minutes or --steps, one of the two.")
        if self.minutes is not None and not self.minutes > 0:
            raise MirrorError(f"--minutes {self.minutes:g} leaves no time to train. Give a number above 0.")
        if self.steps is not None and self.steps < 1:
            raise MirrorError(f"--steps {self.steps} is too few. Give 1 or more.")

    def spent(self, step: int, seconds: float) -> float:
        """Share of the budget that is spent after `step` steps and `seconds` of training."""
        return step / self.steps if self.steps is not None else seconds / (60 * (self.minutes or 0))

    def seconds_left(self, step: int, seconds: float) -> float:
        """Seconds to the end, at the pace so far."""
        spent = self.spent(step, seconds)
        return max(0.0, seconds * (1 - spent) / spent) if spent > 0 else math.inf


# A warm-up never takes more than this share of the budget: a slow network has few steps in it.
WARM_UP_SHARE = 0.05


def open_schedule(
    optimiser: torch.optim.Optimizer, spent: Callable[[], float], warm_up: int, step: int = 0
) -> LambdaLR:
    """The schedule of an optimiser that was opened with the peak rate; `schedule.step()` after each step.

    It follows from the step and the budget alone, so there is nothing of it to keep for a resumed run.

    Args:
        spent: share of the budget that is spent by now, 0 to 1.
        warm_up: steps.
        step: number of the step that comes next.
    """
    for group in optimiser.param_groups:
        group["initial_lr"] = group["lr"]
    return LambdaLR(optimiser, lambda now: share_of_peak(spent(), now, warm_up), last_epoch=step - 1)


def share_of_peak(spent: float, step: int, warm_up: int) -> float:
    """The rate of learning, 0 to 1: linear warm-up over `warm_up` steps or a twentieth of the budget,
    whichever ends first, then half a cosine down to 2% of the peak (Loshchilov & Hutter 2017, eq. 5, without
    restarts).

    Example:
        >>> share_of_peak(0.0, 99, 100), round(share_of_peak(1.0, 1000, 100), 3)
        (1.0, 0.02)
    """
    warmth = max((step + 1) / warm_up, spent / WARM_UP_SHARE)
    cosine = 0.02 + 0.98 * (1 + math.cos(math.pi * min(1.0, spent))) / 2
    return min(1.0, warmth) * cosine
