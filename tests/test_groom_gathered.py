"""Gathered hair: ropes are wound as asked, run where asked, and never inside the head."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from train.groom.book import find_groom
from train.groom.gathered import KINDS
from train.groom.grow import grow
from train.groom.head import load_head
from train.groom.record import Gathered
from train.groom.ropes import WINDINGS, Ends, centre_lines, wind
from train.groom.surface import HeadKey, signed_distance

SCALE = 0.012
pytestmark = pytest.mark.usefixtures("distance_grid")


@pytest.fixture(scope="module")
def head():
    return load_head()


def gathered(**values) -> tuple[Gathered, ...]:
    return (
        Gathered(**{"loose": 0.0, "size": 0.5, "length": 14.0, "count": 2, "at": 5.0, "side": 4.0, **values}),
    )


def upright(length: float = 40.0):
    line = np.stack([np.zeros(80), np.zeros(80), -np.linspace(0, length, 80)], 1)[None]
    return centre_lines(line.astype(np.float32), np.array([[0, 1.0, 0]], np.float32))


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_runs_inside_the_head(kind, head):
    style = dataclasses.replace(find_groom("box_braids"), gathered=gathered(kind=kind))
    field = signed_distance(HeadKey(head))
    for strands in grow(style, head, 1, SCALE):
        inside = field.distance(strands.points[:, 1:]) < -0.25
        assert inside.mean() < 0.015, f"{inside.mean():.2%} of the points are deeper than 2.5 mm"
        assert np.isfinite(strands.points).all() and (strands.radius > 0).all()


@pytest.mark.parametrize(("name", "crossings"), [("braid", 1), ("twist", 1), ("ringlet", 1)])
def test_a_bundle_swings_once_a_turn(name, crossings):
    """Its swing aside has its one period in the winding's pitch, times the rope's half thickness."""
    way = dataclasses.replace(WINDINGS[name], bundles=1, bundle=0.0, fuzz=0.0)
    along = np.linspace(0, 30, 300, dtype=np.float32)[None]
    points = wind(upright(), np.zeros(1, int), along, 1.0, way, Ends(), np.random.default_rng(0))
    aside = points[0, :, 0]
    turns = np.diff(np.sign(aside)).astype(bool).sum() / 2
    assert turns == pytest.approx(crossings * 30 / way.pitch, abs=1)


def test_an_open_end_is_no_longer_braided():
    along = np.linspace(0, 40, 200, dtype=np.float32)[None].repeat(60, 0)
    rope = np.zeros(60, int)
    points = wind(upright(), rope, along, 1.0, WINDINGS["braid"], Ends(free=0.5), np.random.default_rng(0))
    swing = np.abs(np.diff(points[..., 0], axis=1)).mean(0)
    assert swing[150:].mean() < 0.4 * swing[20:90].mean()


def test_rows_leave_the_parting_between_them_bare(head):
    style = find_groom("cornrows")
    bare, full = (
        dataclasses.replace(style, gathered=(dataclasses.replace(style.gathered[0], parted=cm),))
        for cm in (0.5, 0.0)
    )
    left, all_ = (len(grow(one, head, 1, SCALE)[0]) for one in (bare, full))
    assert 0.4 < left / all_ < 0.85


def test_a_fringe_is_left_out_of_a_ponytail(head):
    tail, free = grow(find_groom("ponytail_fringe"), head, 1, SCALE)
    tips = free.points[:, -1]
    before = (tips[:, 1] < -6) & (np.abs(tips[:, 0]) < 4)
    assert before.sum() > 0.3 * len(free) and len(tail) > len(free)


def test_two_ties_part_the_head_in_halves(head):
    strands = grow(find_groom("space_buns"), head, 1, SCALE)[0]
    tips, root = strands.points[:, -1, 0], strands.root[:, 0]
    assert (np.sign(tips) == np.sign(root)).mean() > 0.95
    assert np.abs(root).min() >= 0.1


def test_a_bubble_ponytail_is_drawn_together_at_its_bands(head):
    style = dataclasses.replace(find_groom("ponytail_bubble"))
    style = dataclasses.replace(style, gathered=(dataclasses.replace(style.gathered[0], loose=0.0),))
    points = grow(style, head, 1, SCALE)[0].points
    low = points[points[..., 2] < -4]
    wide = [
        np.ptp(np.quantile(low[np.abs(low[:, 2] - z) < 0.4][:, 0], [0.05, 0.95]))
        for z in np.arange(-18, -6, 0.5)
    ]
    assert min(wide) < 0.75 * max(wide)


def test_a_halo_goes_round_the_head(head):
    strands = grow(find_groom("halo_braid"), head, 1, SCALE)[0]
    on_ring = strands.points[:, 20:-5].reshape(-1, 3)
    around = np.degrees(np.arctan2(on_ring[:, 0], -on_ring[:, 1]))
    assert (np.histogram(around, np.arange(-180, 181, 30))[0] > 0).all()


def test_what_is_drawn_over_the_scalp_lies_in_locks(head):
    """Between root and rope strands of a lock come together: less apart halfway than at their roots."""
    style = dataclasses.replace(find_groom("ponytail"), gathered=gathered(kind="ponytail", count=1))
    strands = grow(style, head, 1, 0.2)[0]
    (lock,) = strands.finer

    def apart(points):
        middles = np.stack([np.bincount(lock, one) for one in points.T], -1) / np.bincount(lock)[:, None]
        return np.linalg.norm(points - middles[lock], axis=1).mean()

    assert apart(strands.points[:, 5]) < 0.43 * apart(strands.points[:, 0])
    assert len(np.unique(lock)) > 200


def test_braids_beside_a_parting_leave_the_forehead_free(head):
    # Of this seed a braid is rooted at the end of the parting, and all of it hung over the forehead.
    hair = grow(find_groom("box_braids_jumbo"), head, 4, 0.05)[0].points
    before = (np.abs(hair[..., 0]) < 3.0) & (hair[..., 1] < -6) & (hair[..., 2] < 1.0) & (hair[..., 2] > -12)
    assert before.any(1).mean() < 0.015
