"""Exemplar-based inpainting: a hole in a picture pieced together from what is seen beside it.

Pieces of the picture go on from the hole's edge inwards, where most is known and lines run into it first
(Criminisi, Pérez & Toyama 2004). Which piece fits is looked up in a smaller picture; what is copied is the
picture's own, pixel by pixel, and its tone is set so that no seam is seen (Pérez et al. 2003).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

# Pixels of the smaller picture: a piece reaches so far from its middle, and is looked for so far away.
RADIUS, FAR = 5, 48
# Places to take from of which fewer are no wall to go by: one plank would be all of it.
_LEAST = 300
# Places to take from that are enough; where a neighbourhood has fewer, a larger one is looked through.
_ENOUGH = 600
# By how much, of 255, a piece may be lightened or darkened to meet what it is put beside: a wall's light
# changes slowly, and more than that is another thing.
_TONED = 14.0
# Mean square of differences, of 255, from which on a piece shows another thing than what it is put beside.
_UNLIKE = 40.0**2
# How much worse a place must fit for each time that something was taken from there; and mean square below
# which all fit alike.
_AGAIN, _EQUAL = 0.25, 2.0**2
# Over so many pixels of the smaller picture the rim of what is seen counts for less, at least for so much: a
# matte leaves something of the hair in it.
_RIM, _LEAST_CLEAR = 4.0, 0.25
_FLAT = 4.0  # of 255: how much a place without any line counts beside one with
_NEIGHBOURS = np.ones((3, 3), np.uint8)
# How much a pixel of a piece says what is nearest to its middle.
_NEAREST = np.exp(np.square(np.mgrid[-RADIUS : RADIUS + 1, -RADIUS : RADIUS + 1]).sum(0) / -4.5)
_PIECE = (2 * RADIUS + 1, 2 * RADIUS + 1)
_NEVER = np.float32(1e12)
# Rounds in which tones are evened (the heavy-ball method, Polyak 1964), and how far each goes on as the last
# did: with 40 what is left is too small to see.
_ROUNDS, _MOMENTUM = 40, np.float32(0.85)
_CROSS = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32)
# Seams are mixed over so many pixels of the smaller picture on either side.
_SEAM = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))


@dataclass(slots=True, eq=False)
class _Work:
    """What is known so far, in the smaller picture, (h, w).

    Attributes:
        rgb: float32 (h, w, 3), 0 to 255. seen: uint8, 1 where that is the camera's. there: uint8, 1 where it
            is or is put together already.
        whole: uint8, 1 where a piece may be taken from around this place, all of it seen.
        clear: float32 (h, w), 0 to 1: how much a place counts, less at the rim of what is seen.
        used: float32 (h, w): how often pieces were taken from around there.
        trust, lines: float32: how well it is known, and how strongly it changes.
        offset: int16 (h, w, 2): rows and columns to where it was taken from. tone: float32 (h, w, 3).
    """

    rgb: np.ndarray
    seen: np.ndarray
    there: np.ndarray
    whole: np.ndarray
    clear: np.ndarray
    used: np.ndarray
    trust: np.ndarray
    lines: np.ndarray
    offset: np.ndarray
    tone: np.ndarray


def completed(
    image: np.ndarray, seen: np.ndarray, wanted: np.ndarray, shrink: int, most: int | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A picture of a wall with some of what is not seen of it put together.

    Args:
        image: uint8 (H, W, 3); sides are multiples of `shrink`.
        seen: bool (H, W), where it shows wall. wanted: bool (H, W), where else wall is wanted.
        shrink: the picture in which pieces are looked for is so many times smaller.
        most: so many pieces at most; None: until nothing is left to do.

    Returns:
        uint8 (H, W, 3), `image` where nothing was put; bool (H, W), where something was; and bool (H, W),
        where nothing fits.

    Example:
        >>> rows = np.broadcast_to((np.arange(96) // 4 % 2 * 90 + 80)[:, None, None], (96, 96, 3))
        >>> stripes, wanted = rows.astype(np.uint8), np.zeros((96, 96), bool)
        >>> wanted[40:60, 40:60] = True
        >>> holed = np.where(wanted[..., None], np.uint8(0), stripes)
        >>> found, done, unlike = completed(holed, ~wanted, wanted, 2)
        >>> bool(done[wanted].all()), bool(unlike.any()), int(np.abs(found.astype(int) - stripes).max())
        (True, False, 0)
    """
    height, width = seen.shape
    size = (width // shrink, height // shrink)
    known = (cv2.resize(seen.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 254).astype(
        np.uint8
    )
    asked = cv2.resize(wanted.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 0
    todo = (asked & (known == 0)).astype(np.uint8)
    work = _begun(cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32), known)
    if np.count_nonzero(work.whole) < _LEAST:
        return image, np.zeros_like(seen), np.zeros_like(seen)
    put, unlike = np.zeros_like(known), np.zeros_like(known)
    while most is None or most > 0:
        edge = (todo > 0) & (cv2.dilate(work.there, _NEIGHBOURS) > 0)
        if not edge.any():
            break
        rank = cv2.blur(work.trust, _PIECE) * (cv2.blur(work.lines, _PIECE) + _FLAT)
        row, column = divmod(int(np.argmax(np.where(edge, rank, -1))), rank.shape[1])
        piece = _put(work, row, column)
        if piece is None:
            piece = np.s_[
                max(row - RADIUS, 0) : row + RADIUS + 1, max(column - RADIUS, 0) : column + RADIUS + 1
            ]
            unlike[piece] |= todo[piece]
        else:
            put[piece] |= todo[piece]
        todo[piece] = 0
        most = None if most is None else most - 1
    # Each place for itself: round a head they lie far apart.
    count, places, boxes, _ = cv2.connectedComponentsWithStats(put, connectivity=8)
    for number in range(1, count):
        _evened(work, places == number, tuple(int(edge) for edge in boxes[number][:4]))
    found, done = _copied(image, seen, work, put, shrink)
    nothing = np.zeros_like(seen)
    large = cv2.resize(unlike, (size[0] * shrink, size[1] * shrink), interpolation=cv2.INTER_NEAREST) > 0
    nothing[: large.shape[0], : large.shape[1]] = large
    return found, done, nothing


def _begun(rgb: np.ndarray, known: np.ndarray) -> _Work:
    # A pixel inside: on the edge of what is known a line is only that edge.
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    across, down = (cv2.Sobel(grey, cv2.CV_32F, *order, scale=1 / 8) for order in ((1, 0), (0, 1)))
    lines = cv2.magnitude(across, down) * cv2.erode(known, _NEIGHBOURS, borderValue=0)
    whole = cv2.erode(known, np.ones(_PIECE, np.uint8), borderValue=0)
    # What lies beyond the picture is no hole.
    inwards = cv2.distanceTransform(
        cv2.copyMakeBorder(known, 1, 1, 1, 1, cv2.BORDER_REPLICATE), cv2.DIST_L2, 3
    )
    clear = np.where(known > 0, np.clip(inwards[1:-1, 1:-1] / _RIM, _LEAST_CLEAR, 1), 1).astype(np.float32)
    offset, tone = np.zeros((*known.shape, 2), np.int16), np.zeros_like(rgb)
    return _Work(
        rgb,
        known,
        known.copy(),
        whole,
        clear,
        np.zeros(known.shape, np.float32),
        known.astype(np.float32),
        lines,
        offset,
        tone,
    )


def _put(work: _Work, row: int, column: int) -> tuple[slice, slice] | None:
    """Puts the piece that fits best round a place; rows and columns of it, or None: nothing fits."""
    height, width = work.there.shape
    # Inside the picture as a whole.
    row, column = (min(max(at, RADIUS), side - 1 - RADIUS) for at, side in ((row, height), (column, width)))
    piece = np.s_[row - RADIUS : row + RADIUS + 1, column - RADIUS : column + RADIUS + 1]
    there = work.there[piece]
    weight = there * work.clear[piece]
    far = FAR
    while True:
        top, left = max(row - far, RADIUS), max(column - far, RADIUS)
        bottom, right = min(row + far + 1, height - RADIUS), min(column + far + 1, width - RADIUS)
        if np.count_nonzero(work.whole[top:bottom, left:right]) >= _ENOUGH or far > max(height, width):
            break
        far *= 2
    window = np.s_[top:bottom, left:right]
    field = work.rgb[top - RADIUS : bottom + RADIUS, left - RADIUS : right + RADIUS]
    at, fits = _best(work, field, window, piece, weight)
    if not fits:
        # A border that the hole hides is nowhere else: what is nearest goes on, and there is one again.
        weight = weight * _like_the_middle(work.rgb[piece], weight)
        at, fits = _best(work, field, window, piece, weight)
        if not fits:
            return None
    shares = cv2.merge([weight] * 3)
    taken = at[0] + top, at[1] + left
    offset = at[0] + top - row, at[1] + left - column
    source = tuple(slice(one.start + by, one.stop + by) for one, by in zip(piece, offset, strict=True))
    off = (work.rgb[piece] - work.rgb[source]) * shares
    tone = np.clip(off.sum((0, 1)) / max(float(shares.sum()) / 3, 1.0), -_TONED, _TONED)
    hole = there == 0
    work.used[tuple(slice(max(one - RADIUS, 0), one + RADIUS + 1) for one in taken)] += 1
    work.trust[piece][hole] = float((work.trust[piece] * there).mean())
    work.rgb[piece][hole] = (work.rgb[source] + tone)[hole]
    work.lines[piece][hole] = work.lines[source][hole]
    work.offset[piece][hole], work.tone[piece][hole] = offset, tone
    there[hole] = 1
    return piece


def _best(
    work: _Work,
    field: np.ndarray,
    window: tuple[slice, slice],
    piece: tuple[slice, slice],
    weight: np.ndarray,
) -> tuple[tuple[int, int], bool]:
    """Row and column in a window of the place that fits a piece best, and whether it fits well enough.

    Args:
        field: the picture there, a piece's radius larger all round. weight: how much of the piece counts.
    """
    total, target = float(weight.sum()) * 3, np.ascontiguousarray(work.rgb[piece])
    cost = cv2.matchTemplate(field, target, cv2.TM_SQDIFF, mask=cv2.merge([weight] * 3))
    # What was taken before from about there is seen again: a pattern that repeats itself is no wall's.
    cost = np.maximum(cost, _EQUAL * total) * (1 + _AGAIN * work.used[window])
    cost += _strange(field, target, weight)
    cost = np.where(work.whole[window] > 0, cost, _NEVER)
    row, column = np.unravel_index(int(np.argmin(cost)), cost.shape)
    return (int(row), int(column)), bool(cost[row, column] <= _UNLIKE * total)


def _like_the_middle(target: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """How much each pixel of a piece has the colour of what is there nearest to its middle, 0 to 1."""
    near = weight * _NEAREST
    middle = (target * near[..., None]).sum((0, 1)) / max(float(near.sum()), 1e-6)
    return np.exp(np.square(target - middle).sum(-1) / (-2 * _UNLIKE)).astype(np.float32)


def _strange(field: np.ndarray, target: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """By how much what would be put round each place is of another colour than all that is there already,
    float32, a sum of squares like that of the differences.

    A dim rim that a matte left beside hair fits the foot of a sky better than the sky does, and a piece of
    the hill below it would hang over the head.

    Args:
        field: where pieces are taken from, a piece's radius larger all round than the places that are asked.
        target: the piece that is put. weight: how much of it counts; 0 where it is not there yet.
    """
    share = weight[..., None] / max(float(weight.sum()), 1e-6)
    middle = (target * share).sum((0, 1))
    spread = float((np.square(target - middle) * share).sum())
    hole = (weight == 0).astype(np.float32)
    count = max(float(hole.sum()), 1.0)
    colour = cv2.filter2D(field, -1, hole / count)[RADIUS:-RADIUS, RADIUS:-RADIUS]
    return np.maximum(np.square(colour - middle).sum(-1) - spread, 0) * np.float32(count)


def _evened(work: _Work, put: np.ndarray, box: tuple[int, ...]) -> None:
    """Sets the pieces' tones so that no seam is seen: the colours change from pixel to pixel as they do where
    they were taken from, and meet those around (Poisson image editing, Pérez et al. 2003)."""
    x, y, width, height = box
    # A pixel more all round: what is known there is met.
    left, top = max(x - 1, 0), max(y - 1, 0)
    part = np.s_[top : y + height + 1, left : x + width + 1]
    inside, there, offset = put[part], work.there[part] > 0, work.offset[part].astype(np.int64)
    rows, columns = np.indices(inside.shape)
    places = np.stack([rows + top, columns + left], -1)
    bounds = np.array(work.there.shape) - 1
    values, pull = work.rgb[part].copy(), np.zeros((*inside.shape, 3), np.float32)
    beside = np.zeros(inside.shape, np.float32)
    for axis in (0, 1):
        first = (np.s_[:-1], np.s_[:]) if axis == 0 else (np.s_[:], np.s_[:-1])
        second = (np.s_[1:], np.s_[:]) if axis == 0 else (np.s_[:], np.s_[1:])
        pair = (there[first] & there[second])[..., None]
        step, told = np.zeros((*pair.shape[:2], 3), np.float32), np.full(pair.shape, 1e-6, np.float32)
        for by in (offset[first], offset[second]):
            here, next_ = (
                tuple(np.moveaxis(np.clip(places[one] + by, 0, bounds), -1, 0)) for one in (first, second)
            )
            both = (work.seen[here] & work.seen[next_])[..., None]
            step, told = step + (work.rgb[next_] - work.rgb[here]) * both, told + both
        step /= told
        pull[first] -= step * pair
        pull[second] += step * pair
        beside[first] += pair[..., 0]
        beside[second] += pair[..., 0]
    weight, share, beside = (
        cv2.merge([one.astype(np.float32)] * 3) for one in (there, inside / np.maximum(beside, 1), beside)
    )
    last = values
    for _ in range(_ROUNDS):
        around = cv2.filter2D(cv2.multiply(values, weight), -1, _CROSS, borderType=cv2.BORDER_CONSTANT)
        step = cv2.multiply(cv2.subtract(cv2.add(around, pull), cv2.multiply(values, beside)), share)
        last, values = values, values + step + (values - last) * _MOMENTUM
    # Far from all that is known colours would drift.
    values = work.rgb[part] + np.clip(values - work.rgb[part], -_TONED, _TONED)
    tone = work.tone[part]
    tone[inside] += (values - work.rgb[part])[inside]
    work.rgb[part] = values


def _copied(
    image: np.ndarray, seen: np.ndarray, work: _Work, put: np.ndarray, shrink: int
) -> tuple[np.ndarray, np.ndarray]:
    """The pieces in the picture's own size, their seams mixed."""
    done, found = np.zeros(image.shape[:2], bool), image.copy()
    x, y, width, height = cv2.boundingRect(put)
    if not width:
        return found, done
    part = np.s_[y : y + height, x : x + width]
    large = np.s_[y * shrink : (y + height) * shrink, x * shrink : (x + width) * shrink]
    size = (width * shrink, height * shrink)
    columns, rows = (
        np.arange(first * shrink, (first + count) * shrink, dtype=np.float32)
        for first, count in ((x, width), (y, height))
    )
    total, count = np.zeros((size[1], size[0], 3), np.float32), np.zeros((size[1], size[0], 1), np.float32)
    for down, across in _SEAM:
        shifted = np.array([[1, 0, across], [0, 1, down]], np.float32)
        offset, tone, there = (
            cv2.warpAffine(one[part], shifted, (width, height), flags=cv2.INTER_NEAREST)
            for one in (work.offset.astype(np.float32), work.tone, put.astype(np.float32))
        )
        offset = cv2.resize(offset, size, interpolation=cv2.INTER_NEAREST) * shrink
        there = cv2.resize(there, size, interpolation=cv2.INTER_NEAREST)
        at = columns + offset[..., 1], rows[:, None] + offset[..., 0]
        piece, whole = (cv2.remap(one, *at, cv2.INTER_NEAREST) for one in (image, seen.astype(np.float32)))
        there = (there * whole)[..., None]
        toned = piece + cv2.resize(tone, size, interpolation=cv2.INTER_LINEAR)
        total, count = total + toned * there, count + there
    mixed = np.clip(np.round(total / np.maximum(count, 1)), 0, 255).astype(np.uint8)
    done[large] = cv2.resize(put[part], size, interpolation=cv2.INTER_NEAREST) > 0
    found[large] = np.where(done[large][..., None], mixed, found[large])
    return found, done
