"""Whether batches come as fast as the network takes them.

    python -m train speed --net hair_vae --shards shards/photos

The full loop and the same steps on one batch that is at hand already, in turns, so that both see the
same machine.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import torch

from train.data.batch_loader import Batch
from train.loop.batch_processes import ahead_by
from train.loop.distributed import Ranks
from train.loop.optimiser import open_optimiser
from train.loop.random_numbers import Draws
from train.loop.run_settings import choose_precision
from train.loop.step_result import Reading
from train.loop.training_loop import Moment, Recipe, Step, take_step
from train.nets.spec import build


@dataclass(frozen=True)
class LoaderSpeed:
    """Pictures a second of each round, with fresh batches and with one at hand.

    Attributes:
        fresh, cached: one number a round.
    """

    fresh: list[float]
    cached: list[float]

    @property
    def ratios(self) -> list[float]:
        """Fresh over cached, round by round: 1 where the loader costs nothing."""
        return [a / b for a, b in zip(self.fresh, self.cached, strict=True)]

    def __str__(self) -> str:
        shares, fresh, cached = sorted(self.ratios), np.median(self.fresh), np.median(self.cached)
        return (
            f"{fresh:.1f} pictures/s with fresh batches, {cached:.1f} with one at hand: "
            f"{np.median(shares):.1%} (rounds: {shares[0]:.1%} to {shares[-1]:.1%}; "
            f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores)"
        )


def loader_speed(recipe: Recipe, *, rounds: int = 5, seconds: float = 8.0, loaders: int = 1) -> LoaderSpeed:
    """Trains in turns on fresh batches and on one that is at hand.

    Args:
        rounds: of both; seconds: of each.
        loaders: that make batches, see `train.loop.batch_processes.ahead_by`.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    ranks, size = Ranks(0, 1, device), recipe.batches.size
    precision, _ = choose_precision(device)
    net = build(recipe.spec).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    stepper = Step(net, recipe).train()
    optimiser = open_optimiser(recipe.optimiser, net, recipe.rate, recipe.decay)
    speeds: tuple[list[float], list[float]] = ([], [])

    def train(batch: Batch) -> Reading:
        moment = Moment(0, 0.5, Draws(0, 0, range(size), size, device))
        return take_step(stepper, optimiser, batch, moment, ranks, precision)

    cached = recipe.batches.make(0, 0.0, range(size))
    for _ in range(2):  # the first steps choose kernels and take memory
        train(cached)
    for _ in range(rounds):
        # The loaders rest while the other side is timed: they would take its time.
        with closing(ahead_by(recipe.batches, 1, lambda step: 0.5, range(size), loaders)) as fresh:
            train(next(fresh))
            speeds[0].append(_pace(fresh, train, size, seconds))
        time.sleep(0.3)
        speeds[1].append(_pace(repeat(cached), train, size, seconds))
    return LoaderSpeed(*speeds)


def _pace(batches: Iterator[Batch], train: Callable[[Batch], Reading], size: int, seconds: float) -> float:
    """Pictures a second; like the loop, it waits for each step when the next one is under way."""
    began, steps, last = time.perf_counter(), 0, None
    while time.perf_counter() - began < seconds or last is None:
        reading = train(next(batches))
        if last is not None:
            last.wait()
        last, steps = reading, steps + 1
    last.wait()
    return steps * size / (time.perf_counter() - began)
