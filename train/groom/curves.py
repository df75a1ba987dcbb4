"""Curves that ropes of hair follow: on the head, falling from it, coiled up on it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from train.groom.guides import grow_guides, guide_points
from train.groom.record import Gathered, Groom
from train.groom.scalp import Roots, above_hairline, azimuth
from train.groom.surface import SignedDistance, smoothstep, unit

# A point of the scalp and its normal, float (3,) each.
Tie = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Place:
    """What a course is laid for: the style, its gathered part, the roots, the head's field, the seed."""

    groom: Groom
    gathered: Gathered
    roots: Roots
    field: SignedDistance
    seed: int


def resample(curve: np.ndarray, count: int) -> np.ndarray:
    """A curve (M, 3) with another number of points, float32 (count, 3)."""
    at, known = np.linspace(0, 1, count), np.linspace(0, 1, len(curve))
    return np.stack([np.interp(at, known, curve[:, k]) for k in range(3)], 1).astype(np.float32)


def edge_point(turn: float, place: Place) -> np.ndarray:
    """Where the hairline is passed on the way up at an angle from the face, radians: float (3,)."""
    heights = np.arange(-9.5, 7.0, 0.2)
    ray = np.broadcast_to([np.sin(turn), -np.cos(turn), 0.0], (len(heights), 3))
    inner = np.stack([np.zeros(len(heights)), np.zeros(len(heights)), np.minimum(heights, 5.0)], 1)
    up = unit(ray + np.array([0, 0, 0.5]) * np.maximum(heights - 5, 0)[:, None])
    points = shell(up, place.field, 0.3, inner)
    grows = above_hairline(points.astype(np.float32), place.groom.hairline, place.seed) > 0.3
    beside_ear = (azimuth(points) > 66) & (azimuth(points) < 110) & (points[:, 2] < 0)
    return points[np.argmax(grows & ~beside_ear)]


def profile(gathered: Gathered, along: np.ndarray) -> np.ndarray:
    """Half the thickness of a tail along it, in its sizes: narrow at the tie, thinner at the end."""
    end = along[-1]
    if gathered.bubbles > 0:
        return 0.3 + 0.85 * np.abs(np.sin(np.pi * along / gathered.bubbles)) ** 0.6
    full = 0.45 + 0.55 * smoothstep(0, 5, along)
    return full * (1 - 0.45 * smoothstep(0.5, 1.0, along / max(end, 1e-3)))


def falling(place: Place, begin: np.ndarray, way: np.ndarray) -> np.ndarray:
    """float32 (M, 3): a curve that leaves the head the given way and falls."""
    gathered = place.gathered
    one = np.asarray(begin, np.float32)[None]
    start = Roots(
        one, unit(way)[None].astype(np.float32), one, np.ones(1, np.float32), np.zeros(1, np.float32)
    )
    shape = dataclasses.replace(
        place.groom.shape, lift=1.0, volume=min(gathered.size, 2.0), cling=0.0,
        face=0.8 if gathered.forward else 0.0, shoulder=gathered.forward, before=180.0, behind_ears=0.0,
        tuck=0.0,
    )  # fmt: skip
    loose = dataclasses.replace(place.groom, shape=shape, parting=None)
    length = np.full(1, gathered.length, np.float32)
    ways = unit(way)[None].astype(np.float32)
    curve = grow_guides(loose, start, ways, length, np.zeros(1), place.field, place.seed)[0]
    return resample(curve, max(guide_points(gathered.length), 64))


def coil(begin: np.ndarray, normal: np.ndarray, axis: np.ndarray, size: float, turn: float) -> np.ndarray:
    """float (M, 3): a rope coiled up on the head: two rounds and a half that get narrower and rise."""
    first = unit(np.cross(axis, [0.3, 1.0, 0.2]))
    second = np.cross(axis, first)
    share = np.linspace(0, 1, 90)[:, None]
    angle = turn + share * 2.5 * 6.2832
    radius = size * (1.55 - 1.35 * share**1.2)
    return (
        begin
        + normal * size * (0.35 + 1.1 * share)
        + radius * (np.cos(angle) * first + np.sin(angle) * second)
    )


def wander(shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    """Slow waves of curves (B, M, 3), of about length 1."""
    along = np.linspace(0, 6.28, shape[1])[None, :, None]
    out = np.zeros(shape)
    for turns in (0.7, 1.6, 3.1):
        out += np.sin(along * turns + random.uniform(0, 6.28, (shape[0], 1, 3))) / 2
    return out


def scalp_point(side: float, height: float, field: SignedDistance) -> Tie:
    """Point and normal at the back (or top) of the head, `side` cm left of the middle, at a height."""
    if height >= 6.5:  # on top: the higher, the further forward
        back = np.array([side, 4.0 - (height - 6.5) * 2.5, 9.0])
    else:
        back = np.array([side, 12.0, height])
    inner = np.array([side * 0.3, 0, min(height, 4.0) * 0.7])
    point = shell(unit(back - inner)[None], field, 0.1, inner)[0]
    return point, field.with_normal(point[None], soft=True)[1][0]


def shell(rays: np.ndarray, field: SignedDistance, off: float, origin: np.ndarray | float) -> np.ndarray:
    """Where rays (N, 3) from inside the skull come to `off` cm above the skin."""
    steps = np.arange(2.0, 17.0, 0.1)
    origins = np.broadcast_to(np.asarray(origin, float), rays.shape)
    points = origins[:, None] + rays[:, None] * steps[None, :, None]
    outside = field.distance(points.astype(np.float32), soft=True) > off
    return points[np.arange(len(rays)), np.argmax(outside, 1)]


def ties_of(place: Place) -> tuple[list[Tie], np.ndarray, np.ndarray]:
    """Where ties sit and which way hair leaves them; which of them each root goes to; how far from the other
    half it is.
    """
    gathered, x = place.gathered, place.roots.canonical[:, 0]
    sides = [gathered.side] if gathered.count == 1 else [abs(gathered.side), -abs(gathered.side)]
    ties = []
    for side in sides:
        tie, normal = scalp_point(side, gathered.at, place.field)
        ties.append((tie + normal * (0.35 + 0.4 * gathered.size), normal))
    if len(sides) == 1:
        return ties, np.zeros(len(x), np.int64), np.full(len(x), 9.0)
    return ties, np.where(x > 0, 0, 1), np.abs(x)


def fields_of(place: Place) -> tuple[Roots, np.ndarray, np.ndarray]:
    """The scalp in `count` fields of like size: the root in the middle of each; the field of each root; its
    distance from the next field, cm.
    """
    roots, random = place.roots, np.random.default_rng(place.seed + 41)
    count = min(place.gathered.count, len(roots))
    middles = roots.canonical[random.choice(len(roots), count, replace=False)]
    for _ in range(8):  # Lloyd's rounds
        _, field_of = cKDTree(middles).query(roots.canonical)
        for k in range(3):
            total = np.bincount(field_of, roots.canonical[:, k], minlength=count)
            middles[:, k] = total / np.maximum(np.bincount(field_of, minlength=count), 1)
    far, near = cKDTree(middles).query(roots.canonical, k=2)
    _, first = cKDTree(roots.canonical).query(middles)
    return roots.take(first), near[:, 0], (far[:, 1] - far[:, 0]) / 2
