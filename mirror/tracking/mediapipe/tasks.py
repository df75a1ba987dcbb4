"""MediaPipe from 0.10.30 on: the Tasks FaceLandmarker, its model a file of its own."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import numpy as np

from mirror.core.face import Face
from mirror.core.quiet_libraries import hushed
from mirror.tracking.mediapipe.fetch_model import read_model

# In a video the landmarker smooths its landmarks over time, by the timestamps. The mirror smooths
# for itself, and twice is lag (4 px at 200 px/s). Told that frames lie 1000 s apart, the landmarker
# follows the face from frame to frame all the same and leaves the landmarks as they are.
MILLISECONDS_A_FRAME = 1_000_000


class TasksTracker:
    """`mediapipe.tasks` FaceLandmarker, 478 landmarks.

    Args:
        still: every picture stands alone.
        faces: the most faces looked for.
        model: `face_landmarker.task`; None takes the copy in the user's cache folder.
        reason: why this tracker was chosen.

    Raises:
        MirrorError: the model is missing or not the one it should be.
    """

    name = "mediapipe-tasks"

    def __init__(
        self,
        *,
        still: bool = False,
        faces: int = 1,
        model: Path | None = None,
        reason: str = "it was asked for",
    ) -> None:
        content = read_model(model)
        with hushed():
            import mediapipe
            from mediapipe.tasks.python.core.base_options import BaseOptions
            from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions, RunningMode

            self.reason = reason
            self._still = still
            self._faces = faces
            self._frames = 0
            self._chatty = True
            self._picture = lambda pixels: mediapipe.Image(
                image_format=mediapipe.ImageFormat.SRGB, data=pixels
            )
            # The content, not the path: what was checked is what runs, and any path will do.
            self._landmarker = FaceLandmarker.create_from_options(
                FaceLandmarkerOptions(
                    base_options=BaseOptions(model_asset_buffer=content),
                    running_mode=RunningMode.IMAGE if still else RunningMode.VIDEO,
                    num_faces=faces,
                    min_face_detection_confidence=0.5,
                    min_face_presence_confidence=0.5,
                    min_tracking_confidence=0.5,
                )
            )
            # The graph starts in threads of its own; one empty picture waits for them and their words.
            self._find(np.zeros((128, 128, 3), np.uint8))

    def track(self, image: np.ndarray) -> list[Face]:
        """Faces of an RGB uint8 (H, W, 3) picture; an empty list where there is none."""
        height, width = image.shape[:2]
        with hushed() if self._chatty else nullcontext():
            found = self._find(np.ascontiguousarray(image))
        if found:
            self._chatty = False
        scale = np.array([width, height, width], np.float32)
        shift = np.array([0.5, 0.5, 0.0], np.float32)
        return [
            Face(np.array([(p.x, p.y, p.z) for p in one], np.float32) * scale - shift)
            for one in found[: self._faces]
        ]

    def _find(self, image: np.ndarray) -> list:
        """MediaPipe's normalised landmarks of each face."""
        picture = self._picture(image)
        if self._still:
            return self._landmarker.detect(picture).face_landmarks
        self._frames += 1
        return self._landmarker.detect_for_video(picture, self._frames * MILLISECONDS_A_FRAME).face_landmarks

    def close(self) -> None:
        """Gives the landmarker back. Closing twice does nothing."""
        landmarker, self._landmarker = self._landmarker, None
        if landmarker is not None:
            landmarker.close()
