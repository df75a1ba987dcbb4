"""Head pose: how a groom's head would have to be turned and moved to be this face."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

# Landmarks that neither speech nor mimicry moves: forehead, bridge of the nose, corners of the eyes, temples,
# cheekbones, the upper half of the face oval.
RIGID = (
    10, 151, 9, 8, 168, 6, 197, 195, 33, 133, 362, 263, 127, 356, 234, 454, 109, 338, 67, 297, 103, 332, 54,
    284, 21, 251, 162, 389, 50, 280, 117, 346, 123, 352, 93, 323,
)  # fmt: skip
_RIGID = np.array(RIGID)


@dataclass(frozen=True, slots=True)
class HeadPose:
    """A pose.

    Attributes:
        rotation: float64 (3, 3): head axes (left, back, up) -> camera axes (right, down, forward).
        yaw, pitch: degrees, as `mirror.core.face.Face.pose` tells them.
    """

    rotation: np.ndarray
    yaw: float
    pitch: float


def pose_of(head: np.ndarray, face: np.ndarray) -> HeadPose:
    """The rotation that fits a head to a face best (Kabsch 1976, Umeyama 1991).

    Args:
        head: float (468, 3) cm: landmarks of the groom's head.
        face: float (478, 3): those of `mirror.core.face.Face.landmarks`.
    """
    mine, theirs = (one[_RIGID].astype(np.float64) for one in (head, face))
    # The other points' own mean falls out against offsets that add up to nothing.
    left, _, right = np.linalg.svd(theirs.T @ (mine - mine.mean(0)))
    if np.linalg.det(left @ right) < 0:
        left[:, 2] *= -1
    rotation = left @ right
    # The axes from temple to temple and from forehead to chin of a head that looks straight ahead.
    across, down = rotation[:, 0].tolist(), (-rotation[:, 2]).tolist()
    yaw = math.degrees(math.atan2(across[2], math.hypot(across[0], across[1])))
    pitch = math.degrees(math.atan2(-down[2], math.hypot(down[0], down[1])))
    return HeadPose(rotation, yaw, pitch)


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The similarity from points to points with the least squares, float64 (2, 3).

    Example:
        >>> square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
        >>> similarity(square, square * 2 + 3).round(6).tolist()
        [[2.0, 0.0, 3.0], [0.0, 2.0, 3.0]]
    """
    # As complex numbers a similarity is a product and a sum.
    x, y = (points.astype(np.float64) @ (1, 1j) for points in (source, target))
    middle, there = x.mean(), y.mean()
    x = x - middle
    turn = complex(np.vdot(x, y) / np.vdot(x, x).real)
    shift = complex(there - turn * middle)
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def inverse(matrix: np.ndarray) -> np.ndarray:
    """Of an affine map, float64 (2, 3)."""
    # By hand: a library that starts threads for two numbers takes milliseconds on a busy machine.
    (a, b, x), (c, d, y) = matrix.tolist()
    over = 1 / (a * d - b * c)
    a, b, c, d = d * over, -b * over, -c * over, a * over
    return np.array([[a, b, -a * x - b * y], [c, d, -c * x - d * y]])


def moved(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Points (..., 2) through an affine map."""
    return points @ matrix[:, :2].T + matrix[:, 2]
