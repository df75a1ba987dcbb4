"""Own hair that hangs below the head's square: taken away with the rest, down to where it ends.

The networks see a square that ends at the shoulders. Hair that is longer would stay hanging on the chest
beneath a bob. Where it goes on is told by its colour (`mirror.removal.long_hair_tracing`). Beneath lie the
clothes that are seen beside it, or those of the shoulders go on. Where hair and clothes are of one colour
they are not told apart, nor need they be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from mirror.core.head_crop import SIDE
from mirror.core.head_space import HeadTransform, crop, valid_map
from mirror.core.layer import Layer
from mirror.core.push_pull_fill import FILL_SIDE, fill_in
from mirror.removal.cloth_reflection import reflected
from mirror.removal.crop_edge import window
from mirror.removal.long_hair_tracing import DOWN, FROM, colours_of_hair, followed

# From the first of these rows of the head's square on, share of the side, the lower one shows.
_SHOWN = (0.9, 0.94)
# Share of the width that must be hair where it leaves the square, and sides that the frame must go on below.
_ENOUGH, _ROOM = 0.02, 0.06
_MEET = 8  # pixels of 256
_DRIP = np.ones((17, 5), np.uint8)  # pixels of 256
# Rows of the head's square that say how its lower edge goes on, and for how many sides it does.
_LAST, _ON = (0.93, 0.97), 0.35
# So many cells of 64 in a column, on average over as many columns to each side, tell of clothes; what colours
# nearby count against those right above.
_CELLS, _BESIDE, _NEARBY = 6, 8, 0.02
_SHADE = (0.45, 1.3)  # how dark and how light skin may be, of that of the cheeks
# Rows and columns of 64 between eyes and mouth; how far a colour may be off skin, of 1; what skin counts.
_CHEEKS, _ALIKE, _ANY, _ONES = np.s_[31:37, 25:39], 0.1, 1e-3, np.ones((1, 3), np.float32)
_KEEP = 0.7  # of the last look


@dataclass(frozen=True, slots=True)
class Under(Layer):
    """What takes hair away below a head's square.

    Attributes:
        sure: float32 (64,), by column, how well clothes that are seen tell what lies beneath, 0 to 1.
    """

    sure: np.ndarray | None = None


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
    return float(old[round(SIDE * FROM)].mean()) > _ENOUGH


def below(image: np.ndarray, transform: HeadTransform, matte: np.ndarray, front: np.ndarray) -> Under | None:
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
    chance = colours_of_hair(upper_lab, matte, front, lab)
    if chance is None:
        return None
    square = crop(image, lower, SIDE)
    alpha = followed(chance, lab, square, matte, valid)
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
    # A throat lies in the shade of the chin.
    skin = np.float32(1 / 255) * _skin(image, transform)
    gain = np.clip(small @ skin / np.maximum(skin @ skin, 1e-4), *_SHADE)
    off = small - gain[..., None] * skin
    seen *= np.maximum(1 - np.exp(cv2.transform(off * off, _ONES) * (-0.5 / _ALIKE**2)), _ANY)
    seen = np.where(free_enough, seen, 0).astype(np.float32)
    sure = _sure(seen)
    filled = fill_in(small, seen)
    # Clothes have folds and patterns: those beside the hair, reflected, are not looked at twice.
    filled = reflected(filled, camera, seen)
    rgb = cv2.convertScaleAbs(cv2.resize(filled, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), alpha=255)
    # Where the squares meet what lies beneath may be wall or neck: it is as it is a little further down.
    edge = round(SIDE * (1 - DOWN)) + _MEET
    rgb[:edge] = rgb[edge]
    cover = grown * _SHARE
    return Under(rgb, cover, cover, np.zeros_like(cover), sure=sure)


def _sure(clothes: np.ndarray) -> np.ndarray:
    """How well the clothes that are seen beside and below tell what is hidden, float32 (64,), by column.

    Args:
        clothes: float32 (64, 64), of the lower square, where they are seen.
    """
    cells = clothes[round(FILL_SIDE * (1 - DOWN)) :].sum(0)
    return np.clip(cv2.blur(cells[None], (2 * _BESIDE + 1, 1))[0] * (1 / _CELLS), 0, 1)


def _skin(image: np.ndarray, transform: HeadTransform) -> np.ndarray:
    """The colour of a face between eyes and mouth, float32 (3,), of 255."""
    face = crop(image, transform, FILL_SIDE)[_CHEEKS]
    return np.median(face.reshape(-1, 3), 0).astype(np.float32)


def attached(layer: Layer, under: Under | None) -> Layer:
    """A layer with what takes hair away below it, if it takes any away where the square ends."""
    if under is None or not leaves_the_square(layer.old):
        return layer
    return replace(layer, below=replace(under, rgb=_going_on(layer, under)))


def _going_on(layer: Layer, under: Under) -> np.ndarray:
    """What lies beneath hair below the square, uint8 (256, 256, 3): as above it, and then as it was guessed.

    A collar, a shoulder go on downwards; further down what is seen beside says more.
    """
    if layer.beneath is None:
        return under.rgb
    rows = slice(*(round(SIDE * row) for row in _LAST))
    hidden = np.clip(layer.old[rows] * 2 - 1, 0, 1)
    sums = cv2.merge([*cv2.split(layer.beneath[rows] * hidden[..., None]), hidden]).mean(0, keepdims=True)
    # As it is right above, or else nearby.
    sums = cv2.GaussianBlur(sums, (0, 0), _MEET / 2) + cv2.GaussianBlur(sums, (0, 0), _MEET * 3) * _NEARBY
    above = np.repeat(sums[..., :3] / np.maximum(sums[..., 3:], 1e-6), SIDE, 0)
    share = np.broadcast_to(_GOES_ON, (SIDE, SIDE))
    if under.sure is not None:
        share = 1 - (1 - share) * cv2.resize(under.sure[None], (SIDE, 1), interpolation=cv2.INTER_LINEAR)
    share = np.where(sums[..., 3] > 1e-5, share, 0).astype(np.float32)
    return cv2.blendLinear(np.round(above).astype(np.uint8), under.rgb, share, 1 - share)


class Below:
    """The same for a stream, one look evened out with the next."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets the person."""
        self._last: Under | None = None

    def look(
        self, image: np.ndarray, transform: HeadTransform, matte: np.ndarray, front: np.ndarray
    ) -> Under | None:
        """The layer for one painting; arguments as for `below`."""
        if not leaves_the_square(matte):
            return None
        self._last = _between(self._last, below(image, transform, matte, front))
        return self._last


