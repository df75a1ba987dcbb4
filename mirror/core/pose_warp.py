"""Turning: planes that lie on one head (a style's shape, its detail map) laid on a head turned otherwise.

Head space pins the eyes, and the eyes are in front of the head: when it turns, the skull slides the other
way behind them, and what is painted on its front slides less. Each plane is therefore taken to bulge towards
the camera, about the head's centre. Its rim, the outline of the hair, moves with that centre: an outline is
where the eye glances off, not a mark on the head, so it does not turn. What lies inside moves by its depth.
What then is left between the two face ovals (a broader face, a longer chin) is an affine transform.

The numbers of the bulge were found on 250 portraits turned by 8 to 26 degrees: a portrait seen in a mirror
shows the same hair turned the other way, so its matte, turned by twice its yaw, is compared with itself
mirrored. Soft IoU on 250 others: 0.28 as it is, 0.38 by the affine transform of the ovals alone, 0.55 this
way; the two sides of hair that faces the camera agree to 0.62. A true ellipsoid gives 0.56, and folds where
its rim is steep; this one stretches hair by at most 2.6 at 38 degrees.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.core.head_space import EYE_CENTRE, fill_polygon

OVAL_POINTS = len(FACE_OVAL)
# All lengths are in sides of the square, for a head that looks at the camera. The head's centre lies so far
# behind the midpoint of the eyes, and below it.
DEPTH, BELOW = 0.26, 0.03
# How far the bulge reaches across and down from there, and its height towards the camera.
ACROSS, DOWN, FORWARD = 0.34, 0.53, 0.22
# A tracker's pitch tells heads apart by their foreheads too, so only this much of a difference is believed.
PITCH_BELIEVED = 0.7
# How far in front of the eyes the points of the face oval lie: cosines of once to three times the way round
# it (least squares over 8,000 faces, largest error 0.013).
_AROUND = 2 * np.pi * np.arange(OVAL_POINTS) / OVAL_POINTS
OVAL_FORWARD = -0.08 - 0.0044 * np.cos(_AROUND) + 0.1141 * np.cos(2 * _AROUND) + 0.0082 * np.cos(3 * _AROUND)
# At so many degrees between two poses half of the affine rest is believed, and never less than the floor:
# the turned ovals say less of the faces' proportions, and a transform built on them would shear the hair.
HALF_BELIEVED = 12.0
LEAST_BELIEVED = 0.25

# Degrees of yaw at which a face begins to hide the hair on its far side, and at which it does.
FAR_SIDE = (8.0, 20.0)
# That is so below the brows only; above them hair grows down to where the oval has its edge. Sideways it
# begins between the eyes and is whole so much further.
BROWS, LASHES = 0.38, 0.44
EDGE = 0.06

# Face shapes that differ by no more are the same to the eye.
SAME_SHAPE = 0.008
# Differences, in that unit, at which a shape is followed at once.
_AT_ONCE = 12.0

_EYES = np.array(EYE_CENTRE)


def sources(
    theirs: np.ndarray, mine: np.ndarray, side: int, *, same_face: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Where each pixel of a plane on my head is taken from on theirs.

    Args:
        theirs, mine: float32 (75,), face shapes (see `mirror.core.head_space.face_shape`).
        side: pixels of the square planes.
        same_face: both are of one person, who has turned: what else differs is a mouth that opens.

    Returns:
        x and y in pixels, float32 (side, side) each, as cv2.remap takes them.
    """
    there, here = _pose(theirs), _pose(mine)
    affine = np.eye(2, 3)
    if not same_face:
        affine = _rest(turned_oval(_oval(theirs), there, here), _oval(mine), there, here)
    inverse = cv2.invertAffineTransform(affine)
    place = ((np.arange(side) + 0.5) / side).astype(np.float32)
    x = inverse[0, 0] * place + (inverse[0, 1] * place + inverse[0, 2])[:, None]
    y = inverse[1, 0] * place + (inverse[1, 1] * place + inverse[1, 2])[:, None]
    (yaw_there, _), (yaw_here, _) = there, here
    x, y = x.astype(np.float32) - np.float32(_EYES[0]), y.astype(np.float32) - np.float32(_EYES[1])
    # The eyes' distance is the unit; turned away it is foreshortened, so all else seems larger.
    near, far = np.float32(np.cos(yaw_here)), np.float32(1 / np.cos(yaw_there))
    (right, down), (right_there, down_there) = _centre(*here), _centre(*there)
    x, y = x * near - np.float32(right), y * near - np.float32(down)
    front = np.float32(1) - (x * x * np.float32(ACROSS**-2) + y * y * np.float32(DOWN**-2))
    front = np.maximum(front, 0, out=front)
    front *= front
    lean_x = FORWARD * (np.sin(there[0]) - np.sin(here[0]))
    lean_y = -FORWARD * (np.sin(there[1]) - np.sin(here[1]))
    x = (x + front * np.float32(lean_x) + np.float32(right_there)) * far + np.float32(_EYES[0])
    y = (y + front * np.float32(lean_y) + np.float32(down_there)) * far + np.float32(_EYES[1])
    # Hair that leaves the square at the bottom goes on below it; at the other edges it is rare.
    return x * side - np.float32(0.5), np.minimum(y * side - np.float32(0.5), np.float32(side - 1))


