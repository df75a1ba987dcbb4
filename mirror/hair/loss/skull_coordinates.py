"""Skull coordinates: places on a head that stay where they are while it turns.

Every head is taken for one ellipsoid, fixed to the middle between the eyes and turned as the face is. A place
on it has two angles: how far aside, from the middle of the forehead, and how far back over the top. What is
told in them is drawn at another pose where the same place of the head is then.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.core.head_space import EYE_CENTRE, EYE_DISTANCE

# From the middle of one eye to that of the other, cm: mean of adults (Dodgson, Variation and extrema of human
# interpupillary distance, 2004: 63 mm, standard deviation 3.6). It is what tells how large a head is.
EYES_APART = 6.3
EYES_SPREAD = 0.36
# Half of a head's breadth, height over its middle, and half of its length, cm, and where that middle lies
# from between the eyes: up, and towards the camera. Breadth 15.2, length 19.6 and 11.5 from the eyes to the
# top are near the means of men and women in ANSUR II (Gordon and others, 2014).
AXES = np.array([7.6, 9.0, 9.8])
_MIDDLE = np.array([0.0, 2.5, -8.3])
# What MediaPipe says of the pitch of a face that looks straight ahead, degrees: see
# `mirror.removal.skull_shape`. Beyond so many, to either side, the sides of a head are guessed.
_LEVEL, _MOST = -7.0, 60.0
# How high short hair stands in the middle of the top (see `SkullCoordinates.beside`), how softly it ends
# there, and how far aside, degrees, it stands no more.
_HIGH, _OFF, _TOP = 0.11, 0.05, 70.0


@dataclass(frozen=True, eq=False)
class SkullCoordinates:
    """Of a head at one pose.

    Attributes:
        rotation: float64 (3, 3): head axes (picture's right, up, towards the camera) -> the camera's.
        scale: unit coordinates of the head-space square a cm.
    """

    rotation: np.ndarray
    scale: float

    @classmethod
    def of(cls, shape: np.ndarray) -> SkullCoordinates:
        """Those of a face, `shape` float32 (75,), see `mirror.core.head_space.face_shape`."""
        first = 2 * len(FACE_OVAL)
        yaw, pitch = (float(np.clip(value * 30, -_MOST, _MOST)) for value in shape[first : first + 2])
        return cls.at(yaw, pitch)

    @classmethod
    def at(cls, yaw: float, pitch: float) -> SkullCoordinates:
        """Those of a head at a pose, degrees, see `mirror.core.face.Face.pose`."""
        turn, up = np.radians(yaw), np.radians(pitch - _LEVEL)
        (c, s), (k, n) = (np.cos(turn), np.sin(turn)), (np.cos(up), np.sin(up))
        across = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
        nod = np.array([[1, 0, 0], [0, k, n], [0, -n, k]])
        # Eyes that look aside are nearer to each other in the picture, and the square smaller for it.
        return cls(across @ nod, EYE_DISTANCE / (EYES_APART * float(c)))

    def places(self, points: np.ndarray) -> np.ndarray:
        """The places that are seen at points of the square.

        Args:
            points: (..., 2), unit coordinates.

        Returns:
            float64 (..., 2), degrees: aside (negative towards the picture's left of a head that looks at the
            camera) and back (0 at the height of the skull's middle, 90 at the top). Beside the skull: those
            of its nearest edge, for hair stands off it.
        """
        ball = self._nearest(points)
        return _angles(ball / np.linalg.norm(ball, axis=-1, keepdims=True))

    def _nearest(self, points: np.ndarray) -> np.ndarray:
        """Where a ray from the camera meets the skull, or is nearest to it, in a space in which that is a
        ball of radius 1: (..., 3)."""
        away = (np.asarray(points, np.float64) - EYE_CENTRE) / self.scale
        seen = np.stack([away[..., 0], -away[..., 1], np.zeros(away.shape[:-1])], -1)
        return in_skull(seen - self.rotation @ _MIDDLE, self.rotation)

    def points(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where places lie in the square, and whether they are seen.

        Args:
            places: (..., 2), degrees, as `places` gives them.

        Returns:
            float64 (..., 2), unit coordinates; bool (...).
        """
        ball = _ball(places)
        at = (ball * AXES + _MIDDLE) @ self.rotation.T
        facing = (ball / AXES) @ self.rotation[2]
        return at[..., :2] * (self.scale, -self.scale) + EYE_CENTRE, facing > 0

    def area(self, side: int) -> np.ndarray:
        """How much skin of the skull a pixel shows.

        Returns:
            float64 (side, side), cm² a pixel of a square of `side` pixels; 0 beside the skull. Where the
            skin is seen so much from the side that nobody could measure it, what is seen at 70 degrees.
        """
        ball = self._nearest(grid(side))
        on = np.linalg.norm(ball, axis=-1) < 1 + 1e-6
        normal = ball / AXES
        facing = (normal @ self.rotation[2]) / np.linalg.norm(normal, axis=-1)
        return on / (side * self.scale) ** 2 / np.maximum(facing, np.cos(np.radians(70.0)))

    @cached_property
    def seen(self) -> np.ndarray:
        """The places of a square of `SIDE` pixels, float64 (SIDE, SIDE, 2), degrees."""
        return _angles(self._square / np.sqrt(np.einsum("...i,...i", self._square, self._square))[..., None])

    @cached_property
    def beside(self) -> np.ndarray:
        """How far beside the skull each pixel of such a square lies, float64 (SIDE, SIDE): 0 upon it, 1 where
        it is twice as far from the skull's middle as the skull reaches."""
        return np.maximum(np.sqrt(np.einsum("...i,...i", self._square, self._square)) - 1, 0)

    @cached_property
    def standing(self) -> np.ndarray:
        """Where short hair that grows on the skull is seen, float32 (SIDE, SIDE), 0 to 1.

        It stands up from the top of a head; at the sides it would be tufts that stand off.
        """
        high = _HIGH * np.maximum(1 - (self.seen[..., 0] / _TOP) ** 2, 0)
        share = np.clip((high - self.beside) / _OFF + 0.5, 0, 1)
        return (share * share * (3 - 2 * share)).astype(np.float32)

    @cached_property
    def _square(self) -> np.ndarray:
        return self._nearest(grid(SIDE))


SIDE = 128


def from_level(shape: np.ndarray) -> float:
    """How many degrees a face looks up or down, of `shape` as for `SkullCoordinates.of`."""
    return abs(float(shape[2 * len(FACE_OVAL) + 1]) * 30 - _LEVEL)


def in_skull(seen: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Where rays from the camera meet a skull, or are nearest to it.

    Args:
        seen: (..., 3) cm, points of the rays in the camera's axes, from the skull's middle.
        rotation: see `SkullCoordinates.rotation`.

    Returns:
        float64 (..., 3), in head axes, in a space in which the skull is a ball of radius 1.
    """
    start, along = seen @ rotation / AXES, rotation[2] / AXES
    square, half = along @ along, start @ along
    left = half**2 - square * (np.einsum("...i,...i", start, start) - 1)
    far = (-half + np.sqrt(np.maximum(left, 0))) / square
    return start + far[..., None] * along


def grid(side: int) -> np.ndarray:
    """The middles of the pixels of a square, float64 (side, side, 2), unit coordinates."""
    at = (np.arange(side) + 0.5) / side
    return np.stack(np.meshgrid(at, at), -1)


def _angles(ball: np.ndarray) -> np.ndarray:
    """Places of points on a ball (..., 3): aside of the middle plane, and back along it."""
    x, y, z = np.moveaxis(ball, -1, 0)
    return np.degrees(np.stack([np.arcsin(np.clip(x, -1, 1)), np.arctan2(y, z)], -1))


def _ball(places: np.ndarray) -> np.ndarray:
    aside, back = np.moveaxis(np.radians(np.asarray(places, np.float64)), -1, 0)
    return np.stack([np.sin(aside), np.cos(aside) * np.sin(back), np.cos(aside) * np.cos(back)], -1)
