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
        spread: how much the rope opens towards its end.
    """

    bundles: int
    wide: float
    deep: float
    figure: int
    bundle: float
    pitch: float
    fuzz: float = 0.04
    spread: float = 0.0


WINDINGS = {
    # Three bundles: each crosses over to the other side once a third of a turn.
    "braid": Winding(3, 0.62, 0.30, 2, 0.46, 4.6),
    "twist": Winding(2, 0.46, 0.46, 1, 0.56, 3.6, fuzz=0.06),
    "loc": Winding(1, 0.0, 0.0, 1, 1.0, 9.0, fuzz=0.12),
    "tail": Winding(1, 0.0, 0.0, 1, 1.0, 90.0, fuzz=0.05, spread=0.9),
    "coil": Winding(2, 0.30, 0.30, 1, 0.75, 7.0, fuzz=0.03),
}


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


def wind(
    lines: CentreLines,
    rope: np.ndarray,
    along: np.ndarray,
    size: float,
    winding: Winding,
    random: np.random.Generator,
) -> np.ndarray:
    """Strands wound round their ropes.

    Args:
        lines: the centre lines.
        rope: int (N,), which one each strand belongs to.
        along: float32 (N, K), where on it each point of a strand lies, cm.
        size: half the thickness of a rope, cm.
        winding: how.
        random: of each strand's place in its bundle.

    Returns:
        float32 (N, K, 3) cm.
    """
    count = len(rope)
    centre, across, over = lines.at(rope, along)
    bundle = random.integers(winding.bundles, size=count)
    turned = 6.2832 * along / (winding.pitch * size) + (6.2832 / winding.bundles * bundle)[:, None]
    # Ropes of one head are not wound in step.
    turned = turned + random.uniform(0, 6.28, len(lines.points))[rope][:, None]
    aside = winding.wide * np.sin(turned)
    out = winding.deep * (np.sin(2 * turned) if winding.figure == 2 else np.cos(turned))
    left = np.maximum(lines.lengths[rope][:, None] - along, 0)
    # A braid's end is thinner: layers of hair end before it does.
    taper = 0.35 + 0.65 * smoothstep(0, np.maximum(6 * size, 4), left)
    opened = 1 + winding.spread * smoothstep(0, 14, along) * np.exp(-along / 60)
    angle = random.uniform(0, 6.28, count)[:, None] + 0.5 * turned
    place = winding.bundle * np.sqrt(random.random(count))[:, None]
    wave = sum(
        np.sin(along * (6.28 / length) + random.uniform(0, 6.28, count)[:, None])
        for length in (2.3, 5.1, 11.0)
    )
    place = place + winding.fuzz * wave * random.exponential(1.0, count)[:, None]
    thick = (size * taper * opened)[..., None]
    aside = (aside + place * np.cos(angle))[..., None] * across
    out = (out + place * np.sin(angle))[..., None] * over
    return (centre + thick * (aside + out)).astype(np.float32)


def _evenly(curve: np.ndarray) -> np.ndarray:
    pieces = np.linalg.norm(np.diff(curve, axis=0), axis=1)
    along = np.concatenate([[0], np.cumsum(pieces)])
    at = np.linspace(0, along[-1], len(curve))
    return np.stack([np.interp(at, along, curve[:, k]) for k in range(3)], 1)
