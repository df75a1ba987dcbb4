"""Thinning: a layer made to take only what is lost of the own hair, or to add only what has grown.

Hair goes and comes strand by strand: a place that has lost half of its hair shows every other strand, not all
of them half.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import cv2
import numpy as np

from mirror.core.face_lighting import measure
from mirror.core.layer import Layer
from mirror.hair.loss.natural_colour import is_skin
from mirror.hair.painting.subject import Subject
from mirror.removal.long_hair import leaves_the_square

# From the first share of hair lost on what a matte sees there counts less, at the second it counts nothing.
_GONE = (0.6, 0.9)
# Alpha from which on new hair is seen, and hair that is there hides the skin; pixels of 256 across which new
# hair hangs together with that, and by which short hair stands off a head.
_SEEN, _THIN, _NEAR, _HIGH = 0.05, 0.4, np.ones((5, 5), np.uint8), np.ones((21, 21), np.uint8)
# So wide a gap between new hair and the hair that is there is none, pixels of 128; so far below the edge of a
# head hair makes that edge, of 256; beside a bare place the height of new hair falls by so much a pixel.
_GAP, _EDGE, _FALLS = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15)), 12, 0.6
# Where own hair passes over into skin, new hair covers so many times what it leaves bare; strands are lighter
# and darker by so much.
_SEAM, _FINE = np.float32(2.0), 0.2
# How uneven thin hair is; how sharply a strand is there or not where few are left, of the share of hair, and
# from which share that is gone on few are; how long strands are to either side, pixels of 256. The
# last few percent go with the rest: on a bare head they would be specks.
_UNEVEN, _SPLIT, _FEW, _LONG, _REST = 2.0, 0.5, (0.45, 0.85), 7, 1.04


def thinned(layer: Layer, lost: np.ndarray | None) -> Layer:
    """A layer that takes all hair away, made to take only what is lost.

    Args:
        layer: of a bald style, as painted.
        lost: float32 (128, 128), how much at each place, 0 to 1, in head space; None: nothing is.
    """
    side = layer.cover.shape[0]
    if lost is None:
        nothing = np.zeros((side, side), np.float32)
        return replace(layer, cover=nothing, old=nothing, new=nothing, wall=None, below=None)
    lost = combed(cv2.resize(lost, (side, side), interpolation=cv2.INTER_LINEAR))
    wall = layer.wall if layer.wall is None else layer.wall * lost
    layer = replace(layer, cover=layer.cover * lost, old=layer.old * lost, new=layer.new * lost, wall=wall)
    return layer if leaves_the_square(layer.old) else replace(layer, below=None)


def both(less: Layer, more: Layer) -> Layer:
    """A layer that takes hair away, and over it one that adds some elsewhere: as one."""
    new = more.new
    cover = cv2.max(less.cover, new)
    share = cv2.divide(new, cv2.max(cover, 1e-3))
    hair = more.rgb if more.hair is None else more.hair
    rgb = cv2.blendLinear(hair, less.rgb, share, 1 - share)
    wall = None if less.wall is None else less.wall * (1 - share)
    return replace(less, rgb=rgb, cover=cover, new=new, wall=wall, hair=hair, beneath=less.rgb)


def hair_left(matte: np.ndarray, lost: np.ndarray) -> np.ndarray:
    """float32 (256, 256): a matte of the hair that is there, less what it takes for hair on a bare scalp.

    A matte takes the down on a bald crown for hair: where all is `lost`, float32 (128, 128), it is not asked.
    """
    there = np.clip((_GONE[1] - lost) * (1 / (_GONE[1] - _GONE[0])), 0, 1).astype(np.float32)
    return matte * cv2.resize(there, matte.shape[::-1], interpolation=cv2.INTER_LINEAR)


def hair_there(subject: Subject, lost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The matte of the hair that is there less the scalp that shines through it, and the same where nothing
    may be counted as bare that is not: float32 (256, 256) each.

    Fair hair has the colour of skin, and only the matte tells it; what is dark on a scalp that is taken for
    bare is short hair.

    Args:
        lost: float32 (128, 128), see `hair_left`.
    """
    left, hair = hair_left(subject.hair, lost), 1 - _skin_of(subject)
    return left * hair, np.maximum(left, subject.hair * hair)


