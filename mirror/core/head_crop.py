"""A head as the networks see it: cut out of a picture, with the maps that go with it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import Face
from mirror.core.head_space import (
    HeadTransform,
    brow_points,
    crop,
    face_map,
    face_shape,
    inner_face_map,
    valid_map,
)

SIDE = 256
_INSIDE = 250  # of 255: so much of a pixel that nothing of what is beyond is mixed in


@dataclass(frozen=True, slots=True)
class Head:
    """A head in head space, as the networks see it.

    Attributes:
        image: float32 (1, 3, 256, 256) RGB, 0 to 1; 0 outside the frame.
        face, inner, valid: uint8 (256, 256), 255 inside the face oval; inside the hull of eyes, nose
            and mouth; inside the frame.
        shape: float32 (75,), face shape and pose.
        brows: float32 (2, 10, 2), see `mirror.core.head_space.brow_points`; None where nobody tracked them.
    """

    image: np.ndarray
    face: np.ndarray
    inner: np.ndarray
    valid: np.ndarray
    shape: np.ndarray
    brows: np.ndarray | None = None

    @property
    def known(self) -> np.ndarray:
        """bool (256, 256): pixels that lie in the picture."""
        return self.valid > _INSIDE


def look_at(image: np.ndarray, face: Face, transform: HeadTransform) -> Head:
    """Cuts a head out of a picture, uint8 (H, W, 3) RGB, the way the networks see it."""
    height, width = image.shape[:2]
    square = crop(image, transform, SIDE)
    return Head(
        cv2.dnn.blobFromImage(square, 1 / 255),
        face_map(face, transform, SIDE),
        inner_face_map(face, transform, SIDE),
        valid_map(width, height, transform, SIDE),
        face_shape(face, transform),
        brow_points(face, transform),
    )
