"""The folder that `python -m train evaluate --out FOLDER` writes: figures, tables, sheets and filmstrips.

    figures.json       the record, see `train/evaluation/figure_tables.py`
    table.md           the same to read, by network and by group of people, with the command and the machine
    sheet.png          styles on held-out people; likewise close-ups.png, dyes.png, hair-loss.png
    strips/CLIP.png    a filmstrip of every clip (`--clips`)

Of several folders of networks, each has its pictures in a folder of its own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mirror.core.errors import MirrorError
from mirror.files.writing import write_whole
from train.evaluation.contact_sheet import sheets
from train.evaluation.figure_definitions import MIRROR
from train.evaluation.figure_tables import group_table, markdown_table, save
from train.evaluation.filmstrip import save_filmstrips
from train.pictures.writing import save_picture


@dataclass(frozen=True)
class Strips:
    """Filmstrips: one of each video in the folder `clips`, in a style, a picture in `every`."""

    clips: Path
    style: str = "bob"
    every: int = 15


def save_evaluation(
    folder: Path, record: dict, photos: str | Path, strips: Strips | None = None, *, people: int = 8,
    styles: int = 12,
) -> list[Path]:  # fmt: skip
    """Writes the folder.

    Args:
        folder: is made where it is not there; what it holds of an earlier evaluation is replaced.
        record: of `train.evaluation.mirror_figures.evaluate`.
        strips: None: no filmstrips; people, styles: on the sheets.

    Returns:
        What was written.

    Raises:
        MirrorError: it cannot be written.
    """
    written = [folder / "figures.json", folder / "table.md"]
    _make(folder)
    save(record, written[0])
    write_whole(written[1], tables(record), f"--out {folder}")
    columns = record["columns"]
    for label, column in columns.items():
        mine = folder if len(columns) == 1 else folder / label.replace("/", "-")
        _make(mine)
        engines = Path(column["folder"])
        for name, picture in sheets(photos, engines, people, styles).items():
            save_picture(picture, mine / f"{name}.png", "--out")
            written.append(mine / f"{name}.png")
        if strips is not None:
            folder_of = mine / "strips"
            written += save_filmstrips(folder_of, strips.clips, engines, strips.style, every=strips.every)
    return written


def tables(record: dict) -> str:
    """The record in Markdown."""
    machine = ", ".join(f"{name} {value}" for name, value in record["machine"].items())
    parts = [
        f"`{record['command']}`",
        f"{record['people']} held-out people of `{record['photos']}`, {record['seconds']:.0f} s; mean or "
        f"pooled [95% interval over people]. {machine}.",
        markdown_table(record["columns"], MIRROR),
    ]
    parts += [f"- {note}" for note in record["notes"]]
    for label, column in record["columns"].items():
        parts.append(f"{label}, by group:\n\n```\n{group_table(column)}\n```")
    return "\n\n".join(parts) + "\n"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MirrorError(f"{folder} cannot be made ({error.strerror}). Give --out another folder.") from None
