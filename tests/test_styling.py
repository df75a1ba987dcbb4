"""Which style is on: chosen, cycled, drawn, and faded from one to the next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mirror.engine import ENGINES_FOLDER
from mirror.errors import MirrorError
from mirror.style import COARSE_SIDE, DETAIL_SHAPE
from mirror.stylebook import StyleBook
from mirror.styling import CROSSFADE_SECONDS, STRANDS, Styling, is_random


class ShapeDecoder:
    """Says of every style that its hair is one disc, whose size the first number of z sets."""

    name, device, precision, reason = "fake", "none", "f32", "a test"

    def __init__(self) -> None:
        self._answer = np.zeros((1, 1, COARSE_SIDE, COARSE_SIDE), np.float32)

    def run(self, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        assert arrays["z"].shape == (1, 128) and arrays["shape"].shape == (1, 75)
        self._answer[:] = 0
        reach = 6 + int(4 * abs(float(arrays["z"][0, 0])))
        self._answer[..., 20 : 20 + reach, 20 : 20 + reach] = 1
        return {"coarse": self._answer}  # reused by the next run, as engines do

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def book() -> StyleBook:
    return StyleBook.load(ENGINES_FOLDER / "styles.safetensors")


@pytest.fixture
def styling(book: StyleBook) -> Styling:
    decoder: Any = ShapeDecoder()
    return Styling(book, decoder, seed=1)


def test_random_in_any_spelling() -> None:
    assert is_random("random") and is_random(" Random ") and not is_random("random bob")


def test_chosen_by_name_and_number(styling: Styling, book: StyleBook) -> None:
    assert (styling.name, styling.number) == (book[0].name, 0)
    styling.choose("bob")
    assert (styling.name, styling.number) == ("bob", book.index("bob"))
    styling.choose("2")
    assert (styling.name, styling.number) == (book[1].name, 1)
    with pytest.raises(MirrorError, match="closest"):
        styling.choose("bobb")
    assert styling.number == 1, "a misspelt wish changes nothing"


def test_left_and_right_go_round(styling: Styling, book: StyleBook) -> None:
    styling.step(-1)
    assert styling.number == len(book) - 1
    styling.step(1)
    assert styling.number == 0
    for expected in range(1, len(book)):
        styling.step(1)
        assert styling.number == expected and styling.name == book[expected].name


def test_drawn_styles_are_new_and_follow_the_seed(styling: Styling, book: StyleBook) -> None:
    face = book.face_shape
    codes = []
    for number in (1, 2, 3):
        styling.choose("RANDOM")
        assert (styling.name, styling.number) == (f"random {number}", None)
        codes.append(styling.code(face))
        near = book.nearest(codes[-1].coarse).fitted(face)
        assert codes[-1].detail.shape == DETAIL_SHAPE
        assert np.allclose(codes[-1].detail, near.detail * STRANDS, atol=1e-4)
        assert np.array_equal(codes[-1].tint, near.tint)
    assert not np.array_equal(codes[0].z, codes[1].z)
    sizes = {float(code.coarse.sum()) for code in codes}
    assert len(sizes) > 1, "the decoder's own buffer was not kept"
    decoder: Any = ShapeDecoder()
    again = Styling(book, decoder, seed=1)
    again.draw()
    assert np.array_equal(again.code(face).z, codes[0].z)
    styling.step(1)
    assert styling.number == 0
    styling.draw()
    styling.step(-1)
    assert styling.number == len(book) - 1


def test_without_a_time_it_changes_at_once(styling: Styling, book: StyleBook) -> None:
    styling.choose("afro")
    assert np.allclose(styling.code(book.face_shape, 5.0).z, book.find("afro").code.z)


def test_with_a_time_it_crosses_over_and_arrives(styling: Styling, book: StyleBook) -> None:
    face = book.face_shape
    bob, afro = book.find("bob").code, book.find("afro").code
    styling.choose("bob")
    styling.choose("afro", 10.0)
    assert styling.name == "afro", "the name is the new one at once"
    way = afro.z - bob.z
    shares = []
    for now in np.linspace(10.0, 10.0 + CROSSFADE_SECONDS * 1.2, 9):
        code = styling.code(face, float(now))
        shares.append(float((code.z - bob.z) @ way / (way @ way)))
        assert np.isfinite(code.coarse).all() and code.coarse.min() >= 0 and code.coarse.max() <= 1
        assert np.array_equal(code.shape, face)
    assert shares[0] == pytest.approx(0, abs=1e-4) and shares[-1] == pytest.approx(1, abs=1e-4)
    assert all(a <= b + 1e-6 for a, b in zip(shares, shares[1:], strict=False))
    end = styling.code(face, 11.0)
    assert np.abs(end.coarse - afro.fitted(face).coarse).max() < 1e-5


def test_nothing_pops_at_either_end_of_the_cross_over(styling: Styling, book: StyleBook) -> None:
    face = book.face_shape
    for one, other in (("bob", "afro"), ("locs", "buzz cut"), ("shaved", "long wavy")):
        styling.choose(one)
        before = styling.code(face, 9.99).coarse
        styling.choose(other, 10.0)
        assert np.abs(styling.code(face, 10.001).coarse - before).max() < 0.02
        nearly = styling.code(face, 10 + CROSSFADE_SECONDS * 0.995).coarse
        assert np.abs(styling.code(face, 11.0).coarse - nearly).max() < 0.02


def test_a_change_in_the_middle_of_one_goes_on_from_there(styling: Styling, book: StyleBook) -> None:
    face = book.face_shape
    styling.choose("bob")
    styling.choose("afro", 10.0)
    halfway = styling.code(face, 10.0 + CROSSFADE_SECONDS / 2)
    styling.choose("bald", 10.0 + CROSSFADE_SECONDS / 2)
    after = styling.code(face, 10.0 + CROSSFADE_SECONDS / 2)
    assert np.abs(after.z - halfway.z).max() < 0.05
    assert np.abs(after.coarse - halfway.coarse).mean() < 0.02


def test_a_code_from_elsewhere_can_be_worn(styling: Styling, book: StyleBook) -> None:
    styling.wear(book.find("quiff").code, "mine")
    assert (styling.name, styling.number) == ("mine", None)
    assert np.allclose(styling.code(book.face_shape).z, book.find("quiff").code.z)
