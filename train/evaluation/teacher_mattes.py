"""What the teacher says of a picture, and the colour of what it calls hair."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.face import Face
from mirror.core.head_crop import SIDE
from mirror.core.head_space import HeadTransform, crop, valid_map
from train.data.teacher_segmenter import TEACHER_SIDE, HairTeacher, best_matte, without_beard


def open_teacher(model: Path) -> HairTeacher:
    """The judge. Raises MirrorError where its file is missing."""
    if not model.is_file():
        raise MirrorError(f"{model} is missing. --teacher takes MediaPipe's hair_segmenter.tflite.")
    return HairTeacher(model)


def teacher_matte(
    teacher: HairTeacher, image: np.ndarray, face: Face, transform: HeadTransform
) -> np.ndarray:
    """The teacher's matte of a picture in a head space, float32 (256, 256)."""
    head = crop(image, transform, TEACHER_SIDE)
    matte = without_beard(teacher.matte(head), face, transform)
    height, width = image.shape[:2]
    small = cv2.resize(matte, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return small * (valid_map(width, height, transform, SIDE) > 127)


def best_teacher_matte(
    teacher: HairTeacher, image: np.ndarray, face: Face, transform: HeadTransform
) -> np.ndarray:
    """The teacher's best effort, over several crops, as it made the shards: float32 (256, 256)."""
    matte = without_beard(best_matte(teacher, image, transform), face, transform)
    height, width = image.shape[:2]
    small = cv2.resize(matte, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return small * (valid_map(width, height, transform, SIDE) > 127)


def mean_lab(image: np.ndarray, transform: HeadTransform, inside: np.ndarray) -> np.ndarray | None:
    """Mean CIE Lab of a picture, uint8 RGB, where a head-space mask, bool (256, 256), says so.

    Returns:
        float64 (3,): L 0 to 100, a and b; None where the mask holds too little to tell (200 pixels).
    """
    if inside.sum() < 200:
        return None
    lab = cv2.cvtColor(crop(image, transform, SIDE).astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    return lab[inside].mean(0, dtype=np.float64)
