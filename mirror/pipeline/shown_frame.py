"""Shown: one picture as it leaves the mirror, and what was laid on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from mirror.compositing.alpha_compositing import frame_mattes
from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.core.head_space import HeadTransform
from mirror.core.layer import Layer
from mirror.pipeline.worn_style import Worn

if TYPE_CHECKING:
    from mirror.compositing.laid_hair import LaidHair


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture after the mirror.

    Attributes:
        frame: the untouched input.
        image: uint8 (H, W, 3) RGB, with the new hair; `frame.image` itself where nobody wears any.
        face: the face that was followed; None where none was found. Hair that it wore a moment before may
            show all the same.
        layer, transform, strength: what was laid where, and how strongly (0 to 1).
        stages: seconds of each stage.
        worn: what it shows on the head; nothing where there is no face.
        grown: what was laid in place of `layer`, where a grown style is worn.
        advice: what the person is told of where they stand, for as long as it is so; "": nothing.
    """

    frame: Frame
    image: np.ndarray
    face: Face | None = None
    layer: Layer | None = None
    transform: HeadTransform | None = None
    strength: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    worn: Worn = Worn()
    advice: str = ""
    grown: LaidHair | None = None

    @property
    def swapped(self) -> bool:
        """Whether this picture wears new hair."""
        return self.layer is not None and self.strength > 0

    @property
    def mosaic(self) -> bool:
        """Whether it shows several styles: such a picture is made anew and has no layer of its own."""
        return self.layer is None and self.image is not self.frame.image

    @property
    def head_box(self) -> tuple[float, float, float, float] | None:
        """Left, top, right and bottom of face and hair, old and new, frame pixels; None without a face."""
        if self.face is None:
            return None
        points = [self.face.landmarks[:, :2]]
        if self.layer is not None and self.transform is not None:
            # Every eighth pixel is enough for a box, and costs next to nothing.
            rows, columns = np.nonzero(self.layer.cover[::8, ::8] > 0.3)
            points.append(
                self.transform.to_frame((np.stack([columns, rows], 1) * 8 + 4) / len(self.layer.cover))
            )
        if self.grown is not None:
            points.append(np.array(self.grown.box(self.frame.size), np.float64).reshape(2, 2))
        found = np.concatenate(points)
        left, top = found.min(0)
        right, bottom = found.max(0)
        return float(left), float(top), float(right), float(bottom)

    def mattes(self) -> tuple[np.ndarray, np.ndarray]:
        """Feathered mattes of the old and the new hair, float32 (H, W), 0 to 1."""
        if self.grown is not None:
            return self.grown.mattes(self.frame.size)
        return frame_mattes(self.layer, self.transform, self.frame.size, self.strength)
