"""Passes of a render: noise out while strands stay."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np


def strand_filter(
    groups: Mapping[str, np.ndarray],
    alpha: np.ndarray,
    orient: np.ndarray,
    depth: np.ndarray,
    sigma: float = 2.2,
    reach: int = 5,
) -> dict[str, np.ndarray]:
    """Takes the noise out of hair by a mean along its strands.

    Every pixel becomes the mean of the colour along the way that the strands take through it, followed step
    by step both ways, weighted by a Gaussian, by alpha, by how well the directions agree, and by nearness in
    depth, so that a lock does not take colour from another one behind it.

    Args:
        groups: premultiplied linear colours, float32 (H, W, 3) each.
        alpha: float32 (H, W).
        orient: float32 (H, W, 2): cosine and sine of the doubled angle of the strands in the picture,
            premultiplied.
        depth: float32 (H, W) cm; where there is no hair anything.
        sigma: pixels, along the strand.
        reach: steps of a pixel each way.

    Returns:
        The same groups, filtered, with the same alpha.
    """
    height, width = alpha.shape
    # Directions of neighbours are averaged as doubled angles, in which opposite ways are one.
    smooth = cv2.GaussianBlur(orient, (0, 0), 0.8)
    angle = np.arctan2(smooth[..., 1], smooth[..., 0]) / 2
    step = np.stack([np.cos(angle), np.sin(angle)], -1).astype(np.float32)
    agree = np.hypot(smooth[..., 0], smooth[..., 1]) / np.maximum(cv2.GaussianBlur(alpha, (0, 0), 0.8), 1e-3)
    names = list(groups)
    straight = {
        name: np.where(alpha[..., None] > 1e-3, groups[name] / np.maximum(alpha, 1e-3)[..., None], 0).astype(
            np.float32
        )
        for name in names
    }
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    total = {name: straight[name] * alpha[..., None] for name in names}
    weights = alpha.copy()
    for sign in (1.0, -1.0):
        x, y, way = xs.copy(), ys.copy(), step * sign
        for k in range(1, reach + 1):
            x, y = x + way[..., 0], y + way[..., 1]
            here = cv2.remap(step, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            turn = (here * way).sum(-1)
            length = np.maximum(np.hypot(here[..., 0], here[..., 1]), 1e-3)
            way = here * (np.where(turn < 0, -1.0, 1.0) / length)[..., None].astype(np.float32)
            cover = cv2.remap(alpha, x, y, cv2.INTER_LINEAR)
            apart = np.abs(cv2.remap(depth, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) - depth)
            share = (
                np.exp(-k * k / (2 * sigma * sigma) - (apart / 0.6) ** 2)
                * cover
                * np.clip(np.abs(turn), 0, 1)
            )
            share = (share * np.clip(agree * 1.5, 0, 1)).astype(np.float32)
            weights += share
            for name in names:
                total[name] += share[..., None] * cv2.remap(straight[name], x, y, cv2.INTER_LINEAR)
    return {name: total[name] / np.maximum(weights, 1e-4)[..., None] * alpha[..., None] for name in names}


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
