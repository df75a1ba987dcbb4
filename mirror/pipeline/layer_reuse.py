"""Whether the layer of the frame before still serves: a head that hardly moves is painted every second frame.

A layer lies in head space and is laid where the head is in each frame, so on a head that keeps its pose the
next one would be nearly the same. Networks and paint are most of what a frame costs; this halves them, and
the hair still moves with every frame.
"""

from __future__ import annotations

import math

import numpy as np

from mirror.core.head_space import HeadTransform
from mirror.core.layer import Layer

# As far as a head may have moved: sides of the square, share of its size, radians, and as face shapes differ
# (5 pixels of 256, or 2 degrees of yaw). Beyond, the wall within the square is no longer where it was.
MOVED, GROWN, TILTED, CHANGED = 0.02, 0.01, 0.01, 0.07


class Keeper:
    """The last painted layer, kept for one frame."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets the layer: another head."""
        self._last: tuple[Layer, HeadTransform, np.ndarray, tuple[object, ...]] | None = None

    def note(
        self, layer: Layer, transform: HeadTransform, shape: np.ndarray, worn: tuple[object, ...] | None
    ) -> None:
        """Keeps a layer that was just painted.

        Args:
            transform, shape: of the head that it was painted for.
            worn: what it shows, see `Styling.steady`; None: it is changing, and not kept.
        """
        self._last = None if worn is None else (layer, transform, shape.copy(), worn)

    def kept(
        self, transform: HeadTransform, shape: np.ndarray, worn: tuple[object, ...] | None
    ) -> Layer | None:
        """The layer, if it serves the head as it is now; never twice in a row."""
        last, self._last = self._last, None
        if last is None or worn is None:
            return None
        layer, where, was, shown = last
        same = all(one is other for one, other in zip(shown, worn, strict=True))
        moved = math.hypot(transform.x - where.x, transform.y - where.y) / where.scale
        turned = abs(math.remainder(transform.angle - where.angle, 2 * math.pi))
        still = moved <= MOVED and abs(transform.scale / where.scale - 1) <= GROWN and turned <= TILTED
        return layer if same and still and np.abs(shape - was).max() <= CHANGED else None
