"""A tour on paper: steps in order, beats that fall on the clock, and a file that says what does not fit."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.hair.shelf import open_book
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.tour import Step, Tour
from mirror.hair.styles.tour_file import read_tour

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def book() -> StyleBook:
    return open_book(ENGINES_FOLDER)


def read(tmp_path: Path, text: str, book: StyleBook) -> Tour:
    path = tmp_path / "show.toml"
    path.write_text(text, encoding="utf-8")
    return read_tour(path, book)


def test_steps_follow_each_other_and_begin_again_where_they_are_to() -> None:
    steps = Step(0, Fraction(1)), Step(None, Fraction(2))
    once, always = Tour(steps), Tour(steps, repeat=True)
    assert [once.step(number) for number in range(3)] == [*steps, None]
    assert [always.step(number) for number in range(5)] == [*steps, *steps, steps[0]]


def test_the_example_of_the_page_is_a_tour(tmp_path: Path, book: StyleBook) -> None:
    page = (ROOT / "docs" / "stage.md").read_text(encoding="utf-8")
    text = page.split("```toml\n")[1].split("```")[0]
    tour = read(tmp_path, text, book)
    assert tour.repeat and tour.beat == Fraction(1, 2)
    assert tour.steps == (Step(book.index("long waves"), Fraction(4), "copper", "Autumn"),)


def test_tenths_of_a_second_are_tenths(tmp_path: Path, book: StyleBook) -> None:
    tour = read(tmp_path, '[[steps]]\nstyle = "random"\nseconds = 0.7\n', book)
    assert tour.steps[0] == Step(None, Fraction(7, 10))


STEP = '[[steps]]\nstyle = "bob"\nseconds = 4\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("steps = ", "is not TOML"),
        ("", "no steps"),
        ("beat = 5\n" + STEP, "line 1: beat = 5 does not fit"),
        ("tempo = 5\n" + STEP, 'line 1: "tempo" is not known'),
        (STEP + '[[steps]]\nstyle = "bobb"\nseconds = 4\n', "line 5, step 2: There is no style 'bobb'"),
        (STEP + "[[steps]]\nseconds = 4\n", "step 2: there is no style"),
        ('[[steps]]\nstyle = "bob"\n', "how long"),
        ('[[steps]]\nstyle = "bob"\nbeats = 4\n', "without a beat"),
        ('[[steps]]\nstyle = "bob"\nseconds = 0.1\n', "line 3, step 1: a step of 0.1 s"),
        ('[[steps]]\nstyle = "bob"\nseconds = inf\n', "seconds = inf"),
        ('beat = 120\n[[steps]]\nstyle = "bob"\nseconds = 0.8\n', "Give beats = 2, which is 1 s"),
        (STEP + 'dye = "coper"\n', "line 4, step 1: .*copper"),
        ('[[steps]]\nstyle = "Norwood IV"\nseconds = 4\ndye = "copper"\n', "keeps its own colour"),
        (STEP + "text = 5\n", "a text in quotes"),
        (STEP + f'text = "{"x" * 200}"\n', "120 characters"),
        (STEP + "colour = 3\n", '"colour" is not known'),
    ],
)
def test_what_does_not_fit_is_named_with_its_line(
    tmp_path: Path, book: StyleBook, text: str, words: str
) -> None:
    with pytest.raises(MirrorError, match=words) as told:
        read(tmp_path, text, book)
    assert "\n" not in str(told.value) and "show.toml" in str(told.value)


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path, book: StyleBook) -> None:
    with pytest.raises(MirrorError, match="There is no tour"):
        read_tour(tmp_path / "none.toml", book)
    (tmp_path / "latin.toml").write_bytes(b'text = "\xe4"')
    with pytest.raises(MirrorError, match="not UTF-8"):
        read_tour(tmp_path / "latin.toml", book)
