"""Guide curves: some thousand strands grown from the skin, bent by gravity, kept out of head, face
and shoulders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from train.groom.flow import shoulders, uneven
from train.groom.record import Groom, Shape
from train.groom.scalp import Roots, azimuth, parting_place
from train.groom.surface import SignedDistance, smoothstep, unit

# The room round the face that hair is kept out of: middle and half sizes, cm.
FACE, FACE_SIZE = np.array([0.0, -8.2, -6.5], np.float32), np.array([6.0, 5.5, 10.5], np.float32)
# How far back, cm, hair has passed the ear.
EAR_PASSED = 3.5
# From so far open on, cm, a fringe hangs beside the face.
OPEN = 2.0
# Height below which the head has shoulders, and from how far on hair feels them, cm.
SHOULDERS_BEGIN, SHOULDER_FELT = -10.0, 2.5
# How far beside the middle hair hangs before the shoulder, cm, on average, by how much more of it from the
# face to the last that falls there, and by how much neighbours may change: in photographs it covers the slope
# from the neck to half way along the shoulder. All of it at one place was a rat's tail.
HANGS, FURTHER, HANGS_WANDER = 5.0, 3.0, 2.6
DOWN = np.array([0.0, 0.0, -1.0], np.float32)


@dataclass
class _Growing:
    """What the steps of growth need of each guide: float32 (N,) or (N, 3), and the width of waves to come."""

    roots: Roots
    fringe: np.ndarray
    volume: np.ndarray
    before: np.ndarray
    beside: np.ndarray
    tucked: np.ndarray
    waves: float
    side: np.ndarray


def grow_guides(
    groom: Groom,
    roots: Roots,
    ways: np.ndarray,
    lengths: np.ndarray,
    fringe: np.ndarray,
    field: SignedDistance,
    seed: int,
) -> np.ndarray:
    """Grows guides.

    Args:
        groom: the style.
        roots: N roots.
        ways: float32 (N, 3), the comb's way at each.
        lengths: float32 (N,), cm.
        fringe: float32 (N,), 0 to 1.
        field: the head's distance field.
        seed: of what differs between guides.

    Returns:
        float32 (N, K, 3) cm, root first; K by the longest.
    """
    shape, random = groom.shape, np.random.default_rng(seed + 11)
    steps = guide_points(float(lengths.max())) - 1
    count, place = len(roots), roots.canonical
    lift = _lift(shape, roots) * random.uniform(0.8, 1.2, count)
    if groom.parting is not None:
        # Hair beside a parting rises before it falls, and so hides most of the skin of it.
        beside = np.exp(-((parting_place(place, groom, seed) / 1.2) ** 2))
        lift = lift + groom.parting.lift * beside * smoothstep(
            groom.parting.back + 2, groom.parting.back - 2, place[:, 1]
        )
    behind = shape.behind_ears * (1 - np.clip(-shape.one_ear * np.sign(place[:, 0]), 0, 1))
    state = _Growing(
        roots,
        # A fringe open in its middle hangs beside the face like other hair, another before it.
        fringe * float(groom.fringe is None or groom.fringe.open < OPEN),
        _volume(shape, place, fringe) * random.uniform(0.55, 1.0, count),
        shoulders(shape, place, seed),
        _beside(shape, place, random, seed),
        random.random(count) < behind * smoothstep(115, 95, azimuth(place)),
        max((curl.radius for curl in groom.curls), default=0.0),
        np.sign(place[:, 0] + 1e-6 if groom.parting is None else parting_place(place, groom, seed)),
    )
    way = unit(ways + roots.normals * lift[:, None])
    points, out = roots.points.copy(), [roots.points]
    step = (lengths / steps)[:, None].astype(np.float32)
    grown = np.zeros(count, np.float32)
    for _ in range(steps):
        grown = grown + step[:, 0]
        bend = shape.gravity * step / shape.stiffness
        if shape.stiff_until > 0:
            bend = bend * smoothstep(0, shape.stiff_until, grown)[:, None]
        way = unit(way + DOWN * bend)
        way = _steered(shape, state, points, way, step)
        ahead = _kept_out(shape, state, points + way * step, grown, field)
        ahead = _off_shoulders(shape, state, points, ahead, field)
        way = unit(ahead - points)
        points = points + way * step
        out.append(points)
    return np.stack(out, 1).astype(np.float32)


def _beside(shape: Shape, place: np.ndarray, random: np.random.Generator, seed: int) -> np.ndarray:
    """(N,): how far beside the middle of the body each guide with canonical roots (N, 3) hangs, cm."""
    behind = np.where(random.random(len(place)) < 0.5, 0.25, 1.0) * random.uniform(1.5, 6.0, len(place))
    # Neighbours keep together, or locks of all would meet in the middle.
    order = np.clip(azimuth(place) / max(shape.before, 1.0), 0, 1)
    before = HANGS + FURTHER * order + HANGS_WANDER * uneven(place, seed + 13)[:, 0]
    return np.where(shoulders(shape, place, seed) < 0, before, behind)


def guide_points(length: float) -> int:
    """How many points a guide of so many centimetres has: one a centimetre and some more for short ones."""
    return int(np.clip(8 + 0.9 * length, 6 if length < 1 else 12, 64))


def _off_shoulders(
    shape: Shape, state: _Growing, points: np.ndarray, ahead: np.ndarray, field: SignedDistance
) -> np.ndarray:
    """Hair that meets a shoulder does not slide down it sideways, as a bare slope would let it: what would go
    outward goes before or behind it."""
    if shape.shoulder == 0:
        return ahead
    touching = smoothstep(SHOULDER_FELT, 0.5 * SHOULDER_FELT, field.distance(ahead, soft=True))
    side = np.sign(points[:, 0])
    outward = np.maximum((ahead[:, 0] - points[:, 0]) * side, 0) * touching
    outward = outward * smoothstep(SHOULDERS_BEGIN, SHOULDERS_BEGIN - 3, points[:, 2])
    return ahead + outward[:, None] * np.stack([-side, state.before, np.zeros(len(side))], 1)


def _lift(shape: Shape, roots: Roots) -> np.ndarray:
    place = roots.canonical
    front = smoothstep(-3.2, -7.2, place[:, 1]) * smoothstep(1.5, 3.5, place[:, 2])
    lift = shape.lift + shape.lift_front * front
    sides = smoothstep(0.85, 0.35, roots.normals[:, 2])
    return lift * (1 + (shape.lift_sides - 1) * sides)


def _volume(shape: Shape, place: np.ndarray, fringe: np.ndarray) -> np.ndarray:
    # Hair rooted higher lies over hair rooted lower.
    height = np.clip((place[:, 2] + 9.5) / 17, 0, 1)
    front = smoothstep(-2.2, -7.2, place[:, 1]) * smoothstep(1.0, 3.5, place[:, 2])
    sides = smoothstep(5.0, 7.0, np.abs(place[:, 0]))
    volume = shape.volume * (0.12 + 0.88 * height**1.3) * (1 + (shape.volume_sides - 1) * sides * 0.6)
    return (volume + shape.volume_front * front) * (1 - 0.5 * fringe)


def _steered(
    shape: Shape, state: _Growing, points: np.ndarray, way: np.ndarray, step: np.ndarray
) -> np.ndarray:
    if shape.shoulder > 0:
        below = smoothstep(-5.5, -12.5, points[:, 2]) * shape.shoulder
        aim = np.sign(points[:, 0]) * state.beside
        near = np.clip(16 - np.abs(points[:, 1] - 0.2), 0, 10) / 10
        pull = np.stack(
            [np.clip(aim - points[:, 0], -6, 6) / 10, state.before * 0.55 * near, np.zeros(len(way))], 1
        )
        way = unit(way + pull * (below * step[:, 0] * 0.22)[:, None])
    if shape.over != 0:
        # That of the other side goes behind the neck, and before the shoulder when it has come round.
        below = smoothstep(-4.0, -11.0, points[:, 2]) * abs(shape.over)
        across = points[:, 0] * np.sign(shape.over)
        behind = np.where(across < 1.5, 9.0, -6.0) - points[:, 1]
        aside = np.where((across < 1.5) & (points[:, 1] < 5), 0.0, np.sign(shape.over) * 8.0 - points[:, 0])
        off = np.clip(np.stack([aside, behind, np.zeros(len(way))], 1), -8, 8)
        way = unit(way + off * (below * step[:, 0] * 0.05)[:, None])
    if shape.behind_ears > 0:
        # Back along the side of the head until the ear is passed, as a hand would take it.
        beside = smoothstep(4.0, 1.5, points[:, 2]) * smoothstep(-9.0, -6.0, points[:, 2])
        short_of = smoothstep(EAR_PASSED, EAR_PASSED - 2.0, points[:, 1])
        back = np.array([0.0, 1.0, 0.25]) * (state.tucked * beside * short_of * step[:, 0] * 1.6)[:, None]
        way = unit(way + back)
    if shape.tuck != 0:
        weight = smoothstep(shape.tuck_from + 4.5, shape.tuck_from - 1.0, points[:, 2]) * shape.tuck
        inward = unit((np.array([0, 0.2, 0]) - points) * [1, 1, 0])
        way = unit(way + inward * (weight[:, None] * step * 0.3))
    return way


def _kept_out(
    shape: Shape, state: _Growing, points: np.ndarray, grown: np.ndarray, field: SignedDistance
) -> np.ndarray:
    clear = 0.10 + state.volume * (1 - np.exp(-grown / shape.volume_reach))
    # Waves swing both ways: guides that lay on shoulders and chest would have half of each within.
    clear = clear + 0.8 * state.waves * smoothstep(-13, -19, points[:, 2])
    far, away = field.with_normal(points, soft=True)
    hugs = shape.cling * smoothstep(shape.cling_above, shape.cling_above + 4, points[:, 2])
    points = points + (np.where(far < clear, 0.9, -hugs) * np.abs(clear - far))[:, None] * away
    if shape.face > 0:
        off = (points - FACE) / (FACE_SIZE * shape.face)
        inside = 1 - np.linalg.norm(off, axis=1)
        # Hair before the middle of the face goes the parting's way.
        aside = np.where(np.abs(points[:, 0]) > 3.0, np.sign(points[:, 0]), state.side)
        push = np.stack([aside, np.full(len(points), 0.35), np.zeros(len(points))], 1)
        points = points + (np.where((inside > 0) & (state.fringe < 0.3), inside, 0) * 3.5)[:, None] * push
    return points
