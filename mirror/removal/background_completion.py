"""Completion: wall that nobody has seen yet, pieced together from the wall beside it.

A network that paints a wall paints its colours and not its leaves: round new hair it lies like a haze. What
is pieced together lies still where it is in the frame, and what is seen of the wall later takes its place.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_space import EYE_DISTANCE, HeadTransform, paste_back
from mirror.removal.background_plate import NO_HAND, NOBODY, Plate
from mirror.removal.exemplar_inpainting import RADIUS, completed
from mirror.removal.head_outlines import Outlines
from mirror.segmentation.matting import Mattes

# Pixels between the eyes in the smaller picture, about: a piece is a quarter of that wide.
_EYES = 40
# Alphas from which on hair may be there, and how far round that wall is wanted: as far as what lies beneath
# is laid. Nearer to hair and to the person than that a pixel is mixed with them. In pixels of head space.
_FAINT = 0.02
_WANTED, _CLEAR, _CLEAR_OF_SKIN = (
    cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1, 2 * by + 1)) for by in (12, 6, 3)
)


def complete(
    plate: Plate,
    image: np.ndarray,
    transform: HeadTransform,
    mattes: Mattes,
    shape: np.ndarray,
    most: int | None = None,
) -> None:
    """Has a plate assume the wall that one person's hair hides, where it does not know it.

    Args:
        image: uint8 (H, W, 3) RGB, the camera's.
        transform, mattes, shape: of the head in it, `shape` as `mirror.core.head_space.face_shape` says.
        most: so many pieces at most; None: all that are missing.
    """
    height, width = image.shape[:2]
    shrink = max(round(transform.scale * EYE_DISTANCE / _EYES), 1)
    left, top, right, bottom = transform.frame_rectangle(width, height)
    right, bottom = right - (right - left) % shrink, bottom - (bottom - top) % shrink
    rectangle = left, top, right, bottom
    if min(right - left, bottom - top) < 4 * RADIUS * shrink:
        return
    hair = cv2.compare(mattes.hair, _FAINT, cv2.CMP_GT)
    skull = cv2.resize(Outlines.of(shape).between, hair.shape[::-1], interpolation=cv2.INTER_LINEAR) < 0.5
    near = np.where(skull, np.uint8(0), cv2.dilate(hair, _WANTED))
    wanted = (paste_back(near, transform, rectangle) > 0) & plate.missing(rectangle)
    if not wanted.any():
        return
    body = cv2.compare(
        cv2.max(mattes.person, mattes.front * np.float32(NOBODY / NO_HAND)), NOBODY, cv2.CMP_GT
    )
    taken = cv2.max(cv2.dilate(hair, _CLEAR), cv2.dilate(body, _CLEAR_OF_SKIN))
    # 0 outside the square, where nobody has looked for a person.
    visible = paste_back(cv2.bitwise_not(taken), transform, rectangle) > 254
    camera = image[top:bottom, left:right]
    picture = np.where(visible[..., None], camera, plate.view(rectangle))
    plate.assume(camera, rectangle, wanted & visible)
    hidden = wanted & ~visible
    found, done, unlike = completed(picture, visible | plate.told(rectangle), hidden, shrink, most)
    plate.assume(found, rectangle, done & hidden)
    plate.give_up(rectangle, unlike & hidden)
