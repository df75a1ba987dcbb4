"""Frame: one picture on its way through the mirror."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from mirror.core.errors import MirrorError

LEAST_SIDE = 32  # pixels: in less nobody finds a face


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


def check_picture(image: Any) -> None:
    """Refuses what is not a picture.

    Raises:
        MirrorError: `image` is not a uint8 (H, W, 3) array of at least 32 x 32.
    """
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        kind = f"{image.dtype} {image.shape}" if isinstance(image, np.ndarray) else type(image).__name__
        raise MirrorError(f"The mirror takes one uint8 (H, W, 3) RGB array, not {kind}. Convert it first.")
    height, width = image.shape[:2]
    if min(height, width) < LEAST_SIDE:
        raise MirrorError(
            f"A picture of {width}x{height} is too small; give at least {LEAST_SIDE}x{LEAST_SIDE}."
        )


def check_frame(frame: Any) -> None:
    """Refuses what is not a frame of a stream.

    Raises:
        MirrorError: it is no `Frame`, holds no picture (see `check_picture`), or no time.
    """
    if not isinstance(frame, Frame):
        raise MirrorError(
            f"A stream is made of frames, not of {type(frame).__name__}. Give a "
            "mirror.core.frame.Frame(image, index, captured_at), or a single picture to apply()."
        )
    check_picture(frame.image)
    when = frame.captured_at
    if isinstance(when, bool) or not isinstance(when, Real) or not math.isfinite(when):
        raise MirrorError(
            f"The frame was captured at {when!r}, which is no time. Give seconds, such as time.monotonic()."
        )
