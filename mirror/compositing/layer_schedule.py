"""Schedule: when the slow layer of one person is made anew, in a worker, while frames lay the newest."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from mirror.core.head_crop import Head
from mirror.core.head_space import EYE_DISTANCE, HeadTransform
from mirror.core.workers import Pending, Workers
from mirror.segmentation.matting import Mattes
from mirror.tracking.tracked_frame import Seen

T = TypeVar("T")

# Seconds between two layers: 8 a second while the head moves, and fewer while it rests.
EVERY, RESTING = 0.125, 0.4
# How far a head may move, in eye distances and radians: less than the first is rest; after the second the
# next layer is begun as soon as the worker is free; after the third a layer is no longer that of this
# picture, and the next is waited for.
_STILL, _SOON, _FAR = 0.02, 0.06, 0.12
_OLD = 0.7  # seconds after which it is waited for, too


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """The moment of which a layer is made.

    Attributes:
        at: seconds of the frame clock.
        transform, pose, landmarks: of the head, `pose` and `landmarks` as `mirror.core.face.Face` has them.
        head, mattes: of the person then.
        size: (width, height) of the frame, pixels.
    """

    at: float
    transform: HeadTransform
    pose: tuple[float, float, float]
    landmarks: np.ndarray
    head: Head
    mattes: Mattes
    size: tuple[int, int]

    @classmethod
    def of(cls, seen: Seen, mattes: Mattes) -> Taken:
        """This picture, with a face."""
        assert seen.transform is not None and seen.face is not None
        frame = seen.frame
        face = seen.face
        return cls(
            frame.captured_at, seen.transform, face.pose, face.landmarks, seen.head, mattes, frame.size
        )

    def moved(self, transform: HeadTransform, pose: tuple[float, float, float]) -> float:
        """How far a head that lies there now has moved since, in eye distances or radians."""
        turned = max(abs(now - then) for now, then in zip(pose[:2], self.pose[:2], strict=True))
        return max(_moved(self.transform, transform), float(np.radians(turned)))

    def far(self, transform: HeadTransform, pose: tuple[float, float, float], *, nods: bool = True) -> bool:
        """Whether it has moved so far that this moment says little of that picture.

        Args:
            nods: whether a nod counts: hair that was painted shows it, what lies beneath hair hardly does.
        """
        return self.moved(transform, pose if nods else (pose[0], *self.pose[1:])) > _FAR


class LayerSchedule(Generic[T]):
    """Of one person; one layer is made at a time.

    Args:
        workers: `paint` makes them.

    Attributes:
        newest: what was made last, and of which moment; None: nothing yet.
        took: seconds that the worker needed for what came with this picture; None: nothing came.
    """

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._pending = Pending[Taken, tuple[T, float]]()
        self.took: float | None = None
        self.newest: tuple[Taken, T] | None = None

    def reset(self) -> None:
        """Forgets the person."""
        self.settle()
        self.newest = None

    def settle(self) -> None:
        """Waits for what is being made."""
        self._pending.wait()
        self.collect()

    @property
    def busy(self) -> bool:
        """Whether something is being made."""
        return self._pending.busy

    def collect(self) -> None:
        """Takes what the worker has made. Once a picture.

        Raises whatever was raised in the worker.
        """
        if (done := self._pending.take()) is not None:
            taken, (made, self.took) = done
            self.newest = taken, made

    def late(self, seen: Seen, *, eager: bool = True) -> bool:
        """Whether the newest is too old for this picture; `eager` as in `due`."""
        if self.newest is None:
            return True
        assert seen.transform is not None and seen.face is not None
        taken = self.newest[0]
        old = seen.frame.captured_at - taken.at > _OLD
        return old or taken.far(seen.transform, seen.face.pose, nods=eager)

    def due(self, seen: Seen, *, changed: bool, restless: bool, eager: bool = True, crowd: int = 1) -> bool:
        """Whether a layer is to be begun with this picture.

        Args:
            changed: the newest shows something else than is wanted.
            restless: something moves though the head may not.
            eager: the layer shows hair itself, which lags behind a head that moves; what lies beneath hair
                does not show, and is made no oftener for that.
            crowd: how many people share the worker.
        """
        if self._pending.busy:
            return False
        if self.newest is None or changed or self.late(seen, eager=eager):
            return True
        assert seen.transform is not None and seen.face is not None
        taken = self.newest[0]
        moved = taken.moved(seen.transform, seen.face.pose)
        if eager and moved > _SOON and crowd == 1:
            return True
        every = EVERY if restless or moved > _STILL else RESTING
        return seen.frame.captured_at - taken.at >= every * crowd

    def begin(self, taken: Taken, make: Callable[[], T]) -> None:
        """Has a layer made of a moment."""

        def timed() -> tuple[T, float]:
            began = time.perf_counter()
            return make(), time.perf_counter() - began

        self._pending.begin(taken, self._workers.paint.submit(timed))
        self.collect()


def _moved(one: HeadTransform, other: HeadTransform) -> float:
    eyes = max(one.scale * EYE_DISTANCE, 1e-3)
    far = float(np.hypot(one.x - other.x, one.y - other.y)) / eyes
    return max(far, abs(one.scale / other.scale - 1), abs(one.angle - other.angle))
