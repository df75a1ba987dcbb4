"""Where removed hair uncovers the wall, and where skull, ears, neck and clothes.

The painter paints the body as if it were alone, and how far there is body. The plate knows what the wall
looks like (`mirror.removal.background_plate`), not whether it is hidden by more than hair. Where there is no
plate, the wall beside the head says what it may look like behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from mirror.core.face import FACE_OVAL
from mirror.core.head_space import EYE_CENTRE, fill_polygon, oval_of
from mirror.core.push_pull_fill import FILL_SIDE, fill_in
from mirror.removal.skull_shape import BACK
from mirror.removal.soft_threshold import crisp
from mirror.tracking.temporal_smoothing import Calm

WALL_SIDE = 128  # pixels of the square in which it is decided
# The face oval, stretched sideways and above the eyes upwards. Beyond the first outline there is no head,
# ears and all; within the second there is nothing but head.
_BEYOND, _WITHIN = (1.4, 1.85), (0.95, 1.36)
# A person's alpha below which there is wall, and what anything that is seen counts where none is.
NOBODY, _ANY = 0.1, 1e-4
# In cells of 64: how smooth the outline is at which the wall is reflected, and the share of seen wall at
# which it lies; how even the reflection is, and how deep it goes.
_LOCKS, _OUTSIDE, _EVEN, _DEEP = 1.5, 0.7, 3.0, 12.0
# At its edge a guess is corrected by at most so much, of 1; cells round what was hidden in which that is read
# off, and what counts as hidden.
_OFF, _BESIDE, _ANYTHING = 0.07, np.ones((5, 5), np.uint8), 0.03
_RIM, _PAIR = np.ones((3, 3), np.uint8), np.ones((1, 2), np.uint8)
# How smooth the outline of a body is made, and how soft its edge is then, in pixels.
_EVENED, _EASED = 2.0, 1.0
# Between these rows, shares of the side, ears begin: what is above is skull.
_EARS = (EYE_CENTRE[1] - 0.04, EYE_CENTRE[1] + 0.01)
# How far above the chin, in sides of the square, shoulders may begin: from the first on less is believed.
_SHOULDERS = (0.09, 0.03)


_CELLS, _PLACES = (
    np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).astype(np.float32)
    for side in (FILL_SIDE, WALL_SIDE)
)


@dataclass(frozen=True, slots=True)
class Outlines:
    """Where a head may be and where it is for certain, float32 (128, 128) each, 0 to 1.

    Attributes:
        beyond: 1 where there is no head, ears and all, and no shoulder.
        between: 0 where there is nothing but head.
    """

    beyond: np.ndarray
    between: np.ndarray

    @classmethod
    def of(cls, shape: np.ndarray) -> Outlines:
        """Those of a face, `shape` float32 (75,), see `mirror.core.head_space.face_shape`."""
        oval = oval_of(shape)
        back = -float(np.sin(np.radians(shape[2 * len(FACE_OVAL)] * 30))) * BACK
        outlines = [_stretched(oval, *stretch, back) for stretch in (_BEYOND, _WITHIN)]
        maps = [fill_polygon(points, WALL_SIDE).astype(np.float32) * (1 / 255) for points in outlines]
        head, core = (cv2.GaussianBlur(one, (9, 9), 2.0) for one in maps)
        rows = (np.arange(WALL_SIDE, dtype=np.float32) + 0.5) / WALL_SIDE
        low, high = (oval[:, 1].max() - above for above in _SHOULDERS)
        above = np.clip((high - rows) / (high - low), 0, 1).astype(np.float32)[:, None]
        return cls((1 - head) * above, 1 - core)


def wall_of(camera: np.ndarray, seen: np.ndarray, person: np.ndarray) -> np.ndarray:
    """What the wall looks like behind a head, from what is to be seen of it beside.

    Args:
        camera: float32 (64, 64, 3), 0 to 1.
        seen: float32 (64, 64), 1 where the camera shows what will be shown, else 0.
        person: float32 (64, 64), alpha of the person before it.

    Returns:
        float32 (64, 64, 3), smooth. Where a head fills the square so that no wall is seen, the colour of
        whatever is.
    """
    return fill_in(camera, seen * np.maximum(person < NOBODY, np.float32(_ANY)))


def textured(
    wall: np.ndarray,
    image: np.ndarray,
    seen: np.ndarray,
    person: np.ndarray,
    calm: Calm | None = None,
    way_to: Callable[[np.ndarray], np.ndarray | None] | None = None,
) -> np.ndarray:
    """The smooth wall behind a head with the pattern of the wall beside it, reflected at the hair's outline.

    A street, a garden, a shelf: a smooth patch in it is seen from afar, and what goes on as it is beside the
    head is not looked at twice. Each place takes the colour of the one as far beyond the nearest wall that is
    seen; deeper in, where nothing can be known, the wall is smooth.

    Args:
        wall: float32 (64, 64, 3), 0 to 1, see `wall_of`; person: as there.
        seen: float32 (64, 64), 0 to 1, how much of each cell the camera shows as it will be shown.
        image: float32 (1, 3, S, S), 0 to 1, the camera's.
        calm: of a stream, so that the reflection does not tremble with the outline, in cells of 64.
        way_to: `inwards` unless told otherwise, or `sideways`.

    Returns:
        float32 (128, 128, 3), 0 to 1.
    """
    way_to = way_to or inwards
    size = (WALL_SIDE, WALL_SIDE)
    plain = cv2.resize(wall, size, interpolation=cv2.INTER_LINEAR)
    beside = np.where(person < NOBODY, seen, np.float32(0))
    way = way_to(beside) if calm is None else calm(lambda: way_to(beside))
    if way is None:
        return plain
    far = np.sqrt(way[..., 0] ** 2 + way[..., 1] ** 2)
    way = cv2.resize(way, size, interpolation=cv2.INTER_LINEAR) * np.float32(2 * WALL_SIDE / len(wall))
    # What lies beyond the square is reflected at its edge.
    last = np.float32(WALL_SIDE - 1)
    x, y = cv2.split(last - np.abs(last - np.abs(_PLACES + way)))
    camera = cv2.merge([cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in image[0]])
    there = cv2.remap(camera, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    half = np.float32(len(wall) / WALL_SIDE)
    # A cell less: on its rim the wall is mixed with hair, or with what lies beyond the picture.
    sure = cv2.remap(
        cv2.erode(beside, _RIM), (x + 0.5) * half - 0.5, (y + 0.5) * half - 0.5, cv2.INTER_LINEAR
    )
    sure = np.clip(cv2.GaussianBlur(sure, (0, 0), 1.5) * 2 - 1, 0, 1)
    sure *= cv2.resize(np.exp(-((far * np.float32(1 / _DEEP)) ** 2)), size, interpolation=cv2.INTER_LINEAR)
    return cv2.blendLinear(there, plain, sure, 1 - sure)


def sideways(beside: np.ndarray) -> np.ndarray | None:
    """From each cell to the nearest in its row that is seen, as `inwards`: hair hangs down before clothes."""
    # A single cell between two locks is too little to be carried on.
    seen = cv2.erode(cv2.GaussianBlur(beside, (0, 0), _LOCKS / 2), _PAIR) > _OUTSIDE
    if seen.all() or not seen.any():
        return None
    side = len(beside)
    columns = np.broadcast_to(np.arange(side), seen.shape)
    left = np.maximum.accumulate(np.where(seen, columns, -side), axis=1)
    right = np.minimum.accumulate(np.where(seen, columns, 2 * side)[:, ::-1], axis=1)[:, ::-1]
    way = np.where(columns - left <= right - columns, left, right) - columns
    # A row in which nothing is seen stays where it is: there the smooth guess shows.
    way = np.where(np.abs(way) < side, way, 0).astype(np.float32)
    return cv2.GaussianBlur(cv2.merge([way, np.zeros_like(way)]), (0, 0), sigmaX=1.0, sigmaY=_EVEN)


def inwards(beside: np.ndarray) -> np.ndarray | None:
    """From each cell to the nearest of the wall that is seen, evened out, float32 (64, 64, 2): x, y.

    None where there is nothing but wall, or none of it.
    """
    # Locks would shatter it: the outline at which it is reflected is a smooth one, a little outside.
    seen = cv2.GaussianBlur(beside, (0, 0), _LOCKS) > _OUTSIDE
    if seen.all() or not seen.any():
        return None
    hidden = np.where(seen, np.uint8(0), np.uint8(1))
    _, labels = cv2.distanceTransformWithLabels(
        hidden, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    rows, columns = np.nonzero(seen)
    nearest = np.zeros((len(rows) + 1, 2), np.float32)
    nearest[labels[rows, columns]] = np.stack([columns, rows], 1)
    return cv2.GaussianBlur(nearest[labels] - _CELLS, (0, 0), _EVEN)


def levelled(wall: np.ndarray, camera: np.ndarray, seen: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """The wall behind hair, as light where it meets the wall that is seen as that is there.

    What is guessed from farther off knows nothing of the shade beside a head. How far it is off at the edge
    is spread inwards, as in seamless cloning (Perez et al. 2003), but smoothly and within bounds.

    Args:
        wall: float32 (128, 128, 3), 0 to 1.
        camera: float32 (64, 64, 3), 0 to 1.
        seen: float32 (64, 64), 1 where the camera shows what will be shown, else 0.
        hidden: float32 (64, 64), 0 to 1, how much of each cell is wall that hair hid.

    Returns:
        float32 (128, 128, 3).
    """
    size = (FILL_SIDE, FILL_SIDE)
    ring = np.where(cv2.dilate(hidden, _BESIDE) > _ANYTHING, seen, np.float32(0))
    off = camera - cv2.resize(wall, size, interpolation=cv2.INTER_AREA)
    # What is far off is a strand, a shirt or a thing that ends there.
    ring = ring * np.exp(cv2.transform(off * off, np.ones((1, 3), np.float32)) * (-0.5 / _OFF**2))
    if ring.sum() < 1:
        return wall
    tint = np.clip(cv2.GaussianBlur(fill_in(off, ring), (0, 0), 1.0), -_OFF, _OFF)
    return np.clip(wall + cv2.resize(tint, wall.shape[1::-1], interpolation=cv2.INTER_LINEAR), 0, 1)


def wall_share(solid: np.ndarray, outlines: Outlines, skull: np.ndarray) -> np.ndarray:
    """How much of what is beneath hair that is taken away is wall, and not body before it.

    Above the eyes a head is a skull. Below, the painter says where a body ends, as far as it can know; there
    its edge is made as sharp as one in a photograph, and geometry has the last word: beyond a generous
    outline of the head and above the shoulders nothing is body, within a narrow one nothing is wall.

    Args:
        solid: float32 (S, S), alpha of the body as the painter paints it.
        skull: float32 (S, S), see `mirror.removal.skull_shape.Skull.alpha`.

    Returns:
        float32 (S, S), 0 to 1.
    """
    size = solid.shape[::-1]
    beyond, between = (
        cv2.resize(one, size, interpolation=cv2.INTER_LINEAR) for one in (outlines.beyond, outlines.between)
    )
    # Shown at four times its size, an edge of one pixel would be a staircase.
    within = cv2.GaussianBlur(crisp(cv2.GaussianBlur(solid, (0, 0), _EVENED)), (0, 0), _EASED)
    rows = (np.arange(solid.shape[0], dtype=np.float32) + 0.5) / solid.shape[0]
    above = np.clip((_EARS[1] - rows) * (1 / (_EARS[1] - _EARS[0])), 0, 1)[:, None]
    return cv2.max(beyond, cv2.multiply(between, 1 - within)) * (1 - above) + (1 - skull) * above


def _stretched(oval: np.ndarray, sideways: float, upwards: float, back: float) -> np.ndarray:
    """The face oval, unit points: wider about its middle and towards the back, and higher above the eyes."""
    out = oval.copy()
    half = (oval[:, 0].max() - oval[:, 0].min()) / 2
    middle = oval[:, 0].min() + half
    out[:, 0] = middle + (oval[:, 0] - middle) * sideways
    # The side towards which the nose points stays: what was hidden comes into sight on the other.
    behind = np.sign(oval[:, 0] - middle) == np.sign(back)
    out[behind, 0] += back * half
    above = oval[:, 1] < EYE_CENTRE[1]
    out[above, 1] = EYE_CENTRE[1] + (oval[above, 1] - EYE_CENTRE[1]) * upwards
    return out
