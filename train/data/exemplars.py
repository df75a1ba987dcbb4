"""The table of exemplars: which photograph stands for which style of the book, and its tags."""

from __future__ import annotations

import csv
from pathlib import Path

from mirror.core.errors import MirrorError

EXEMPLARS = Path(__file__).with_name("exemplars.csv")


def read_exemplars(path: Path) -> list[dict[str, str]]:
    """The rows of a table of exemplars: `file` below the folder of photographs, `name`, `tags`.

    A column `licence`, where there is one, goes into the book. Ours has a column `sex` too, as the
    photograph reads: it tells how balanced the book is, and goes nowhere.

    Raises:
        MirrorError: the table is missing or empty, lacks a column, or gives a name twice.
    """
    if not path.is_file():
        raise MirrorError(f"{path} is missing. --exemplars takes a CSV file with file, name, tags.")
    with path.open(newline="", encoding="utf-8-sig") as lines:
        table = csv.DictReader(lines)
        columns, rows = table.fieldnames or (), list(table)
    if missing := {"file", "name", "tags"} - set(columns):
        raise MirrorError(
            f"{path} lacks the column {' and '.join(sorted(missing))}; it needs file, name, tags."
        )
    names = [row["name"].lower() for row in rows]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise MirrorError(f"{path} gives {', '.join(twice)} twice. Each style needs a name of its own.")
    if not rows:
        raise MirrorError(f"{path} names no exemplar. Add lines of file, name, tags.")
    return rows


def collection(row: dict[str, str]) -> str:
    """The folder that an exemplar comes from; never the file, whose name may be a person's.

    Example:
        >>> collection({"file": "faker-sd3/male_41.jpg"}), collection({"file": "anna.jpg"})
        ('faker-sd3', '')
    """
    return row["file"].replace("\\", "/").rpartition("/")[0]