def _skin_of(subject: Subject) -> np.ndarray:
    """How much of what is seen has the colour of the person's skin, float32 (256, 256)."""
    head, lit = subject.head, subject.lit or measure(subject.head, subject.hair)
    if lit is None:
        return np.zeros_like(subject.hair)
    rgb = np.ascontiguousarray(head.image[0].transpose(1, 2, 0))
    return cv2.blur(is_skin(rgb, lit.skin(rgb.shape[0])).astype(np.float32), (5, 5))


def fuller(
    layer: Layer, hair: np.ndarray, person: np.ndarray, grows: np.ndarray, *, apart: bool = False
) -> Layer:
    """A layer of filled-up hair, made to show only where a head has lost some: the own hair stays.

    Args:
        hair, person: float32 (256, 256), alphas of the head as it is. New hair grows on its skin, and out of
            the hair that is there: what would lie on the wall, or apart from both, is left out.
        grows: float32 (128, 128), how dense it has become again at each place, 0 to 1.
        apart: it may lie apart from other hair on the skin, for somebody has drawn where it is to be.
    """
    size = hair.shape[::-1]
    share = cv2.resize(np.clip(grows, 0, 1), size, interpolation=cv2.INTER_LINEAR)
    share = _up_to(share, hair)
    # What has not grown yet goes as what is lost does: at the edge single strands are there whole.
    new = layer.new * (1 - combed(1 - share)) * np.minimum((1 - hair) * _SEAM, 1) * _under(hair, person)
    new *= _joined(new > _SEEN, share > 0.5, hair, person, apart)
    # What is painted beyond the own hair is smooth; strands that are drawn on it would lie across.
    own = None if layer.hair is None else _lit(layer.hair, new)
    layer = replace(layer, rgb=_lit(layer.rgb, new), hair=own, cover=new, new=new)
    return replace(layer, old=np.zeros_like(new), wall=None, below=None)


def _lit(picture: np.ndarray, new: np.ndarray) -> np.ndarray:
    """A picture, uint8 (S, S, 3), with the light and shade of strands that lie forwards, where there is new
    hair: float32 (S, S)."""
    x, y, wide, tall = cv2.boundingRect((new > 0).astype(np.uint8))
    out, part = picture.copy(), np.s_[y : y + tall, x : x + wide]
    if wide:
        out[part] = cv2.multiply(picture[part], _light(len(picture))[part], scale=1 / 128)
    return out


