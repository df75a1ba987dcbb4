"""A plain rasteriser: which triangle of a mesh is seen at each pixel.

For looking, for masks and for landmarks; pictures to keep are path traced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

NOTHING = -1


class Pinhole(Protocol):
    """Where a camera is and how it looks.

    Attributes:
        rotation: (3, 3), from the head's axes to OpenCV's of a camera (x right, y down, z ahead).
        translation: (3,) cm: a point p of the head lies at rotation @ p + translation.
        focal: pixels. centre: (x, y) pixels, where the camera's axis meets the picture; the centre of the
            top-left pixel is (0, 0).
    """

    @property
    def rotation(self) -> np.ndarray: ...
    @property
    def translation(self) -> np.ndarray: ...
    @property
    def focal(self) -> float: ...
    @property
    def centre(self) -> tuple[float, float]: ...


def project(points: np.ndarray, camera: Pinhole) -> np.ndarray:
    """Pixels and depth in cm of points of the head: (N, 3) cm to float64 (N, 3)."""
    at = points.astype(np.float64) @ np.asarray(camera.rotation, np.float64).T + camera.translation
    return np.concatenate([at[:, :2] / at[:, 2:] * camera.focal + camera.centre, at[:, 2:]], 1)


@dataclass(frozen=True)
class Seen:
    """What a camera sees of a mesh.

    Attributes:
        triangle: int32 (H, W), -1 where there is none.
        shares: float32 (H, W, 3), shares of the triangle's corners at the pixel's centre.
        depth: float32 (H, W) cm along the camera's axis, infinite where there is nothing.
    """

    triangle: np.ndarray
    shares: np.ndarray
    depth: np.ndarray

    def of(self, values: np.ndarray, triangles: np.ndarray, nothing: float = 0.0) -> np.ndarray:
        """Values of vertices, (V, C), at each pixel: float32 (H, W, C); `nothing` where there is none."""
        there = self.triangle >= 0
        out = np.full((*self.triangle.shape, values.shape[1]), nothing, np.float32)
        corners = values[triangles[self.triangle[there]]]
        out[there] = np.einsum("nkc,nk->nc", corners, self.shares[there])
        return out


def rasterise(points: np.ndarray, triangles: np.ndarray, size: tuple[int, int]) -> Seen:
    """The nearest triangle at each pixel.

    Args:
        points: (V, 3): x and y in pixels (the centre of the top-left pixel is (0, 0)), and the depth along
            the camera's axis in cm, above 0.
        triangles: int (T, 3), vertices.
        size: (width, height) of the picture.
    """
    width, height = size
    corners = points[triangles].astype(np.float64)
    x, y, z = corners[..., 0], corners[..., 1], corners[..., 2]
    left, right = np.ceil(x.min(1)).clip(0, width), (np.floor(x.max(1)) + 1).clip(0, width)
    top, bottom = np.ceil(y.min(1)).clip(0, height), (np.floor(y.max(1)) + 1).clip(0, height)
    twice = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])
    wide, high = (right - left).clip(0), (bottom - top).clip(0)
    many = np.where((np.abs(twice) > 1e-9) & (z.min(1) > 0), wide * high, 0).astype(np.int64)
    # One row a pair of a triangle and a pixel of its box.
    which = np.repeat(np.arange(len(triangles)), many)
    nth = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    px = left[which] + nth % wide[which]
    py = top[which] + nth // wide[which]
    dx, dy = px - x[which, 0], py - y[which, 0]
    e1x, e1y = (x[:, 1] - x[:, 0])[which], (y[:, 1] - y[:, 0])[which]
    e2x, e2y = (x[:, 2] - x[:, 0])[which], (y[:, 2] - y[:, 0])[which]
    second = (dx * e2y - dy * e2x) / twice[which]
    third = (dy * e1x - dx * e1y) / twice[which]
    inside = (second >= -1e-9) & (third >= -1e-9) & (second + third <= 1 + 1e-9)
    which, second, third = which[inside], second[inside], third[inside]
    at = (py[inside] * width + px[inside]).astype(np.int64)
    # Depth is linear in the picture as its inverse; so are shares on the triangle itself, over depth.
    over = np.stack([1 - second - third, second, third], 1) / z[which]
    inverse = over.sum(1)
    order = np.lexsort((inverse, at))
    last = np.flatnonzero(np.append(np.diff(at[order]) > 0, True)) if len(at) else np.zeros(0, np.int64)
    nearest = order[last]
    triangle = np.full(width * height, NOTHING, np.int32)
    shares = np.zeros((width * height, 3), np.float32)
    depth = np.full(width * height, np.inf, np.float32)
    where = at[nearest]
    triangle[where] = which[nearest]
    shares[where] = over[nearest] / inverse[nearest, None]
    depth[where] = 1 / inverse[nearest]
    return Seen(
        triangle.reshape(height, width), shares.reshape(height, width, 3), depth.reshape(height, width)
    )


def vertex_normals(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Unit normals, outwards, float32 (V, 3)."""
    a, b, c = (vertices[triangles[:, k]].astype(np.float64) for k in range(3))
    across = np.cross(b - a, c - a)
    normals = np.zeros((len(vertices), 3))
    for k in range(3):
        np.add.at(normals, triangles[:, k], across)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return (normals / np.maximum(length, 1e-12)).astype(np.float32)
