"""Several networks' figures side by side: as a table to read, and as one JSON to keep.

A record is a dict of `command`, `seconds`, `machine`, `versions`, `notes`, what it was measured on, and
`columns`: label -> `figures` (name -> value, low, high, people), `networks` (their SHA-256) and so on. It
holds no date: two runs of one command on one machine differ only where a figure does (or in what is timed).
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from mirror.core.errors import MirrorError
from mirror.files.writing import write_whole
from mirror.pipeline import machine_info
from train.evaluation.figure_definitions import Figure

PACKAGES = ("torch", "scikit-image")


def circumstances() -> dict[str, Any]:
    """The command line, the machine and the versions: what anybody needs to take the figures again."""
    versions = machine_info.versions()
    for package in PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    command = shlex.join(["python", "-m", "train", *sys.argv[1:]])
    return {"command": command, "machine": machine_info.machine(), "versions": versions}


def labels(paths: Iterable[Path]) -> dict[str, Path]:
    """A column's name for each folder: its own, with as many of the folders above as tell it apart.

    Raises:
        MirrorError: a folder is given twice.

    Example:
        >>> list(labels([Path("a/engines"), Path("b/engines"), Path("c/new")]))
        ['a/engines', 'b/engines', 'new']
    """
    given = list(paths)
    parts = [path.resolve().parts for path in given]
    if len(set(parts)) < len(parts):
        twice = next(path for path, own in zip(given, parts, strict=True) if parts.count(own) > 1)
        raise MirrorError(f"{twice} is given twice. Give each folder once.")
    out = {}
    for path, own in zip(given, parts, strict=True):
        count = 1
        while sum(other[-count:] == own[-count:] for other in parts) > 1:
            count += 1
        out["/".join(own[-count:])] = path
    return out


def table(columns: dict[str, dict], figures: dict[str, Figure]) -> str:
    """Figures as rows, networks as columns, each with its 95% interval."""
    names = [name for name in figures if any(name in column["figures"] for column in columns.values())]
    rows = [["", *columns, "better"]]
    for name in names:
        unit = f" ({figures[name].unit})" if figures[name].unit else ""
        cells = [_cell(column["figures"].get(name)) for column in columns.values()]
        rows.append([name + unit, *cells, figures[name].better or "-"])
    return _aligned(rows)


def markdown_table(columns: dict[str, dict], figures: dict[str, Figure]) -> str:
    """The same table in Markdown, with what each figure is."""
    names = [name for name in figures if any(name in column["figures"] for column in columns.values())]
    rows = [f"| figure | {' | '.join(columns)} | better | what it is |", "|---" * (len(columns) + 3) + "|"]
    for name in names:
        figure = figures[name]
        unit = f" ({figure.unit})" if figure.unit else ""
        cells = " | ".join(_cell(column["figures"].get(name)) for column in columns.values())
        rows.append(f"| `{name}`{unit} | {cells} | {figure.better or '-'} | {figure.says} |")
    return "\n".join(rows)


def group_table(column: dict) -> str:
    """One network's figures in each group of people: a column a group, and the worst one's share."""
    found = column["by_group"]
    heads = {
        (attribute, group): None
        for of_figure in found.values()
        for attribute, said in of_figure.items()
        for group in said["values"]
    }
    rows = [["", *(f"{attribute}:{group}" for attribute, group in heads), "worst/all"]]
    for figure, of_figure in found.items():
        cells = [of_figure.get(a, {"values": {}})["values"].get(g) for a, g in heads]
        shares = [said["worst_share"] for said in of_figure.values() if said["worst_share"] is not None]
        farthest = max(shares, key=lambda share: abs(share - 1), default=None)
        rows.append([figure, *map(_number, cells), _number(farthest)])
    return _aligned(rows)


def save(record: dict, path: Path) -> None:
    """Writes a record as JSON, whole or not at all. Raises MirrorError where that cannot be done."""
    text = json.dumps(record, indent=2, ensure_ascii=True, allow_nan=False)
    write_whole(path, text + "\n", f"--out {path}")


def _cell(said: dict | None) -> str:
    if said is None:
        return ""
    between = f" [{_number(said['low'])}, {_number(said['high'])}]" if said.get("low") is not None else ""
    return _number(said["value"]) + between


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if float(value).is_integer() and abs(value) >= 1 or value == 0:
        return f"{value:.0f}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)
