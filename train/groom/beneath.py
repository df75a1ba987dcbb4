"""What a person looks like beneath new hair: the camera's picture, and a made one where old hair was.

Skin that was made has another tone than the skin beside it that was seen, and a line shows between them. It
is brought to the tone of its neighbours, and the line is softened on the side that was made.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from train.groom.people import Sitter
from train.groom.tones import to_linear, to_srgb

# Hair of a matte reaches further than the matte says, pixels of the portrait: single hairs and their shade.
REACH = 7
# Skin within so many pixels of the line says how tones differ; they are known over so many more; the most
# that made skin is made brighter or darker.
BESIDE, KNOWN, MOST = 6.0, 30.0, 2.0
# Rows of the ears, in heights of the face from the eyes (0) to the chin (1).
EARS = (-0.25, 0.8)


def where_old(sitter: Sitter) -> np.ndarray:
    """float32 (H, W): how much of each pixel is made, 0 (the camera's) to 1.

    On the wall that is wherever the mirror took something away, for a matte's faintest rim shows there; on
    the person where the matte sees hair, and a little around.
    """
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (REACH, REACH))
    old = cv2.dilate(np.where(sitter.hair > 0.04, sitter.hair, 0), ellipse)
    old = np.clip(cv2.GaussianBlur(old, (0, 0), 1.6) * 1.6, 0, 1)
    beside = cv2.dilate(_changed(sitter), np.ones((5, 5))) * (1 - sitter.person)
    return np.maximum(old, cv2.GaussianBlur(beside, (0, 0), 1.0)).astype(np.float32)


def beneath(sitter: Sitter) -> np.ndarray:
    """uint8 (H, W, 3) sRGB: the person without hair; where no hair was, the camera's pixels to the bit."""
    old = where_old(sitter)[..., None]
    made = to_linear(sitter.bald)
    new = _changed(sitter)
    skin = (sitter.person * cv2.GaussianBlur(new, (0, 0), 1.0))[..., None]
    made = made * (1 + skin * (_gain(sitter, made, old[..., 0] * new) - 1))
    mixed = to_srgb(made * old + to_linear(sitter.picture) * (1 - old))
    return np.where(old > 0, mixed, sitter.picture).astype(np.uint8)


def _changed(sitter: Sitter) -> np.ndarray:
    """float32 (H, W): 1 where the mirror took something away."""
    return (np.abs(sitter.bald.astype(np.int16) - sitter.picture).max(-1) > 2).astype(np.float32)


def _gain(sitter: Sitter, made: np.ndarray, new: np.ndarray) -> np.ndarray:
    """float32 (H, W, 3) by which made skin is multiplied: the quotient of seen and made skin along the line
    between them, carried on over what was made."""
    person = (sitter.person > 0.95) & (sitter.inside > 0.5)
    seen = (person & (where_old(sitter) < 0.02)).astype(np.float32)
    new = (person & (new > 0.9)).astype(np.float32)
    near_seen, near_new = (cv2.GaussianBlur(one, (0, 0), BESIDE) for one in (seen, new))
    line = new * (near_seen > 0.03) * (near_new > 0.03)
    if line.sum() < 50:
        return np.ones_like(made)
    picture = to_linear(sitter.picture)
    tone = (
        cv2.GaussianBlur(picture * seen[..., None], (0, 0), BESIDE) / np.maximum(near_seen, 1e-3)[..., None]
    )
    other = cv2.GaussianBlur(made * new[..., None], (0, 0), BESIDE) / np.maximum(near_new, 1e-3)[..., None]
    gain = np.clip((tone + 2e-3) / (other + 2e-3), 1 / MOST, MOST) * line[..., None]
    # Each further blur reaches further; where a finer one knows nothing the coarser one speaks.
    carried = np.broadcast_to(gain.sum((0, 1)) / line.sum(), made.shape).astype(np.float32)
    for sigma in (KNOWN, KNOWN / 3):
        weight = cv2.GaussianBlur(line, (0, 0), sigma)[..., None]
        carried = (cv2.GaussianBlur(gain, (0, 0), sigma) + 0.02 * carried) / (weight + 0.02)
    return carried


def hidden_ears(sitter: Sitter, front: np.ndarray) -> np.ndarray:
    """float32 (H, W): 1 where ears were hidden by old hair and new hair lies all round, 0 elsewhere.

    Nobody has seen these ears, so new hair that surrounds them hides them too.

    Args:
        front: float32 (H, W), alpha of the new hair before the person.
    """
    height, width = front.shape
    oval = np.zeros((height, width), np.uint8)
    cv2.fillPoly(oval, [np.round(sitter.landmarks[list(FACE_OVAL), :2]).astype(np.int32)], 1)
    eyes, chin = float(sitter.landmarks[[33, 263], 1].mean()), float(sitter.landmarks[152, 1])
    rows = (np.arange(height) - eyes) / max(chin - eyes, 1.0)
    beside = ((rows > EARS[0]) & (rows < EARS[1]))[:, None] & (oval == 0)
    around = np.clip((cv2.GaussianBlur(front, (0, 0), 9) - 0.35) / 0.25, 0, 1)
    was = cv2.dilate(sitter.hair, np.ones((7, 7)))
    return cv2.GaussianBlur(beside * around * was, (0, 0), 1.5).astype(np.float32)
