"""One grown style passes over into the next: shares add up, nothing is bare while views are made."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from mirror.compositing.laid_hair import WarpedView
from mirror.compositing.style_fade import Outfit, StyleFade
from tests.grown_fakes import grown_style

ONE = grown_style()
OTHER = replace(ONE)


def view(name: str, share: float = 1.0) -> WarpedView:
    fake: Any = SimpleNamespace(name=name)
    return WarpedView(fake, share, fake)


def names(views: list[WarpedView]) -> list[tuple[str, float]]:
    return [(one.view.name, round(one.share, 3)) for one in views]  # type: ignore[attr-defined]


def before(outfit: Outfit) -> list[WarpedView]:
    return [view("old")]


@pytest.fixture
def fade() -> StyleFade:
    made = StyleFade()
    made.wear(ONE, None).shown = True
    return made


def test_what_goes_on_is_the_very_same_outfit(fade: StyleFade) -> None:
    assert fade.wear(ONE, None) is fade.on
    assert names(fade.mixed([view("new")], 0.0, before)) == [("new", 1.0)], "nothing to fade from"


def test_shares_add_up_to_one_and_the_new_style_takes_over(fade: StyleFade) -> None:
    fade.begun = 10.0, 0.4
    fade.wear(OTHER, None)
    shares = []
    for now in (10.05, 10.2, 10.35, 10.5):
        found = dict(names(fade.mixed([view("new", 0.6), view("near", 0.4)], now, before)))
        assert sum(found.values()) == pytest.approx(1, abs=0.002)
        shares.append(found.get("old", 0.0))
    assert shares == sorted(shares, reverse=True) and shares[0] > 0.5 and shares[-1] == 0
    assert names(fade.mixed([view("new")], 10.6, before)) == [("new", 1.0)]


def test_the_style_before_stays_until_views_are_there_and_fades_from_then(fade: StyleFade) -> None:
    fade.begun = 10.0, 0.4
    fade.wear(OTHER, None)
    assert names(fade.mixed([], 10.3, before)) == [("old", 1.0)]
    assert names(fade.mixed([], 11.0, before)) == [("old", 1.0)]
    found = dict(names(fade.mixed([view("new")], 11.05, before)))
    assert found["old"] > 0.5, "a fade that began when it was asked for would be over"


def test_what_is_there_at_once_takes_the_place_at_once(fade: StyleFade) -> None:
    fade.wear(OTHER, None)
    assert names(fade.mixed([view("new")], 10.0, before)) == [("new", 1.0)]


def test_another_colour_of_a_style_lies_as_the_style_did(fade: StyleFade) -> None:
    assert fade.on is not None
    warps, hairline = fade.on.warps, fade.on.hairline
    shade: Any = object()
    dyed = fade.wear(ONE, shade)
    assert dyed.warps is warps and dyed.hairline is hairline and not dyed.shown and dyed.shade is shade
    other = fade.wear(OTHER, shade)
    assert other.warps is not warps and other.hairline is not hairline


def test_an_outfit_that_nobody_saw_is_not_faded_from(fade: StyleFade) -> None:
    fade.begun = 10.0, 0.4
    fade.wear(OTHER, None)  # not shown
    third = fade.wear(replace(ONE), None)
    assert not third.shown
    found = names(
        fade.mixed([view("new")], 10.1, lambda outfit: [view("first" if outfit.style is ONE else "no")])
    )
    assert [name for name, _ in found if name != "new"] == ["first"]


def test_the_next_person_sees_nothing_of_it(fade: StyleFade) -> None:
    fade.begun = 10.0, 0.4
    fade.wear(OTHER, None)
    fade.reset()
    assert fade.on is None and names(fade.mixed([view("new")], 10.1, before)) == [("new", 1.0)]
