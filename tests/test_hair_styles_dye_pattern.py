"""Dye patterns: how they are written, and what is said where they are not."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.hair.styles.dye import dyed, find
from mirror.hair.styles.dye_pattern import KINDS, PatternedDye, kind_of, on, patterned


def pattern(said: str) -> PatternedDye:
    found = find(said)
    assert isinstance(found, PatternedDye)
    return found


def test_a_pattern_names_its_kind_and_its_two_shades() -> None:
    balayage = pattern("balayage:5/0+8/3")
    assert (balayage.kind, balayage.first, balayage.second) == ("balayage", find("5/0"), find("8/3"))
    assert balayage.name == "balayage: 5/0 natural + 8/3 golden"
    assert pattern("Ombré: Dark-Brown + copper").name == "ombre: dark brown + copper"


def test_none_is_the_colour_that_is_there() -> None:
    lights = pattern("highlights:none+9/0")
    assert lights.first is None and lights.second == find("9/0")
    assert pattern("split:black+none").second is None


def test_share_and_beginning_are_those_of_the_kind_or_as_written() -> None:
    for kind in KINDS:
        plain = pattern(f"{kind.name}:black+copper")
        assert (plain.share, plain.begins) == (kind.share, kind.begins)
    written = pattern("balayage:5/0+8/3,0.25,.6")
    assert (written.share, written.begins) == (0.25, 0.6)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("numbers", ["", ",0.2", ",0.2,0.7", ",1,0.333"])
def test_its_name_finds_it_again(kind, numbers) -> None:
    found = pattern(f"{kind.name}:none+7-ash{numbers}")
    assert find(found.name) == found


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("dip:black+copper", "no dye pattern 'dip'. Give one of highlights, balayage, ombre, roots, split"),
        ("roots:black", "does not name two shades"),
        ("roots:black+", "does not name two shades"),
        ("roots:black+copper+rose", "does not name two shades"),
        ("roots:black+copper,1,1,1", "does not name two shades"),
        ("roots:black+copper,2", "no number from 0 to 1"),
        ("roots:black+copper,nan", "no number from 0 to 1"),
        ("roots:black+Black", "two different shades"),
        ("roots:none+none", "two different shades"),
        ("roots:black+puce", "There is no dye 'puce'"),
        ("roots:black+split:rose", "does not name two shades"),
    ],
)
def test_what_is_no_pattern_is_refused_in_one_line(said, told) -> None:
    with pytest.raises(MirrorError, match=told.replace("(", "\\(")) as refused:
        find(said)
    assert "\n" not in str(refused.value)


def test_painted_hair_takes_the_first_shade_alone() -> None:
    rgb = np.random.default_rng(0).uniform(0.2, 0.6, (64, 64, 3)).astype(np.float32)
    hair = np.ones((64, 64), np.float32)
    assert np.array_equal(dyed(rgb, hair, find("roots:copper+black")), dyed(rgb, hair, find("copper")))
    assert dyed(rgb, hair, find("highlights:none+9/0")) is rgb


def test_the_colour_that_is_there_is_that_of_the_look() -> None:
    copper, rose = find("copper"), find("rose")
    worn = on(find("highlights:none+rose"), copper)
    assert isinstance(worn, PatternedDye)
    assert (worn.first, worn.second) == (copper, rose) and (worn.a, worn.amount) == (28, 1)
    assert on(find("split:rose+none"), copper).second == copper
    assert on(find("highlights:none+rose"), rose) == rose, "nothing of it would be seen"
    assert on(find("roots:black+rose"), copper) == find("roots:black+rose")
    assert on(None, copper) == copper and on(rose, copper) == rose and on(rose, None) == rose


def test_a_kind_is_found_with_its_accent_and_without() -> None:
    assert kind_of("OMBRÉ") == kind_of("ombre") is not None
    assert kind_of("foils") is None


def test_a_kind_as_usual_says_no_numbers() -> None:
    assert "," not in patterned(KINDS[0], None, find("rose"), KINDS[0].share, KINDS[0].begins).name
