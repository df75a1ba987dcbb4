"""Completion: wall that nobody has seen yet, pieced together from the wall beside it.

A network that paints a wall paints its colours and not its leaves: round new hair it lies like a haze. What
is pieced together lies still where it is in the frame, and what is seen of the wall later takes its place.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_space import EYE_DISTANCE, HeadTransform, paste_back
from mirror.removal.background_plate import NO_HAND, NOBODY, Plate, Rectangle
from mirror.removal.exemplar_inpainting import FAR, RADIUS, completed
from mirror.removal.head_outlines import Outlines
from mirror.segmentation.matting import Mattes

# Pixels between the eyes in the smaller picture, about: a piece is a quarter of that wide.
_EYES = 40
# Alphas from which on hair may be there, and how far round that wall is wanted: as far as what lies beneath
# is laid, in pixels of 128. Nearer to hair and to the person than that, in pixels of 256, a pixel is mixed
# with them.
_FAINT = 0.02
_PIECE = 120  # pixels of the smaller picture: less is not worth a look
_WANTED, _CLEAR, _CLEAR_OF_SKIN = (
    cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1, 2 * by + 1)) for by in (6, 6, 3)
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
    square = transform.frame_rectangle(width, height)
    if min(square[2] - square[0], square[3] - square[1]) < 4 * RADIUS * shrink:
        return
    hair = cv2.compare(mattes.hair, _FAINT, cv2.CMP_GT)
    # At half size, where outlines are drawn.
    skull = Outlines.of(shape).between
    near = cv2.dilate(cv2.resize(hair, skull.shape[::-1], interpolation=cv2.INTER_AREA), _WANTED)
    near[skull < 0.5] = 0
    wanted = cv2.compare(paste_back(near, transform, square), 0, cv2.CMP_GT)
    wanted[~plate.missing(square)] = 0
    box = cv2.boundingRect(wanted)
    if not box[2]:
        return
    rectangle = _around(box, square, shrink)
    left, top, right, bottom = rectangle
    wanted = wanted[top - square[1] : bottom - square[1], left - square[0] : right - square[0]] > 0
    body = cv2.max(mattes.person, mattes.front * np.float32(NOBODY / NO_HAND))
    body = cv2.compare(body, NOBODY, cv2.CMP_GT)
    taken = cv2.max(cv2.dilate(hair, _CLEAR), cv2.dilate(body, _CLEAR_OF_SKIN))
    # 0 outside the square, where nobody has looked for a person.
    visible = paste_back(cv2.bitwise_not(taken), transform, rectangle) > 254
    picture = plate.view(rectangle).copy()
    np.copyto(picture, image[top:bottom, left:right], where=visible[..., None])
    hidden, told = wanted & ~visible, visible | plate.told(rectangle)
    done, unlike = np.zeros_like(hidden), np.zeros_like(hidden)
    if np.count_nonzero(hidden) >= _PIECE * shrink * shrink:
        picture, done, unlike = completed(picture, told, hidden, shrink, most)
    plate.assume(picture, rectangle, wanted & (visible | done))
    plate.give_up(rectangle, unlike & hidden)


def _around(box: tuple[int, int, int, int], square: Rectangle, shrink: int) -> Rectangle:
    """Where pieces for a box (x, y, width, height) of a square are looked for, whole pixels when shrunk."""
    x, y, wide, high = box
    far = 2 * FAR * shrink
    left, top = square[0] + max(x - far, 0), square[1] + max(y - far, 0)
    right = min(square[0] + x + wide + far, square[2])
    bottom = min(square[1] + y + high + far, square[3])
    return left, top, right - (right - left) % shrink, bottom - (bottom - top) % shrink
