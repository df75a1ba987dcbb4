"""Where removed hair uncovers the wall, and where skull, ears, neck and clothes.

The plate knows what the wall looks like there (`mirror.plate`), not whether it is hidden by more than hair.
Where there is no plate, the wall beside the head says what an even wall looks like behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mirror.face import FACE_OVAL
from mirror.headspace import EYE_CENTRE, fill_polygon

WALL_SIDE = 128  # pixels of the square in which it is decided
# The face oval, stretched sideways and above the eyes upwards. Beyond the first outline there is no head,
# ears and all; within the second there is nothing but head.
_BEYOND, _WITHIN = (1.4, 1.85), (0.95, 1.36)
# Where most heads end, but for the ears, which lie at this height, so far up and down.
_LIKELY, _EARS = (1.1, 1.5), (0.52, 0.09)
# How far the back of the head comes into sight as the nose turns away, in halves of the face's width at 90
# degrees of yaw.
_BACK = 0.5
# Differences of colour, 0 to 1, up to which the painter's guess is the wall, and from which it is not.
_SAME, _OTHER = 0.08, 0.2
# Pixels a side at which the wall beside the head is carried on behind it, and how uneven it may be there.
_FILL_SIDE, _UNEVEN = 64, (0.06, 0.14)
# Weight of the mean of the wall beside against what is near; how far its tone is believed behind the head.
_FAINT, _TONE = 1e-4, 0.85
# A mixture of skin and wall: how far a colour may be off the line between the two, from where it is none; how
# much steeper the mixture is made.
_REST, _CRISP = (0.1, 0.2), 3.0
# How much skin in the mixture counts as half: off the likely outline, and in it.
_HALF = (0.85, 0.35)
# How far skin and wall must differ to be told apart.
_CONTRAST = (0.1, 0.22)
# How far above the chin, in sides of the square, shoulders may begin: from the first on less is believed.
_SHOULDERS = (0.09, 0.03)


@dataclass(frozen=True, slots=True)
class Outlines:
    """Where a head may be and where it is for certain, float32 (128, 128) each, 0 to 1.

    Attributes:
        beyond: 1 where there is no head, ears and all, and no shoulder.
        between: 0 where there is nothing but head.
        above: 1 above the shoulders.
        likely: 1 where skull and ears lie in most heads.
    """

    beyond: np.ndarray
    between: np.ndarray
    above: np.ndarray
    likely: np.ndarray

    @classmethod
    def of(cls, shape: np.ndarray) -> Outlines:
        """Those of a face, `shape` float32 (75,), see `mirror.headspace.face_shape`."""
        oval = shape[: 2 * len(FACE_OVAL)].reshape(-1, 2).astype(np.float64) / 4 + 0.5
        back = -float(np.sin(np.radians(shape[2 * len(FACE_OVAL)] * 30))) * _BACK
        outlines = [_stretched(oval, *stretch, back) for stretch in (_BEYOND, _WITHIN, _LIKELY)]
        ears = np.abs(oval[:, 1] - _EARS[0]) < _EARS[1]
        outlines[2][ears] = outlines[0][ears]
        maps = [fill_polygon(points, WALL_SIDE).astype(np.float32) * (1 / 255) for points in outlines]
        head, core, likely = (cv2.GaussianBlur(one, (9, 9), 2.0) for one in maps)
        rows = (np.arange(WALL_SIDE, dtype=np.float32) + 0.5) / WALL_SIDE
        low, high = (oval[:, 1].max() - above for above in _SHOULDERS)
        above = np.clip((high - rows) / (high - low), 0, 1).astype(np.float32)[:, None]
        beyond = (1 - head) * above
        return cls(beyond, 1 - core, np.broadcast_to(above, beyond.shape), likely)


def beside(camera: np.ndarray, cover: np.ndarray, outlines: Outlines) -> tuple[np.ndarray, np.ndarray]:
    """What an even wall looks like behind a head, from what is to be seen beside it.

    Args:
        camera: float32 (S, S, 3), 0 to 1.
        cover: float32 (S, S), 0 where the camera sees what will be shown, in the frame.

    Returns:
        float32 (128, 128, 3); and float32 (128, 128): how far that can be believed: not where the wall
        has a pattern or nothing of it is near.
    """
    size, small = (WALL_SIDE, WALL_SIDE), (_FILL_SIDE, _FILL_SIDE)
    free = (cv2.resize(cover, small, interpolation=cv2.INTER_AREA) < 0.01).astype(np.float32)
    free *= cv2.resize(outlines.beyond, small, interpolation=cv2.INTER_AREA) > 0.95
    seen = cv2.resize(camera, small, interpolation=cv2.INTER_AREA) * free[..., None]
    sums = cv2.merge([seen, free, _summed(seen, seen)])
    # Near by, and where nothing is near, far: by area at a quarter, where a wide blur is cheap.
    quarter = cv2.resize(sums, (_FILL_SIDE // 4, _FILL_SIDE // 4), interpolation=cv2.INTER_AREA)
    wide = cv2.resize(cv2.GaussianBlur(quarter, (11, 11), 2.3), small, interpolation=cv2.INTER_LINEAR)
    sums = cv2.GaussianBlur(sums, (9, 9), 2.0) + np.float32(0.03) * wide
    weight = sums[..., 3] + np.float32(1e-6)
    # Where nothing is near, the mean of all that is seen.
    usual = quarter.mean((0, 1))
    rest = np.float32(_FAINT) / max(float(usual[3]), 1e-6)
    mean = (sums[..., :3] + usual[:3] * rest) / (weight + np.float32(_FAINT))[..., None]
    uneven = cv2.sqrt(cv2.max(sums[..., 4] / weight - _summed(mean, mean), 0))
    sure = _ramp(uneven, _UNEVEN[1], _UNEVEN[0]) * np.clip(weight * 400 - 1, 0, 1)
    return cv2.resize(mean, size), cv2.resize(sure, size)


def uncover(
    guess: np.ndarray,
    wall: np.ndarray,
    known: np.ndarray,
    sure: np.ndarray,
    outlines: Outlines,
    skin: np.ndarray | None = None,
    body: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """How far the wall is to be seen where the hair is taken away, and what the rest looks like without it.

    Beyond a generous outline of the skull and above the shoulders it is wall by geometry. Elsewhere it is
    where the painter, who did not know the wall, painted nearly its colour. Along the skull's outline he
    painted something between skin and wall, unsure where one ends: there the nearer of the two is shown.

    Args:
        guess: float32 (128, 128, 3), 0 to 1, what the painter painted.
        wall: float32 (128, 128, 3), 0 to 1, what the wall looks like.
        known, sure: float32 (128, 128): 1 where the plate knows it to the pixel, see `Plate.behind`; and
            where its colour is known at least.
        skin: float32 (s, s, 3), 0 to 1, what bare skin looks like there; None: not known.
        body: float32 (128, 128), alpha of the body as the painter paints it; None: he does not say.

    Returns:
        Share float32 (128, 128), 0 to 1, soft everywhere, 0 where the plate knows nothing; and what is to
        be added to `guess`, float32 (128, 128, 3), 0 where it may stay.
    """
    # Blurred, so that a wall with a pattern is not sown with specks.
    smooth, plain = cv2.blur(guess, (3, 3)), cv2.blur(wall, (5, 5))
    off = cv2.subtract(smooth, plain)
    far = _summed(off, off)
    alike = cv2.blur(_ramp(cv2.sqrt(cv2.blur(far, (3, 3))), _OTHER, _SAME), (5, 5))
    room = np.zeros_like(known) if body is None else np.clip((0.5 - body) * _CRISP + 0.5, 0, 1)
    share = cv2.multiply(
        known, cv2.max(outlines.beyond, cv2.multiply(outlines.between, cv2.max(alike, room)))
    )
    # What is room in his own eyes has the colour of the wall, not the one that he dreamt of.
    plainly = cv2.blur(cv2.multiply(sure, cv2.multiply(room, outlines.between)), (3, 3))
    to_wall = cv2.multiply(off, cv2.merge([-plainly, -plainly, -plainly]))
    if plain.any():
        # Of a wall with a pattern at least the tone: the smooth part of what he is off.
        dream = cv2.multiply(cv2.multiply(1 - sure, room), outlines.beyond)
        sums = cv2.merge([*(channel * dream for channel in cv2.split(off)), dream])
        quarter = cv2.resize(sums, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        tone = cv2.resize(cv2.GaussianBlur(quarter, (9, 9), 2.0), guess.shape[1::-1])
        tone = tone[..., :3] / (tone[..., 3:] + np.float32(1e-2))
        to_wall -= tone * (cv2.blur(dream, (3, 3)) * np.float32(_TONE))[..., None]
    if skin is None:
        return share, to_wall
    # guess = wall + mix * (skin - wall), as nearly as one number can say it.
    line = cv2.subtract(cv2.resize(skin, guess.shape[1::-1], interpolation=cv2.INTER_LINEAR), plain)
    length = cv2.max(_summed(line, line), 1e-4)
    mix = np.clip(cv2.divide(_summed(off, line), length), 0, 1)
    rest = cv2.sqrt(cv2.max(far - mix * mix * length, 0))
    told = _ramp(rest, _REST[1], _REST[0]) * _ramp(cv2.sqrt(length), *_CONTRAST)
    where = sure * outlines.between * outlines.above
    likely = outlines.likely
    if body is not None:
        # A skull that the painter is sure of is taller than most: cut off, it would leave its rim behind.
        likely = cv2.max(likely, np.clip((body - 0.5) * 4, 0, 1) * (1 - outlines.beyond))
    told = cv2.blur(told * where, (3, 3))
    # Where no skull is to be expected, only what is surely skin is.
    nearer = np.clip((mix - _HALF[0] - (_HALF[1] - _HALF[0]) * likely) * _CRISP + 0.5, 0, 1)
    share = cv2.max(share, known * told * (1 - nearer))
    # Of what the plate will be laid over, so much more is skin that both together are `nearer`.
    wanted = nearer / cv2.max(1 - known * (1 - nearer), 1e-3)
    step = told * (wanted - mix) * (1 - plainly)
    add = cv2.multiply(cv2.merge([step, step, step]), line)
    # Neither, and where no head is to be expected: a halo that the painter made up.
    halo = (1 - told) * where * (1 - likely) * (1 - plainly)
    add = cv2.subtract(add, cv2.multiply(cv2.merge([halo, halo, halo]), off))
    return share, cv2.add(add, to_wall)


def _summed(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The scalar product of the colours of two pictures, float32 (S, S)."""
    return cv2.transform(cv2.multiply(one, other), np.ones((1, 3), np.float32))


def _ramp(values: np.ndarray, none: float, full: float) -> np.ndarray:
    """0 at `none`, 1 at `full` and beyond, linear between."""
    return np.clip((values - none) * (1 / (full - none)), 0, 1)


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
