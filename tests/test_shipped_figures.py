"""The shipped weights are held to their figures; see `tests/shipped_figures.py`."""

from __future__ import annotations

import pytest

from mirror.core.errors import MirrorError
from tests.shipped_figures import HELD, Held, measured


@pytest.fixture(scope="module")
def now() -> dict[str, float]:
    try:
        return measured()
    except MirrorError as error:
        if "tracker" in str(error) or "sample pictures" in str(error):
            pytest.skip(str(error))
        raise


@pytest.mark.parametrize("figure", HELD)
def test_the_shipped_weights_are_as_good_as_they_were(now: dict[str, float], figure: str) -> None:
    held = HELD[figure]
    side = "at least" if held.higher else "at most"
    assert held.holds(now[figure]), f"{held.says}: {now[figure]:.3f}, {side} {held.limit:.3f}"


def test_nothing_is_measured_that_is_not_held(now: dict[str, float]) -> None:
    assert set(now) == set(HELD)


def test_a_limit_is_the_margin_away_and_nothing_is_no_figure() -> None:
    higher, lower = Held(0.9, 0.1, True, ""), Held(0.2, 0.05, False, "")
    assert higher.holds(0.81) and not higher.holds(0.79)
    assert lower.holds(0.24) and not lower.holds(0.26)
    assert not higher.holds(float("nan")) and not lower.holds(float("nan"))
