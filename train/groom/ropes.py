"""Ropes of hair: strands wound round centre lines, as in braids, twists, locs, tails and buns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from train.groom.surface import smoothstep, unit


@dataclass(frozen=True)
class Winding:
    """How strands go round a centre line; all lengths as multiples of the rope's half thickness.

    Attributes:
        bundles: how many bundles are wound about each other.
        wide, deep: how far a bundle swings aside, and to and fro.
        figure: 2 where bundles cross in a figure of eight (a braid), 1 where they go round (a twist).
        bundle: half the thickness of a bundle.
        pitch: length of one full turn.
        fuzz: how far single strands leave their place.
        begins: its thickness where it begins, as a share; whole after `BEGINS_OVER`.
    """

    bundles: int
    wide: float
    deep: float
    figure: int
    bundle: float
    pitch: float
    fuzz: float = 0.04
    begins: float = 1.0


WINDINGS = {
    # Three bundles: each crosses over to the other side once a third of a turn.
    "braid": Winding(3, 0.62, 0.30, 2, 0.46, 4.6),
    # Hair is taken up on the way, so it begins thin.
    "french": Winding(3, 0.66, 0.22, 2, 0.46, 4.2, begins=0.6),
    # Crossed under instead of over: it stands on the hair.
    "dutch": Winding(3, 0.66, -0.34, 2, 0.44, 4.2, begins=0.6),
    # Two halves that give each other thin strands from their outer edges: a fine herringbone.
    "fishtail": Winding(5, 0.72, 0.30, 2, 0.34, 4.8, fuzz=0.02),
    "twist": Winding(2, 0.46, 0.46, 1, 0.56, 3.6, fuzz=0.06),
    "rope": Winding(2, 0.46, 0.46, 1, 0.56, 5.5, fuzz=0.05),
    "loc": Winding(1, 0.0, 0.0, 1, 1.0, 9.0, fuzz=0.12),
    "lock": Winding(1, 0.0, 0.0, 1, 1.0, 60.0, fuzz=0.02),
    "coil": Winding(2, 0.30, 0.30, 1, 0.75, 7.0, fuzz=0.03),
    # A lock wound round a finger: it goes round an empty middle.
    "ringlet": Winding(1, 0.62, 0.62, 1, 0.42, 3.4, fuzz=0.05),
}
# Over how many cm a rope that takes hair up grows to its thickness.
BEGINS_OVER = 14.0
# How thick an open end is where it begins, as a share of the rope: wider, it was a brush.
OPEN = 0.75


@dataclass(frozen=True)
class CentreLines:
    """Where ropes run.

    Attributes:
        points: float32 (B, M, 3) cm.
        along: float32 (B, M), cm from the beginning.
        across, over: float32 (B, M, 3): two unit vectors across the rope; `over` points away from the head.
    """

    points: np.ndarray
    along: np.ndarray
    across: np.ndarray
    over: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """float32 (B,), cm."""
        return self.along[:, -1]

    def at(self, rope: np.ndarray, along: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Points, across and over, float32 (N, K, 3) each, at cm `along` (N, K) of the ropes (N,)."""
        count = self.points.shape[1]
        step = (self.along[:, -1] / (count - 1))[rope][:, None]
        place = np.clip(along / np.maximum(step, 1e-6), 0, count - 1 - 1e-4)
        first = place.astype(np.int32)
        share = (place - first)[..., None].astype(np.float32)
        row = rope[:, None]

        def between(values: np.ndarray) -> np.ndarray:
            return values[row, first] * (1 - share) + values[row, first + 1] * share

        return between(self.points), unit(between(self.across)), unit(between(self.over))


def centre_lines(points: np.ndarray, outward: np.ndarray) -> CentreLines:
    """Makes centre lines of curves.

    Args:
        points: float32 (B, M, 3); become evenly spaced along each.
        outward: float32 (B, 3), away from the head where a rope begins.
    """
    even = np.stack([_evenly(curve) for curve in points]).astype(np.float32)
    pieces = np.linalg.norm(np.diff(even, axis=1), axis=2)
    along = np.concatenate([np.zeros((len(even), 1)), np.cumsum(pieces, 1)], 1).astype(np.float32)
    tangent = unit(np.gradient(even, axis=1))
    over = np.empty_like(even)
    before = outward
    for k in range(even.shape[1]):  # carried along without turning about the rope
        before = unit(before - (before * tangent[:, k]).sum(1, keepdims=True) * tangent[:, k])
        over[:, k] = before
    return CentreLines(even, along, np.cross(tangent, over).astype(np.float32), over)


@dataclass(frozen=True)
class Ends:
    """What becomes of a rope further on.

    Attributes:
        free: share of its length at the end that is left open.
        curl, curl_length: radius and hair a turn of curls there, cm.
        messy: 0 to 1, how far strands come loose.
    """

    free: float = 0.0
    curl: float = 0.0
    curl_length: float = 7.0
    messy: float = 0.0


