"""The teacher of the hair mattes, and MediaPipe's mask of the whole person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.face import FACE_OVAL, Face
from mirror.core.head_space import EYE_CENTRE, HeadTransform, crop, fill_polygon
from mirror.core.quiet_libraries import hushed

TEACHER_SIDE = 512
PERSON_SIDE = 256
# The head as it is, and smaller with more of the room around it. Mirrored, the teacher agrees with itself
# in no more than 0.89 of its hair (IoU, pooled, 48 portraits); the mean of several looks is calmer.
LOOKS = (1.0, 1.15, 1.3)


class HairTeacher:
    """MediaPipe's hair segmenter (Apache-2.0) run on 512-pixel head crops, averaged with its mirror."""

    def __init__(self, model: Path) -> None:
        with hushed():
            from mediapipe.tasks.python import BaseOptions, vision

            self._segmenter = vision.ImageSegmenter.create_from_options(
                vision.ImageSegmenterOptions(
                    base_options=BaseOptions(model_asset_path=str(model)),
                    output_confidence_masks=True,
                    output_category_mask=False,
                )
            )

    def matte(self, head: np.ndarray) -> np.ndarray:
        """Hair matte of a head crop: uint8 RGB (512, 512, 3) -> float32 (512, 512), 0 to 1."""
        return (self.segment(head) + self.segment(head[:, ::-1])[:, ::-1]) / 2

    def segment(self, head: np.ndarray) -> np.ndarray:
        """One run of the teacher: uint8 RGB (S, S, 3) -> float32 (S, S), 0 to 1."""
        import mediapipe as mp

        picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(head))
        return self._segmenter.segment(picture).confidence_masks[1].numpy_view().copy()


class Segmenter(Protocol):
    """What paints a matte: uint8 RGB (S, S, 3) -> float32 (S', S'), 0 to 1."""

    def matte(self, head: np.ndarray) -> np.ndarray: ...


def best_matte(
    teacher: Segmenter, image: np.ndarray, transform: HeadTransform, looks: tuple[float, ...] = LOOKS
) -> np.ndarray:
    """The teacher's best effort: the mean of its mattes over several crops of a head.

    Args:
        image: uint8 RGB (H, W, 3), the whole picture.
        transform: where the head lies in it.
        looks: sides of the crops, in sides of the head-space square, each at least 1.

    Returns:
        float32 (512, 512), 0 to 1, of the head-space square.
    """
    total = np.zeros((TEACHER_SIDE, TEACHER_SIDE), np.float32)
    for look in looks:
        matte = teacher.matte(crop(image, replace(transform, scale=transform.scale * look), TEACHER_SIDE))
        if look != 1:
            # Both squares have the eyes in the same place: the smaller lies about that place in the larger.
            side = matte.shape[0]
            offset = (side * np.array(EYE_CENTRE) - 0.5) * (1 - 1 / look)
            back = np.hstack([np.eye(2) / look, offset[:, None]])
            matte = cv2.warpAffine(
                matte, back, (TEACHER_SIDE, TEACHER_SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
            )
        total += _of_side(matte, TEACHER_SIDE)
    return total / len(looks)


def _of_side(matte: np.ndarray, side: int) -> np.ndarray:
    return matte if matte.shape[0] == side else cv2.resize(matte, (side, side))


def without_beard(matte: np.ndarray, face: Face, transform: HeadTransform) -> np.ndarray:
    """Clears what the teacher takes for hair on cheeks, lips and chin: beards are not hair."""
    oval = transform.to_unit(face.landmarks[list(FACE_OVAL), :2])
    eyes_y = oval[:, 1].min() + 0.45 * (oval[:, 1].max() - oval[:, 1].min())
    centre = np.array([oval[:, 0].mean(), eyes_y])
    lower = (oval - centre) * (0.9, 1.12) + centre
    lower[:, 1] = np.maximum(lower[:, 1], eyes_y)
    clear = fill_polygon(lower, matte.shape[0]).astype(np.float32) / 255
    return matte * (1 - cv2.GaussianBlur(clear, (0, 0), matte.shape[0] / 170))


class PersonMask:
    """MediaPipe's selfie segmentation on head crops: hair, face, neck and clothes against the room.

    Raises:
        MirrorError: the installed MediaPipe does not carry its model; those up to 0.10.21 do.
    """

    def __init__(self) -> None:
        try:
            with hushed():
                from mediapipe.python.solutions.selfie_segmentation import SelfieSegmentation

                self._segmenter = SelfieSegmentation(model_selection=0)
                self._segmenter.process(np.zeros((PERSON_SIDE, PERSON_SIDE, 3), np.uint8))
        except (ImportError, OSError, RuntimeError) as error:
            raise MirrorError(
                f"the installed MediaPipe has no mask of the person ({error}). MediaPipe 0.10.21 has one."
            ) from None

    def matte(self, head: np.ndarray) -> np.ndarray:
        """Matte of the person in a head crop: uint8 RGB (S, S, 3) -> float32 (256, 256), 0 to 1."""
        small = cv2.resize(head, (PERSON_SIDE, PERSON_SIDE), interpolation=cv2.INTER_AREA)
        return np.clip(self._segmenter.process(small).segmentation_mask, 0, 1)
