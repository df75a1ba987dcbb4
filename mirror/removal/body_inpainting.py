"""The body beneath hair: the network that says what hair hides of neck, shoulders and clothes.

It sees what is beside the hair and nothing of the new style, so one look serves every style.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_crop import Head
from mirror.engines import Engine
from mirror.removal.inpainting_mask import HOLE_SIDE, cut_hole

BODY_SIDE = 128
# What it says: colours of the body as if there were no wall; how far there is body; what of it is bare skin.
COLOURS, THERE, BARE = slice(0, 3), 3, 4
# How far what is hidden reaches beyond the hair, in cells of 64, and alpha from which on a hand hides it too.
_REACH, _HAND = 2, 0.3
_NONE = np.zeros((HOLE_SIDE, HOLE_SIDE), np.float32)


class Body:
    """The network `body`.

    Args:
        engine: of it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._maps = np.zeros((1, 4, BODY_SIDE, BODY_SIDE), np.float32)

    def look(
        self, head: Head, matte: np.ndarray, person: np.ndarray, front: np.ndarray | None = None
    ) -> np.ndarray:
        """What lies beneath the hair of a head.

        Args:
            matte, person, front: float32 (S, S), alphas of its hair, of the whole person, and of what is held
                or worn before it.

        Returns:
            float32 (128, 128, 5), 0 to 1, see `COLOURS`, `THERE` and `BARE`. A new array.
        """
        small, size = (HOLE_SIDE, HOLE_SIDE), (BODY_SIDE, BODY_SIDE)
        taken = matte if front is None else cv2.max(matte, np.where(front > _HAND, front, np.float32(0)))
        taken = cv2.resize(taken, small, interpolation=cv2.INTER_AREA)
        self._maps[0, 0] = cut_hole(taken, _NONE, BODY_SIDE, radius=_REACH)
        for plane, values in ((1, head.face), (2, head.valid)):
            planes = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
            np.multiply(planes, np.float32(1 / 255), out=self._maps[0, plane])
        self._maps[0, 3] = cv2.resize(person, size, interpolation=cv2.INTER_AREA)
        image = np.stack([cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in head.image[0]])
        layers = self._engine.run(image=image[None], maps=self._maps)["layers"][0]
        return np.ascontiguousarray(layers.transpose(1, 2, 0))
