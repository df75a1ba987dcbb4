"""A head fitted to a photograph: pose and camera from the face's landmarks, then its shape to what is seen.

The nearest head of the family is taken and its axes are scaled; what then is left between its landmarks and
those seen, a smooth and limited warp takes up; the skull is brought to the outline where that is known. A
photograph tells directions only: shape changes across the line of sight, and size stays that of the family.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from scipy.interpolate import RBFInterpolator
from scipy.spatial import cKDTree

from mirror.core.errors import MirrorError
from train.groom.head import Head, head_names, load_head
from train.groom.morphs import load_morphs
from train.groom.outline import to_outline
from train.groom.raster import project

LANDMARKS = 468
# Where the focal length is not known it is looked for among these, of the longer side of the picture (a phone
# held near to a portrait cropped out of a wide picture); a face says little about it, so the usual one counts
# as likelier: a doubling costs as much as this share of the least residual.
FOCALS, USUAL_FOCAL, PULL = np.geomspace(0.8, 8.0, 9), 2.0, 0.04
ROUNDS = 5  # of pose and scales in turn
SCALES = (0.8, 1.25)  # an axis may be scaled so far
# The thin plate: how smooth (0 passes through every landmark), its longest shift, cm, and how far from a
# landmark it is whole and where it ends, cm.
SMOOTH, LONGEST, WHOLE, ENDS = 0.5, 1.2, 1.5, 6.0


@dataclass(frozen=True)
class Fit:
    """A head, and the camera that took its picture; see `train.groom.raster.Pinhole`.

    Attributes:
        head: of the family's mesh, so that hair can be grown on it.
        rotation: float64 (3, 3), head to camera; translation: float64 (3,) cm.
        focal: pixels. centre: (x, y) pixels. size: (width, height) pixels of the picture.
        rigid_mm: mean distance of the landmarks from those seen before the warp, mm on the face.
        residual_mm: after it.
    """

    head: Head
    rotation: np.ndarray
    translation: np.ndarray
    focal: float
    centre: tuple[float, float]
    size: tuple[int, int]
    rigid_mm: float
    residual_mm: float


@dataclass(frozen=True)
class Picture:
    """What is known of a photograph.

    Attributes:
        landmarks: (468 or more, 2 or more) pixels, as `mirror.core.face.Face.landmarks` has them.
        size: (width, height) pixels.
        focal: pixels; None where it is not known.
        centre: where the optical axis meets the picture, pixels; None: its middle. A crop says where it was.
        outline: uint8 or bool (height, width), the head without hair (or with hair shorn or flat) and what is
            below it: the person's mask; None where it is not known.
    """

    landmarks: np.ndarray
    size: tuple[int, int]
    focal: float | None = None
    centre: tuple[float, float] | None = None
    outline: np.ndarray | None = None


def fit_head(picture: Picture, name: str = "", bases: Sequence[Head] | None = None) -> Fit:
    """Fits a head to a picture.

    Args:
        name: what the fitted head is called.
        bases: heads to begin with; None: the whole family. The one whose landmarks are nearest is taken.

    Raises:
        MirrorError: the landmarks are none of a face, or the outline is not of this picture or empty.

    Example:
        >>> seen = project(load_head().landmarks, View(...))[:, :2]  # doctest: +SKIP
        >>> fit_head(Picture(seen, (448, 640))).residual_mm < 1  # doctest: +SKIP
        True
    """
    seen = _checked(picture)
    if bases is None:
        bases = [load_head(one) for one in head_names()]
    first = picture.focal or USUAL_FOCAL * max(picture.size)
    base = min(bases, key=lambda one: _pose(one, seen, picture, first, rounds=2).rigid_mm)
    if picture.focal:
        fit = _pose(base, seen, picture, picture.focal)
    else:
        tried = [_pose(base, seen, picture, share * max(picture.size)) for share in FOCALS]
        least = min(one.rigid_mm for one in tried)
        pull = [least * PULL * np.log2(share / USUAL_FOCAL) ** 2 for share in FOCALS]
        fit = tried[int(np.argmin([one.rigid_mm + more for one, more in zip(tried, pull, strict=True)]))]
    shape = _warped(fit, seen)
    if picture.outline is not None:
        shape = to_outline(replace(fit.head, vertices=shape), fit, np.asarray(picture.outline) > 0)
    landmarks = load_morphs().landmarks(shape)
    labels = {**base.labels, "base": base.name}
    head = replace(fit.head, name=name, vertices=shape, landmarks=landmarks, labels=labels)
    return replace(
        fit, head=head, residual_mm=float(np.linalg.norm(_left(head, fit, seen), axis=1).mean() * 10)
    )


def _checked(picture: Picture) -> np.ndarray:
    seen = np.asarray(picture.landmarks, np.float64)
    if seen.ndim != 2 or len(seen) < LANDMARKS or seen.shape[1] < 2:
        raise MirrorError(
            f"Landmarks of shape {seen.shape} are none of a face; {LANDMARKS} or more of x and y are needed, "
            "as the mirror's face tracker tells them."
        )
    seen = np.ascontiguousarray(seen[:LANDMARKS, :2])
    if not np.isfinite(seen).all() or np.ptp(seen, 0).min() < 8:
        raise MirrorError(
            "The landmarks are no face: not numbers, or all in one place. Take another picture."
        )
    if picture.outline is not None:
        width, height = picture.size
        if np.shape(picture.outline) != (height, width):
            raise MirrorError(
                f"The outline is {np.shape(picture.outline)} pixels, the picture {(height, width)}. "
                "Give the outline of the same picture."
            )
        if not np.any(picture.outline):
            raise MirrorError("The outline is empty. Give the mask of the person, or none.")
    return seen


def _pose(base: Head, seen: np.ndarray, picture: Picture, focal: float, rounds: int = ROUNDS) -> Fit:
    """Pose by solvePnP and the scales of width and height by least squares, in turn."""
    centre = picture.centre or ((picture.size[0] - 1) / 2, (picture.size[1] - 1) / 2)
    camera = np.array([[focal, 0, centre[0]], [0, focal, centre[1]], [0, 0, 1]])
    scale, good = np.ones(3), True
    turn = shift = np.zeros((3, 1))
    fit = None
    for _ in range(rounds):
        head = replace(base, vertices=base.vertices * scale, landmarks=base.landmarks * scale)
        points = head.landmarks.astype(np.float64)
        if fit is None:
            good, turn, shift = cv2.solvePnP(points, seen, camera, None, flags=cv2.SOLVEPNP_SQPNP)
        if good:
            good, turn, shift = cv2.solvePnP(points, seen, camera, None, turn, shift, True)
        if not good or shift[2, 0] <= 0:
            raise MirrorError("No pose of a head has these landmarks. Take another picture of the face.")
        fit = Fit(head, cv2.Rodrigues(turn)[0], shift[:, 0], focal, centre, picture.size, 0.0, 0.0)
        left = _left(head, fit, seen)
        fit = replace(fit, rigid_mm=float(np.linalg.norm(left, axis=1).mean() * 10))
        around = head.landmarks - head.landmarks.mean(0)
        left = left - left.mean(0)
        for axis in (0, 2):
            scale[axis] *= 1 + (around[:, axis] @ left[:, axis]) / (around[:, axis] @ around[:, axis])
        scale /= np.sqrt(scale[0] * scale[2])  # the size of all cannot be told from how far off it is
        scale[1] = 1.0
        scale = np.clip(scale, *SCALES).astype(np.float32)
    assert fit is not None
    return fit


def _left(head: Head, fit: Fit, seen: np.ndarray) -> np.ndarray:
    """What is left between the landmarks and those seen, across the line of sight: cm in the head's axes."""
    found = project(head.landmarks, fit)
    across = (seen - found[:, :2]) * found[:, 2:] / fit.focal
    return np.concatenate([across, np.zeros((len(across), 1))], 1) @ fit.rotation


def _warped(fit: Fit, seen: np.ndarray) -> np.ndarray:
    """The vertices, warped so that the landmarks come to lie where they are seen: float32 (V, 3)."""
    head = fit.head
    plate = RBFInterpolator(
        head.landmarks, _left(head, fit, seen), kernel="thin_plate_spline", smoothing=SMOOTH, degree=1
    )
    far, nearest = cKDTree(head.landmarks).query(head.vertices)
    at = head.landmarks[nearest]
    # Beyond the landmarks a thin plate bends away; there what it says at their edge is carried on, and fades.
    edge = at + (head.vertices - at) * np.minimum(1, WHOLE / np.maximum(far, 1e-6))[:, None]
    shift = plate(edge)
    length = np.linalg.norm(shift, axis=1, keepdims=True)
    shift *= LONGEST * np.tanh(length / LONGEST) / np.maximum(length, 1e-9)
    fade = np.clip((ENDS - far) / (ENDS - WHOLE), 0, 1)
    return (head.vertices + shift * (fade * fade * (3 - 2 * fade))[:, None]).astype(np.float32)
