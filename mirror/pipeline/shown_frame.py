"""Shown: one picture as it leaves the mirror, and what was laid on it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from mirror.compositing.laid import Laid
from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.core.head_space import HeadTransform
from mirror.pipeline.worn_style import Worn


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture after the mirror.

    Attributes:
        frame: the untouched input.
        image: uint8 (H, W, 3) RGB, with the new hair; `frame.image` itself where nobody wears any.
        face: the face that was followed; None where none was found. Hair that it wore a moment before may
            show all the same.
        laid: what was laid; None: nothing, or several styles at once.
        transform, strength: where the head is, and how strongly that shows (0 to 1).
        stages: seconds of each stage.
        worn: what it shows on the head; nothing where there is no face.
        advice: what the person is told of where they stand, for as long as it is so; "": nothing.
        caption: what a tour says beside the head; "": nothing.
        coming: places of the cells of a grid, row by row, whose style is still to come.
    """

    frame: Frame
    image: np.ndarray
    face: Face | None = None
    laid: Laid | None = None
    transform: HeadTransform | None = None
    strength: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    worn: Worn = Worn()
    advice: str = ""
    caption: str = ""
    coming: tuple[int, ...] = ()

    @property
    def swapped(self) -> bool:
        """Whether this picture wears new hair."""
        return self.laid is not None and self.strength > 0

    @property
    def mosaic(self) -> bool:
        """Whether it shows several styles: such a picture is made anew and has no layer of its own."""
        return self.laid is None and self.image is not self.frame.image

    @property
    def head_box(self) -> tuple[float, float, float, float] | None:
        """Left, top, right and bottom of face and hair, old and new, frame pixels; None without a face."""
        if self.face is None:
            return None
        points = [self.face.landmarks[:, :2]]
        if self.laid is not None:
            points.append(np.array(self.laid.box(self.frame.size), np.float64).reshape(2, 2))
        found = np.concatenate(points)
        left, top = found.min(0)
        right, bottom = found.max(0)
        return float(left), float(top), float(right), float(bottom)

    def mattes(self) -> tuple[np.ndarray, np.ndarray]:
        """Feathered mattes of the old and the new hair, float32 (H, W), 0 to 1."""
        if self.laid is not None:
            return self.laid.mattes(self.frame.size)
        width, height = self.frame.size
        return np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
