"""Laid tint: brows and beard tinted beneath what is laid over the head, so that a fringe stays a fringe."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from mirror.compositing.facial_hair_tint import Tint
from mirror.compositing.laid import Laid
from mirror.compositing.laid_hair import LaidHair
from mirror.compositing.laid_painting import LaidPainting
from mirror.compositing.over import Canvas
from mirror.compositing.warp import Box
from mirror.core.head_space import HeadTransform
from mirror.core.layer import Layer

_SOLID = 250  # of 255: alpha from which on it is hair and nothing else
_FEW = 60  # samples; fewer have no colour
_APART = 4  # pixels between two samples


@dataclass(frozen=True, slots=True, eq=False)
class LaidTint:
    """What one person wears, and their brows and beard with it; a `mirror.compositing.laid.Laid`.

    Attributes:
        laid: what they wear. tint: of brows and beard.
    """

    laid: Laid
    tint: Tint

    @property
    def transform(self) -> HeadTransform:
        """See `mirror.compositing.laid.Laid`."""
        return self.laid.transform

    @property
    def strength(self) -> float:
        """See `mirror.compositing.laid.Laid`."""
        return self.laid.strength

    @property
    def layer(self) -> Layer:
        """See `mirror.compositing.laid.Laid`."""
        return self.laid.layer

    def lay(self, out: np.ndarray, camera: np.ndarray, canvas: Canvas) -> None:
        """See `mirror.compositing.laid.Laid`."""
        replace(self.tint, amount=self.tint.amount * min(max(self.strength, 0.0), 1.0)).lay(out, canvas)
        self.laid.lay(out, camera, canvas)

    def mattes(self, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """See `mirror.compositing.laid.Laid`."""
        old, new = self.laid.mattes(size)
        tinted = self.tint.matte(size).astype(np.float32) * np.float32(1 / 255)
        return np.maximum(old, tinted), new

    def box(self, size: tuple[int, int]) -> Box:
        """See `mirror.compositing.laid.Laid`."""
        return self.laid.box(size)

    def fading(self, strength: float) -> LaidTint:
        """See `mirror.compositing.laid.Laid`."""
        return replace(self, laid=self.laid.fading(strength))


def source_of(laid: Laid) -> object:
    """What of it has a colour: the very same object as long as that stays."""
    if isinstance(laid, LaidHair):
        return laid.views[0].view
    return laid.layer


def colour_of(laid: Laid) -> np.ndarray | None:
    """The colour of the hair that is laid, in the light of the picture: float32 (3,) RGB, 0 to 255; None:
    there is hardly any."""
    if isinstance(laid, LaidHair):
        front = laid.views[0].view.front[::_APART, ::_APART]
        return _median(front[..., :3], front[..., 3])
    if isinstance(laid, LaidPainting):
        return layer_colour(laid.layer)
    return None


def layer_colour(layer: Layer) -> np.ndarray | None:
    """The same of a painted layer."""
    alpha = cv2.convertScaleAbs(layer.new[::_APART, ::_APART], alpha=255)
    hair = layer.rgb if layer.hair is None else layer.hair
    return _median(hair[::_APART, ::_APART], alpha)


def _median(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray | None:
    seen = rgb[alpha >= _SOLID]
    return np.median(seen, 0).astype(np.float32) if len(seen) >= _FEW else None
