"""The head as a surface: points on it, and how far anything is from it."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import numpy as np
import platformdirs
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates

from train.groom.head import Head
from train.groom.raster import vertex_normals

# Edge of a cell of the distance grid, cm: a third of an ear's thickness; the grid is then 1.2 million cells.
CELL = 0.5
LOW, HIGH = np.array([-32.0, -23, -42], np.float32), np.array([32.0, 18, 17], np.float32)
# Blur of the grid that hair lies along, cells: an ear leaves no dent in hair that hangs over it.
SOFT = 2.2


def unit(vectors: np.ndarray) -> np.ndarray:
    """The same directions, (..., 3), with length 1; a zero stays zero."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def smoothstep(low: float, high: float, x: np.ndarray) -> np.ndarray:
    """0 below `low`, 1 above `high` (or the other way round), smooth between."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def along_surface(vectors: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """(N, 3) vectors without their part along the normals, length 1."""
    return unit(vectors - (vectors * normals).sum(-1, keepdims=True) * normals)


class Surface:
    """Random points on a part of a head.

    Args:
        head: the head.
        triangles: int32 (T, 3), the part.
    """

    def __init__(self, head: Head, triangles: np.ndarray) -> None:
        self._head, self._triangles = head, triangles
        self._normals = vertex_normals(head.vertices, head.triangles)
        a, b, c = (head.canonical[triangles[:, k]] for k in range(3))
        areas = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
        self.area = float(areas.sum())  # square centimetres of the canonical head
        self._share = areas / areas.sum()

    def sample(self, count: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Points evenly on the canonical head.

        Returns:
            float32 (count, 3) each: points and normals of this head, the same points on the canonical one.
        """
        chosen = self._triangles[random.choice(len(self._triangles), count, p=self._share)]
        u, v = random.random((2, count))
        over = u + v > 1
        u[over], v[over] = 1 - u[over], 1 - v[over]
        weights = np.stack([1 - u - v, u, v], 1)[..., None].astype(np.float32)
        points, normals, canonical = (
            (array[chosen] * weights).sum(1)
            for array in (self._head.vertices, self._normals, self._head.canonical)
        )
        return points, unit(normals), canonical


class SignedDistance:
    """How far points are from a head, cm; negative inside. Lies on a grid of half-centimetre cells.

    Args:
        head: the head.
        cache: folder where the grid is kept between runs.
    """

    def __init__(self, head: Head, cache: Path | None = None) -> None:
        grid = _grid(head, cache or Path(platformdirs.user_cache_dir("hair-mirror")) / "groom")
        soft = gaussian_filter(grid, SOFT)
        self._exact = (grid, *(part.astype(np.float32) for part in np.gradient(grid, CELL)))
        self._soft = (soft, *(part.astype(np.float32) for part in np.gradient(soft, CELL)))

    def distance(self, points: np.ndarray, *, soft: bool = False) -> np.ndarray:
        """float32 (...): distances of points (..., 3)."""
        return self._look((self._soft if soft else self._exact)[0], _cells(points)).reshape(points.shape[:-1])

    def with_normal(self, points: np.ndarray, *, soft: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Distances (...) of points (..., 3) and the unit directions away from the head (..., 3)."""
        cells = _cells(points)
        grid, *slopes = self._soft if soft else self._exact
        away = np.stack([self._look(slope, cells) for slope in slopes], -1)
        shape = points.shape[:-1]
        return self._look(grid, cells).reshape(shape), unit(away).reshape(*shape, 3)

    @staticmethod
    def _look(grid: np.ndarray, cells: np.ndarray) -> np.ndarray:
        return map_coordinates(grid, cells, order=1, mode="nearest", output=np.float32)


@functools.lru_cache(maxsize=2)
def signed_distance(head_key: HeadKey) -> SignedDistance:
    """The distance field of a head; the last two are kept."""
    return SignedDistance(head_key.head)


class HeadKey:
    """A head as a key: equal where the vertices are."""

    def __init__(self, head: Head) -> None:
        self.head, self.digest = head, _digest(head)

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HeadKey) and other.digest == self.digest


def _digest(head: Head) -> str:
    return hashlib.sha256(np.ascontiguousarray(head.vertices).tobytes()).hexdigest()[:20]


def _cells(points: np.ndarray) -> np.ndarray:
    return ((points.reshape(-1, 3) - LOW) / CELL).T


def _grid(head: Head, cache: Path) -> np.ndarray:
    path = cache / f"distance-{_digest(head)}.npy"
    if path.exists():
        return np.load(path, allow_pickle=False)
    random = np.random.default_rng(0)
    a = head.vertices[head.triangles]
    areas = np.linalg.norm(np.cross(a[:, 1] - a[:, 0], a[:, 2] - a[:, 0]), axis=1)
    surface = Surface(head, head.triangles[areas > 0])
    points, normals, _ = surface.sample(300_000, random)
    shape = tuple(int(side) for side in np.ceil((HIGH - LOW) / CELL) + 1)
    near, mean, normal = _surface_cells(points, normals, shape)
    # The nearest cell with skin in it, and from there the distance to the plane of that skin.
    far, nearest = distance_transform_edt(~near, sampling=CELL, return_indices=True)
    cells = np.stack(np.meshgrid(*(LOW[k] + CELL * np.arange(shape[k]) for k in range(3)), indexing="ij"), -1)
    off = cells.astype(np.float32) - mean[tuple(nearest)]
    height = (off * normal[tuple(nearest)]).sum(-1)
    apart = np.linalg.norm(off, axis=-1)
    grid = np.where(far < 1.5 * CELL, height, np.sign(height) * apart).astype(np.float32)
    cache.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{np.random.default_rng().integers(1 << 30)}.part")
    with part.open("wb") as file:
        np.save(file, grid, allow_pickle=False)
    part.replace(path)
    return grid


def _surface_cells(
    points: np.ndarray, normals: np.ndarray, shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which cells hold skin (bool), and its mean place and normal in each: float32 (*shape, 3)."""
    cells = np.round((points - LOW) / CELL).astype(int)
    inside = ((cells >= 0) & (cells < np.array(shape))).all(1)
    flat = np.ravel_multi_index(tuple(cells[inside].T), shape)
    count = np.bincount(flat, minlength=int(np.prod(shape)))

    def mean(values: np.ndarray) -> np.ndarray:
        sums = [np.bincount(flat, values[inside, k], minlength=len(count)) for k in range(3)]
        return (np.stack(sums, -1) / np.maximum(count, 1)[:, None]).reshape(*shape, 3).astype(np.float32)

    return (count > 0).reshape(shape), mean(points), unit(mean(normals))
