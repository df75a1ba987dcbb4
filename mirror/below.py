"""Own hair that hangs below the head's square: taken away with the rest, down to where it ends.

The networks see a square that ends at the shoulders. Hair that is longer would stay hanging on the chest
beneath a bob. Where it goes on is told by its colour: what has the colour of the hair at the shoulders and
not that of skin, clothes and wall there, and hangs together with it, is hair. Beneath lie the clothes that
are seen beside it. Where hair and clothes are of one colour they are not told apart, nor need they be.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mirror.fill import FILL_SIDE, fill_in
from mirror.head import SIDE
from mirror.headspace import HeadTransform, crop, valid_map
from mirror.layer import Layer
from mirror.tips import window
from mirror.wall import sideways, textured

# How far below the head's square the second one lies, in sides of it; they overlap by the rest.
DOWN = 0.7
# Rows of the head's square, as shares: between the first two hair is looked at for its colour, as what is not
# hair is; at the third it is followed from; from the fourth on this square shows.
_COLOUR, _FROM, _SHOWN = (0.55, 0.965), 0.94, (0.9, 0.94)
# Share of the width that must be hair where it leaves the square, and sides that the frame must go on below.
_ENOUGH, _ROOM = 0.02, 0.06
_BINS = 16  # of a and of b, and half as many as of L
# What a colour that was never seen counts for not being hair, against shares of all that were.
_UNSEEN = 0.002
# Chance of being hair that is none, as its inverse how steeply it then grows; how much of what hangs above
# counts a row further down; and frames in which it comes and goes.
_NONE, _STEEP, _HANGS, _UP = 0.5, 4.0, 1.15, 8
# In cells of 64: how far to the side of where it leaves the head's square hair may hang; how far locks go on.
_SWING, _TIPS = 4, 6
_FEW = 200  # colours: of fewer, each says less
_WAIST = 0.72  # of the lower square: rows further down
_MEET = 8  # pixels of 256
_DRIP = np.ones((17, 5), np.uint8)  # pixels of 256
# Rows and columns of 64 between eyes and mouth; how far a colour may be off skin, of 1; what skin counts.
_CHEEKS, _ALIKE, _ANY, _ONES = np.s_[31:37, 25:39], 0.1, 1e-3, np.ones((1, 3), np.float32)
EVERY = 3  # frames of a stream between two looks
_KEEP = 0.7  # of the last look


def lowered(transform: HeadTransform) -> HeadTransform:
    """The square below that of a head.

    Example:
        >>> lowered(HeadTransform(100.0, 100.0, 200.0, 0.0))
        HeadTransform(x=100.0, y=240.0, scale=200.0, angle=0.0)
    """
    far = transform.scale * DOWN
    return replace(
        transform,
        x=transform.x - float(np.sin(transform.angle)) * far,
        y=transform.y + float(np.cos(transform.angle)) * far,
    )


def leaves_the_square(old: np.ndarray) -> bool:
    """Whether hair that is taken away, float32 (256, 256), hangs out of the square below."""
    return float(old[round(SIDE * _FROM)].mean()) > _ENOUGH


def below(image: np.ndarray, transform: HeadTransform, matte: np.ndarray, front: np.ndarray) -> Layer | None:
    """What takes hair away below a head's square, in the square that `lowered` tells.

    Args:
        image: uint8 (H, W, 3) RGB, the frame.
        transform: of the head.
        matte: float32 (256, 256), alpha of the hair in the head's own square.
        front: float32 (256, 256), of what is held before it.

    Returns:
        A layer without new hair; None where the frame ends there or no hair is found.
    """
    if not leaves_the_square(matte):
        return None
    height, width = image.shape[:2]
    lower = lowered(transform)
    valid = valid_map(width, height, lower, SIDE)
    if not valid[round(SIDE * (1 - DOWN + _ROOM)) :].any():
        return None
    upper_lab, lab = (
        cv2.cvtColor(crop(image, t, FILL_SIDE * 2), cv2.COLOR_RGB2Lab) for t in (transform, lower)
    )
    chance = _colours(upper_lab, matte, front, lab)
    if chance is None:
        return None
    square = crop(image, lower, SIDE)
    alpha = _followed(chance, lab, square, matte, valid)
    if alpha.max() < 0.5:
        return None
    # Tips thin out below where they are hair for certain.
    grown = cv2.max(
        cv2.dilate(alpha, np.ones((7, 7), np.uint8)), cv2.dilate(alpha, _DRIP, anchor=(2, len(_DRIP) - 1))
    )
    grown = cv2.GaussianBlur(grown, (0, 0), 1.6)
    camera = cv2.dnn.blobFromImage(square, 1 / 255)
    small = cv2.resize(square, (FILL_SIDE, FILL_SIDE), interpolation=cv2.INTER_AREA)
    free = np.where((grown < 0.02) & (valid > 250), np.float32(1), np.float32(0))
    seen = cv2.resize(free, (FILL_SIDE, FILL_SIDE), interpolation=cv2.INTER_AREA)
    free_enough = seen > 0.99
    small = small.astype(np.float32) * np.float32(1 / 255)
    # Of clothes, where there are any: an arm or a neck beside is no reason for a bare shoulder.
    off = small - np.float32(1 / 255) * _skin(image, transform)
    seen *= np.maximum(1 - np.exp(cv2.transform(off * off, _ONES) * (-0.5 / _ALIKE**2)), _ANY)
    filled = fill_in(small, np.where(free_enough, seen, 0))
    # Clothes have folds and patterns: those beside the hair, reflected, are not looked at twice.
    filled = textured(filled, camera, seen, np.zeros_like(seen), way_to=sideways)
    rgb = cv2.convertScaleAbs(cv2.resize(filled, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), alpha=255)
    # Where the squares meet what lies beneath may be wall or neck: it is as it is a little further down.
    edge = round(SIDE * (1 - DOWN)) + _MEET
    rgb[:edge] = rgb[edge]
    cover = grown * _SHARE
    return Layer(rgb, cover, cover, np.zeros_like(cover))


def _skin(image: np.ndarray, transform: HeadTransform) -> np.ndarray:
    """The colour of a face between eyes and mouth, float32 (3,), of 255."""
    face = crop(image, transform, FILL_SIDE)[_CHEEKS]
    return np.median(face.reshape(-1, 3), 0).astype(np.float32)


def hem(layer: Layer, matte: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What lies beneath hair where it leaves the head's square: colours, float32 (64, 3), 0 to 1; and where.

    Clothes seen further down say what the shoulders wear.
    """
    middle = round(SIDE * (1 - DOWN))
    rows = layer.rgb[middle + _MEET : middle + 2 * _MEET].astype(np.float32).mean(
        0, keepdims=True
    ) * np.float32(1 / 255)
    cells = cv2.resize(rows, (FILL_SIDE, 1), interpolation=cv2.INTER_AREA)[0]
    hair = cv2.resize(matte[-12:], (FILL_SIDE, 1), interpolation=cv2.INTER_AREA)[0]
    return cells, hair > 0.5


