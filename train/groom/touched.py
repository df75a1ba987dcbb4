"""How much of a face a swap changes that it need not: skin that neither old nor new hair covers."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL

# A matte below this is no hair; single hairs and their soft rims reach so many pixels further.
NO_HAIR, RIM = 0.05, 5


def bare_skin(landmarks: np.ndarray, *hair: np.ndarray) -> np.ndarray:
    """bool (H, W): the face, without what any of the mattes calls hair.

    Args:
        landmarks: (468 or more, 2 or more) pixels.
        hair: float (H, W) each, 0 to 1: mattes of old and of new hair.
    """
    face = np.zeros(hair[0].shape, np.uint8)
    cv2.fillPoly(face, [np.round(landmarks[list(FACE_OVAL), :2]).astype(np.int32)], 1)
    covered = np.max([one > NO_HAIR for one in hair], axis=0).astype(np.uint8)
    return (face > 0) & (cv2.dilate(covered, np.ones((RIM, RIM), np.uint8)) == 0)


def touched(before: np.ndarray, after: np.ndarray, where: np.ndarray, more_than: int = 0) -> float:
    """The share of pixels that differ in any channel by more than so many of 255; 0 where there are none.

    Args:
        before, after: uint8 (H, W, 3). where: bool (H, W).
    """
    differ = np.abs(before.astype(np.int16) - after).max(-1) > more_than
    return float(differ[where].mean()) if where.any() else 0.0
