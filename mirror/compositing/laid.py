"""Laid: what one person wears in one picture, whoever made it."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from mirror.compositing.over import Canvas
from mirror.compositing.warp import Box
from mirror.core.head_space import HeadTransform
from mirror.core.layer import Layer


class Laid(Protocol):
    """Layers of one person where they lie in one picture."""

    @property
    def transform(self) -> HeadTransform:
        """Where the head is."""

    @property
    def strength(self) -> float:
        """How strongly it shows, 0 to 1."""

    @property
    def layer(self) -> Layer:
        """The newest that was painted for it, in head space."""

    def lay(self, out: np.ndarray, camera: np.ndarray, canvas: Canvas) -> None:
        """Lays it over a picture, uint8 (H, W, 3) RGB, in place; the rest stays as it is to the bit.

        Args:
            camera: the same picture as the camera saw it; what is held before the head is taken of it.
        """

    def mattes(self, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """Of a frame of `size` (width, height): what is changed beside the new hair, and the new hair,
        float32 (H, W) 0 to 1 each. A pixel that is not the camera's has one of them above 0."""

    def box(self, size: tuple[int, int]) -> Box:
        """Left, top, right, bottom of what it changes in a frame of `size`, but for its faint rim."""

    def fading(self, strength: float) -> Laid:
        """The same, shown as strongly as that."""
