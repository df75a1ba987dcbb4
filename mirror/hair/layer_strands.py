"""Strands: a layer at twice its side, with the strands that were rendered there.

At 64 pixels an eye distance single hairs are speckles; what they look like at 128 is kept beside a view as
two grey pictures, which hold for any light and any colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from mirror.hair.key_view import ratio_of, tone_of
from mirror.hair.lit_layer import (
    BESIDE,
    GAP,
    LINEAR,
    OPAQUE,
    SHARES,
    SPECK,
    in_shade,
    mixing_power,
    without_gaps,
)

# Unsharp mask of the alpha of strands and its sigma, pixels; what is then an edge's foot and top; mean alpha
# of so many pixels from which on and at which hair is thick enough for that; how soft thin hair is. Twice as
# much of it, everywhere, lost 14 of 22 pairs against layers without strands: jagged outlines, combs.
_UNSHARP, _HAZE, _EDGE = 0.4, 2.0, (0.03, 0.92)
_AROUND_LOCK, _THICK, _SOFT = (11, 11), (0.35, 0.7), 0.9
# How much darker and brighter than around, within so many pixels, hair is made where it is; grey levels added
# before logarithms, and alpha from which on it counts.
_DARKER, _BRIGHTER, _LOCK, _BLACK, _SOME = 0.35, 0.1, 8.0, 0.025, 0.12
_NO_TONE = 128  # neither brighter nor darker than the layer, see `mirror.hair.key_view.ratio_of`
_LEAST = 24  # of 255: alpha below which a layer's colour is not drawn on further
# How much tones vary, log, within so many pixels, from where on hair begins to be rays that found a lamp by
# chance and no strands, and is: lit hair stays below 0.1, braids and curls below 0.14; hair beside a neck is
# above 0.2 (views of twelve styles from the front).
_VARIED, _BY_CHANCE = (9, 9), (0.13, 0.2)
# In place of rays by chance stands hair that hangs: streaks so fine and so long, pixels (sigma), which are
# lighter and darker by so much, log. Without any it was a flat brown strap beside the neck.
_FINE, _HANGS, _STREAKED = 0.8, 30.0, 0.14
_SPARSE = (100, 200)  # of 255: alpha of hair that is as thin as that, and from which on it is not


@dataclass(frozen=True, slots=True, eq=False)
class Strands:
    """A part of a layer, and what it takes to give it its strands.

    Attributes:
        alpha, tone: files, see `mirror.hair.key_view.STRANDS`, of the whole view.
        plain: uint8 (H, W, 4), premultiplied: the part without them. corner: where it begins: column, row.
        shape: rows and columns of the view.
    """

    alpha: bytes
    tone: bytes
    plain: np.ndarray
    corner: tuple[int, int]
    shape: tuple[int, ...]

    @property
    def part(self) -> tuple[slice, slice]:
        """Where it lies in a picture of the whole view at twice its side: rows, columns."""
        (x, y), (rows, columns) = self.corner, self.plain.shape[:2]
        return slice(2 * y, 2 * (y + rows)), slice(2 * x, 2 * (x + columns))

    def enlarged(self) -> np.ndarray:
        """The part at twice its side, uint8 (2H, 2W, 4)."""
        alpha, tone = (decoded_grey(one, self.shape)[self.part] for one in (self.alpha, self.tone))
        return with_strands(self.plain, alpha, tone, render_noise(tone))


def decoded_grey(blob: bytes, shape: tuple[int, ...]) -> np.ndarray:
    """A file of strands, uint8, twice as many rows and columns as its view's; nonsense says nothing."""
    found = cv2.imdecode(np.frombuffer(blob, np.uint8), cv2.IMREAD_GRAYSCALE)
    size = (2 * shape[0], 2 * shape[1])
    return np.full(size, _NO_TONE, np.uint8) if found is None or found.shape != size else found


