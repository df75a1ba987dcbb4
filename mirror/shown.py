"""A frame on its way through the mirror: once it is tracked, and once it is dressed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from mirror.compose import frame_mattes
from mirror.face import Face
from mirror.frame import Frame
from mirror.head import Head
from mirror.headspace import HeadTransform
from mirror.layer import Layer


@dataclass(frozen=True, slots=True)
class Seen:
    """A frame after tracking.

    Attributes:
        frame: the untouched input.
        face, transform, head: the followed face (smoothed), where its head lies, and the head as the
            networks see it; None where there is no face.
        since: `captured_at` of the frame in which this face appeared, or jumped to where it is.
        stages: seconds of each stage so far.
        place: 0 for the person who is followed, 1 to 3 for others.
        others: who else is there, each as they are seen in the same frame.
        beside: where all other heads are, pictures of heads too.
    """

    frame: Frame
    face: Face | None = None
    transform: HeadTransform | None = None
    head: Head | None = None
    since: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    place: int = 0
    others: tuple[Seen, ...] = ()
    beside: tuple[HeadTransform, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture after the mirror.

    Attributes:
        frame: the untouched input.
        image: uint8 (H, W, 3) RGB, with the new hair; `frame.image` itself where there is no face.
        face: the face that was followed, or None.
        layer, transform, strength: what was laid where, and how strongly (0 to 1).
        stages: seconds of each stage.
    """

    frame: Frame
    image: np.ndarray
    face: Face | None = None
    layer: Layer | None = None
    transform: HeadTransform | None = None
    strength: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)

    @property
    def swapped(self) -> bool:
        """Whether this picture wears new hair."""
        return self.layer is not None and self.strength > 0

    def mattes(self) -> tuple[np.ndarray, np.ndarray]:
        """Feathered mattes of the old and the new hair, float32 (H, W), 0 to 1."""
        return frame_mattes(self.layer, self.transform, self.frame.size, self.strength)
