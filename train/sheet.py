"""The contact sheet: every style on held-out people, to be looked at before anything is called better.

python -m train evaluate --photos ../shared/photos --sheet sheet.png
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from mirror.errors import MirrorError
from mirror.headspace import crop
from mirror.styling import Styling
from train.salon import Person, Salon, held_out_people


def sheet(photos: Path, engines: Path, people: int = 6, drawn: int = 4, tile: int = 224) -> np.ndarray:
    """All styles (rows) on held-out people (columns), the originals on top, and `drawn` random styles.

    Returns:
        uint8 (H, W, 3) RGB.
    """
    salon = Salon.open(engines)
    columns = held_out_people(photos, salon, people)
    codes = [(s.name, s.code) for s in salon.book.styles]
    styling = Styling(salon.book, salon.engines["shape"], seed=1)
    for i in range(drawn):
        styling.draw()
        codes.append((f"random {i + 1}", styling.code(salon.book.face_shape)))
    rows = [_row("", [p.image for p in columns], columns, tile)]
    for name, code in codes:
        rows.append(_row(name, [salon.paint(p, code)[0] for p in columns], columns, tile))
    salon.close()
    return np.vstack(rows)


def save_sheet(path: Path, photos: Path, engines: Path, people: int = 6) -> None:
    """Writes a contact sheet as a picture file. Raises MirrorError where that cannot be written."""
    if not path.parent.is_dir():
        raise MirrorError(f"{path.parent} is not a folder. Make it first, or give --sheet another one.")
    picture = sheet(photos, engines, people)
    try:
        written = cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    except cv2.error:
        written = False
    if not written:
        raise MirrorError(f"{path} cannot be written. Give --sheet a file that ends in .png or .jpg.")


def _row(name: str, pictures: list[np.ndarray], people: list[Person], tile: int) -> np.ndarray:
    tiles = [cv2.resize(crop(i, p.transform, 2 * tile), (tile, tile), interpolation=cv2.INTER_AREA)
             for i, p in zip(pictures, people, strict=True)]  # fmt: skip
    row = np.ascontiguousarray(np.hstack(tiles))
    cv2.putText(row, name, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 3, cv2.LINE_AA)
    cv2.putText(row, name, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1, cv2.LINE_AA)
    return row