def differs(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two face shapes, float32 (75,), differ to the eye: by half a pixel or 0.25 degrees."""
    return bool(np.abs(one - other).max() > SAME_SHAPE)


def followed(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """A face shape on its way to another, float32 (75,): at rest while they are the same to the eye.

    Measured shapes tremble. Taken as they come as soon as they differ, fine strands would jump by half a
    pixel now and then; so a small difference is made up for little by little, a large one at once.

    Example:
        >>> still = np.zeros(75, np.float32)
        >>> followed(still, still + 0.9 * SAME_SHAPE) is still
        True
        >>> far = [followed(still, still + x * SAME_SHAPE).max() / SAME_SHAPE for x in (1.5, 5, 20)]
        >>> [round(float(x), 2) for x in far]
        [0.19, 2.08, 20.0]
    """
    far = float(np.abs(other - one).max()) / SAME_SHAPE
    if far <= 1:
        return one
    share = min(far / _AT_ONCE, 1)
    return one + (other - one) * np.float32(share)


def laid(
    coarse: np.ndarray, detail: np.ndarray, theirs: np.ndarray, mine: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A hair's shape and its detail map, lying on their head, laid on mine.

    Args:
        coarse, detail: float32 (S, S) and (N, S, S).
        theirs, mine: float32 (75,), face shapes.

    Returns:
        New arrays of the same shapes; 0 where they come from beyond the edges.
    """
    side = coarse.shape[0]
    x, y = cv2.convertMaps(*sources(theirs, mine, side), cv2.CV_16SC2)
    turned_away = _ramp(abs(_pose(mine)[0]), *FAR_SIDE)
    planes = [coarse, *detail]
    if turned_away > 0:
        planes.append(_face(theirs, side))
    out: list[np.ndarray] = []
    for first in range(0, len(planes), 4):  # as many at once as cv2.remap takes
        out += cv2.split(cv2.remap(cv2.merge(planes[first : first + 4]), x, y, cv2.INTER_LINEAR))
    if turned_away > 0:
        # Hair beside the face is behind the face where that turns before it; hair on the face stays.
        hides = _face(mine, side) * _far_side(mine, side) * np.float32(turned_away)
        out[0] *= 1 - hides * (1 - out.pop())
    return out[0], np.stack(out[1:])


def turned_oval(oval: np.ndarray, there: tuple[float, float], here: tuple[float, float]) -> np.ndarray:
    """A face oval, unit points (36, 2), as it would be if that head turned from one pose to another.

    Args:
        there, here: yaw and pitch in radians.
    """
    flat = (oval - _EYES) * np.cos(there[0])
    across = OVAL_FORWARD * (np.sin(here[0]) - np.sin(there[0]))
    up = OVAL_FORWARD * (np.sin(here[1]) - np.sin(there[1]))
    return np.stack([flat[:, 0] + across, flat[:, 1] - up], 1) / np.cos(here[0]) + _EYES


def _face(shape: np.ndarray, side: int) -> np.ndarray:
    """The inside of a face oval, float32 (side, side), 0 to 1."""
    # Its hull: on the far side of a turned head the tracker's oval has dents.
    oval = cv2.convexHull(_oval(shape).astype(np.float32))[:, 0]
    return fill_polygon(oval, side).astype(np.float32) * np.float32(1 / 255)


def _far_side(shape: np.ndarray, side: int) -> np.ndarray:
    """The half of the square that a turned head shows less of, below the brows: float32 (side, side)."""
    place = (np.arange(side, dtype=np.float32) + np.float32(0.5)) / side
    below = np.clip((place - BROWS) / (LASHES - BROWS), 0, 1)
    beyond = (place - np.float32(_EYES[0])) * np.float32(math.copysign(1 / EDGE, _pose(shape)[0]))
    return np.outer(below, np.clip(beyond, 0, 1))


def _ramp(angle: float, low: float, high: float) -> float:
    """0 up to `low` degrees, 1 from `high` on; the angle in radians."""
    return min(max((np.degrees(angle) - low) / (high - low), 0.0), 1.0)


def _rest(
    oval: np.ndarray, other: np.ndarray, there: tuple[float, float], here: tuple[float, float]
) -> np.ndarray:
    """The affine transform (2, 3), in unit coordinates, that takes one oval to another as far as believed."""
    source = np.hstack([oval, np.ones((OVAL_POINTS, 1))])
    affine = np.linalg.lstsq(source, other, rcond=None)[0].T
    apart = np.degrees(np.hypot(there[0] - here[0], there[1] - here[1]))
    believed = max(LEAST_BELIEVED, 1 / (1 + (apart / HALF_BELIEVED) ** 2))
    return np.eye(2, 3) + believed * (affine - np.eye(2, 3))


def _centre(yaw: float, pitch: float) -> tuple[float, float]:
    """Where the head's centre lies from the eyes in the picture: right and down."""
    down, back = BELOW * np.cos(pitch) + DEPTH * np.sin(pitch), DEPTH * np.cos(pitch) - BELOW * np.sin(pitch)
    return float(-back * np.sin(yaw)), float(down)


def _oval(shape: np.ndarray) -> np.ndarray:
    return shape[: 2 * OVAL_POINTS].reshape(-1, 2).astype(np.float64) / 4 + 0.5


def _pose(shape: np.ndarray) -> tuple[float, float]:
    """Yaw and believed pitch in radians, no further than a face can be seen."""
    yaw, pitch = np.radians(np.clip(shape[2 * OVAL_POINTS : 2 * OVAL_POINTS + 2] * 30.0, -60, 60))
    return float(yaw), float(pitch) * PITCH_BELIEVED
