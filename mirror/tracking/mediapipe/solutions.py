"""MediaPipe up to 0.10.21: FaceMesh, its models inside the wheel."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np

from mirror.core.face import Face
from mirror.core.quiet_libraries import hushed


class SolutionsTracker:
    """`mediapipe.solutions.face_mesh` with refined (478) landmarks.

    Args:
        still: every picture stands alone.
        faces: the most faces looked for.
    """

    name = "mediapipe-solutions"

    def __init__(self, *, still: bool = False, faces: int = 1) -> None:
        with hushed():
            from mediapipe.python.solutions.face_mesh import FaceMesh

            self.reason = "the installed MediaPipe carries its face models"
            self._chatty = True
            self._mesh = FaceMesh(
                static_image_mode=still,
                max_num_faces=faces,
                refine_landmarks=True,
                min_detection_confidence=0.5,
                min_tracking_confidence=0.5,
            )
            # The graph starts in threads of its own; one empty picture waits for them and their words.
            self._mesh.process(np.zeros((128, 128, 3), np.uint8))

    def track(self, image: np.ndarray) -> list[Face]:
        """Faces of an RGB uint8 (H, W, 3) picture; an empty list where there is none."""
        height, width = image.shape[:2]
        # The landmark network says its piece at the first face; after that nothing is held back.
        with hushed() if self._chatty else nullcontext():
            found = self._mesh.process(image).multi_face_landmarks or []
        if found:
            self._chatty = False
        scale = np.array([width, height, width], np.float32)
        shift = np.array([0.5, 0.5, 0.0], np.float32)
        faces = []
        for one in found:
            faces.append(Face(_points(one) * scale - shift))
        return faces

    def close(self) -> None:
        """Gives the graph back. Closing twice does nothing."""
        mesh, self._mesh = self._mesh, None
        if mesh is not None:
            mesh.close()


# A landmark as Protocol Buffers write it down, 17 bytes: what and how long it is in two, then x, y, z, each
# after a byte for which it is.
_WRITTEN = np.dtype({"names": ["x", "y", "z"], "formats": ["<f4"] * 3, "offsets": [3, 8, 13], "itemsize": 17})


def _points(face: Any) -> np.ndarray:
    """MediaPipe's normalised landmarks, float32 (478, 3)."""
    # Asked for one by one these 1,434 numbers take a tenth of the time that finding them takes.
    written = face.SerializeToString()
    if len(written) == len(face.landmark) * _WRITTEN.itemsize:
        found = np.frombuffer(written, _WRITTEN)
        return np.stack([found[axis] for axis in "xyz"], 1)
    return np.array([(p.x, p.y, p.z) for p in face.landmark], np.float32)
