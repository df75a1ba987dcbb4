"""The skull: how far a head reaches beneath its hair, by the face alone; heads are much alike."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.core.head_space import EYE_CENTRE, fill_polygon

# The radius of a head from the middle of the face at the height of the eyes, in halves of the face's width,
# at these degrees above the eye line: medians of 12 bald portraits, both sides; they spread by 8%.
_DEGREES = (-20.0, 0.0, 15.0, 30.0, 45.0, 60.0, 75.0, 90.0)
_RADII = (1.10, 1.10, 1.14, 1.27, 1.40, 1.47, 1.51, 1.53)
WIDE, HIGH = _RADII[1], _RADII[-1]
# How far the back of the head comes into sight as the nose turns away, in halves of the face's width at 90
# degrees of yaw.
BACK = 0.5
# How far the top of a head lies behind the eyes, of its height above them: as the face looks up it sinks
# away. At this many degrees the heads above were measured; beyond so many on either side nothing is known.
# Of 140 portraits with thin hair the silhouette's top falls from 1.80 halves at -15 degrees to 1.64 at 0.
_DEEP, _USUAL_PITCH, _PITCHES = 0.36, -7.0, 25.0
_RAYS = np.radians(np.arange(-20.0, 201.0, 5.0)).astype(np.float32)
_PRIOR = np.interp(90 - np.abs(np.degrees(_RAYS) - 90), _DEGREES, _RADII).astype(np.float32)
_SOFT = 0.8  # pixels of 256: an edge as a camera sees it


@dataclass(frozen=True, slots=True)
class Skull:
    """Where the skull of one face ends, above the eyes.

    Attributes:
        middle: x of its middle at the height of the eyes, unit coordinates.
        half: half of the face's width, unit coordinates.
        back: how far the back of the head comes into sight, in `half`, towards negative or positive x.
        tall: how high its top is seen, of what it is at a usual pitch.
    """

    middle: float
    half: float
    back: float
    tall: float = 1.0

    @classmethod
    def of(cls, shape: np.ndarray) -> Skull:
        """That of a face, `shape` float32 (75,), see `mirror.core.head_space.face_shape`."""
        across = shape[: 2 * len(FACE_OVAL) : 2].astype(np.float64) / 4 + 0.5
        low, high = float(across.min()), float(across.max())
        back = -float(np.sin(np.radians(shape[2 * len(FACE_OVAL)] * 30))) * BACK
        pitch = float(np.clip(shape[2 * len(FACE_OVAL) + 1] * 30, -_PITCHES, _PITCHES))
        return cls((low + high) / 2, (high - low) / 2, back, _height(pitch) / _height(_USUAL_PITCH))

    def outline(self) -> np.ndarray:
        """The outline from ear to ear, over the top: unit points (45, 2)."""
        way = np.stack([np.cos(_RAYS), -np.sin(_RAYS)], 1)
        radii = _PRIOR * np.float32(self.half) * (1 + np.float32(self.tall - 1) * way[:, 1] ** 2)
        # The back of a head that is turned away: there the skull is further off.
        radii = radii + np.maximum(way[:, 0] * np.sign(self.back), 0) * np.float32(abs(self.back) * self.half)
        return np.array([self.middle, EYE_CENTRE[1]]) + way * radii[:, None]

    def alpha(self, side: int) -> np.ndarray:
        """The skull as a matte, float32 (side, side), 0 to 1; of what is below the eyes it says nothing.

        Example:
            >>> skull = Skull(middle=0.5, half=0.2, back=0.0).alpha(256)
            >>> float(skull[60, 128]), float(skull[20, 128])
            (1.0, 0.0)
        """
        drawn = fill_polygon(self.outline(), side)
        return cv2.GaussianBlur(drawn, (0, 0), _SOFT * side / 256).astype(np.float32) * np.float32(1 / 255)


def _height(pitch: float) -> float:
    """How high a head is seen above the eyes at so many degrees, of its height at 0."""
    return float(np.cos(np.radians(pitch)) - _DEEP * np.sin(np.radians(pitch)))