def _up_to(share: np.ndarray, hair: np.ndarray) -> np.ndarray:
    """How dense it has become, float32 (S, S), with no bare gap between what grows and the hair behind it.

    A stage says where hair is lost on the average; where it is on this head its matte says.
    """
    # At half the size: it is soft.
    half = share.shape[1] // 2, share.shape[0] // 2
    dense, there = (
        cv2.convertScaleAbs(cv2.resize(one, half, interpolation=cv2.INTER_AREA), alpha=255)
        for one in (share, hair)
    )
    closed = cv2.morphologyEx(cv2.max(dense, there), cv2.MORPH_CLOSE, _GAP)
    # Only beside what grows: a bay between two locks of the own hair is the person's own.
    gap = cv2.GaussianBlur(cv2.min(closed, cv2.dilate(dense, _GAP)), (0, 0), 0.8)
    gap = cv2.resize(gap, share.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.max(share, gap.astype(np.float32) * np.float32(1 / 255))


def _under(hair: np.ndarray, person: np.ndarray) -> np.ndarray:
    """float32 (S, S): 0 above hair that is there already at the edge of a head: nothing new stands on it.

    Beside a bare place it passes over from the height of new hair to that of the own.
    """
    columns, rows = np.arange(hair.shape[1]), np.arange(len(hair), dtype=np.float32)[:, None]
    body = cv2.compare(person, 0.5, cv2.CMP_GT)
    edge = np.argmax(body, axis=0)
    there = cv2.compare(hair, 0.5, cv2.CMP_GT)
    first = np.argmax(there, axis=0)
    own = (there[first, columns] > 0) & (first < edge + _EDGE)
    first = np.where(own, first, edge)
    # A gap as broad as that between two locks is no bare place.
    bare = (~own & (body[edge, columns] > 0)).astype(np.uint8)[None]
    bare = cv2.morphologyEx(bare, cv2.MORPH_OPEN, np.ones((1, 11), np.uint8))[0]
    away = np.full(len(columns), len(columns))
    if bare.any():
        known = np.flatnonzero(bare)
        before, after = np.searchsorted(known, columns, "right") - 1, np.searchsorted(known, columns)
        away = np.minimum(
            np.abs(columns - known[np.maximum(before, 0)]),
            np.abs(columns - known[np.minimum(after, len(known) - 1)]),
        )
    high = np.maximum(len(_HIGH) - away * _FALLS, 0)
    return cv2.blur((rows >= first - high).astype(np.float32), (3, 3))


def _joined(
    new: np.ndarray, dense: np.ndarray, hair: np.ndarray, person: np.ndarray, apart: bool
) -> np.ndarray:
    """float32 (S, S): 1 where new hair, bool (S, S), grows on a head, softly 0 where it would lie apart.

    It grows within the person, and, where it grows densely, as far beyond as short hair stands off; of that,
    what hangs together with hair that is there or, on a bald head, lies on its skin.
    """
    inside = person > 0.5
    skin = inside & (hair < _THIN)
    high = cv2.dilate((skin & dense & new).astype(np.uint8), _HIGH) > 0
    on_head = new & (inside | (high & dense))
    near = cv2.dilate((hair > 0.5).astype(np.uint8), _NEAR) > 0
    count, labels = cv2.connectedComponents((on_head | near).astype(np.uint8), ltype=cv2.CV_16U)
    held = np.zeros(count, bool)
    held[labels[near] if near.any() and not apart else labels[on_head & skin]] = True
    grown = held[labels] & on_head
    return cv2.GaussianBlur(grown.astype(np.float32), (0, 0), 1.0)


def combed(share: np.ndarray) -> np.ndarray:
    """A share of the hair that goes, float32 (S, S), 0 to 1, made uneven as hair is; its mean stays.

    Where little goes, the scalp shines through all of it, here more and there less; where nearly all goes,
    single strands are left whole: half of each would be a grey haze.
    """
    order = _order(share.shape[0])
    places = cv2.convertScaleAbs(share, alpha=255).astype(np.uint16) << 8
    taken: np.ndarray = np.take(_taken(), places | order)
    return taken


@cache
def _taken() -> np.ndarray:
    """How much of a strand goes, float32 (65536,): by the share that goes, 0 to 255, and then by its place in
    the order in which they go, 0 to 255."""
    share = np.minimum(np.linspace(0, 1, 256)[:, None] * _REST, 1)
    order, left = (np.arange(256)[None] + 0.5) / 256, 1 - share
    through = share + (share * left) * (_UNEVEN * (0.5 - order))
    # Where strand after strand goes, a strand is taken over from so far on in their order.
    low = np.sqrt(2 * _SPLIT * np.minimum(share, left))
    at = np.where(left < _SPLIT / 2, 1 + _SPLIT - low, share + _SPLIT / 2)
    single = np.clip((at - order) / _SPLIT, 0, 1)
    few = np.clip((share - _FEW[0]) / (_FEW[1] - _FEW[0]), 0, 1)
    return np.clip(through + few * (single - through), 0, 1).astype(np.float32).ravel()


@cache
def _order(side: int) -> np.ndarray:
    """`_strands` in 256 steps, uint16 (side, side)."""
    return (_strands(side) * 256).astype(np.uint16)


@cache
def _light(side: int) -> np.ndarray:
    """How much light strands have, uint8 (side, side, 3), 128 for as much as is painted."""
    return cv2.merge([cv2.convertScaleAbs(1 + _FINE * (_strands(side) - 0.5), alpha=128)] * 3)


@cache
def _strands(side: int) -> np.ndarray:
    """In which order strands go, in fine streaks that run from the crown outwards and down.

    float32 (side, side), 0 to 1, as many of one number as of any other.
    """
    noise = np.random.default_rng(0).standard_normal((side, side)).astype(np.float32)
    rows, columns = np.mgrid[:side, :side].astype(np.float32)
    x, y = columns / side - 0.5, rows / side + 0.1
    far = np.hypot(x, y)
    total = np.zeros_like(noise)
    for step in range(-_LONG, _LONG + 1):
        across, down = columns + step * x / far, rows + step * y / far
        total += cv2.remap(noise, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    total -= cv2.GaussianBlur(total, (0, 0), 4)
    order = np.empty(total.size, np.float32)
    order[np.argsort(total, axis=None)] = (np.arange(total.size, dtype=np.float32) + 0.5) / total.size
    return order.reshape(side, side)
