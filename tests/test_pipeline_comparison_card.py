"""A card of what was worn: which looks, painted on the very same frame, piece by piece."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mirror.core.frame import Frame
from mirror.pipeline.comparison_card import LASTING, LOOKS, Card, Looks
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.worn_style import ILLUSTRATION, SIMULATED, Worn


@pytest.fixture
def shown(mirror: Mirror, demo_frame: np.ndarray) -> Shown:
    """The demo's person with a bob, some frames after they came."""
    return stream(mirror, demo_frame, 20, fresh=True)


def stream(mirror: Mirror, image: np.ndarray, count: int = 3, fresh: bool = False) -> Shown:
    """So many pictures of somebody, the last one as it is shown."""
    if fresh:
        stream.clock = 0  # type: ignore[attr-defined]
        mirror.process(Frame(np.zeros_like(image), 0, 0.0))
    for _ in range(count):
        stream.clock += 1  # type: ignore[attr-defined]
        number = stream.clock  # type: ignore[attr-defined]
        one = mirror.process(Frame(image, number, number / 30))
    return one


def painted(mirror: Mirror, shown: Shown, looks: list[Worn]) -> Card:
    card = Card(shown, looks)
    while not card.done:
        card.busy = True
        before = len(card.pictures)
        card.work(mirror, 0.0)
        assert not card.busy and len(card.pictures) <= before + 1, "one look at a time"
    return card


def look(name: str, **more: Any) -> Worn:
    return Worn(name, **{"code": object(), **more})


def wear(looks: Looks, worn: Worn, since: float, seconds: float) -> float:
    """Told of every picture of it, 30 a second; gives the time after the last."""
    for number in range(round(seconds * 30) + 1):
        looks.note(worn, since + number / 30)
    return since + seconds + 1 / 30


def test_what_was_worn_and_nothing_that_was_not() -> None:
    looks, now = Looks(), 0.0
    assert looks.chosen(Worn()) == [], "nothing so far"
    for name in ("bob", "afro", "quiff"):
        now = wear(looks, look(name), now, LASTING + 0.2)
    for name in ("passed", "passed too"):
        now = wear(looks, look(name), now, LASTING - 0.2)
    names = [one.name for one in looks.chosen(look("quiff"))]
    assert names == ["quiff", "afro", "bob"], "fewer than four: fewer pictures"
    assert [one.name for one in looks.chosen(look("just now"))] == ["just now", "quiff", "afro", "bob"]


def test_the_last_four_each_once() -> None:
    looks, now = Looks(), 0.0
    for name in ("bob", "afro", "quiff", "bald", "bob", "locs"):
        now = wear(looks, look(name), now, LASTING)
    names = [one.name for one in looks.chosen(look("locs"))]
    assert names == ["locs", "bob", "bald", "quiff"] and len(names) == LOOKS
    looks.forget()
    assert looks.chosen(Worn()) == []


def test_own_hair_a_grid_and_no_face_are_no_looks() -> None:
    looks, now = Looks(), 0.0
    for worn in (Worn(), Worn("bob / afro / quiff / locs"), Worn("your hair today", hair_loss=True)):
        now = wear(looks, worn, now, 1.0)
        assert looks.chosen(worn) == []


def test_the_sliders_last_state_counts_and_its_stages_are_looks_of_their_own() -> None:
    looks, now = Looks(), 0.0
    for presence in (0.2, 0.9):
        now = wear(looks, look("bob, changed", presence=presence), now, LASTING)
    for amount, name in ((-0.3, "Norwood III"), (-0.8, "Norwood VI")):
        now = wear(looks, Worn(name, hair_loss=True, loss=amount), now, LASTING)
    chosen = looks.chosen(look("afro"))
    assert [(one.name, one.mark) for one in chosen] == [
        ("afro", SIMULATED), ("Norwood VI", ILLUSTRATION), ("Norwood III", ILLUSTRATION),
        ("bob, changed", SIMULATED),
    ]  # fmt: skip
    assert chosen[3].presence == 0.9


def test_pictures_of_the_very_same_frame(mirror: Mirror, shown: Shown) -> None:
    frame, worn = shown.frame.image, []
    try:
        for name in ("afro", "bald"):
            mirror.styling.choose(name)
            worn.append(stream(mirror, frame).worn)
        mirror.set_loss(-0.6)
        worn.append(stream(mirror, frame).worn)
    finally:
        mirror.set_loss(None)
        mirror.styling.choose("bob")
    card = Card(shown, [shown.worn, *worn])
    assert Card.possible(shown)
    pieces = 0
    while not card.done:
        card.busy = True
        card.work(mirror, 0.0)
        pieces += 1
        stream(mirror, frame, 1)  # the live picture goes on in between
    assert [one.name for one in card.looks][:3] == ["bob", "afro", "bald"] and pieces > 12
    assert [one.mark for one in card.looks] == [SIMULATED, SIMULATED, ILLUSTRATION, ILLUSTRATION]
    corner = np.s_[:40, :100]
    for picture in card.pictures:
        assert picture.shape == frame.shape and picture.dtype == np.uint8
        assert np.array_equal(picture[corner], frame[corner]), "the same room"
        assert (picture != frame).any(-1).mean() > 0.005, "other hair"
    for one in range(4):
        for other in range(one):
            assert (card.pictures[one] != card.pictures[other]).any(-1).mean() > 0.005
    near = np.abs(card.pictures[0].astype(int) - shown.image).mean()
    far = np.abs(card.pictures[1].astype(int) - shown.image).mean()
    assert near < 0.35 * far, "the first shows what the mirror shows"


def test_a_look_keeps_its_own_dye_and_its_blend(mirror: Mirror, shown: Shown) -> None:
    frame = shown.frame.image
    try:
        mirror.styling.choose_dye("platinum")
        fair = stream(mirror, frame).worn
        mirror.styling.choose_dye("none")
        mirror.styling.set_blend(0.1)
        faint = stream(mirror, frame).worn
    finally:
        mirror.styling.set_blend(1.0)
        mirror.styling.choose_dye("none")
    assert (fair.name, faint.name) == ("bob, platinum", "bob, changed")
    card = painted(mirror, shown, [shown.worn, fair, faint])
    plain, dyed, blended = (np.abs(one.astype(int) - frame).mean() for one in card.pictures)
    assert np.abs(card.pictures[0].astype(int) - card.pictures[1]).mean() > 0.5
    assert blended < 0.7 * plain and dyed > 0


def test_no_card_without_a_face_or_of_a_head_turned_away(shown: Shown) -> None:
    assert not Card.possible(Shown(shown.frame, shown.frame.image))
    away: Any = Shown(shown.frame, shown.image, shown.face, shown.laid, shown.transform, 0.2)
    assert not Card.possible(away)
