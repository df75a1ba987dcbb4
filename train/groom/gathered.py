"""Gathered hair: tails, buns, braids, twists, locs and cornrows, as geometry.

Each root is drawn over the scalp to where its rope begins (or, in cornrows and French braids, to the nearest
place of a rope that runs over the scalp) and follows it to the end.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from scipy.spatial import cKDTree

from mirror.errors import MirrorError
from train.groom.guides import grow_guides, guide_points
from train.groom.record import Gathered, Groom
from train.groom.ropes import WINDINGS, CentreLines, centre_lines, wind
from train.groom.scalp import Roots, above_hairline
from train.groom.strands import GATHERED, Strands
from train.groom.surface import SignedDistance, along_surface, smoothstep, unit

# What may be asked for: how its ropes are wound and where they run.
#   sections: the scalp is divided into `count` fields, each with a rope that falls
#   tie: all hair goes to one place (`side` 0) or to one on each side
#   rows: ropes run over the scalp from the forehead back, then fall
KINDS = {
    "ponytail": ("tail", "tie"),
    "bun": ("coil", "tie"),
    "braid": ("braid", "tie"),
    "french_braid": ("braid", "rows"),
    "dutch_braid": ("braid", "rows"),
    "cornrows": ("braid", "rows"),
    "box_braids": ("braid", "sections"),
    "twists": ("twist", "sections"),
    "locs": ("loc", "sections"),
}
# Points of a strand before it has reached its rope.
APPROACH = 9


def takes(gathered: Gathered, roots: Roots, seed: int) -> np.ndarray:
    """bool (N,): which roots are gathered; the others fall freely.

    `share` is taken from the top of the head down; `loose` lets locks at the hairline slip out.
    """
    height = roots.canonical[:, 2] + 0.35 * roots.canonical[:, 1]
    chosen = (
        height >= np.quantile(height, 1 - gathered.share) if gathered.share < 1 else np.ones(len(roots), bool)
    )
    if gathered.loose > 0:
        random = np.random.default_rng(seed + 21)
        field = sum(
            np.sin(roots.canonical @ unit(random.standard_normal(3)) * wave + random.uniform(0, 6.28))
            for wave in (1.1, 2.3, 3.9, 5.7)
        )
        slips = (roots.above < 0.4 + 1.2 * gathered.loose) & (field > 2.6 - 2.4 * gathered.loose)
        chosen &= ~slips
    return chosen


def gather(groom: Groom, gathered: Gathered, roots: Roots, field: SignedDistance, seed: int) -> Strands:
    """Strands of gathered roots.

    Raises:
        MirrorError: a kind that is not known.
    """
    if gathered.kind not in KINDS:
        raise MirrorError(
            f"groom {groom.name!r}: gathered.kind is {gathered.kind!r}; expected one of {', '.join(KINDS)}."
        )
    random = np.random.default_rng(seed + 31)
    winding, course = KINDS[gathered.kind]
    run = {"tie": _tied, "rows": _rows, "sections": _sections}[course]
    lines, rope, joins = run(groom, gathered, roots, field, seed)
    way = WINDINGS[winding]
    length = lines.lengths[rope] - joins
    length = length * np.clip(1 - np.abs(random.normal(0, groom.length.jitter + 0.03, len(rope))), 0.4, 1)
    turns = float(lines.lengths.max()) / (way.pitch * gathered.size)
    # Eight points a turn, and one every 7 mm for what leaves its place.
    count = int(np.clip(max(8 * turns, lines.lengths.max() / 0.7), 24, 150))
    share = np.linspace(0, 1, count, dtype=np.float32)[None]
    wound = wind(lines, rope, joins[:, None] + share * length[:, None], gathered.size, way, random)
    approach = _approach(roots, wound[:, 0], gathered, field, random)
    points = np.concatenate([approach, wound], 1)
    points = _smoothed_join(points)
    thick = groom.finish.radius / 10 * np.exp(groom.finish.thick * random.standard_normal(len(rope)))
    along = np.interp(np.linspace(0, 1, points.shape[1]), [0, 0.1, 0.9, 1], [0.9, 1, 0.9, groom.finish.tip])
    return Strands(
        points.astype(np.float32),
        (thick[:, None] * along).astype(np.float32),
        rope.astype(np.int32),
        np.full(len(rope), GATHERED, np.uint8),
        roots.canonical,
    )


Course = tuple[CentreLines, np.ndarray, np.ndarray]


def _tied(groom: Groom, gathered: Gathered, roots: Roots, field: SignedDistance, seed: int) -> Course:
    """One place of the scalp, or one on each side, from which a tail, a braid or a bun begins."""
    sides = [gathered.side] if gathered.count == 1 else [abs(gathered.side), -abs(gathered.side)]
    curves, outward = [], []
    for side in sides:
        tie, normal = _scalp_point(side, gathered.at, field)
        begin = tie + normal * (0.5 + 0.5 * gathered.size)
        if gathered.kind == "bun":
            curves.append(_coil(begin, normal, gathered.size))
        else:
            curves.append(_falling(groom, begin, normal, gathered, field, seed))
        outward.append(unit(np.cross(normal, [1.0, 0.0, 0.0]) + 1e-3))
    lines = centre_lines(np.stack(curves), np.stack(outward).astype(np.float32))
    rope = np.where(roots.canonical[:, 0] > 0, 0, len(sides) - 1)
    return lines, rope, np.zeros(len(roots), np.float32)


def _rows(groom: Groom, gathered: Gathered, roots: Roots, field: SignedDistance, seed: int) -> Course:
    """Ropes over the scalp from the hairline to the nape, and on from there."""
    widest = 62.0 if gathered.count > 2 else 26.0
    angles = np.linspace(-widest, widest, gathered.count) if gathered.count > 1 else np.zeros(1)
    curves = []
    for angle in np.radians(angles):
        up = np.array([np.sin(angle), 0, np.cos(angle)])
        around = np.radians(np.linspace(12, 205, 90))[:, None]
        rays = np.cos(around) * np.array([0, -1.0, 0]) + np.sin(around) * up
        on_scalp = _shell(rays, field, 0.35 + 0.5 * gathered.size)
        grows = above_hairline(on_scalp.astype(np.float32), groom.hairline, seed) > 0.2
        kept = on_scalp[np.argmax(grows) : len(grows) - np.argmax(grows[::-1])]
        end = kept[-1]
        normal = field.with_normal(end[None], soft=True)[1][0]
        fall = _falling(groom, end, unit(kept[-1] - kept[-3]) + 0.2 * normal, gathered, field, seed)
        curves.append(np.concatenate([_resampled(kept, 60), fall[1:]]))
    most = max(len(curve) for curve in curves)
    curves = [_resampled(curve, most) for curve in curves]
    outward = field.with_normal(np.stack([curve[0] for curve in curves]), soft=True)[1]
    lines = centre_lines(np.stack(curves), outward.astype(np.float32))
    flat = lines.points[:, : int(most * 0.75)].reshape(-1, 3)
    _, nearest = cKDTree(flat).query(roots.points)
    rope, place = np.divmod(nearest, int(most * 0.75))
    return lines, rope, lines.along[rope, place].astype(np.float32)


def _sections(groom: Groom, gathered: Gathered, roots: Roots, field: SignedDistance, seed: int) -> Course:
    """The scalp in fields of like size; from the middle of each a rope falls."""
    random = np.random.default_rng(seed + 41)
    count = min(gathered.count, len(roots))
    middles = roots.canonical[random.choice(len(roots), count, replace=False)]
    for _ in range(6):  # Lloyd's rounds: fields of like size
        _, field_of = cKDTree(middles).query(roots.canonical)
        for k in range(3):
            total = np.bincount(field_of, roots.canonical[:, k], minlength=count)
            middles[:, k] = total / np.maximum(np.bincount(field_of, minlength=count), 1)
    _, first = cKDTree(roots.canonical).query(middles)
    start = roots.take(first)
    ways = along_surface(start.canonical - np.array([0, 2.0, 6.5], np.float32), start.normals)
    if groom.parting is not None:
        aside = np.stack(
            [np.sign(start.canonical[:, 0] - groom.parting.at), np.full(count, 0.25), np.zeros(count)], 1
        )
        ways = unit(ways + 1.5 * smoothstep(4, -2, start.canonical[:, 1])[:, None] * aside)
    lengths = gathered.length * random.uniform(0.94, 1.0, count).astype(np.float32)
    curves = grow_guides(groom, start, ways.astype(np.float32), lengths, np.zeros(count), field, seed)
    lines = centre_lines(curves, start.normals)
    return lines, field_of, np.zeros(len(roots), np.float32)


def _approach(
    roots: Roots, joins: np.ndarray, gathered: Gathered, field: SignedDistance, random: np.random.Generator
) -> np.ndarray:
    """float32 (N, APPROACH, 3): over the scalp from the roots to where ropes are joined, drawn tight
    or less so.
    """
    share = np.linspace(0, 1, APPROACH + 1, dtype=np.float32)[None, :-1, None]
    points = roots.points[:, None] * (1 - share) + joins[:, None] * share
    far_to_go = np.linalg.norm(joins - roots.points, axis=1)
    slack = (1 - gathered.tight) * 1.2
    # Hair that comes from further away lies below: nearer the rope all of it piles up.
    height = 0.06 + (0.25 + slack) * random.random(len(roots))[:, None] * np.sin(np.pi * share[..., 0] * 0.85)
    height = height + np.clip(0.02 * far_to_go, 0, 0.4)[:, None] * share[..., 0]
    for _ in range(3):
        far, away = field.with_normal(points, soft=False)
        lift = np.maximum(height - far, 0) + np.where(far > height, (height - far) * 0.85, 0)
        # Close to the rope it leaves the scalp for it.
        lift = lift * np.where(lift < 0, 1 - smoothstep(0.5, 0.95, share[..., 0]), 1)
        points = points + lift[..., None] * away
    points[:, 0] = roots.points - roots.normals * 0.08
    return points


def _smoothed_join(points: np.ndarray) -> np.ndarray:
    """Rounds the corner where strands come to their rope."""
    out = points.copy()
    for _ in range(2):
        part = out[:, APPROACH - 3 : APPROACH + 3]
        out[:, APPROACH - 2 : APPROACH + 2] = (part[:, :-2] + 2 * part[:, 1:-1] + part[:, 2:]) / 4
    return out


def _falling(
    groom: Groom, begin: np.ndarray, way: np.ndarray, gathered: Gathered, field: SignedDistance, seed: int
) -> np.ndarray:
    """float32 (M, 3): a curve that leaves the head the given way and falls."""
    one = np.asarray(begin, np.float32)[None]
    start = Roots(
        one, unit(way)[None].astype(np.float32), one, np.ones(1, np.float32), np.zeros(1, np.float32)
    )
    shape = dataclasses.replace(
        groom.shape, lift=1.0, volume=gathered.size, cling=0.0, face=0.0, shoulder=0.0
    )
    loose = dataclasses.replace(groom, shape=shape)
    length = np.full(1, gathered.length, np.float32)
    curve = grow_guides(loose, start, unit(way)[None].astype(np.float32), length, np.zeros(1), field, seed)[0]
    return _resampled(curve, max(guide_points(gathered.length), 40))


def _coil(begin: np.ndarray, normal: np.ndarray, size: float) -> np.ndarray:
    """(M, 3): a rope coiled up on the head: two rounds and a half that get narrower and rise."""
    first = unit(np.cross(normal, [0.3, 1.0, 0.2]))
    second = np.cross(normal, first)
    share = np.linspace(0, 1, 90)[:, None]
    angle = share * 2.5 * 6.2832
    radius = size * (1.55 - 1.35 * share**1.2)
    return (
        begin
        + normal * size * (0.35 + 1.1 * share)
        + radius * (np.cos(angle) * first + np.sin(angle) * second)
    )


def _scalp_point(side: float, height: float, field: SignedDistance) -> tuple[np.ndarray, np.ndarray]:
    """Point and normal at the back (or top) of the head, `side` cm left of the middle, at a height."""
    if height >= 6.5:  # on top: the higher, the further forward
        back = np.array([side, 4.0 - (height - 6.5) * 2.5, 9.0])
    else:
        back = np.array([side, 12.0, height])
    ray = unit(back - np.array([side * 0.3, 0, min(height, 4.0) * 0.7]))
    point = _shell(ray[None], field, 0.1, np.array([side * 0.3, 0, min(height, 4.0) * 0.7]))[0]
    return point, field.with_normal(point[None], soft=True)[1][0]


def _shell(
    rays: np.ndarray, field: SignedDistance, off: float, origin: np.ndarray | float = 0.0
) -> np.ndarray:
    """Where rays (N, 3) from inside the skull come to `off` cm above the skin."""
    steps = np.arange(2.0, 16.0, 0.1)
    points = origin + rays[:, None] * steps[None, :, None]
    outside = field.distance(points.astype(np.float32), soft=True) > off
    return points[np.arange(len(rays)), np.argmax(outside, 1)]


def _resampled(curve: np.ndarray, count: int) -> np.ndarray:
    at, known = np.linspace(0, 1, count), np.linspace(0, 1, len(curve))
    return np.stack([np.interp(at, known, curve[:, k]) for k in range(3)], 1).astype(np.float32)
