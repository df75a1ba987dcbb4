"""Which style is on: chosen, cycled, drawn, and faded from one to the next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mirror.dye import DYES, NONE, find
from mirror.engine import ENGINES_FOLDER
from mirror.errors import MirrorError
from mirror.style import COARSE_SIDE, DETAIL_SHAPE
from mirror.stylebook import StyleBook
from mirror.styling import CROSSFADE_SECONDS, DRAWS, Styling, is_random, slow


class ShapeDecoder:
    """Says of every style that its hair is one disc, whose size the first number of z sets."""

    name, device, precision, reason = "fake", "none", "f32", "a test"

    def __init__(self) -> None:
        self._answer = np.zeros((1, 1, COARSE_SIDE, COARSE_SIDE), np.float32)

    def run(self, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        assert arrays["z"].shape == (1, 128) and arrays["shape"].shape == (1, 75)
        self._answer[:] = 0
        reach = 6 + int(40 * abs(float(arrays["z"][0, 0]))) % 30
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
        # Strands, tint and light are one style's of the book, and all of the same one.
        fitted = [style.code.fitted(face) for style in book]
        near = [code for code in fitted if np.allclose(codes[-1].detail, code.detail, atol=1e-4)]
        assert codes[-1].detail.shape == DETAIL_SHAPE and len(near) == 1
        assert np.array_equal(codes[-1].tint, near[0].tint)
        assert np.array_equal(codes[-1].light, near[0].light)
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


def test_a_vague_outline_is_drawn_again(book: StyleBook) -> None:
    class Vague:
        """Outlines as given, one after the other, then fog."""

        def __init__(self, *outlines: np.ndarray) -> None:
            self.asked, self._outlines = 0, list(outlines)

        def run(self, **arrays: np.ndarray) -> dict[str, np.ndarray]:
            self.asked += 1
            fog = np.full((COARSE_SIDE, COARSE_SIDE), 0.4 + 0.01 * self.asked, np.float32)
            return {"coarse": (self._outlines.pop(0) if self._outlines else fog)[None, None]}

    sharp = np.zeros((COARSE_SIDE, COARSE_SIDE), np.float32)
    sharp[5:30, 10:50] = 1
    fog = np.full_like(sharp, 0.5)
    third: Any = Vague(fog, fog, sharp)
    styling = Styling(book, third, seed=1)
    styling.draw()
    assert third.asked == 3 and np.array_equal(styling.code(book.face_shape).coarse > 0.5, sharp > 0.5)
    never: Any = Vague()
    styling = Styling(book, never, seed=1)
    styling.draw()
    assert never.asked == DRAWS and styling.name == "random 1"


def test_a_style_is_settled_when_its_cross_fade_is_over(styling: Styling, book: StyleBook) -> None:
    first = styling.settled(0.0)
    assert first is book[0].code is styling.settled()
    styling.pick(1, 1.0)
    face = book.face_shape
    for now, over in ((1.0, False), (1.0 + CROSSFADE_SECONDS / 2, False), (1.01 + CROSSFADE_SECONDS, True)):
        styling.code(face, now)
        assert styling.settled(now) is (book[1].code if over else None)


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


def test_a_drawn_style_comes_slowly_where_it_comes_by_itself(styling: Styling, book: StyleBook) -> None:
    assert (slow(6.0), slow(3.0), slow(600.0)) == (2.0, 1.0, 2.0)
    face = book.face_shape
    styling.choose("bob")
    before = styling.code(face, 9.99)
    styling.draw(10.0, 2.0)
    assert np.abs(styling.code(face, 10.001).coarse - before.coarse).max() < 0.02
    times = np.linspace(10.0, 12.0, 61)
    codes = [styling.code(face, float(now)) for now in times]
    end = styling.code(face, 12.5)
    way = end.z - before.z
    shares = np.array([float((code.z - before.z) @ way / (way @ way)) for code in codes])
    steps = np.diff(shares)
    assert shares[0] == pytest.approx(0, abs=1e-4) and shares[30] == pytest.approx(0.5, abs=0.02)
    assert shares[-1] == pytest.approx(1, abs=1e-4) and (steps >= -1e-6).all()
    assert steps[0] < 0.2 * steps.max() and steps[-1] < 0.2 * steps.max(), "it begins and ends gently"
    assert styling.settled(12.5) is not None
    styling.pick(3, 20.0)
    styling.code(face, 20.0)
    assert styling.settled(20.0 + CROSSFADE_SECONDS) is book[3].code, "by hand it is quick as before"


def test_a_slow_cross_fade_keeps_its_layers_and_a_quick_one_does_not(
    styling: Styling, book: StyleBook
) -> None:
    face = book.face_shape
    styling.choose("bob")
    rest = styling.steady(9.0)
    styling.draw(10.0, 2.0)
    seen = []
    for now in (10.0, 10.5, 11.9, 12.1):
        styling.code(face, now)
        seen.append(styling.steady(now))
    assert rest is not None and all(one is not None and len(one) == len(rest) for one in seen)
    first, half, late, after = seen
    assert all(a is b for pair in (zip(first, half), zip(half, late)) for a, b in pair)  # noqa: B905
    assert first[0] is not rest[0] and late[0] is not after[0], "both ends are painted anew"
    styling.pick(3, 20.0)
    assert styling.steady(20.1) is None


def test_a_change_in_the_middle_of_one_goes_on_from_there(styling: Styling, book: StyleBook) -> None:
    face = book.face_shape
    styling.choose("bob")
    styling.choose("afro", 10.0)
    halfway = styling.code(face, 10.0 + CROSSFADE_SECONDS / 2)
    styling.choose("bald", 10.0 + CROSSFADE_SECONDS / 2)
    after = styling.code(face, 10.0 + CROSSFADE_SECONDS / 2)
    assert np.abs(after.z - halfway.z).max() < 0.05
    assert np.abs(after.coarse - halfway.coarse).mean() < 0.02, "moved to the exemplar and back"


def test_a_code_from_elsewhere_can_be_worn(styling: Styling, book: StyleBook) -> None:
    styling.wear(book.find("quiff").code, "mine")
    assert (styling.name, styling.number) == ("mine", None)
    assert np.allclose(styling.code(book.face_shape).z, book.find("quiff").code.z)


def test_a_dye_goes_on_from_style_to_style(styling: Styling, book: StyleBook) -> None:
    assert styling.dye_name == NONE and styling.code(book.face_shape).dye is None
    styling.choose("bob")
    plain = styling.code(book.face_shape)
    styling.choose_dye("Copper")
    assert styling.dye_name == "copper" and styling.worn == "bob, copper"
    code = styling.code(book.face_shape)
    assert code.dye == find("copper") and np.array_equal(code.z, plain.z)
    styling.choose("afro")
    assert styling.code(book.face_shape).dye == find("copper") and styling.worn == "afro, copper"
    with pytest.raises(MirrorError, match="no dye"):
        styling.choose_dye("cooper")
    assert styling.dye_name == "copper", "a misspelt wish changes nothing"
    styling.choose_dye("none")
    assert styling.code(book.face_shape).dye is None and styling.worn == "afro"


def test_dyes_cycle_through_none(styling: Styling) -> None:
    seen = []
    for _ in range(len(DYES) + 1):
        styling.step_dye(1)
        seen.append(styling.dye_name)
    assert seen == [*(dye.name for dye in DYES), NONE]
    styling.step_dye(-1)
    assert styling.dye_name == DYES[-1].name


def test_dyes_cross_fade_and_styles_below_them_too(styling: Styling, book: StyleBook) -> None:
    styling.choose("bob")
    styling.choose_dye("black", 10.0)
    amounts = [styling.code(book.face_shape, 10.0 + t).dye for t in (0.0, 0.1, CROSSFADE_SECONDS)]
    assert [dye.amount for dye in amounts] == [0.0, pytest.approx(0.198, abs=0.01), 1.0]
    styling.choose_dye("silver", 20.0)
    lights = [styling.code(book.face_shape, 20.0 + t).dye.light for t in (0, 0.1, 0.2, 0.3, 0.4)]
    assert (
        lights == sorted(lights) and lights[0] == find("black").light and lights[-1] == find("silver").light
    )
    styling.choose("afro", 30.0)
    half = styling.code(book.face_shape, 30.0 + CROSSFADE_SECONDS / 2)
    bob, afro = book.find("bob").code.z, book.find("afro").code.z
    assert half.dye == find("silver") and np.allclose(half.z, (bob + afro) / 2, atol=1e-5)
    # Changed amid a fade it goes on from where it is.
    styling.choose_dye("platinum", 40.0)
    before = styling.code(book.face_shape, 40.1).dye
    styling.choose_dye("black", 40.1)
    assert styling.code(book.face_shape, 40.1).dye.light == pytest.approx(before.light)
