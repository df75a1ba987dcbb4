"""Seen: a frame and what tracking found in it, as it is handed to all that comes after."""

from __future__ import annotations

from dataclasses import dataclass, field

from mirror.core.face import Face
from mirror.core.frame import Frame
from mirror.core.head_crop import Head
from mirror.core.head_space import HeadTransform


@dataclass(frozen=True, slots=True)
class Seen:
    """A frame after tracking.

    Attributes:
        frame: the untouched input.
        face, transform, head: the followed face (smoothed), where its head lies, and the head as the
            networks see it; None where no face was found.
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
