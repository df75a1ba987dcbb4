"""Portraits with hats: what the teacher calls hair there, mended, so that the matte network learns hats.

The teacher takes most hats and headscarves for hair. Where one is worn, though, head space says nearly all:
hair above the brows is under it. `hats.csv` names the portraits; somebody looked at each.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np

LABELS = Path(__file__).with_name("hats.csv")
# Share of the square's side from the top, above which nothing is hair: at the brows, where most brims end.
BRIM = 0.4


def read_labels(path: Path = LABELS) -> dict[str, str]:
    """File names with "hat" or "unsure"; every other portrait wears none."""
    with path.open(newline="", encoding="utf-8") as lines:
        return {row["file"]: row["label"] for row in csv.DictReader(lines)}


@cache
def hatted() -> frozenset[str]:
    """The names of the portraits that wear a hat or a headscarf."""
    return frozenset(name for name, label in read_labels().items() if label == "hat")


def without_hat(matte: np.ndarray) -> np.ndarray:
    """The matte of a head that wears a hat, uint8 (S, S) in head space: below the brim as it was, 0 above.

    Example:
        >>> without_hat(np.full((100, 100), 255, np.uint8))[:, 0].nonzero()[0].min()
        40
    """
    bare = matte.copy()
    bare[: round(BRIM * len(matte))] = 0
    return bare
