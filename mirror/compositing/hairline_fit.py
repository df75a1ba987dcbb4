"""Hairline fit: new hair moved so that its hairline lies where this person's own is.

Where a groom's hairline lay higher, a strip of forehead had to be made up beneath it, and where it lay lower
the person's own did not show; a made forehead is what gives a picture away first.
"""

from __future__ import annotations

import numpy as np

from mirror.compositing.own_hairline import ANGLES, Hairline

# How much of what is left of the way new hair goes with each look, and how far in all, in eye distances: a
# hairline further away is the style's own, receding or low.
_STEP, _MOST = 0.6, 0.22
# Differences beyond this are another hairline and not the same one elsewhere, eye distances.
_OTHER = 0.4
# Shares of the way to the hairline at which hair begins to move and moves whole; and beyond it, in eye
# distances, where it ends to move whole and moves no more: the outline of the head stays.
_FACE, _BEHIND = (0.75, 0.95), (0.1, 0.55)
_KNOWN = 3  # directions in which both lines are seen, for any to move


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
        both = own.seen & new.seen & (np.abs(own.reach - new.reach) < _OTHER)
        if both.sum() < _KNOWN:
            return
        left = np.interp(ANGLES, ANGLES[both], (own.reach - new.reach)[both])
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
