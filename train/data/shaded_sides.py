"""Shaded sides: hair labels of a dark ear, cheek and jaw are those of the lit side of the same head.

A teacher takes what a studio leaves in the dark for hair. The other ear, in the light, tells how far hair
reaches down: on heads whose hair is short there, no more of it is believed on the dark side.
"""

from __future__ import annotations

import cv2
import numpy as np

# Sides whose faces differ less than this in brightness are lit alike.
DARKER = 0.8
# A face turned so far has no two sides to compare: width of one half of the face over the other's.
TURNED = 1.5
# Hair is short on a side where no more than this share of a row of the head's square is hair, from here on
# down, in heights of the face's box.
SHORT, MOUTH = 0.02, 0.75
# Sides are not quite mirror images: so much further hair may reach, share of the square's side.
REACH = 0.03
# Above the eyes both sides have hair: the labels stay. Share of the face's box, and over how much of it.
EYES, SOFT = 0.22, 0.06


def shaded_side_as_lit(item: dict[str, np.ndarray]) -> dict[str, np.ndarray] | None:
    """A head whose matte has no more hair on its dark side than short hair on its lit side allows.

    Args:
        item: of `Shards`: image uint8 (S, S, 3), matte, face and valid uint8 (S, S).

    Returns:
        The head, as it came where both sides are lit alike or hair is long; None where the face is turned too
        far to tell, and is unevenly lit.
    """
    face = item["face"] > 127
    rows, columns = (np.flatnonzero(face.any(axis)) for axis in (1, 0))
    if not len(rows):
        return item
    side = face.shape[0]
    middle = side / 2  # the eyes lie level with it between them
    grey = cv2.cvtColor(item["image"], cv2.COLOR_RGB2GRAY)
    seen = face & (item["valid"] > 127)
    left, right = (seen & half for half in _halves(side))
    if not left.any() or not right.any():
        return item
    brightness = [float(grey[one].mean()) + 1 for one in (left, right)]
    if min(brightness) > DARKER * max(brightness):
        return item
    widths = middle - columns[0], columns[-1] + 1 - middle
    if max(widths) > TURNED * max(min(widths), 1):
        return None
    dark = _halves(side)[0 if brightness[0] < brightness[1] else 1]
    top, height = rows[0], rows[-1] + 1 - rows[0]
    lit_hair = (item["matte"] > 127) & ~dark
    if lit_hair[int(top + MOUTH * height) :].mean(1).max(initial=0) > SHORT:
        return item
    turned = np.ascontiguousarray(item["matte"][:, ::-1])
    reach = 2 * round(REACH * side) + 1
    allowed = cv2.dilate(turned, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    below = np.clip((np.arange(side) - (top + EYES * height)) / (SOFT * height), 0, 1)[:, None]
    kept = np.where(dark, np.maximum(allowed, 255 * (1 - below)), 255)
    # The shade under a jaw reaches over the middle.
    jaw = np.clip((np.arange(side) - (top + MOUTH * height)) / (SOFT * height), 0, 1)[:, None]
    kept = np.minimum(kept, 255 * (1 - jaw))
    return item | {"matte": np.minimum(item["matte"], kept).astype(np.uint8)}


def _halves(side: int) -> tuple[np.ndarray, np.ndarray]:
    """bool (S, S) each: left and right of the middle."""
    left = np.broadcast_to(np.arange(side)[None] < side / 2, (side, side))
    return left, ~left