def attached(layer: Layer, under: Layer | None) -> Layer:
    """A layer with what takes hair away below it, if it takes any away where the square ends."""
    return replace(layer, below=under) if under is not None and leaves_the_square(layer.old) else layer


class Below:
    """The same for a stream: looked at in every third frame, and never appearing at a stroke."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets the person."""
        self._last: Layer | None = None
        self._waited = self._up = 0

    def look(
        self, image: np.ndarray, transform: HeadTransform, matte: np.ndarray, front: np.ndarray
    ) -> Layer | None:
        """The layer for one frame; arguments as for `below`."""
        wanted = leaves_the_square(matte)
        if wanted and (self._last is None or self._waited >= EVERY - 1):
            self._waited = 0
            self._last = _between(self._last, below(image, transform, matte, front))
        else:
            self._waited += 1
        self._up = min(self._up + 1, _UP) if wanted else max(self._up - 1, 0)
        if self._last is None or self._up == 0:
            self._up = 0
            return None
        if self._up == _UP:
            return self._last
        cover = self._last.cover * np.float32(self._up / _UP)
        return replace(self._last, cover=cover, old=cover)


def _between(last: Layer | None, layer: Layer | None) -> Layer | None:
    """A look evened out with the one before."""
    if last is None or layer is None:
        return layer
    cover = cv2.addWeighted(last.cover, _KEEP, layer.cover, 1 - _KEEP, 0)
    rgb = cv2.addWeighted(last.rgb, _KEEP, layer.rgb, 1 - _KEEP, 0)
    return replace(layer, rgb=rgb, cover=cover, old=cover)


def _colours(lab: np.ndarray, matte: np.ndarray, front: np.ndarray, lower: np.ndarray) -> np.ndarray | None:
    """How likely each colour is hair, float32 (32, 16, 16) over L, a, b; None where there is too little."""
    size = lab.shape[1::-1]
    hair, held = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (matte, front))
    rows = slice(*(round(size[1] * share) for share in _COLOUR))
    part, hair, held = lab[rows].reshape(-1, 3), hair[rows].ravel(), held[rows].ravel()
    seen = part[:, 0] > 0
    mine, others = part[seen & (hair > 0.9)], part[seen & (hair < 0.05) & (held < 0.3)]
    if len(mine) < 40:
        return None
    # Where no hair hangs above, what lies further down is none either.
    hanging = cv2.resize(matte, size, interpolation=cv2.INTER_AREA)[round(size[1] * _FROM)] > 0.05
    free = cv2.dilate(hanging.astype(np.uint8)[None], np.ones((1, 4 * _SWING + 1), np.uint8))[0] == 0
    beside = lower[round(size[1] * (1 - DOWN)) :, free].reshape(-1, 3)
    # Nor, most likely, so far down: of clothes that lie under hair all over nothing else may be seen. Of whom
    # hair hangs to the waist keeps it there.
    far = lower[round(size[1] * _WAIST) :].reshape(-1, 3)
    mine, *others = (_shares(one[one[:, 0] > 0]) for one in (mine, others, beside, far))
    # Each by itself: much wall beside says nothing of a dress.
    return (mine / (mine + np.maximum.reduce(others) + _UNSEEN)).astype(np.float32)


