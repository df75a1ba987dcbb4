"""Strand flow: where the strands of a key view run, read off its picture, and what lies along them.

A style's file holds pictures and depth, no strands. Their direction is that in which a picture changes least
(structure tensor); noise on the head, summed up along it, is a streak as wide as a foil and as long as the
hair (line integral convolution), and against it lies the root. Flow maps are put behind themselves, so that
eight of them go 256 steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from mirror.hair.key_view import CELL, KeyView

Box = tuple[int, int, int, int]
# The picture that strands are read off: the sky lights all of them, and it is the same in every light of now.
LIGHT = "dome"
# Everything is done at half the side of a view, 2 mm a pixel; a step is a pixel. So often it is doubled
# towards the root, 51 cm, and towards the tip, 13 cm; chords of so many doublings add up to a length, for
# which a curl is no detour.
_TO_ROOT, _TO_TIP, _CHORD = 8, 6, 4
# Pixels of half the side over which a direction is looked at; how many full ones are as bright; what is added
# to brightness before it is compared with that, grey levels; and how much of what is expected of hair is
# added where the picture says little.
_ROUND, _BRIGHT, _DARK, _EXPECTED = 3.0, (15, 15), 4.0, 0.12
# Pixels of half the side, and how much alike directions within them are where there is no way to the root,
# as in an afro, and where there is.
_REGION, _LAID = (21, 21), (0.22, 0.42)
_SLOWEST = 0.06  # a step is at least that long: streaks are short where strands run in all directions
# The head in cm, on all grooms the same (axes: left, back, up, from between the ears): half axes of the skull
# (`mirror.compositing.head_silhouette.SKULL`), the crown that hair falls from, and pixels of a view by which
# it is expected to fall more than to spread.
_SKULL, _CROWN, _FALLS = np.array([7.0, 9.5, 8.5], np.float32), np.array([0.0, -1.0, 8.0]), 40.0
# Hair behind the neck lies in a plane so many cm behind the ears.
_BEHIND = 5.0
_CROSSES = 0.7  # cm, a deviation, by which strands cross the middle there
# Noise on the head: cells of so many cm, 2 mm as a weave of a foil; so many before it begins anew.
_WEAVE, _CELLS, _SEED = 0.22, 64, 1
_SMOOTH = 0.6  # pixels of half the side
# Over how many pixels of half the side streaks are as often light as dark, so that they do not crowd.
_EVEN = (9, 9)
_MEETS = (13, 13)  # pixels of half the side over which lengths are evened
_THIN = 0.15  # alpha below which hair says nothing of itself


@dataclass(frozen=True, slots=True, eq=False)
class StrandFlow:
    """What lies along the strands of a part of a layer, at half its side, rounded up; all float32 (H, W).

    Attributes:
        streak: the same along a strand, another in the next: of mean 0 and deviation 1.
        length: cm from the root.
        side: how far a strand lies to the wearer's left of the middle on its way from the root, cm.
    """

    streak: np.ndarray
    length: np.ndarray
    side: np.ndarray


def flow_of(view: KeyView, box: Box, grey: np.ndarray, share: np.ndarray) -> StrandFlow:
    """Follows the strands of the layer in front.

    Args:
        box: left, top, right, bottom of what is in it; right > left.
        grey: uint8 (H, W), its picture in `LIGHT`, of the whole view.
        share: float32, its alpha, 0 to 1, of the box.
    """
    x0, y0, x1, y1 = box
    size = _half(box)
    columns, rows = _pixels(box, size)
    cells = ((one + 0.5) / CELL - 0.5 for one in np.meshgrid(columns, rows))
    places = _lifted(view, columns, rows, _there(view.depth, cv2.merge(list(cells))))
    there = cv2.resize(share, size, interpolation=cv2.INTER_AREA)
    crown = view.camera.project(_CROWN[None])[0].astype(np.float32)
    tensor = _tensor(grey[y0:y1, x0:x1], share, size)
    away, fall = np.meshgrid(columns - crown[0], rows - crown[1])
    onward = _directed(tensor, away, np.maximum(fall, 0) + np.float32(_FALLS))
    laid = _laid(tensor)
    # Above the head the way ends, or it would go on to the sky; beside it hair that is hidden leads further.
    onward *= (np.maximum(laid, np.float32(_SLOWEST)) * ((there > _THIN) | (fall > 0)))[..., None]
    streak, length, side = _followed(onward, places, cv2.GaussianBlur(_noise(places), (0, 0), _SMOOTH))
    # What stands off the skull in all directions has its root below it.
    over = np.maximum(places, np.array([-np.inf, -np.inf, 0], np.float32))
    off = np.maximum(np.linalg.norm(over / _SKULL, axis=2) - 1, 0) * np.float32(_SKULL.mean())
    # Where hair that comes from two sides meets, lengths meet, too.
    length = cv2.blur(off + laid * (length - off), _MEETS)
    return StrandFlow(_evened(streak, there), length, side)


def flow_behind(view: KeyView, box: Box) -> StrandFlow:
    """Of the layer behind, of which little more is seen than that it hangs: strands fall straight down."""
    columns, rows = _pixels(box, _half(box))
    middle = view.camera.rotation[2] @ (0.0, _BEHIND, -_SKULL[2]) + view.camera.translation[2]
    places = _lifted(view, columns, rows, np.full((len(rows), len(columns)), middle, np.float32))
    # A row of noise is that of all rows.
    streak = np.repeat(_noise(places[:1]), len(rows), 0)
    length = np.float32(_CROWN[2] + _SKULL[2] / 2) - places[..., 2]
    return StrandFlow(streak, length, places[..., 0] + np.float32(_CROSSES) * streak)


def _half(box: Box) -> tuple[int, int]:
    x0, y0, x1, y1 = box
    return (x1 - x0 + 1) // 2, (y1 - y0 + 1) // 2


def _pixels(box: Box, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows of the view at the middles of pixels of half the side."""
    columns, rows = (np.arange(number, dtype=np.float32) * 2 for number in size)
    return columns + np.float32(box[0] + 0.5), rows + np.float32(box[1] + 0.5)


