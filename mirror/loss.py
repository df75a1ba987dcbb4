"""Hair loss on the person's own hair: what a stage has taken is taken away, what it leaves is the camera's own."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import cv2
import numpy as np

from mirror.hairline import bare
from mirror.swap import Layer


def thinned(layer: Layer, shape: np.ndarray, stage: float) -> Layer:
    """A layer that takes all hair away, made to take only what is lost at a stage.

    Args:
        layer: of a bald style, as painted.
        shape: float32 (75,), the face shape that it lies on.
        stage: 0 (nothing is lost) to 7 (bald), see `mirror.hairline`.
    """
    lost = cv2.resize(bare(shape, stage), layer.cover.shape[::-1], interpolation=cv2.INTER_LINEAR)
    lost = combed(lost)
    wall = layer.wall if layer.wall is None else layer.wall * lost
    return replace(layer, cover=layer.cover * lost, old=layer.old * lost, wall=wall)


def combed(share: np.ndarray) -> np.ndarray:
    """How much of the hair is taken, made uneven as hair is: single strands stay, float32 (256, 256)."""
    strands = _strands(share.shape[0])
    return np.clip(share + (share - share * share) * 4 * strands, 0, 1)


@cache
def _strands(side: int) -> np.ndarray:
    """Noise in fine streaks that run from the crown outwards and down, float32 (side, side), about -0.5 to 0.5."""
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((side, side)).astype(np.float32)
    place = ((np.arange(side) + 0.5) / side).astype(np.float32)
    x, y = np.broadcast_to(place[None, :] - 0.5, (side, side)), np.broadcast_to(place[:, None], (side, side))
    far = np.hypot(x, y + 0.1)
    way = x / far, (y + 0.1) / far
    rows, columns = np.mgrid[:side, :side].astype(np.float32)
    total = np.zeros_like(noise)
    for step in range(-5, 6):
        total += cv2.remap(noise, columns + step * way[0], rows + step * way[1], cv2.INTER_LINEAR,
                           borderMode=cv2.BORDER_REFLECT)  # fmt: skip
    total -= cv2.GaussianBlur(total, (0, 0), 4)
    return np.clip(total / (4 * total.std()), -0.5, 0.5)
