"""Bringing a picture to the size that was asked for."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.errors import MirrorError

SMALLEST, LARGEST = 64, 7680


def check_size(size: tuple[int, int]) -> None:
    """Refuses a (width, height) that no picture should have.

    Raises:
        MirrorError: a side is not between 64 and 7680 pixels.
    """
    if not all(SMALLEST <= side <= LARGEST for side in size):
        raise MirrorError(
            f"{size[0]}x{size[1]} is not a possible picture size: each side must be {SMALLEST} to {LARGEST} "
            "pixels. Give, for example, --size 1280x720."
        )


def cover(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The picture scaled to fill `size` with its proportions kept, what stands out cut off evenly.

    Args:
        image: uint8 (H, W, 3).
        size: (width, height) in pixels.

    Returns:
        uint8 (height, width, 3); `image` itself where it has that size already.
    """
    width, height = size
    had_height, had_width = image.shape[:2]
    if (had_width, had_height) == size:
        return image
    scale = max(width / had_width, height / had_height)
    part_width = min(had_width, max(1, round(width / scale)))
    part_height = min(had_height, max(1, round(height / scale)))
    left, top = (had_width - part_width) // 2, (had_height - part_height) // 2
    part = image[top : top + part_height, left : left + part_width]
    return cv2.resize(part, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
