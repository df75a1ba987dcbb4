"""Likeness: what a person would call alike lies near, whatever its colour."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.engines import ENGINES_FOLDER
from mirror.hair.shelf import open_book
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.likeness import appearance, by_likeness


@pytest.fixture(scope="module")
def book() -> StyleBook:
    return open_book(ENGINES_FOLDER)


@pytest.fixture(scope="module")
def seen(book: StyleBook) -> np.ndarray:
    return appearance([style.thumbnail for style in book.styles], [style.tags for style in book.styles])


def test_all_styles_come_once_and_the_own_first(book: StyleBook, seen: np.ndarray) -> None:
    for number in range(0, len(book), 7):
        order = by_likeness(seen, number)
        assert order[0] == number and sorted(order) == list(range(len(book)))


@pytest.mark.parametrize(
    ("name", "alike", "unlike"),
    [
        ("long straight", {"long blond", "long copper"}, {"bald", "crew cut", "afro"}),
        ("crew cut", {"silver crew cut", "ivy league"}, {"long waves", "afro", "blunt bob"}),
        ("bald", {"Norwood VII"}, {"long curls", "afro", "bob with fringe"}),
    ],
)
def test_the_same_cut_is_near_in_any_colour(
    book: StyleBook, seen: np.ndarray, name: str, alike: set[str], unlike: set[str]
) -> None:
    order = [book.names[number] for number in by_likeness(seen, book.index(name))]
    assert alike <= set(order[:25])
    assert min(map(order.index, unlike)) > max(map(order.index, alike))


@pytest.mark.parametrize(
    ("name", "among", "never"),
    [
        ("brushed up", {"spiky", "quiff", "pompadour"}, {"top knot", "messy bun"}),
        ("quiff", {"blond quiff", "pompadour", "brushed up"}, {"top knot", "messy bun"}),
        ("messy bun", {"top knot", "black messy bun", "ponytail"}, {"quiff", "pompadour", "brushed up"}),
        ("bob", {"blunt bob", "Italian bob", "blond bob"}, {"long straight", "crew cut"}),
        ("long straight", {"long blond", "long copper", "long grey"}, {"locs", "box braids", "sleek lob"}),
        ("afro", {"silver afro", "medium afro", "natural curls"}, {"tousled", "tousled brown"}),
        ("box braids", {"braids", "locs", "long twists"}, {"layers", "shoulder length"}),
        ("ringlets", {"long curls", "brown curls"}, {"locs", "layers", "long straight"}),
        ("pixie", {"raven pixie", "silver pixie", "honey pixie"}, {"buzzed crop", "long straight"}),
        ("Norwood IV", {"Norwood III", "Norwood V"}, {"silver slick back", "buzz cut"}),
    ],
)
def test_the_nine_are_what_a_stylist_would_show(
    book: StyleBook, seen: np.ndarray, name: str, among: set[str], never: set[str]
) -> None:
    """By outlines alone a tuft that is brushed up was a bun, and curls were locs."""
    nine = {book.names[number] for number in by_likeness(seen, book.index(name))[:9]}
    assert among <= nine and not never & nine


def test_without_a_bare_head_the_first_stands_in(seen: np.ndarray, book: StyleBook) -> None:
    pictures = [style.thumbnail for style in book.styles[:4]]
    assert appearance(pictures, [()] * 4).shape == (4, seen.shape[1])
    assert appearance(pictures, ()).shape == (4, seen.shape[1])
