"""How training went: log.csv and held_out.csv of a run."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from train.report.charts import BLUE, GREY, ORANGE, name, panels
from train.report.html_page import Page

NOT_PLOTTED = ("step", "spent", "rate", "pictures_s")


def add(page: Page, run: Path) -> None:
    """One chart of the losses, one of the held-out figures; a sentence where there is neither."""
    page.section("Training")
    folder = run if run.is_dir() else run.parent
    log, held = (read_columns(folder / f"{kind}.csv") for kind in ("log", "held_out"))
    shown = _chart(page, "losses", log, BLUE, "training loss", smooth=True)
    shown |= _chart(page, "held_out", held, ORANGE, "figures on held-out pictures", smooth=False)
    if not shown:
        page.say(f"{folder} holds no log.csv and no held_out.csv with figures, so there are no curves.")


def read_columns(path: Path) -> dict[str, np.ndarray]:
    """A table with a header as columns of numbers: name -> float64 (rows,), NaN where a cell is no number.

    Columns without any number are left out. Empty where the file is missing.
    """
    if not path.is_file():
        return {}
    with path.open(newline="", encoding="utf-8", errors="replace") as lines:
        table = csv.DictReader(lines)
        rows = list(table)
    columns = {head: np.array([_number(row.get(head)) for row in rows]) for head in table.fieldnames or ()}
    return {head: values for head, values in columns.items() if np.isfinite(values).any()}


def last_row(path: Path) -> dict[str, float]:
    """The last figures of a table, without those that say where it stands."""
    columns = read_columns(path)
    return {k: float(v[-1]) for k, v in columns.items() if k not in NOT_PLOTTED and np.isfinite(v[-1])}


def _number(text: object) -> float:
    try:
        return float(str(text))
    except ValueError:
        return float("nan")


def _chart(
    page: Page, file: str, columns: dict[str, np.ndarray], colour: str, what: str, *, smooth: bool
) -> bool:
    wanted = {k: v for k, v in columns.items() if k not in NOT_PLOTTED}
    if not wanted or "step" not in columns:
        return False
    steps = columns["step"]
    chart, axes = panels(len(wanted), 4 if len(wanted) == 4 else 3)
    for axis, (head, values) in zip(axes, wanted.items(), strict=True):
        long = smooth and len(values) >= 40
        thin, alpha = (0.8, 0.5) if long else (1.4, 1.0)
        marker = "o" if len(values) < 40 else ""
        axis.plot(
            steps, values, color=GREY if long else colour, linewidth=thin, alpha=alpha, marker=marker, ms=3
        )
        if long:
            axis.plot(steps, running_mean(values, len(values) // 20), color=colour, linewidth=1.6)
        name(axis, head.replace("_", " "), "step")
        if smooth:
            _leave_out_the_start(axis, values)
    last = ", ".join(f"{k} {v[-1]:.4g}" for k, v in wanted.items() if np.isfinite(v[-1]))
    extra = (
        " The strong line is a running mean over a twentieth of the run."
        if smooth and len(steps) >= 40
        else ""
    )
    page.chart(
        file, chart, f"{what.capitalize()} against the step of training; the last values are {last}.{extra}"
    )
    return True


def running_mean(values: np.ndarray, width: int) -> np.ndarray:
    """Centred mean over `width` values, over fewer at the ends; what is not a number plays no part."""
    there = np.isfinite(values)
    ones = np.ones(max(1, width))
    total = np.convolve(np.where(there, values, 0), ones, "same")
    count = np.convolve(there.astype(float), ones, "same")
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _leave_out_the_start(axis, values: np.ndarray) -> None:
    """Lets the first steps leave the panel at the top where they would flatten all that follows."""
    finite = values[np.isfinite(values)]
    later = finite[len(finite) // 20 :]
    low, high = later.min(), later.max()
    if len(finite) >= 40 and finite.max() > high + 2 * (high - low):
        axis.set_ylim(low - 0.05 * (high - low), high + 0.1 * (high - low))
