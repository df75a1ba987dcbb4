"""A grown style on a picture of its own: what the live picture has done beside it is waited for."""

from __future__ import annotations

import numpy as np

from mirror.compositing.laid import Laid
from mirror.compositing.laid_hair import LaidHair
from mirror.compositing.layer_schedule import Taken
from mirror.compositing.over import Canvas
from mirror.compositing.underlay import held_before
from mirror.compositing.wearer import Wearer
from mirror.core.face_lighting import measure
from mirror.core.layer import Layer
from mirror.core.workers import Workers
from mirror.hair.key_view import GrownStyle
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.dye import Dye
from mirror.removal.background_plate import Plate
from mirror.segmentation.matting import Mattes
from mirror.tracking.tracked_frame import Seen


def laid_on(image: np.ndarray, laid: Laid) -> np.ndarray:
    """A new picture, uint8 (H, W, 3) RGB, with what is laid over it."""
    out = image.copy()
    laid.lay(out, image, Canvas())
    return out


class GivenUp(Exception):
    """Nobody waits for the picture any more."""


class _Once:
    """What lies beneath hair is the same whichever style is laid over it: made once for each moment."""

    def __init__(self, swap: Swap) -> None:
        self._swap = swap
        self._made: tuple[Subject, Layer] | None = None

    def uncover(self, subject: Subject) -> Layer:
        """See `Swap.uncover`."""
        if self._made is None or self._made[0] is not subject:
            self._made = subject, self._swap.uncover(subject)
        return self._made[1]

    def forget(self) -> None:
        """The next picture shows somebody else."""
        self._made = None


class GrownStill:
    """Puts grown styles on single pictures of one person, whose light and hair colour it remembers.

    Args:
        swap: paints what lies beneath.
        plate: the remembered wall.
        rounds: how often what lies beneath and the hair above it are made to fit each other.

    Attributes:
        given_up: another thread may set it, to have `wear` end after the piece of work at hand.
    """

    def __init__(self, swap: Swap, plate: Plate, rounds: int = 3) -> None:
        self._swap, self._plate, self._rounds = _Once(swap), plate, rounds
        self.given_up = False
        self._wearer: Wearer | None = None

    def reset(self) -> None:
        """The next picture shows somebody else."""
        self._swap.forget()
        if self._wearer is not None:
            self._wearer.reset()

    def wear(
        self,
        seen: Seen,
        mattes: Mattes,
        subject: Subject,
        style: GrownStyle,
        dye: Dye | None,
        strength: float = 1.0,
    ) -> LaidHair:
        """What is laid over a picture with a face.

        Args:
            dye: None: the colour of the person's own hair, or the style's where it keeps it.
            strength: how strongly it shows, 0 to 1.

        Raises:
            GivenUp: as it was told to.
        """
        if self._wearer is None:
            self._wearer = Wearer(self._swap, self._plate, Workers(), views=1)
        wearer, taken, front = self._wearer, Taken.of(seen, mattes), held_before(mattes)
        lit = subject.lit or measure(taken.head, mattes.hair)
        # What lies beneath is made to the outline of the hair above it, which lies on it only then; and only
        # once it lies there is known how large it is shown, and how far its hairline is from their own.
        for _ in range(self._rounds):
            wearer.take(taken, wearer.job(taken, seen.frame.image, lit, lambda: subject)())
            for _ in range(2):
                if self.given_up:
                    raise GivenUp
                wearer.wear(seen, style, dye, strength, front)
                wearer.settle()
        laid = wearer.wear(seen, style, dye, strength, front)
        assert laid is not None, "nothing is left to wait for"
        return laid
