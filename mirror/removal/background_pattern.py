"""The pattern of a wall carried on behind hair that is taken away, from where it is seen beside.

A fence, a street, a field: what is hidden is mostly like what stands a little to the left or right of it.
Which shifts make the wall agree with itself is read off the picture (statistics of patch offsets, He & Sun
2012; all shifts at once, by Fourier transform), and each place takes the one whose surroundings agree best
(shift maps, Pritch et al. 2009). Unlike a reflection this keeps lines straight, and it stays where the wall
is when the head moves.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.push_pull_fill import FILL_SIDE
from mirror.removal.background_plate import WALL_SIDE

_MOST = 8  # shifts
_RING = np.ones((13, 13), np.uint8)  # cells round what is hidden in which the wall is compared
_CELL = np.ones((3, 3), np.uint8)
# How many cells of that and of what is hidden must be there, and how far a wall with a pattern is off a
# smooth one, of 1.
_ENOUGH, _UNEVEN = 12, 0.012
# The shortest shift; the shares of the ring and of what is still hidden that must be seen where one leads.
_NEAR, _COMPARED, _SEEN = 3, 0.2, 0.12
# In units of how far the wall is off itself at most shifts: what a row and a column further count (what is as
# high as something is like it), what it counts that all of the rest stays hidden, and the worst that is used.
_ROW, _COLUMN, _HIDDEN, _WORST = 0.025, 0.003, 0.6, 1.0
_DONE = 0.02  # share of what is hidden that may be left
# How far around a place the wall is compared for it, how soft one shift passes into the next, in cells.
_AROUND, _SOFT = 4.0, 1.2
_EVEN = 2.0  # cells over which a wall is smooth that has no pattern
# How far off a shift may be, in shares of how much the wall varies around: from the first on it fits a bit,
# at the second wholly; and what a flat wall varies anyway.
_FITS, _FLAT = (0.6, 0.3), 1e-4
_NOWHERE = 10.0  # costs more than any difference of colours
# Of a stream: paintings after which shifts are looked for again if more than a share of what is hidden is
# left, how much less others must leave then, and how much of a change in their shares is taken over.
_AGAIN, _LEFT, _BETTER, _SHARE = 15, 0.25, 0.8, 0.3

Shift = tuple[int, int]  # cells of 64: columns, rows


def best_shifts(small: np.ndarray, known: np.ndarray, wanted: np.ndarray) -> list[Shift]:
    """The shifts at which a wall is like itself and shows what is hidden, the best first.

    Args:
        small: float32 (64, 64, 3), 0 to 1.
        known: float32 (64, 64), 1 where the wall is seen, else 0; wanted: the same where it is hidden.

    Returns:
        Few: where a shift (x, y) is taken, a cell shows what is seen x columns and y rows further. None where
        no shift is good.

    Example:
        >>> fence = np.zeros((64, 64, 3), np.float32)
        >>> fence[:, ::8] = fence[:, 1::8] = 1
        >>> known = np.ones((64, 64), np.float32)
        >>> known[20:40, 30:36] = 0
        >>> best_shifts(fence, known, 1 - known)[0] in ((8, 0), (-8, 0))
        True
    """
    ring = known * cv2.dilate(wanted, _RING)
    if ring.sum() < _ENOUGH or wanted.sum() < _ENOUGH:
        return []
    there, around = _transformed(known), _transformed(ring)
    pairs = _counted(around, there)
    off = np.zeros_like(pairs)
    for plane in cv2.split(small):
        off += _counted(_transformed(ring * plane * plane), there)
        off += _counted(around, _transformed(known * plane * plane))
        off -= 2 * _counted(_transformed(ring * plane), _transformed(known * plane))
    cells = np.fft.fftfreq(2 * FILL_SIDE, 1 / (2 * FILL_SIDE))
    rows, columns = cells[:, None], cells[None, :]
    bad = (np.hypot(rows, columns) < _NEAR) | (pairs < _COMPARED * ring.sum())
    if bad.all():
        return []
    off = np.maximum(off, 0) / np.maximum(pairs, 1)
    cost = off / max(float(np.median(off[~bad])), 1e-6) + _ROW * np.abs(rows) + _COLUMN * np.abs(columns)
    bad |= cost > _WORST
    left, found = wanted.copy(), list[Shift]()
    while len(found) < _MOST and left.sum() > _DONE * wanted.sum():
        shown = _counted(_transformed(left), there) / left.sum()
        worth = np.where(bad | (shown < _SEEN), np.inf, cost - _HIDDEN * shown)
        row, column = np.unravel_index(np.argmin(worth), worth.shape)
        if not np.isfinite(worth[row, column]):
            break
        shift = int(columns[0, column]), int(rows[row, 0])
        found.append(shift)
        bad |= np.hypot(columns - shift[0], rows - shift[1]) < _NEAR
        left = left * (1 - _moved(known, shift))
    return found


def shares_of(
    small: np.ndarray, known: np.ndarray, wanted: np.ndarray, shifts: list[Shift]
) -> tuple[np.ndarray, np.ndarray]:
    """How much each cell takes of each shift, float32 (len(shifts), 64, 64), in all 1 or, where none leads to
    wall that is seen, less; and how well the best one fits there, float32 (64, 64): 1 where the wall is much
    nearer to itself so far off than to its own mean, 0 where it is not. Arguments as for `best_shifts`."""
    ring = known * cv2.dilate(wanted, _RING)
    seen = [_moved(known, shift) for shift in shifts]
    costs = []
    for shift, there in zip(shifts, seen, strict=True):
        compared = ring * there
        error = ((small - _moved(small, shift)) ** 2).sum(2) * compared
        usual = float(error.sum()) / max(float(compared.sum()), 1.0)
        near = cv2.GaussianBlur(compared, (0, 0), _AROUND) + np.float32(1e-3)
        cost = (cv2.GaussianBlur(error, (0, 0), _AROUND) + np.float32(1e-3 * usual)) / near
        costs.append(cost + (1 - there) * np.float32(_NOWHERE))
    best = np.argmin(costs, 0)
    near = cv2.GaussianBlur(known, (0, 0), _AROUND) + np.float32(1e-3)
    mean = cv2.GaussianBlur(small * known[..., None], (0, 0), _AROUND) / near[..., None]
    varied = cv2.GaussianBlur(((small - mean) ** 2).sum(2) * known, (0, 0), _AROUND) / near
    off = np.min(costs, 0) / (varied + np.float32(_FLAT))
    fits = np.clip((_FITS[0] - off) * (1 / (_FITS[0] - _FITS[1])), 0, 1).astype(np.float32)
    out = np.zeros((len(shifts), FILL_SIDE, FILL_SIDE), np.float32)
    for number, there in enumerate(seen):
        chosen = np.where(best == number, there, np.float32(0))
        # A cell less than is seen: on its rim the wall is mixed with hair.
        out[number] = cv2.GaussianBlur(chosen, (0, 0), _SOFT) * cv2.erode(there, _CELL)
    return out / np.maximum(out.sum(0), 1), fits


class Pattern:
    """What a stream remembers of the shifts of a wall, so that it does not change under the eyes.

    A picture of its own takes a new one.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets the wall."""
        self._shifts: list[Shift] = []
        self._shares: np.ndarray | None = None
        self._fits = np.zeros((FILL_SIDE, FILL_SIDE), np.float32)
        self._count = 0

    def __call__(
        self,
        wall: np.ndarray,
        image: np.ndarray,
        seen: np.ndarray,
        wanted: np.ndarray,
        sharp: np.ndarray | float = 1.0,
    ) -> np.ndarray:
        """The wall behind a head with the pattern of the wall beside it.

        Args:
            wall: float32 (128, 128, 3), 0 to 1, what it is where no shift leads to any.
            image: float32 (1, 3, S, S), 0 to 1, the camera's.
            seen: float32 (64, 64), 0 to 1, how much of each cell is wall that the camera shows.
            wanted: float32 (64, 64), 0 to 1, how much of each is wall that hair hid.
            sharp: float32 (128, 128), see `mirror.removal.background_sharpness.in_focus`: where the wall is
                not, only a shift that fits is taken.

        Returns:
            float32 (128, 128, 3), 0 to 1.
        """
        size, fine = (FILL_SIDE, FILL_SIDE), (WALL_SIDE, WALL_SIDE)
        known = cv2.erode(np.where(seen > 0.99, np.float32(1), np.float32(0)), _CELL)
        hidden = np.where(wanted > 0.03, 1 - known, np.float32(0))
        camera = cv2.merge([cv2.resize(plane, fine, interpolation=cv2.INTER_AREA) for plane in image[0]])
        small = cv2.resize(camera, size, interpolation=cv2.INTER_AREA)
        self._follow(small, known, hidden)
        if self._shares is None:
            return wall
        out, sure = np.zeros_like(wall), np.zeros(fine, np.float32)
        for shift, share in zip(self._shifts, self._shares, strict=True):
            if share.max() < 0.02:
                continue
            weight = cv2.resize(share, fine, interpolation=cv2.INTER_LINEAR)
            there = _moved(camera, (shift[0] * WALL_SIDE // FILL_SIDE, shift[1] * WALL_SIDE // FILL_SIDE))
            cv2.accumulateProduct(there, cv2.merge([weight] * 3), out)
            sure += weight
        out = cv2.divide(out, cv2.merge([cv2.max(sure, 1e-3)] * 3))
        fits = cv2.resize(self._fits, fine, interpolation=cv2.INTER_LINEAR)
        sure = np.clip(sure * 1.5, 0, 1) * np.maximum(sharp, fits)
        return cv2.blendLinear(out, wall, sure, 1 - sure)

    def _follow(self, small: np.ndarray, known: np.ndarray, hidden: np.ndarray) -> None:
        """Looks for shifts and their shares, as far as it is time to."""
        count, self._count = self._count, self._count + 1
        if count % _AGAIN == 0 and (not self._shifts or _missed(known, hidden, self._shifts) > _LEFT):
            shifts = best_shifts(small, known, hidden) if _uneven(small, known, hidden) > _UNEVEN else []
            missed, last = (_missed(known, hidden, one) for one in (shifts, self._shifts))
            if not self._shifts or missed < _BETTER * last:
                self._shifts, self._shares = shifts, None
        if not self._shifts:
            self._shares = None
        elif self._shares is None:
            self._shares, self._fits = shares_of(small, known, hidden, self._shifts)
        else:
            new, fits = shares_of(small, known, hidden, self._shifts)
            self._shares = self._shares + (new - self._shares) * np.float32(_SHARE)
            self._fits = self._fits + (fits - self._fits) * np.float32(_SHARE)


def _uneven(small: np.ndarray, known: np.ndarray, hidden: np.ndarray) -> float:
    """How far the wall round what is hidden is off a smooth one, mean, of 1."""
    ring = known * cv2.dilate(hidden, _RING)
    if not ring.any():
        return 0.0
    near = cv2.GaussianBlur(known, (0, 0), _EVEN) + np.float32(1e-3)
    smooth = cv2.GaussianBlur(small * known[..., None], (0, 0), _EVEN) / near[..., None]
    return float((np.abs(small - smooth).max(2) * ring).sum() / ring.sum())


def _missed(known: np.ndarray, hidden: np.ndarray, shifts: list[Shift]) -> float:
    """Share of what is hidden to which no shift leads."""
    left = hidden.copy()
    for shift in shifts:
        left *= 1 - _moved(known, shift)
    return float(left.sum()) / max(float(hidden.sum()), 1.0)


def _moved(plane: np.ndarray, shift: Shift) -> np.ndarray:
    """Of each place what is seen `shift` further; 0 beyond the edge."""
    matrix = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]], np.float32)
    return cv2.warpAffine(plane, matrix, plane.shape[1::-1], flags=cv2.INTER_NEAREST)


def _transformed(plane: np.ndarray) -> np.ndarray:
    """Its Fourier transform, padded so that what leaves on one side does not come in on the other."""
    return np.fft.rfft2(plane, (2 * FILL_SIDE, 2 * FILL_SIDE))


def _counted(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Of two transforms: by shift, the sum over all cells of the first times the second so much further."""
    return np.fft.irfft2(np.conj(here) * there, (2 * FILL_SIDE, 2 * FILL_SIDE))
