"""Likeness: how far apart two people's hair and faces are, in numbers that say something."""

from __future__ import annotations

import numpy as np

from mirror.app.lab.principal_components import Components
from mirror.core.head_space import EYE_DISTANCE
from mirror.core.pose_warp import OVAL_POINTS, PITCH_BELIEVED, turned_oval


def hair_apart(components: Components, z: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distances of hair by style code: 0 is the same, 1 as far as two people usually are.

    Args:
        z: (128,); others: (N, 128).

    Returns:
        float64 (N,): Euclidean, over the root mean square distance of two draws from the prior.
    """
    return np.linalg.norm(others.astype(np.float64) - z, axis=1) / components.usual


def faces_apart(shape: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distances of faces by their ovals, both turned to look at the camera.

    Args:
        shape: float32 (75,), see `mirror.core.head_space.face_shape`; others: float32 (N, 75).

    Returns:
        float64 (N,): root mean square distance of the oval's points, in eye distances (0.1: a tenth).
    """
    mine = frontal(shape)
    gaps = np.array([np.square(frontal(other) - mine).sum(1).mean() for other in others])
    return np.sqrt(gaps) / EYE_DISTANCE


def frontal(shape: np.ndarray) -> np.ndarray:
    """The face oval of a face shape, float32 (75,), as if it looked at the camera: float64 (36, 2), unit."""
    oval = shape[: 2 * OVAL_POINTS].reshape(-1, 2).astype(np.float64) / 4 + 0.5
    yaw, pitch = np.radians(np.clip(shape[2 * OVAL_POINTS : 2 * OVAL_POINTS + 2] * 30.0, -60, 60))
    return turned_oval(oval, (float(yaw), float(pitch) * PITCH_BELIEVED), (0.0, 0.0))
