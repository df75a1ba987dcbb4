"""A style read from a photograph: its hair, or a plain sentence that says why not."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.face import Face
from mirror.core.head_crop import look_at
from mirror.core.head_space import HeadTransform
from mirror.engines import Engine
from mirror.hair.encoding.encoder import encode_head
from mirror.hair.encoding.own_hair import as_seen
from mirror.hair.encoding.reconstruction_residual import seen_at
from mirror.hair.loss.hairline_stages import scalp
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.styles.code import StyleCode
from mirror.removal.head_outlines import Outlines
from mirror.segmentation.matting import Matting
from mirror.translation.message import Message

# Degrees that the face may be turned away, up or down: beyond, half of the hair is not to be seen.
TURNED, NODDED = 28.0, 27.0
SMALL = 90  # pixels of the face's height
CUT = 0.12  # share of the hair that may lie at the picture's edge
COVERED = 0.45  # share of the top of the head that may be neither hair nor skin
# How far, in linear RGB 0 to 1, the top of a head may be off the skin and still be skin.
_SKIN = 0.22


def style_of(
    image: np.ndarray, face: Face | None, matting: Matting, swap: Swap, encoder: Engine
) -> StyleCode:
    """The code of the hair on a face of a photograph.

    Args:
        image: uint8 (H, W, 3) RGB.
        face: the largest; None: there is none.

    Raises:
        MirrorError: no face, too small, turned away, a hat, or hair that the picture's edge cuts off.
    """
    if face is None:
        raise MirrorError(
            Message("There is no face in that photograph. Give one of a person who faces the camera.")
        )
    if face.height < SMALL:
        raise MirrorError(
            Message(
                "The face in that photograph is only {number:.0f} pixels high. Give one of {count} or more.",
                number=face.height,
                count=SMALL,
            )
        )
    yaw, pitch, _ = face.pose
    if abs(yaw) > TURNED or abs(pitch) > NODDED:
        raise MirrorError(
            Message("The face in that photograph is turned away. Give one that faces the camera.")
        )
    transform = HeadTransform.from_face(face)
    head = look_at(image, face, transform)
    mattes = matting.look(head.image, still=True)
    hair, edge = mattes.hair, cv2.dilate((head.valid < 250).astype(np.uint8), np.ones((7, 7), np.uint8))
    edge[:4] = edge[:, :4] = edge[:, -4:] = 1
    size = hair.shape[::-1]
    top = cv2.resize(scalp(head.shape), size) * cv2.resize(_skull(head.shape), size)
    rgb = head.image[0].transpose(1, 2, 0)
    skin = np.median(rgb[(head.face > 250) & (hair < 0.1)].reshape(-1, 3), 0)
    other = (np.linalg.norm(rgb - skin, axis=2) > _SKIN) & (hair < 0.4) & (mattes.person > 0.6)
    if (other * top).sum() > COVERED * top.sum():
        raise MirrorError(
            Message("The hair in that photograph is covered, by a hat perhaps. Give one without.")
        )
    rim = edge * (np.arange(hair.shape[0]) < 0.8 * hair.shape[0])[:, None]  # long hair may leave it below
    if (hair * rim).sum() > CUT * max(float(hair.sum()), 1.0) and hair.mean() > 0.02:
        raise MirrorError(
            Message("The hair in that photograph is cut off by its edge. Give one that shows all of it.")
        )
    code = encode_head(encoder, head, hair)
    return as_seen(swap, head, hair, code, seen_at(image, transform))


def _skull(shape: np.ndarray) -> np.ndarray:
    return 1 - Outlines.of(shape).between
