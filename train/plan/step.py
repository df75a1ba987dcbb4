"""What a plan works with, and what a step of it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Words = tuple[object, ...]
Command = list[str]
Stages = list[list[Command]]  # one after the other; the commands of one stage side by side


@dataclass(frozen=True)
class Given:
    """What a plan works with.

    Attributes:
        out: folder of the results, small enough to be carried away; work: of everything else.
        shards: prepared heads, or none; photos, teacher: to prepare some of, and to lay rendered hair over.
        engines: the networks that ship.
        cycles: what renders: "OPTIX", "CUDA" or "CPU"; cores: usable ones.
        miniature: everything tiny, on a processor.
    """

    out: Path
    work: Path
    shards: tuple[Path, ...] = ()
    photos: Path | None = None
    teacher: Path | None = None
    engines: Path = Path("engines")
    cycles: str = "CPU"
    cores: int = 1
    miniature: bool = False

    def heads(self) -> tuple[Path, ...]:
        """Shards to learn from: those given, else those that the plan prepares itself."""
        return self.shards or (self.work / "shards",)


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        share: of the budget; what an earlier step leaves over goes to all later ones.
        why: what it is worth its time for.
        stages: its commands, given so many minutes.
        needs: names of `train.plan.machine.CHECKS`; where one is missing the step falls away.
        lacks: what it waits for in vain, once earlier steps are over; empty where it can begin.
        enough: whether what is there when its time is up will do; otherwise it has failed then.
        keep: patterns below `work` of what is copied into `out`, whatever comes of it.
        told: its figures, one line.
    """

    name: str
    share: float
    why: str
    stages: Callable[[Given, float], Stages]
    needs: tuple[str, ...] = ()
    lacks: Callable[[Given], str] = lambda given: ""
    enough: Callable[[Given], bool] = lambda given: False
    keep: tuple[str, ...] = ()
    told: Callable[[Given], str] = lambda given: ""


def train(*words: object) -> Command:
    """A command of `python -m train`."""
    return [sys.executable, "-m", "train", *map(str, words)]
