"""Frame: one picture on its way through the mirror."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture, from the source to the screen.

    Attributes:
        image: uint8 (H, W, 3), RGB, 0 to 255. Rooms of the corridor never write into it.
        index: counts up from 0 in the order the source produced the frames.
        captured_at: `time.monotonic()` seconds, taken once, when the source had the picture.

    Example:
        >>> frame = Frame(np.zeros((720, 1280, 3), np.uint8), index=0, captured_at=0.0)
        >>> frame.size
        (1280, 720)
    """

    image: np.ndarray
    index: int
    captured_at: float

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.image.shape[1], self.image.shape[0]
