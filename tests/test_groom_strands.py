"""Locks and curls of strands that are made by hand."""

from __future__ import annotations

import numpy as np

from train.groom.flow import Combed
from train.groom.record import Clump, Curl
from train.groom.scalp import Roots
from train.groom.strands import clumped, curled

COUNT = 400


def roots() -> Roots:
    """A patch of scalp, a square centimetre at the side of the head."""
    points = np.zeros((COUNT, 3), np.float32)
    points[:, 1:] = np.random.default_rng(0).uniform(-0.5, 0.5, (COUNT, 2))
    points[:, 0] = 8.0
    out = np.tile(np.array([1, 0, 0], np.float32), (COUNT, 1))
    return Roots(points, out, points, np.ones(COUNT, np.float32), np.zeros(COUNT, np.float32))


def falling(aside: np.ndarray) -> np.ndarray:
    """Strands (N, 20, 3) that fall 20 cm and come so many cm (N,) to the front or, negative, to the back."""
    points = np.repeat(roots().points[:, None], 20, 1)
    along = np.linspace(0, 1, 20, dtype=np.float32)
    points[..., 1] -= aside[:, None] * np.minimum(3 * along, 1)
    points[..., 2] -= 20 * along
    return points


def test_hair_goes_with_no_lock_that_falls_on_the_other_side():
    aside = np.where(np.arange(COUNT) % 2 == 0, 9.0, -9.0)
    none = np.zeros(COUNT, np.float32)
    combed = Combed(roots().normals, none, none, none)
    clump = Clump(size=4.0, tight=0.9, power=0.5, stray=0.0, wander=0.0)
    flies = np.zeros(COUNT, bool)
    points = clumped(falling(aside), clump, roots(), combed, flies, None, np.random.default_rng(1))[0]
    ends = -points[:, -1, 1]
    assert np.abs(ends).min() > 7.5 and (np.sign(ends) == np.sign(aside)).all()


def test_locks_in_step_wave_together():
    lock = (np.arange(COUNT) % 40).astype(np.int32)
    straight = falling(np.zeros(COUNT))

    def differ(share: float) -> float:
        curl = Curl(radius=1.0, length=8.0, start=0.0, jitter=0.0, loose=0.0, together=share)
        moved = (
            curled(straight, curl, lock, roots(), np.zeros(COUNT, bool), np.random.default_rng(2)) - straight
        )
        return float(moved[:, 12:].std(0).mean())

    assert differ(1.0) < 0.6 * differ(0.0)


def test_clipped_hair_stands_for_itself():
    """Hair of half a millimetre cannot lean over to the middle of its lock; hair of 8 cm does."""
    none = np.zeros(COUNT, np.float32)
    combed = Combed(roots().normals, none, none, none)
    clump = Clump(size=6.0, tight=0.9, power=0.5, stray=0.0, wander=0.0)
    leant = []
    for length in (0.05, 8.0):
        along = np.linspace(0, length, 20, dtype=np.float32)
        points = roots().points[:, None] + along[None, :, None] * np.array([1, 0, 0], np.float32)
        flies = np.zeros(COUNT, bool)
        ends = clumped(points, clump, roots(), combed, flies, None, np.random.default_rng(1))[0][:, -1, 1:]
        leant.append(np.median(np.linalg.norm(ends - roots().points[:, 1:], axis=1)))
    assert leant[0] < 0.02 and leant[1] > 0.08
