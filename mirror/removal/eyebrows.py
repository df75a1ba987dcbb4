"""Brows under a fringe that is taken away: drawn, where nothing of them is seen.

A painter that cannot know where a brow is paints all the places where it may be, which is a bruise. The
tracker follows brows under hair too, so their place is known; what is guessed is their colour and fullness.
"""

from __future__ import annotations

import cv2
import numpy as np

from mirror.core.head_space import EYE_CENTRE
from mirror.core.push_pull_fill import FILL_SIDE
from mirror.removal.observed import Observed

# Rows, as shares of the side, between which the skin round the brows is smooth; how softly that begins above,
# where the skull does, and ends below and beside.
_ABOVE, _BELOW, _RISE, _SOFT = 0.37, EYE_CENTRE[1] + 0.025, 0.09, 0.025
# Shares of a brow that are hidden: from the first on it is drawn, from the second on in full.
_HIDDEN = (0.2, 0.5)
# Drawn so many times larger than shown; hairs a brow, how far they lean outwards (of its length), and the
# alphas of the ground and of what the hairs add.
_LARGER, _HAIRS, _LEAN, _GROUND, _DRAWN = 4, 46, 0.1, 0.38, 0.42
_MARGIN, _UNEVEN = 4, 0.06  # pixels round a brow; how far hairs end early or late, of their length
_CLEAR = 2.5  # the alpha of a brow, as its inverse, from which on no skull is laid over it
_REST = 1 / 256  # of the side
# A brow is as bright as this share of the skin, or as what is seen of it (at so many points at least), which
# a cell of 64 shows paler than it is; and it has this much of the hair's colour.
_DARKER, _ENOUGH, _PALER, _OF_HAIR = 0.5, 3, 1.3, 0.5
_PLACE = (np.arange(FILL_SIDE, dtype=np.float32) + 0.5) / FILL_SIDE


def with_brows(
    body: np.ndarray,
    skin: np.ndarray,
    observed: Observed,
    bared: np.ndarray,
    brows: np.ndarray,
    matte: np.ndarray,
) -> np.ndarray:
    """The body with smooth skin and brows where hair hid them.

    Args:
        body: float32 (S, S, 3), 0 to 1, as it was painted.
        skin: float32 (64, 64, 3), see `mirror.removal.skin_tone.skin_beside`.
        bared: float32 (S, S), how much of what hair hid will be seen.
        brows: float32 (2, 10, 2), see `mirror.core.head_space.brow_points`.
        matte: float32 (S, S), alpha of the hair that is there: brows go with it.

    Returns:
        float32 (S, S, 3); `body` itself where no hidden brow is bared.
    """
    hidden = [_hidden(brow, bared) for brow in brows]
    if max(hidden) < _HIDDEN[0]:
        return body
    dark = _darkness(brows, skin, observed.camera, observed.seen)
    side = body.shape[0]
    scale = side // FILL_SIDE
    first, last = (round(row * FILL_SIDE) for row in (_ABOVE - _RISE - _SOFT, _BELOW + _SOFT))
    rows = np.clip(np.minimum((_PLACE - _ABOVE) * (1 / _RISE) + 1, (_BELOW - _PLACE) * (1 / _SOFT)), 0, 1)
    middle, reach = brows[..., 0].mean(), np.ptp(brows[..., 0]) / 2
    columns = np.clip((reach - np.abs(_PLACE - middle)) * (1 / _SOFT) + 1, 0, 1)
    share, skin = (
        cv2.resize(one, (side, (last - first) * scale), interpolation=cv2.INTER_LINEAR)
        for one in (rows[first:last, None] * columns, skin[first:last])
    )
    rows_of = slice(first * scale, last * scale)
    # What little hides of a brow the painter guesses well, and better than a stranger's brow would fit.
    each = np.interp(_PLACE, (middle - _SOFT, middle + _SOFT), np.interp(hidden, _HIDDEN, (0, 1)))
    half = cv2.resize(each.astype(np.float32)[None], (side, 1))
    share *= half
    plain = cv2.blendLinear(skin, body[rows_of], share, 1 - share)
    alpha = drawn(brows, side)[rows_of] * half
    hair = cv2.resize(matte, (FILL_SIDE, FILL_SIDE), interpolation=cv2.INTER_AREA) > 0.9
    colour = skin * dark
    if hair.any():
        own = np.median(observed.camera[hair], 0).astype(np.float32) * np.float32(_OF_HAIR * 0.8)
        colour = np.minimum(colour * np.float32(1 - _OF_HAIR) + own, colour)
    out = body.copy()
    out[rows_of] = cv2.blendLinear(colour, plain, alpha, 1 - alpha)
    return out


