"""Real people for grown hair: their portrait in the frame of head space 2, without their own hair,
and its mattes.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL, INNER_FACE, Face
from mirror.core.head_crop import look_at
from mirror.core.head_space import HeadTransform, paste_back
from mirror.pipeline.mirror import Mirror
from mirror.segmentation.matting import Matting
from train.groom.camera import EYE_DISTANCE, EYES_AT, SIZE

# Mattes are never quite sure of busy walls and of clothes: so little is nobody, and as little less than all
# is somebody.
HAZE = 0.15


@dataclass(frozen=True)
class Sitter:
    """A person, in a portrait of `size`.

    Attributes:
        picture: uint8 (H, W, 3) sRGB, as the camera saw it.
        bald: uint8 (H, W, 3): the same without hair, as the mirror removes it.
        hair, person, front: float32 (H, W), 0 to 1: the hair that is there, with scraps that the mirror
            would leave; the whole person without it; what is held in front of the head.
        inside: float32 (H, W): 1 where the photograph reaches.
        landmarks: float32 (478, 3), pixels of the portrait.
        centre: where the photograph's optical axis meets the portrait, pixels.
        enlarged: pixels of the portrait a pixel of the photograph.
    """

    picture: np.ndarray
    bald: np.ndarray
    hair: np.ndarray
    person: np.ndarray
    front: np.ndarray
    inside: np.ndarray
    landmarks: np.ndarray
    centre: tuple[float, float]
    enlarged: float

    def face_map(self) -> np.ndarray:
        """float32 (H, W): 1 on the skin of the face; eyes, nose and mouth left out."""
        canvas = np.zeros(self.hair.shape, np.uint8)
        oval = np.round(self.landmarks[list(FACE_OVAL), :2]).astype(np.int32)
        cv2.fillPoly(canvas, [oval], 255)
        inner = cv2.convexHull(np.round(self.landmarks[list(INNER_FACE), :2]).astype(np.int32))
        cheeks = cv2.erode(canvas, np.ones((9, 9), np.uint8))
        cv2.fillConvexPoly(cheeks, inner, 0)
        return cheeks.astype(np.float32) / 255 * (self.hair < 0.05)


def sit(
    photograph: np.ndarray, mirror: Mirror, matting: Matting, size: tuple[int, int] = SIZE
) -> Sitter | None:
    """Prepares a person; None without a face.

    Args:
        photograph: uint8 (H, W, 3) sRGB.
        mirror: one that wears "bald". matting: of its matte network.
        size: width, height of the portrait.
    """
    face = mirror.find_face(photograph)
    if face is None:
        return None
    to_portrait = portrait_transform(face, size)
    bald = mirror.apply(photograph)
    transform = HeadTransform.from_face(face)
    mattes = matting.look(look_at(photograph, face, transform).image, still=True)
    without = matting.look(look_at(bald, face, transform).image, still=True)

    def cut(picture: np.ndarray, border: int = cv2.BORDER_REPLICATE) -> np.ndarray:
        how = cv2.INTER_AREA if np.linalg.det(to_portrait[:, :2]) < 1 else cv2.INTER_CUBIC
        return cv2.warpAffine(picture, to_portrait, size, flags=how, borderMode=border)

    def full(alpha: np.ndarray) -> np.ndarray:
        height, width = photograph.shape[:2]
        left, top, right, bottom = transform.frame_rectangle(width, height)
        out = np.zeros((height, width), np.float32)
        out[top:bottom, left:right] = paste_back(alpha, transform, (left, top, right, bottom))
        return np.clip(cut(out, cv2.BORDER_CONSTANT), 0, 1)

    height, width = photograph.shape[:2]
    points = np.hstack([face.landmarks[:, :2], np.ones((len(face.landmarks), 1))]) @ to_portrait.T
    middle = to_portrait @ np.array([width / 2, height / 2, 1.0])
    body = np.clip((np.minimum(without.person, mattes.person) - HAZE) / (1 - 2 * HAZE), 0, 1)
    return Sitter(
        cut(photograph),
        cut(bald),
        full(np.maximum(mattes.hair, without.hair)),
        _with_face(_carried_down(full(body), full(np.ones_like(mattes.hair)) > 0.99), points),
        full(mattes.front),
        cut(np.ones((height, width), np.float32), cv2.BORDER_CONSTANT),
        np.hstack([points, face.landmarks[:, 2:] * np.sqrt(np.linalg.det(to_portrait[:, :2]))]).astype(
            np.float32
        ),
        (float(middle[0]), float(middle[1])),
        float(np.sqrt(np.linalg.det(to_portrait[:, :2]))),
    )


def _carried_down(person: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Below what the mattes' square shows, a body goes on as it left it."""
    height = len(person)
    last = height - 1 - np.argmax(known[::-1], axis=0)
    rows = np.minimum(np.arange(height)[:, None], np.where(known.any(0), last, height - 1)[None])
    return np.where(np.arange(height)[:, None] > rows, np.take_along_axis(person, rows, 0), person)


def _with_face(person: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Nobody is seen through within the face: a matte that is unsure of an open mouth is wrong."""
    face = np.zeros(person.shape, np.uint8)
    cv2.fillPoly(face, [np.round(points[list(FACE_OVAL), :2]).astype(np.int32)], 1)
    return np.where(cv2.erode(face, np.ones((9, 9), np.uint8)) > 0, 1, person).astype(np.float32)


def portrait_transform(face: Face, size: tuple[int, int]) -> np.ndarray:
    """float64 (2, 3): pixels of a photograph to those of its portrait: eyes level and where head
    space 2 has them.
    """
    right, left = face.eyes
    across = left - right
    scale = EYE_DISTANCE * size[0] / float(np.hypot(*across))
    angle = np.arctan2(across[1], across[0])
    turn = scale * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    middle = np.array([EYES_AT[0] * size[0] - 0.5, EYES_AT[1] * size[1] - 0.5])
    return np.hstack([turn, (middle - turn @ ((right + left) / 2))[:, None]])
