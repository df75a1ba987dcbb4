"""A tour on a mirror: each step at its moment of the clock, whatever pictures do, until somebody chooses."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mirror.core.frame import Frame
from mirror.hair.styles.tour import Step, Tour
from mirror.pipeline.film_clock import FilmClock
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.touring import Touring

HALF = Fraction(1, 2)
TOUR = Tour((Step(3, Fraction(1), "none", "one"), Step(5, HALF, "copper", "two")), HALF, repeat=True)


class FakeMirror:
    """Notes what is put on, and since when."""

    def __init__(self) -> None:
        self.worn: list[tuple[int | None, str, float | None]] = []
        self.coming: list[tuple[int | None, str]] = []
        self.grid: tuple[int, ...] = ()
        self.styling: Any = SimpleNamespace(
            show=lambda number, dye, since: self.worn.append((number, dye, since)),
            announce=lambda number, dye: self.coming.append((number, dye)),
            blend=1, set_blend=lambda blend: setattr(self.styling, "blend", blend),
        )  # fmt: skip

    def set_grid(self, numbers: tuple[int, ...]) -> None:
        self.grid = numbers


@pytest.fixture
def mirror() -> Any:
    return FakeMirror()


def test_steps_begin_on_the_clock_however_pictures_come(mirror: Any) -> None:
    touring = Touring(TOUR)
    for now in (100.0, 100.9, 101.13, 101.49, 101.7, 102.6):
        touring.tick(mirror, now)
    assert [(number, dye) for number, dye, _ in mirror.worn] == [
        (3, "none"), (5, "copper"), (3, "none"), (5, "copper"),
    ]  # fmt: skip
    since = [one[2] for one in mirror.worn]
    assert since[0] is None and since[1:] == pytest.approx([101.0, 101.5, 102.5])
    assert mirror.coming[0] == (5, "copper"), "the next one is made ready"


def test_nothing_drifts_in_a_day(mirror: Any) -> None:
    touring = Touring(TOUR)
    touring.tick(mirror, 0.0)
    touring.tick(mirror, 86400.0 * 1.5 + 0.2)
    assert mirror.worn[-1][2] == pytest.approx(86400.0 * 1.5) and len(mirror.worn) == 2, (
        "steps missed are left"
    )


def test_what_somebody_chooses_stays_until_it_goes_on_at_the_next_beat(mirror: Any) -> None:
    touring = Touring(TOUR)
    touring.tick(mirror, 0.0)
    assert touring.caption == "one" and touring.pause() and not touring.pause()
    mirror.grid, mirror.styling.blend = (1, 2, 3, 4), 0.5
    for now in (0.5, 1.2, 7.0):
        touring.tick(mirror, now)
    assert len(mirror.worn) == 1 and touring.caption == ""
    touring.go_on()
    touring.tick(mirror, 7.1)
    assert len(mirror.worn) == 1, "not before the beat"
    touring.tick(mirror, 7.6)
    assert mirror.worn[-1] == (3, "none", pytest.approx(7.5)) and touring.caption == "one"
    assert mirror.grid == () and mirror.styling.blend == 1, "whole and alone"


def test_a_tour_that_does_not_repeat_ends_and_can_begin_again(mirror: Any) -> None:
    touring = Touring(Tour(TOUR.steps, HALF))
    for now in (0.0, 1.0, 1.6):
        touring.tick(mirror, now)
    assert touring.over and touring.caption == "" and mirror.coming[-1] == (None, "copper")
    assert not touring.pause(), "nothing went on"
    touring.go_on()
    touring.tick(mirror, 2.0)
    touring.tick(mirror, 2.6)
    assert not touring.over and mirror.worn[-1][0] == 3


def test_a_film_that_is_made_slowly_goes_by_its_own_time() -> None:
    clock, picture = FilmClock(25.0), np.zeros((8, 8, 3), np.uint8)
    told = [clock.told(Frame(picture, number, 500.0 + 3 * number)) for number in range(4)]
    assert [frame.captured_at for frame in told] == pytest.approx([0, 0.04, 0.08, 0.12])
    back = [clock.given_back(Shown(frame, picture)).frame.captured_at for frame in told]
    assert back == [500.0, 503.0, 506.0, 509.0], "and keeps its own for what is measured"
