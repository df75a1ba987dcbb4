"""Scene light: grown hair is bright and dark where the person's own hair is.

A face says little of the light that hair stands in: a lamp from behind, a window at one side, the shade under
a hat. The person's own hair stands in it. What of its brightness changes slowly is light; strands and locks
change quickly.
"""

from __future__ import annotations

import cv2
import numpy as np

from train.groom.tones import REC709

# Light changes over this many eye distances; locks are narrower.
SLOW = 0.3
# Both hairs must be this opaque for a comparison.
OPAQUE = 0.85
# Hair shades itself in ways of its own cut: so much of the difference is taken for light.
FOLLOWED = 0.85
# At most so many times brighter or darker.
MOST = 2.5
# Where less than this share of the neighbourhood can be compared, the change fades away.
FEW = 0.08
# Added before logarithms, linear: black hair is the sensor's noise.
DARK = 0.004


def scene_light(
    layer: np.ndarray, picture: np.ndarray, hair: np.ndarray, eye_distance: float
) -> np.ndarray | None:
    """By how much hair is brighter or darker for standing where own hair stands.

    Args:
        layer: float32 (H, W, 4), premultiplied linear light: the new hair, of about the own hair's mean
            brightness. picture: float32 (H, W, 3), linear light. hair: float32 (H, W), the own hair's
            matte, 0 to 1. eye_distance: pixels.

    Returns:
        float32 (H, W), a factor for linear colours, 1 where nothing is known; None: nowhere is.
    """
    alpha = layer[..., 3]
    both = ((alpha > OPAQUE) & (hair > OPAQUE)).astype(np.float32)
    if both.mean() < 1e-4:
        return None
    sigma = SLOW * eye_distance
    share = cv2.GaussianBlur(both, (0, 0), sigma)

    def slow(colours: np.ndarray) -> np.ndarray:
        light = np.log(np.maximum(colours @ REC709, 0) + DARK)
        return cv2.GaussianBlur(np.float32(light * both), (0, 0), sigma) / np.maximum(share, 1e-6)

    difference = slow(picture) - slow(layer[..., :3] / np.maximum(alpha, 1e-3)[..., None])
    # The mean is hair's colour, which is not asked here.
    difference -= float((difference * both).sum() / both.sum())
    sure = share / (share + FEW)
    most = np.float32(np.log(MOST))
    return np.exp(np.clip(FOLLOWED * difference * sure, -most, most)).astype(np.float32)
