"""From guides to every strand: children, locks, cuts, curls and what leaves them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from train.groom.flow import Combed
from train.groom.record import Clump, Curl, Cut, Finish, Fringe, Groom
from train.groom.scalp import Roots, azimuth, behind_hairline
from train.groom.surface import SignedDistance, smoothstep, unit

LENGTHS, DOWN, FLYAWAY, GATHERED = 0, 1, 2, 3
# Hair that comes so far away, cm, from the middle of its lock does not go with it.
PARTS = 6.0
# Hair leans over to its lock's middle not at all where it is but so many times as long as that is away, and
# wholly where it is so many times as long.
LEANS = 1.0, 4.0
# The head reaches so much further ahead than aside, cm: of a cut square, its front.
LONGER = 1.8
# How far apart coarser locks are held when finer ones are formed within them, in widths of the finer ones.
APART = 2.0
# Length over which a lock swings aside and back, in its widths.
WANDERING = (12.0, 30.0)
# How far behind the hairline, and how far along a hair, cm, hairs leave the skin each its own way; how much
# so, degrees, and down, which no comb takes along.
EDGE, EDGE_TURNS, DOWN_TURNS = 1.2, 16.0, 32.0
# Height from which waves in step are counted, cm: the top of the head.
TOP = 7.7


@dataclass(frozen=True)
class Strands:
    """Curves of one number of points each.

    Attributes:
        points: float32 (N, K, 3) cm, root first.
        radius: float32 (N, K) cm.
        clump: int32 (N,), the number of the lock a strand belongs to.
        part: uint8 (N,), LENGTHS, DOWN (baby hair), FLYAWAY or GATHERED.
        root: float32 (N, 3) cm, where it is rooted on the canonical head.
        finer: int32 (N,) each: the same as `clump` for the locks within locks, coarse to fine.
    """

    points: np.ndarray
    radius: np.ndarray
    clump: np.ndarray
    part: np.ndarray
    root: np.ndarray
    finer: tuple[np.ndarray, ...] = ()

    def __len__(self) -> int:
        return len(self.points)


def measured(points: np.ndarray) -> np.ndarray:
    """float32 (N, K): length of curves (N, K, 3) from the root to each point, cm."""
    pieces = np.linalg.norm(np.diff(points, axis=1), axis=2)
    return np.concatenate([np.zeros((len(points), 1), np.float32), np.cumsum(pieces, 1, dtype=np.float32)], 1)


def resampled(points: np.ndarray, count: int, upto: np.ndarray | float = 1.0) -> np.ndarray:
    """Curves (N, K, 3) cut at the share `upto` (N,) of their points, with `count` points each (linear
    between).
    """
    curves, last = len(points), points.shape[1] - 1
    at = (
        np.linspace(0, 1, count, dtype=np.float32)[None]
        * (np.ones(curves, np.float32) * upto)[:, None]
        * last
    )
    first = np.minimum(at.astype(np.int32), last - 1)
    share = (at - first)[..., None].astype(np.float32)
    row = np.arange(curves)[:, None]
    return points[row, first] * (1 - share) + points[row, first + 1] * share


def children(
    guides: np.ndarray, chosen: np.ndarray, roots: Roots, combed: Combed, lengths: np.ndarray
) -> np.ndarray:
    """Strands between the guides: each follows the three nearest of its side of the parting and of its
    section.

    Args:
        guides: float32 (G, K, 3); chosen: int (G,), which of the N roots they grew from.
        roots, combed, lengths: of all N.

    Returns:
        float32 (N, K, 3).
    """

    sections = combed.sections()

    def key(numbers: np.ndarray) -> np.ndarray:
        return np.concatenate([roots.points[numbers], sections[numbers]], 1)

    far, near = cKDTree(key(chosen)).query(key(np.arange(len(roots))), k=3, workers=-1)
    weight = 1 / (far + 0.04) ** 2
    weight = (weight / weight.sum(1, keepdims=True)).astype(np.float32)
    shape = guides - guides[:, :1]
    curves = sum(weight[:, k, None, None] * shape[near[:, k]] for k in range(3))
    longer = lengths / np.maximum((weight * lengths[chosen][near]).sum(1), 1e-3)
    return roots.points[:, None] + curves * longer[:, None, None].astype(np.float32)


def clumped(
    points: np.ndarray,
    clump: Clump,
    roots: Roots,
    combed: Combed,
    flies: np.ndarray,
    parent: np.ndarray | None,
    random: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draws strands together into locks of one scale.

    Args:
        points: float32 (N, K, 3); roots, combed: of the N.
        clump: the scale.
        flies: bool (N,), strands that fly alone.
        parent: int (N,), the coarser lock of each, which locks keep within; None for the coarsest.
        random: of what differs between locks.

    Returns:
        points (N, K, 3); int32 (N,) the lock of each; float32 (N,) how far from its lock's middle a strand is
        rooted, in widths of the lock.
    """
    count, along = len(points), np.linspace(0, 1, points.shape[1], dtype=np.float32)[None, :, None]
    locks = int(np.clip(260 / clump.size**2, 8, count))
    middles = random.choice(count, min(locks, count), replace=False)
    key = np.concatenate([roots.points, combed.sections()], 1)
    key = key + random.standard_normal(key.shape) * clump.size * 0.15
    if parent is not None:
        # A lock that took strands of two coarser ones would close the gap between them.
        apart = random.standard_normal((int(parent.max()) + 1, 2)) * clump.size * APART
        key = np.concatenate([key, apart[parent]], 1)
    far, lock = cKDTree(key[middles]).query(key, k=2, workers=-1)
    # Some strands begin in one lock and end in the next: locks cross, as they do on every head.
    own, other = middles[lock[:, 0]], middles[lock[:, 1]]
    strays = random.random(count) < clump.stray
    tight = clump.tight * np.clip(random.normal(1, 0.3, len(middles)), 0.15, 1.2)[lock[:, 0]]
    # Hair before the shoulder does not go with a lock that falls behind it: between them are neck and face.
    ways = points[:, [points.shape[1] // 3, 2 * points.shape[1] // 3, -1]]
    tight = tight * np.exp(-((np.linalg.norm(ways - ways[own], axis=2).max(1) / PARTS) ** 2))
    tight = (tight * np.where(flies, 0.1, 1) * random.uniform(0.7, 1.05, count)).astype(np.float32)
    # Clipped hair is too short to lean over to its lock's middle: it would stand in tufts with skin between.
    away = np.linalg.norm(roots.points - roots.points[own], axis=1)
    lengths = measured(points)[:, -1]
    tight = tight * smoothstep(*LEANS, lengths / np.maximum(away, 1e-3)).astype(np.float32)
    target = points[own]
    if strays.any():
        over = smoothstep(0.25, 0.8, along)
        target[strays] = target[strays] * (1 - over) + points[other[strays]] * over
    offset = (roots.points - roots.points[own])[:, None] * np.float32(0.12)
    pull = np.clip(tight[:, None, None] * along**clump.power, 0, 0.97)
    points = points + pull * (target + offset - points)
    return (
        points + _wandering(points, lock[:, 0], clump, random),
        lock[:, 0].astype(np.int32),
        (far[:, 0] / clump.size).astype(np.float32),
    )


def _wandering(points: np.ndarray, lock: np.ndarray, clump: Clump, random: np.random.Generator) -> np.ndarray:
    """float32 (N, K, 3) cm: how each lock leaves the comb's way, as a whole.

    Locks so lie over and under each other and each takes the light at another angle: without it they differ
    by nothing that light could show.
    """
    moved = np.zeros_like(points)
    if clump.wander == 0:
        return moved
    grown, locks = measured(points), int(lock.max()) + 1
    for _ in range(2):
        waves = (6.28 / (clump.size * random.uniform(*WANDERING, locks))).astype(np.float32)
        phases = random.uniform(0, 6.28, locks).astype(np.float32)
        pushes = (random.standard_normal((locks, 3)) * clump.wander * clump.size).astype(np.float32)
        swing = np.sin(grown * waves[lock, None] + phases[lock, None])
        moved += swing[..., None] * pushes[lock, None]
    return moved * smoothstep(0, 2.5 * clump.size, grown)[..., None].astype(np.float32)


def cut_share(
    points: np.ndarray,
    roots: Roots,
    combed: Combed,
    groom: Groom,
    heights: HeightScale,
    lock: np.ndarray,
    random: np.random.Generator,
) -> np.ndarray:
    """float32 (N,): the share of each strand that the scissors leave; `lock` int (N,), its lock."""
    count = len(points)
    share = np.ones(count, np.float32)
    z = heights.canonical(points[..., 2])
    lines = []
    if groom.cut.line is not None:
        lines.append(_perimeter(points, roots, groom.cut, lock, random))
    if groom.fringe is not None:
        lines.append(_fringe_line(points, z, combed, groom.fringe, random))
    for line in lines:
        share = np.minimum(share, _first_below(z, line))
    aside = np.maximum(np.abs(points[..., 0]), -points[..., 1] - LONGER)
    for beyond, most in ((z, groom.cut.top), (aside, groom.cut.box)):
        if most is not None:
            ragged = groom.cut.jitter * random.normal(0, 1, (count, 1))
            share = np.minimum(share, _first_below(-beyond, ragged - most))
    return share


def _perimeter(
    points: np.ndarray, roots: Roots, cut: Cut, lock: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """float (N, K): heights below which hair is cut."""
    assert cut.line is not None
    ragged = random.normal(0, 1, len(points)) * cut.jitter
    line: np.ndarray = cut.line + cut.slope * points[..., 1] - cut.aside * points[..., 0] + ragged[:, None]
    if cut.locks > 0:
        line = line + (cut.locks * random.standard_normal(int(lock.max()) + 1))[lock][:, None]
    if cut.layers > 0:
        height = np.clip((roots.canonical[:, 2] + 9) / 16.5, 0, 1)
        length = roots.canonical[:, 2] - cut.line
        line = line + (cut.layers * height * np.clip(length, 0, None) * 0.6)[:, None]
    if cut.frame is not None:
        beside = np.clip((1 - behind_hairline(roots) / cut.frame_depth) / (1.001 - cut.frame_blunt), 0, 1)[
            :, None
        ]
        line = np.maximum(line, line + beside * (cut.frame + ragged[:, None] - line))
    return line


def _fringe_line(
    points: np.ndarray, z: np.ndarray, combed: Combed, fringe: Fringe, random: np.random.Generator
) -> np.ndarray:
    """Heights below which hair that hangs before the face is cut; far below everything for other hair.

    Hair from behind the fringe's section that falls before the face is cut with it, but for what frames the
    face.
    """
    off = np.abs(points[..., 0] - fringe.left)
    line = fringe.line + random.normal(0, 1, len(points))[:, None] * fringe.jitter - fringe.curve * off**2
    frame = (
        fringe.width * 0.92
        - 0.22 * np.clip(fringe.line - z, 0, 8)
        + 0.3 * random.standard_normal((len(points), 1))
    )
    before = (points[..., 1] < -5.0) & ((combed.fringe[:, None] > 0.5) | (off < frame))
    return np.where(before, line, -1e3)


def _first_below(z: np.ndarray, line: np.ndarray) -> np.ndarray:
    """float32 (N,): share of each curve's points before it first goes below a line, both (N, K)."""
    below = z < line
    below[:, 0] = False
    hits, at = below.any(1), np.argmax(below, 1)
    row, before = np.arange(len(z)), np.maximum(at - 1, 0)
    over, under = (z - line)[row, before], (line - z)[row, at]
    part = np.clip(over / np.maximum(over + under, 1e-5), 0, 1)
    return np.where(hits, np.clip((before + part) / (z.shape[1] - 1), 0.02, 1), 1).astype(np.float32)


def curled(
    points: np.ndarray,
    curl: Curl,
    lock: np.ndarray,
    roots: Roots,
    flies: np.ndarray,
    random: np.random.Generator,
) -> np.ndarray:
    """Winds strands (N, K, 3) of a lock round its way, one turn a `curl.length`."""
    count, grown = len(points), measured(points)
    tangent = unit(np.gradient(points, axis=1))
    outward = unit(roots.points * np.array([1, 1, 0.35]) + random.standard_normal((count, 3)) * curl.round)
    first = unit(np.cross(tangent, outward[:, None].astype(np.float32)))
    second = np.cross(tangent, first)
    locks = int(lock.max()) + 1
    wide = np.exp(curl.jitter * 1.5 * random.standard_normal(locks))[lock] * np.exp(
        0.15 * random.standard_normal(count)
    )
    turns = np.exp(curl.jitter * random.standard_normal(locks))[lock] / curl.length
    phase = random.uniform(0, 6.28, locks)[lock] + curl.loose * random.standard_normal(count)
    sense = np.where(random.random(locks) < 0.5, 1.0, -1.0)[lock]
    # Turns are never all of one length along a strand.
    wobble = 0.5 * np.sin(grown * (6.28 * 0.37) / curl.length + random.uniform(0, 6.28, locks)[lock][:, None])
    angle = 6.2832 * turns[:, None] * grown + phase[:, None] + wobble
    if curl.together > 0:
        # In step: told by how deep hair hangs, and not by how long it has grown in its own lock.
        hangs = 6.2832 / curl.length * (TOP - points[..., 2]) + curl.loose * random.standard_normal(
            (count, 1)
        )
        angle = angle + curl.together * (hangs - angle)
        sense = sense + curl.together * (1 - sense)
        wide = wide ** (1 - curl.together)
    begins = (
        smoothstep(curl.start * 0.5, curl.start * 1.5 + 1e-3, grown)
        if curl.start > 0
        else smoothstep(0, curl.length, grown)
    )
    along = grown / np.maximum(grown[:, -1:], 1e-3)
    radius = curl.radius * wide[:, None] * begins * (1 - curl.reach + curl.reach * (0.55 + 0.45 * along))
    radius = radius * np.where(flies, 0.8, 1)[:, None]
    moved = (radius * np.cos(angle))[..., None] * first + (
        radius * curl.round * np.sin(angle) * sense[:, None]
    )[..., None] * second
    # What began at the root stays there.
    start = moved[:, :1] * np.exp(-grown / max(curl.length * 0.25, 0.3))[..., None]
    return (points + moved - start).astype(np.float32)


def frizzed(points: np.ndarray, finish: Finish, flies: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Soft random waves of single strands, and flyaways that leave the rest."""
    count, grown = len(points), measured(points)
    wide = np.where(
        flies,
        finish.flyaway_width * random.uniform(0.3, 1.3, count),
        finish.frizz * np.exp(0.5 * random.standard_normal(count)),
    )
    moved = np.zeros_like(points)
    for _ in range(3):
        turns = np.exp(0.5 * random.standard_normal(count)) / finish.frizz_length
        wave = np.sin(6.28 * turns[:, None] * grown + random.uniform(0, 6.28, count)[:, None])
        moved += (wave[..., None] * random.standard_normal((count, 3))[:, None] * 0.5).astype(np.float32)
    begins = smoothstep(0, max(finish.frizz_start, 0.05), grown)
    points = points + (wide[:, None] * begins)[..., None] * moved
    if finish.flyaway_lift > 0 and flies.any():
        lift = np.where(flies, finish.flyaway_lift * random.random(count) ** 2, 0)
        points = points + (lift[:, None] * smoothstep(0, 10, grown))[..., None] * unit(points)
    return points.astype(np.float32)


def turned_at_root(
    points: np.ndarray, roots: Roots, down: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Curves (N, K, 3), each turned about the skin's normal at its root: down (N,) bool grows as it likes,
    hair at the hairline in front a little, hair further back as it was combed.
    """
    edge = smoothstep(EDGE, 0.0, roots.above) * smoothstep(80, 65, azimuth(roots.canonical))
    wide = np.where(down, DOWN_TURNS, EDGE_TURNS * edge)
    angle = np.radians(wide * random.standard_normal(len(points)))
    moved = wide > 0.5
    axis, way = roots.normals[moved, None], points[moved] - points[moved, :1]
    # Of longer hair only what is near the root: after a finger's width it goes with the others again.
    near = np.where(down[moved, None], 1.0, np.exp(-measured(points[moved]) / EDGE))
    angle = (angle[moved, None] * near)[..., None]
    along = (way * axis).sum(-1, keepdims=True) * axis
    flat = way - along
    turned = points.copy()
    turned[moved] = points[moved, :1] + along + flat * np.cos(angle) + np.cross(axis, flat) * np.sin(angle)
    return turned.astype(np.float32)


def pushed_out(points: np.ndarray, field: SignedDistance) -> np.ndarray:
    """Curves (N, K, 3) with no point inside the head; their roots stay."""
    grown = measured(points)
    for _ in range(2):
        far, away = field.with_normal(points)
        deep = np.maximum(np.minimum(0.05 + 0.05 * grown, 0.2) - far, 0)
        deep[:, 0] = 0
        points = points + deep[..., None] * away
    return points.astype(np.float32)


def thickness(
    roots: Roots, down: np.ndarray, flies: np.ndarray, groom: Groom, count: int, random: np.random.Generator
) -> np.ndarray:
    """float32 (N, count): radius of strands along their length, cm."""
    finish = groom.finish
    radius = finish.radius / 10 * np.exp(finish.thick * random.standard_normal(len(roots)))
    edge = smoothstep(-0.2, groom.hairline.softness, roots.above)
    front = azimuth(roots.canonical) < 70
    radius = (
        radius
        * np.where(front, 0.55 + 0.45 * edge, 1.0)
        * np.where(down, 0.7, 1.0)
        * np.where(flies, 0.75, 1.0)
    )
    radius = radius * (1 - 0.45 * groom.density.fineness * roots.thinness)
    along = np.interp(np.linspace(0, 1, count), [0, 0.1, 0.6, 1], [0.9, 1, 0.85, finish.tip])
    return (radius[:, None] * along[None]).astype(np.float32)


class HeightScale:
    """Heights of a head in terms of the canonical one, so that a cut at the chin is at everybody's chin.

    Args:
        head_marks, canonical_marks: heights of crown, eyes and chin, cm, falling.
    """

    def __init__(self, head_marks: np.ndarray, canonical_marks: np.ndarray) -> None:
        self._head, self._canonical = np.asarray(head_marks), np.asarray(canonical_marks)

    def canonical(self, z: np.ndarray) -> np.ndarray:
        """Heights on this head to heights on the canonical one; beyond the marks both go on alike."""
        head, canonical = self._head[::-1], self._canonical[::-1]
        inside = np.interp(z, head, canonical)
        inside = np.where(z < head[0], canonical[0] + (z - head[0]), inside)
        return np.where(z > head[-1], canonical[-1] + (z - head[-1]), inside)
