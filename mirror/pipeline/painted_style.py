"""Painted style: what one person wears that the painter paints, over time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mirror.compositing.laid_painting import LaidPainting, Painting, painting_of
from mirror.compositing.layer_schedule import Taken
from mirror.core.layer import Layer
from mirror.core.pose_warp import followed
from mirror.hair.encoding.own_hair import OwnHair
from mirror.hair.encoding.reconstruction_residual import Residual, seen_at
from mirror.hair.loss.hair_loss import HairLoss
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.layer_upsampling import finished
from mirror.hair.painting.strand_detail import Strands
from mirror.hair.painting.subject import Subject
from mirror.hair.styles.code import StyleCode
from mirror.removal.background_plate import Plate
from mirror.tracking.tracked_frame import Seen

# Seconds in which a painting takes the place of the one before: they differ by little, and an eye sees little
# at a stroke; not longer than there were between the two, or the next would come before it is there.
FADE = 0.08


class PaintedStyle:
    """Of one person.

    Args:
        swap: the painter. plate: the remembered wall.
    """

    def __init__(self, swap: Swap, plate: Plate) -> None:
        self._swap, self._plate = swap, plate
        self._strands = Strands()
        self._forget()

    def reset(self) -> None:
        """Forgets the person. Nothing of theirs is being worked on."""
        self._strands.reset()
        self._forget()

    def _forget(self) -> None:
        self._newest: Painting | None = None
        self._made: tuple[Taken, Painting] | None = None  # the worker's own
        self._since = self._last = self._came = -np.inf
        self._fade = FADE
        self._face: np.ndarray | None = None

    def drop(self) -> None:
        """Something else is worn."""
        if self._newest is not None:
            self._forget()

    @property
    def there(self) -> bool:
        """Whether there is a painting."""
        return self._newest is not None

    def job(
        self, taken: Taken, code: StyleCode, strands_of: object, subject: Callable[[], Subject]
    ) -> Callable[[], Painting]:
        """What the worker does to paint a style.

        Args:
            code: fitted to this face.
            strands_of: what the strands are of, the very same object as long as it stays; None: it changes.
            subject: says in the worker what is painted.
        """

        def make() -> Painting:
            painted = subject()
            layer = self._swap.paint(painted, code)
            return self._painting(taken, painted, layer, (strands_of, code.residual, code.dye is not None))

        return make

    def loss_job(
        self,
        taken: Taken,
        loss: HairLoss,
        own: OwnHair,
        image: np.ndarray,
        subject: Callable[[], Subject],
    ) -> Callable[[], Painting]:
        """The same of hair loss; `image`: uint8 (H, W, 3) RGB, the frame."""
        place = loss.place

        def make() -> Painting:
            painted = subject()
            layer, strands_of, residual = loss.paint(
                self._swap, painted, own, lambda: seen_at(image, taken.transform), place
            )
            return self._painting(taken, painted, layer, (strands_of, residual, False))

        return make

    def take(self, painting: Painting, now: float) -> None:
        """What the worker has made; the very same of a picture before changes nothing."""
        if painting is self._newest:
            return
        self._fade = min(FADE, max(now - self._came, 1e-3))
        # It has come since the last picture, and shows a little of itself in this one.
        self._since = max(self._last, now - self._fade)
        self._newest, self._came = painting, now

    def lay(self, seen: Seen, strength: float, front: np.ndarray | None) -> LaidPainting:
        """What is laid in this picture, of a face that is seen. Once a picture, when something is there.

        Args:
            front: uint8 (256, 256), what is held before the head now; None: nothing.
        """
        assert self._newest is not None and seen.transform is not None
        now, shape = seen.frame.captured_at, seen.shape
        self._last, newest = now, self._newest
        self._face = shape if self._face is None else followed(self._face, shape)
        share, sheet = (now - self._since) / self._fade, newest.sheet
        if newest.before is not None and share < 1:
            sheet = sheet.mixed(newest.before, max(share, 0.0))
        return LaidPainting(newest, sheet, self._face, seen.transform, strength, self._plate, front)

    def _painting(
        self, taken: Taken, subject: Subject, layer: Layer, of: tuple[object, Residual | None, bool]
    ) -> Painting:
        """A layer with its strands. In the worker."""
        strands = self._strands.look(of[0], layer, taken.head.shape, *of[1:])
        fray = None if strands is None else self._strands.fray
        layer = finished(replace(layer, strands=strands, fray=fray))
        painting = painting_of(layer, taken.head.shape, taken.transform, taken.size)
        painting = replace(painting, hangs=subject.under, finished=self._strands.finished)
        last, self._made = self._made, (taken, painting)
        # One of another pose would be a ghost beside it.
        if last is None or last[0].far(taken.transform, taken.pose):
            return painting
        return painting.after(last[1])
