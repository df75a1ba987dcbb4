"""A quick picture of a groom: strands splatted into a depth buffer, in seconds and without Blender.

For the shape, the flow and the cut while a style is being made. It has no scattering and a shadow that is
only guessed (how deep a strand lies in the hair), so it does not tell whether hair will be believed.
"""

from __future__ import annotations

import numpy as np

from train.groom.camera import Camera
from train.groom.head import Head
from train.groom.preview import WALL, shaded
from train.groom.raster import project, rasterise
from train.groom.strands import Strands
from train.groom.surface import unit

# Towards the light, in the camera's axes (x right, y down, z ahead): above, left and behind the camera.
LIGHT = unit(np.array([-0.45, -0.75, -0.6]))


def draft(
    head: Head, hair: tuple[Strands, ...], camera: Camera, albedo: tuple[float, float, float], seed: int = 0
) -> np.ndarray:
    """Draws a head and its hair.

    Args:
        head, hair: in the same centimetres.
        camera: where it is seen from.
        albedo: linear colour of the hair.
        seed: of the strands' tones.

    Returns:
        uint8 (height, width, 3) sRGB.
    """
    width, height = camera.size
    triangles = head.triangles
    seen = rasterise(project(head.vertices, camera), triangles, camera.size)
    colour = seen.of(shaded(head, camera), triangles, WALL).reshape(-1, 3)
    depth = seen.depth.astype(np.float32).ravel()
    for strands in hair:
        _splat(strands, camera, np.array(albedo, np.float32), (colour, depth), _shadow(hair, strands), seed)
    return (np.clip(colour.reshape(height, width, 3), 0, 1) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8)


def _shadow(hair: tuple[Strands, ...], strands: Strands) -> np.ndarray:
    """float32 (N, K): the share of light from above that reaches the points of `strands` through all hair."""
    low, cell, shape = np.array([-32, -24, -60], np.float32), 0.8, (80, 60, 110)

    def cells(points: np.ndarray) -> tuple[np.ndarray, ...]:
        return tuple(np.clip(((points - low) / cell).astype(int), 0, np.array(shape) - 1).reshape(-1, 3).T)

    hairy = np.zeros(shape, np.float32)
    for one in hair:
        length = np.linalg.norm(np.diff(one.points, axis=1), axis=2) * (
            one.radius[:, 1:] + one.radius[:, :-1]
        )
        np.add.at(hairy, cells(one.points[:, 1:]), length.ravel() / cell**2)
    above = np.cumsum(hairy[:, :, ::-1], 2)[:, :, ::-1] - hairy
    return np.exp(-0.22 * above)[cells(strands.points)].reshape(strands.points.shape[:2]).astype(np.float32)


def _splat(
    strands: Strands,
    camera: Camera,
    albedo: np.ndarray,
    canvas: tuple[np.ndarray, np.ndarray],
    lit: np.ndarray,
    seed: int,
) -> None:
    """Draws strands into a canvas of colours (H * W, 3) and depths (H * W,); `lit` as of `_shadow`."""
    width, height = camera.size
    colour, depth = canvas
    random = np.random.default_rng(seed)
    tones = np.exp(0.25 * random.standard_normal(int(strands.clump.max()) + 1))[strands.clump]
    tones = tones * np.exp(0.2 * random.standard_normal(len(strands)))
    for start in range(0, len(strands), 4000):
        part = slice(start, start + 4000)
        points = strands.points[part]
        seen = camera.see(points).astype(np.float32)
        far = seen[..., 2]
        pixels = seen[..., :2] / far[..., None] * camera.focal + np.array(camera.centre, np.float32)
        pieces = np.abs(np.diff(pixels, axis=1)).max(2)
        dense = int(np.clip(np.ceil(np.quantile(pieces, 0.9)), 1, 12))
        share = (np.arange(dense, dtype=np.float32) / dense)[None, None, :, None]
        at = (pixels[:, :-1, None] * (1 - share) + pixels[:, 1:, None] * share).reshape(-1, 2)
        z = (far[:, :-1, None] * (1 - share[..., 0]) + far[:, 1:, None] * share[..., 0]).reshape(-1)
        tangent = unit(np.diff(points, axis=1)) @ camera.rotation.T
        shine = _kajiya_kay(tangent)
        light = np.repeat(shine, dense, axis=1).reshape(-1, 2)
        tone = np.repeat(tones[part], (points.shape[1] - 1) * dense)
        reached = np.repeat(0.25 + 0.75 * lit[part][:, 1:], dense, axis=1).ravel()
        x, y = np.floor(at[:, 0]).astype(np.int64), np.floor(at[:, 1]).astype(np.int64)
        ok = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        pixel, z = (y * width + x)[ok], z[ok]
        value = (albedo * (tone[ok] * light[ok, 0])[:, None] + 0.10 * light[ok, 1:2]) * reached[ok, None]
        order = np.lexsort((-z, pixel))
        pixel, z, value = pixel[order], z[order], value[order]
        last = np.r_[pixel[1:] != pixel[:-1], True]
        pixel, z, value = pixel[last], z[last], value[last]
        nearer = z < depth[pixel]
        colour[pixel[nearer]], depth[pixel[nearer]] = value[nearer], z[nearer]


def _kajiya_kay(tangent: np.ndarray) -> np.ndarray:
    """(..., 2): diffuse and specular share of a hair's light (Kajiya and Kay, SIGGRAPH 1989)."""
    along = tangent @ LIGHT
    diffuse = np.sqrt(np.clip(1 - along**2, 0, 1))
    ahead = -tangent[..., 2]
    glance = np.clip(along * ahead + diffuse * np.sqrt(np.clip(1 - ahead**2, 0, 1)), 0, 1)
    return np.stack([0.35 + 0.9 * diffuse, np.where(np.isfinite(glance), glance, 0) ** 40], -1)
