"""Smoothing over time: still when the head is still, without lag when it moves.

The one-euro filter (Casiez, Roussel and Vogel, CHI 2012) is a low-pass whose cutoff rises with
speed. A face is smoothed in two parts, because they move differently: where the head is (place,
size, tilt) and what shape the face has within head space (turning, nodding, speaking).
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mirror.core.face import Face
from mirror.core.head_space import HeadTransform
from mirror.tracking.optical_flow import Registration, Similarity


@dataclass(frozen=True, slots=True)
class Tuning:
    """How strongly the filter smooths.

    Attributes:
        still: cutoff in hertz when nothing moves; lower is calmer.
        quick: hertz added for each unit a second of speed; higher lags less.
        speed: cutoff in hertz of the speed's own low-pass.
        quicker: hertz added for the square of the speed. With `quick` alone the lag is the same at every
            speed; this takes it away where noise has no say.
    """

    still: float
    quick: float
    speed: float
    quicker: float = 0.0


# Size and tilt, as movements of the square's rim in sides of the square a second. Measured on four clips they
# tremble by up to a pixel there (medians of their second differences: 0.5% and 0.2 to 0.6 degrees).
HEAD = Tuning(still=0.15, quick=4.0, speed=2.3, quicker=160.0)
# A head that moves less than the first, in sides of the square a second, is still: its size and tilt are what
# the pixels say, and come to what the filter above says by a low-pass of so many hertz, more by so many for
# each side that they are off. From the second on they are filtered: a head that turns seems to shrink. How
# fast it moves is smoothed by a low-pass in hertz.
STILL, STILL_CUTOFF, STILL_OFF, STILL_SPEED = (0.02, 0.06), 0.1, 200.0, 1.0
# How far the place that the landmarks say is off the one that the pixels say: it wanders as the head turns,
# and trembles by a quarter of a pixel.
PLACE = Tuning(still=0.3, quick=20.0, speed=1.0, quicker=300.0)
# The shape of a face changes little, so its noise would show as breathing; but hair turns by it, 15 ms behind
# a head that turns by 80 degrees a second.
SHAPE = Tuning(still=0.15, quick=15.0, speed=1.0, quicker=1500.0)
# A face that moves further than this between two frames, in sides, is another face or a cut.
JUMP_SIDES = 0.35
JUMP_SCALE = 1.4
# After so long without a face the old place says nothing any more, seconds.
FORGET_SECONDS = 0.5


class OneEuro:
    """The one-euro filter for an array of any shape.

    Args:
        tuning: how strongly to smooth; its speeds are in the unit of the values.
        together: one cutoff for the whole array, from the root mean square of its speeds, so that
            sums and differences of elements are filtered alike; else each element has its own.

    Example:
        >>> smooth = OneEuro(Tuning(still=1.0, quick=0.0, speed=1.0))
        >>> smooth(np.zeros(2), 0.0).tolist(), smooth(np.ones(2), 1 / 30).round(3).tolist()
        ([0.0, 0.0], [0.173, 0.173])
    """

    def __init__(self, tuning: Tuning, *, together: bool = False) -> None:
        self._tuning = tuning
        self._together = together
        self.reset()

    def reset(self) -> None:
        """Forgets everything: the next value passes through as it is."""
        self._value: np.ndarray | None = None
        self._speed: np.ndarray = np.zeros(())
        self._time = -math.inf

    def __call__(self, value: np.ndarray, time: float) -> np.ndarray:
        """The smoothed value.

        Args:
            value: float array, the same shape each time.
            time: seconds; where it does not advance, the filter starts anew.

        Returns:
            float64, a new array of the same shape.
        """
        value = np.asarray(value, np.float64)
        step = time - self._time
        if self._value is None or step <= 0:
            self._value, self._speed, self._time = value.copy(), np.zeros_like(value), time
            return value.copy()
        speed = (value - self._value) / step
        self._speed = self._speed + _share(self._tuning.speed, step) * (speed - self._speed)
        pace = np.sqrt(np.mean(self._speed**2)) if self._together else np.abs(self._speed)
        share = _share(self._tuning.still + (self._tuning.quick + self._tuning.quicker * pace) * pace, step)
        self._value = self._value + share * (value - self._value)
        self._time = time
        return self._value.copy()


def _share(cutoff, step: float):
    """How much of the new value a first-order low-pass takes over in `step` seconds."""
    turn = 2 * math.pi * cutoff * step
    return turn / (turn + 1)


class Calm:
    """A map that trembles from picture to picture, followed slowly; as it is where it changed as a whole.

    Args:
        share: how much of a new map is taken over.
        jump: mean difference from which on it is another map, and taken at once.
        every: it is made anew in every so manieth picture only: it may be dear.

    Example:
        >>> calm = Calm(share=0.25, jump=2.0)
        >>> [float(calm(lambda: np.full(1, x))[0]) for x in (0.0, 1.0, 9.0)]
        [0.0, 0.25, 9.0]
    """

    def __init__(self, share: float, jump: float, every: int = 1) -> None:
        self._share, self._jump, self._every = share, jump, every
        self.reset()

    def reset(self) -> None:
        """Forgets the map: the next one passes through as it is."""
        self._last: np.ndarray | None = None
        self._waited = 0

    def __call__(self, make: Callable[[], np.ndarray | None]) -> np.ndarray | None:
        """The map, calmed: a new array. `make` makes it as it is now; None from there is None."""
        self._waited += 1
        last = self._last
        if last is not None and self._waited < self._every:
            return last.copy()
        self._waited = 0
        value = make()
        if value is None:
            self.reset()
            return None
        if last is None or last.shape != value.shape or float(np.abs(value - last).mean()) > self._jump:
            self._last = value.copy()
        else:
            self._last = last + (value - last) * value.dtype.type(self._share)
        return self._last.copy()


class HeadSmoother:
    """Smooths how large a head is and how it tilts; where it is follows the pixels of the face.

    So do size and tilt while the head is still: the filter alone let the rim of the hair wander by half a
    pixel under a picture that trembles, and long hair flickered by twice the camera's noise (now 1.1 to 1.3).

    The midpoint of the eyes must not lag: hair that follows a frame late slides on the head. Held still by a
    filter, the new hair of a portrait that shakes by a pixel flickered by 2.9 times the camera's noise. So
    the place is taken from the motion of the pixels (`mirror.tracking.optical_flow`), added up, and what the
    landmarks say besides is filtered; where the pixels say nothing it passes as measured.

    Example:
        >>> smoother = HeadSmoother()
        >>> smoother.smooth(HeadTransform(640.0, 360.0, 450.0, 0.0), 0.0)
        (HeadTransform(x=640.0, y=360.0, scale=450.0, angle=0.0), True)
    """

    def __init__(self) -> None:
        self._filter = OneEuro(HEAD)
        self._off = OneEuro(PLACE, together=True)
        self.reset()

    def reset(self) -> None:
        """Forgets the head: the next one passes through as it is."""
        self._filter.reset()
        self._off.reset()
        self._last: HeadTransform | None = None
        self._place = 0j  # where the pixels say it is, frame pixels
        self._apart = 0j  # how far off that the landmarks were, sides of the square
        self._angle = 0.0
        self._turned = np.zeros(2)  # size and tilt as the pixels say, as the filter has them
        self._beside = np.zeros(2)  # what is added to them
        self._speed = np.zeros(4)  # of place, size and tilt, sides a second
        self._time = -math.inf

    def smooth(
        self, transform: HeadTransform, time: float, motion: Similarity | None = None
    ) -> tuple[HeadTransform, bool]:
        """The smoothed transform, and whether the head is new.

        Args:
            transform: as measured in this frame.
            time: `frame.captured_at`, seconds.
            motion: of the face's pixels since the frame before, where it is known.

        Returns:
            The smoothed transform, and True where smoothing began anew: the first head, one that
            jumped, one seen again after half a second, or a time that went back.
        """
        fresh = self._last is None or self._jumped(self._last, transform, time - self._time)
        if fresh:
            self.reset()
            self._angle = transform.angle
        # Past half a turn the angle comes round to the other sign; keep counting instead.
        self._angle += math.remainder(transform.angle - self._angle, 2 * math.pi)
        state = np.array([math.log(transform.scale) / 2, self._angle / 2])
        measured = complex(transform.x, transform.y)
        size, tilt = self._sized(state, measured, time, None if fresh else motion)
        place = self._placed(measured, transform.scale, time, None if fresh else motion)
        self._last, self._time = transform, time
        return HeadTransform(
            place.real, place.imag, math.exp(2 * size), math.remainder(2 * tilt, 2 * math.pi)
        ), fresh

    def _sized(
        self, state: np.ndarray, measured: complex, time: float, motion: Similarity | None
    ) -> tuple[float, float]:
        """How large it is and how it tilts, halves of the logarithm and of the angle; `measured`: where."""
        smooth, step = self._filter(state, time), time - self._time
        if motion is None or self._last is None:
            self._turned, self._speed = smooth - self._beside, np.zeros(4)
        else:
            moved = (motion.a * measured + motion.b - measured) / self._last.scale
            grown, turned = math.log(abs(motion.a)) / 2, cmath.phase(motion.a) / 2
            self._turned = self._turned + (grown, turned)
            speed = np.array([moved.real, moved.imag, grown, turned]) / step
            self._speed = self._speed + _share(STILL_SPEED, step) * (speed - self._speed)
            pace = float(np.linalg.norm(self._speed))
            still = min(max((STILL[1] - pace) / (STILL[1] - STILL[0]), 0.0), 1.0)
            off = smooth - self._turned - self._beside
            share = _share(STILL_CUTOFF + STILL_OFF * float(np.abs(off).max()), step)
            self._beside = self._beside + (1 - still * (1 - share)) * off
        size, tilt = self._turned + self._beside
        return float(size), float(tilt)

    def _placed(self, measured: complex, scale: float, time: float, motion: Similarity | None) -> complex:
        """Where the head is, frame pixels."""
        if motion is None:
            # What was apart stays apart, so that nothing jumps.
            self._place = measured - self._apart * scale
        else:
            self._place = motion.a * self._place + motion.b
        self._apart = (measured - self._place) / scale
        x, y = (float(v) for v in self._off(np.array([self._apart.real, self._apart.imag]), time))
        return self._place + complex(x, y) * scale

    @staticmethod
    def _jumped(last: HeadTransform, now: HeadTransform, gap: float) -> bool:
        if not 0 < gap <= FORGET_SECONDS:
            return True
        moved = math.hypot(now.x - last.x, now.y - last.y) / last.scale
        grown = max(now.scale / last.scale, last.scale / now.scale)
        return moved > JUMP_SIDES or grown > JUMP_SCALE


class FaceSmoother:
    """Smooths a whole face; `HeadTransform.from_face` of the result is the smoothed transform.

    Example:
        >>> smoother = FaceSmoother()
        >>> # face, fresh = smoother.smooth(face, frame.captured_at)
    """

    def __init__(self) -> None:
        self._head = HeadSmoother()
        self._registration = Registration()
        # Together: the eyes then stay where head space has them, and only the rest changes shape.
        self._shape = OneEuro(SHAPE, together=True)

    def reset(self) -> None:
        """Forgets the face, for instance because it was lost."""
        self._head.reset()
        self._shape.reset()
        self._registration.reset()

    def smooth(self, face: Face, time: float, image: np.ndarray | None = None) -> tuple[Face, bool]:
        """The smoothed face, and whether smoothing began anew (see `HeadSmoother.smooth`).

        Args:
            face: as measured; time: seconds.
            image: uint8 (H, W, 3) RGB, the picture it was measured in; without it landmarks alone say where.

        Raises:
            ValueError: the two eyes coincide: these landmarks are not a face.
        """
        measured = HeadTransform.from_face(face)
        motion = self._registration.look(image, face, time) if image is not None else None
        head, fresh = self._head.smooth(measured, time, motion)
        if fresh:
            self._shape.reset()
        local = np.column_stack(
            [measured.to_unit(face.landmarks[:, :2]), face.landmarks[:, 2] / measured.scale]
        )
        local = self._shape(local, time)
        points = np.column_stack([head.to_frame(local[:, :2]), local[:, 2] * head.scale])
        return Face(points.astype(np.float32), face.score), fresh