def _lifted(view: KeyView, columns: np.ndarray, rows: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Head coordinates of pixels, float32 (H, W, 3) cm."""
    camera = view.camera
    across, down = (
        (one - np.float32(centre)) / np.float32(camera.focal)
        for one, centre in zip((columns, rows), camera.centre, strict=True)
    )
    seen = cv2.merge([depth * across, depth * down[:, None], depth])
    turn = camera.rotation.T
    return cv2.transform(seen, np.column_stack([turn, -turn @ camera.translation]).astype(np.float32))


def _tensor(grey: np.ndarray, share: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Structure tensor at half the side, float32 (H, W, 3): twice the angle of strands, by its cosine and
    sine, and how much there is of them."""
    level = grey / np.sqrt(np.maximum(share, np.float32(_THIN)))
    level /= cv2.blur(level, _BRIGHT) + np.float32(_DARK)
    across, down = cv2.Scharr(level, cv2.CV_32F, 1, 0), cv2.Scharr(level, cv2.CV_32F, 0, 1)
    squares = across * across, down * down
    tensor = cv2.merge([squares[1] - squares[0], -2 * across * down, squares[0] + squares[1]])
    return cv2.resize(tensor * share[..., None], size, interpolation=cv2.INTER_AREA)


def _directed(tensor: np.ndarray, away: np.ndarray, fall: np.ndarray) -> np.ndarray:
    """Unit vectors from root to tip, float32 (H, W, 2), of which the picture says the line, and what is
    expected of hair its end: right and down as `away` and `fall`."""
    cosine, sine, energy = cv2.split(cv2.GaussianBlur(tensor, (0, 0), _ROUND))
    most = np.float32(1) / (energy + np.float32(1e-6))
    length = np.float32(1) / (away * away + fall * fall)
    cosine = cosine * most + np.float32(_EXPECTED) * (away * away - fall * fall) * length
    sine = sine * most + np.float32(2 * _EXPECTED) * away * fall * length
    cosine /= np.sqrt(cosine * cosine + sine * sine) + np.float32(1e-6)
    across, down = np.sqrt(np.maximum((1 + cosine) / 2, 0)), np.sqrt(np.maximum((1 - cosine) / 2, 0))
    down = np.copysign(down, sine)
    end = np.where(across * away + down * fall < 0, np.float32(-1), np.float32(1))
    return cv2.merge([across * end, down * end])


def _laid(tensor: np.ndarray) -> np.ndarray:
    """How far strands run side by side, float32 (H, W), 0 to 1."""
    cosine, sine, energy = cv2.split(cv2.blur(cv2.blur(tensor, _REGION), _REGION))
    alike = np.sqrt(cosine * cosine + sine * sine) / (energy + np.float32(1e-6))
    return np.clip((alike - _LAID[0]) * np.float32(1 / (_LAID[1] - _LAID[0])), 0, 1)


def _noise(places: np.ndarray) -> np.ndarray:
    """Noise that lies on the head, the same from all sides, float32 (H, W): on the skull, and on the cylinder
    below it, so that depth, which is coarse, says little."""
    left, back, up = cv2.split(places)
    over = np.maximum(up, 0)
    to_skull = _SKULL[2] / np.maximum(np.sqrt(left * left + back * back + over * over), 1)
    # Counted from far outside, where no cell is below 0.
    first, second, third = (
        (one * np.float32(1 / _WEAVE) + np.float32(1 << 12)).astype(np.int32) & (_CELLS - 1)
        for one in (left * to_skull, back * to_skull, over * to_skull + np.minimum(up, 0))
    )
    return np.take(_volume(), (first * _CELLS + second) * _CELLS + third)


@lru_cache(1)
def _volume() -> np.ndarray:
    return np.random.default_rng(_SEED).standard_normal(_CELLS**3, np.float32)


def _followed(
    onward: np.ndarray, places: np.ndarray, noise: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sum of noise along strands, their length from the root, and how far they lie aside on the way there."""
    grid = cv2.merge(np.meshgrid(*(np.arange(n, dtype=np.float32) for n in noise.shape[::-1])))
    at, streak, across = grid + onward, noise.copy(), places[..., 0].copy()
    for number in range(_TO_TIP):
        if number == _CHORD:
            # At a parting hair has gone no way yet: its side is that to which it goes.
            aside = _there(across, at)
        streak += _there(streak, at)
        at = _there(at, at)
    at, back = grid - onward, noise.copy()
    for _ in range(_CHORD):
        back += _there(back, at)
        at = _there(at, at)
    chord = _there(places, at) - places
    length = np.sqrt((chord * chord).sum(2)) + np.float32(1e-3)
    # How far aside counts by the length of the way: at the root, which is not left again, it is all but 0.
    way = cv2.merge([length, length * (across + chord[..., 0] / 2), back])
    for number in range(_CHORD, _TO_ROOT):
        found = _there(way, at)
        if number >= _TO_TIP:
            found[..., 2] = 0
        way += found
        at = _there(at, at)
    length, moment, back = cv2.split(way)
    return streak + back - noise, length, (aside + moment / length) / 2


def _there(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Values where a flow map leads, float32 (H, W, 2): column, row."""
    return cv2.remap(values, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _evened(streak: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Streaks of mean 0 and deviation 1 everywhere."""
    weight = there + np.float32(1e-3)
    known = 1 / cv2.blur(weight, _EVEN)
    streak = streak - cv2.blur(streak * weight, _EVEN) * known
    return streak / np.sqrt(cv2.blur(streak * streak * weight, _EVEN) * known + np.float32(1e-6))
