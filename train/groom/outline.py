"""The skull of a fitted head brought to the outline that is seen of it."""

from __future__ import annotations

import cv2
import numpy as np
from scipy.spatial import cKDTree

from train.groom.head import PARTS, Head
from train.groom.raster import Pinhole, project

# Rays from the middle of the skull, degrees above the line across it; those below the second angle fade out.
RAYS = np.arange(-20.0, 201.0, 5.0)
FADES = 10.0
# The skull is brought nearer or further by so much at most, of its radius; smooth over so many rays.
LEAST, MOST, SMOOTH = 0.85, 1.2, 2.5
# How far from the face's landmarks it begins to move, and moves wholly, cm: the face is known better.
BEGINS, WHOLE = 0.3, 2.5
LOWEST = -7.0  # cm on the canonical head: what is lower is neck and shoulders
STEP = 0.5  # pixels along a ray


def to_outline(head: Head, camera: Pinhole, outline: np.ndarray) -> np.ndarray:
    """The vertices with the cranium at the outline: float32 (V, 3) cm.

    It moves across the line of sight, each direction from the middle of the skull by the share that mask and
    mesh differ there; the face stays. Where the outline leaves the picture nothing is known or moved.

    Args:
        outline: bool (H, W), the head without hair, and the body.
    """
    at = project(head.vertices, camera)
    middle = project(np.zeros((1, 3)), camera)[0]
    across = at[:, :2] - middle[:2]
    up = np.asarray(camera.rotation)[:2, 2]
    up = up / max(float(np.linalg.norm(up)), 1e-6)
    right = np.array([-up[1], up[0]])
    x, y = across @ right, across @ up
    angle = np.degrees(np.arctan2(y, x))
    angle = np.where(angle < -90, angle + 360, angle)
    bare = np.ones(len(at), bool)
    bare[np.unique(head.faces[head.parts == PARTS.index("ear")])] = False
    bare &= head.canonical[:, 2] > LOWEST
    hull = cv2.convexHull(np.stack([x, y], 1)[bare].astype(np.float32))[:, 0]
    mesh = _reach(hull)
    ways = np.cos(np.radians(RAYS))[:, None] * right + np.sin(np.radians(RAYS))[:, None] * up
    seen = np.array(
        [_first_out(outline, middle[:2], way, 1.6 * far) for way, far in zip(ways, mesh, strict=True)]
    )
    share = np.where(np.isfinite(seen), seen / mesh, 1.0)
    share = np.clip(share, LEAST, MOST)
    share = cv2.GaussianBlur(np.pad(share, 6, mode="edge")[None], (0, 0), SMOOTH)[0, 6:-6]
    share = 1 + (share - 1) * np.clip((90 + FADES - np.abs(RAYS - 90) + 10) / (FADES + 10), 0, 1)
    far = cKDTree(head.landmarks).query(head.vertices)[0]
    weight = np.clip((far - BEGINS) / (WHOLE - BEGINS), 0, 1)
    weight = weight * weight * (3 - 2 * weight)
    grown = (np.interp(angle, RAYS, share, left=1.0, right=1.0) - 1) * weight
    moved = np.concatenate([across * grown[:, None] * at[:, 2:] / camera.focal, np.zeros((len(at), 1))], 1)
    return (head.vertices + moved @ np.asarray(camera.rotation)).astype(np.float32)


def _reach(hull: np.ndarray) -> np.ndarray:
    """How far a convex outline reaches from (0, 0) along each of the rays."""
    ways = np.stack([np.cos(np.radians(RAYS)), np.sin(np.radians(RAYS))], 1)
    edges = np.roll(hull, -1, 0) - hull
    normals = np.stack([edges[:, 1], -edges[:, 0]], 1)
    if (normals * hull).sum() < 0:
        normals = -normals
    along = ways @ normals.T
    offset = (normals * hull).sum(1)
    return np.where(along > 1e-9, offset / np.maximum(along, 1e-9), np.inf).min(1)


def _first_out(mask: np.ndarray, start: np.ndarray, way: np.ndarray, longest: float) -> float:
    """How far from a point the mask ends along a direction, pixels; infinite where the picture ends first."""
    far = np.arange(0, longest, STEP)
    at = np.round(start + far[:, None] * way).astype(int)
    inside = (at >= 0).all(1) & (at[:, 0] < mask.shape[1]) & (at[:, 1] < mask.shape[0])
    for distance, (x, y), there in zip(far, at, inside, strict=True):
        if not there:
            return float("inf")
        if not mask[y, x]:
            return float(distance)
    return float("inf")
