"""The tracker that goes with the installed MediaPipe."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np

from mirror.core.face import Face
from mirror.tracking.mediapipe.installed_version import carries_models


class FaceTracker(Protocol):
    """Finds faces in pictures. One tracker follows one stream; it is not thread-safe.

    Attributes:
        name: which tracker this is: "mediapipe-solutions" or "mediapipe-tasks".
        reason: why this one, for the report and the display.
    """

    name: str
    reason: str

    def track(self, image: np.ndarray) -> list[Face]:
        """Faces of an RGB uint8 (H, W, 3) picture; an empty list where there is none."""

    def close(self) -> None:
        """Gives the tracker's memory and threads back. Closing twice does nothing."""


def open_tracker(*, still: bool = False, faces: int = 1, model: Path | None = None) -> FaceTracker:
    """The tracker of the installed MediaPipe.

    Up to 0.10.21 the models come with MediaPipe. From 0.10.30 on, or whenever `model` is given, the
    model is a file: `model`, else the copy that `python -m mirror.tracking.mediapipe.fetch_model` put in
    the user's cache folder.

    Args:
        still: every picture stands alone (no tracking from frame to frame).
        faces: the most faces looked for, 1 or more. With more than 1, MediaPipe searches the whole
            picture in every frame until it has found that many, which takes longer.
        model: a `face_landmarker.task` file.

    Raises:
        MirrorError: MediaPipe is missing or one that reports its use; the model is missing or not
            the one it should be.

    Example:
        >>> tracker = open_tracker(still=True)
        >>> tracker.track(np.zeros((480, 640, 3), np.uint8))
        []
    """
    if faces < 1:
        raise ValueError(f"faces is {faces}; at least 1 is needed")
    carried = carries_models()
    if model is None and carried:
        from mirror.tracking.mediapipe.solutions import SolutionsTracker

        return SolutionsTracker(still=still, faces=faces)
    from mirror.tracking.mediapipe.tasks import TasksTracker

    reason = "a face model was given" if model else "the installed MediaPipe carries no face models"
    return TasksTracker(still=still, faces=faces, model=model, reason=reason)
