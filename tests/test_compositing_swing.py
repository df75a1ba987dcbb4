"""Hair swings after the head: at any rate of pictures, not by itself, and not for ever."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.compositing.swing import _FURTHEST, MASSES, Swing, shares_of, stiffness

EYES = 64.0
STILL = np.zeros((*MASSES.shape[:2], 2))


def anchors(x: float = 0.0) -> np.ndarray:
    """Pixels of the masses on a head that looks ahead, moved to the right by x."""
    flat = MASSES[..., [0, 2]] * (EYES / 6.3) * (1, -1)
    return flat + (x, 0)


def run(swing: Swing, rate: float, seconds: float, way) -> np.ndarray:
    """Displacements picture after picture, (N, rows, columns, 2); `way`: seconds to pixels."""
    times = np.arange(round(rate * seconds)) / rate
    return np.array([swing.look(anchors(way(t)), EYES, t) for t in times])


def nod(t: float) -> float:
    """A head that moves by two eye distances within a third of a second, and stays there."""
    return 2 * EYES * float(np.clip(t * 3, 0, 1))


@pytest.mark.parametrize("rate", [10, 15, 24, 30, 60, 120])
def test_it_is_stable_and_the_same_at_any_rate(rate: float) -> None:
    off = run(Swing(), rate, 4.0, nod)
    fine = run(Swing(), 120, 4.0, nod)
    most = (_FURTHEST * EYES)[:, None]
    assert (np.linalg.norm(off, axis=-1) <= most + 1e-9).all()
    tip, true = off[:, 3, 1, 0], fine[:, 3, 1, 0]
    assert tip.min() < -0.1 * EYES, "it stays behind a head that sets off"
    assert tip.max() > 0.02 * EYES, "and goes on when that stops"
    assert abs(tip.min() - true.min()) < 0.12 * EYES and abs(tip.max() - true.max()) < 0.12 * EYES
    assert np.abs(off[-1]).max() < 0.004 * EYES, "and comes to rest where it belongs"


def test_rows_nearer_to_the_scalp_move_less_and_come_first() -> None:
    off = np.abs(run(Swing(), 60, 2.0, nod)[:, :4, 1, 0])
    assert (np.diff(off.max(0)) > 0).all()


def test_a_head_that_is_still_has_hair_that_is_still() -> None:
    assert not run(Swing(), 30, 2.0, lambda t: 5.0).any()
    random = np.random.default_rng(0)
    trembles = run(Swing(), 30, 4.0, lambda t: float(random.normal(0, 0.05)))
    assert np.abs(trembles).max() < 0.3, "what trembles by a twentieth of a pixel is not made larger"


def test_a_head_that_goes_on_evenly_carries_its_hair_along() -> None:
    off = run(Swing(), 60, 6.0, lambda t: 40 * t)
    assert np.abs(off[-30:]).max() < 0.5


def test_nothing_drifts_in_an_hour() -> None:
    swing = Swing()
    for number in range(36000):
        t = number / 10
        off = swing.look(anchors(30 * np.sin(t) + 3 * np.sin(7.3 * t)), EYES, t)
    middle = np.mean([
        swing.look(anchors(30 * np.sin(t)), EYES, t) for t in 3600 + np.arange(0, 62.8, 0.1)
    ], 0)  # fmt: skip
    assert np.isfinite(off).all() and np.abs(middle).max() < 0.5


def test_asked_again_for_the_same_picture_it_says_the_same() -> None:
    swing = Swing()
    swing.look(anchors(0), EYES, 0.0)
    first = swing.look(anchors(9), EYES, 1 / 30)
    assert first.any() and np.array_equal(first, swing.look(anchors(9), EYES, 1 / 30))


def test_it_can_be_turned_off_and_begins_anew_with_another_head() -> None:
    assert not run(Swing(0.0), 30, 1.0, nod).any()
    half, whole = (run(Swing(amount), 30, 1.0, nod) for amount in (0.5, 1.0))
    assert np.allclose(half * 2, whole)
    swing = Swing()
    swing.look(anchors(0), EYES, 0.0)
    assert swing.look(anchors(20), EYES, 0.03).any()
    swing.reset()
    assert not swing.look(anchors(40), EYES, 0.06).any()
    assert not swing.look(anchors(80), EYES, 2.0).any(), "nobody knows what it did so long"
    assert not swing.look(anchors(80 + 9 * EYES), EYES, 2.03).any(), "that is another head"


def test_places_between_the_masses_move_in_between() -> None:
    off = STILL.copy()
    off[:4, :, 0] = np.array([1.0, 2.0, 3.0, 4.0])[:, None]
    off[4:, :, 0] = np.array([10.0, 20.0])[:, None]
    places = np.array([[0.0, 0.0], [0.0, 10.0], [0.0, -11.0], [-8.0, -14.5], [3.0, -60.0], [0.0, 20.0]])
    assert (shares_of(places) @ off.reshape(-1, 2))[:, 0] == pytest.approx([0, 10 * 0.25, 1, 1.5, 4, 20])
    sides = STILL.copy()
    sides[3, 0, 0], sides[3, 2, 0] = -1.0, 1.0
    places = np.array([[-8.0, -36.0], [-4.0, -36.0], [0.0, -36.0], [20.0, -36.0]])
    moved = shares_of(places) @ sides.reshape(-1, 2)
    assert moved[:, 0] == pytest.approx([-1, -0.5, 0, 1])


def test_stiffness_by_kind_of_hair() -> None:
    assert stiffness(("long", "straight")) == 1.0 < stiffness(("curly",)) < stiffness(("coily", "short"))
    assert stiffness(()) == 1.0
