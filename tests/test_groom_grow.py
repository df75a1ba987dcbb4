"""Hair grows out of the skin, as long and where it was asked for, and never into the skull."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from train.groom.book import find_groom, read_book
from train.groom.flow import WHORL_Y, WHORL_Z, comb
from train.groom.grow import grow, total_length
from train.groom.head import load_head
from train.groom.record import Cut, Density, Fade, Finish, Flow, Groom, Hairline, Lengths, Parting, Shape
from train.groom.scalp import OWN_ANGLES, above_hairline, azimuth, place_roots
from train.groom.strands import DOWN, GATHERED
from train.groom.surface import HeadKey, SignedDistance, signed_distance

SCALE = 0.02
pytestmark = pytest.mark.usefixtures("distance_grid")


@pytest.fixture(scope="module")
def head():
    return load_head()


@pytest.fixture(scope="module")
def field(head) -> SignedDistance:
    return signed_distance(HeadKey(head))


def plain(**changes) -> Groom:
    """A groom without chance in its lengths, without baby hair and flyaways."""
    base = Groom(
        name="plain",
        length=Lengths(jitter=0.0),
        hairline=Hairline(baby=0.0),
        finish=Finish(flyaways=0.0, frizz=0.0),
        density=Density(strands=90000, fineness=0.0),
    )
    return dataclasses.replace(base, **changes)


def same_lengths(length: float) -> Lengths:
    names = [field.name for field in dataclasses.fields(Lengths) if field.name != "jitter"]
    return Lengths(**dict.fromkeys(names, length), jitter=0.0)


@pytest.mark.parametrize("style", ["buzz", "side_part", "bob_fringe", "long_waves", "shoulder_curls", "afro"])
def test_no_hair_runs_inside_the_head(style, head, field):
    for strands in grow(find_groom(style), head, 1, SCALE):
        inside = field.distance(strands.points[:, 1:]) < -0.15
        assert inside.mean() < 0.005, f"{inside.mean():.2%} of the points are deeper than 1.5 mm"
        assert np.isfinite(strands.points).all() and (strands.radius > 0).all()


def test_the_same_seed_grows_the_same_hair_and_another_does_not(head):
    first, again, other = (grow(find_groom("side_part"), head, seed, SCALE)[0] for seed in (3, 3, 4))
    assert np.array_equal(first.points, again.points) and np.array_equal(first.radius, again.radius)
    assert len(first) != len(other) or not np.array_equal(first.points, other.points)


@pytest.mark.parametrize("length", [3.0, 12.0])
def test_hair_is_as_long_as_asked(length, head):
    lengths = total_length(grow(plain(length=same_lengths(length)), head, 1, SCALE)[0])
    assert np.median(lengths) == pytest.approx(length, rel=0.12)


def test_a_cut_line_ends_hair_there(head):
    long = plain(length=same_lengths(40.0), cut=Cut(line=-13.0, jitter=0.0), shape=Shape(face=0.8))
    tips = grow(long, head, 1, SCALE)[0].points[:, -1, 2]
    assert np.quantile(tips, 0.02) > -14.0
    assert np.median(tips) == pytest.approx(-13.0, abs=1.0)


def test_a_fade_gets_shorter_downwards(head):
    faded = plain(length=same_lengths(4.0), fade=Fade(bottom=-6, top=0, length=0.2, slope=0))
    strands = grow(faded, head, 1, SCALE)[0]
    z, lengths = strands.root[:, 2], total_length(strands)
    assert np.median(lengths[z < -6.3]) < 0.5 < 3.0 < np.median(lengths[z > 2])


def test_hair_without_a_side_is_the_same_on_both_sides(head):
    even = plain(length=same_lengths(6.0), hairline=Hairline(baby=0, irregularity=0))
    even = dataclasses.replace(even, flow=dataclasses.replace(even.flow, whorl=0, whorl_side=0, jitter=0))
    strands = grow(even, head, 1, 0.05)[0]
    left = strands.points[strands.root[:, 0] > 0]
    right = strands.points[strands.root[:, 0] < 0] * [-1, 1, 1]
    assert len(left) == pytest.approx(len(right), rel=0.05)
    assert np.abs(left.mean((0, 1)) - right.mean((0, 1))).max() < 0.25


def test_a_parting_sends_hair_to_both_sides(head):
    parted = plain(length=same_lengths(20.0), parting=Parting(at=2.0, waver=0.0))
    strands = grow(parted, head, 1, SCALE)[0]
    root, tip = strands.root, strands.points[:, -1]
    ahead = (root[:, 1] < -2) & (root[:, 2] > 4)
    left = root[:, 0] > 2.6
    right = root[:, 0] < 1.4
    assert (tip[ahead & left, 0] > root[ahead & left, 0]).mean() > 0.95
    assert (tip[ahead & right, 0] < root[ahead & right, 0]).mean() > 0.95


def test_nothing_grows_on_the_forehead_and_a_receding_line_bares_the_corners(head):
    low = place_roots(plain(), head, 1, 0.1)
    high = place_roots(plain(hairline=Hairline(recession=3.0, baby=0)), head, 1, 0.1)
    assert (low.canonical[(np.abs(low.canonical[:, 0]) < 3) & (low.canonical[:, 1] < -5), 2] > 2.0).all()

    def in_corner(roots):
        x, y, z = np.abs(roots.canonical).T
        return ((x > 4) & (x < 6.5) & (roots.canonical[:, 1] < -4.5) & (z > 2)).sum()

    assert in_corner(high) < 0.5 * in_corner(low)
    assert (above_hairline(low.canonical, Hairline(baby=0), 1) > -0.3).all()


def test_density_by_zone_takes_hair_away_there(head):
    full, thin = (place_roots(plain(density=Density(crown=share)), head, 1, 0.1) for share in (1.0, 0.1))

    def crown(roots):
        return (np.hypot(roots.canonical[:, 0], roots.canonical[:, 1] - 4.2) < 2.5).sum()

    assert crown(thin) < 0.35 * crown(full)
    assert thin.thinness.max() > 0.8 > full.thinness.max()


def test_every_strand_knows_its_lock_and_part(head):
    strands = grow(find_groom("bob_fringe"), head, 1, SCALE)[0]
    assert len(np.unique(strands.clump)) > 20
    assert (strands.part == DOWN).any() and (strands.part <= GATHERED).all()


def test_locks_lie_within_coarser_ones(head):
    strands = grow(find_groom("bob_fringe"), head, 1, 0.2)[0]
    fine = strands.finer[0]
    sizes = np.bincount(fine)
    # Of most locks nearly all strands belong to one coarser lock.
    shares = [
        np.bincount(strands.clump[fine == lock]).max() / sizes[lock] for lock in np.nonzero(sizes > 9)[0]
    ]
    assert len(shares) > 20 and np.median(shares) > 0.9


@pytest.mark.parametrize("style", ["ponytail", "bun", "box_braids", "cornrows"])
def test_gathered_hair_stays_out_of_the_head(style, head, field):
    for strands in grow(find_groom(style), head, 1, SCALE):
        inside = field.distance(strands.points[:, 1:]) < -0.2
        assert inside.mean() < 0.01, f"{inside.mean():.2%} of the points are deeper than 2 mm"
        assert np.isfinite(strands.points).all()


def test_a_ponytail_goes_through_its_tie_and_falls(head):
    tail = grow(find_groom("ponytail"), head, 1, SCALE)[0]
    assert (tail.part == GATHERED).all()
    middle = np.median(tail.points[:, 10], axis=0)
    apart = np.linalg.norm(tail.points[:, 10] - middle, axis=1)
    assert np.quantile(apart, 0.95) < 3.0, "all hair passes the tie"
    assert np.median(tail.points[:, -1, 2]) < -15


def test_every_box_braid_takes_the_roots_of_its_own_field(head):
    braids = grow(find_groom("box_braids"), head, 1, 0.05)[0]
    assert len(np.unique(braids.clump)) == find_groom("box_braids").gathered[0].count
    for braid in np.unique(braids.clump)[:20]:
        roots = braids.root[braids.clump == braid]
        assert np.linalg.norm(roots - roots.mean(0), axis=1).max() < 4.5


def test_a_half_up_style_gathers_the_top_only(head):
    ponytail = find_groom("ponytail")
    half = dataclasses.replace(
        ponytail, gathered=(dataclasses.replace(ponytail.gathered[0], share=0.4, loose=0.0),)
    )
    up, down = grow(half, head, 1, SCALE)
    assert len(up) == pytest.approx(0.4 * (len(up) + len(down)), rel=0.05)
    assert np.median(up.root[:, 2]) > np.median(down.root[:, 2]) + 3


def test_an_unknown_way_of_gathering_names_those_there_are(head):
    ponytail = find_groom("ponytail")
    wrong = dataclasses.replace(ponytail, gathered=(dataclasses.replace(ponytail.gathered[0], kind="plait"),))
    with pytest.raises(MirrorError, match="'plait'; expected one of ponytail, bun"):
        grow(wrong, head, 1, SCALE)


def test_a_bun_is_round_and_sits_where_it_is_tied(head):
    bun = grow(find_groom("bun"), head, 1, SCALE)[0]
    tied = bun.points[:, -20:].reshape(-1, 3)
    assert np.ptp(np.quantile(tied, [0.02, 0.98], axis=0), axis=0).max() < 12
    assert np.median(tied[:, 1]) > 8, "behind the head"


def test_hair_laid_behind_the_ears_bares_them(head):
    def before_the_ears(share: float) -> float:
        groom = plain(length=same_lengths(22.0), shape=Shape(behind_ears=share))
        points = grow(groom, head, 1, SCALE)[0].points
        x, y, z = np.moveaxis(points, -1, 0)
        return float(((np.abs(x) > 6) & (y > -4) & (y < 1.5) & (z < -3.5) & (z > -8)).sum())

    assert before_the_ears(1.0) < 0.4 * before_the_ears(0.0)


def test_hair_combed_back_stays_off_a_low_forehead():
    """On somebody whose hairline is 0.6 cm lower than usual it is combed back all the same."""
    groom = find_groom("side_part")
    low = dataclasses.replace(
        groom, hairline=dataclasses.replace(groom.hairline, own=(-0.6,) * len(OWN_ANGLES))
    )
    roots = place_roots(low, load_head(), seed=1, scale=0.05)
    front = (roots.above < 1) & (np.abs(roots.canonical[:, 0]) < 4) & (roots.canonical[:, 1] < 0)
    ways = comb(low, roots, seed=1).directions[front].mean(0)
    assert ways[1] > 0.15 and ways[2] > 0.15


def test_an_undercut_has_an_edge_and_a_clipped_side_may_leave_the_back(head):
    edge = Fade(bottom=2.4, top=2.8, length=0.3, slope=0.0)
    strands = grow(plain(length=same_lengths(8.0), fade=edge), head, 1, SCALE)[0]
    z, lengths = strands.root[:, 2], total_length(strands)
    assert np.median(lengths[z < 2.0]) < 0.5 and np.median(lengths[z > 3.4]) > 6
    sides = Fade(bottom=0, top=2, around=110, slope=0.0)
    strands = grow(plain(length=same_lengths(8.0), fade=sides), head, 1, SCALE)[0]
    angle, lengths = azimuth(strands.root), total_length(strands)
    low = strands.root[:, 2] < -0.5
    assert np.median(lengths[low & (angle < 100)]) < 1 < 6 < np.median(lengths[low & (angle > 130)])


def test_a_mohawk_is_a_strip(head):
    strands = grow(plain(length=same_lengths(8.0), fade=Fade(strip=2.0, length=0.1)), head, 1, SCALE)[0]
    aside, lengths = np.abs(strands.root[:, 0]), total_length(strands)
    assert lengths[aside > 2.6].max() < 0.5 and np.median(lengths[aside < 1.5]) > 6


def test_a_flat_top_is_level_and_square(head):
    standing = plain(
        length=same_lengths(9.0),
        shape=Shape(lift=8, lift_sides=1, volume=0, gravity=0, cling=0, face=0),
        cut=Cut(top=10.0, box=9.0, jitter=0.0),
    )
    strands = grow(standing, head, 1, SCALE)[0]
    points = strands.points[:, 1:]
    assert 9.5 < points[..., 2].max() < 10.2
    assert np.abs(points[..., 0]).max() < 9.4 and points[..., 1].min() > -11.2


def test_two_whorls_turn_against_each_other(head):
    flow = Flow(whorl=1.0, whorl_side=2.0, whorl_second=4.0, down=0.0, jitter=0.0)
    groom = plain(flow=flow)
    roots = place_roots(groom, head, 1, 0.1)
    ways, place = comb(groom, roots, 1).directions, roots.canonical

    def turning(side):
        out = place - [side, WHORL_Y, WHORL_Z]
        near = np.linalg.norm(out, axis=1) < 1.8
        return np.median(out[near, 0] * ways[near, 1] - out[near, 1] * ways[near, 0])

    assert turning(2.0) * turning(-2.0) < 0 and min(abs(turning(2.0)), abs(turning(-2.0))) > 0.2


def test_a_cowlick_turns_hair_at_the_hairline(head):
    straight, turned = (plain(hairline=Hairline(baby=0, cowlick=angle)) for angle in (0, 75))
    roots = place_roots(straight, head, 1, 0.1)
    at = (np.abs(roots.canonical[:, 0] - 1.5) < 1) & (roots.above < 0.8) & (azimuth(roots.canonical) < 30)
    along = (comb(straight, roots, 1).directions[at] * comb(turned, roots, 1).directions[at]).sum(1)
    assert np.degrees(np.arccos(np.clip(np.median(along), -1, 1))) > 45


def test_every_third_style_that_falls_freely_stays_out_of_the_head(head, field):
    free = [groom for groom in read_book().values() if not groom.gathered]
    for groom in free[1::3]:
        for strands in grow(groom, head, 1, 0.003):
            assert np.isfinite(strands.points).all() and len(strands), groom.name
            deep = (field.distance(strands.points[:, 1:]) < -0.2).mean()
            assert deep < 0.01, f"{groom.name}: {deep:.2%} of the points are deeper than 2 mm"
