"""Side light: how much brighter hair is on one side of a head than on the other, and other hair lit like it.

A face says little of the lamp or window beside it that lights hair: on 20 people their own hair was up to
four times as bright on one side, and hair laid in the light of their face nearly even.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_crop import Head
from mirror.core.head_space import EYE_CENTRE, EYE_DISTANCE
from mirror.hair.key_view import CELL, KeyView
from mirror.hair.lit_layer import LINEAR, OPAQUE, LitLayer, coded
from mirror.hair.tone_curves import DARK, REC709, RIMS, to_linear

# Hair that tells: so many pixels of it, spread to both sides by so much (standard deviation, eye distances).
_FEWEST, _SPREAD = 300, 0.45
# Every so manieth pixel of a layer is looked at.
_SPARSE = 3
# Share of the difference that is followed, and most that it may be, log luminance an eye distance: a parting
# and what is dyed lean, too.
_FOLLOWED, MOST = 0.75, 1.0
# Brightness and dimness, as log luminance, that the far ends of wide hair get at most.
_ENDS = 0.8
# Where the middle between the eyes is in a key view, as shares of width and height, and an eye distance, of
# width: (224, 232) and 64 pixels of 448 x 640.
_EYES, _UNIT = (1 / 2, 232 / 640), 64 / 448


def slope(colours: np.ndarray, places: np.ndarray) -> float | None:
    """By how much hair gets brighter to the right, log luminance an eye distance; None: too little is seen.

    Args:
        colours: (N, 3), linear light. places: (N, 2), eye distances to the right of and below a middle.

    Example:
        >>> places = np.random.default_rng(0).uniform(-1, 1, (1000, 2))
        >>> lit = np.exp(0.5 * places[:, :1]) * np.full(3, 0.2)
        >>> round(slope(lit, places), 1)
        0.5
    """
    if len(colours) < _FEWEST or places[:, 0].std() < _SPREAD:
        return None
    tone = np.log(np.maximum(colours @ REC709, 0) + DARK)
    # A lamp in the picture, a grip or a shadow is no light on hair.
    tone = np.clip(tone, *np.quantile(tone, (0.05, 0.95)))
    x, y = places.T
    columns = np.column_stack([np.ones_like(x), x, y, y * y])
    found = np.linalg.lstsq(columns, tone, rcond=None)[0][1]
    return float(np.clip(found, -MOST, MOST))


def own_slope(head: Head, hair: np.ndarray, veil: np.ndarray | None = None) -> float | None:
    """Of the hair that a person has, as `slope` has it.

    Args:
        hair: float32 (256, 256), its matte. veil: linear RGB that lies over the picture; None: nothing does.
    """
    sure = ((hair > OPAQUE[0]) & head.known).astype(np.uint8)
    deep = cv2.erode(sure, np.ones((2 * RIMS[-2] + 1,) * 2, np.uint8)) > 0
    rows, columns = np.nonzero(deep)
    linear = to_linear(head.image[:, :, rows, columns, None])[:, 0]
    if veil is not None:
        linear = np.maximum(linear - veil, 0)
    places = (np.column_stack([columns, rows]) / len(hair) - EYE_CENTRE) / EYE_DISTANCE
    return slope(linear, places)


def lit_from_side(layers: tuple[LitLayer, ...], view: KeyView, wanted: float) -> tuple[LitLayer, ...]:
    """Layers of a key view, the first of which is measured, as bright to the sides as hair of a slope.

    Args:
        wanted: log luminance an eye distance, see `slope`.
    """
    first = layers[0]
    if not first.rgb.size:
        return layers
    height, width = (CELL * side for side in view.depth.shape)
    middle, unit = np.multiply(_EYES, (width, height)), _UNIT * width
    sparse = np.s_[::_SPARSE, ::_SPARSE]
    rows, columns = np.nonzero(first.share[sparse] > OPAQUE[0])
    at = np.column_stack([columns, rows]) * _SPARSE + first.box[:2]
    now = slope(LINEAR[first.rgb[sparse][rows, columns]], (at - middle) / unit)
    if now is None:
        return layers
    lean = _FOLLOWED * (wanted - now)
    return tuple(_leaning(layer, lean, middle[0], unit) for layer in layers)


def _leaning(layer: LitLayer, lean: float, middle: float, unit: float) -> LitLayer:
    if not layer.rgb.size:
        return layer
    aside = (np.arange(layer.box[0], layer.box[2]) - middle) / unit
    gain = np.exp(np.clip(lean * aside, -_ENDS, _ENDS)).astype(np.float32)
    return LitLayer(layer.box, coded(LINEAR[layer.rgb] * gain[None, :, None]), layer.share)
