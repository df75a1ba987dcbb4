"""Heads close together: whose hair is whose, and who is in front.

A matte network takes all the hair in a head's square for that head's. Where somebody else leans in, their
hair is left to them, and they are no wall that could be carried on; and where they are in front (lower in
the picture: whoever sits, or is a child on a lap, is nearer than who stands behind), they stay in front of
the new hair too.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from mirror.core.head_space import HeadTransform
from mirror.core.push_pull_fill import FILL_SIDE
from mirror.segmentation.matting import Mattes

# Where a head with its hair mostly is in its own square, shares of the side: middle, half width and height.
_MIDDLE, _HALF = np.array((0.5, 0.44)), np.array((0.27, 0.33))
# Below the chin distances count so much less: hair and shoulders hang down.
_HANGS, _CHIN = 0.4, 0.7
# How far another's head reaches, in such halves, and how softly it ends.
_REACH, _SOFT = 1.3, 0.12
_UNITS = np.stack(np.meshgrid(*[(np.arange(FILL_SIDE) + 0.5) / FILL_SIDE] * 2), -1).reshape(-1, 2)


def apart(mattes: Mattes, transform: HeadTransform, others: Sequence[HeadTransform]) -> Mattes:
    """The mattes of a head, less what is somebody else's.

    Args:
        mattes: as the network has them.
        transform: of this head; others: of all other heads in the frame, near or far.

    Returns:
        `mattes` itself where nobody is near. Of somebody in front, `front` has all that is seen.
    """
    hair, person, front = mattes.hair, mattes.person, mattes.front
    for other in others:
        theirs = _theirs(transform, other)
        if theirs is None:
            continue
        share = cv2.resize(theirs, hair.shape[::-1], interpolation=cv2.INTER_LINEAR)
        if other.y > transform.y:
            front = cv2.max(front, cv2.multiply(share, cv2.max(mattes.person, mattes.hair)))
        hair, person = cv2.multiply(hair, 1 - share), cv2.max(person, share)
    return mattes if hair is mattes.hair else Mattes(hair, person, front)


def in_front_last(places: Sequence[HeadTransform]) -> list[int]:
    """The order in which heads are drawn: who is behind first."""
    return sorted(range(len(places)), key=lambda number: places[number].y)


def _theirs(transform: HeadTransform, other: HeadTransform) -> np.ndarray | None:
    """How much of each cell of a head's square is another's head, float32 (64, 64); None: nothing."""
    frame = transform.to_frame(_UNITS)
    near, far = _distance(_UNITS), _distance(other.to_unit(frame))
    share = np.minimum(_REACH - far, near - far) * (1 / _SOFT) + 0.5
    share = np.clip(share, 0, 1).astype(np.float32).reshape(FILL_SIDE, FILL_SIDE)
    return share if share.any() else None


def _distance(units: np.ndarray) -> np.ndarray:
    """How far points of a head's square are from the middle of the head, 1 at its outline."""
    x, y = ((units - _MIDDLE) / _HALF).T
    hangs = (_CHIN - _MIDDLE[1]) / _HALF[1]
    return np.hypot(x, np.where(y > hangs, hangs + (y - hangs) * _HANGS, y))
