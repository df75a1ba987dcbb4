"""What a run tells while it runs: log.csv, held_out.csv, TensorBoard, and a bar with the time left."""

from __future__ import annotations

import csv
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from tqdm import tqdm

from train.loop.learning_rate import Budget

log = logging.getLogger("mirror")


class RunLog:
    """Opens the files of a run's folder; use it as a context manager.

    Args:
        out: the folder.
        budget: for the bar.
        step: where the run begins; rows of the files from then on are dropped, because they will be
            written again.
        seconds: spent before.
    """

    def __init__(self, out: Path, budget: Budget, step: int = 0, seconds: float = 0.0) -> None:
        self._out, self._budget = out, budget
        for name in ("log.csv", "held_out.csv"):
            _cut(out / name, step)
        total = budget.steps if budget.steps is not None else round(60 * (budget.minutes or 0))
        done = step if budget.steps is not None else round(seconds)
        # A bar is for a person; into a file it goes rarely.
        self._bar = tqdm(
            total=total, initial=done, unit="step" if budget.steps is not None else "s", desc=out.name,
            mininterval=0.5 if sys.stderr.isatty() else 60, dynamic_ncols=True,
            bar_format="{desc} {percentage:3.0f}% {bar} {elapsed}<{postfix}",
        )  # fmt: skip
        self._board = _open_board(out)

    def __enter__(self) -> RunLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()
        if self._board is not None:
            self._board.close()

    def tick(self, step: int, seconds: float, pictures_s: float) -> None:
        """Moves the bar."""
        self._bar.n = step if self._budget.steps is not None else round(seconds)
        left = self._budget.seconds_left(step, seconds)
        told = f"{int(left // 60)}:{int(left % 60):02d}" if left < 1e9 else "?"
        self._bar.set_postfix_str(f"{told} left, {pictures_s:.1f} pictures/s", refresh=False)
        self._bar.update(0)

    def losses(
        self, step: int, spent: float, pictures_s: float, rate: float, parts: dict[str, float]
    ) -> None:
        """One row of log.csv: the losses of a step."""
        row = {
            "step": step,
            "spent": f"{spent:.5f}",
            "pictures_s": f"{pictures_s:.2f}",
            "rate": f"{rate:.6g}",
        }
        _append(self._out / "log.csv", row | {k: f"{v:.9g}" for k, v in parts.items()})
        self._show("training", step, parts | {"rate": rate, "pictures_s": pictures_s})

    def held_out(self, step: int, spent: float, figures: dict[str, float]) -> None:
        """One row of held_out.csv: the figures on pictures nobody trained on."""
        row: dict[str, object] = {"step": step, "spent": f"{spent:.5f}"}
        _append(self._out / "held_out.csv", row | {k: f"{v:.6g}" for k, v in figures.items()})
        told = ", ".join(f"{k} {v:.4g}" for k, v in figures.items())
        tqdm.write(f"held out at step {step} ({spent:.0%}): {told}", file=sys.stderr)
        self._show("held out", step, figures)

    def _show(self, group: str, step: int, values: dict[str, float]) -> None:
        if self._board is not None:
            for name, value in values.items():
                self._board.add_scalar(f"{group}/{name}", value, step)


def _open_board(out: Path):
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        log.warning("no TensorBoard files (%s); log.csv holds the same. pip install tensorboard", error)
        return None
    return SummaryWriter(str(out))


def _append(path: Path, row: dict[str, object]) -> None:
    fresh = not path.exists()
    with path.open("a", newline="") as lines:
        writer = csv.DictWriter(lines, list(row))
        if fresh:
            writer.writeheader()
        writer.writerow(row)


def _cut(path: Path, step: int) -> None:
    """Drops the rows after `step`."""
    if not path.exists():
        return
    with path.open(newline="") as lines:
        rows: Sequence[list[str]] = list(csv.reader(lines))
    kept = [rows[0], *[row for row in rows[1:] if int(row[0]) <= step]] if rows else []
    with path.open("w", newline="") as lines:
        csv.writer(lines).writerows(kept)
