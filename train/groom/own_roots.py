"""A person's own roots: where their hairline is seen, the camera's picture of it stays and new hair begins
behind it.

Nothing that is grown looks as true as the hairline that is there: its down, its single roots, its shade on
the skin. So a finger's width of it is kept wherever new hair lies behind it and none hangs over it.
"""

from __future__ import annotations

import cv2
import numpy as np

from train.groom.fit import Fit
from train.groom.own_hairline import seen_line
from train.groom.people import Sitter

# Pixels of the portrait (64 an eye distance, some 0.1 cm each): so far before the line the camera's skin with
# its down stays, so far behind it their own hair is whole, and from there on new hair takes its place.
BARE, WHOLE, GONE = 30.0, 3.0, 15.0
# Hair that lies over the line reaches further than so many pixels before it.
DOWN = 9.0
# Alpha of new hair, mean of `AROUND` pixels: hair hangs over the line where so much lies before it, and
# none grows there where so little lies behind.
AROUND = 6.0
HANGS, GROWS = (0.2, 0.4), (0.25, 0.55)


def own_roots(sitter: Sitter, fit: Fit, alpha: np.ndarray) -> np.ndarray:
    """How much of each pixel stays the camera's because the person's own hairline is there.

    Args:
        sitter: the person.
        fit: their head.
        alpha: float32 (H, W), 0 to 1: new hair before the person.

    Returns:
        float32 (H, W), 0 to 1; 0 all over where no hairline is seen.
    """
    line = seen_line(sitter, fit)
    if not line.any():
        return np.zeros_like(alpha)
    hair = sitter.hair > 0.5
    skin = (sitter.person > 0.6) & (sitter.hair < 0.35) & line
    if not skin.any() or not hair.any():
        return np.zeros_like(alpha)
    behind = cv2.distanceTransform((~skin).astype(np.uint8), cv2.DIST_L2, 5) * hair
    before = cv2.distanceTransform((~hair).astype(np.uint8), cv2.DIST_L2, 5) * skin
    far = cv2.GaussianBlur((behind - before).astype(np.float32), (0, 0), 1.0)
    band = np.clip((GONE - far) / (GONE - WHOLE), 0, 1) * np.clip((far + BARE) / 6, 0, 1)
    band *= (hair & (behind < GONE)) | (skin & (before < BARE))
    hangs = _mean(alpha, skin & (before > DOWN) & (before < 3 * DOWN))
    grows = _mean(alpha, hair & (behind > WHOLE) & (behind < GONE + 6))
    kept = band * cv2.GaussianBlur(line.astype(np.float32), (0, 0), 3.0)
    kept *= np.clip((grows - GROWS[0]) / (GROWS[1] - GROWS[0]), 0, 1)
    kept *= np.clip((HANGS[1] - hangs) / (HANGS[1] - HANGS[0]), 0, 1)
    return cv2.GaussianBlur(kept, (0, 0), 1.0).astype(np.float32)


def _mean(alpha: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Mean of alpha there, carried to what lies beside: float32 (H, W)."""
    weight = where.astype(np.float32)
    total, share = (cv2.GaussianBlur(one, (0, 0), 2 * AROUND) for one in (alpha * weight, weight))
    return np.where(share > 1e-4, total / np.maximum(share, 1e-4), 0)
