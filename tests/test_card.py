"""A card of four styles: which four, painted on the very same frame, piece by piece."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mirror.card import Card, Worn
from mirror.frame import Frame
from mirror.mirror import Mirror
from mirror.shown import Shown


@pytest.fixture
def shown(mirror: Mirror, demo_frame: np.ndarray) -> Shown:
    """The demo's person with a bob, some frames after they came."""
    mirror.process(Frame(np.zeros_like(demo_frame), 0, 0.0))
    for number in range(1, 20):
        one = mirror.process(Frame(demo_frame, number, number / 30))
    assert one.strength == 1.0
    return one


def names(worn: Worn, mirror: Mirror) -> list[str]:
    return [name for name, _ in worn.chosen(mirror.styling)]


def test_the_style_that_is_on_and_the_next_ones_of_the_book(mirror: Mirror) -> None:
    worn, book = Worn(), mirror.book
    worn.note(mirror.styling)
    first = book.index("bob")
    assert names(worn, mirror) == [book[(first + n) % len(book)].name for n in range(4)]
    mirror.styling.pick(len(book) - 1)
    assert names(worn, mirror) == [book[-1].name, "bob", book[0].name, book[1].name], "the book goes round"


def test_the_last_worn_come_before_the_book(mirror: Mirror) -> None:
    worn = Worn()
    for name in ("bob", "afro", "afro", "quiff", "bald", "bob", "locs"):
        mirror.styling.choose(name)
        worn.note(mirror.styling)
    assert names(worn, mirror) == ["locs", "bob", "bald", "quiff"]
    worn.forget()
    assert names(worn, mirror)[0] == "locs" and "quiff" not in names(worn, mirror)


def test_drawn_styles_are_remembered_and_all_take_the_dye(mirror: Mirror) -> None:
    worn = Worn()
    mirror.styling.draw()
    worn.note(mirror.styling)
    drawn = mirror.styling.settled()
    name = mirror.styling.name
    mirror.styling.choose("bob")
    worn.note(mirror.styling)
    mirror.styling.choose_dye("copper")
    try:
        styles = dict(worn.chosen(mirror.styling))
        assert list(styles)[:2] == ["bob", name]
        codes = {n: fit(mirror.book.face_shape) for n, fit in styles.items()}
    finally:
        mirror.styling.choose_dye("none")
    assert drawn is not None and np.array_equal(codes[name].z, drawn.z)
    assert {code.dye.name for code in codes.values() if code.dye is not None} == {"copper"}
    assert all(code.dye is not None for code in codes.values())


def test_four_pictures_of_the_very_same_frame(mirror: Mirror, shown: Shown) -> None:
    worn = Worn()
    for name in ("afro", "bald", "bob"):
        mirror.styling.choose(name)
        worn.note(mirror.styling)
    card, pieces = Card(shown, worn), 0
    assert Card.possible(shown)
    while not card.done:
        card.busy = True
        before = len(card.pictures)
        card.work(mirror, 0.0)
        pieces += 1
        assert not card.busy and len(card.pictures) <= before + 1, "one style at a time"
        # The live picture goes on in between.
        mirror.process(Frame(shown.frame.image, 20 + pieces, (20 + pieces) / 30))
    assert card.names[:3] == ["bob", "bald", "afro"] and len(card.pictures) == 4 and pieces > 12
    frame = shown.frame.image
    corner = np.s_[:40, :100]
    for picture in card.pictures:
        assert picture.shape == frame.shape and picture.dtype == np.uint8
        assert np.array_equal(picture[corner], frame[corner]), "the same room"
        assert (picture != frame).any(-1).mean() > 0.02, "other hair"
    for one in range(4):
        for other in range(one):
            assert (card.pictures[one] != card.pictures[other]).any(-1).mean() > 0.02
    near = np.abs(card.pictures[0].astype(int) - shown.image).mean()
    far = np.abs(card.pictures[2].astype(int) - shown.image).mean()
    assert near < 0.35 * far, "the first shows what the mirror shows"


def test_no_card_without_a_face_or_of_a_head_turned_away(shown: Shown) -> None:
    assert not Card.possible(Shown(shown.frame, shown.frame.image))
    away: Any = Shown(shown.frame, shown.image, shown.face, shown.layer, shown.transform, 0.2)
    assert not Card.possible(away)
