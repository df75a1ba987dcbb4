"""What the camera shows of a head, on the coarse grid on which gaps are filled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Observed:
    """A head in head space as the camera shows it, in cells of `FILL_SIDE` = 64.

    Attributes:
        camera: float32 (64, 64, 3) RGB, 0 to 1.
        seen: float32 (64, 64), 1 where the camera shows what will be shown, else 0.
        person: float32 (64, 64), 0 to 1, alpha of the person before the room.
        hem: bool (64,), the columns in whose last row of `camera` clothes are for certain; None: in none.
    """

    camera: np.ndarray
    seen: np.ndarray
    person: np.ndarray
    hem: np.ndarray | None = None
