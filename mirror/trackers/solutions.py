"""MediaPipe up to 0.10.21: FaceMesh, its models inside the wheel."""

from __future__ import annotations

import numpy as np

from mirror.face import Face


class SolutionsTracker:
    """`mediapipe.solutions.face_mesh` with refined (478) landmarks."""

    name = "mediapipe-solutions"

    def __init__(self, *, still: bool = False, faces: int = 1) -> None:
        from mediapipe.python.solutions.face_mesh import FaceMesh

        self.reason = "the installed MediaPipe carries its face models"
        self._mesh = FaceMesh(
            static_image_mode=still,
            max_num_faces=faces,
            refine_landmarks=True,
            min_detection_confidence=0.5,
            min_tracking_confidence=0.5,
        )

    def track(self, image: np.ndarray) -> list[Face]:
        """Faces of an RGB uint8 (H, W, 3) picture; an empty list where there is none."""
        height, width = image.shape[:2]
        found = self._mesh.process(image).multi_face_landmarks or []
        scale = np.array([width, height, width], np.float32)
        shift = np.array([0.5, 0.5, 0.0], np.float32)
        faces = []
        for one in found:
            points = np.array([(p.x, p.y, p.z) for p in one.landmark], np.float32)
            faces.append(Face(points * scale - shift))
        return faces

    def close(self) -> None:
        """Gives the graph back."""
        self._mesh.close()
