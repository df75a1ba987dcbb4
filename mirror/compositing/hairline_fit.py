"""Hairline fit: where hair begins, and new hair moved so that it begins where this person's own does.

Where a groom's hairline lay higher, a strip of forehead had to be made up beneath it, and where it lay lower
the person's own did not show; a made forehead is what gives a picture away first.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.head_crop import SIDE
from mirror.core.head_space import EYE_CENTRE, EYE_DISTANCE, oval_of

# Directions from between the eyes in which the line is looked for, degrees from upright, and how far out, in
# distances to the face oval: its top lies below the hairline, and at the temples upon it.
ANGLES = np.arange(-75.0, 76.0, 15.0)
_REACH = np.linspace(0.5, 1.9, 57)
# A line nearer than the first is hair that hangs over the forehead, one beyond the second baldness, which a
# style has or has not by itself; at the temples, ahead of and beyond the angle.
_SEEN, _SEEN_ASIDE, _ASIDE = (1.05, 1.75), (0.93, 1.3), 50.0
_LEAST = 3  # directions of the forehead in which it is seen: a temple alone may be the side of a fringe
_HAIR = 0.5  # alpha above which it is hair

# How much of what is left of the way new hair goes with each look, and how far in all, in eye distances: a
# hairline further away is the style's own, receding or low.
_STEP, _MOST = 0.6, 0.22
# Differences beyond this are another hairline and not the same one elsewhere, eye distances.
_OTHER = 0.4
# Shares of the way to the hairline at which hair begins to move and moves whole; and beyond it, in eye
# distances, where it ends to move whole and moves no more: the outline of the head stays.
_FACE, _BEHIND = (0.75, 0.95), (0.1, 0.55)
_KNOWN = 3  # directions in which both lines are seen, for any to move


@dataclass(frozen=True, slots=True, eq=False)
class Hairline:
    """Where hair begins, seen from between the eyes.

    Attributes:
        reach: float64 (angles,), eye distances; infinite where there is no hair in a direction of `ANGLES`.
        seen: bool (angles,): whether that is a hairline, and neither hair that hangs over the forehead nor
            baldness.
    """

    reach: np.ndarray
    seen: np.ndarray

    @classmethod
    def of(cls, hair: np.ndarray, shape: np.ndarray) -> Hairline:
        """Of hair on a head.

        Args:
            hair: float32 (256, 256), its alpha. shape: of the face, see `mirror.core.head_space.oval_of`.
        """
        oval = oval_of(shape) - EYE_CENTRE
        around = np.arctan2(oval[:, 0], -oval[:, 1])
        order, angles = np.argsort(around), np.radians(ANGLES)
        radii = np.interp(angles, around[order], np.hypot(*oval.T)[order])
        towards = radii[:, None] * np.stack([np.sin(angles), -np.cos(angles)], -1)
        points = (EYE_CENTRE + towards[:, None] * _REACH[:, None]) * SIDE - 0.5
        along = cv2.remap(hair, points.astype(np.float32), None, cv2.INTER_LINEAR) > _HAIR
        line = np.where(along.any(1), _REACH[np.argmax(along, 1)], np.inf)
        aside = np.abs(ANGLES) > _ASIDE
        low, high = (np.where(aside, *both) for both in zip(_SEEN_ASIDE, _SEEN, strict=True))
        seen = (line > low) & (line < high)
        if (seen & ~aside).sum() < _LEAST:
            seen = np.zeros_like(seen)
        return cls(line * radii / EYE_DISTANCE, seen)


class HairlineFit:
    """How far the hairline of one style is moved on one person, direction by direction."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Another person or style."""
        self._shift: np.ndarray | None = None
        self._line = np.zeros(len(ANGLES))

    def look(self, own: Hairline, new: Hairline) -> None:
        """Compares the person's own hairline with that of the hair they wear now, as it lies now."""
        both = own.seen & new.seen
        both[both] = np.abs(own.reach[both] - new.reach[both]) < _OTHER
        if both.sum() < _KNOWN:
            return
        left = np.interp(ANGLES, ANGLES[both], own.reach[both] - new.reach[both])
        # Towards directions in which nothing is known nothing moves.
        near = np.abs(ANGLES[:, None] - ANGLES[both]).min(1)
        left = np.where(near > 0, left * 0.5 * (near <= ANGLES[1] - ANGLES[0]), left)
        before = np.zeros(len(ANGLES)) if self._shift is None else self._shift
        self._shift = np.clip(before + _STEP * left, -_MOST, _MOST)
        self._line = np.interp(ANGLES, ANGLES[both], own.reach[both])

    def displaced(self, nodes: np.ndarray) -> np.ndarray | None:
        """What hair moves, float64 (N, 2); None: nothing.

        Args:
            nodes: float64 (N, 2), right and up from between the eyes, in eye distances.
        """
        if self._shift is None:
            return None
        reach = np.hypot(nodes[:, 0], nodes[:, 1])
        angle = np.degrees(np.arctan2(nodes[:, 0], nodes[:, 1]))
        ends = np.concatenate([[ANGLES[0] - 20], ANGLES, [ANGLES[-1] + 20]])
        shift = np.interp(angle, ends, np.concatenate([[0.0], self._shift, [0.0]]))
        line = np.interp(angle, ANGLES, self._line)
        rises = np.clip((reach / line - _FACE[0]) / (_FACE[1] - _FACE[0]), 0, 1)
        falls = np.clip((_BEHIND[1] - (reach - line)) / (_BEHIND[1] - _BEHIND[0]), 0, 1)
        return nodes * (shift * rises * falls / np.maximum(reach, 1e-6))[:, None]