def clear_of_brows(skull: np.ndarray, brows: np.ndarray) -> np.ndarray:
    """Where a bare skull is laid over the body, float32 (S, S), 0 to 1, without the brows.

    On a head that is turned, a brow reaches out to where the skull's own skin begins, which would cut it off.

    Args:
        skull: float32 (S, S), 0 to 1; brows: see `with_brows`.
    """
    low, high = np.clip(brows[..., 1].min() - _SOFT, 0, 1), np.clip(brows[..., 1].max() + _SOFT, 0, 1)
    rows = slice(int(low * len(skull)), int(np.ceil(high * len(skull))))
    out = skull.copy()
    out[rows] *= 1 - np.minimum(drawn(brows, len(skull))[rows] * np.float32(_CLEAR), 1)
    return out


def drawn(brows: np.ndarray, side: int) -> np.ndarray:
    """The alpha of two brows, float32 (side, side): hair by hair, thinner outwards.

    Args:
        brows: float32 (2, 10, 2), see `mirror.core.head_space.brow_points`.
    """
    brows = brows.astype(np.float32)
    alpha = np.zeros((side, side), np.float32)
    steps = np.linspace(0, 1, _HAIRS)
    for number, brow in enumerate(brows):
        low = np.clip(np.floor(brow.min(0) * side) - _MARGIN, 0, side - 1).astype(int)
        high = np.clip(np.ceil(brow.max(0) * side) + _MARGIN, low + 1, side).astype(int)
        width, height = high - low
        # Pixels of a canvas that is larger by so much, and no larger than the brow.
        at = ((brow * side - low) * _LARGER).astype(np.float32)
        ground = np.zeros((height * _LARGER, width * _LARGER), np.uint8)
        hairs = np.zeros_like(ground)
        outline = np.concatenate([at[:5], at[:4:-1]])
        cv2.fillPoly(ground, [np.round(outline).astype(np.int32)], 255)
        jitter = np.random.default_rng(number).normal(0, _UNEVEN, (_HAIRS, 2, 1))
        roots, ends = _along(at[5:], steps), _along(at[:5], np.minimum(steps + _LEAN * (0.6 + steps), 1))
        way = ends - roots
        lines = np.stack([roots + way * jitter[:, 0], ends - way * jitter[:, 1]], 1)
        for line in np.round(lines).astype(np.int32):
            cv2.line(hairs, line[0], line[1], 255, 2, cv2.LINE_AA)
        size = (int(width), int(height))
        ground, hairs = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (ground, hairs))
        both = cv2.GaussianBlur(ground, (0, 0), 1.2) * np.float32(_GROUND / 255)
        both += cv2.GaussianBlur(hairs, (0, 0), 0.6) * np.float32(_DRAWN / 255)
        part = alpha[low[1] : high[1], low[0] : high[0]]
        np.maximum(part, both, out=part)
    return np.minimum(alpha, 1)


class StillBrows:
    """Brows that rest while the tracker trembles, and go where they are raised."""

    def __init__(self) -> None:
        self._last: np.ndarray | None = None

    def __call__(self, brows: np.ndarray | None) -> np.ndarray | None:
        """The brows to draw: those of the picture before, until one of their points moves away by `_REST`."""
        if self._last is None or brows is None or np.abs(self._last - brows).max() > _REST:
            self._last = brows
        return self._last


def _darkness(brows: np.ndarray, skin: np.ndarray, camera: np.ndarray, seen: np.ndarray) -> np.float32:
    """How bright brows are, of the skin, by what is seen of them."""
    columns, rows = _middle(brows)
    there = seen[rows, columns] > 0
    if there.sum() < _ENOUGH:
        return np.float32(_DARKER)
    own, bare = camera[rows, columns][there].mean(1), skin[rows, columns][there].mean(1)
    ratio = float(np.median(own / np.maximum(bare, 0.05)))
    return np.float32(np.clip(1 - (1 - ratio) * _PALER, 0.35, 0.95))


def _middle(brows: np.ndarray, side: int = FILL_SIDE) -> tuple[np.ndarray, np.ndarray]:
    """The cells along the middle of one or two brows: columns and rows."""
    middle = ((brows[..., :5, :] + brows[..., 5:, :]) / 2).reshape(-1, 2)
    columns, rows = np.clip(middle * side, 0, side - 1).astype(int).T
    return columns, rows


def _hidden(brow: np.ndarray, bared: np.ndarray) -> float:
    """The share of a brow that has to be made up."""
    columns, rows = _middle(brow, len(bared))
    return float(bared[rows, columns].mean())


def _along(edge: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Points along five others, from the nose's end of a brow (0) to the temple's (1)."""
    at = np.linspace(0, 1, len(edge))
    return np.stack([np.interp(share, at, edge[:, axis]) for axis in range(2)], 1)
