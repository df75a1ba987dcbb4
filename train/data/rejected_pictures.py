"""The contact sheet of what was left out: a row a reason, made from the originals."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np

from train.pictures.reading import read_picture

TILE = 128
ACROSS = 12
CAPTION = 22


def rejected_sheet(rejected: list[tuple[Path, str, str]], across: int = ACROSS) -> np.ndarray:
    """Thumbnails of rejected pictures, the commonest reason on top, evenly drawn from each.

    Args:
        rejected: (file, reason, what was measured) of each.
        across: at most so many thumbnails a reason.

    Returns:
        uint8 RGB (H, W, 3).
    """
    reasons: dict[str, list[tuple[Path, str]]] = {}
    for path, reason, measured in rejected:
        reasons.setdefault(reason, []).append((path, measured))
    rows = []
    for reason, found in sorted(reasons.items(), key=lambda item: -len(item[1])):
        chosen = np.unique(np.linspace(0, len(found) - 1, min(across, len(found))).astype(int))
        row = np.full((CAPTION + TILE, across * TILE, 3), 255, np.uint8)
        _write(row, f"{reason}: {len(found)}", (6, 16), 0.5, (0, 0, 0))
        for column, number in enumerate(chosen):
            row[CAPTION:, column * TILE : (column + 1) * TILE] = _thumbnail(*found[number])
        rows.append(row)
    return np.vstack(rows) if rows else _nothing(across)


def save_sheet(path: Path, rejected: list[tuple[Path, str, str]]) -> None:
    """Writes the contact sheet as a JPEG, whole or not at all."""
    picture = cv2.cvtColor(rejected_sheet(rejected), cv2.COLOR_RGB2BGR)
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 88])[1]
    part = path.with_name(path.name + ".part")
    part.write_bytes(data.tobytes())
    os.replace(part, path)


def _thumbnail(path: Path, measured: str) -> np.ndarray:
    tile = np.full((TILE, TILE, 3), 90, np.uint8)
    image = read_picture(path)
    if isinstance(image, str):
        _write(tile, path.name[-18:], (4, TILE // 2), 0.35, (255, 255, 255))
    else:
        scale = TILE / max(image.shape[:2])
        height, width = (max(1, round(size * scale)) for size in image.shape[:2])
        small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
        top, left = (TILE - height) // 2, (TILE - width) // 2
        tile[top : top + height, left : left + width] = small
    _write(tile, measured[:20], (4, TILE - 6), 0.35, (0, 0, 0), 3)
    _write(tile, measured[:20], (4, TILE - 6), 0.35, (255, 255, 255))
    return tile


def _nothing(across: int) -> np.ndarray:
    row = np.full((CAPTION, across * TILE, 3), 255, np.uint8)
    _write(row, "nothing was left out", (6, 16), 0.5, (0, 0, 0))
    return row


def _write(
    image: np.ndarray, text: str, place: tuple[int, int], size: float, colour: tuple[int, ...], width: int = 1
) -> None:
    ascii_only = text.encode("ascii", "replace").decode()
    cv2.putText(image, ascii_only, place, cv2.FONT_HERSHEY_SIMPLEX, size, colour, width, cv2.LINE_AA)