def _between(last: Under | None, layer: Under | None) -> Under | None:
    """A look evened out with the one before."""
    if last is None or layer is None:
        return layer
    cover = cv2.addWeighted(last.cover, _KEEP, layer.cover, 1 - _KEEP, 0)
    rgb = cv2.addWeighted(last.rgb, _KEEP, layer.rgb, 1 - _KEEP, 0)
    assert last.sure is not None and layer.sure is not None
    sure = last.sure * np.float32(_KEEP) + layer.sure * np.float32(1 - _KEEP)
    return replace(layer, rgb=rgb, cover=cover, old=cover, sure=sure)


def _share() -> np.ndarray:
    """float32 (256, 1): where this square shows: from where the head's own ends."""
    rows = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE + DOWN
    ramp = np.clip((rows - _SHOWN[0]) * (1 / (_SHOWN[1] - _SHOWN[0])), 0, 1)[:, None].astype(np.float32)
    return ramp * window(SIDE)


def _goes_on() -> np.ndarray:
    """float32 (256, 1): how much of what lies above a place goes on down to it."""
    rows = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE + DOWN
    far = np.clip((rows - _SHOWN[0]) * (1 / _ON), 0, 1)[:, None]
    return (1 - far * far * (3 - 2 * far)).astype(np.float32)


_SHARE, _GOES_ON = _share(), _goes_on()
