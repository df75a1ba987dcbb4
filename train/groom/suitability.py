"""Who can be given grown hair: faces that are near, from the front, grown up, nothing on the head."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.face import Face
from train.groom.fit import Fit
from train.groom.people import Sitter
from train.groom.record import Hairline
from train.groom.scalp import above_hairline
from train.groom.surface import Surface

# Eyes nearer to each other say too little of the face, pixels of the photograph; heads turned further show a
# side that hair was not looked at from, degrees.
LEAST_EYES, MOST_YAW, MOST_PITCH = 32.0, 40.0, 25.0
# From the eyes to the chin, in distances of the outer corners of the eyes: children's faces are shorter. Of
# 23 children of the validation photographs 16 lie below it, of 36 grown people none (1.14 to 1.46).
GROWN_UP = 1.125
OUTER_CORNERS, CHIN = (33, 263), 152
# Share of the visible scalp that is neither hair nor of the skin's colour: of 12 people with hats and scarves
# of the validation photographs 10 lie above it, of 24 others none (0 to 0.25).
COVERED = 0.27
# CIE76 from the face's own skin, brightness counted half, since scalps lie in other light.
UNLIKE = 18.0
SAMPLES = 8000


def unfit(face: Face) -> str:
    """Why a face cannot be used, in a few words; "": it can."""
    eyes = face.eyes
    apart = float(np.hypot(*(eyes[1] - eyes[0])))
    if apart < LEAST_EYES:
        return (
            f"the eyes are {apart:.0f} pixels apart; {LEAST_EYES:.0f} or more are needed: a larger photograph"
        )
    for name, value, most in (("yaw", face.pose[0], MOST_YAW), ("pitch", face.pose[1], MOST_PITCH)):
        if abs(value) > most:
            return (
                f"the head is turned too far ({name} {value:.0f} degrees); -{most:.0f} to {most:.0f} will do"
            )
    if proportion(face.landmarks) < GROWN_UP:
        return "the face has the proportions of a child's; give photographs of grown people"
    return ""


def proportion(landmarks: np.ndarray) -> float:
    """Height of the lower face over the width of the eyes.

    Args:
        landmarks: float (N, 2 or more), MediaPipe's numbering.
    """
    right, left = (landmarks[corner, :2] for corner in OUTER_CORNERS)
    high, wide = (
        float(np.linalg.norm(one)) for one in (landmarks[CHIN, :2] - (right + left) / 2, left - right)
    )
    return high / max(wide, 1e-6)


def covered(sitter: Sitter, fit: Fit) -> float:
    """Share of the visible scalp that is neither hair nor skin, 0 to 1: a hat, a scarf."""
    head = fit.head
    middle = head.canonical[head.triangles].mean(1)
    scalp = head.triangles[above_hairline(middle, Hairline(height=1.0, irregularity=0), 0) > 0]
    points, normals, _ = Surface(head, scalp).sample(SAMPLES, np.random.default_rng(0))
    seen = points @ fit.rotation.T + fit.translation
    towards = -(normals @ fit.rotation.T * seen).sum(1) / np.linalg.norm(seen, axis=1)
    pixels = (seen[:, :2] / seen[:, 2:] * fit.focal + fit.centre).astype(np.float32)[None]

    def at(picture: np.ndarray) -> np.ndarray:
        return cv2.remap(picture, pixels, None, cv2.INTER_LINEAR)[0]

    there = (towards > 0.15) & (at(sitter.inside) > 0.5)
    face = sitter.face_map() > 0.5
    if not there.any() or not face.any():
        return 0.0
    picture = cv2.GaussianBlur(sitter.picture, (0, 0), 2).astype(np.float32) / 255
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    far = (at(lab) - np.median(lab[face], axis=0)) * [0.5, 1, 1]
    unlike = np.abs(far[:, 0]) + np.linalg.norm(far[:, 1:], axis=1) > UNLIKE
    return float(((at(sitter.hair) < 0.3) & unlike)[there].mean())
