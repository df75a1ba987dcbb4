"""Reach: whether somebody is near enough for new hair to be worth showing.

The networks see a square round a head. A head that is too small in the frame gives them too little to go by;
and long hair of somebody further away hangs out of the square, where nothing good can be put in its place.
Nearer to the camera both are mended: a face is larger, and the frame ends where the square does. Until then
nothing is begun, and the person is told.
"""

from __future__ import annotations

import math

import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.head_crop import SIDE
from mirror.core.head_space import EYE_CENTRE, EYE_DISTANCE, HeadTransform
from mirror.removal.long_hair import Under
from mirror.removal.long_hair_tracing import DOWN
from mirror.translation.message import Message

CLOSER = Message("Step a little closer")
# Frame pixels between the eyes at least: the head's square has 110 then. At 1280x720 and the usual 70 degrees
# across that is 2.9 m away.
LEAST_EYES = 20.0
# How much own hair may hang below the square, in squares; and how much of one of its other three edges hair
# may cross, in sides, where the frame goes on for so many sides behind it: there nothing takes it away.
# Of nine people with long hair, one filmed and eight photographs carried on below by their mirror image, eyes
# 50 to 77 pixels apart at 1280x720, eight are above (1.3 to 3.8 times). A bob put on them all the same left
# smears on chest and collar, or locks that end at a line; on the filmed one, 0.107 below, too. The one under
# the limit, 0.012, is clean.
MOST_BELOW, MOST_BESIDE, _BEHIND = 0.08, 0.04, 0.1
# Who has been too far away has come near enough at this share of what is allowed. Either counts when it has
# lasted for so long, or hair would come and go with each turn of a head (in a clip, three times in a second),
# and then takes so long.
BACK, LASTS, FADE_SECONDS = 0.75, 1.0, 0.3
_EDGE = 3  # pixels of the square, which are not looked at: beyond the frame a matte guesses
_HAIR = 0.5  # alpha


def too_small(transform: HeadTransform) -> float:
    """How far from being large enough a head is: above 1 it is too small.

    Example:
        >>> too_small(HeadTransform(0.0, 0.0, scale=LEAST_EYES * 2 / EYE_DISTANCE, angle=0.0))
        0.5
    """
    return LEAST_EYES / max(transform.scale * EYE_DISTANCE, 1e-3)


def leaves(hair: np.ndarray, under: Under | None, transform: HeadTransform, size: tuple[int, int]) -> float:
    """How far from staying within the head's square own hair is: above 1 too much of it leaves.

    Args:
        hair: float32 (256, 256), alpha of the hair that is there.
        under: where it goes on below; None: nowhere.
        transform: of the head.
        size: width and height of the frame.
    """
    hangs = 0.0 if under is None else float(under.cover[round(SIDE * (1 - DOWN)) :].sum()) / SIDE**2
    crossed = 0.0
    for number, edge in enumerate((hair[:, _EDGE], hair[:, -1 - _EDGE], hair[_EDGE])):
        behind = _room(transform, number, size)
        crossed = max(crossed, float((edge > _HAIR).mean()) * min(max(behind / _BEHIND, 0.0), 1.0))
    return max(hangs / MOST_BELOW, crossed / MOST_BESIDE)


def check_reach(
    hair: np.ndarray, under: Under | None, transform: HeadTransform, size: tuple[int, int]
) -> None:
    """The same for a picture that stays as it is; arguments as of `leaves`.

    Raises:
        MirrorError: the head is too small, or too much of its hair leaves the square.
    """
    if too_small(transform) > 1:
        eyes = transform.scale * EYE_DISTANCE
        raise MirrorError(
            f"The face in this picture is too small: its eyes are {eyes:.0f} pixels apart, and "
            f"{LEAST_EYES:.0f} are needed. Give a larger picture, or one taken closer."
        )
    if leaves(hair, under, transform, size) > 1:
        raise MirrorError(
            "The hair in this picture goes on further from the face than the mirror can change it. Give a "
            "picture that is cut closer, to head and shoulders."
        )


def _room(transform: HeadTransform, edge: int, size: tuple[int, int]) -> float:
    """How far the frame goes on behind an edge of the square, left, right or top, in its sides."""
    x, y = EYE_CENTRE
    outwards = ((-x, 0.5 - y), (1 - x, 0.5 - y), (0.5 - x, -y))[edge]
    middle = np.array([outwards]) + EYE_CENTRE
    at_x, at_y = transform.to_frame(middle)[0]
    away = (at_x, size[0] - 1 - at_x, at_y)[edge]
    return float(away) / transform.scale


class Reach:
    """The same for a stream: who is near enough stays so for a moment, and nothing goes at a stroke."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets the person."""
        self._leaves = 0.0
        self._near: bool | None = None
        self._other = 0.0  # for how long it has been the other way, seconds
        self._way = 1.0
        self._time = -math.inf

    @property
    def advice(self) -> str:
        """What the person is told: `CLOSER`, or "" where all is well."""
        return CLOSER if self._near is False else ""

    def note(
        self, hair: np.ndarray, under: Under | None, transform: HeadTransform, size: tuple[int, int]
    ) -> None:
        """Takes note of hair that was looked at; arguments as of `leaves`."""
        self._leaves = leaves(hair, under, transform, size)

    def share(self, transform: HeadTransform, now: float) -> float:
        """How much of the new hair is shown at `now`, seconds: 0 to 1."""
        far = max(too_small(transform), self._leaves)
        first, step = self._near is None, now - self._time
        near = far <= (BACK if self._near is False else 1.0)
        self._other = self._other + step if near != self._near and step > 0 else 0.0
        if first or step < 0 or self._other >= LASTS:
            self._near, self._other = near, 0.0
        self._time = now
        if first or step < 0:
            self._way = float(bool(self._near))
        else:
            part = step / FADE_SECONDS
            self._way = min(max(self._way + (part if self._near else -part), 0.0), 1.0)
        return self._way