def wind(
    lines: CentreLines,
    rope: np.ndarray,
    along: np.ndarray,
    size: float,
    winding: Winding,
    ends: Ends,
    random: np.random.Generator,
) -> np.ndarray:
    """Strands wound round their ropes.

    Args:
        lines: the centre lines.
        rope: int (N,), which one each strand belongs to.
        along: float32 (N, K), where on it each point of a strand lies, cm.
        size: half the thickness of a rope, cm.
        winding: how.
        ends: what becomes of it further on.
        random: of each strand's place in its bundle.

    Returns:
        float32 (N, K, 3) cm.
    """
    count, ropes = len(rope), len(lines.points)
    centre, across, over = lines.at(rope, along)
    bundle = random.integers(winding.bundles, size=count)
    turned = 6.2832 * along / (winding.pitch * size) + (6.2832 / winding.bundles * bundle)[:, None]
    # Ropes of one head are not wound in step.
    turned = turned + random.uniform(0, 6.28, ropes)[rope][:, None]
    aside = winding.wide * np.sin(turned)
    out = winding.deep * (np.sin(2 * turned) if winding.figure == 2 else np.cos(turned))
    left = np.maximum(lines.lengths[rope][:, None] - along, 0)
    # A braid's end is thinner: layers of hair end before it does.
    taper = 0.35 + 0.65 * smoothstep(0, np.maximum(6 * size, 4), left)
    thick = winding.begins + (1 - winding.begins) * smoothstep(0, BEGINS_OVER, along)
    angle = random.uniform(0, 6.28, count)[:, None] + 0.5 * turned
    place = winding.bundle * np.sqrt(random.random(count))[:, None]
    wave = sum(
        np.sin(along * (6.28 / length) + random.uniform(0, 6.28, count)[:, None])
        for length in (2.3, 5.1, 11.0)
    )
    fuzz = winding.fuzz + 0.12 * ends.messy
    place = place + fuzz * wave * random.exponential(1.0, count)[:, None]
    aside, out = aside + place * np.cos(angle), out + place * np.sin(angle)
    if ends.free > 0:
        aside, out, taper = _opened(lines, rope, along, size, (aside, out, taper), ends, random)
    thick = (size * taper * thick)[..., None]
    return (centre + thick * (aside[..., None] * across + out[..., None] * over)).astype(np.float32)


def _opened(
    lines: CentreLines,
    rope: np.ndarray,
    along: np.ndarray,
    size: float,
    wound: tuple[np.ndarray, np.ndarray, np.ndarray],
    ends: Ends,
    random: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where strands lie across their rope once its end is left open: side by side, waved or curled."""
    aside, out, taper = wound
    length = lines.lengths[rope][:, None]
    start = length * (1 - ends.free)
    open_ = smoothstep(0, 1, (along - start) / np.maximum(0.35 * length * ends.free, 2.0))
    # A few curls a rope, each of many strands.
    curls = 3 * len(lines.points)
    curl = (3 * rope + random.integers(3, size=len(rope)))[:, None]
    phase = random.uniform(0, 6.28, curls)[curl] + 0.2 * random.standard_normal((len(rope), 1))
    turned = (
        6.2832 * (along - start) / (ends.curl_length * np.exp(0.15 * random.standard_normal(curls))[curl])
    )
    middle = random.uniform(0, 6.28, curls)[curl]
    apart = 0.45 + 0.35 * open_
    spot = random.standard_normal((2, len(rope), 1)) * 0.35
    wide = ends.curl / size
    free_aside = apart * np.cos(middle) + spot[0] + wide * np.cos(turned + phase)
    free_out = apart * np.sin(middle) + spot[1] + wide * np.sin(turned + phase)
    return (
        aside * (1 - open_) + free_aside * open_,
        out * (1 - open_) + free_out * open_,
        taper * (1 - open_) + open_ * (OPEN - 0.4 * smoothstep(0.2, 1, (along - start) / (length - start))),
    )


def rolled(
    lines: CentreLines,
    rope: np.ndarray,
    along: np.ndarray,
    size: float,
    count: int,
    random: np.random.Generator,
) -> np.ndarray:
    """Strands rolled up about their lines, from outside in, as a French twist is.

    Args:
        lines: the middles of the rolls. Strands come up on the side of `across`, go over, down and under.
        rope: int (N,); along: float32 (N,), where on it each comes to its roll, cm.
        size: half the thickness of a roll, cm.
        count: points of a strand, K.
        random: of each strand's place.

    Returns:
        float32 (N, K, 3) cm.
    """
    share = np.linspace(0, 1, count, dtype=np.float32)[None]
    drift = random.normal(0, 0.8, len(rope))[:, None] * share + random.normal(0, 0.25, len(rope))[:, None]
    at = np.clip(along[:, None] + drift, 0, lines.lengths[rope][:, None])
    centre, across, over = lines.at(rope, at)
    # Thinner to the ends of the roll, where it is tucked in.
    middle = at / np.maximum(lines.lengths[rope][:, None], 1e-3)
    thick = size * (0.55 + 0.45 * smoothstep(0, 0.3, middle) * smoothstep(0, 0.3, 1 - middle))
    radius = thick * (1.0 - 0.6 * share) * (1 - 0.10 * random.random(len(rope))[:, None])
    turned = 2.0 - 6.2832 * 1.3 * share
    return (
        centre + (radius * np.sin(turned))[..., None] * across + (radius * np.cos(turned))[..., None] * over
    ).astype(np.float32)


def _evenly(curve: np.ndarray) -> np.ndarray:
    pieces = np.linalg.norm(np.diff(curve, axis=0), axis=1)
    along = np.concatenate([[0], np.cumsum(pieces)])
    at = np.linspace(0, along[-1], len(curve))
    return np.stack([np.interp(at, along, curve[:, k]) for k in range(3)], 1)
