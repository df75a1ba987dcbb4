"""Where a person's own hairline is, read off a portrait, so that grown hair begins where theirs does."""

from __future__ import annotations

import cv2
import numpy as np

from train.groom.fit import Fit
from train.groom.people import Sitter
from train.groom.scalp import ANGLES, HEIGHTS, OWN_ANGLES, azimuth, on_ear
from train.groom.surface import Surface

# A line that seems lower than this is no hairline but hair that hangs over the forehead, cm below the usual.
# At the temples the line runs upright: a little further ahead is much lower.
HANGS, HANGS_ASIDE, ASIDE = -1.5, -3.5, 45
# A line higher than this is baldness, which a style has or has not by itself.
BALD = 2.5
# Points of the forehead that are looked at, and those that an angle needs to be believed.
SAMPLES, LEAST = 30_000, 60
# From there on, degrees from the face, ears and sideburns are in the way.
FURTHEST = 78.0
# Below the ends of all sideburns, cm.
LOWEST = -8.0


def read_hairline(sitter: Sitter, fit: Fit) -> tuple[float, ...]:
    """How much higher (cm) than usual a person's hairline is, at `scalp.OWN_ANGLES`.

    The fitted head's forehead is looked at in the matte: at each angle the height is taken that divides
    skin from hair best. Where hair hangs over the forehead, or there is none, nothing is known; the angles
    beside speak for it, or else the usual line.

    Returns:
        One number an angle, or none at all where the hairline is seen nowhere.
    """
    heights, _, _ = _heights(sitter, fit)
    known = np.isfinite(heights)
    if not known.any():
        return ()
    # Beyond what is seen the line goes back to where it usually is.
    ends = OWN_ANGLES[0] - 15, OWN_ANGLES[-1] + 15
    at, seen = (
        np.concatenate([[a], of[known], [b]]) for (a, b), of in ((ends, OWN_ANGLES), ((0, 0), heights))
    )
    filled = np.interp(OWN_ANGLES, at, seen)
    # One bin may be a lock of hair or a shine: its neighbours say so.
    padded = np.pad(filled, 1, mode="edge")
    smooth = np.median(np.stack([padded[:-2], padded[1:-1], padded[2:]]), axis=0)
    return tuple(float(value) for value in smooth)


def seen_line(sitter: Sitter, fit: Fit) -> np.ndarray:
    """bool (H, W): the part of forehead and temples where the person's own hairline is seen."""
    heights, angle, pixels = _heights(sitter, fit)
    # Halfway to the angles beside, of which a single one may have been a shine.
    known = np.isfinite(heights)
    seen = known[np.clip(np.round((angle - OWN_ANGLES[0]) / 10).astype(int), 0, len(known) - 1)]
    seen &= np.abs(angle) < FURTHEST
    canvas = np.zeros(sitter.hair.shape, np.uint8)
    rows, columns = (np.round(pixels[seen, axis]).astype(int) for axis in (1, 0))
    inside = (rows >= 0) & (rows < canvas.shape[0]) & (columns >= 0) & (columns < canvas.shape[1])
    canvas[rows[inside], columns[inside]] = 1
    return cv2.morphologyEx(canvas, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)) > 0


def _heights(sitter: Sitter, fit: Fit) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How much higher than usual the line is at `OWN_ANGLES`, cm, NaN where it is not seen; angle, degrees,
    float (N,), and place, float32 (N, 2) pixels, of points of the forehead that face the camera."""
    head = fit.head
    middle = head.canonical[head.triangles].mean(1)
    front = (middle[:, 1] < 1) & (middle[:, 2] > LOWEST) & (np.abs(middle[:, 0]) < 8) & ~on_ear(middle)
    points, normals, canonical = Surface(head, head.triangles[front]).sample(
        SAMPLES, np.random.default_rng(0)
    )
    seen = points @ fit.rotation.T + fit.translation
    towards = -(normals @ fit.rotation.T * seen).sum(1) / np.linalg.norm(seen, axis=1)
    pixels = (seen[:, :2] / seen[:, 2:] * fit.focal + fit.centre).astype(np.float32)
    hair = cv2.remap(sitter.hair, pixels[None], None, cv2.INTER_LINEAR)[0]
    inside = cv2.remap(sitter.inside, pixels[None], None, cv2.INTER_LINEAR)[0] > 0.5
    angle = np.copysign(azimuth(canonical), canonical[:, 0])
    heights = np.full(len(OWN_ANGLES), np.nan)
    for number, there in enumerate(OWN_ANGLES):
        near = (np.abs(angle - there) < 6) & (towards > 0.2) & inside
        if near.sum() < LEAST:
            continue
        usual = float(np.interp(abs(there), ANGLES, HEIGHTS))
        height = _division(canonical[near, 2], hair[near]) - usual
        if (HANGS if abs(there) < ASIDE else HANGS_ASIDE) < height < BALD:
            heights[number] = height
    # A temple alone may be the side of a fringe, or of a wreath round a bald head.
    if np.isfinite(heights[np.abs(OWN_ANGLES) < ASIDE]).sum() < 3:
        heights[:] = np.nan
    facing = (towards > 0.2) & inside
    return heights, angle[facing], pixels[facing]


def _division(height: np.ndarray, hair: np.ndarray) -> float:
    """The height that divides skin (below) from hair (above) with the least error; infinite without hair."""
    order = np.argsort(height)
    height, hair = height[order], hair[order]
    below = np.concatenate([[0], np.cumsum(hair)])
    above = np.concatenate([np.cumsum((1 - hair)[::-1])[::-1], [0]])
    place = int(np.argmin(below + above))
    if place == len(height):
        return float("inf")
    return float(height[0]) - 10 if place == 0 else float(height[place - 1])
