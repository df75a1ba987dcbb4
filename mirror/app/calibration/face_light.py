"""Light on the face: whether it is even, enough, not too much, and from the front."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL, Face
from mirror.translation.message import Message

# From the middle of the forehead over the ridge of the nose to the chin, and where the chin is in the oval.
_MIDDLE = (10, 168, 4, 152)
_CHIN = FACE_OVAL.index(152)
_GAMMA = 2.2  # of sRGB, near enough: light itself is compared, not the picture's numbers
# Portrait photographers light one side up to three times as much, on purpose: of 149 official portraits in
# good studio light 11 are beyond that, and 50 beyond 2:1; none of them, of whatever skin, is called too dark.
UNEVEN = 3.0
# Of 255. Skin of every tone has to be told from a dark room: not the face alone decides, but whether anything
# in the picture is light.
DARK_FACE, DARK_PICTURE = 70, 110
WHITE = 250  # of 255: nothing is left there to be seen
BURNT = 0.08  # share of the face that may be white; the gleam of a forehead is less
WINDOW = 0.25  # share of what is beside the face that is white where a window or a lamp shines in


@dataclass(frozen=True, slots=True)
class FaceLight:
    """What a picture says of the light.

    Attributes:
        left, right: light on the person's own left and right half of the face, 0 to 1, linear.
        face: median of the face, 0 to 255.
        bright: what all but the brightest twentieth of the picture stays below, 0 to 255.
        burnt: share of the face that is white.
        behind: share of what is beside the face that is white.
    """

    left: float
    right: float
    face: float
    bright: float
    burnt: float
    behind: float


def measure(image: np.ndarray, face: Face) -> FaceLight | None:
    """Measures it; None where less than half of the face is in the picture.

    Args:
        image: uint8 (H, W, 3) RGB, not mirrored.
        face: as tracked in it.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    oval = face.landmarks[list(FACE_OVAL), :2]
    middle = face.landmarks[list(_MIDDLE), :2]
    # The oval begins at the forehead and runs down the picture's right side: the person's left.
    halves = (
        np.concatenate([oval[: _CHIN + 1], middle[::-1]]),
        np.concatenate([middle, oval[_CHIN + 1 :]]),
    )
    masks = [_filled(half, grey.shape) for half in halves]
    lit = [grey[mask] for mask in masks]
    if min(half.size for half in lit) * 4 < cv2.contourArea(oval.astype(np.float32)):
        return None
    whole = np.concatenate(lit)
    beside = grey[~_filled(_around(oval), grey.shape)]
    left, right = (float(np.median((half / 255.0) ** _GAMMA)) for half in lit)
    return FaceLight(
        left, right, float(np.median(whole)), float(np.percentile(grey, 95)),
        float((whole >= WHITE).mean()), float((beside >= WHITE).mean()) if beside.size else 0.0,
    )  # fmt: skip


def said(light: FaceLight) -> tuple[str, Message]:
    """The sign and the line for people: what is worst, and what to do; or that it is good.

    Example:
        >>> said(FaceLight(0.05, 0.3, 120, 200, 0.0, 0.0))[1].split(":")[0]
        'Too dark on your left'
    """
    if light.face < DARK_FACE and light.behind > WINDOW:
        return "warning", Message(
            "The light comes from behind you: close the curtain, or hang the mirror on another wall."
        )
    if light.face < DARK_FACE and light.bright < DARK_PICTURE:
        return "warning", Message(
            "Too dark: pictures come slowly and blur. Put a lamp in front of you, as high as your head."
        )
    if light.burnt > BURNT:
        return "warning", Message(
            "Too bright: your face has white patches. Move the lamp away, or turn it to the wall."
        )
    weak, strong = sorted((max(light.left, 1e-4), max(light.right, 1e-4)))
    if strong / weak > UNEVEN:
        if light.left < light.right:
            return "warning", Message("Too dark on your left: put a lamp there, or dim the other side.")
        return "warning", Message("Too dark on your right: put a lamp there, or dim the other side.")
    return "good", Message("The light on your face is good: even, and enough of it.")


def _around(oval: np.ndarray) -> np.ndarray:
    """The face with hair and neck: twice as large."""
    middle = oval.mean(0)
    return np.asarray(middle + 2.0 * (oval - middle))


def _filled(points: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    mask = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 1)
    return mask.astype(bool)
