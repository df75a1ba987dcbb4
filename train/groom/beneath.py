"""What a person looks like beneath new hair: the camera's picture, and a made one where old hair was.

Only what old hair covers is made: the person as the mirror's network paints them, the wall from patches of
itself, at the portrait's own sharpness.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from train.groom.inpaint import completed
from train.groom.people import Sitter
from train.groom.tones import to_linear, to_srgb

# Hair reaches further than the matte says, pixels of the portrait: single hairs and their shade; on walls,
# where nothing need be kept, further.
REACH, REACH_ON_WALL = 5, 11
# What the mirror changed by more than this, of 255, is hair that it took away.
REMOVED = 2
# Rows of the ears, in heights of the face from the eyes (0) to the chin (1).
EARS = (-0.25, 0.8)


@dataclass(frozen=True)
class Bare:
    """A person without hair.

    Attributes:
        picture: uint8 (H, W, 3) sRGB; where `made` is 0 the camera's pixels to the bit.
        made: float32 (H, W): how much of each pixel is made, 0 to 1.
    """

    picture: np.ndarray
    made: np.ndarray


def beneath(sitter: Sitter, kept: np.ndarray | None = None) -> Bare:
    """The person without hair.

    Args:
        sitter: the person.
        kept: float32 (H, W), 0 to 1: where their hair stays all the same; None: nowhere.
    """
    picture = to_linear(sitter.picture)
    old = _where_old(sitter)
    known = (old == 0) & (cv2.dilate(sitter.person, _disc(7)) < 0.1) & (sitter.inside > 0.99)
    # Kept hair is no wall to fill others with.
    if kept is not None:
        old = old * (1 - kept)
    wall = picture
    if (hole := (old > 0) & (sitter.person < 0.98)).any() and known.any():
        wall = to_linear(completed(sitter.picture, known, hole))
    person = sitter.person[..., None]
    made = person * carried_out(to_linear(sitter.bald), sitter.person) + (1 - person) * wall
    mixed = to_srgb(made * old[..., None] + picture * (1 - old[..., None]))
    return Bare(np.where(old[..., None] > 0, mixed, sitter.picture).astype(np.uint8), old)


def _disc(side: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))


def _where_old(sitter: Sitter) -> np.ndarray:
    """float32 (H, W): how much of each pixel is made, 0 (the camera's) to 1."""
    seen = np.where(sitter.hair > 0.04, sitter.hair, 0)
    old = np.clip(cv2.GaussianBlur(cv2.dilate(seen, _disc(REACH)), (0, 0), 1.2) * 1.6, 0, 1)
    wide = cv2.dilate((sitter.hair > 0.02).astype(np.float32), _disc(REACH_ON_WALL))
    old = np.maximum(old, cv2.GaussianBlur(wide, (0, 0), 1.5) * (1 - sitter.person))
    removed = (np.abs(sitter.bald.astype(np.int16) - sitter.picture).max(-1) > REMOVED).astype(np.float32)
    old = np.maximum(old, cv2.GaussianBlur(cv2.dilate(removed, _disc(3)), (0, 0), 0.7) * sitter.person) * (
        sitter.inside > 0.5
    )
    return np.where(old > 0.02, old, 0).astype(np.float32)


def carried_out(skin: np.ndarray, person: np.ndarray) -> np.ndarray:
    """A person's colours carried on past their edge, where a picture mixes them with the wall's, and where
    sharpening has left a rim of light: float32 (H, W, 3).

    Args:
        skin: float32 (H, W, 3) linear. person: float32 (H, W), their matte.
    """
    sure = (cv2.erode(person, _disc(5)) > 0.9).astype(np.float32)
    weight = cv2.GaussianBlur(sure, (0, 0), 2.5)[..., None]
    beside = cv2.GaussianBlur(skin * sure[..., None], (0, 0), 2.5) / np.maximum(weight, 1e-4)
    return np.where((sure[..., None] > 0) | (weight < 1e-3), skin, beside)


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