def _shares(colours: np.ndarray) -> np.ndarray:
    """What share of colours, uint8 (N, 3) Lab, is of each kind, evened out: float32 (32, 16, 16)."""
    found = np.bincount(_bins(colours), minlength=2 * _BINS**3)
    shares = found.reshape(2 * _BINS, _BINS, _BINS).astype(np.float32) / np.float32(max(len(colours), _FEW))
    for axis in range(3):
        along = np.moveaxis(shares, axis, 0)
        even = along * np.float32(0.5)
        even[1:] += along[:-1] * np.float32(0.25)
        even[:-1] += along[1:] * np.float32(0.25)
        shares = np.moveaxis(even, 0, axis)
    return shares


def _followed(
    chance: np.ndarray, lab: np.ndarray, square: np.ndarray, matte: np.ndarray, valid: np.ndarray
) -> np.ndarray:
    """Alpha of the hair in the lower square, float32 (256, 256): what is likely and hangs together."""
    size = (FILL_SIDE, FILL_SIDE)
    likely = np.clip((_looked_up(chance, lab) - _NONE) * _STEEP, 0, 1)
    likely = cv2.resize(likely, size, interpolation=cv2.INTER_AREA)
    # A tip is thinner than a cell: the pixels say where it ends, the cells only what hangs together.
    likely = np.minimum(cv2.dilate(likely, np.ones((3, 3), np.uint8)) * 1.5, 1)
    first = round(FILL_SIDE * (_FROM - DOWN))
    row = cv2.resize(matte, size, interpolation=cv2.INTER_AREA)[round(FILL_SIDE * _FROM)]
    reach = np.zeros(size, np.float32)
    # Straight down, or a little to the side of it.
    under = cv2.blur(cv2.dilate(row[None], np.ones((1, 2 * _SWING + 1), np.uint8)), (3, 1))[0]
    for y in range(first, FILL_SIDE):
        # Hair hangs: it spreads by no more than a cell in two rows.
        wide = row
        if y % 2:
            wide = row.copy()
            np.maximum(wide[1:], row[:-1], out=wide[1:])
            np.maximum(wide[:-1], row[1:], out=wide[:-1])
        row = likely[y] * np.minimum(wide * np.float32(_HANGS), under)
        reach[y] = row
    # Its tips are thin, and locks leave it: what is as likely and touches it belongs to it.
    for _ in range(_TIPS):
        reach = np.maximum(reach, np.minimum(cv2.dilate(reach, np.ones((3, 3), np.uint8)), likely))
    reach = np.clip((cv2.dilate(reach, np.ones((3, 3), np.uint8)) - 0.1) * 4, 0, 1)
    fine = cv2.GaussianBlur(_looked_up(chance, cv2.cvtColor(square, cv2.COLOR_RGB2Lab)), (0, 0), 1.2)
    alpha = np.clip((fine - 0.3) * 3.3, 0, 1) * cv2.resize(
        reach, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR
    )
    # In the overlap the network has said where hair is.
    known = round(SIDE * (1 - DOWN)) - 6
    alpha[:known] = matte[SIDE - known - 6 : SIDE - 6]
    return np.where(valid > 127, alpha, 0).astype(np.float32)


def _looked_up(chance: np.ndarray, lab: np.ndarray) -> np.ndarray:
    return chance.ravel()[_bins(lab)]


def _bins(lab: np.ndarray) -> np.ndarray:
    """The number of each colour's bin."""
    light = (lab[..., 0] >> 3).astype(np.int32)
    # Hair, skin and most clothes are nearly grey: there a and b are told apart twice as finely.
    a, b = (np.clip(lab[..., i].astype(np.int32) - 64, 0, 127) >> 3 for i in (1, 2))
    return (light * _BINS + a) * _BINS + b


def _share() -> np.ndarray:
    """float32 (256, 1): where this square shows: from where the head's own ends."""
    rows = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE + DOWN
    ramp = np.clip((rows - _SHOWN[0]) * (1 / (_SHOWN[1] - _SHOWN[0])), 0, 1)[:, None].astype(np.float32)
    return ramp * window(SIDE)


_SHARE = _share()
