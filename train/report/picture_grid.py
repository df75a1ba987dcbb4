"""Pictures in rows, with words beside, above and below them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

GAP = 2
INK = (34, 34, 34)


def tile_side(size: int) -> int:
    """Pixels a side of a picture in a grid: small ones are shown larger, large ones smaller."""
    return {64: 128, 96: 96}.get(size, 128)


def to_bytes(pictures: np.ndarray) -> np.ndarray:
    """float (..., 3), 0 to 1 -> uint8; bytes are left as they are."""
    if pictures.dtype == np.uint8:
        return pictures
    return np.round(np.clip(pictures, 0, 1) * 255).astype(np.uint8)


def grid(
    rows: list[list[np.ndarray | None]], tile: int, *, labels: list[str] | None = None,
    columns: list[str] | None = None, below: list[list[str]] | None = None,
) -> np.ndarray:  # fmt: skip
    """Lays pictures out in rows.

    Args:
        rows: pictures (H, W, 3), RGB, bytes or floats from 0 to 1; None leaves a narrow gap.
        tile: pixels a side that each is shown at.
        labels: words left of each row; lines are broken at newlines.
        columns: words above each column (of the first row).
        below: words below each picture, row by row; an empty row takes no room.

    Returns:
        uint8 (H, W, 3) RGB on white.
    """
    font = _font(13)
    left = 8 + max(_width(text, font) for text in labels) if labels else 0
    places, x = [], left
    for picture in rows[0]:
        places.append(x)
        x += tile + GAP if picture is not None else 14
    tops, y = [], 20 if columns else 0
    for i in range(len(rows)):
        tops.append(y)
        y += tile + GAP + (18 if below and below[i] else 0)
    canvas = np.full((y, x, 3), 255, np.uint8)
    for y, row in zip(tops, rows, strict=True):
        for x, picture in zip(places, row, strict=True):
            if picture is not None:
                canvas[y : y + tile, x : x + tile] = _fitted(to_bytes(picture), tile)
    page = Image.fromarray(canvas)
    pen = ImageDraw.Draw(page)
    for j, text in enumerate(columns or ()):
        pen.text((places[j] + tile / 2, 2), text, INK, font, anchor="ma")
    for i, text in enumerate(labels or ()):
        pen.multiline_text((2, tops[i] + tile / 2), text, INK, font, anchor="lm", spacing=3)
    for i, texts in enumerate(below or ()):
        for j, text in enumerate(texts):
            pen.text((places[j] + tile / 2, tops[i] + tile + 1), text, INK, font, anchor="ma")
    return np.asarray(page)


def beside(pictures: list[np.ndarray], titles: list[str]) -> np.ndarray:
    """Pictures of one height side by side, each under its title: uint8 (H, W, 3)."""
    gap = np.full((pictures[0].shape[0], 24, 3), 255, np.uint8)
    parts, places, x = [], [], 0
    for picture in pictures:
        places.append(x)
        parts += [picture, gap]
        x += picture.shape[1] + 24
    body = np.hstack(parts[:-1])
    page = Image.fromarray(np.vstack([np.full((24, body.shape[1], 3), 255, np.uint8), body]))
    pen = ImageDraw.Draw(page)
    for place, title in zip(places, titles, strict=True):
        pen.text((place + 2, 3), title, INK, _font(14))
    return np.asarray(page)


def _fitted(picture: np.ndarray, tile: int) -> np.ndarray:
    if picture.shape[0] == tile:
        return picture
    way = cv2.INTER_AREA if picture.shape[0] > tile else cv2.INTER_CUBIC
    return cv2.resize(picture, (tile, tile), interpolation=way)


@cache
def _font(points: int) -> ImageFont.FreeTypeFont:
    # matplotlib brings DejaVu Sans with it: no font need be installed.
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf", points)


def _width(text: str, font: ImageFont.FreeTypeFont) -> int:
    return max(round(font.getlength(line)) for line in text.split("\n"))
