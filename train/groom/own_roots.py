"""What stays of a person's own hair: their hairline, and lengths that hang where new lengths hang, too.

Nothing that is grown looks as true as the hairline that is there: its down, its single roots, its shade on
the skin. So a finger's width of it is kept wherever new hair lies behind it and none hangs over it. And no
neck that was never seen looks as true as the hair before it.
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
# Rows over which the edges of new lengths are evened out, so far within them own hair stays, and rows over
# which it does so more and more below the eyes and less and less at the new ends.
ROWS, RIM, FADE = 15, 4.0, 24.0
EYES, CHIN = (33, 263), 152
HANGS, GROWS = (0.2, 0.4), (0.3, 0.4)
# New hair that begins so much further behind is joined by their own, not by a made strip of skin, if it is as
# dense as this there (clippers leave less) and where it has not begun yet.
JOINED, DENSE, BEGUN = 30.0, (0.6, 0.8), (0.2, 0.6)


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
    behind, before = (cv2.distanceTransform((~one).astype(np.uint8), cv2.DIST_L2, 5) for one in (skin, hair))
    far = cv2.GaussianBlur((behind - before).astype(np.float32), (0, 0), 1.0)
    band = np.clip((GONE - far) / (GONE - WHOLE), 0, 1) * np.clip((far + BARE) / 6, 0, 1)
    band *= (sitter.person > 0.6) | hair
    hangs = _mean(alpha, skin & (before > DOWN) & (before < 3 * DOWN))
    grows = _mean(alpha, hair & (behind > WHOLE) & (behind < GONE + 6))
    joined = (hair & (behind < JOINED)) * _ramp(BEGUN[::-1], cv2.GaussianBlur(alpha, (0, 0), 2.0))
    joined = joined * _ramp(DENSE, _mean(alpha, hair & (behind > GONE) & (behind < 1.5 * JOINED)))
    kept = np.maximum(band * _ramp(GROWS, grows), joined) * _ramp(HANGS[::-1], hangs)
    kept *= cv2.GaussianBlur(line.astype(np.float32), (0, 0), 3.0)
    # A lock that reaches over the line beside a bare temple: cut off at the line it left a dark notch.
    lock = ((cv2.GaussianBlur(alpha, (0, 0), 2.0) > HANGS[1]) & skin & (before > DOWN)).astype(np.uint8)
    side = 2 * round(DOWN + GONE / 2) + 1
    round_it = cv2.dilate(lock, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    kept *= 1 - cv2.GaussianBlur(round_it.astype(np.float32), (0, 0), 3.0)
    return cv2.GaussianBlur(kept, (0, 0), 1.0).astype(np.float32)


def own_lengths(sitter: Sitter, cover: np.ndarray) -> np.ndarray:
    """Where the person's own lengths stay beneath the new: from the eyes down, between the outer edges of
    new hair that hangs on both sides.

    Args:
        sitter: the person.
        cover: float32 (H, W), 0 to 1: new hair, before and behind the person.

    Returns:
        float32 (H, W), 0 to 1; 0 all over where new hair is short.
    """
    height, width = cover.shape
    middle = int(np.clip(round(float(sitter.landmarks[CHIN, 0])), 1, width - 2))
    dense = cv2.blur(cover, (1, ROWS)) > 0.5
    left, right = dense[:, :middle], dense[:, middle:]
    both = left.any(1) & right.any(1)
    columns = np.arange(width)[None]
    first = np.argmax(dense, axis=1)[:, None]
    last = width - 1 - np.argmax(dense[:, ::-1], axis=1)[:, None]
    between = both[:, None] & (columns > first + RIM) & (columns < last - RIM)
    eyes = float(sitter.landmarks[list(EYES), 1].mean())
    chin = float(sitter.landmarks[CHIN, 1])
    rows = np.arange(height, dtype=np.float32)[:, None]
    # Below the first row from the chin on without new hair old hair ends, too.
    ends = np.flatnonzero(~both & (rows[:, 0] > chin))
    until = float(ends[0]) if len(ends) else float(height + FADE)
    if until < chin + 2 * FADE:
        return np.zeros_like(cover)
    fades = np.clip((rows - eyes) / FADE, 0, 1) * np.clip((until - rows) / FADE, 0, 1)
    return cv2.GaussianBlur(between.astype(np.float32), (0, 0), RIM / 2) * fades


def _ramp(ends: tuple[float, float], value: np.ndarray) -> np.ndarray:
    """0 at the first end and before, 1 at the second and beyond."""
    return np.clip((value - ends[0]) / (ends[1] - ends[0]), 0, 1)


def _mean(alpha: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Mean of alpha there, carried to what lies beside: float32 (H, W)."""
    weight = where.astype(np.float32)
    total, share = (cv2.GaussianBlur(one, (0, 0), 2 * AROUND) for one in (alpha * weight, weight))
    return np.where(share > 1e-4, total / np.maximum(share, 1e-4), 0)
