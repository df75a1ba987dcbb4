"""Drawn faces: skin, lips, eyes and brows at the landmarks of the canonical head, and a beard if wished."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from mirror.core.face import BROWS, FACE_OVAL, LIPS, Face
from mirror.core.head_space import HeadTransform
from mirror.segmentation.matting import Mattes
from train.groom.head import load_head

SIZE = (640, 480)
SKIN = np.array((205, 160, 135), np.float32)
DARK = np.array((40, 30, 26), np.float32)
LIP = (170, 80, 85)
_EYES = 90.0  # pixels between them
# Cheeks below the ears, the jaw, and what lies round the mouth.
_BEARD = (93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323,
          401, 376, 411, 426, 327, 326, 2, 97, 98, 206, 187, 147, 177)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Drawn:
    """A picture, uint8 (480, 640, 3) RGB, and what there is to know of it; `beard` is bool (480, 640)."""

    image: np.ndarray
    face: Face
    transform: HeadTransform
    mattes: Mattes
    beard: np.ndarray


def drawn_face(
    *,
    beard: bool = False,
    shade: float = 0.0,
    skin: np.ndarray = SKIN,
    hair: np.ndarray = DARK,
    seed: int = 0,
) -> Drawn:
    """A face that looks at the camera.

    Args:
        shade: how much darker the lower face is than the upper, 0 to 1, as light from above makes it.
    """
    face, transform = _face()
    rng = np.random.default_rng(seed)
    rows = np.arange(SIZE[1], dtype=np.float32)[:, None, None]
    image = np.full((SIZE[1], SIZE[0], 3), (150, 165, 180), np.float32)
    lower = np.clip((rows - transform.y) / (1.2 * _EYES), 0, 1) * shade
    inside = _inside(face, FACE_OVAL)[..., None]
    image = np.where(inside, skin * (1 - lower), image)
    image += rng.normal(0, 1.5, image.shape).astype(np.float32)
    # Strands lie one beside the other, and skin between them.
    strands = cv2.GaussianBlur(rng.random(SIZE[::-1]).astype(np.float32), (0, 0), 0.8) > 0.5
    grown = _inside(face, _BEARD) & ~_inside(face, LIPS)
    for brow in BROWS:
        image[_inside(face, (*brow[:5], *brow[:4:-1])) & strands] = hair
    if beard:
        image[grown & strands] = hair
    image[_inside(face, LIPS)] = LIP
    for eye in ((33, 160, 158, 133, 153, 144), (263, 387, 385, 362, 380, 373)):
        image[_inside(face, eye)] = (235, 235, 235)
    picture = np.clip(cv2.GaussianBlur(image, (0, 0), 0.6), 0, 255).astype(np.uint8)
    nothing = np.zeros((256, 256), np.float32)
    mattes = Mattes(nothing, np.ones((256, 256), np.float32), nothing)
    return Drawn(picture, face, transform, mattes, grown)


@cache
def _face() -> tuple[Face, HeadTransform]:
    points = load_head().landmarks[:, :3].astype(np.float64)
    at = np.stack([points[:, 0], -points[:, 2], points[:, 1]], 1)  # it looks along y, z is up
    across = at[[263, 362]].mean(0) - at[[33, 133]].mean(0)
    at *= _EYES / np.linalg.norm(across[:2])
    middle = (at[[33, 133]].mean(0) + at[[263, 362]].mean(0)) / 2
    at += np.array((SIZE[0] / 2, 0.42 * SIZE[1], 0)) - middle
    landmarks = np.concatenate([at, np.repeat(at[[159, 386]], 5, 0)]).astype(np.float32)
    face = Face(landmarks)
    return face, HeadTransform.from_face(face)


def _inside(face: Face, outline: tuple[int, ...]) -> np.ndarray:
    canvas = np.zeros(SIZE[::-1], np.uint8)
    cv2.fillPoly(canvas, [face.landmarks[list(outline), :2].round().astype(np.int32)], 255)
    return canvas > 0


def inside(drawn: Drawn, outline: tuple[int, ...]) -> np.ndarray:
    """bool (480, 640), within an outline of landmarks."""
    return _inside(drawn.face, outline)
