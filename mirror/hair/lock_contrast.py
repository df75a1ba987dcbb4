"""Lock contrast: locks that stand out from each other as much as those of a person's own hair do.

How far a person's darks and brights are apart is mostly how their locks catch the light. Where the tones of
grown hair were drawn apart instead, every single strand was, and hair was grain.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.hair.lit_layer import LINEAR, LitLayer, coded
from mirror.hair.tone_curves import DARK, QUANTILES, REC709, ToneCurves

# Locks are wider than the first and narrower than the second, pixels of a key view of 448 (sigma).
_LOCK = (1.6, 9.0)
# How much a lock may stand out more than as it was rendered, and how far that follows the spread of tones.
_MOST, _FOLLOWED = 1.0, 0.75
# Spread of locks, log luminance where hair is so dense, that is not made wider: hair that the sun lights on a
# side has a wide spread of tones, and locks that took all of it were a zebra's, coils a leopard's (0.24 to
# 0.30 as rendered, fifteen styles).
_STRONGEST, _DENSE = 0.36, 0.9
# Darker and brighter, log, at most: a lit lock that was made 3 times as bright was a blown patch.
_GAIN = (-1.2, 0.6)
_LOW, _HIGH = QUANTILES.index(0.1), QUANTILES.index(0.9)


def spread(tones: ToneCurves) -> float:
    """Log luminance between darks and brights."""
    return float(tones.levels[_HIGH] - tones.levels[_LOW])


def standing_out(layers: tuple[LitLayer, ...], now: ToneCurves, wanted: ToneCurves) -> tuple[LitLayer, ...]:
    """Layers whose locks stand out so much more as the tones of other hair are further apart."""
    more = min(_FOLLOWED * (spread(wanted) / max(spread(now), 1e-3) - 1), _MOST)
    return layers if more <= 0.02 else tuple(_raised(layer, more) for layer in layers)


def _raised(layer: LitLayer, more: float) -> LitLayer:
    if not layer.rgb.size:
        return layer
    linear = LINEAR[layer.rgb]
    tone = np.log(linear @ REC709 + DARK)
    narrow, wide = (_mean(tone, layer.share, sigma) for sigma in _LOCK)
    off = narrow - wide
    if (dense := layer.share > _DENSE).any():
        more = min(more, max(_STRONGEST / max(float(off[dense].std()), 1e-3) - 1, 0.0))
    gain = np.exp(np.clip(more * off, *_GAIN)).astype(np.float32)
    return LitLayer(layer.box, coded(linear * gain[..., None]), layer.share)


def _mean(tone: np.ndarray, share: np.ndarray, sigma: float) -> np.ndarray:
    """Mean of what is hair round each pixel."""
    weight = share + np.float32(1e-4)
    return cv2.GaussianBlur(tone * weight, (0, 0), sigma) / cv2.GaussianBlur(weight, (0, 0), sigma)
