"""The shape of a plain face for tests: an oval where most faces lie in the head square."""

from __future__ import annotations

import numpy as np

from mirror.core.head_space import FACE_SHAPE_SIZE
from mirror.hair.styles.code import OVAL_POINTS


def oval_shape(yaw: float = 0.0) -> np.ndarray:
    """float32 (75,), see `mirror.core.head_space.face_shape`; `yaw` in degrees turns the pose alone."""
    turn = np.linspace(0, 2 * np.pi, OVAL_POINTS, endpoint=False)
    points = np.stack([0.5 + 0.17 * np.sin(turn), 0.54 - 0.23 * np.cos(turn)], 1)
    shape = np.zeros(FACE_SHAPE_SIZE, np.float32)
    shape[: 2 * OVAL_POINTS] = ((points - 0.5) * 4).ravel()
    shape[2 * OVAL_POINTS] = yaw / 30
    return shape
