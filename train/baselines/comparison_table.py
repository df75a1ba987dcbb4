"""What `evaluate --against seeds` writes: the table, for people and for programs, and the sheet."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.files.writing import write_whole


@dataclass(frozen=True)
class Row:
    """One network of the comparison.

    Attributes:
        net, system: which, and whose.
        latent, parameters: numbers in its code, and its weights.
        psnr_hair (dB), ssim_hair, gradient_psnr_hair (dB): inside the hair of held-out people; None for
            pictures without mattes. psnr_hair_interval: the middle 95% (bootstrap over people).
        psnr_picture: dB over all valid pixels.
        pictures_s, pictures, step: how fast it trained, what it saw, in how many steps.
        note: what was mended, or why there are no figures.
    """

    net: str
    system: str
    latent: int | None = None
    parameters: int | None = None
    psnr_hair: float | None = None
    psnr_hair_interval: tuple[float, float] | None = None
    ssim_hair: float | None = None
    gradient_psnr_hair: float | None = None
    psnr_picture: float | None = None
    pictures_s: float | None = None
    pictures: int | None = None
    step: int | None = None
    note: str = ""


COLUMNS = {
    "network": lambda row: row.net,
    "system": lambda row: row.system,
    "code": lambda row: _told(row.latent, "d"),
    "weights (M)": lambda row: _told(row.parameters and row.parameters / 1e6, ".2f"),
    "PSNR hair (dB)": lambda row: _told(row.psnr_hair, ".2f") + _between(row.psnr_hair_interval),
    "SSIM hair": lambda row: _told(row.ssim_hair, ".3f"),
    "gradient PSNR hair (dB)": lambda row: _told(row.gradient_psnr_hair, ".2f"),
    "PSNR picture (dB)": lambda row: _told(row.psnr_picture, ".2f"),
    "pictures/s": lambda row: _told(row.pictures_s, ".1f"),
    "pictures seen": lambda row: _told(row.pictures, ",d"),
    "steps": lambda row: _told(row.step, ",d"),
}


def write_table(
    out: Path, rows: list[Row], *, size: int, minutes: float, shards: list[Path], pictures: int
) -> None:
    """Writes `table.json` and `table.md`, each whole or not at all.

    Args:
        pictures: how many held-out pictures the figures are of.

    Raises:
        MirrorError: they cannot be written.
    """
    said = {
        "size": size,
        "minutes": minutes,
        "shards": [str(s) for s in shards],
        "held_out_pictures": pictures,
    }
    lines = [
        f"{size} pixels, {minutes:g} minutes of training each, {pictures} held-out pictures of {shards[0]}. "
        "Each picture is rebuilt from the mean of its own code; in brackets the middle 95% over people.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        "|" + "---|" * len(COLUMNS),
        *[f"| {' | '.join(told(row) for told in COLUMNS.values())} |" for row in rows],
        "",
        *[f"- {row.net}: {row.note}" for row in rows if row.note],
    ]
    body = json.dumps({**said, "rows": [asdict(row) for row in rows]}, indent=2)
    write_whole(out / "table.json", body + "\n", str(out / "table.json"))
    write_whole(out / "table.md", "\n".join(lines) + "\n", str(out / "table.md"))


def write_sheet(path: Path, pictures: dict[str, np.ndarray], *, tile: int = 128, margin: int = 190) -> None:
    """Writes a sheet: a row for each name, a column for each picture.

    Args:
        pictures: name -> (N, S, S, 3) RGB, 0 to 1, N alike for all.
        tile: least side of a picture on the sheet; smaller ones are enlarged by a whole factor.
        margin: width of the names, in pixels.

    Raises:
        MirrorError: it cannot be written.
    """
    rows = []
    for name, row in pictures.items():
        factor = -(-tile // row.shape[1])
        tiles = np.round(np.concatenate(list(row), 1) * 255).clip(0, 255).astype(np.uint8)
        tiles = tiles.repeat(factor, 0).repeat(factor, 1)
        label = np.full((tiles.shape[0], margin, 3), 255, np.uint8)
        for line, text in enumerate(name.split(", ")):
            cv2.putText(
                label, text, (6, 24 + 20 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA
            )
        rows.append(np.hstack([label, tiles]))
    done, encoded = cv2.imencode(".png", cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR))
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(encoded.tobytes())
        os.replace(part, path)
    except OSError as error:
        raise MirrorError(f"{path} cannot be written ({error.strerror or error}).") from None


def _told(value: float | int | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def _between(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f" ({interval[0]:.2f} to {interval[1]:.2f})"
