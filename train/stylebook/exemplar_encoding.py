"""From a photograph to what the style book keeps of it: codes, tint and tags, and a painted thumbnail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.face import Face
from mirror.core.head_crop import look_at
from mirror.core.head_space import HeadTransform, crop
from mirror.engines import Engine
from mirror.hair.encoding.encoder import encode_head
from mirror.hair.encoding.own_hair import measured_tint
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.book import thumbnail_of
from mirror.hair.styles.code import StyleCode
from mirror.segmentation.matting import Matting
from mirror.tracking.mediapipe import FaceTracker
from train.data.hair_outlines import Outline
from train.evaluation.held_out_people import Person, meet
from train.metrics.hair_properties import MeasuredHead
from train.stylebook.style_tags import completed, words_of

# Pixels of 256, as a kernel, by which a drawn outline may be off.
_BAND = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))


def encode_exemplar(
    path: Path,
    tracker: FaceTracker,
    engines: dict[str, Engine],
    tags: tuple[str, ...],
    outline: Outline | None = None,
) -> tuple[StyleCode, tuple[str, ...]]:
    """The code of the hair in a photograph, and its tags with what was measured where they say nothing.

    Args:
        outline: the hair as it was drawn by eye; without one the matte network says what hair is.
        tags: as given. With "bald" there is no hair by definition: what the matte sees of shine and
            stubble is cleared.

    Raises:
        MirrorError: it cannot be read or has no face.
    """
    person = meet(tracker, path, path.name)
    if person is None:
        raise MirrorError(
            f"{path} cannot be read or has no face. Is the folder of photographs right? Else choose another "
            "exemplar."
        )
    head = person.head
    # Beyond the picture's edge there is nothing, which the network may take for black hair.
    matte = Matting(engines["matte"]).matte(head.image, still=True)
    matte = (matte if outline is None else within(matte, outline)) * (head.valid > 127)
    if "bald" in tags:
        code = encode_head(engines["encoder"], head, np.zeros_like(matte))
        return StyleCode(code.z, np.zeros_like(code.detail), code.coarse, code.shape), tags
    code = encode_head(engines["encoder"], head, matte, room=False)
    tags = completed(tags, words_of(_measured(person, matte)))
    return replace(code, tint=measured_tint(Swap(engines["painter"]), head, matte, code)), tags


def within(matte: np.ndarray, outline: Outline) -> np.ndarray:
    """A matte, float32 (S, S), held to an outline: that says where an edge is, the network how soft."""
    drawn = outline.matte(matte.shape[0])
    core, near = cv2.erode(drawn, _BAND), cv2.dilate(drawn, _BAND)
    return np.clip((matte + drawn) / 2, core, near)


def _measured(person: Person, matte: np.ndarray) -> MeasuredHead:
    head = person.head
    square = np.round(head.image[0].transpose(1, 2, 0) * 255).astype(np.uint8)
    return MeasuredHead(square, matte, head.face, head.valid, head.shape)


def thumbnail(code: StyleCode, portrait: np.ndarray, face: Face, engines: dict) -> np.ndarray:
    """The style painted on a portrait: uint8 (128, 128, 3)."""
    transform = HeadTransform.from_face(face)
    head = look_at(portrait, face, transform)
    matte = Matting(engines["matte"]).matte(head.image, still=True)
    layer = Swap(engines["painter"]).paint(Subject(head, matte), code.fitted(head.shape))
    square = crop(portrait, transform, layer.rgb.shape[0]).astype(np.float32)
    mixed = square + (layer.rgb - square) * layer.cover[..., None]
    return thumbnail_of(mixed.clip(0, 255).astype(np.uint8))
