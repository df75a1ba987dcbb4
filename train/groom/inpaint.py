"""Fills holes of a picture at its own resolution with patches of what is seen."""

from __future__ import annotations

import cv2
import numpy as np
from scipy.spatial import cKDTree

# Patches of so many pixels a side; what of their colours is compared; the most that are looked through.
PATCH, KEPT, SOURCES = 7, 12, 40_000
# Fewer patches than this show no texture.
LEAST = 200
# How often a level of the pyramid is done again: the coarsest, which finds structure, most.
ROUNDS = (8, 4, 3, 2)
# A patch from so far off, in pixels of its level, is as bad as one that differs by 1 of 255 everywhere: walls
# are brighter here than there.
FAR = 3.0
# Blurs that are tried, pixels.
SOFTER = (0.0, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6)


def completed(picture: np.ndarray, known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Fills with patches of what is known: each pixel is the mean of what its patches' likes say.

    From coarse to fine (Wexler, Shechtman and Irani 2007): structure is found where the picture is small,
    texture where it is large.

    Args:
        picture: uint8 (H, W, 3).
        known: bool (H, W): what patches are taken of.
        wanted: bool (H, W): what has to be right at full resolution, outside `known`; the rest of what is
            not known is filled as a coarser level has it.

    Returns:
        uint8 (H, W, 3), the picture itself where it is known, and all of it where nothing is.
    """
    levels = [(picture.astype(np.float32), known, wanted & ~known)]
    for _ in ROUNDS[1:]:
        finer, there, hole = levels[-1]
        size = (max(PATCH + 1, finer.shape[1] // 2), max(PATCH + 1, finer.shape[0] // 2))
        weight = cv2.resize(there.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        small = cv2.resize(finer * there[..., None], size, interpolation=cv2.INTER_AREA)
        small = small / np.maximum(weight, 1e-3)[..., None]
        asked = cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0
        levels.append((small.astype(np.float32), weight > 0.5, asked & (weight <= 0.5)))
    guess = None
    for (level, there, hole), rounds in zip(levels[::-1], ROUNDS, strict=True):
        if guess is None:
            if not there.any():
                continue
            coded = np.clip(level, 0, 255).astype(np.uint8)
            guess = cv2.inpaint(coded, (~there).astype(np.uint8), 3, cv2.INPAINT_TELEA).astype(np.float32)
            hole = ~there
        else:
            guess = cv2.resize(guess, level.shape[1::-1], interpolation=cv2.INTER_CUBIC)
        guess = np.where(there[..., None], level, guess)
        for left in range(rounds)[::-1]:
            guess = _voted(guess, there, hole, sharp=left == 0)
    if guess is None:
        return picture.copy()
    full = np.clip(np.round(_as_soft(guess, known, wanted & ~known)), 0, 255).astype(np.uint8)
    return np.where(known[..., None], picture, full)


def _as_soft(filled: np.ndarray, known: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Patches meet in edges that a wall out of focus has not: what was filled is no rougher than what is
    known beside it.
    """
    beside = known & (cv2.dilate(hole.astype(np.uint8), np.ones((41, 41), np.uint8)) > 0)
    # Nearer than this the blur itself mixes in what is not known.
    beside &= cv2.erode(known.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    if not beside.any() or not hole.any():
        return filled

    def roughness(picture: np.ndarray, where: np.ndarray) -> float:
        return float(np.abs(picture - cv2.GaussianBlur(picture, (0, 0), 2.0))[where].mean())

    most = roughness(filled, beside)
    for sigma in SOFTER:
        blurred = cv2.GaussianBlur(filled, (0, 0), sigma) if sigma else filled
        softer = np.where(hole[..., None], blurred, filled)
        if roughness(softer, hole) <= most:
            break
    return softer


def _voted(guess: np.ndarray, known: np.ndarray, hole: np.ndarray, sharp: bool) -> np.ndarray:
    """One round: for each patch that touches the hole its like among the known ones, and their mean."""
    half = PATCH // 2
    square = np.ones((PATCH, PATCH), np.uint8)
    inner = np.zeros(known.shape, bool)
    inner[half:-half, half:-half] = True
    source = np.argwhere((cv2.erode(known.astype(np.uint8), square) > 0) & inner)
    target = np.argwhere((cv2.dilate(hole.astype(np.uint8), square) > 0) & inner)
    if len(source) < LEAST or len(target) == 0:
        return guess
    if len(source) > SOURCES:
        source = source[np.random.default_rng(0).choice(len(source), SOURCES, replace=False)]
    windows = np.lib.stride_tricks.sliding_window_view(guess, (PATCH, PATCH, 3))[:, :, 0]

    def patches(at: np.ndarray) -> np.ndarray:
        return windows[at[:, 0] - half, at[:, 1] - half].reshape(len(at), -1)

    seen = patches(source)
    middle = seen.mean(0)
    few = seen[:: max(1, len(seen) // 2000)] - middle
    axes = np.linalg.eigh(few.T @ few)[1][:, -KEPT:]
    place = PATCH * np.sqrt(3) / FAR
    tree = cKDTree(np.hstack([(seen - middle) @ axes, source * place]))
    wished = np.hstack([(patches(target) - middle) @ axes, target * place])
    like = source[tree.query(wished, eps=1.0)[1]]
    # The middle of a patch is surer than its rim, and a mean of many rims is blurred.
    kernel = cv2.getGaussianKernel(PATCH, 0.7 if sharp else PATCH / 5)
    total = np.zeros((*known.shape, 4), np.float64)
    for down in range(-half, half + 1):
        for across in range(-half, half + 1):
            weight = float(kernel[down + half, 0] * kernel[across + half, 0])
            to, of = target + (down, across), like + (down, across)
            total[to[:, 0], to[:, 1], :3] += weight * guess[of[:, 0], of[:, 1]]
            total[to[:, 0], to[:, 1], 3] += weight
    mean = total[..., :3] / np.maximum(total[..., 3:], 1e-9)
    return np.where((hole & (total[..., 3] > 0))[..., None], mean, guess).astype(np.float32)
