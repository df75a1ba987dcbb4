"""The row of patterns: what a touch of it, and of a swatch after it, asks for."""

from __future__ import annotations

import pytest

from mirror.app.screen.panels.pattern_kinds import ONE, ROW, PatternChoice, said
from mirror.app.screen.wishes import ChooseDye
from mirror.hair.styles.dye import find
from mirror.hair.styles.dye_pattern import KINDS


def wearing(dye: str) -> PatternChoice:
    choice = PatternChoice()
    choice.follow(dye)
    return choice


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_waits_for_its_second_shade(kind) -> None:
    choice = wearing("copper")
    assert choice.caption == "copper" and choice.press(kind.name) is True
    assert choice.caption == f"{kind.name}: now the second shade"
    assert choice.swatch("copper") is True, "the same twice would not be seen"
    wish = choice.swatch("rose")
    assert wish == ChooseDye(f"{kind.name}: copper + rose")
    assert isinstance(wish, ChooseDye) and find(wish.name) is not None


def test_the_next_swatch_changes_the_second_shade_alone() -> None:
    choice = wearing("ombre: copper + rose")
    assert choice.shades == ("copper", "rose") and choice.swatch("black") == ChooseDye(
        "ombre: copper + black"
    )


def test_one_colour_takes_a_pattern_off_and_leaves_the_first_shade() -> None:
    choice = wearing("ombre: copper + rose")
    assert choice.press(ONE) == ChooseDye("copper")
    choice.follow("copper")
    assert choice.kind is None and choice.press(ONE) is True and choice.swatch("rose") == ChooseDye("rose")


def test_a_pattern_chosen_elsewhere_is_followed() -> None:
    choice = wearing("none")
    choice.press("split")
    choice.follow("none")
    assert choice.kind is not None, "nothing was put on: it still waits"
    choice.follow("roots: none + rose")
    assert choice.kind is not None and choice.kind.name == "roots"
    choice.follow("rose")
    assert choice.kind is None


def test_all_are_said_and_drawn_whatever_is_on() -> None:
    for dye in ("none", "copper", "split: copper + none", "roots: none + rose"):
        for name in ROW:
            assert wearing(dye).tile(name, 50, 40, 6).get_size() == (50, 40)
    assert [said(name) for name in ROW] == ["one colour", *(kind.name for kind in KINDS)]
