"""The sheet of axes: held-out heads moved along every axis, to be looked at before an axis is believed.

python -m train styles --axes-sheet axes.png --shards shards/photos
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.engines import Engine
from mirror.engines.manifest import open_file
from mirror.hair.styles.book import StyleBook
from train.data.shards import Shards
from train.inference.style_codes import refuse_other_shards
from train.pictures.writing import check_picture, save_picture, write_on
from train.stylebook.axis_response import Sitter, choose_sitters, open_networks, paint, seat

STEPS = (-2, -1, 0, 1, 2)


def sheet(book: StyleBook, sitters: list[Sitter], networks: dict[str, Engine], tile: int = 160) -> np.ndarray:
    """Each axis a row, from 2 steps down to 2 steps up, for one head after the other.

    The step 0 is the head's own hair as its code alone paints it.

    Args:
        tile: pixels a side.

    Returns:
        uint8 (H, W, 3) RGB.
    """
    rows = []
    for name, axis in book.axes.items():
        row = []
        for sitter in sitters:
            for step in STEPS:
                picture = paint(sitter, book.moved(sitter.z, {name: step}), networks)
                row.append(cv2.resize(picture, (tile, tile), interpolation=cv2.INTER_AREA))
                write_on(row[-1], f"{step:+d}" if step else "0")
        label = np.zeros((22, tile * len(row), 3), np.uint8)
        write_on(
            label,
            f"{name}: explains {axis.explained:.2f} of the held-out variance, felt {axis.felt:.2f} a step, "
            f"useful {axis.low:+.0f} to {axis.high:+.0f}",
        )
        rows += [label, np.hstack(row)]
    return np.vstack(rows)


def save_axes_sheet(path: Path, shards: Shards, engines: Path, count: int = 3) -> None:
    """Writes the sheet of the book in `engines`.

    Raises:
        MirrorError: it cannot be written, the book has no axes, or the shards hold no head to show them on.
    """
    check_picture(path, "--axes-sheet")
    refuse_other_shards(shards)
    book = StyleBook.load(open_file("stylebook", engines))
    if not book.axes:
        raise MirrorError(
            f"The style book in {engines} has no axes. Find them first: python -m train styles --axes-only"
        )
    networks = open_networks(engines)
    sitters = [seat(shards[n], networks) for n in choose_sitters(shards, count)]
    save_picture(sheet(book, sitters, networks), path, "--axes-sheet")
    for engine in networks.values():
        engine.close()
