"""Suggestions: a shape that is clear gets styles with a reason, any other gets none; how it is measured."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.app.suggesting import ANEW, Suggesting
from mirror.core.face import Face
from mirror.engines import ENGINES_FOLDER
from mirror.hair.shelf import open_book
from mirror.hair.styles.suggestions import RULES, suggest
from mirror.tracking.face_proportions import (
    ENOUGH,
    EVERY,
    FOREHEAD,
    GONE,
    JAW,
    LEAST,
    LENGTH,
    LIPS,
    PATIENCE,
    WIDTH,
    ProportionMeter,
    Proportions,
    proportions_of,
)

BOOK = open_book(ENGINES_FOLDER)
NAMES, TAGS = BOOK.names, [style.tags for style in BOOK.styles]
STEP = EVERY * 1.01  # seconds
USUAL = Proportions(1.18, 0.84, 0.82)


def face_of(
    length: float, forehead: float = 0.84, jaw: float = 0.82, mouth: float = 0.0, yaw: float = 0.0,
    pitch: float = -4.0,
) -> Face:  # fmt: skip
    """A face 200 pixels wide of such proportions, turned by `yaw` and `pitch` degrees, as portraits are."""
    points = np.zeros((478, 3))
    for (left, right), wide, y in ((WIDTH, 1.0, 0.0), (FOREHEAD, forehead, -60.0), (JAW, jaw, 80.0)):
        points[left], points[right] = (-100 * wide, y, 0), (100 * wide, y, 0)
    points[LENGTH[0]], points[LENGTH[1]] = (0, -100 * length, 0), (0, 100 * length, 0)
    points[LIPS[0]], points[LIPS[1]] = (0, 50, 0), (0, 50 + 200 * length * mouth, 0)
    c, s = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    up, down = np.cos(np.radians(pitch)), np.sin(np.radians(pitch))
    nodding = points @ np.array([[1, 0, 0], [0, up, -down], [0, down, up]])
    turned = nodding @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    return Face((turned + (400, 300, 0)).astype(np.float32))


@pytest.mark.parametrize("rule", RULES)
def test_beyond_a_bound_styles_are_suggested_for_that_reason_and_fit_it(rule: object) -> None:
    name, place = rule.measure  # type: ignore[attr-defined]
    values = [USUAL.length, USUAL.forehead, USUAL.jaw]
    values[place] = rule.bound + (0.03 if rule.above else -0.03)  # type: ignore[attr-defined]
    found = {one.because: one.numbers for one in suggest(Proportions(*values), NAMES, TAGS)}
    numbers = found[rule.because]  # type: ignore[attr-defined]
    assert len(numbers) >= 3 and all(rule.fits(frozenset(TAGS[n])) for n in numbers)  # type: ignore[attr-defined]
    assert not any("hair loss" in TAGS[n] for n in numbers)
    assert len({n for each in found.values() for n in each}) == sum(map(len, found.values())), "each once"


def test_a_usual_shape_and_one_that_is_not_clear_get_none() -> None:
    assert suggest(USUAL, NAMES, TAGS) == ()
    assert suggest(Proportions(1.28, 0.84, 0.82), NAMES, TAGS)
    assert suggest(Proportions(1.28, 0.84, 0.82, (0.06, 0.0, 0.0)), NAMES, TAGS) == (), "it varies too much"
    assert suggest(Proportions(1.238, 0.84, 0.82), NAMES, TAGS) == (), "hardly beyond"


def test_at_most_two_reasons_and_only_styles_that_are_left() -> None:
    odd = Proportions(1.35, 0.95, 0.9)
    assert len(suggest(odd, NAMES, TAGS)) == 2
    bob = BOOK.index("bob with fringe")
    assert [one.numbers for one in suggest(odd, NAMES, TAGS, left=(0, bob))] == [(bob,)]


def test_proportions_are_those_of_the_face_however_large_and_slightly_turned() -> None:
    assert proportions_of(face_of(1.3, 0.9, 0.75)) == pytest.approx((1.3, 0.9, 0.75), abs=1e-3)
    assert proportions_of(face_of(1.3, 0.9, 0.75, yaw=6)) == pytest.approx((1.3, 0.9, 0.75), abs=1e-3)


def test_a_smile_and_a_nod_change_nothing() -> None:
    """A smile made a face longer by 0.03, of 0.05 by which people differ."""
    for lips in (0.0, 0.04, 0.07):
        smiles = face_of(1.2 + 0.52 * lips, 0.84 - 0.03 * lips, 0.82 - 0.15 * lips, mouth=lips)
        assert proportions_of(smiles) == pytest.approx((1.2, 0.84, 0.82), abs=2e-3)
    for nod in (-10.0, 2.0):
        assert proportions_of(face_of(1.2 - 0.0053 * (nod + 4), pitch=nod)) == pytest.approx(
            (1.2, 0.84, 0.82), abs=2e-3
        )


def test_who_smiles_at_a_webcam_that_stands_low_gets_suggestions_at_once() -> None:
    told = Suggesting(NAMES, TAGS)
    for number in range(ENOUGH):
        told.note(face_of(1.4, mouth=0.067, pitch=-10.0), number * STEP)
        assert not told.speaks
    assert told.seen(None, ENOUGH * STEP)


def test_after_some_seconds_what_can_be_said_of_a_face_that_is_turned_is_said() -> None:
    meter, now = ProportionMeter(), 0.0
    while now < PATIENCE:
        meter.note(face_of(1.4, yaw=17), now)
        assert meter.measured is None or now > PATIENCE - STEP
        now += STEP
    meter.note(face_of(1.4, yaw=17), now)
    found = meter.measured
    assert found is not None and found.length == pytest.approx(1.4, abs=0.01)
    assert min(found.doubt) > 0.005, "and it is less sure"
    for _ in range(ENOUGH):
        meter.note(face_of(1.4), now := now + STEP)
    found = meter.measured
    assert found is not None and max(found.doubt) < 0.005, "until it looks ahead"


def test_a_machine_that_shows_few_pictures_says_something_too() -> None:
    meter = ProportionMeter()
    for number in range(LEAST):
        assert meter.measured is None
        meter.note(face_of(1.4), number * 1.5 * PATIENCE / LEAST)
    found = meter.measured
    assert found is not None and found.length == pytest.approx(1.4, abs=0.01) and min(found.doubt) > 0.005


def test_a_mouth_that_is_wide_open_is_told() -> None:
    told = Suggesting(NAMES, TAGS)
    for number in range(200):
        told.note(face_of(1.4, mouth=0.16), number * STEP)
    assert told.speaks and told.seen(None, 20.0) is None


@pytest.mark.parametrize("how", [{"yaw": 14}, {"yaw": -14}, {"pitch": 14}, {"mouth": 0.13}])
def test_a_face_that_is_turned_or_speaks_does_not_count(how: dict[str, float]) -> None:
    assert proportions_of(face_of(1.3, **how)) is None


def test_it_takes_some_pictures_and_their_median_counts() -> None:
    meter, rng = ProportionMeter(), np.random.default_rng(0)
    for number in range(ENOUGH):
        assert meter.measured is None
        meter.note(
            face_of(1.3 if number % 5 else 2.0, jaw=0.8 + 0.004 * rng.standard_normal()), number * STEP
        )
    found = meter.measured
    assert found is not None and found.length == pytest.approx(1.3, abs=1e-3), "a few odd ones do not count"
    assert found.doubt[0] == pytest.approx(0, abs=1e-3) and 0.001 < found.doubt[2] < 0.02


def test_of_many_pictures_at_once_one_counts() -> None:
    meter = ProportionMeter()
    for number in range(200):
        meter.note(face_of(1.3), number * STEP / 100)
    assert meter.measured is None


def test_somebody_else_is_measured_anew() -> None:
    told = Suggesting(NAMES, TAGS)
    for number in range(ENOUGH):
        told.note(face_of(1.35), number * STEP)
    last = (ENOUGH - 1) * STEP
    assert told.seen(None, last)
    told.note(None, last + GONE / 2)
    told.note(face_of(1.35), last + GONE / 2)
    assert told.seen(None, last), "missed for a moment"
    told.note(face_of(1.35), last + 3 * GONE)
    assert told.seen(None, last), "a busy machine had no picture for as long"
    told.note(None, last + 3.5 * GONE)
    told.note(None, last + 4.5 * GONE)
    told.note(face_of(1.2), last + 4.6 * GONE)
    assert told.seen(None, last) is None


def test_what_is_suggested_stays_for_a_while_and_follows_the_filter_at_once() -> None:
    told, now = Suggesting(NAMES, TAGS), 0.0
    for _ in range(ENOUGH):
        told.note(face_of(1.35), now := now + STEP)
    first = told.seen(None, 0.0)
    for _ in range(60):
        told.note(face_of(1.2), now := now + STEP)
    assert told.seen(None, ANEW / 2) is first and first
    left = (BOOK.index("bob with fringe"),)
    assert told.seen(left, ANEW / 2) == ()
    assert told.seen(None, ANEW * 2) == ()
    told.forget()
    assert told.seen(None, ANEW * 3) is None
