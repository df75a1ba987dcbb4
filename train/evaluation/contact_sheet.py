"""The contact sheet: styles on held-out people, to be looked at before anything is called better.

python -m train evaluate --photos ../shared/photos --sheet sheet.png
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from mirror.core.head_space import crop
from mirror.hair.styles.code import Style, StyleCode
from mirror.hair.styles.dye import DYES
from mirror.hair.styles.selection import Styling
from mirror.tracking.mediapipe import open_tracker
from train.data.dataset_layouts import read_set
from train.evaluation.held_out_people import Person, Salon, held_out_people
from train.pictures.writing import check_picture, save_picture, write_on

DYED = "long wavy"  # the style that shows every shade
Codes = list[tuple[str, StyleCode]]


def sheet(
    photos: str | Path, engines: Path, people: int = 8, styles: int = 12, drawn: int = 4, tile: int = 224
) -> np.ndarray:
    """Styles (rows) on held-out people (columns), the originals on top, and `drawn` random styles below.

    Args:
        styles: how many of the book, evenly over it; as many as it holds, or more, takes all.
        tile: pixels a side; 8 of 224 fill a screen's width.

    Returns:
        uint8 (H, W, 3) RGB.
    """
    with _room(photos, engines, people) as (salon, columns):
        return paint_sheet(salon, columns, _some(salon, styles, drawn), tile)


def sheets(
    photos: str | Path, engines: Path, people: int = 8, styles: int = 12, drawn: int = 4, tile: int = 224
) -> dict[str, np.ndarray]:
    """Everything there is to look at of a folder of networks, on the same held-out people.

    Returns:
        uint8 (H, W, 3) RGB by name: `sheet` (see there); `close-ups`, four styles on four people twice as
        large; `dyes`, every shade; `hair-loss`, every style of that tag, where the book has any.
    """
    with _room(photos, engines, people) as (salon, columns):
        some = _some(salon, styles, drawn)
        near = [(style.name, style.code) for style in evenly(salon.book.styles, 6)[1:5]]
        few = columns[:: max(1, len(columns) // 4)][:4]
        out = {
            "sheet": paint_sheet(salon, columns, some, tile),
            "close-ups": paint_sheet(salon, few, near, 2 * tile),
        }
        haired = [style for style in salon.book.styles if "bald" not in style.tags]
        if haired:
            worn = next((style for style in haired if style.name == DYED), haired[-1])
            shades = [(dye.name, replace(worn.code, dye=dye)) for dye in DYES]
            out["dyes"] = paint_sheet(salon, columns, [(worn.name, worn.code), *shades], tile)
        stages = [(style.name, style.code) for style in salon.book.styles if "hair loss" in style.tags]
        if stages:
            out["hair-loss"] = paint_sheet(salon, columns, stages, tile)
        return out


def paint_sheet(salon: Salon, people: list[Person], codes: Codes, tile: int) -> np.ndarray:
    """Named codes (rows) on people (columns), the originals on top: uint8 (H, W, 3) RGB."""
    rows = [_row("", [p.image for p in people], people, tile)]
    for name, code in codes:
        rows.append(_row(name, [salon.paint(p, code)[0] for p in people], people, tile))
    return np.vstack(rows)


@contextmanager
def _room(photos: str | Path, engines: Path, people: int) -> Iterator[tuple[Salon, list[Person]]]:
    salon, tracker = Salon.open(engines), open_tracker(still=True, faces=2)
    try:
        yield salon, held_out_people(read_set(photos), tracker, people)
    finally:
        salon.close()
        tracker.close()


def _some(salon: Salon, styles: int, drawn: int) -> Codes:
    codes = [(style.name, style.code) for style in evenly(salon.book.styles, styles)]
    styling = Styling(salon.book, seed=1)
    for i in range(drawn):
        styling.draw()
        codes.append((f"random {i + 1}", styling.code(salon.book.face_shape)))
    return codes


def evenly(styles: Sequence[Style], count: int) -> list[Style]:
    """At most `count` styles, the first and the last among them."""
    chosen = np.linspace(0, len(styles) - 1, min(count, len(styles))).round().astype(int)
    return [styles[i] for i in chosen]


def save_sheet(path: Path, photos: str | Path, engines: Path, people: int = 8, styles: int = 12) -> None:
    """Writes a contact sheet as a picture file. Raises MirrorError where that cannot be written."""
    check_picture(path, "--sheet")
    save_picture(sheet(photos, engines, people, styles), path, "--sheet")


def _row(name: str, pictures: list[np.ndarray], people: list[Person], tile: int) -> np.ndarray:
    tiles = [cv2.resize(crop(i, p.transform, 2 * tile), (tile, tile), interpolation=cv2.INTER_AREA)
             for i, p in zip(pictures, people, strict=True)]  # fmt: skip
    row = np.ascontiguousarray(np.hstack(tiles))
    write_on(row, name)
    return row
