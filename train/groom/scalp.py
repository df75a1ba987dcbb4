"""The scalp: where hair grows, how densely, how long, and what lies where.

Everything here is told on the canonical head, so that a hairline lies at the same place of every head.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from train.groom.head import Head
from train.groom.record import Density, Groom, Hairline
from train.groom.surface import Surface, smoothstep

# Height of the hairline, cm, by angle from the face, degrees: forehead, temple, sideburn, round the ear,
# nape.
# Read off the base mesh beside photographs: 5 cm above the brows in the middle, 1 cm over the ear.
ANGLES = np.array([0, 18, 30, 37, 43, 49, 55, 61, 68, 76, 78.5, 80, 90, 101, 104, 110, 118, 140, 180])
HEIGHTS = np.array(
    [
        2.9,
        3.05,
        3.25,
        2.8,
        1.6,
        0.2,
        -1.2,
        -2.7,
        -4.2,
        -4.9,
        -4.7,
        -2.1,
        -1.8,
        -2.1,
        -4.3,
        -6.7,
        -8.1,
        -8.9,
        -9.5,
    ]
)
# Where a person's own hairline is told, degrees from the face, the wearer's left positive.
OWN_ANGLES = np.arange(-70, 71, 10)
# Share of its softness above which a hairline is seen: the root density is a half there.
SEEN_AT = 0.43
# Within so much of a parting its roots stand closer, cm: what is rooted there is all that hides the scalp,
# and of a hundred thousand hairs a groom has half.
PARTED = 0.6
# From one point of a zigzag parting to the next on the same side, cm: a comb's tail drawn by hand.
ZIGZAG = 2.6
# Regions by a point each, cm on the canonical head.
REGIONS = {
    "front": (0.0, -8.4, 4.0),
    "top": (0.0, -3.0, 7.4),
    "crown": (0.8, 5.0, 6.5),
    "temples": (6.2, -5.6, 2.0),
    "sides": (7.2, -1.0, 1.0),
    "sideburns": (7.6, -3.0, -4.0),
    "back": (0.0, 9.6, 1.0),
    "nape": (0.0, 7.2, -8.0),
}
# The band round the ear's root where no hair grows: half sizes, cm, round (|x|, y, z).
EAR = np.array([7.9, 0.7, -4.7]), np.array([1.6, 2.9, 3.0])


@dataclass(frozen=True)
class Roots:
    """Where strands begin.

    Attributes:
        points, normals: float32 (N, 3), cm, of the head.
        canonical: float32 (N, 3), cm: the same points on the canonical head.
        above: float32 (N,), cm above the hairline.
        thinness: float32 (N,), 0 full hair to 1 nearly bald.
    """

    points: np.ndarray
    normals: np.ndarray
    canonical: np.ndarray
    above: np.ndarray
    thinness: np.ndarray

    def __len__(self) -> int:
        return len(self.points)

    def take(self, chosen: np.ndarray) -> Roots:
        """Some of them, by mask or number."""
        return Roots(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def azimuth(canonical: np.ndarray) -> np.ndarray:
    """Degrees from the face, 0 ahead to 180 behind, of canonical points (N, 3)."""
    return np.degrees(np.arctan2(np.abs(canonical[:, 0]), -canonical[:, 1]))


def above_hairline(canonical: np.ndarray, line: Hairline, seed: int) -> np.ndarray:
    """float32 (N,): how high canonical points lie above the hairline, cm (negative: on bare skin)."""
    angle, x = azimuth(canonical), canonical[:, 0]
    height = np.interp(angle, ANGLES, HEIGHTS)
    if line.own:
        own = np.interp(np.copysign(angle, x), OWN_ANGLES, line.own)
        # A matte sees the line where hair is half as dense as it gets, and it grows denser from `height` on.
        height = height + (own - SEEN_AT * line.softness) * smoothstep(80, 70, angle)
    forehead, sideburn, nape = (
        smoothstep(62, 34, angle),
        np.exp(-(((angle - 74) / 7) ** 2)),
        smoothstep(105, 135, angle),
    )
    height = height + line.height * forehead + line.sideburns * sideburn + line.nape * nape
    height = height + line.recession * np.exp(-(((angle - 38) / 13) ** 2)) * smoothstep(8, 24, angle)
    height = height - line.peak * np.exp(-((x / 1.1) ** 2)) * forehead
    # It wanders differently left and right, in waves of 9 to 0.7 cm.
    random = np.random.default_rng(seed)
    around = np.copysign(angle, x) / 57.3
    for turn, frequency in enumerate((4, 7, 13, 22, 35, 57)):
        height = height + line.irregularity * 0.5 / (1 + 0.35 * turn) * np.sin(
            around * frequency + random.uniform(0, 6.28)
        )
    return (canonical[:, 2] - height).astype(np.float32)


def behind_hairline(roots: Roots) -> np.ndarray:
    """float32 (N,): how far behind the hairline of forehead and temples roots lie, cm; far past the ears."""
    angle, height = azimuth(roots.canonical), roots.canonical[:, 2]
    # Beside the face the line runs upright, and what lies behind it lies further round.
    temple = slice(2, 10)
    line = np.interp(height, HEIGHTS[temple][::-1], ANGLES[temple][::-1])
    round_ = np.radians(angle - line) * np.linalg.norm(roots.canonical[:, :2], axis=1)
    near = roots.above + smoothstep(4.5, 2.5, height) * (np.minimum(roots.above, round_) - roots.above)
    return (np.clip(near, 0, None) + 20 * smoothstep(80, 105, angle)).astype(np.float32)


def on_ear(canonical: np.ndarray) -> np.ndarray:
    """bool (N,): canonical points on or just round the ear."""
    folded = np.abs(canonical) * [1, 0, 0] + canonical * [0, 1, 1]
    return (((folded - EAR[0]) / EAR[1]) ** 2).sum(1) < 1


def region_weights(canonical: np.ndarray) -> dict[str, np.ndarray]:
    """float32 (N,) each, adding up to 1: how much each of `REGIONS` has to say at canonical points (N, 3)."""
    folded = canonical.copy()
    folded[:, 0] = np.abs(folded[:, 0])
    near = {name: ((folded - np.array(point, np.float32)) ** 2).sum(1) for name, point in REGIONS.items()}
    weights = {name: 1 / (square + 0.8) ** 2 for name, square in near.items()}
    total = sum(weights.values())
    return {name: (weight / total).astype(np.float32) for name, weight in weights.items()}


def remaining(canonical: np.ndarray, density: Density) -> np.ndarray:
    """float32 (N,), 0 to 1: the share of hair that a density record leaves at canonical points."""
    x, y, z = np.abs(canonical[:, 0]), canonical[:, 1], canonical[:, 2]
    wreath = np.maximum(smoothstep(4.2, 1.2, z), smoothstep(8.4, 10.5, np.hypot(x, y * 0.6)))
    # A lower wreath is bounded by height alone, lower at the back than above the ears.
    low = smoothstep(4.2, 1.2, z + density.rim * (0.55 + 0.45 * smoothstep(0, 7, y)))
    horseshoe = low if density.rim > 0 else wreath
    crown = np.exp(-((np.hypot(x, canonical[:, 1] - 4.2) / density.crown_size) ** 4))
    corner = np.exp(-(((x - 4.8) / 2.0) ** 2 + ((y + 6.6) / 2.6) ** 2))
    front = smoothstep(-3.2, -5.2, y)
    parting = np.exp(-((x / density.parting_size) ** 2))
    above = 1 - horseshoe
    # Front, top and crown share the top of the head between them; the others lie over it.
    gone = (1 - density.front) * front * above
    gone = gone + (1 - density.top) * (1 - front) * (1 - crown) * above
    gone = gone + (1 - density.crown) * (1 - front) * crown * (1 - 0.7 * horseshoe)
    left = 1 - gone
    for share, zone in (
        (density.temples, corner),
        # The hairline is kept, a finger's width of it.
        (density.parting, parting * smoothstep(6.2, 4.4, np.abs(y + 1.2)) * above),
        (density.sides, horseshoe),
    ):
        left = left * (1 - (1 - share) * zone)
    return left.astype(np.float32)


def place_roots(groom: Groom, head: Head, seed: int, scale: float = 1.0) -> Roots:
    """Roots of all strands of a groom.

    Args:
        groom: the style.
        head: the head.
        seed: of the places and of the hairline's way.
        scale: multiplies the number of strands.

    Returns:
        In random order, so that the first half is as good as any half.
    """
    random = np.random.default_rng(seed)
    middle = head.canonical[head.triangles].mean(1)
    scalp = head.triangles[(above_hairline(middle, groom.hairline, seed) > -1.5) & (middle[:, 2] > -13)]
    surface = Surface(head, scalp)
    # A scalp has some 650 square centimetres on which `strands` stand; more are drawn and some left out
    # again.
    wanted = groom.density.strands * scale * 1.35
    points, normals, canonical = surface.sample(int(wanted), random)
    points, normals, canonical = _spread(points, normals, canonical, np.sqrt(surface.area / wanted) * 0.5)
    if groom.parting is not None and groom.parting.dense > 1:
        more = surface.sample(int(len(points) * (groom.parting.dense - 1)), random)
        beside = random.random(len(more[2])) < _near_parting(more[2], groom, seed)
        points, normals, canonical = (
            np.concatenate([one, other[beside]])
            for one, other in zip((points, normals, canonical), more, strict=True)
        )
        order = random.permutation(len(points))
        points, normals, canonical = points[order], normals[order], canonical[order]
    above = above_hairline(canonical, groom.hairline, seed)
    angle = azimuth(canonical)
    softness = groom.hairline.softness * np.where(angle < 62, 1.0, 0.55)
    share = smoothstep(-0.15, 1.0, above / softness) * remaining(canonical, groom.density)
    if groom.parting is not None and groom.parting.width > 0:
        share = share * _beside_parting(canonical, groom, seed)
    grows = (random.random(len(share)) < share) & (above > -0.25) & ~on_ear(canonical)
    thin = 1 - remaining(canonical, groom.density)
    return Roots(*(array[grows].astype(np.float32) for array in (points, normals, canonical, above, thin)))


def parting_place(canonical: np.ndarray, groom: Groom, seed: int) -> np.ndarray:
    """float32 (N,): how far left of the parting canonical points lie, cm. Only for grooms that have one."""
    assert groom.parting is not None
    parting, y = groom.parting, canonical[:, 1]
    random = np.random.default_rng(seed + 5)
    waver = sum(
        np.sin(y * frequency + random.uniform(0, 6.28)) / (1 + k)
        for k, frequency in enumerate((0.7, 1.6, 3.7))
    )
    towards_whorl = (groom.flow.whorl_side - parting.at) * smoothstep(parting.back - 5, parting.back + 2, y)
    points = parting.zigzag * (2 * np.abs((y / ZIGZAG) % 1 - 0.5) - 0.5)
    return canonical[:, 0] - (parting.at + towards_whorl + parting.waver * 0.5 * waver + 2 * points)


def _near_parting(canonical: np.ndarray, groom: Groom, seed: int) -> np.ndarray:
    """(N,), 0 to 1: how near points are to a parting."""
    assert groom.parting is not None
    off = parting_place(canonical, groom, seed) / PARTED
    return np.exp(-(off**2)) * smoothstep(groom.parting.back + 1.5, groom.parting.back - 1.5, canonical[:, 1])


def _beside_parting(canonical: np.ndarray, groom: Groom, seed: int) -> np.ndarray:
    assert groom.parting is not None
    off = np.abs(parting_place(canonical, groom, seed)) / max(groom.parting.width, 1e-3)
    ahead = smoothstep(groom.parting.back + 1.5, groom.parting.back - 1.5, canonical[:, 1])
    return 1 - ahead * np.exp(-(off**4))


def _spread(
    points: np.ndarray, normals: np.ndarray, canonical: np.ndarray, apart: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Leaves out points that come too near to another: follicles stand more evenly than chance would
    have it.
    """
    pairs = cKDTree(canonical).query_pairs(apart, output_type="ndarray")
    stays = np.ones(len(points), bool)
    stays[pairs.max(1)] = False
    return points[stays], normals[stays], canonical[stays]
