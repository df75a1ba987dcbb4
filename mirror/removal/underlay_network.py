"""The underlay network: a person without hair and the wall behind, from what is seen beside the hair.

It sees nothing of the hair and nothing of the new style, so one look serves every style.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_crop import SIDE, Head
from mirror.engines import Engine
from mirror.removal.inpainting_mask import HOLE_SIDE, cut_hole

# What it says: colours of the person as if there were no wall, of the wall as if there were nobody, and how
# far there is a person.
PERSON, WALL, ALPHA = slice(0, 3), slice(3, 6), 6
# How far what is hidden reaches beyond the hair, in cells of 64 (it learnt with 1 to 4), and alpha from which
# on a hand hides it too.
_REACH, _HAND = 1, 0.3
_NONE = np.zeros((HOLE_SIDE, HOLE_SIDE), np.float32)


class UnderlayNetwork:
    """The network `underlay`.

    Args:
        engine: of it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._maps = np.zeros((1, 4, SIDE, SIDE), np.float32)

    def look(self, head: Head, hair: np.ndarray, person: np.ndarray, front: np.ndarray | None) -> np.ndarray:
        """What lies beneath the hair of a head.

        Args:
            hair, person, front: float32 (256, 256), alphas of its hair, of the whole person, and of what is
                held or worn before it.

        Returns:
            float32 (7, 256, 256), 0 to 1, see `PERSON`, `WALL` and `ALPHA`. A new array.
        """
        taken = hair if front is None else cv2.max(hair, np.where(front > _HAND, front, np.float32(0)))
        taken = cv2.resize(taken, (HOLE_SIDE, HOLE_SIDE), interpolation=cv2.INTER_AREA)
        self._maps[0, 0] = cut_hole(taken, _NONE, SIDE, radius=_REACH)
        np.multiply(head.face, np.float32(1 / 255), out=self._maps[0, 1])
        np.multiply(head.valid, np.float32(1 / 255), out=self._maps[0, 2])
        self._maps[0, 3] = person
        return self._engine.run(image=head.image, maps=self._maps)["layers"][0].copy()
