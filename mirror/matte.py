"""Head crop -> soft matte of the hair that is there."""

from __future__ import annotations

import numpy as np

from mirror.engine import Engine

# How much of the last matte is kept: it is aligned with the new one already, both being in head space.
MEMORY = 0.45


class Matting:
    """The matte network, and the memory that keeps its edge from flickering.

    Args:
        engine: takes `image` float32 (1, 3, 256, 256), gives `alpha` float32 (1, 1, 256, 256).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last: np.ndarray | None = None

    def reset(self) -> None:
        """Forgets the last matte: the next picture is another face or another moment."""
        self._last = None

    def matte(self, image: np.ndarray, *, still: bool = False) -> np.ndarray:
        """Alpha of the hair in a head crop.

        Args:
            image: float32 (1, 3, 256, 256), RGB, 0 to 1.
            still: do not mix with the matte of the picture before.

        Returns:
            float32 (256, 256), 0 to 1; the caller may keep it.
        """
        alpha = self._engine.run(image=image)["alpha"][0, 0]
        if still:
            return alpha.astype(np.float32)
        mixed = alpha.copy() if self._last is None else alpha + (self._last - alpha) * MEMORY
        self._last = mixed
        return mixed
