"""Seen: a frame and what tracking found in it, as it is handed to all that comes after."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.core.head_crop import Head, look_at
from mirror.core.head_space import HeadTransform, face_shape


@dataclass(frozen=True)
class Seen:
    """A frame after tracking.

    Attributes:
        frame: the untouched input.
        face, transform: the followed face (smoothed), and where its head lies; None where no face was found.
        since: `captured_at` of the frame in which this face appeared, or jumped to where it is.
        stages: seconds of each stage so far.
        place: 0 for the person who is followed, 1 to 3 for others.
        others: who else is there, each as they are seen in the same frame.
        beside: where all other heads are, pictures of heads too.
    """

    frame: Frame
    face: Face | None = None
    transform: HeadTransform | None = None
    since: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    place: int = 0
    others: tuple[Seen, ...] = ()
    beside: tuple[HeadTransform, ...] = ()

    @cached_property
    def head(self) -> Head:
        """The head as the networks see it, of a frame with a face. Cut out when it is first asked for: they
        look at some frames only."""
        assert self.face is not None and self.transform is not None
        return look_at(self.frame.image, self.face, self.transform)

    @cached_property
    def shape(self) -> np.ndarray:
        """float32 (75,), the shape and pose of the face, see `mirror.core.head_space.face_shape`."""
        assert self.face is not None and self.transform is not None
        return face_shape(self.face, self.transform)
