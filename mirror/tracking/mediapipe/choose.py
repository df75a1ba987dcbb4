"""Which generation of MediaPipe is installed, and the tracker that goes with it."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path
from typing import Protocol

import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.face import Face

# 0.10.30 dropped `solutions` and the models; 0.10.35 began to report its use to Google.
FIRST_WITHOUT_SOLUTIONS = (0, 10, 30)
FIRST_THAT_REPORTS = (0, 10, 35)


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
    model is a file: `model`, else the copy that `python -m mirror.tracking.mediapipe.fetch_model` put in the
        user's
    cache folder.

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


def carries_models() -> bool:
    """Whether the installed MediaPipe brings its face models with it.

    Raises:
        MirrorError: MediaPipe is missing, or one that reports its use.
    """
    return _installed() < FIRST_WITHOUT_SOLUTIONS


def _installed() -> tuple[int, ...]:
    """MediaPipe's version; a MirrorError where it is missing or would use the network."""
    try:
        text = importlib.metadata.version("mediapipe")
    except importlib.metadata.PackageNotFoundError:
        raise MirrorError(
            "MediaPipe, which finds the face, is not installed. "
            "Install what the mirror needs: pip install -r requirements.txt"
        ) from None
    version = tuple(int(number) for number in re.findall(r"\d+", text)[:3])
    if version >= FIRST_THAT_REPORTS:
        raise MirrorError(
            f"MediaPipe {text} reports its use to Google and cannot be told not to; the mirror sends nothing "
            'anywhere. Install the one it works with: pip install "mediapipe==0.10.33" '
            "(or 0.10.21 up to Python 3.12)."
        )
    return version
