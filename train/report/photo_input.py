"""A photograph from anywhere, made into what a network sees."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.head_space import HeadTransform, crop, face_map, face_shape, inner_face_map, valid_map
from train.inference.codec import Codec, Heads
from train.pictures.reading import read_picture

# As `train prepare` does it: cut out at 512 pixels and shrunk by area.
CROP = 512


def read_photo(path: Path, codec: Codec, *, heads: bool) -> Heads:
    """One photograph as a batch of one.

    Args:
        heads: the network was taught aligned heads: the largest face is brought into head space. Otherwise
            the middle square of the picture is taken as it is.

    Raises:
        MirrorError: it cannot be read, or has no face.
    """
    image = read_picture(path)
    if isinstance(image, str):
        raise MirrorError(
            f"{path} cannot be read as a picture ({image}). Give --photo a JPEG, PNG or WebP file."
        )
    if not heads:
        height, width = image.shape[:2]
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        return {"image": _resized(image[top : top + side, left : left + side], codec.size)[None]}
    found = _aligned(path, image, codec.size)
    if "matte" in codec.needs:
        # Beyond the picture's edge there is no hair, whatever the network says of the black there.
        found["matte"] = _matte(found.pop("head"), codec.size) * (found["valid"] > 127)
    else:
        del found["head"]
    return {name: array[None] for name, array in found.items()}


def _aligned(path: Path, image: np.ndarray, size: int) -> dict[str, np.ndarray]:
    from mirror.tracking.mediapipe import open_tracker

    tracker = open_tracker(still=True, faces=2)
    try:
        faces = tracker.track(image)
    finally:
        tracker.close()
    if not faces:
        raise MirrorError(
            f"No face was found in {path}. Give --photo a picture of one person who looks towards the camera."
        )
    face = max(faces, key=lambda f: f.height)
    transform = HeadTransform.from_face(face)
    head = crop(image, transform, CROP)
    return {
        "head": head,
        "image": _resized(head, size),
        "valid": valid_map(image.shape[1], image.shape[0], transform, size),
        "face": face_map(face, transform, size),
        "inner": inner_face_map(face, transform, size),
        "shape": face_shape(face, transform),
    }


def _matte(head: np.ndarray, size: int) -> np.ndarray:
    """The mirror's own matte of a head crop, uint8 (size, size)."""
    from mirror.core.head_crop import SIDE
    from mirror.engines import open_engine
    from mirror.segmentation.matting import Matting

    engine = open_engine("matte")
    try:
        square = _resized(head, SIDE)
        alpha = Matting(engine).matte(cv2.dnn.blobFromImage(square, 1 / 255), still=True)
    finally:
        engine.close()
    return _resized(np.round(alpha * 255).astype(np.uint8), size)


def _resized(picture: np.ndarray, side: int) -> np.ndarray:
    way = cv2.INTER_AREA if picture.shape[0] >= side else cv2.INTER_CUBIC
    return cv2.resize(picture, (side, side), interpolation=way)