def with_strands(layer: np.ndarray, alpha: np.ndarray, tone: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """A layer at twice its side with the strands that were rendered there.

    Args:
        layer: uint8 (H, W, 4), premultiplied sRGB and alpha.
        alpha, tone: uint8 (2H, 2W), see `mirror.hair.key_view.STRANDS`. noise: see `render_noise`.

    Returns:
        uint8 (2H, 2W, 4).
    """
    size = alpha.shape[::-1]
    wide = cv2.resize(layer, size, interpolation=cv2.INTER_CUBIC)
    there = np.maximum(cv2.extractChannel(layer, 3).astype(np.float32), 1)
    grey = cv2.cvtColor(layer, cv2.COLOR_RGBA2GRAY).astype(np.float32)
    straight = np.clip(cv2.blur(grey, BESIDE) / np.maximum(cv2.blur(there, BESIDE), 4) * 255, 0, 255)
    power = cv2.resize(mixing_power(LINEAR[straight.astype(np.uint8)]), size, interpolation=cv2.INTER_LINEAR)
    if (dense := there > OPAQUE[0] * 255).any():
        thin = np.clip((_SPARSE[1] - there) * np.float32(1 / (_SPARSE[1] - _SPARSE[0])), 0, 1)
        shade = cv2.max(in_shade(straight, float(np.median(straight[dense]))), thin)
        shade = cv2.resize(shade, size)
        tone = cv2.blendLinear(cv2.medianBlur(tone, SPECK), tone, shade, 1 - shade)
    tone = cv2.blendLinear(_hanging(tone.shape), tone, noise, 1 - noise)
    cover = 1 - (1 - _distinct(without_gaps(SHARES[alpha], 2 * GAP - 1))) ** power
    # Colour is the layer's; where that has next to none, strands take no more than it would bear.
    tones = cv2.divide(_RATIOS[tone], np.maximum(cv2.extractChannel(wide, 3), _LEAST).astype(np.float32))
    luma = cv2.multiply(cv2.cvtColor(wide, cv2.COLOR_RGBA2GRAY).astype(np.float32), tones)
    gain = cv2.multiply(cv2.multiply(cover, tones, scale=255), _between_locks(luma, cover))
    opaque = cv2.convertScaleAbs(cover, alpha=255)
    planes = (cv2.multiply(one, gain, dtype=cv2.CV_8U) for one in cv2.split(wide)[:3])
    return cv2.merge([*(cv2.min(one, opaque) for one in planes), opaque])


def render_noise(tone: np.ndarray) -> np.ndarray:
    """Where strands are the noise of few rays: float32 (H, W), 0 to 1; `tone` as `with_strands` takes it."""
    # In place: a view at twice its side takes megabytes in float.
    level = cv2.LUT(tone, _LOGS)
    mean = cv2.blur(level, _VARIED)
    varied = cv2.blur(cv2.multiply(level, level, dst=level), _VARIED, dst=level)
    cv2.subtract(varied, cv2.multiply(mean, mean, dst=mean), dst=varied)
    first, wholly = _BY_CHANCE
    np.sqrt(np.maximum(varied, 0, out=varied), out=varied)
    varied -= np.float32(first)
    varied *= np.float32(1 / (wholly - first))
    return np.clip(varied, 0, 1, out=varied)


def _hanging(shape: tuple[int, ...]) -> np.ndarray:
    """Tones of hair that hangs and is not seen well, uint8 (H, W), see `mirror.hair.key_view.tone_of`."""
    streaks = _streaks()
    times = [-(-side // has) for side, has in zip(shape, streaks.shape, strict=True)]
    return np.ascontiguousarray(
        (streaks if max(times) == 1 else np.tile(streaks, times))[: shape[0], : shape[1]]
    )


@cache
def _streaks() -> np.ndarray:
    """As large as a view at twice its side, made once: it takes a tenth of a second."""
    noise = np.random.default_rng(0).standard_normal((1280, 896)).astype(np.float32)
    streaks = cv2.GaussianBlur(noise, (0, 0), sigmaX=_FINE, sigmaY=_HANGS)
    return tone_of(np.exp(streaks * (_STREAKED / float(streaks.std()))))


def _distinct(share: np.ndarray) -> np.ndarray:
    """Alpha of strands, float32 (H, W), 0 to 1, as a camera sees them: a hair is a tenth of a pixel wide, and
    its render a haze, but locks of hair have edges and tips. What is thin, as fades and hairlines are, stays
    soft: with edges it was a comb's teeth."""
    sharp = share + _UNSHARP * (share - cv2.GaussianBlur(share, (0, 0), _HAZE))
    edge = np.clip((sharp - _EDGE[0]) * np.float32(1 / (_EDGE[1] - _EDGE[0])), 0, 1)
    dense = cv2.blur(share, _AROUND_LOCK)
    dense = np.clip((dense - _THICK[0]) * np.float32(1 / (_THICK[1] - _THICK[0])), 0, 1)
    soft = cv2.GaussianBlur(share, (0, 0), _SOFT)
    return soft + dense * (edge - soft)


def _between_locks(luma: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """What grey levels are multiplied with, float32 (H, W), so that it is darker between locks.

    Light is lost between them over and over; a few bounces of a path tracer leave little of that. With it the
    finest band of log luminance varies by 0.06 to 0.09, in photographs by 0.09 (`groom truth`).

    Args:
        luma: float32 (H, W), 0 to 1, straight. cover: float32 (H, W), alpha.
    """
    level, there = np.log(luma + np.float32(_BLACK)), np.where(cover > _SOME, np.float32(1), np.float32(0))
    size = (luma.shape[1] // 2, luma.shape[0] // 2)
    sums, known = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (level * there, there))
    sums, known = (cv2.GaussianBlur(one, (0, 0), _LOCK / 2) for one in (sums, known))
    around = cv2.resize(sums / np.maximum(known, np.float32(1e-3)), luma.shape[::-1])
    off = (level - around) * there
    return np.exp(_DARKER * np.minimum(off, 0) + _BRIGHTER * np.maximum(off, 0)).astype(np.float32)


# A tone of strands to a ratio of grey levels.
_RATIOS = ratio_of(np.arange(256))
_LOGS = np.log(np.maximum(_RATIOS, 1e-3)).astype(np.float32)
