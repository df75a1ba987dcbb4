"""Subject: everything that is known of a head at the moment in which it is painted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mirror.core.face_lighting import Lit
from mirror.core.head_crop import Head
from mirror.removal.hair_removal import Calming
from mirror.removal.long_hair import Under
from mirror.segmentation.matting import Mattes


@dataclass(frozen=True, slots=True)
class Subject:
    """A head that hair is painted on.

    Attributes:
        head: as the networks see it.
        hair: float32 (256, 256), alpha of the hair that is there.
        front: float32 (256, 256), alpha of what is held in front of the head and stays there.
        person: float32 (256, 256), alpha of the whole person: beyond it the camera shows the wall.
        lit: the light the face is in, which the new hair takes; None leaves it in the exemplar's.
        behind: the wall and where it is known, 128 pixels a side, see `Plate.behind`.
        calm: of a stream that shows one style; None for a picture of its own.
        under: what takes own hair away below the square (`mirror.removal.long_hair`); None: none hangs there.
        carved: what is held in front is cut out of what is painted; False: who lays it lays that before it.
    """

    head: Head
    hair: np.ndarray
    front: np.ndarray | None = None
    person: np.ndarray | None = None
    lit: Lit | None = None
    behind: tuple[np.ndarray, np.ndarray] | None = None
    calm: Calming | None = None
    under: Under | None = None
    carved: bool = True

    @classmethod
    def of(cls, head: Head, mattes: Mattes, lit: Lit | None = None, under: Under | None = None) -> Subject:
        """A head with all of its mattes."""
        return cls(head, mattes.hair, mattes.front, mattes.person, lit, under=under)
