"""Passes of a render: noise out while strands stay."""

from __future__ import annotations

import math
from collections.abc import Mapping

import cv2
import numpy as np

# Agreement of directions below which hair has none at this size (coils), and from which it has one wholly.
DIRECTED = (0.25, 0.6)
# Rays that a pixel's alpha and colour should rest on. Alpha is what edges are seen by: at 448 x 640 a mean
# over more than a pixel made clipped hair a blur, and 96 rays needed none (their noise is 5% where strands
# cover half). Colour is noisier, and a mean along a strand leaves the strand.
ENOUGH = {"alpha": 96, "colour": 480}
# The widest means: sigma along strands, where hair does not reach further before it looks other, and, where
# there is no direction, around; pixels.
ALONG, AROUND = 2.2, 0.8
# Grey levels of 255 that skin's noise spreads over at one ray a pixel, as it looks.
CALM = 36.0


def strand_filter(
    groups: Mapping[str, np.ndarray],
    alpha: np.ndarray,
    orient: np.ndarray,
    depth: np.ndarray,
    samples: int,
    reach: float = 0.0,
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Takes the noise out of hair by a mean along its strands.

    Every pixel becomes the mean of the colour along the way that the strands take through it, followed step
    by step both ways, weighted by a Gaussian, by alpha, by how well the directions agree, and by nearness in
    depth, so that a lock does not take colour from another one behind it. Where directions do not agree, as
    in coils, it becomes the mean of its nearest neighbours. Alpha is treated likewise: single strands are
    lines and not dots, and no skin speckles through a body of hair, which would look like felt. Means are as
    wide as the rays are few and no wider, see `ENOUGH`.

    Args:
        groups: premultiplied, float32 (H, W, C) each.
        alpha: float32 (H, W).
        orient: float32 (H, W, 2): cosine and sine of the doubled angle of the strands in the picture,
            premultiplied.
        depth: float32 (H, W) cm; where there is no hair anything.
        samples: rays a pixel.
        reach: sigma in pixels within which hair looks the same along itself. Means no wider than `ALONG` left
            long hair in short dashes: what noise of few rays looks like when it is drawn out a little.

    Returns:
        The same groups, filtered and premultiplied with the filtered alpha; that alpha.
    """
    height, width = alpha.shape
    widest = max(reach, ALONG)
    sigma, beside = _sigmas(ENOUGH["colour"] / samples, widest)
    sigma_alpha, beside_alpha = _sigmas(ENOUGH["alpha"] / samples, widest)
    # Directions of neighbours are averaged as doubled angles, in which opposite ways are one; from further
    # away only where there is nothing near.
    smooth = _blur(orient, 0.8) + 0.1 * _blur(orient, 2.5)
    near = _blur(alpha, AROUND)
    angle = np.arctan2(smooth[..., 1], smooth[..., 0]) / 2
    step = np.stack([np.cos(angle), np.sin(angle)], -1).astype(np.float32)
    agree = np.hypot(smooth[..., 0], smooth[..., 1]) / np.maximum(near + 0.1 * _blur(alpha, 2.5), 1e-3)
    followed = np.clip(agree * 1.5, 0, 1)
    straight = {
        name: np.where(alpha[..., None] > 1e-3, one / np.maximum(alpha, 1e-3)[..., None], 0).astype(
            np.float32
        )
        for name, one in groups.items()
    }
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    total = {name: one * alpha[..., None] for name, one in straight.items()}
    weights, covered, steps = alpha.copy(), alpha.copy(), np.ones_like(alpha)
    for sign in (1.0, -1.0):
        x, y, way = xs.copy(), ys.copy(), step * sign
        for k in range(1, math.ceil(2 * sigma) + 1):
            x, y = x + way[..., 0], y + way[..., 1]
            here = cv2.remap(step, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            turn = (here * way).sum(-1)
            length = np.maximum(np.hypot(here[..., 0], here[..., 1]), 1e-3)
            way = here * (np.where(turn < 0, -1.0, 1.0) / length)[..., None].astype(np.float32)
            cover = cv2.remap(alpha, x, y, cv2.INTER_LINEAR)
            apart = np.abs(cv2.remap(depth, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) - depth)
            same = np.clip(np.abs(turn), 0, 1) * followed
            here_share = same * math.exp(-k * k / (2 * sigma_alpha**2))
            covered += here_share * cover
            steps += here_share
            share = (same * math.exp(-k * k / (2 * sigma**2)) * np.exp(-((apart / 0.6) ** 2)) * cover).astype(
                np.float32
            )
            weights += share
            for name in groups:
                total[name] += share[..., None] * cv2.remap(straight[name], x, y, cv2.INTER_LINEAR)
    directed = _ramp(DIRECTED, agree)
    steady = (directed * covered / steps + (1 - directed) * _blur(alpha, beside_alpha)).astype(np.float32)
    around = np.maximum(_blur(alpha, beside), 1e-4)[..., None]
    found = {}
    for name, one in groups.items():
        along = total[name] / np.maximum(weights, 1e-4)[..., None]
        nearest = _blur(one, beside) / around
        straightened = np.where((weights > 1e-3)[..., None], along, nearest)
        found[name] = (nearest + directed[..., None] * (straightened - nearest)) * steady[..., None]
    return found, steady


def _sigmas(missing: float, widest: float) -> tuple[float, float]:
    """Of the means along strands and around that hold so many times the rays of one pixel: a Gaussian of
    sigma s weighs as much as 2 sqrt(pi) s pixels of a line and 4 pi s^2 of an area."""
    along, around = missing / (2 * math.sqrt(math.pi)), math.sqrt(missing / (4 * math.pi))
    return min(along, widest), min(around, AROUND)


def _blur(picture: np.ndarray, sigma: float) -> np.ndarray:
    return cv2.GaussianBlur(picture, (0, 0), sigma)


def _ramp(between: tuple[float, float], value: np.ndarray) -> np.ndarray:
    return np.clip((value - between[0]) / (between[1] - between[0]), 0, 1).astype(np.float32)


def calmed(skin: np.ndarray, samples: int) -> np.ndarray:
    """Skin without its noise, to look at: non-local means, which keep eyes and lips and would smear hair.

    Args:
        skin: linear, float32 (H, W, 3); what is over 1 becomes 1.
        samples: rays a pixel that it was rendered with.
    """
    coded = (np.clip(skin, 0, 1) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8)
    strength = CALM / np.sqrt(samples)
    calm = cv2.fastNlMeansDenoisingColored(coded, None, strength, strength, 3, 11)
    return (calm.astype(np.float32) / 255) ** 2.2


def reduced(picture: np.ndarray, scale: int) -> np.ndarray:
    """A picture at 1 / scale of its side, every pixel the mean of those it covers."""
    if scale == 1:
        return picture
    height, width = picture.shape[0] // scale, picture.shape[1] // scale
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def enlarged(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A smooth picture (h, w, C), made at half the side, at `size` (width, height); one of that size stays.

    An odd side was rounded up, and what is over is cut off again.
    """
    if picture.shape[1::-1] == size:
        return picture
    height, width = picture.shape[:2]
    return cv2.resize(picture, (2 * width, 2 * height))[: size[1], : size[0]]


def spread_into(sums: np.ndarray, known: np.ndarray, unit: float = 1.0) -> np.ndarray:
    """Smooths what is known of a picture and carries it on to where nothing is.

    Args:
        sums: float32 (H, W, C): values times `known`.
        known: float32 (H, W), 0 to 1: the share of each pixel that they are known of.
        unit: pixels; the larger, the smoother.

    Returns:
        float32 (H, W, C): the values: means over the nearest surroundings that hold some.
    """
    result = np.zeros_like(sums, np.float32)
    left = np.ones_like(known, np.float32)
    for sigma in (1.5, 4, 12, 36, 100):
        near = cv2.GaussianBlur(known, (0, 0), sigma * unit)
        mean = cv2.GaussianBlur(sums, (0, 0), sigma * unit) / np.maximum(near, 1e-5)[..., None]
        # Enough is a quarter of the surroundings; with less the next wider ones have their say.
        share = left * np.clip(near * 4, 0, 1)
        result += mean * share[..., None]
        left = left - share
    return result / np.maximum(1 - left, 1e-5)[..., None]
