"""The residual: what the painter leaves out of hair that was seen, kept as it was seen.

A style of the book is a code, and its strands are drawn (`mirror.hair.painting.strand_detail`). Hair that the
person brings, on a photograph or on their own head, is there to the pixel: what the painter makes of its code
is divided out of it, once, and multiplied in again wherever that hair is worn. It is pixels of a photograph:
it lives in memory, goes with the code, and is never written to a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from mirror.core.head_space import HeadTransform, crop
from mirror.core.pose_warp import sources

RESIDUAL_SIDE = 512  # pixels of the square: what a camera shows of a head, and twice the painter's
# Added to both before they are divided: in the dark of the painted hair a quotient is mostly noise.
LIFT = 28.0
ONE = 128  # of a byte: as painted; 255 is twice as light
# Alphas of the hair seen and the hair painted: believed from the first on, from the second in full.
_BELIEVED = (0.5, 0.85)
_GRID = 64


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """What hair that was seen is of the hair that is painted.

    Attributes:
        gains: uint8 (512, 512, 3), RGB: `(seen + LIFT) / (painted + LIFT)`, 128 for as painted.
        known: uint8 (512, 512), how far it is believed: 0 where no hair was seen.
        shape: float32 (75,), the face shape that both lie on.
        share: how much of it is worn, 0 to 1.
    """

    gains: np.ndarray = field(repr=False)
    known: np.ndarray = field(repr=False)
    shape: np.ndarray = field(repr=False)
    share: float = 1.0

    def faded(self, share: float) -> Residual | None:
        """So much less of it; None where nothing is left."""
        return replace(self, share=self.share * share) if self.share * share > 1e-3 else None

    def on(self, shape: np.ndarray, *, grey: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """As it lies on a head of another shape or pose.

        Args:
            grey: only how light it is: for hair in another colour.

        Returns:
            The gains, uint8 (512, 512, 3); how far they are believed, float32 (512, 512), 0 to 1.
        """
        gains = self.gains
        if grey:
            gains = cv2.cvtColor(cv2.cvtColor(gains, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        x, y = finer(sources(self.shape, shape, _GRID), RESIDUAL_SIDE)
        turned = cv2.remap(cv2.merge([gains, self.known]), x, y, cv2.INTER_LINEAR)
        known = cv2.extractChannel(turned, 3).astype(np.float32) * np.float32(self.share / 255)
        return cv2.cvtColor(turned, cv2.COLOR_RGBA2RGB), known


def finer(places: tuple[np.ndarray, np.ndarray], side: int) -> tuple[np.ndarray, np.ndarray]:
    """Sampling positions of a coarse square, float32 (s, s) each, for one of `side` pixels."""
    scale = np.float32(side / places[0].shape[0])
    x, y = (
        (cv2.resize(place, (side, side), interpolation=cv2.INTER_LINEAR) + np.float32(0.5)) * scale
        - np.float32(0.5)
        for place in places
    )
    return x, y


def seen_at(image: np.ndarray, transform: HeadTransform) -> np.ndarray:
    """A head as finely as a residual is kept: uint8 (512, 512, 3) of a picture, uint8 (H, W, 3) RGB."""
    return crop(image, transform, RESIDUAL_SIDE)


def residual_of(
    seen: np.ndarray, matte: np.ndarray, painted: np.ndarray, new: np.ndarray, shape: np.ndarray
) -> Residual:
    """What the painter left out of hair, from its own picture of that very head.

    Args:
        seen: uint8 (512, 512, 3) RGB, the head.
        matte: float32 (256, 256), of the hair that is there.
        painted: uint8 (256, 256, 3) RGB, the head with the hair painted; new: float32 (256, 256), its matte.
        shape: float32 (75,), of that head.

    Example:
        >>> head, hair = np.full((512, 512, 3), 100, np.uint8), np.ones((256, 256), np.float32)
        >>> residual = residual_of(head, hair, np.full((256, 256, 3), 36, np.uint8), hair, shape)
        ... # doctest: +SKIP
        >>> residual.gains[256, 256].tolist()  # (100 + 28) / (36 + 28) = 2  # doctest: +SKIP
        [255, 255, 255]
    """
    size = (RESIDUAL_SIDE, RESIDUAL_SIDE)
    paint = cv2.resize(painted, size, interpolation=cv2.INTER_LINEAR).astype(np.float32)
    gains = (seen.astype(np.float32) + np.float32(LIFT)) / (paint + np.float32(LIFT))
    low, high = _BELIEVED
    hair = cv2.resize(cv2.min(matte, new), size, interpolation=cv2.INTER_LINEAR)
    known = np.clip((hair - low) / (high - low), 0, 1)
    return Residual(
        cv2.convertScaleAbs(gains, alpha=ONE), cv2.convertScaleAbs(known, alpha=255), shape.copy()
    )
