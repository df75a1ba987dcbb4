"""Where removed hair uncovers the wall, and where skull, ears, neck and clothes.

The painter paints the body as if it were alone, and how far there is body. The plate knows what the wall
looks like (`mirror.plate`), not whether it is hidden by more than hair. Where there is no plate, the wall
beside the head says what an even wall looks like behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.face import FACE_OVAL
from mirror.fill import fill_in
from mirror.headspace import EYE_CENTRE, fill_polygon
from mirror.skull import BACK

WALL_SIDE = 128  # pixels of the square in which it is decided
# The face oval, stretched sideways and above the eyes upwards. Beyond the first outline there is no head,
# ears and all; within the second there is nothing but head.
_BEYOND, _WITHIN = (1.4, 1.85), (0.95, 1.36)
# What anything that is seen counts where no wall is.
_ANY = 1e-4
# How much steeper the edge of a body is than the painter's alpha of it.
_CRISP = 3.0
# Between these rows, shares of the side, ears begin: what is above is skull.
_EARS = (EYE_CENTRE[1] - 0.04, EYE_CENTRE[1] + 0.01)
# How far above the chin, in sides of the square, shoulders may begin: from the first on less is believed.
_SHOULDERS = (0.09, 0.03)


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
        """Those of a face, `shape` float32 (75,), see `mirror.headspace.face_shape`."""
        oval = shape[: 2 * len(FACE_OVAL)].reshape(-1, 2).astype(np.float64) / 4 + 0.5
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
    return fill_in(camera, seen * np.maximum(person < 0.1, np.float32(_ANY)))


def uncover(
    body: np.ndarray, solid: np.ndarray, wall: np.ndarray, outlines: Outlines, skull: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What is beneath hair that is taken away: the body before the wall.

    Above the eyes a head is a skull. Below, the painter says where a body ends, as far as it can know; there
    its edge is made as sharp as one in a photograph, and geometry has the last word: beyond a generous
    outline of the head and above the shoulders nothing is body, within a narrow one nothing is wall.

    Args:
        body: float32 (S, S, 3), 0 to 1.
        solid: float32 (S, S), alpha of the body as the painter paints it.
        wall: float32 (s, s, 3), 0 to 1.
        skull: float32 (S, S), see `mirror.skull.Skull.alpha`.

    Returns:
        float32 (S, S, 3), and float32 (S, S): how much of it is wall.
    """
    size = body.shape[1::-1]
    beyond, between, plain = (
        cv2.resize(one, size, interpolation=cv2.INTER_LINEAR)
        for one in (outlines.beyond, outlines.between, wall)
    )
    crisp = np.clip((solid - 0.5) * np.float32(_CRISP) + np.float32(0.5), 0, 1)
    rows = (np.arange(body.shape[0], dtype=np.float32) + 0.5) / body.shape[0]
    above = np.clip((_EARS[1] - rows) * (1 / (_EARS[1] - _EARS[0])), 0, 1)[:, None]
    share = cv2.max(beyond, cv2.multiply(between, 1 - crisp)) * (1 - above) + (1 - skull) * above
    return cv2.blendLinear(plain, body, share, 1 - share), share


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
