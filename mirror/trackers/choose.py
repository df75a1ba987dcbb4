"""Which generation of MediaPipe is installed, and the tracker that goes with it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np

from mirror.face import Face


class FaceTracker(Protocol):
    """Finds faces in pictures. One tracker follows one stream; it is not thread-safe."""

    name: str
    reason: str

    def track(self, image: np.ndarray) -> list[Face]:
        """Faces of an RGB uint8 (H, W, 3) picture; an empty list where there is none."""

    def close(self) -> None:
        """Gives the tracker's memory and threads back."""


def open_tracker(
    *, still: bool = False, faces: int = 1, model: Path | None = None
) -> FaceTracker:
    """The tracker of the installed MediaPipe.

    Args:
        still: every picture stands alone (no tracking from frame to frame).
        faces: the most faces looked for.
        model: `face_landmarker.task`, where the installed MediaPipe carries no model.
    """
    from mirror.trackers.solutions import SolutionsTracker

    return SolutionsTracker(still=still, faces=faces)
