"""Layer: what the swap lays over a head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Layer:
    """What the swap lays over a head, in head space.

    Attributes:
        rgb: uint8 (256, 256, 3), the painted head.
        cover: float32 (256, 256), how much of `rgb` shows: the larger of the two feathered mattes.
        old, new: float32 (256, 256), feathered mattes of the hair that was there (without eyes, nose
            and mouth) and of the new hair. Exactly 0 where they do not reach.
        wall: float32 (256, 256), how much of what `rgb` shows is the wall behind, which the plate knows
            better (`mirror.removal.background_plate`); None where no wall is known.
        strands: uint8 (512, 512), what is laid on the hair besides (`mirror.hair.painting.strand_detail`);
            None: nothing yet.
        hair, beneath: uint8 (256, 256, 3), of which `rgb` is mixed: the new hair as if it were alone, and
            what is there without it; None where nobody asks.
        fray: uint8 (512, 512), how the hair's edge ends in strands (`mirror.hair.painting.edge_strands`);
            None: softly.
        fine: uint8 (512, 512, 4), what is shown instead of `rgb` and `cover`: RGB and how much of it shows,
            strands and all (`mirror.hair.painting.layer_upsampling`); None: not finished.
        below: of the square below this one, where own hair hangs out of it (`mirror.removal.long_hair`);
            None: it does not.
        body: float32 (256, 256), alpha of the person without hair; None where nobody says.
        bare: uint8 (256, 256, 3) each: the person without hair as if there were no wall, and the wall as if
            there were nobody; `beneath` is mixed of them by `body`. None where nobody asks.
    """

    rgb: np.ndarray
    cover: np.ndarray
    old: np.ndarray
    new: np.ndarray
    wall: np.ndarray | None = None
    strands: np.ndarray | None = None
    hair: np.ndarray | None = None
    beneath: np.ndarray | None = None
    fray: np.ndarray | None = None
    fine: np.ndarray | None = None
    below: Layer | None = None
    body: np.ndarray | None = None
    bare: tuple[np.ndarray, np.ndarray] | None = None
