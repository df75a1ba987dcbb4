"""Plans of hair loss: zones, a drawn hairline, and what the area behind it would take."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.hair.loss.drawn_hairline import ASIDE, DrawnHairline
from mirror.hair.loss.graft_count import AT_BEST, DENSITY, GraftCount, area_of
from mirror.hair.loss.hair_loss import FULLER, PLANNED, TODAY, HairLoss
from mirror.hair.loss.loss_plan import LUDWIG, LossPlan
from mirror.hair.loss.scalp_zones import ZONES
from mirror.hair.loss.skull_coordinates import SIDE, SkullCoordinates, grid
from mirror.pipeline.mirror import Mirror
from tests.test_hair_loss import changed, leave, shown
from tests.test_hair_loss_skull_coordinates import shape_at

FRONT, TEMPLES, MIDDLE, CROWN = ZONES


def test_a_finger_draws_a_line_that_stays_on_the_turning_head() -> None:
    there = [(aside, 35.0 + 0.003 * aside**2) for aside in range(-40, 41, 8)]
    line = DrawnHairline.through(np.array(there))
    assert line is not None
    drawn = line.places()
    assert drawn[0, 0] <= -40 and drawn[-1, 0] >= 40
    assert np.abs(drawn[:, 1] - (35 + 0.003 * drawn[:, 0] ** 2)).max() < 1.5
    # Back and forth, and from the other side: the same line.
    again = DrawnHairline.through(np.array([*there, *there[::-1]]))
    assert again is not None and np.allclose(again.places(), drawn, atol=1.0)
    # The very places of the head, seen from aside.
    for yaw in (-20.0, 0.0, 20.0):
        skull = SkullCoordinates.at(yaw, -7)
        points, seen = skull.points(drawn)
        assert np.abs(skull.places(points[seen]) - drawn[seen]).max() < 1e-6
        behind = line.behind(skull)
        x, y = (points[len(points) // 2] * 128).astype(int)
        assert behind[y - 6, x] > 0.95 and behind[y + 6, x] < 0.05


@pytest.mark.parametrize("places", [[], [(0.0, 30.0)], [(0.0, 30.0), (5.0, 31.0)]])
def test_a_dot_is_no_line(places: list[tuple[float, float]]) -> None:
    assert DrawnHairline.through(np.array(places).reshape(-1, 2)) is None


def test_a_line_is_moved_by_keys_and_stays_on_the_head() -> None:
    line = DrawnHairline.usual()
    higher = line.raised(2.0)
    assert np.allclose(higher.places() - line.places(), (0.0, 2.0))
    assert (line.raised(500.0).places()[:, 1] == 80).all() and (
        line.raised(-500.0).places()[:, 1] == 12
    ).all()
    assert len(line.back) == len(ASIDE)


def test_grafts_are_an_area_times_a_density_with_an_interval_no_better_than_published() -> None:
    count = GraftCount.of(40.0)
    assert count is not None and count.density == DENSITY and count.likely == 40 * DENSITY
    assert count.low <= count.likely * (1 + AT_BEST[0]) and count.high >= count.likely * (1 + AT_BEST[1])
    assert count.low % 50 == count.high % 50 == 0
    assert GraftCount.of(0.3) is None
    # A strip of two cm along a usual line is some twenty cm².
    skull, line = SkullCoordinates.at(0, -7), DrawnHairline.usual()
    strip = line.behind(skull) * (1 - line.raised(13.0).behind(skull))
    assert 15 < area_of(skull, strip) < 35


@pytest.mark.parametrize("pitch", [-30.0, -7.0, 20.0, 37.0])
def test_no_zone_takes_hair_that_hangs_below_the_eyes(pitch: float) -> None:
    shape = shape_at(pitch=pitch)
    skull = SkullCoordinates.of(shape)
    lost = LossPlan(zones=(-1.0,) * 4).maps(shape, 0.0)[0]
    assert lost is not None and lost[grid(SIDE)[..., 1] > 0.66].max() < 0.01
    points, seen = skull.points(np.array([[0.0, 20.0], [30.0, 20.0], [-30.0, 20.0]]))
    assert seen.all() and min(lost[int(y * SIDE), int(x * SIDE)] for x, y in points) > 0.9


def test_a_plan_is_two_maps_and_what_is_thinned_does_not_grow() -> None:
    shape = shape_at()
    nothing = LossPlan()
    assert not nothing.placed and nothing.maps(shape, 3.0) == (None, None)
    plan = LossPlan(zones=(1.0, 0.0, -0.5, 0.0))
    lost, grows = plan.maps(shape, 0.0)
    assert lost is not None and grows is not None and plan.placed
    assert lost.dtype == grows.dtype == np.float32
    assert lost.max() == pytest.approx(0.5, abs=0.01) and grows.max() > 0.9
    assert grows[lost > 0.45].max() < 0.1
    half = LossPlan(zones=(1.0, 0.0, -0.5, 0.0), grown=0.5).maps(shape, 0.0)[1]
    assert half is not None and np.allclose(half, grows / 2, atol=1e-6)
    every = LossPlan(zones=(-1.0,) * 4).maps(shape, 0.0)[0]
    skull = SkullCoordinates.of(shape)
    top = (np.abs(skull.seen[..., 0]) < 40) & (skull.seen[..., 1] > -10) & (skull.beside == 0)
    assert every is not None and every[top].min() > 0.99, "no seam between two zones"


def test_what_is_planned_is_said_refused_and_forgotten(mirror: Mirror) -> None:
    loss = HairLoss(mirror.book)
    assert loss.amount is None
    loss.set_zone(FRONT, -3.0)
    assert loss.amount == 0.0 and loss.plan.zones[0] == -1.0 and loss.words(0.0) == PLANNED
    loss.set_scale(LUDWIG)
    assert [loss.words(v) for v in (-1.0, -0.34, 0.8)] == ["Ludwig III", "Ludwig I", FULLER]
    loss.draw_line(DrawnHairline.usual())
    assert loss.place[0].grows and loss.place[0].loses
    token = loss.place[1]
    loss.clear_plan()
    assert loss.words(0.0) == TODAY and loss.plan.scale == LUDWIG and loss.place[1] is not token
    loss.draw_line(DrawnHairline.usual())
    loss.grafts = GraftCount.of(40.0)
    loss.reset()
    assert loss.plan.line is not None, "who looks away for a moment does not draw it again"
    assert loss.grafts is None, "but what was seen of them is forgotten"
    with pytest.raises(MirrorError, match="Temples"):
        loss.set_zone("nape", 0.5)
    with pytest.raises(MirrorError, match="Give Norwood or Ludwig"):
        loss.set_scale("Savin")


@pytest.fixture
def planning(mirror: Mirror) -> Iterator[Mirror]:
    """A mirror in which hair loss is planned, and nothing of it afterwards."""
    yield mirror
    mirror.clear_loss_plan()
    mirror.set_loss(None)


def test_a_zone_is_thinned_on_ones_own_hair_and_all_else_is_the_cameras(
    planning: Mirror, portrait: np.ndarray
) -> None:
    leave(planning, portrait)
    planning.set_loss(0.0)
    before = shown(planning, portrait, 2)
    planning.set_loss_zone(FRONT, -0.9)
    out = shown(planning, portrait, 4)
    assert changed(portrait, out.image) > 0.002 and out.worn.name == PLANNED and out.worn.hair_loss
    assert isinstance(out.worn.loss, LossPlan) and out.worn.loss.zones[0] == -0.9
    touched = np.argwhere((out.image != before.image).any(2))
    assert out.face is not None and touched[:, 0].max() < out.face.box[3], "nothing below the chin"


def test_a_drawn_line_fills_a_bare_head_and_counts_what_that_takes(
    planning: Mirror, portrait: np.ndarray
) -> None:
    leave(planning, portrait)
    planning.set_loss(-1.0)
    bald = shown(planning, portrait).image
    planning.set_loss(0.0)
    leave(planning, portrait)
    shown(planning, bald, 2)
    # What the matte takes the ghost of her hair for is not the matter here.
    planning._stream.dresser.loss._present = 7.0
    planning.draw_hairline(DrawnHairline.usual())
    out = shown(planning, bald, 4)
    grafts = planning.loss_grafts
    assert grafts is not None and 40 < grafts.area < 250
    assert changed(bald, out.image) > 0.003
    planning.draw_hairline(DrawnHairline.usual().raised(-8.0))
    low = shown(planning, bald, 4)
    rows = [np.flatnonzero((one.mattes()[1] > 0.5).any(1)).max() for one in (out, low)]
    assert rows[1] > rows[0] + 3, "a lower line: hair begins lower"
    lower = planning.loss_grafts
    assert lower is not None and lower.area > grafts.area + 8
    planning.draw_hairline(None)
    assert planning.loss_grafts is None and (shown(planning, bald, 4).image == bald).all()


def test_behind_a_line_the_head_that_is_shown_is_counted_and_fills_up(
    planning: Mirror, portrait: np.ndarray
) -> None:
    leave(planning, portrait)
    planning.set_loss(0.0)
    shown(planning, portrait, 4)
    planning.draw_hairline(DrawnHairline.usual())
    shown(planning, portrait, 4)
    assert planning.loss_grafts is None, "nothing is bare of a full head"
    planning.draw_hairline(None)
    planning.set_loss(-0.5)
    bare = shown(planning, portrait, 6)
    planning.draw_hairline(DrawnHairline.usual())
    out = shown(planning, portrait, 6)
    grafts = planning.loss_grafts
    assert grafts is not None and grafts.area > 30, "of the stage that is shown it is"
    assert changed(portrait, out.image) < 0.75 * changed(portrait, bare.image), "and fills up"


def test_nothing_grows_on_fair_hair_that_has_the_colour_of_skin(
    planning: Mirror, portrait: np.ndarray
) -> None:
    leave(planning, portrait)
    planning.set_loss(0.0)
    shown(planning, portrait, 4)
    planning.draw_hairline(DrawnHairline.usual())
    out = shown(planning, portrait, 6)
    assert changed(portrait, out.image) < 1e-4, "a full head stays as it is"
