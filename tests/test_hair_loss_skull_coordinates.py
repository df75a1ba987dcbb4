"""Skull coordinates: a place stays on its place of the head; zones and areas are told in them."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.core.face import FACE_OVAL
from mirror.hair.loss.ludwig_stages import LUDWIG_LAST, ludwig_words, thin_on_top
from mirror.hair.loss.scalp_zones import ZONES, zone_share
from mirror.hair.loss.skull_coordinates import SIDE, SkullCoordinates, grid


def shape_at(yaw: float = 0.0, pitch: float = -7.0) -> np.ndarray:
    """A face of usual proportions at a pose."""
    shape = np.zeros(75, np.float32)
    around = np.linspace(0, 2 * np.pi, len(FACE_OVAL), endpoint=False)
    oval = np.stack([0.2 * np.sin(around), 0.03 - 0.24 * np.cos(around)], -1)
    shape[: 2 * len(FACE_OVAL)] = (4 * oval).ravel()
    shape[2 * len(FACE_OVAL) : 2 * len(FACE_OVAL) + 2] = yaw / 30, pitch / 30
    return shape


@pytest.mark.parametrize(("yaw", "pitch"), [(0, -7), (25, -7), (-30, 10), (12, -25)])
def test_there_and_back_again_is_the_same_point(yaw: float, pitch: float) -> None:
    skull = SkullCoordinates.at(yaw, pitch)
    points = np.array([[0.5, 0.3], [0.45, 0.27], [0.55, 0.26], [0.5, 0.24]])
    back, seen = skull.points(skull.places(points))
    assert seen.all() and np.abs(back - points).max() < 1e-6


def test_a_place_goes_with_the_head_and_is_hidden_behind_it() -> None:
    straight, aside = SkullCoordinates.at(0, -7), SkullCoordinates.at(30, -7)
    place = np.array([[0.0, 32.0], [-70.0, 40.0], [70.0, 40.0]])
    (ahead, _), (turned, seen) = straight.points(place), aside.points(place)
    # The nose goes to the picture's right; the forehead goes along less, for it lies further back.
    assert abs(turned[0, 0] - ahead[0, 0]) < 0.05 and abs(ahead[0, 0] - 0.5) < 1e-9
    assert seen[1] and not aside.points(np.array([[75.0, 5.0]]))[1][0]
    # Bowed, more of the top is seen.
    bowed = SkullCoordinates.at(0, -35)
    crown = np.array([[0.0, 100.0]])
    assert bowed.points(crown)[1][0] and not straight.points(crown)[1][0]


def test_an_area_is_that_of_the_skin_at_any_turn() -> None:
    """A patch of the forehead has its size whether it is looked at from ahead or from aside."""
    sizes = []
    for yaw in (-20.0, 0.0, 20.0):
        skull = SkullCoordinates.at(yaw, -7)
        aside, back = np.moveaxis(skull.seen, -1, 0)
        patch = (np.abs(aside) < 25) & (back > 25) & (back < 55)
        sizes.append(float((skull.area(SIDE) * patch).sum()))
    assert max(sizes) / min(sizes) < 1.06
    # 50 degrees across and 30 along, of a skull with a radius of 8 to 9 cm.
    assert 25 < sizes[1] < 40
    assert (SkullCoordinates.at(0, -7).area(SIDE)[:8] == 0).all(), "there is no skull"


def test_zones_make_up_the_top_and_leave_the_sides() -> None:
    shape = shape_at()
    shares = [zone_share(SkullCoordinates.of(shape), zone) for zone in ZONES]
    skull = SkullCoordinates.of(shape)
    aside, back = np.moveaxis(skull.seen, -1, 0)
    top = (np.abs(aside) < 45) & (skull.beside == 0)
    assert np.abs(sum(shares)[top] - 1).max() < 1e-5
    assert max(float(share[np.abs(aside) > 70].max()) for share in shares) < 0.01

    def middle(number: int) -> float:
        return float((back * shares[number] * (skull.beside == 0)).sum() / (shares[number] * top).sum())

    assert middle(0) < middle(2) < middle(3), "from the front back"
    temples = shares[1] * (back > 20)
    assert np.average(np.abs(aside), weights=temples) > 35
    with pytest.raises(ValueError, match="no zone 'nape'"):
        zone_share(skull, "nape")


def test_a_zone_turns_with_the_head() -> None:
    ahead, turned = (zone_share(SkullCoordinates.at(yaw, -7), ZONES[2]) for yaw in (0.0, 25.0))
    columns = grid(SIDE)[..., 0]
    assert abs(np.average(columns, weights=ahead) - 0.5) < 0.01
    assert np.average(columns, weights=turned) < 0.49, "what lies behind the eyes goes the other way"


def test_ludwig_keeps_the_hairline_and_thins_the_top_more_and_more() -> None:
    shape = shape_at()
    aside, back = np.moveaxis(SkullCoordinates.of(shape).seen, -1, 0)
    stages = [thin_on_top(SkullCoordinates.of(shape), stage) for stage in range(LUDWIG_LAST + 1)]
    assert stages[0].max() == 0
    for less, more in zip(stages, stages[1:], strict=False):
        assert (more >= less).all() and more.mean() > less.mean()
    last = stages[-1]
    assert last[back < 30].max() < 0.05, "the line along the forehead"
    assert last[(np.abs(aside) < 5) & (back > 60)].min() > 0.85
    assert [ludwig_words(stage) for stage in (-1, 0.6, 2, 9)] == [
        "Ludwig I",
        "Ludwig I",
        "Ludwig II",
        "Ludwig III",
    ]
