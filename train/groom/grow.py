"""A groom grown on a head: the order of the work, from roots to strands.

Example:
    >>> from train.groom.book import find_groom
    >>> from train.groom.head import load_head
    >>> hair = grow(find_groom("bob"), load_head(), seed=1, scale=0.01)
    >>> hair[0].points.shape[2]
    3
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from train.groom.flow import comb
from train.groom.gathered import gather, takes
from train.groom.guides import grow_guides
from train.groom.head import Head, load_head
from train.groom.record import Groom
from train.groom.scalp import Roots, azimuth, place_roots, region_weights
from train.groom.strands import (
    DOWN,
    FLYAWAY,
    HeightScale,
    Strands,
    children,
    clumped,
    curled,
    cut_share,
    frizzed,
    measured,
    pushed_out,
    resampled,
    thickness,
    turned_at_root,
)
from train.groom.surface import HeadKey, SignedDistance, signed_distance, smoothstep

# Guides a full head; more do not show (children follow three each).
GUIDES = 2600
# Where fewer strands are grown each is wider, so that hair covers as much; beyond four times it is straw.
WIDEST = 4.0
# Fewer roots than this have no neighbours to follow; nobody misses what slipped out of a draft's ponytail.
FEWEST = 8
# Length of down, cm: longer than a lash, shorter than hair that is combed.
DOWN_LENGTH = 0.4, 2.4
# MediaPipe's numbers of the chin and of the corners of the eyes.
CHIN, EYES = 152, (33, 133, 362, 263)


def grow(groom: Groom, head: Head, seed: int = 1, scale: float = 1.0) -> tuple[Strands, ...]:
    """Grows a groom on a head.

    Args:
        groom: the style.
        head: the head that it is grown for.
        seed: the same seed gives the same hair, to the bit.
        scale: multiplies the number of strands (0.02 is enough to see the shape) and divides their radius,
            which grows to `WIDEST` times at most.

    Returns:
        One `Strands` for each number of points; empty where nothing grows.
    """
    roots = place_roots(groom, head, seed, scale)
    field = signed_distance(HeadKey(head))
    hair = []
    for gathered in groom.gathered:
        taken = takes(groom, gathered, roots, seed)
        if taken.any():
            hair.append(gather(groom, gathered, roots.take(taken), field, seed))
        roots = roots.take(~taken)
    if len(roots) >= FEWEST:
        hair.append(_free(groom, roots, head, field, seed, scale))
    wider = min(1 / scale, WIDEST)
    return tuple(replace(one, radius=one.radius * np.float32(wider)) for one in hair)


def _free(groom: Groom, roots: Roots, head: Head, field: SignedDistance, seed: int, scale: float) -> Strands:
    """The hair that falls freely."""
    random = np.random.default_rng(seed + 100)
    combed = comb(groom, roots, seed)
    lengths = strand_lengths(groom, roots, random)
    chosen = random.choice(
        len(roots), min(max(int(GUIDES * min(scale * 4, 1)), 200), len(roots)), replace=False
    )
    guides = grow_guides(
        groom,
        roots.take(chosen),
        combed.directions[chosen],
        lengths[chosen],
        combed.fringe[chosen],
        field,
        seed,
    )
    points = children(guides, chosen, roots, combed, lengths)
    flies = random.random(len(roots)) < groom.finish.flyaways
    locks: list[np.ndarray] = []
    share = np.ones(len(roots), np.float32)
    for clump in groom.clumps:
        parent = locks[-1] if locks else None
        points, lock, outer = clumped(points, clump, roots, combed, flies, parent, random)
        locks.append(lock)
        share = share * (1 - clump.point * np.clip(outer, 0, 1.2) * random.random(len(roots)) ** 0.5)
    lock = locks[0] if locks else np.arange(len(roots), dtype=np.int32)
    share = np.minimum(share, cut_share(points, roots, combed, groom, _heights(head), lock, random))
    down = _down(groom, roots, random)
    # Down is short whatever the hair behind it: a share of waist length would hang over the forehead.
    short = random.uniform(*DOWN_LENGTH, len(roots)) / np.maximum(measured(points)[:, -1], 1e-3)
    share = np.where(down, np.minimum(share * random.uniform(0.15, 0.6, len(roots)), short), share)
    points = resampled(points, strand_points(groom, float(lengths.max())), np.clip(share, 0.02, 1))
    for curl in groom.curls:
        turning = locks[min(curl.level, len(locks) - 1)] if locks else lock
        points = curled(points, curl, turning, roots, flies, random)
    points = frizzed(turned_at_root(points, roots, down, random), groom.finish, flies, random)
    points = pushed_out(points, field)
    points[:, 0] = roots.points - roots.normals * 0.08  # rooted in the skin, not on it
    part = np.where(flies, FLYAWAY, np.where(down, DOWN, 0)).astype(np.uint8)
    fine = thickness(roots, down, flies, groom, points.shape[1], random)
    return Strands(points.astype(np.float32), fine, lock, part, roots.canonical, tuple(locks[1:]))


def strand_lengths(groom: Groom, roots: Roots, random: np.random.Generator) -> np.ndarray:
    """float32 (N,): how long each strand is before it is cut, cm."""
    weights = region_weights(roots.canonical)
    logs = sum(weight * np.log(getattr(groom.length, name)) for name, weight in weights.items())
    length = np.exp(logs)
    if groom.fade is not None:
        fade, z = groom.fade, roots.canonical[:, 2] - groom.fade.slope * roots.canonical[:, 1]
        above = smoothstep(fade.bottom, fade.top, z + 0.15 * random.standard_normal(len(z)))
        above = np.maximum(above, smoothstep(fade.around, fade.around + 12, azimuth(roots.canonical)))
        if fade.strip > 0:
            above = smoothstep(fade.strip + 0.25, fade.strip - 0.25, np.abs(roots.canonical[:, 0]))
        length = np.minimum(
            length,
            np.exp((1 - above) * np.log(fade.length) + above * np.log(np.maximum(length, fade.length))),
        )
    length = length * np.clip(1 - np.abs(random.normal(0, groom.length.jitter, len(length))), 0.3, 1)
    length = length * (1 - 0.5 * groom.density.fineness * roots.thinness)
    return np.maximum(length, 0.02).astype(np.float32)


def strand_points(groom: Groom, length: float) -> int:
    """Points a strand needs: nine a turn of its tightest curl, two a centimetre of straight hair."""
    turns = max((length / curl.length for curl in groom.curls), default=0.0)
    return int(np.clip(max(9 * turns, 6 + 1.1 * length), 5, 110))


def _down(groom: Groom, roots: Roots, random: np.random.Generator) -> np.ndarray:
    """bool (N,): the short fine hair along the hairline of forehead and temples."""
    edge = smoothstep(0.9, 0.0, roots.above / max(groom.hairline.softness, 0.1))
    return (random.random(len(roots)) < groom.hairline.baby * edge) & (azimuth(roots.canonical) < 75)


def _heights(head: Head) -> HeightScale:
    def marks(one: Head, vertices: np.ndarray) -> np.ndarray:
        return np.array([vertices[:, 2].max(), one.landmarks[list(EYES), 2].mean(), one.landmarks[CHIN, 2]])

    canonical = load_head()
    return HeightScale(marks(head, head.vertices), marks(canonical, canonical.vertices))


def total_length(strands: Strands) -> np.ndarray:
    """float32 (N,): the length of each strand, cm."""
    return measured(strands.points)[:, -1]
