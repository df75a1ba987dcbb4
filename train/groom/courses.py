"""Where ropes of hair run: from ties, over the scalp in rows or a ring, from fields of it, along rolls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from train.groom.curves import (
    Place,
    Tie,
    coil,
    edge_point,
    falling,
    fields_of,
    profile,
    resample,
    scalp_point,
    shell,
    ties_of,
    wander,
)
from train.groom.guides import grow_guides
from train.groom.ropes import CentreLines, centre_lines
from train.groom.scalp import above_hairline, parting_place
from train.groom.strands import measured
from train.groom.surface import along_surface, smoothstep, unit

# Locks of a tail, and of a puff of coils.
TAIL_LOCKS, PUFF_LOCKS = 40, 340
# All planes of rows meet in a line that enters the head below the forehead and leaves it below the nape (cm),
# so rows lie side by side on top, pass above the ears and come together at the neck.
ROWS_FROM, ROWS_TO = np.array([0.0, -13.0, -1.5]), np.array([0.0, 9.0, -13.0])


@dataclass(frozen=True)
class Course:
    """Ropes and who joins them where.

    Attributes:
        lines: the ropes' middles.
        rope: int (N,), which rope each root joins.
        joins: float32 (N,), how far along it, cm.
        size: half the thickness of a rope, cm.
        clear: float32 (N,), how far each root is from the next field, row or half, cm.
        most: a strand follows its rope for so many cm at most.
    """

    lines: CentreLines
    rope: np.ndarray
    joins: np.ndarray
    size: float
    clear: np.ndarray
    most: float = np.inf


def tied(place: Place) -> Course:
    """One place of the scalp, or one on each side, from which a rope falls."""
    ties, rope, clear = ties_of(place)
    curves = [falling(place, begin, normal) for begin, normal in ties]
    return _from_ties(place, curves, ties, rope, place.gathered.size, clear)


def tail(place: Place) -> Course:
    """As `tied`, but each tail is made of locks that spread, and are drawn together again by bands."""
    gathered, random = place.gathered, np.random.default_rng(place.seed + 43)
    ties, half, clear = ties_of(place)
    curves, outward = [], []
    for begin, normal in ties:
        middle = centre_lines(falling(place, begin, normal)[None], normal[None].astype(np.float32))
        along = middle.along[0]
        wide = gathered.size * profile(gathered, along)
        for _ in range(TAIL_LOCKS):
            angle, off = random.uniform(0, 6.28), np.sqrt(random.random())
            turned = 6.2832 * along / (gathered.curl_length * np.exp(0.18 * random.standard_normal()))
            turned = turned + random.uniform(0, 6.28)
            curl = gathered.curl * smoothstep(1.0, 7.0, along)
            sway = 0.25 * gathered.size * np.sin(along / random.uniform(5, 12) + random.uniform(0, 6.28))
            sway = sway * smoothstep(2, 12, along) * (gathered.bubbles == 0)
            aside = wide * off * np.cos(angle) + curl * np.cos(turned) + sway
            out = wide * off * np.sin(angle) + curl * np.sin(turned)
            lock = middle.points[0] + aside[:, None] * middle.across[0] + out[:, None] * middle.over[0]
            curves.append(lock * 1.0)
            outward.append(normal)
    # The outer locks end a little earlier: a soft end.
    kept = [resample(c[: int(len(c) * random.uniform(0.86, 1.0))], len(c)) for c in curves]
    lines = centre_lines(np.stack(kept), np.stack(outward).astype(np.float32))
    rope = half * TAIL_LOCKS + random.integers(TAIL_LOCKS, size=len(half))
    return Course(lines, rope, np.zeros(len(rope), np.float32), gathered.size * 0.34, clear)


def bun(place: Place) -> Course:
    """A rope coiled up at each tie; messy ones of several that do not lie in one plane."""
    gathered, random = place.gathered, np.random.default_rng(place.seed + 47)
    ties, half, clear = ties_of(place)
    ropes = 1 + round(4 * gathered.messy)
    curves, outward = [], []
    for begin, normal in ties:
        for _ in range(ropes):
            axis = unit(normal + 0.75 * gathered.messy * random.standard_normal(3))
            wide = gathered.size * (1 + 0.25 * gathered.messy * random.standard_normal())
            curves.append(coil(begin, normal, axis, wide, random.uniform(0, 6.28)))
            outward.append(unit(np.cross(normal, [1.0, 0.0, 0.0]) + 1e-3))
    lines = centre_lines(np.stack(curves), np.stack(outward).astype(np.float32))
    rope = half * ropes + random.integers(ropes, size=len(half))
    size = gathered.size * (1 - 0.35 * gathered.messy)
    return Course(lines, rope, np.zeros(len(rope), np.float32), size, clear)


def puff(place: Place) -> Course:
    """Coils in all directions from each tie: a ball."""
    gathered, random = place.gathered, np.random.default_rng(place.seed + 53)
    ties, half, clear = ties_of(place)
    curves, outward = [], []
    share = np.linspace(0, 1, 40)[:, None]
    for begin, normal in ties:
        ways = unit(random.standard_normal((PUFF_LOCKS, 3)))
        ways = unit(np.where((ways @ normal < -0.35)[:, None], -ways, ways) + 0.25 * normal)
        for way in ways:
            length = gathered.length * random.uniform(0.86, 1.04)
            curves.append(begin + way * length * share)
            outward.append(unit(np.cross(way, random.standard_normal(3))))
    lines = centre_lines(np.stack(curves), np.stack(outward).astype(np.float32))
    rope = half * PUFF_LOCKS + random.integers(PUFF_LOCKS, size=len(half))
    return Course(lines, rope, np.zeros(len(rope), np.float32), gathered.size, clear)


def rows(place: Place) -> Course:
    """Ropes over the scalp from the hairline to the nape (or to one side), and on from there."""
    gathered, field = place.gathered, place.field
    widest = 84.0 if gathered.count > 4 else {1: 0.0, 2: 38.0, 3: 52.0, 4: 62.0}[gathered.count]
    turn = np.radians(gathered.aim)
    about = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1.0]])
    first, last = about @ ROWS_FROM, about @ ROWS_TO
    curves = []
    for angle in np.radians(np.linspace(-widest, widest, gathered.count)):
        axis = unit(last - first)
        up = unit(np.cross(np.cross(axis, [0, 0, 1.0]), axis))
        over = np.cos(angle) * up + np.sin(angle) * np.cross(up, axis)
        around = np.linspace(0, 1, 120)[:, None]
        inner = first * (1 - around) + last * around
        on_scalp = shell(np.broadcast_to(over, inner.shape), field, 0.3 + 0.45 * gathered.size, inner)
        grows = above_hairline(on_scalp.astype(np.float32), place.groom.hairline, place.seed) > 0.3
        if grows.sum() < 8:
            continue
        kept = on_scalp[np.argmax(grows) : len(grows) - np.argmax(grows[::-1])]
        normal = field.with_normal(kept[-1:], soft=True)[1][0]
        fall = falling(place, kept[-1], unit(unit(kept[-1] - kept[-3]) + 0.25 * normal))
        curves.append((kept, fall))
    return _over_scalp(place, curves)


def spokes(place: Place, coiled: bool = False) -> Course:
    """Ropes over the scalp from all of the hairline to one tie, and a tail (or a bun) of them from there."""
    gathered, field = place.gathered, place.field
    tie, normal = scalp_point(gathered.side, gathered.at, field)
    wide = 0.8 * gathered.size * np.sqrt(gathered.count)
    begin = tie + normal * (0.5 + 0.5 * wide)
    tail = centre_lines(falling(place, begin, normal)[None], normal[None].astype(np.float32))
    opens = 0.5 + 0.5 * smoothstep(0, 8, tail.along[0])[:, None]
    curves = []
    for turn in np.radians(np.linspace(-180, 180, gathered.count, endpoint=False) + 180 / gathered.count):
        edge = edge_point(turn, place)
        share = np.linspace(0, 1, 60)[:, None]
        way = edge * (1 - share) + tie * share
        for _ in range(4):
            far, away = field.with_normal(way, soft=True)
            way = way + (0.3 + 0.45 * gathered.size + 1.2 * share[:, 0] ** 8 - far)[:, None] * away
        if coiled:
            axis = unit(normal + 0.3 * np.array([np.sin(3 * turn), np.cos(5 * turn), 0]))
            fall = coil(way[-1], normal, axis, 0.16 * gathered.length * (0.7 + 0.3 * np.cos(2 * turn)), turn)
        else:
            fan = np.cos(2.4 * turn + 1) * tail.across[0] + np.sin(2.4 * turn + 1) * tail.over[0]
            fall = tail.points[0] + wide * (0.55 + 0.4 * np.sin(7 * turn)) * opens * fan
        curves.append((way, fall))
    return _over_scalp(place, curves)


def ring(place: Place) -> Course:
    """A rope round the head: behind the hairline of the forehead, above the ears, low at the back."""
    gathered, field = place.gathered, place.field
    turn = np.linspace(-np.pi, np.pi, 140)
    high = 0.24 + 0.36 * np.cos(turn) + 0.08 * (gathered.at - 4.0)
    rays = unit(np.stack([np.sin(turn), -np.cos(turn), high], 1))
    curve = shell(rays, field, 0.35 + 0.55 * gathered.size, 0.0)
    outward = field.with_normal(curve[:1], soft=True)[1]
    lines = centre_lines(curve[None], outward.astype(np.float32))
    _, nearest = cKDTree(lines.points[0]).query(place.roots.points)
    rope = np.zeros(len(nearest), np.int64)
    return Course(lines, rope, lines.along[0, nearest], gathered.size, np.full(len(rope), 9.0), most=16.0)


def sections(place: Place) -> Course:
    """The scalp in fields of like size; from the middle of each a rope falls."""
    groom, gathered = place.groom, place.gathered
    start, field_of, clear = fields_of(place)
    random, count = np.random.default_rng(place.seed + 59), len(start)
    ways = along_surface(start.canonical - np.array([0, 2.0, 6.5], np.float32), start.normals)
    if groom.parting is not None:
        # The side that guides are kept on: ropes that left the other way turned back over the forehead.
        side = np.sign(parting_place(start.canonical, groom, place.seed))
        aside = np.stack([side, np.full(count, 0.25), np.zeros(count)], 1)
        # As far back as the parting reaches, and beyond it: a rope from its end hung over the forehead.
        back = groom.parting.back
        ways = unit(ways + 1.5 * smoothstep(back + 3, back - 1, start.canonical[:, 1])[:, None] * aside)
    lengths = gathered.length * random.uniform(0.94, 1.0, count).astype(np.float32)
    curves = grow_guides(
        groom, start, ways.astype(np.float32), lengths, np.zeros(count), place.field, place.seed
    )
    curves = np.stack([resample(curve, max(len(curve), 40)) for curve in curves])
    strays = wander(curves.shape, random) * smoothstep(0, 1, np.linspace(0, 1, curves.shape[1]))[:, None]
    curves = curves + gathered.messy * strays * min(0.12 * gathered.length, 2.5)
    curves = _laid_on(curves, gathered.size, place)
    lines = centre_lines(curves, start.normals)
    return Course(lines, field_of, np.zeros(len(field_of), np.float32), gathered.size, clear)


def sections_tied(place: Place) -> Course:
    """As `sections`, but all ropes are taken together at one place and fall from there."""
    gathered, field = place.gathered, place.field
    start, field_of, clear = fields_of(place)
    random = np.random.default_rng(place.seed + 61)
    tie, normal = scalp_point(gathered.side, gathered.at, field)
    wide = 0.9 * gathered.size * np.sqrt(len(start))
    begin = tie + normal * (0.4 + 0.4 * wide)
    fall = centre_lines(falling(place, begin, normal)[None], normal[None].astype(np.float32))
    share = np.linspace(0, 1, 40)[:, None]
    curves = []
    for root in start.points:
        angle, off = random.uniform(0, 6.28), wide * np.sqrt(random.random())
        spread = (0.4 + 0.6 * smoothstep(0, 8, fall.along[0]))[:, None] * off
        hangs = fall.points[0] + spread * (np.cos(angle) * fall.across[0] + np.sin(angle) * fall.over[0])
        way = root * (1 - share) + hangs[0] * share
        high = (0.1 + (0.5 + random.random()) * gathered.size) * smoothstep(0, 0.15, share[:, 0])
        for _ in range(4):
            far, away = field.with_normal(way, soft=True)
            pull = np.where(far < high, high - far, (high - far) * 0.9 * smoothstep(1.0, 0.7, share[:, 0]))
            way = way + (pull * smoothstep(0, 0.1, share[:, 0]))[:, None] * away
        curves.append(resample(np.concatenate([way, hangs[1:]]), 110))
    lines = centre_lines(np.stack(curves), start.normals)
    return Course(lines, field_of, np.zeros(len(field_of), np.float32), gathered.size, clear)


def roll(place: Place) -> Course:
    """A roll over the scalp: upright at the back, level at the nape, or one on each side of the top.

    `aim` 0 is upright, 90 level; `count` 2 makes one on each side from the forehead back. Hair comes to the
    nearest place of it.
    """
    gathered, field = place.gathered, place.field
    curves = []
    if gathered.count == 1:
        turn = np.radians(gathered.aim)
        reach = np.linspace(-gathered.length / 2, gathered.length / 2, 50)
        height = gathered.at + reach * np.cos(turn)
        around = np.radians(180 + 5.6 * reach * np.sin(turn)) + gathered.side / 10
        rays = np.stack([np.sin(around), -np.cos(around), np.zeros(50)], 1)
        inner = np.stack([np.zeros(50), np.zeros(50), np.minimum(height, 4.5)], 1)
        up = np.array([0, 0, 1 / 6]) * np.maximum(height - 4.5, 0)[:, None]
        curves.append(shell(unit(rays + up), field, 0.15 + 0.85 * gathered.size, inner))
    else:
        for side in (1.0, -1.0):
            y = np.linspace(-7.2, -7.2 + gathered.length, 50)
            x = side * (abs(gathered.side) + 0.10 * (y + 7.2))
            inner = np.stack([x * 0.4, y * 0.55, np.zeros(50)], 1)
            rays = unit(np.stack([x, y, np.full(50, gathered.at)], 1) - inner)
            curves.append(shell(rays, field, 0.1 + 0.85 * gathered.size, inner))
    outward = field.with_normal(np.stack([c[0] for c in curves]), soft=True)[1]
    lines = centre_lines(np.stack(curves), outward.astype(np.float32))
    flat = lines.points.reshape(-1, 3)
    _, nearest = cKDTree(flat).query(place.roots.points)
    rope, at = np.divmod(nearest, lines.points.shape[1])
    return Course(lines, rope, lines.along[rope, at], gathered.size, np.full(len(rope), 9.0))


def _laid_on(curves: np.ndarray, size: float, place: Place) -> np.ndarray:
    """Middles of ropes (N, K, 3) no nearer to the head than their half thickness, from a little beyond their
    roots on: room is kept round the face after room round the head, and takes a rope through the temple.
    """
    grown = measured(curves)
    for _ in range(2):
        far, away = place.field.with_normal(curves, soft=True)
        curves = curves + np.maximum(np.minimum(size, 0.5 * grown) - far, 0)[..., None] * away
    return curves.astype(np.float32)


def _from_ties(
    place: Place, curves: list[np.ndarray], ties: list[Tie], rope: np.ndarray, size: float, clear: np.ndarray
) -> Course:
    outward = [unit(np.cross(normal, [1.0, 0.0, 0.0]) + 1e-3) for _, normal in ties]
    lines = centre_lines(np.stack(curves), np.stack(outward).astype(np.float32))
    return Course(lines, rope, np.zeros(len(rope), np.float32), size, clear)


def _over_scalp(place: Place, curves: list[tuple[np.ndarray, np.ndarray]]) -> Course:
    """Ropes that take up the hair beside them on the scalp and then fall: (on the scalp, from there)."""
    kept = np.stack([resample(on_scalp, 90) for on_scalp, _ in curves])
    falls = np.stack([fall[1:] for _, fall in curves])
    outward = place.field.with_normal(kept[:, 0], soft=True)[1]
    lines = centre_lines(np.concatenate([kept, falls], 1), outward.astype(np.float32))
    tree = cKDTree(kept.reshape(-1, 3))
    far, nearest = tree.query(place.roots.points)
    rope, at = np.divmod(nearest, kept.shape[1])
    # The next row, for the parting between.
    clear = np.full(len(rope), 9.0)
    for k in range(len(kept)):
        others = np.delete(kept, k, 0).reshape(-1, 3)
        mine = rope == k
        if len(others) and mine.any():
            clear[mine] = (cKDTree(others).query(place.roots.points[mine])[0] - far[mine]) / 2
    pieces = np.linalg.norm(np.diff(kept, axis=1), axis=2)
    along = np.concatenate([np.zeros((len(kept), 1)), np.cumsum(pieces, 1)], 1)
    # Hair is drawn on along the row, and not right across.
    joins = np.minimum(along[rope, at] + 0.45 * far, along[rope, -1])
    return Course(lines, rope, joins.astype(np.float32), place.gathered.size, clear)
