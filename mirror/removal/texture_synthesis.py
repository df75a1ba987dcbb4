"""Grain: pores and fine lines on skin that was hidden, and a wall's, by what is seen of them beside.

The painter's skin is as smooth as an egg, and next to a forehead that is not, a bald head looks made of
plastic. Noise in a few octaves, each by the strength of the same octave of the person's own picture
(pyramid-based texture synthesis in its simplest form, Heeger & Bergen 1995), carries on what a camera makes
of skin: pores and creases, its own noise and compression too.
"""

from __future__ import annotations

import functools

import cv2
import numpy as np

from mirror.core.head_crop import Head
from mirror.core.head_space import fill_polygon

# Sigmas in pixels of the head square between which each octave lies.
_EDGES = (0.0, 0.7, 1.5, 3.0)
# What is taken of each octave: creases and light are strong in the coarser ones and no grain.
_TAKEN = np.array((0.85, 0.75, 0.4), np.float32)
# The most that grain may be, as a share of the skin's brightness, and what is usual where nothing is seen. Of
# 20 held-out faces the finest octave was 0.004 to 0.057, half of them above 0.01; with a third of that, as it
# had been, foreheads were airbrushed beside their cheeks.
_MOST, _USUAL = (0.025, 0.025, 0.02), (0.002, 0.002, 0.001)
# Rows, shares of the side, between which a face is bare skin; clear of eyes and brows by so many pixels.
_ROWS, _CLEAR = (0.2, 0.56), np.ones((9, 9), np.uint8)
_ENOUGH = 200  # pixels of such skin
_TO_SIGMA = 1.4826  # from the median of absolute values to the standard deviation of normal noise
# Of a wall nearly all is taken; the most of it, and in how much of the square wall must be seen.
_OF_WALL, _MOST_WALL, _WALL_SEEN = np.array((1.0, 0.9, 0.7), np.float32), (0.01, 0.007, 0.004), 0.01
# How strong it is, is told by a wall's quietest windows (the rest are things): which share of them, how large
# and how far apart they are, clear of what is no wall; and for normal noise the factor from the mean of
# absolute values to the standard deviation.
_QUIET, _WINDOW, _APART, _AROUND, _TO_SIGMA_OF_MEAN = 0.2, (9, 9), 4, np.ones((15, 15), np.uint8), 1.2533
_DARK = 8 / 255  # of 1: a darker picture has no grain that one could tell from noise


def grain_of(head: Head, free: np.ndarray) -> np.ndarray:
    """How strong the grain of a person's skin is.

    Args:
        head: its picture, face oval and brows.
        free: float32 (S, S), 1 where the camera shows what will be shown, else 0.

    Returns:
        float32 (3,), standard deviation of each octave, finest first, as a share of the skin's brightness;
        what is usual where too little skin is seen.
    """
    side = free.shape[0]
    x, _, width, _ = cv2.boundingRect(head.face)
    if width == 0:
        return np.array(_USUAL, np.float32)
    part = np.s_[int(_ROWS[0] * side) : int(_ROWS[1] * side), x : x + width]
    hidden = cv2.dilate(head.inner[part], _CLEAR)
    if head.brows is not None:
        for upper, lower in head.brows.reshape(2, 2, -1, 2):
            brow = fill_polygon(np.concatenate([upper, lower[::-1]]), side)[part]
            hidden = cv2.max(hidden, cv2.dilate(brow, _CLEAR))
    bare = np.where((head.face[part] > 250) & (hidden == 0) & (free[part] > 0.99), np.uint8(1), np.uint8(0))
    there = cv2.erode(bare, _CLEAR[:3, :3]) > 0
    if there.sum() < _ENOUGH:
        return np.array(_USUAL, np.float32)
    luma = cv2.cvtColor(
        cv2.merge([np.ascontiguousarray(one[part]) for one in head.image[0]]), cv2.COLOR_RGB2GRAY
    )
    return np.minimum(_strong(luma, there) * _TAKEN, np.array(_MOST, np.float32))


def wall_grain_of(image: np.ndarray, wall: np.ndarray) -> np.ndarray:
    """How strong the grain of a wall is: its own and the camera's.

    Args:
        image: float32 (1, 3, S, S), 0 to 1, the camera's.
        wall: float32 (S, S), 1 where the camera shows wall, else 0.

    Returns:
        float32 (3,), see `grain_of`; 0 where too little wall is seen.
    """
    there = cv2.erode(wall, _AROUND) > 0
    if there.mean() < _WALL_SEEN:
        return np.zeros(3, np.float32)
    luma = cv2.cvtColor(cv2.merge(list(image[0])), cv2.COLOR_RGB2GRAY)
    there = there[::_APART, ::_APART]
    level = np.maximum(cv2.blur(luma, _WINDOW)[::_APART, ::_APART][there], _DARK)
    means = (cv2.blur(cv2.absdiff(one, 0), _WINDOW)[::_APART, ::_APART][there] for one in _octaves(luma))
    strong = np.array([_TO_SIGMA_OF_MEAN * np.quantile(one / level, _QUIET) for one in means], np.float32)
    # A camera's noise is finest. What is stronger the coarser it is, is light or things, and so is as much
    # of the finer octaves.
    strong *= min(1.0, float(strong[0]) / max(float(strong[2]), 1e-6))
    return np.minimum(strong * _OF_WALL, np.array(_MOST_WALL, np.float32))


def with_grain(skin: np.ndarray, where: np.ndarray, strong: np.ndarray) -> np.ndarray:
    """Skin with grain.

    Args:
        skin: float32 (S, S, 3), 0 to 1.
        where: float32 (S, S), 0 to 1, how much of the grain it has.
        strong: float32 (3,), see `grain_of`.

    Returns:
        float32 (S, S, 3). The grain lies still in head space: it is the same each time.
    """
    fine, middle, coarse = _noise(skin.shape[0])
    gain = cv2.scaleAdd(middle, float(strong[1]), fine * strong[0])
    gain = cv2.multiply(cv2.scaleAdd(coarse, float(strong[2]), gain), where)
    return cv2.multiply(skin, cv2.merge([gain, gain, gain]) + 1)


def _strong(luma: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Standard deviation of each octave where `there`, as a share of the brightness; edges hardly count."""
    level = max(float(np.median(luma[there])), _DARK)
    found = [_TO_SIGMA * float(np.median(np.abs(one[there]))) / level for one in _octaves(luma)]
    return np.array(found, np.float32)


@functools.lru_cache(maxsize=2)
def _noise(side: int) -> tuple[np.ndarray, ...]:
    """Noise of standard deviation 1 in each octave, float32 (side, side) each."""
    noise = np.random.default_rng(0).standard_normal((side, side)).astype(np.float32)
    return tuple(one / one.std() for one in _octaves(noise))


def _octaves(plane: np.ndarray) -> list[np.ndarray]:
    smooth = [plane, *(cv2.GaussianBlur(plane, (0, 0), sigma) for sigma in _EDGES[1:])]
    return [finer - coarser for finer, coarser in zip(smooth, smooth[1:], strict=False)]
