"""The course of a year, as plans; and the donor area."""

from __future__ import annotations

import cv2
import numpy as np

from mirror.hair.loss.donor_area import SIZE, donor_at, donor_seen
from mirror.hair.loss.drawn_hairline import DrawnHairline
from mirror.hair.loss.loss_plan import LUDWIG, LossPlan
from mirror.hair.loss.skull_coordinates import AXES, SkullCoordinates
from mirror.hair.loss.treatment_course import (
    A_YEAR,
    MONTHS,
    WEIGHT_A_YEAR,
    goal_of,
    start_of,
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
    shape = shape_at()
    top = np.abs(SkullCoordinates.of(shape).seen[..., 0]) < 45
    for plan, present in ((LossPlan(), 3.0), (LossPlan(scale=LUDWIG), 0.0)):
        stages = without_treatment(plan)
        assert len(stages) == len(with_treatment(plan)) == len(MONTHS)
        lost = [one.maps(shape, present)[0] for one in stages]
        assert lost[0] is None and all(not one.grows for one in stages)
        rising = [float(one.mean()) for one in lost[1:] if one is not None]
        assert sorted(rising) == rising and rising[-1] > 2 * rising[0] > 0
        year = lost[-1]
        assert year is not None and year.max() < 0.36 and year[top].max() > 2 * WEIGHT_A_YEAR
        assert year[~(np.abs(SkullCoordinates.of(shape).seen[..., 0]) < 75)].max() < 0.01
    assert 0.02 < A_YEAR < 0.05 < WEIGHT_A_YEAR < 0.08


def test_who_has_lost_nothing_is_not_shown_to_lose_any() -> None:
    lost = without_treatment(LossPlan(zones=(0.4, 0, 0, 0)))[-1].maps(shape_at(), 0.5)[0]
    assert lost is None or lost.max() == 0


def test_a_course_begins_with_the_stage_that_is_shown_and_brings_back_what_it_took() -> None:
    shape, plan = shape_at(), LossPlan(amount=-0.5)
    start = start_of(plan)
    assert start is not None and start_of(LossPlan(amount=0.5)) is None
    begins = start.maps(shape, 0.0)[0]
    assert begins is not None and np.allclose(begins, plan.maps(shape, 0.0)[0], atol=1e-6)
    treated = [one.maps(shape, 0.0)[0] for one in with_treatment(plan)]
    left = [float(one.mean()) for one in treated if one is not None]
    assert len(left) == len(MONTHS) and left[1] > left[0], "shed first"
    assert left[1:] == sorted(left[1:], reverse=True) and 0 < left[-1] < 0.2 * left[0]
    done = goal_of(plan).maps(shape, 0.0)[0]
    assert done is not None and done.max() == 0
    alone = [one.maps(shape, 0.0)[0] for one in without_treatment(plan)]
    more = [float(one.mean()) for one in alone if one is not None]
    assert more == sorted(more) and more[-1] > more[0]


def test_a_treatment_brings_what_was_planned() -> None:
    plan = LossPlan(amount=-0.5, zones=(0.4, -0.6, 0.0, 0.0))
    assert goal_of(plan) == plan
    nothing = goal_of(LossPlan())
    assert nothing.amount == 1.0, "where nothing was planned, a full head"
    assert goal_of(LossPlan(amount=-0.5, scale=LUDWIG)).back == 1.0, "or what the stage has taken"


def test_hair_is_shed_beside_what_is_missing_and_not_of_a_full_head() -> None:
    shape, plan = shape_at(), LossPlan(line=DrawnHairline.usual(), grown=0.0, shed=0.3)
    everywhere = plan.maps(shape, 0.0, np.ones((256, 256), np.float32))[0]
    assert everywhere is not None and everywhere.max() < 0.01
    back = SkullCoordinates.of(shape).seen[..., 1]
    there = cv2.resize((back > 50).astype(np.float32), (256, 256))
    shed = plan.maps(shape, 0.0, there)[0]
    assert shed is not None
    middle = np.abs(SkullCoordinates.of(shape).seen[..., 0]) < 10
    beside, far = shed[middle & (back > 51) & (back < 55)], shed[middle & (back > 85)]
    assert beside.min() > 0.2 and far.max() < 0.5 * beside.max()


def test_hair_is_shed_around_what_grows_not_all_over() -> None:
    shape = shape_at()
    shed = LossPlan(zones=(1.0, 0.0, 0.0, 0.0), grown=0.0, shed=0.3).maps(shape, 3.0)[0]
    assert shed is not None
    aside, back = np.moveaxis(SkullCoordinates.of(shape).seen, -1, 0)
    middle = np.abs(aside) < 10
    assert shed[middle & (back > 45) & (back < 52)].min() > 0.1
    assert shed[middle & (back > 88)].max() < 0.6 * shed.max() and shed[np.abs(aside) > 75].max() < 0.01


def test_the_donor_area_is_about_as_large_as_published_and_lies_behind() -> None:
    ball = np.random.default_rng(0).standard_normal((100_000, 3))
    ball /= np.linalg.norm(ball, axis=1, keepdims=True)
    skin = np.linalg.norm(ball / AXES, axis=1) * AXES.prod()
    area = float((skin * donor_at(ball)).mean() * 4 * np.pi)
    assert 0.8 * SIZE < area < 1.2 * SIZE
    shares = {yaw: float(donor.sum() / head.sum()) for yaw in (0.0, 90.0, 180.0)
              for head, donor in [donor_seen(yaw, 80)]}  # fmt: skip
    assert shares[0.0] < 0.02 < shares[90.0] < shares[180.0] and shares[180.0] > 0.3
