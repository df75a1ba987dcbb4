"""Portraits with hats: what the teacher calls hair there, mended, so that the matte network learns hats.

The teacher takes most hats and headscarves for hair. Where one is worn, though, head space says nearly all:
hair above the brows is under it. `hats.csv` names the portraits; somebody looked at each.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import cv2
import numpy as np

LABELS = Path(__file__).with_name("hats.csv")
# Share of the square's side from the top, above which nothing is hair: at the brows, where most brims end.
BRIM = 0.4
# How far a colour may be off the face's and still be skin, of 255.
SKIN = 60.0


def read_labels(path: Path = LABELS) -> dict[str, str]:
    """File names with "hat" or "unsure"; every other portrait wears none."""
    with path.open(newline="", encoding="utf-8") as lines:
        return {row["file"]: row["label"] for row in csv.DictReader(lines)}


@cache
def hatted() -> frozenset[str]:
    """The names of the portraits that wear a hat or a headscarf."""
    return frozenset(name for name, label in read_labels().items() if label == "hat")


def without_hat(item: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A head that wears a hat: hair below the brim alone, and the hat as a thing that is worn before it.

    Args:
        item: image uint8 (S, S, 3) RGB; matte, face, valid and, where known, person, uint8 (S, S), all in
            head space and not augmented yet.

    Returns:
        The same, `matte` 0 above the brim, and `worn`, uint8 (S, S): what of the person is neither face nor
        skin there; all 0 where the person is not known.
    """
    matte, brim = item["matte"].copy(), round(BRIM * len(item["matte"]))
    matte[:brim] = 0
    return item | {"matte": matte, "worn": _hat(item, brim)}


def _hat(item: dict[str, np.ndarray], brim: int) -> np.ndarray:
    hat = np.zeros_like(item["matte"])
    skin = (item["face"] > 200) & (item["valid"] > 200)
    skin[:brim] = False
    if "person" not in item or not skin.any():
        return hat
    tone = np.median(item["image"][skin].astype(np.float32), 0)
    off = np.linalg.norm(item["image"].astype(np.float32) - tone, axis=2) > SKIN
    # The oval's upper end lies under the hat, or on the forehead below it: colour tells.
    worn = np.where((item["face"] < 128) | off, item["person"], 0)[:brim]
    hat[:brim] = cv2.medianBlur(np.ascontiguousarray(worn), 5)
    return cv2.GaussianBlur(hat, (0, 0), 1.0)
