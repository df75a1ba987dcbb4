"""How long hair is cut and laid: aslant, round the face, in step, over one shoulder, behind one ear."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from train.groom.flow import comb
from train.groom.grow import grow
from train.groom.head import load_head
from train.groom.record import Clump, Curl, Cut, Density, Finish, Groom, Hairline, Lengths, Parting, Shape
from train.groom.scalp import azimuth, parting_place, place_roots

SCALE = 0.02
pytestmark = pytest.mark.usefixtures("distance_grid")


@pytest.fixture(scope="module")
def head():
    return load_head()


def hair_of(head, length: float = 45.0, **parts):
    """Strands of one length, without chance in their ends."""
    lengths = {field.name: length for field in dataclasses.fields(Lengths)}
    groom = Groom(
        name="plain", length=Lengths(**{**lengths, "jitter": 0.0}), hairline=Hairline(baby=0.0),
        finish=Finish(flyaways=0.0, frizz=0.0), density=Density(fineness=0.0), **parts,
    )  # fmt: skip
    return grow(groom, head, 1, SCALE)[0]


def test_a_cut_aslant_is_longer_on_one_side(head):
    tips = hair_of(head, cut=Cut(line=-13.0, jitter=0.0, aside=0.5)).points[:, -1]
    left, right = (np.median(tips[np.sign(tips[:, 0]) == side, 2]) for side in (1, -1))
    assert left == pytest.approx(-13 - 0.5 * np.median(tips[tips[:, 0] > 0, 0]), abs=0.7)
    assert right - left > 4


def test_hair_beside_the_face_is_framed_and_the_back_is_not(head):
    hair = hair_of(head, cut=Cut(line=-25.0, jitter=0.0, frame=-9.0, frame_depth=4.0), parting=Parting())
    angle, tips = azimuth(hair.root), hair.points[:, -1, 2]
    # Of what is rooted within half a centimetre behind the hairline.
    edge = (angle < 30) & (hair.root[:, 2] < 4.0)
    assert np.median(tips[edge]) > -14
    assert np.median(tips[angle > 110]) == pytest.approx(-25, abs=1)


def test_locks_differ_when_cut_lock_by_lock(head):
    ragged = hair_of(head, cut=Cut(line=-13.0, jitter=0.0, locks=2.0), clumps=(Clump(size=2.0, point=0.0),))
    tips = ragged.points[:, -1, 2]
    within = [np.std(tips[ragged.clump == lock]) for lock in np.unique(ragged.clump)]
    assert np.std(tips) > 1.2 > 2 * np.median(within)


def test_waves_together_lie_at_the_same_height_in_all_locks(head):
    def spread(together: float) -> float:
        shape = Shape(volume=0.5)
        curl = Curl(radius=0.8, length=8, round=0.0, start=3, jitter=0, loose=0, together=together)
        flat, waved = (
            hair_of(head, shape=shape, clumps=(Clump(wander=0.0),), curls=curls).points
            for curls in ((dataclasses.replace(curl, radius=0.01),), (curl,))
        )
        x, y, z = np.moveaxis(flat, -1, 0)
        swing = (-(waved - flat)[..., 0] * y + (waved - flat)[..., 1] * x) / np.hypot(x, y)
        at = (np.abs(z + 9) < 0.4) & (np.hypot(x, y) > 6)
        return float(np.std(swing[at]))

    assert spread(1.0) < 0.5 * spread(0.0)


def test_hair_taken_over_a_shoulder_hangs_there(head):
    for side in (1.0, -1.0):
        tips = hair_of(head, shape=Shape(over=side)).points[:, -1]
        assert (tips[:, 0] * side > 0).mean() > 0.85, "nearly all on that side"
        assert (tips[:, 1] < 3).mean() > 0.6, "and not behind"


def test_hair_falls_before_one_shoulder_and_behind_the_other(head):
    shape = Shape(shoulder=1.2, before=80, before_left=70)
    hair = hair_of(head, shape=shape, parting=Parting())
    tips, left = hair.points[:, -1, 1], hair.root[:, 0] > 0
    assert np.median(tips[left]) < np.median(tips[~left]) - 3


def test_one_ear_is_bared_and_the_other_is_not(head):
    points = hair_of(head, 22.0, shape=Shape(behind_ears=1.0, one_ear=1.0)).points
    x, y, z = np.moveaxis(points, -1, 0)
    before = (np.abs(x) > 6) & (y > -4) & (y < 1.5) & (z < -3.5) & (z > -8)
    assert (before & (x > 0)).sum() < 0.4 * (before & (x < 0)).sum()


def test_a_zigzag_parting_crosses_its_middle_again_and_again(head):
    groom = Groom(name="zigzag", parting=Parting(at=0.0, back=5.0, waver=0.0, zigzag=1.0))
    roots = place_roots(groom, head, 1, 0.2)
    along = np.stack([np.zeros(200), np.linspace(-8, 0, 200), np.full(200, 7)], 1).astype(np.float32)
    place = parting_place(along, groom, 1)
    assert (np.diff(np.sign(place)) != 0).sum() >= 5
    assert 0.7 < np.ptp(place) / 2 < 1.3
    assert set(np.unique(comb(groom, roots, 1).side)) == {-1.0, 1.0}


def test_roots_stand_closer_beside_a_parting_and_nowhere_else(head):
    def beside(dense: float) -> tuple[int, int]:
        groom = Groom(name="parted", parting=Parting(at=0.0, back=5.0, width=0.0, dense=dense))
        place = place_roots(groom, head, 1, 0.4).canonical
        off = np.abs(parting_place(place, groom, 1))
        ahead = place[:, 1] < 2
        return int((ahead & (off < 0.4)).sum()), int((ahead & (off > 2.0)).sum())

    (near, far), (nearer, as_far) = beside(1.0), beside(3.0)
    assert 2.2 < nearer / near < 3.1
    assert as_far == pytest.approx(far, rel=0.05)


def test_hair_crosses_a_parting_and_none_does_at_the_hairline(head):
    groom = Groom(name="parted", parting=Parting(at=0.0, back=5.0, width=0.0))
    roots = place_roots(groom, head, 1, 0.4)
    off = parting_place(roots.canonical, groom, 1)
    beside = (np.abs(off) < 0.3) & (np.abs(off) > 0.02) & (roots.canonical[:, 1] < 3)
    crosses = comb(groom, roots, 1).side != np.sign(off)
    assert crosses[beside & (roots.above > 4)].mean() > 0.1, "what crosses hides the skin between"
    edge = beside & (roots.above < 0.5)
    assert edge.sum() > 10 and not crosses[edge].any(), "it would hang over the face"


def test_hair_before_a_shoulder_hangs_as_a_panel_and_not_as_one_tail(head):
    shape = Shape(shoulder=1.2, before=100, stiffness=2.0, volume=2.0, volume_sides=0.7)
    hair = hair_of(head, shape=shape, parting=Parting())
    x = np.array([strand[np.argmax(strand[:, 2] < -27), 0] for strand in hair.points])
    ahead = azimuth(hair.root) < 70
    wide = []
    for side in (1, -1):
        low, middle, high = np.quantile(np.abs(x[ahead & (np.sign(x) == side)]), [0.1, 0.5, 0.9])
        assert 4 < middle < 10
        wide.append(high - low)
    # With one place for all of it 1 cm, from chance alone.
    assert np.mean(wide) > 2.2
