"""Head crop -> soft mattes: of the hair that is there, of the person, of what is held in front."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirror.engines import Engine

# What the network is told of the picture before where there was none (training says the same).
UNKNOWN = 0.5
# How much of the last mattes is kept besides: all are aligned already, being in head space.
MEMORY = 0.3


@dataclass(frozen=True, slots=True)
class Mattes:
    """Alphas in head space, float32 (256, 256) each, 0 to 1.

    Attributes:
        hair: of the hair that is there.
        person: of the whole person, hair and clothes included.
        front: of what is held in front of the head: a hand, a brush, a cup.
    """

    hair: np.ndarray
    person: np.ndarray
    front: np.ndarray


class Matting:
    """The matte network, and the memory that keeps its edges from flickering.

    Args:
        engine: takes `image` float32 (1, 3, 256, 256) and `previous` float32 (1, 1, 256, 256), gives
            `mattes` float32 (1, 3, 256, 256).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._nothing = np.full(engine.inputs["previous"].shape, UNKNOWN, np.float32)
        self._last: np.ndarray | None = None

    def reset(self) -> None:
        """Forgets the last mattes: the next picture is another face or another moment."""
        self._last = None

    def look(self, image: np.ndarray, *, still: bool = False) -> Mattes:
        """The mattes of a head crop.

        Args:
            image: float32 (1, 3, 256, 256), RGB, 0 to 1.
            still: a picture of its own: nothing of the one before is used, and nothing kept.

        Returns:
            Arrays that the caller may keep.
        """
        last = None if still else self._last
        previous = self._nothing if last is None else np.ascontiguousarray(last[None, :1])
        found = self._engine.run(image=image, previous=previous)["mattes"][0]
        mixed = found.astype(np.float32) if last is None else found + (last - found) * np.float32(MEMORY)
        if not still:
            self._last = mixed
        hair, person, front = mixed
        # What is hair for certain is not held before it.
        return Mattes(hair, person, np.minimum(front, 1 - hair))

    def matte(self, image: np.ndarray, *, still: bool = False) -> np.ndarray:
        """The alpha of the hair alone, float32 (256, 256); see `look`."""
        return self.look(image, still=still).hair
