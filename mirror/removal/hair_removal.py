"""Hair removal: the head and what is round it, as if it had no hair.

A network paints it (`mirror.removal.underlay_network`). What is known better takes the place of what it
paints: the camera's own light at the edge of what was hidden, the wall that was seen before, the grain of the
picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.head_crop import SIDE, Head
from mirror.core.push_pull_fill import FILL_SIDE, fill_in
from mirror.removal.background_sharpness import in_focus
from mirror.removal.ear_relief import with_ears
from mirror.removal.hidden_brows import with_brows
from mirror.removal.soft_threshold import crisp
from mirror.removal.texture_synthesis import grain_of, wall_grain_of, with_grain
from mirror.removal.underlay_network import ALPHA, PERSON, WALL
from mirror.tracking.temporal_smoothing import Calm

# Alphas of what is held in front: from the first on hair gives way, at the second it is gone.
HAND = (0.3, 0.8)
# Share of the square: where less than that of the old hair is uncovered, nobody asks for wall or wisps.
LITTLE = 0.002
# A person's alpha below which there is wall.
NOBODY = 0.1
# At its edge what was painted is corrected by at most so much, of 1: more is a thing that ends there.
_OFF = 0.1
# Mean difference between a face's channels, of 1, below which it has no colour: by daylight faces have 0.15
# to 0.3, toned black and white ones 0.02.
_GREY = 0.04
# How smooth the outline of a person is made, and how soft its edge is then, in pixels.
_EVENED, _EASED = 1.5, 0.8


class Calming:
    """What a stream remembers so that what is uncovered does not tremble; see
    `mirror.tracking.temporal_smoothing.Calm`."""

    def __init__(self) -> None:
        self.underlay = Calm(share=0.5, jump=0.05)  # of 1
        self.focus = Calm(share=0.3, jump=0.3, every=3)  # of 1
        self.wall_grain = Calm(share=0.2, jump=0.1, every=5)  # of the wall's brightness
        self.skin_grain = Calm(share=0.2, jump=0.1, every=5)  # of the skin's
        self.wisps = Calm(share=0.5, jump=0.05)

    def reset(self) -> None:
        """Forgets the person."""
        for one in vars(self).values():
            one.reset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is round a head, as far as it is known.

    Attributes:
        person: float32 (S, S), alpha of the whole person: beyond it the camera shows the wall.
        hair: float32 (S, S), alpha of the hair that is there.
        front: float32 (S, S), alpha of what is held in front of the head and stays there.
        behind: the wall and where it is known, 128 pixels a side, see `Plate.behind`.
    """

    person: np.ndarray
    hair: np.ndarray
    front: np.ndarray | None = None
    behind: tuple[np.ndarray, np.ndarray] | None = None


@dataclass(frozen=True, slots=True)
class Uncovered:
    """What lies beneath hair.

    Attributes:
        person, wall: float32 (S, S, 3), 0 to 1: each as if the other were not there.
        alpha: float32 (S, S), of the person.
        sure: float32 (S, S), how well the wall is known from the plate; None: there is no plate.
    """

    person: np.ndarray
    wall: np.ndarray
    alpha: np.ndarray
    sure: np.ndarray | None

    @property
    def mixed(self) -> np.ndarray:
        """The person before the wall, float32 (S, S, 3)."""
        return cv2.blendLinear(self.person, self.wall, self.alpha, 1 - self.alpha)


