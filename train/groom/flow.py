"""Which way hair is combed at its root."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from train.groom.record import Fringe, Groom, Shape
from train.groom.scalp import ANGLES, HEIGHTS, Roots, above_hairline, azimuth, parting_place
from train.groom.surface import along_surface, smoothstep, unit

# The middle of the whorl on the canonical head, cm: behind the top, as on most heads.
WHORL_Y, WHORL_Z = 4.6, 6.6
# How far aside hair is combed right at a parting, as a share of what it is a finger's width away.
NEAR_PARTING = 0.12
# At the hairline, from that to that height above it, cm, hair beside a parting is combed so far aside at
# least: combed along the line it left a bare triangle of three centimetres, as no real parting has.
FRONT, AT_FRONT = (0.5, 4.0), 0.85
# Hair rooted so near to a parting, cm, may fall to the other half: no comb lifts every root of a side, and
# those that cross hide the skin between.
CROSSES = 0.2
# How far the half of a parted top is combed aside that the style does not take over, as a share of the other.
LESSER_HALF = 0.4
# Waves of the comb's unevenness, cm: from a hand's width to a lock's.
UNEVEN = (14.0, 3.0)
# How far the line wanders, degrees, between hair that falls before and behind the shoulder.
SHOULDER_WANDER = 24.0


@dataclass(frozen=True)
class Combed:
    """How roots are combed.

    Attributes:
        directions: float32 (N, 3), along the skin, length 1.
        side: float32 (N,), 1 left of the parting, -1 right of it, 0 where there is none.
        fringe: float32 (N,), 0 to 1: how much a root belongs to the fringe.
        shoulder: float32 (N,), 1 falls behind the shoulder, -1 before it, 0 where nothing takes it there.
    """

    directions: np.ndarray
    side: np.ndarray
    fringe: np.ndarray
    shoulder: np.ndarray

    def sections(self) -> np.ndarray:
        """(N, 3), cm: apart where hair goes different ways, for searches of what lies beside it."""
        return np.stack([self.side * 6, (self.fringe > 0.5) * 5.0, self.shoulder * 2], 1)


def comb(groom: Groom, roots: Roots, seed: int) -> Combed:
    """The comb's way at each root: whorl, parting, sides, top and fringe, in this order, each over
    the last.
    """
    flow, place, normals = groom.flow, roots.canonical, roots.normals
    x, y = place[:, 0], place[:, 1]
    count = len(place)
    from_whorl: np.ndarray = place - np.array([flow.whorl_side, WHORL_Y, WHORL_Z], np.float32)
    ways = along_surface(from_whorl, normals)
    ways = unit(ways + flow.whorl * np.cross(normals, ways))
    if flow.whorl_second > 0:
        from_second: np.ndarray = from_whorl + np.array([flow.whorl_second, 0, 0], np.float32)
        others = along_surface(from_second, normals)
        others = unit(others - flow.whorl * np.cross(normals, others))
        # Each root obeys the nearer one; between them hair of both meets in a ridge.
        nearer = np.linalg.norm(from_second, axis=1) < np.linalg.norm(from_whorl, axis=1)
        ways = np.where(nearer[:, None], others, ways)
    side = np.zeros(count)
    if groom.parting is not None:
        off = parting_place(place, groom, seed)
        random = np.random.default_rng(seed + 1)
        # At the hairline nothing lies behind that could hide it: there it goes aside at once, and what
        # crossed would hang over the face.
        behind = smoothstep(*FRONT, roots.above)
        side = np.where(off > CROSSES * behind * random.standard_normal(count), 1.0, -1.0)
        # Right at the line hair lies along it, and only a finger's width away wholly aside: so it hides
        # most of the skin between its roots.
        near = NEAR_PARTING + (1 - NEAR_PARTING) * smoothstep(0, 1.4, np.abs(off))
        across = side * (behind * near + (1 - behind) * np.maximum(near, AT_FRONT))
        aside = unit(np.stack([across, (1 + behind) * 0.5 * flow.parted_back, np.zeros(count)], 1))
        ahead = smoothstep(groom.parting.back + 2, groom.parting.back - 3, y)[:, None]
        ways = unit((1 - ahead) * ways + ahead * aside)
    steep = np.clip((1 - np.clip(normals[:, 2], 0, 1)) ** 1.5 * flow.down, 0, None)[:, None]
    ways = unit(ways * (1 - 0.8 * np.clip(steep, 0, 1)) + steep * np.array([0, flow.back, -1.0]))
    if flow.top > 0:
        weight = (
            flow.top * smoothstep(flow.top_from - 1.5, flow.top_from + 1.0, _usual_height(roots))[:, None]
        )
        # Beside a parting each half goes away from it; the half that is not combed over goes less far.
        left = flow.top_left * np.where(side * flow.top_left < 0, -LESSER_HALF, 1.0)
        # Both along the skin: straight back at a steep forehead is up it, and no less so the steeper it is.
        aside, back = (along_surface(np.tile(axis, (count, 1)), normals) for axis in np.eye(3)[:2])
        ways = unit(ways * (1 - weight) + weight * (left[:, None] * aside + flow.top_back * back))
    belongs = np.zeros(count)
    if groom.fringe is not None:
        belongs = fringe_share(groom.fringe, groom, roots, seed)
        ways = _combed_forward(groom.fringe, ways, x, belongs[:, None])
    if groom.hairline.cowlick:
        edge = np.exp(-((x - 1.5) ** 2) / 4) * smoothstep(3.5, 0.5, roots.above) * (azimuth(place) < 70)
        ways = _turned(ways, normals, np.radians(groom.hairline.cowlick) * edge)
    ways = ways + flow.jitter * uneven(place, seed + 2)
    return Combed(
        along_surface(ways, normals).astype(np.float32), side.astype(np.float32), belongs.astype(np.float32),
        shoulders(groom.shape, place, seed),
    )  # fmt: skip


def shoulders(shape: Shape, place: np.ndarray, seed: int) -> np.ndarray:
    """float32 (N,), `Combed.shoulder` of canonical roots (N, 3).

    A hand's width goes the same way: what lay between two ways would lie on top of the shoulder.
    """
    if shape.shoulder == 0:
        return np.zeros(len(place), np.float32)
    before = shape.before + shape.before_left * np.sign(place[:, 0])
    wander = SHOULDER_WANDER * uneven(place, seed + 12)[:, 0]
    return np.where(azimuth(place) + wander < before, -1.0, 1.0).astype(np.float32)


def _usual_height(roots: Roots) -> np.ndarray:
    """(N,), cm: heights as if the hairline in front were the usual one: on a low forehead hair begins lower
    than on a high one and is combed alike.
    """
    angle = azimuth(roots.canonical)
    ahead = smoothstep(75, 60, angle)
    return roots.canonical[:, 2] * (1 - ahead) + ahead * (np.interp(angle, ANGLES, HEIGHTS) + roots.above)


def fringe_share(fringe: Fringe, groom: Groom, roots: Roots, seed: int) -> np.ndarray:
    """(N,), 0 or 1: whether roots are taken forward into the fringe: a triangle behind the hairline."""
    place = roots.canonical
    behind = above_hairline(place, groom.hairline, seed) + 0.35 * np.abs(place[:, 0] - fringe.left) / max(
        fringe.width, 1
    )
    # Its section is a triangle: deepest in the middle.
    depth = fringe.depth * (1 - 0.75 * (np.abs(place[:, 0] - fringe.left) / (fringe.width * 1.15)) ** 1.6)
    inside = smoothstep(0.6, -0.6, behind - np.clip(depth, 0, None) * 1.0)
    inside = inside * smoothstep(fringe.width * 1.2, fringe.width * 0.95, np.abs(place[:, 0] - fringe.left))
    inside = inside * (place[:, 1] < 0.5)
    if fringe.density < 1:
        random = np.random.default_rng(seed + 3)
        inside = inside * (random.random(len(inside)) < fringe.density)
    return np.where(inside > 0.5, 1.0, 0.0)


def _combed_forward(fringe: Fringe, ways: np.ndarray, x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    off = x - fringe.left
    spread = 0.03 * off + (
        np.sign(off) * smoothstep(0, 2.5, np.abs(off)) * fringe.open / 3 if fringe.open else 0
    )
    ahead = np.stack([fringe.sweep + spread, np.full(len(x), -1.0), np.full(len(x), -0.2)], 1)
    return unit(ways * (1 - weight) + weight * unit(ahead))


def _turned(ways: np.ndarray, axes: np.ndarray, angles: np.ndarray) -> np.ndarray:
    cos, sin = np.cos(angles)[:, None], np.sin(angles)[:, None]
    return ways * cos + np.cross(axes, ways) * sin


def uneven(place: np.ndarray, seed: int) -> np.ndarray:
    """Smooth random vectors (N, 3) of about length 1: no comb draws parallel lines over a whole head."""
    random = np.random.default_rng(seed)
    out = np.zeros_like(place)
    for _ in range(24):
        wave = random.uniform(*UNEVEN[::-1])
        towards, pushes = unit(random.standard_normal((2, 3)))
        out += np.sin(place @ towards * (6.28 / wave) + random.uniform(0, 6.28))[:, None] * pushes
    return (out / 3.5).astype(np.float32)
