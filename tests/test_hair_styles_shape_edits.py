"""Hair made longer, fuller, lighter: each dial does what its name says, and nothing at 0."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.shape_edits import AXES, check_steps, led_on, reshaped


@pytest.fixture(scope="module")
def book() -> StyleBook:
    return StyleBook.load(ENGINES_FOLDER / "styles.safetensors")


def test_nothing_asked_for_is_the_very_same_style(book: StyleBook) -> None:
    code = book.find("bob").code
    assert reshaped(code, {}, book) is code and reshaped(code, {"length": 0.0}, book) is code


@pytest.mark.parametrize("axis", ["length", "volume"])
def test_more_is_more_and_less_is_less(book: StyleBook, axis: str) -> None:
    code = book.find("bob").code
    areas = [float(reshaped(code, {axis: amount}, book).coarse.sum()) for amount in (-1, -0.5, 0.5, 1)]
    areas.insert(2, float(code.coarse.sum()))
    assert all(more > less for less, more in zip(areas, areas[1:], strict=False))


def test_longer_hair_hangs_lower_and_stays_off_the_face(book: StyleBook) -> None:
    code = book.find("bob").code
    longer = reshaped(code, {"length": 1.0}, book).coarse
    assert longer[44:].sum() > code.coarse[44:].sum() + 10
    face = np.s_[30:40, 28:36]
    assert (longer[face] <= code.coarse[face] + 1e-6).all()


def test_a_fringe_falls_over_the_forehead_of_those_who_have_hair(book: StyleBook) -> None:
    forehead = np.s_[18:24, 26:38]
    code = book.find("bob").code
    assert reshaped(code, {"fringe": 1.0}, book).coarse[forehead].mean() > code.coarse[forehead].mean() + 0.1
    bald = book.find("bald").code
    assert reshaped(bald, {"fringe": 1.0}, book).coarse[forehead].mean() < 0.2


def test_colour_is_lighter_or_darker_and_grey_is_a_dye(book: StyleBook) -> None:
    code = book.find("bob").code
    assert (reshaped(code, {"colour": 1.0}, book).tint > code.tint).all()
    assert (reshaped(code, {"colour": -1.0}, book).tint < code.tint).all()
    half, whole = (reshaped(code, {"grey": amount}, book).dye for amount in (0.5, 1.0))
    assert half is not None and whole is not None and 0 < half.amount < whole.amount <= 1


def test_another_colour_keeps_every_strand_and_another_shape_leads_them_on(book: StyleBook) -> None:
    code = book.find("cornrows").code
    assert np.array_equal(reshaped(code, {"colour": -0.3}, book).detail, code.detail)
    assert not np.array_equal(reshaped(code, {"volume": 0.3}, book).detail, code.detail)


def test_curls_change_what_is_fine_and_keep_the_colour(book: StyleBook) -> None:
    code = book.find("long straight").code
    curly = reshaped(code, {"curl": 1.0}, book)
    hair = code.coarse > 0.9
    apart = np.abs(curly.detail - code.detail)[:, hair]
    assert apart.mean() > 0.01
    assert (np.abs(curly.detail[:, hair].mean(1) - code.detail[:, hair].mean(1)) < apart.mean(1) + 0.05).all()
    assert (curly.coarse == code.coarse).all() and (curly.tint == code.tint).all()


def test_amounts_are_kept_within_their_range() -> None:
    assert check_steps("length", 9) == AXES["length"].high and check_steps("fringe", -1) == 0
    with pytest.raises(MirrorError, match="length, volume, fringe"):
        check_steps("lenght", 1)


def test_a_map_led_on_is_the_same_within_and_its_rims_beyond() -> None:
    coarse = np.zeros((64, 64), np.float32)
    coarse[20:40, 20:40] = 1
    detail = np.zeros((8, 64, 64), np.float32)
    detail[:, 20:40, 20:40] = 3.0
    out = led_on(detail, coarse)
    assert (out[:, 20:40, 20:40] == 3).all()
    assert np.allclose(out[:, 10, 30], 3, atol=0.1) and np.isfinite(out).all()