def without_hair(
    painted: np.ndarray,
    head: Head,
    cover: np.ndarray,
    around: Surroundings,
    calm: Calming | None = None,
) -> Uncovered:
    """The head and what is round it, as if it had no hair.

    Args:
        painted: float32 (7, S, S), see `mirror.removal.underlay_network.UnderlayNetwork.look`.
        cover: float32 (S, S), what is covered: the hair that was there and the new.
        calm: of a stream that shows one style; None for a picture of its own.
    """
    person, wall = (cv2.merge(list(painted[planes])) for planes in (PERSON, WALL))
    if _colourless(head):
        person, wall = (cv2.merge([cv2.transform(one, _THIRDS)] * 3) for one in (person, wall))
    # Unsure where a shoulder or an ear ends, a network answers with a slope, which would be seen as a haze.
    # Shown at four times its size, an edge of one pixel would be a staircase.
    alpha = cv2.GaussianBlur(crisp(cv2.GaussianBlur(painted[ALPHA], (0, 0), _EVENED)), (0, 0), _EASED)
    person, alpha = with_ears(person, alpha, head.shape, around.hair)
    free = _free(head, cover, around.front)
    seam = _seam(cv2.blendLinear(person, wall, alpha, 1 - alpha), head, free)
    person, wall, sure = person + seam, wall + seam, None
    if around.behind is not None:
        plate, sure = (cv2.resize(one, (SIDE, SIDE)) for one in around.behind)
        wall = cv2.blendLinear(plate, wall, sure, 1 - sure)

    def pores() -> np.ndarray:
        return grain_of(head, free)

    def grain() -> np.ndarray:
        beside = np.where(around.person < NOBODY, free, np.float32(0))
        return wall_grain_of(head.image, beside)

    rough, even = (pores(), grain()) if calm is None else (calm.skin_grain(pores), calm.wall_grain(grain))
    assert rough is not None and even is not None
    person = with_brows(with_grain(person, _EVERYWHERE, rough), head, around.hair)
    wall = with_grain(wall, _EVERYWHERE if sure is None else 1 - sure, even)
    return Uncovered(person, wall, alpha, sure)


def _colourless(head: Head) -> bool:
    """Whether the camera sees no colours, as by infrared light: networks paint some."""
    # Small: a camera's noise has colours.
    size = (FILL_SIDE // 2, FILL_SIDE // 2)
    small = np.stack(
        [cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (*head.image[0], head.face)]
    )
    face = small[:3, small[3] > 250]
    return face.size > 0 and float((face.max(0) - face.min(0)).mean()) < _GREY


def _seam(beneath: np.ndarray, head: Head, free: np.ndarray) -> np.ndarray:
    """What is to be added to what was painted so that it meets the camera's picture, float32 (S, S, 3).

    The membrane of a seamless clone (Pérez et al. 2003), but smooth and within bounds.
    """
    size = (FILL_SIDE, FILL_SIDE)
    off = cv2.merge(list(head.image[0])) - beneath
    off, known = (
        cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (off * free[..., None], free)
    )
    known = np.where(known > 0.99, np.float32(1), np.float32(0))
    # What is far off is an edge that was painted elsewhere, and says nothing of light.
    known *= np.exp(cv2.transform(off * off, _ONES) * np.float32(-0.5 / _OFF**2))
    filled = np.clip(fill_in(off, known), -_OFF, _OFF)
    return cv2.resize(filled, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def _free(head: Head, cover: np.ndarray, front: np.ndarray | None) -> np.ndarray:
    """float32 (S, S): 1 where the camera shows what will be shown, else 0."""
    free = np.where((cover < 0.02) & head.known, np.float32(1), np.float32(0))
    if front is not None:
        free[front > HAND[0]] = 0
    return free


def focus_of(
    head: Head, cover: np.ndarray, person: np.ndarray, front: np.ndarray | None, calm: Calming | None
) -> np.ndarray:
    """How sharp the wall is that is seen beside what covers, see
    `mirror.removal.background_sharpness.in_focus`. Arguments as for `without_hair`."""

    def found() -> np.ndarray:
        size = (FILL_SIDE, FILL_SIDE)
        seen = cv2.resize(_free(head, cover, front), size, interpolation=cv2.INTER_AREA)
        there = cv2.resize(person, size, interpolation=cv2.INTER_AREA)
        return in_focus(head.image, np.where(there < NOBODY, seen, np.float32(0)))

    sharp = found() if calm is None else calm.focus(found)
    assert sharp is not None
    return sharp


def uncovered(old: np.ndarray, new: np.ndarray) -> float:
    """How much of the old hair the new leaves bare, share of the square."""
    return float(cv2.subtract(old, new).clip(0).mean())


_ONES, _THIRDS = np.ones((1, 3), np.float32), np.full((1, 3), 1 / 3, np.float32)
_EVERYWHERE = np.ones((SIDE, SIDE), np.float32)
