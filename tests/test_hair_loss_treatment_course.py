"""The course of a year, as plans; and the donor area."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.hair.loss.donor_area import SIZE, donor_at, donor_seen
from mirror.hair.loss.drawn_hairline import DrawnHairline
from mirror.hair.loss.loss_plan import LUDWIG, LossPlan
from mirror.hair.loss.skull_coordinates import AXES, SkullCoordinates
from mirror.hair.loss.treatment_course import (
    A_YEAR,
    MONTHS,
    goal_of,
    with_treatment,
    without_treatment,
)
from tests.test_hair_loss_skull_coordinates import shape_at


def test_shedding_comes_first_and_growth_from_the_third_month_on() -> None:
    plan = LossPlan(line=DrawnHairline.usual())
    shape, stages = shape_at(), with_treatment(plan)
    grown, lost = [], []
    for one in stages:
        less, growing = one.maps(shape, 4.0)
        assert growing is not None
        grown.append(float(growing.mean()))
        lost.append(0.0 if less is None else float(less.mean()))
    assert grown[0] == lost[0] == 0, "today is today"
    assert lost[1] == max(lost) > 0 and lost[-1] == 0, "for a time"
    assert grown[1] < 0.15 * grown[-1] and sorted(grown) == grown
    _, whole = plan.maps(shape, 4.0)
    assert whole is not None and grown[-1] < float(whole.mean()), "not always all of it within a year"


def test_without_treatment_a_few_percent_go_and_nothing_comes() -> None:
    stages = without_treatment()
    assert len(stages) == len(with_treatment(LossPlan())) == len(MONTHS)
    lost = [one.maps(shape_at(), 3.0)[0] for one in stages]
    assert lost[0] is None and all(not one.grows for one in stages)
    most = [float(one.max()) for one in lost[1:] if one is not None]
    assert sorted(most) == most and most[-1] == pytest.approx(A_YEAR, abs=0.002) and 0.02 < A_YEAR < 0.05


def test_a_treatment_brings_what_was_planned_and_takes_nothing() -> None:
    goal = goal_of(LossPlan(amount=-0.5, zones=(0.4, -0.6, 0.0, 0.0)))
    assert goal.amount == 0 and goal.zones == (0.4, 0.0, 0.0, 0.0) and not goal.loses
    nothing = goal_of(LossPlan(amount=-0.5, scale=LUDWIG))
    assert nothing.amount == 1.0 and nothing.scale == LUDWIG, "where nothing was planned, a full head"


def test_hair_is_shed_around_what_grows_not_all_over() -> None:
    shape = shape_at()
    shed = LossPlan(zones=(1.0, 0.0, 0.0, 0.0), grown=0.0, shed=0.3).maps(shape, 3.0)[0]
    assert shed is not None
    aside, back = np.moveaxis(SkullCoordinates.of(shape).seen, -1, 0)
    middle = np.abs(aside) < 10
    assert shed[middle & (back > 45) & (back < 52)].min() > 0.1
    assert shed[middle & (back > 88)].max() < 0.05 and shed[np.abs(aside) > 75].max() < 0.01


def test_the_donor_area_is_about_as_large_as_published_and_lies_behind() -> None:
    ball = np.random.default_rng(0).standard_normal((100_000, 3))
    ball /= np.linalg.norm(ball, axis=1, keepdims=True)
    skin = np.linalg.norm(ball / AXES, axis=1) * AXES.prod()
    area = float((skin * donor_at(ball)).mean() * 4 * np.pi)
    assert 0.8 * SIZE < area < 1.2 * SIZE
    shares = {yaw: float(donor.sum() / head.sum()) for yaw in (0.0, 90.0, 180.0)
              for head, donor in [donor_seen(yaw, 80)]}  # fmt: skip
    assert shares[0.0] < 0.02 < shares[90.0] < shares[180.0] and shares[180.0] > 0.3
