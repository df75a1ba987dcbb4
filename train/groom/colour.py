"""Colour of hair: pigment and dye as numbers, and what they are at every point of a groom's strands."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from mirror.core.errors import MirrorError

if TYPE_CHECKING:
    from train.groom.strands import Strands

Tint = tuple[float, float, float]
# Optical depth of pigment by the level that colourists count, 1 black to 10 lightest blond.
LEVELS = (4.0, 3.2, 2.2, 1.55, 1.08, 0.76, 0.53, 0.34, 0.19, 0.085)
# Blender counts a strand with more as one with so much: melanin is a share, and here as near to 1 as it goes.
_DARKEST = 9.2
# How much less locks differ in tone that hold finer ones, a scale.
COARSER = 0.6
# How much further off the rest stray strands are.
STRAY = 2.6
# How locks differ in what daylight has taken: standard deviation of the share's logarithm, and the most.
WORN, MOST_WORN = 0.5, 0.8
# The least share of its redness that a lock has: with less, fair hair was streaked with grey.
ASHEN = 0.6
# Redness that hair gains where it has lost all of its pigment.
WARMER = 0.25
# Heights on the canonical head, cm, between which hair sees more and more of the sky.
_SHADED = -7.0, 6.0
_BARE = 0.018  # of a hair without pigment: it is never quite clear
# Of the temples, in head coordinates (cm): grey begins there and above the brow.
_TEMPLE = np.array([6.8, -5.5, 1.0])


@dataclass(frozen=True)
class HairColour:
    """Colour of hair, the same for any groom.

    Pigment is told as optical depth: twice as much lets through the square of the share of light. Natural
    hair has about 4 (black) to 0.085 (lightest blond), see `LEVELS`.

    Attributes:
        pigment: 0 to 8, at the middle of the strands.
        redness: 0 to 1: share of red pigment: 0.1 ash, 0.3 neutral, 0.6 golden, 0.9 copper.
        tint: linear RGB, 0.01 to 1, that dye lets through, over the pigment; (1, 1, 1) none.
        lock_spread: 0 to 1: standard deviation of the pigment's logarithm from lock to lock.
        strand_spread: the same from strand to strand.
        stray: 0 to 1: share of strands that are far off the rest, `STRAY` times as much as the others.
        hue_spread: 0 to 1: standard deviation of redness from lock to lock, and how golden the warm ones are.
        roughness: 0.05 to 0.8 along the strand: lower is glossier. Healthy straight hair 0.2, coarse or coily
            0.35.
        radial: 0.05 to 1 across the strand: higher is softer and flatter.
        grey: 0 to 1: share of strands without pigment.
        grey_temples: 0 to 1: how far grey gathers at the temples.
        tips: -1 to 1: share of pigment that the tips have lost (sun, wear), below 0 gained; some
            locks more.
        sun: 0 to 1: how much more pigment hair of the nape has than hair of the top, which daylight reaches.
        roots: cm of regrowth, 0 none; `root_pigment` is what grows.
        root_pigment: 0 to 8.
        lights: 0 to 1: share of the hair in lighter (or darker) strands: highlights.
        lights_width: 0.1 to 3 cm: width of a strip of them.
        lights_pigment: 0 to 8: what they have.
        ends: 0 to 1: where along a strand an ombre begins; 1 none.
        ends_pigment: 0 to 8, beyond it.
        ends_tint: linear RGB, beyond it.
        split: colour of the subject's right half, if it has another one.

    Raises:
        MirrorError: a number out of its range.

    Example:
        >>> HairColour(pigment=1.1, redness=0.3).grey
        0.0
    """

    pigment: float = 1.55
    redness: float = 0.30
    tint: Tint = (1.0, 1.0, 1.0)
    lock_spread: float = 0.46
    strand_spread: float = 0.20
    stray: float = 0.05
    hue_spread: float = 0.15
    roughness: float = 0.24
    radial: float = 0.35
    grey: float = 0.0
    grey_temples: float = 0.5
    tips: float = 0.35
    sun: float = 0.25
    roots: float = 0.0
    root_pigment: float = 1.55
    lights: float = 0.0
    lights_width: float = 0.5
    lights_pigment: float = 0.36
    ends: float = 1.0
    ends_pigment: float = 0.36
    ends_tint: Tint = (1.0, 1.0, 1.0)
    split: HairColour | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            low, high = _RANGES.get(field.name, (0.0, 1.0))
            if field.name == "split" or (np.min(value) >= low and np.max(value) <= high):
                continue
            raise MirrorError(f"Hair colour: {field.name} {value} is out of range. Give {low:g} to {high:g}.")


_RANGES: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("pigment", "root_pigment", "lights_pigment", "ends_pigment"), (0.0, 8.0)),
    "tint": (0.01, 1.0), "ends_tint": (0.01, 1.0), "roughness": (0.05, 0.8), "radial": (0.05, 1.0),
    "tips": (-1.0, 1.0), "roots": (0.0, 60.0), "lights_width": (0.1, 3.0),
}  # fmt: skip


def _natural(level: float, redness: float, **more: float) -> HairColour:
    depth = float(np.exp(np.interp(level, np.arange(1, 11), np.log(LEVELS))))
    return HairColour(pigment=depth, redness=redness, **more)  # type: ignore[arg-type]


def _dyed(tint: Tint, pigment: float = 0.10, **more: float) -> HairColour:
    """Dye over hair that was bleached first: bleach takes what light had made uneven."""
    even = {"sun": 0.0, "stray": 0.0, "hue_spread": 0.1, "tips": 0.3}
    return HairColour(pigment=pigment, redness=0.3, tint=tint, roughness=0.27, **{**even, **more})  # type: ignore[arg-type]


# Light goes from strand to strand in fair hair and makes them alike: what tells them apart is more pigment in
# some locks than in others.
_FAIR = {"lock_spread": 0.42, "strand_spread": 0.28}

COLOURS: dict[str, HairColour] = {
    "black": _natural(1, 0.18, roughness=0.22, lock_spread=0.5, stray=0.05, tips=0.42),
    "darkest brown": _natural(2, 0.22, roughness=0.22),
    "dark brown": _natural(3, 0.26),
    "brown": _natural(4, 0.30),
    "light brown": _natural(5, 0.32),
    "dark blond": _natural(6, 0.30, **_FAIR),
    "blond": _natural(7, 0.28, **_FAIR),
    "light blond": _natural(8, 0.24, **_FAIR),
    "very light blond": _natural(9, 0.20, **_FAIR),
    "platinum": _natural(10, 0.08, strand_spread=0.35),
    "ash brown": _natural(5, 0.08),
    "golden blond": _natural(7.5, 0.50, **_FAIR),
    "auburn": _natural(4, 0.62),
    "copper": _natural(6.3, 0.96),
    "ginger": _natural(7.8, 1.0),
    "strawberry blond": _natural(8, 0.78),
    "salt and pepper": _natural(2.5, 0.15, grey=0.35, strand_spread=0.35, roughness=0.28),
    "greying temples": _natural(3, 0.24, grey=0.14, grey_temples=1.0),
    "grey": _natural(3, 0.10, grey=0.78, strand_spread=0.4, roughness=0.28),
    "silver": HairColour(pigment=0.03, redness=0.0, tint=(0.26, 0.34, 0.52), strand_spread=0.5, tips=0.0),
    "white": HairColour(
        pigment=0.012, redness=0.0, tint=(0.96, 0.975, 1.0), strand_spread=0.5, roughness=0.28, tips=0.0
    ),
    "highlights": _natural(5, 0.30, lights=0.35, lights_width=0.45, lights_pigment=0.34),
    "balayage": _natural(
        4, 0.30, lights=0.6, lights_width=1.0, lights_pigment=0.7, ends=0.45, ends_pigment=0.42
    ),
    "ombre": _natural(3, 0.28, ends=0.45, ends_pigment=0.32),
    "roots": _natural(9, 0.16, roots=3.0, root_pigment=1.6, strand_spread=0.3),
    "split dye": HairColour(
        pigment=5.0,
        redness=0.1,
        lock_spread=0.16,
        strand_spread=0.2,
        stray=0.0,
        sun=0.0,
        split=_natural(10, 0.08),
    ),  # fmt: skip
    "pink": _dyed((0.92, 0.16, 0.48), 0.03),
    "red": _dyed((0.62, 0.03, 0.03), 0.25),
    "burgundy": _dyed((0.42, 0.03, 0.09), 0.5),
    "purple": _dyed((0.22, 0.06, 0.70), 0.03),
    "blue": _dyed((0.03, 0.08, 0.80), 0.03),
    "teal": _dyed((0.04, 0.40, 0.42)),
    "green": _dyed((0.10, 0.42, 0.12)),
    "rose gold": _dyed((0.94, 0.50, 0.52), 0.06),
}


def find_colour(name: str) -> HairColour:
    """A colour by name. Raises MirrorError, with the names that are closest, for one that is not there."""
    if name not in COLOURS:
        near = difflib.get_close_matches(name, COLOURS, n=3, cutoff=0.4) or list(COLOURS)
        raise MirrorError(f"No hair colour is called {name!r}. Choose one of: {', '.join(near)}.")
    return COLOURS[name]


@dataclass(frozen=True)
class Pigment:
    """What is in each strand, as Blender's Principled Hair takes it.

    Attributes:
        melanin, redness: float32 (N, K), 0 to 1; optical depth is -ln(1 - melanin).
        tint: float32 (N, K, 3), linear RGB.
        roughness: float32 (N,), along the strand.
    """

    melanin: np.ndarray
    redness: np.ndarray
    tint: np.ndarray
    roughness: np.ndarray


def pigment(strands: Strands, colour: HairColour, seed: int) -> Pigment:
    """The colour of every point of every strand; the same for the same seed."""
    if colour.split is not None:
        left = pigment(strands, replace(colour, split=None), seed)
        right = pigment(strands, colour.split, seed)
        on_right = strands.root[:, 0] < 0
        return Pigment(
            *(
                np.where(on_right.reshape(-1, *[1] * (one.ndim - 1)), other, one)
                for one, other in (
                    (left.melanin, right.melanin),
                    (left.redness, right.redness),
                    (left.tint, right.tint),
                    (left.roughness, right.roughness),
                )  # fmt: skip
            )
        )
    random = np.random.default_rng([seed, 0xC0])
    count, points = strands.radius.shape
    scales = (strands.clump, *strands.finer)
    by_lock = random.standard_normal(int(strands.clump.max(initial=0)) + 1)[strands.clump]
    # Tone and gloss differ at every scale of locks, most at the finest, or one half of the head would be of
    # another colour; where hair is grey or dyed the coarsest decides.
    tone, gloss, hue, wear = (
        sum(
            COARSER**coarse * random.standard_normal(int(lock.max(initial=0)) + 1)[lock]
            for coarse, lock in enumerate(scales[::-1])
        )
        for _ in range(4)
    )
    by_strand = random.standard_normal(count)
    by_strand = by_strand * np.where(random.random(count) < colour.stray, STRAY, 1)
    grown = np.concatenate(
        [np.zeros((count, 1)), np.cumsum(np.linalg.norm(np.diff(strands.points, axis=1), axis=2), 1)], 1
    )
    along = grown / np.maximum(grown[:, -1:], 1e-3)

    depth = np.full((count, points), colour.pigment)
    tint = np.ones((count, points, 3)) * colour.tint
    if colour.lights > 0:
        strip = _strips(strands.root, colour.lights, colour.lights_width, random)[:, None]
        depth = _mixed(depth, colour.lights_pigment, strip * _ramp(0.2, 1.2, grown))
    if colour.ends < 1:
        # Ombre begins higher in one lock than in the next, and takes a quarter of the length.
        begins = colour.ends + 0.07 * by_lock + 0.03 * by_strand
        share = _ramp(begins[:, None] - 0.05, begins[:, None] + 0.22, along)
        depth = _mixed(depth, colour.ends_pigment, share)
        tint = tint * (1 - share[..., None]) + share[..., None] * colour.ends_tint
    if colour.roots > 0:
        reach = colour.roots * np.exp(0.15 * by_lock)[:, None]
        share = 1 - _ramp(reach * 0.75, reach * 1.25, grown)
        depth = _mixed(depth, colour.root_pigment, share)
        tint = tint * (1 - share[..., None]) + share[..., None]
    # Daylight takes pigment from what it reaches: the top of the head, the lengths, some locks more than
    # others.
    lost = np.clip(colour.tips * np.exp(WORN * wear - WORN**2 / 2), -1, MOST_WORN)[:, None] * along
    # Roots have as much more than the middle as the tips have less.
    depth = depth * (1 - lost) / (1 - colour.tips / 2)
    depth = depth * np.exp(-colour.sun * (_ramp(*_SHADED, strands.root[:, 2]) - 0.5))[:, None]
    # No strand is of one tone from end to end.
    waves = np.sin(grown / random.uniform(1.5, 5, count)[:, None] + random.uniform(0, 6.28, count)[:, None])
    depth = depth * np.exp(colour.lock_spread * tone + colour.strand_spread * by_strand)[:, None]
    depth = depth * np.exp(0.5 * colour.strand_spread * waves * along)
    finest = scales[-1]
    lengths, phases = (
        random.uniform(low, high, int(finest.max(initial=0)) + 1)[finest, None]
        for low, high in ((0.6, 2.0), (0, 6.28))
    )
    depth = depth * np.exp(0.7 * colour.lock_spread * np.sin(grown / lengths + phases))
    if colour.grey > 0:
        far = np.linalg.norm(
            np.abs(strands.root[:, :1]) * [1, 0, 0] + strands.root * [0, 1, 1] - _TEMPLE, axis=1
        )
        near = np.exp(-((far / 4.5) ** 2))
        share = colour.grey * (1 - colour.grey_temples) + colour.grey_temples * _share_like(near, colour.grey)
        # Grey comes in wisps: neighbours turn together, in part.
        chance = _uniform(0.6 * by_lock + 0.8 * random.standard_normal(count))
        bare = (chance < share)[:, None]
        depth = np.where(bare, _BARE * np.exp(0.5 * by_strand)[:, None], depth)
    # What has lost pigment is warmer: the brown one goes first.
    redness = colour.redness + colour.hue_spread * (hue + 0.6 * by_strand)
    redness = np.clip(redness[:, None] + WARMER * np.maximum(lost, 0), colour.redness * ASHEN, 1)
    roughness = np.clip(
        colour.roughness * np.exp(0.18 * gloss + 0.18 * random.standard_normal(count)), 0.05, 1
    )
    depth = np.minimum(depth, _DARKEST)
    return Pigment(
        (1 - np.exp(-depth)).astype(np.float32), redness.astype(np.float32), tint.astype(np.float32),
        roughness.astype(np.float32),
    )  # fmt: skip


def _mixed(depth: np.ndarray, other: float, share: np.ndarray) -> np.ndarray:
    """Between two depths of pigment, in equal steps to the eye."""
    return np.exp(np.log(depth + 0.02) * (1 - share) + np.log(other + 0.02) * share) - 0.02


def _ramp(low: np.ndarray | float, high: np.ndarray | float, value: np.ndarray) -> np.ndarray:
    share = np.clip((value - low) / (np.asarray(high) - low), 0, 1)
    return share * share * (3 - 2 * share)


def _strips(root: np.ndarray, share: float, width: float, random: np.random.Generator) -> np.ndarray:
    """float (N,) 0 or 1: which strands are in strips of that width (cm) over the scalp."""
    waves = np.zeros(len(root))
    for _ in range(12):
        way = random.standard_normal(3)
        way *= np.exp(random.uniform(-0.4, 0.4)) * np.pi / width / np.linalg.norm(way)
        waves += np.sin(root @ way + random.uniform(0, 6.28))
    waves += 0.35 * random.standard_normal(len(root))
    return (_uniform(waves) < share).astype(np.float64)


def _uniform(values: np.ndarray) -> np.ndarray:
    """Ranks of values, 0 to 1."""
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = (np.arange(len(values)) + 0.5) / max(len(values), 1)
    return ranks


def _share_like(weight: np.ndarray, mean: float) -> np.ndarray:
    """Chances in the proportion of `weight`, with that mean, none above 1."""
    low, high = 0.0, 1e6
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(weight * middle, 1).mean() < mean else (low, middle)
    return np.minimum(weight * low, 1)
