"""The map of the book: alike beside alike, nothing on top of another, and the hair between."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.app.lab.style_map import APART, NEAR, THUMBNAIL, StyleMap, spread_out
from mirror.engines import ENGINES_FOLDER
from mirror.hair.shelf import open_book
from mirror.hair.styles.book import StyleBook


@pytest.fixture(scope="module")
def book() -> StyleBook:
    return open_book(ENGINES_FOLDER)


@pytest.fixture(scope="module")
def laid(book: StyleBook) -> StyleMap:
    return StyleMap(book)


def apart(laid: StyleMap, book: StyleBook, one: str, other: str) -> float:
    places = (laid.places[book.names.index(name)] for name in (one, other))
    return float(np.hypot(*np.subtract(*places)))


def test_no_style_lies_on_another_and_none_outside(laid: StyleMap, book: StyleBook) -> None:
    assert laid.places.shape == (len(book), 2) and laid.places.min() > 0 and laid.places.max() < 1
    away = np.hypot(*(laid.places[:, None] - laid.places[None]).transpose(2, 0, 1))
    np.fill_diagonal(away, 1.0)
    assert away.min() > 0.9 * APART > 2 * NEAR


def test_alike_lies_beside_alike(laid: StyleMap, book: StyleBook) -> None:
    for one, alike, other in (
        ("bald", "Norwood VII", "long curls"), ("long straight", "long blond", "crew cut"),
        ("afro", "medium afro", "long straight"), ("crew cut", "ivy league", "long waves"),
    ):  # fmt: skip
        assert apart(laid, book, one, alike) < 0.6 * apart(laid, book, one, other), one


def test_it_is_the_same_each_time(laid: StyleMap, book: StyleBook) -> None:
    assert np.array_equal(StyleMap(book).places, laid.places)


def test_at_a_place_it_is_that_style_and_between_a_mixture(laid: StyleMap, book: StyleBook) -> None:
    number = book.names.index("quiff")
    x, y = laid.places[number]
    assert laid.style_at((x, y)) == number == laid.nearest((x, y))
    assert laid.look((x, y)).anchor is book[number].code
    point = (x + 1.05 * NEAR, y)
    assert laid.style_at(point) is None
    look = laid.look(point)
    assert look.name.startswith("quiff to ") and not np.array_equal(look.z, book[number].code.z)
    near = laid.look((x + 1.001 * NEAR, y))
    assert np.abs(near.z - book[number].code.z).max() < 0.05, "no jump at the border"


def test_steps_go_to_a_style_at_that_side_and_stop_at_the_edge(laid: StyleMap) -> None:
    x, y = laid.beside((0.5, 0.5), 1)
    assert x > 0.5 and laid.style_at((x, y)) is not None
    assert laid.beside((0.5, 0.5), -1)[0] < 0.5
    assert laid.beside((1.0, 0.5), 1) == (1.0, 0.5)


def test_places_that_are_one_are_parted() -> None:
    places = spread_out(np.full((5, 2), 0.5))
    away = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    assert away[~np.eye(5, dtype=bool)].min() > 0.9 * APART


def test_thumbnails_are_large_and_hardly_lie_on_each_other(laid: StyleMap, book: StyleBook) -> None:
    """27 pixels in a window of 1280x720 were too small to tell one cut from another."""
    panel = 404  # design pixels
    assert round(THUMBNAIL * panel * 1.5) >= 54 and round(THUMBNAIL * panel) >= 36, (
        "at 1920x1080, at 1280x720"
    )
    side = THUMBNAIL
    over = np.maximum(side - np.abs(laid.places[:, None] - laid.places[None]), 0).prod(-1)
    np.fill_diagonal(over, 0)
    assert over.max() < 0.2 * side**2, "of no picture more than a strip is covered by another"
    centre = laid.drawn(1212, (0, 0, 0))
    x, y = (round(at * 1212) for at in laid.places[book.names.index("long straight")])
    assert centre[y - 20 : y + 20, x - 20 : x + 20].std() > 5


def test_the_picture_has_a_thumbnail_at_each_place(laid: StyleMap) -> None:
    picture = laid.drawn(400, (13, 13, 15))
    assert picture.shape == (400, 400, 3) and picture.dtype == np.uint8
    for x, y in laid.places:
        at = picture[round(y * 400) - 8 : round(y * 400) + 8, round(x * 400) - 8 : round(x * 400) + 8]
        assert at.std() > 5
