"""Donor area: where on a head hair usually stays for life, and grafts are taken from.

It lies behind and at the sides, where a camera in front sees nothing of it: so it is drawn on a head like all
others, not on the person's own.
"""

from __future__ import annotations

import numpy as np

from mirror.hair.loss.skull_coordinates import AXES, in_skull

# How far it reaches up and down, as shares of half of a head's height: at the back about 7 cm, at the sides
# 5. W. P. Unger (Delineating the "safest" donor area for hair transplanting, American Journal of Cosmetic
# Surgery 11, 1994) found of 328 men over 65 where four in five still have hair: about 203 cm² in all.
_BACK, _SIDES = (-0.56, 0.24), (-0.42, 0.14)
# It begins so far before the middle of a head seen from the side, as a share of half its length: at the
# temples.
_TEMPLES = 0.1
SIZE = 203  # cm²


def donor_seen(yaw: float, side: int) -> tuple[np.ndarray, np.ndarray]:
    """A head and its donor area, seen from a direction.

    Args:
        yaw: degrees: 180 from behind, 90 its left side.
        side: pixels of the picture, which the head fills.

    Returns:
        float32 (side, side) each, 0 or 1: the head, and the area on it.
    """
    turn = np.radians(yaw)
    rotation = np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]])
    at = ((np.arange(side) + 0.5) / side * 2 - 1) * 1.05 * float(AXES.max())
    seen = np.stack([*np.meshgrid(at, -at), np.zeros((side, side))], -1)
    ball = in_skull(seen, rotation)
    head = np.linalg.norm(ball, axis=-1) < 1 + 1e-6
    return head.astype(np.float32), (head & donor_at(ball)).astype(np.float32)


def donor_at(ball: np.ndarray) -> np.ndarray:
    """Whether points of a head (..., 3), as on a ball: picture's right, up, forward, are of the area."""
    x, y, z = np.moveaxis(ball, -1, 0)
    backwards = np.clip(-z, 0, 1)
    low, high = (side + (back - side) * backwards for side, back in zip(_SIDES, _BACK, strict=True))
    return (z < _TEMPLES) & (y > low) & (y < high)
