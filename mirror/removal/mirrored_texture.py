"""Mirrored texture: leaves and bricks of a wall in focus, carried on over the edge of what was hidden.

A network paints a haze where it cannot know the leaves of a hedge, and a haze round a head is seen at once.
What is fine beside the edge is mirrored over it: the same texture, which begins where the camera's ends. Only
what is fine: light and colours are the network's.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.removal.background_sharpness import masked_blur
from mirror.tracking.temporal_smoothing import Calm

_FINE = 4.0  # pixels of 256: what is coarser is light and colour
# A single edge in a plain wall, mirrored, is an arc round the head: no more is carried on than so many times
# what is usual within so many pixels.
_USUAL, _AROUND = 2.0, (41, 41)
# Pixels from the edge within which all is carried on, and from which on nothing is.
_FADES = (30.0, 60.0)
_EVEN = 2.0  # pixels over which mirrored places are evened
_RIM = np.ones((3, 3), np.uint8)  # on its rim a wall is mixed with hair


class MirroredTexture:
    """What a stream remembers of where texture is taken from, or it would swim with the matte's noise.

    A picture of its own takes a new one.
    """

    def __init__(self) -> None:
        self._places = Calm(share=0.15, jump=6.0, every=3)  # pixels

    def reset(self) -> None:
        """Forgets the wall."""
        self._places.reset()

    def __call__(self, image: np.ndarray, wall: np.ndarray, sharp: np.ndarray) -> np.ndarray:
        """What is to be added to a wall that was painted without texture.

        Args:
            image: float32 (1, 3, S, S), 0 to 1, the camera's.
            wall: float32 (S, S), 1 where the camera shows wall, else 0.
            sharp: float32 (128, 128), see `mirror.removal.background_sharpness.in_focus`.

        Returns:
            float32 (S, S, 3), about 0; 0 where wall is seen, and everywhere where none is.

        Example:
            >>> stripes = np.broadcast_to(np.arange(256) // 4 % 2, (1, 3, 256, 256)).astype(np.float32)
            >>> seen = np.ones((256, 256), np.float32)
            >>> seen[100:140] = 0
            >>> added = MirroredTexture()(stripes, seen, np.ones((128, 128), np.float32))
            >>> bool(added[112].std() > 0.3 and not added[50].any())
            True
        """
        side = wall.shape[0]
        known = cv2.erode((wall > 0.5).astype(np.uint8), _RIM)
        if not known.any() or known.all():
            return np.zeros((side, side, 3), np.float32)
        away, nearest = cv2.distanceTransformWithLabels(
            1 - known, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
        )

        def places() -> np.ndarray:
            rows, columns = np.nonzero(known)
            edge = np.zeros((nearest.max() + 1, 2), np.float32)
            edge[nearest[rows, columns]] = np.stack([columns, rows], -1)
            here = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1)
            return cv2.GaussianBlur((2 * edge[nearest] - here).astype(np.float32), (0, 0), _EVEN)

        there = self._places(places)
        assert there is not None
        seen = known.astype(np.float32)
        fine = _fine(cv2.merge(list(image[0])), seen)
        mirrored = cv2.remap(fine, there, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        share = np.clip((_FADES[1] - away) * np.float32(1 / (_FADES[1] - _FADES[0])), 0, 1) * (wall <= 0.5)
        share *= cv2.resize(sharp, (side, side), interpolation=cv2.INTER_LINEAR)
        return cv2.multiply(mirrored, cv2.merge([share, share, share]))


def _fine(picture: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """What is fine in a wall, float32 (S, S, 3); what stands out of that is held back."""
    fine = cv2.merge([(plane - masked_blur(plane, seen, _FINE)) * seen for plane in cv2.split(picture)])
    strong = cv2.absdiff(fine, 0).max(-1)
    usual = (
        cv2.blur(strong, _AROUND) * np.float32(_USUAL) / np.maximum(cv2.blur(seen, _AROUND), np.float32(1e-3))
    )
    held = cv2.min(cv2.divide(usual, cv2.max(strong, 1e-4)), 1)
    return cv2.multiply(fine, cv2.merge([held, held, held]))
