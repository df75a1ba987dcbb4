"""Which style is on: chosen, cycled, drawn, and faded from one to the next."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.core.easing import CROSSFADE_SECONDS, slow
from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.dye import DYES, NONE, find
from mirror.hair.styles.dye_pattern import PatternedDye
from mirror.hair.styles.interpolation import Blend
from mirror.hair.styles.random_choice import CHANGES
from mirror.hair.styles.selection import Styling, is_random
from mirror.pipeline.worn_style import worn_of
from tests.grown_fakes import grown_style


@pytest.fixture(scope="module")
def book() -> StyleBook:
    return StyleBook.load(ENGINES_FOLDER / "styles.safetensors")


@pytest.fixture
def styling(book: StyleBook) -> Styling:
    return Styling(book, seed=1)


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


def test_the_first_right_is_never_bald_and_hair_loss_comes_last(book: StyleBook) -> None:
    for seed in range(20):
        styling = Styling(book, seed)
        assert "bald" not in styling.name
        styling.draw()
        styling.step(1)
        plain = [style.code.hair_loss for style in book.styles]
        assert styling.name != "bald"
    assert plain == sorted(plain) and book.names[-1] == "bald"
    assert not {"bald", "shaved"} & {tag for style in book.styles[:5] for tag in style.tags}


def test_tab_goes_from_group_to_group(styling: Styling, book: StyleBook) -> None:
    assert list(book.groups) == ["short", "medium", "long", "up", "braids", "colours", "loss"]
    seen = []
    styling.step(3)
    for _ in book.groups:
        styling.step_group(1)
        seen.append(styling.number)
    assert seen == [*list(book.groups.values())[1:], 0]
    styling.step_group(-1)
    assert styling.number == book.groups["loss"]
    styling.wear(book[0].code, "mine")
    styling.step_group(1)
    assert styling.number == 0


def test_drawn_styles_are_named_haircuts_a_little_changed(styling: Styling, book: StyleBook) -> None:
    face = book.face_shape
    haircuts = [number for number, style in enumerate(book.styles) if not style.code.hair_loss]
    seen = []
    for _ in haircuts:
        styling.choose("RANDOM")
        assert styling.number is not None and styling.name == book[styling.number].name
        assert styling.choice.drawn and set(styling.adjusted) in (set(CHANGES), {"colour"})
        assert all(0 < abs(by) <= CHANGES[axis] for axis, by in styling.adjusted.items())
        base, code = book[styling.number].code.fitted(face), styling.code(face)
        assert not np.array_equal(code.z, base.z) and not np.array_equal(code.tint, base.tint)
        shaped = set(styling.adjusted) != {"colour"}
        assert np.array_equal(code.coarse, base.coarse) != shaped
        firm = "braids" in book[styling.number].tags or styling.name in ("buzz cut", "fade")
        assert not (firm and shaped), "its shape would fall to pieces"
        bob_like = styling.name in ("bob", "shoulder length", "long wavy", "afro")
        assert shaped or not bob_like
        now, before = code.coarse > 0.5, base.coarse > 0.5
        assert (now & before).sum() > 0.65 * (now | before).sum(), f"{styling.name} is still that haircut"
        seen.append(styling.number)
    assert sorted(seen) == haircuts, "each has its turn, and neither hair loss nor a bald head is among them"
    assert seen != haircuts
    last = styling.number
    styling.draw()
    assert styling.number != last, "nor the same again, as the next round begins"
    again = Styling(book, seed=1)
    again.draw()
    assert again.number == seen[0] and worn_of(again, Blend(), 1.0).name == again.name, "it came like that"
    again.adjust("volume", 0.2)
    assert worn_of(again, Blend(), 1.0).name == f"{again.name}, changed"
    styling.step(1)
    assert styling.adjusted == {} and not styling.choice.drawn


def test_of_bald_heads_alone_one_is_drawn(book: StyleBook) -> None:
    bald = [style for style in book.styles if style.code.hair_loss][:1]
    few = Styling(StyleBook(bald, book.prior_mean, book.prior_factor, book.face_shape, book.axes))
    few.draw(1.0)
    few.draw(2.0)
    assert few.number == 0 and few.choice.drawn


def test_back_goes_to_the_look_before_as_it_was(styling: Styling, book: StyleBook) -> None:
    face = book.face_shape
    assert not styling.back(0.5), "nothing was worn before the first look"
    styling.choose("bob", 1.0)
    styling.adjust("length", 0.5)
    styling.choose_dye("copper", 1.2)
    styling.choose("afro", 2.0)
    styling.draw(3.0)
    drawn = styling.code(face, 3.9)
    styling.wear(book.find("quiff").code, "random photograph", 4.0)
    assert styling.back(5.0) and styling.adjusted
    again = styling.code(face, 5.9)
    assert np.array_equal(again.z, drawn.z) and np.array_equal(again.coarse, drawn.coarse)
    assert not styling.choice.drawn, "what somebody went back to stays"
    assert styling.back(6.0) and (styling.name, styling.dye_name) == ("afro", "copper")
    assert styling.back(7.0) and styling.worn == "bob, copper" and styling.adjusted == {"length": 0.5}
    assert styling.back(8.0) and styling.worn == "bob" and styling.adjusted == {"length": 0.5}
    assert styling.back(9.0) and styling.name == book[0].name
    assert not styling.back(10.0)


def test_what_a_hand_changes_of_a_drawn_look_stays(styling: Styling) -> None:
    styling.draw(1.0)
    assert styling.choice.drawn
    styling.adjust("volume", 0.2)
    assert not styling.choice.drawn and styling.adjusted["volume"] == 0.2


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
    styling.choose("blond bob")
    for _ in range(len(DYES) + 1):
        styling.step_dye(1)
        seen.append(styling.dye_name)
    assert seen == [*(dye.name for dye in DYES), NONE]
    styling.step_dye(-1)
    assert styling.dye_name == DYES[-1].name


def test_a_style_is_not_offered_the_shade_that_it_has(styling: Styling) -> None:
    styling.choose("afro")  # black
    seen = []
    for _ in DYES:
        styling.step_dye(1)
        seen.append(styling.dye_name)
    assert seen == [*(dye.name for dye in DYES if dye.name != "black"), NONE]
    styling.choose("blond bob")
    styling.choose_dye("black")
    styling.choose("afro")
    styling.step_dye(1)
    assert styling.dye_name == "dark brown", "black was on, and goes on from there"


@pytest.mark.parametrize("plain", ["bald", "Norwood III grey", "thinning bob"])
def test_bald_heads_and_hair_loss_keep_their_own_colour(
    styling: Styling, book: StyleBook, plain: str
) -> None:
    face = book.face_shape
    styling.choose("bob")
    styling.choose_dye("black", 1.0)
    styling.choose(plain, 2.0)
    assert styling.worn == plain and styling.dye_name == "black"
    assert styling.code(face, 3.0).dye is None
    halfway = styling.code(face, 2.0 + CROSSFADE_SECONDS / 2).dye
    assert halfway is not None and 0.4 < halfway.amount < 0.6, "it goes with the hair, not at once"
    with pytest.raises(MirrorError, match="keeps its own colour"):
        styling.step_dye(1, 3.0)
    styling.choose("afro", 4.0)
    assert styling.worn == "afro, black" and styling.code(face, 5.0).dye == find("black")
    grid = [styling.in_dye(book.index(name), face) for name in (plain, "bob")]
    assert [code.dye for code in grid] == [None, find("black")]


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


def test_a_pattern_lies_on_grown_hair_and_painted_hair_says_that_it_takes_one_shade(styling: Styling) -> None:
    grown = grown_style()
    styling.choose_dye("balayage:copper+rose")
    styling.wear_grown(grown)
    assert styling.takes_one_shade is None
    shade = styling.on[1]
    assert isinstance(shade, PatternedDye) and shade.second == find("rose")
    styling.choose("bob")
    told = styling.takes_one_shade
    assert told == "bob is painted here, not grown strand by strand: it takes copper alone"
    code = styling.code(styling.book[0].code.shape)
    copper = find("copper")
    assert code.dye is not None and copper is not None
    assert (code.dye.light, code.dye.a) == (copper.light, copper.a)
    styling.choose_dye("highlights:none+rose")
    assert str(styling.takes_one_shade).endswith("it takes its own alone")
    styling.choose_dye("copper")
    assert styling.takes_one_shade is None


def test_a_pattern_on_a_look_of_its_own_colour_lies_on_that(styling: Styling) -> None:
    styling.wear_grown(grown_style(), find("copper"))
    styling.choose_dye("highlights:none+rose")
    shade = styling.on[1]
    assert isinstance(shade, PatternedDye)
    assert (shade.first, shade.second) == (find("copper"), find("rose"))
    styling.choose_dye("none")
    assert styling.on[1] == find("copper")


def test_one_goes_back_and_forward_through_surprises_as_they_were_worn(styling: Styling) -> None:
    assert styling.ways == (False, False) and not styling.forward(0.0)
    looks = []
    for now in range(4):
        styling.draw(float(now))
        if now == 2:
            styling.choose_dye("copper", 2.5)
            styling.adjust("length", 0.5)
        looks.append((styling.number, styling.dye_name, dict(styling.adjusted)))
    assert styling.ways == (True, False)
    assert styling.back(5.0) and styling.back(6.0) and styling.number == looks[2][0]
    while styling.number != looks[0][0] or styling.dye_name != "none":
        assert styling.back(7.0)
    assert styling.ways == (True, True) and not styling.choice.drawn
    seen = [looks[0]]
    while styling.forward(8.0):
        seen.append((styling.number, styling.dye_name, dict(styling.adjusted)))
    assert [look for look in seen if look in looks] == looks, "each as it was left, in the same order"
    assert styling.ways == (True, False)


def test_a_new_look_ends_the_way_forward(styling: Styling) -> None:
    styling.draw(0.0)
    styling.draw(1.0)
    assert styling.back(2.0) and styling.ways[1]
    styling.choose("bob", 3.0)
    assert styling.ways == (True, False) and not styling.forward(4.0) and styling.name == "bob"
