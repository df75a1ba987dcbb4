"""The natural range: levels rise, tones lean where they are called, and every way to write one is found."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.hair.styles.dye import DYES, Dye, find
from mirror.hair.styles.dye_transition import Dyeing
from mirror.hair.styles.natural_range import LEVELS, NATURAL_RANGE, TONES, in_range, place_of
from mirror.translation.catalogue import Words


def shade(name: str) -> Dye:
    found = find(name)
    assert found is not None
    return found


def test_there_are_ten_levels_of_seven_tones_and_each_is_found_by_its_own_name() -> None:
    assert len(NATURAL_RANGE) == 10 and {len(row) for row in NATURAL_RANGE} == {7}
    names = [dye.name for row in NATURAL_RANGE for dye in row]
    assert len({*names, *(dye.name for dye in DYES)}) == 82
    for row, shades in enumerate(NATURAL_RANGE):
        for column, one in enumerate(shades):
            assert find(one.name) is one and place_of(one.name) == (row, column)
    assert place_of("copper") is None


def test_each_level_is_lighter_than_the_one_before_in_every_tone() -> None:
    for tone in zip(*NATURAL_RANGE, strict=True):
        lights = [dye.light for dye in tone]
        assert np.diff(lights).min() >= 3, "a level that nobody can tell from the next is none"
    assert lights[0] == 10 and 70 < lights[-1] < 77, "from black to just below platinum"


def test_tones_lean_as_they_are_called() -> None:
    for row in NATURAL_RANGE[2:]:  # in black hair tones are hardly seen
        natural, ash, violet, golden, copper, mahogany, red = row
        hue = {dye.name: np.degrees(np.arctan2(dye.b, dye.a)) % 360 for dye in row}
        assert np.hypot(ash.a, ash.b) < np.hypot(natural.a, natural.b), "ash takes warmth away"
        assert golden.b > natural.b + 5 and abs(golden.a - natural.a) < 3
        assert copper.a > natural.a + 8 and 35 < hue[copper.name] < 65
        assert red.a == max(dye.a for dye in row) and hue[red.name] < hue[copper.name]
        assert violet.b == min(dye.b for dye in row) and mahogany.b < natural.b < copper.b
    for rows in (NATURAL_RANGE[:1],):
        a, b = ([getattr(dye, axis) for dye in rows[0]] for axis in ("a", "b"))
        assert np.ptp(a) < 8 and np.ptp(b) < 8


@pytest.mark.parametrize(
    ("number", "dye"),
    [("8/1", "ash blond"), ("8/3", "golden blond"), ("6/4", "copper"), ("3/0", "dark brown"), ("1", "black")],
)
def test_the_range_lies_beside_the_colours_that_always_were(number: str, dye: str) -> None:
    one, other = shade(number), shade(dye)
    assert abs(one.light - other.light) < 7 and np.hypot(one.a - other.a, one.b - other.b) < 8


def test_every_shade_can_be_shown_on_a_screen() -> None:
    lab = np.array([[[dye.light, dye.a, dye.b] for dye in row] for row in NATURAL_RANGE], np.float32)
    shown = np.clip(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), 0, 1)
    assert np.abs(cv2.cvtColor(shown, cv2.COLOR_RGB2Lab) - lab).max() < 3


@pytest.mark.parametrize(
    "said", ["7/1", "7.1", "7-1", "7 1", "7-ash", "7 Ash", "level 7 ash", "Level-7-ASH", "7/1 ash", "7_cool"]
)
def test_a_number_or_words_say_the_same(said: str) -> None:
    assert find(said) is NATURAL_RANGE[6][1]


def test_a_level_alone_is_natural_and_auburn_is_red() -> None:
    assert shade("7").name == "7/0 natural" and shade("level 10").name == "10/0 natural"
    assert shade("1-0").name == "1/0 natural" and shade("5-auburn").name == "5/6 red"
    assert shade("4 neutral") is shade("4/0")


@pytest.mark.parametrize(
    "said", ["75", "0/1", "11", "11/1", "7/9", "7/1 red", "7 cooper", "7/", "7//1", "/1", "7/1/3"]
)
def test_what_is_no_level_is_refused_in_one_line_that_says_how(said: str) -> None:
    assert in_range(said) is None
    with pytest.raises(
        MirrorError, match=r"There is no dye.*level from 1 to 10.*1 ash.*7/1 or 7-ash"
    ) as caught:
        find(said)
    assert "\n" not in str(caught.value)


def test_a_level_is_said_in_every_language() -> None:
    assert Words("de").said("bob, 7/1 ash") == "Bob, 7/1 Asch"
    assert Words("ar").said("10/3 golden").startswith("١٠/٣")
    for language in ("en", "fr", "ja"):
        for tone in TONES:
            assert Words(language).said(f"5/{tone.digit} {tone.name}").startswith(f"5/{tone.digit} ")


def test_the_next_colour_after_one_of_the_range_begins_the_round() -> None:
    dyeing = Dyeing()
    dyeing.ask(shade("7/1"), True, None)
    assert dyeing.following(1, ()) == "none" and dyeing.following(-1, ()) == DYES[-1].name
    assert len(LEVELS) == 10
