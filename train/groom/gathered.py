"""Gathered hair: tails, buns, braids, twists, locs, cornrows, halos and rolls, as geometry.

Each root is drawn over the scalp to where its rope begins (or, in cornrows and French braids, to the nearest
place of a rope that runs over the scalp) and follows it to the end.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

from mirror.core.errors import MirrorError
from train.groom import courses
from train.groom.courses import Course
from train.groom.curves import Place
from train.groom.flow import fringe_share
from train.groom.record import Gathered, Groom
from train.groom.ropes import WINDINGS, Ends, rolled, wind
from train.groom.scalp import Roots
from train.groom.strands import GATHERED, Strands
from train.groom.surface import SignedDistance, smoothstep, unit

# What may be asked for: how its ropes are wound (`ropes.WINDINGS`; "roll": rolled up) and where they run.
KINDS: dict[str, tuple[str, Callable[[Place], Course]]] = {
    "ponytail": ("lock", courses.tail),
    "bun": ("coil", courses.bun),
    "braided_bun": ("braid", courses.bun),
    "puff": ("ringlet", courses.puff),
    "braid": ("braid", courses.tied),
    "rope_braid": ("rope", courses.tied),
    "fishtail": ("fishtail", courses.tied),
    "french_braid": ("french", courses.rows),
    "dutch_braid": ("dutch", courses.rows),
    "french_fishtail": ("fishtail", courses.rows),
    "cornrows": ("braid", courses.rows),
    "flat_twists": ("twist", courses.rows),
    "feed_in": ("braid", courses.spokes),
    "feed_in_bun": ("braid", functools.partial(courses.spokes, coiled=True)),
    "halo": ("dutch", courses.ring),
    "halo_twist": ("rope", courses.ring),
    "roll": ("roll", courses.roll),
    "box_braids": ("braid", courses.sections),
    "twists": ("twist", courses.sections),
    "locs": ("loc", courses.sections),
    "box_braids_tied": ("braid", courses.sections_tied),
    "locs_tied": ("loc", courses.sections_tied),
    "finger_coils": ("ringlet", courses.sections),
}
# Points of a strand before it has reached its rope.
APPROACH = 9
# What a comb draws together over the scalp: width of such a lock, cm, and how near its strands come.
LOCK, DRAWN = 0.5, 0.45


def takes(groom: Groom, gathered: Gathered, roots: Roots, seed: int) -> np.ndarray:
    """bool (N,): which roots are gathered; the others fall freely.

    `share` is taken from the top of the head down; `loose` lets locks at the hairline slip out; a fringe is
    left alone.
    """
    # No comb parts to the hair: what is gathered and what falls begin between each other.
    ragged = 0.2 * np.random.default_rng(seed + 23).standard_normal(len(roots))
    height = roots.canonical[:, 2] + gathered.tilt * roots.canonical[:, 1] + ragged
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
    if groom.fringe is not None:
        chosen &= fringe_share(groom.fringe, groom, roots, seed) < 0.5
    return chosen


def gather(groom: Groom, gathered: Gathered, roots: Roots, field: SignedDistance, seed: int) -> Strands:
    """Strands of gathered roots; where rows or fields are parted, roots at the parting have none.

    Raises:
        MirrorError: a kind that is not known.
    """
    if gathered.kind not in KINDS:
        raise MirrorError(
            f"groom {groom.name!r}: gathered.kind is {gathered.kind!r}; expected one of {', '.join(KINDS)}."
        )
    random = np.random.default_rng(seed + 31)
    winding, run = KINDS[gathered.kind]
    course = run(Place(groom, gathered, roots, field, seed))
    kept = course.clear >= gathered.parted / 2
    roots, rope, joins = roots.take(kept), course.rope[kept], course.joins[kept]
    wound = _wound(groom, gathered, winding, course, rope, joins, random)
    lock = _locks(roots, rope, random)
    approach = _approach(roots, wound[:, 0], lock, gathered, field, random)
    points = _smoothed_join(np.concatenate([approach, wound], 1))
    thick = groom.finish.radius / 10 * np.exp(groom.finish.thick * random.standard_normal(len(rope)))
    along = np.interp(np.linspace(0, 1, points.shape[1]), [0, 0.1, 0.9, 1], [0.9, 1, 0.9, groom.finish.tip])
    return Strands(
        points.astype(np.float32),
        (thick[:, None] * along).astype(np.float32),
        rope.astype(np.int32),
        np.full(len(rope), GATHERED, np.uint8),
        roots.canonical,
        (lock,),
    )


def _locks(roots: Roots, rope: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """int32 (N,): the lock of each root among those of its rope; what is combed tight still lies in locks."""
    if not len(roots):
        return np.zeros(0, np.int32)
    middles = random.choice(len(roots), min(len(roots), int(260 / LOCK**2)), replace=False)
    key = np.concatenate([roots.points, 30.0 * rope[:, None]], 1)
    return cKDTree(key[middles]).query(key)[1].astype(np.int32)


def _wound(
    groom: Groom,
    gathered: Gathered,
    winding: str,
    course: Course,
    rope: np.ndarray,
    joins: np.ndarray,
    random: np.random.Generator,
) -> np.ndarray:
    """float32 (N, K, 3): strands from where they join their ropes."""
    lines = course.lines
    if winding == "roll":
        return rolled(lines, rope, joins, course.size, 40, random)
    way = WINDINGS[winding]
    length = np.minimum(lines.lengths[rope] - joins, course.most)
    length = length * np.clip(1 - np.abs(random.normal(0, groom.length.jitter + 0.03, len(rope))), 0.4, 1)
    # An open end is not cut off straight.
    length = length * (1 - 0.8 * gathered.free * random.random(len(rope)))
    turns = float(lines.lengths.max()) / (way.pitch * course.size)
    if gathered.curl > 0:
        turns = max(turns, float(lines.lengths.max()) / gathered.curl_length)
    # Eight points a turn, and one every 7 mm for what leaves its place.
    count = int(np.clip(max(8 * turns, length.max() / 0.7), 24, 150))
    share = np.linspace(0, 1, count, dtype=np.float32)[None]
    ends = Ends(gathered.free, gathered.curl, gathered.curl_length, gathered.messy)
    return wind(lines, rope, joins[:, None] + share * length[:, None], course.size, way, ends, random)


def _approach(
    roots: Roots,
    joins: np.ndarray,
    lock: np.ndarray,
    gathered: Gathered,
    field: SignedDistance,
    random: np.random.Generator,
) -> np.ndarray:
    """float32 (N, APPROACH, 3): over the scalp from the roots to where ropes are joined, drawn tight
    or less so.
    """
    share = np.linspace(0, 1, APPROACH + 1, dtype=np.float32)[None, :-1, None]
    points = roots.points[:, None] * (1 - share) + joins[:, None] * share
    locks = int(lock.max(initial=0)) + 1
    middle = np.stack([np.bincount(lock, part, locks) for part in points.reshape(len(roots), -1).T], -1)
    middle = (middle / np.maximum(np.bincount(lock, minlength=locks), 1)[:, None])[lock].reshape(points.shape)
    drawn = DRAWN * (smoothstep(0.1, 0.6, share) * smoothstep(1, 0.75, share)).astype(np.float32)
    points = (points + drawn * (middle - points)).astype(np.float32)
    far_to_go = np.linalg.norm(joins - roots.points, axis=1)
    slack = (1 - gathered.tight) * 1.2
    # Hair that comes from further away lies below: nearer the rope all of it piles up.
    lies = 0.5 * (random.random(locks)[lock] + random.random(len(roots)))
    height = 0.06 + (0.25 + slack) * lies[:, None] * np.sin(np.pi * share[..., 0] * 0.85)
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
