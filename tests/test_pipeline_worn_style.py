"""Every picture knows what it shows: hair loss is marked however it was put on, other pictures are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mirror.app.lab.code_file import load_code, save_code
from mirror.core.easing import CROSSFADE_SECONDS
from mirror.core.frame import Frame
from mirror.pipeline.mirror import Mirror
from mirror.pipeline.shown_frame import Shown
from mirror.pipeline.worn_style import ILLUSTRATION, SIMULATED

LOSS = ("Norwood II", "Norwood III grey", "Norwood VII", "thinning bob", "bald")


@pytest.fixture
def look(mirror: Mirror, demo_frame: np.ndarray) -> Callable[[], Shown]:
    """Looks at the next picture, a thirtieth of a second later."""
    mirror.process(Frame(np.zeros_like(demo_frame), 0, 0.0))
    count = 0

    def one() -> Shown:
        nonlocal count
        count += 1
        return mirror.process(Frame(demo_frame, count, count / 30))

    return one


def test_every_hair_loss_style_of_the_book_and_no_other_is_marked(
    mirror: Mirror, look: Callable[[], Shown]
) -> None:
    styles = mirror.book.styles
    marked = {style.name for style in styles if style.code.hair_loss}
    assert marked == {style.name for style in styles if {"hair loss", "bald"} & set(style.tags)}
    assert set(LOSS) < marked and len(marked) < len(styles) / 4
    for name in (*LOSS, "bob", "buzz cut", "shaved", "crew cut"):
        mirror.styling.choose(name)  # as strip, search and grid do
        worn = look().worn
        assert (worn.name, worn.mark) == (name, ILLUSTRATION if name in marked else SIMULATED)


def test_the_mark_stays_where_dye_is_asked_for_changed_and_blended_and_goes_with_the_style(
    mirror: Mirror, look: Callable[[], Shown]
) -> None:
    styling = mirror.styling
    try:
        styling.choose("Norwood IV")
        styling.choose_dye("copper")
        assert (look().worn.name, look().worn.mark) == ("Norwood IV", ILLUSTRATION), "it takes no dye"
        styling.adjust("volume", 0.5)
        styling.set_blend(0.5)
        assert look().worn.mark == ILLUSTRATION
        styling.set_blend(0.0)
        assert look().worn.mark == SIMULATED, "the own hair alone"
    finally:
        styling.set_blend(1.0)
        styling.choose_dye("none")
    styling.choose("Norwood IV")
    now = look().frame.captured_at
    styling.choose("bob", now)
    marks = [look().worn.mark for _ in range(round(CROSSFADE_SECONDS * 30) + 3)]
    assert marks[0] == ILLUSTRATION and marks[-1] == SIMULATED, "as long as anything of it is seen"
    assert marks.index(SIMULATED) >= CROSSFADE_SECONDS * 30 - 2 and ILLUSTRATION not in marks[-2:]


def test_the_slider_and_a_grid_with_such_a_style_are_marked(
    mirror: Mirror, look: Callable[[], Shown]
) -> None:
    try:
        for amount in (-1.0, -0.4, 0.0, 0.5):
            mirror.set_loss(amount)
            worn = look().worn
            assert worn.mark == ILLUSTRATION and worn.name == mirror.loss_words(amount)
        mirror.set_loss(None)
        index = mirror.book.index
        for name, mark in (("Norwood V", ILLUSTRATION), ("afro", SIMULATED)):
            mirror.set_grid((index("bob"), index("quiff"), index("locs"), index(name)))
            worn = look().worn
            assert worn.mark == mark and worn.name == f"bob / quiff / locs / {name}" and not worn.single
    finally:
        mirror.set_loss(None)
        mirror.set_grid(())
    assert look().worn.mark == SIMULATED


def test_without_a_face_nothing_is_worn(mirror: Mirror, demo_frame: np.ndarray) -> None:
    mirror.styling.choose("Norwood V")
    shown = mirror.process(Frame(np.zeros_like(demo_frame), 0, 0.0))
    assert shown.worn.name == "" and shown.worn.mark == SIMULATED and not shown.worn.single


def test_what_is_made_of_a_hair_loss_style_in_the_lab_is_marked_too(mirror: Mirror, tmp_path: Path) -> None:
    lost, bob = mirror.book.find("Norwood VI").code, mirror.book.find("bob").code
    assert [lost.mixed(bob, amount).hair_loss for amount in (0.0, 0.5, 1.0)] == [True, True, False]
    assert [bob.mixed(lost, amount).hair_loss for amount in (0.0, 0.5, 1.0)] == [False, True, True]
    for code in (lost, bob):
        again, _, _ = load_code(save_code(code, "kept", tmp_path))
        assert again.hair_loss == code.hair_loss
