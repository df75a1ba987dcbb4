"""Filters: every style of the shipped book is found under each kind, and a filter leaves what fits."""

from __future__ import annotations

from dataclasses import fields

import pytest

from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.hair.shelf import open_book
from mirror.hair.styles import traits as module
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.groups import firsts, group_of
from mirror.hair.styles.selection import Styling
from mirror.hair.styles.style_filter import ALL, StyleFilter
from mirror.hair.styles.traits import RULES, TRAITS, occasions_of, traits_of

KINDS = [(kind, value) for kind, values in TRAITS.items() for value in values]


@pytest.fixture(scope="module")
def book() -> StyleBook:
    return open_book(ENGINES_FOLDER)


def left(book: StyleBook, wanted: StyleFilter) -> list[str]:
    numbers = wanted.left(book.names, [style.tags for style in book.styles])
    return book.names if numbers is None else [book.names[number] for number in numbers]


def test_every_style_of_the_book_is_found_under_every_kind(book: StyleBook) -> None:
    assert tuple(TRAITS) == tuple(field.name for field in fields(StyleFilter))
    for style in book.styles:
        for kind, found in traits_of(style.name, style.tags).items():
            assert found and found <= set(TRAITS[kind]), (style.name, kind, found)


def test_every_name_in_the_tables_is_a_style_of_the_book(book: StyleBook) -> None:
    named = module._WOMENS | module._MENS | module._SET
    named = named.union(*(rule.names | rule.but for rule in RULES))
    assert named <= set(book.names), named - set(book.names)
    assert not module._WOMENS & module._MENS
    tags = {tag for style in book.styles for tag in style.tags}
    needed = frozenset().union(*(one for rule in RULES for one in (*rule.needs, rule.without)))
    assert needed <= tags, needed - tags


def test_every_rule_of_an_occasion_holds_for_something_and_says_why(book: StyleBook) -> None:
    assert {rule.occasion for rule in RULES} == set(TRAITS["occasion"])
    for rule in RULES:
        assert any(rule.holds(style.name, style.tags) for style in book.styles), rule
    said = {why for style in book.styles for why in occasions_of(style.name, style.tags).values()}
    assert said <= {rule.because for rule in RULES} and "" not in said


@pytest.mark.parametrize(("kind", "value"), KINDS)
def test_each_leaves_some_and_not_all(book: StyleBook, kind: str, value: str) -> None:
    found = left(book, ALL.switched(kind, value))
    assert 3 < len(found) < len(book)


def test_nobodys_sex_is_assumed_and_anybodys_styles_are_in_both(book: StyleBook) -> None:
    assert ALL.people is None and left(book, ALL) == book.names
    women, men = (set(left(book, StyleFilter(people=people))) for people in ("women", "men"))
    assert women | men == set(book.names)
    anybodys = women & men
    assert {"long straight", "afro", "braids", "buzz cut", "ponytail", "bald"} <= anybodys
    assert "quiff" in men - women and "bob" in women - men
    assert len(anybodys) > 40


@pytest.mark.parametrize(
    ("wanted", "inside", "outside"),
    [
        (StyleFilter(length="short"), {"pixie", "buzz cut", "bald"}, {"bob", "ponytail"}),
        (StyleFilter(length="long"), {"ponytail", "braids", "magenta"}, {"bob", "afro"}),
        (StyleFilter(texture="coily"), {"afro", "locs", "cornrows", "buzz cut"}, {"bob", "long waves"}),
        (StyleFilter(occasion="sport"), {"ponytail", "cornrows", "buzz cut"}, {"long straight", "quiff"}),
        (StyleFilter(occasion="party"), {"updo with fringe", "lilac"}, {"crew cut", "Norwood IV"}),
        (StyleFilter(occasion="work"), {"afro", "locs", "side part", "bob"}, {"red spikes", "Norwood IV"}),
        (StyleFilter(loss="hair loss"), {"Norwood IV", "bald"}, {"shaved", "bob"}),
        (StyleFilter(length="long", texture="curly", people="men"), {"long curls"}, {"ringlets"}),
    ],
)  # fmt: skip
def test_what_is_left(book: StyleBook, wanted: StyleFilter, inside: set[str], outside: set[str]) -> None:
    found = set(left(book, wanted))
    assert inside <= found and not outside & found


def test_a_salons_own_words_count_before_what_is_derived() -> None:
    tags = ("short", "straight", "women", "party")
    assert traits_of("crew cut", tags)["people"] == {"women"}
    assert traits_of("crew cut", tags)["occasion"] == {"party"}


def test_a_second_press_takes_it_away_and_another_takes_its_place() -> None:
    short = ALL.switched("length", "short")
    assert short.on and short.switched("length", "short") == ALL
    assert short.switched("length", "long") == StyleFilter(length="long")


def test_keys_draws_and_groups_stay_within_the_filter(book: StyleBook) -> None:
    styling, wanted = Styling(book, seed=3), StyleFilter(length="long", occasion="party")
    styling.choose("bob")
    styling.narrow(wanted)
    assert styling.name == "bob", "what is worn stays on"
    numbers = styling.left
    assert numbers is not None and book.index("bob") not in numbers
    styling.step(1)
    assert styling.number == next(number for number in numbers if number > book.index("bob"))
    styling.choose("bob")
    styling.step(-1)
    assert styling.number == numbers[-1] or styling.number == max(n for n in numbers if n < book.index("bob"))
    seen = []
    for _ in numbers:
        styling.step(1)
        seen.append(styling.number)
    assert sorted(seen) == sorted(numbers), "each in its turn"
    assert {styling.number for _ in range(60) if styling.draw() is None} <= set(numbers)
    for _ in range(9):
        styling.step_group(1)
        assert styling.number in firsts([style.tags for style in book.styles], numbers).values()
    styling.narrow(ALL)
    assert styling.left is None


def test_drawn_ones_each_have_their_turn_within_the_filter(book: StyleBook) -> None:
    styling = Styling(book, seed=3)
    styling.draw()
    styling.narrow(StyleFilter(occasion="sport", people="men"))
    assert styling.left is not None
    grown = [number for number in styling.left if book[number].grown and not book[number].code.hair_loss]
    drawn = []
    for _ in grown:
        styling.draw()
        drawn.append(styling.number)
    assert sorted(drawn) == sorted(grown)


def test_hair_loss_is_drawn_only_where_it_alone_is_asked_for(book: StyleBook) -> None:
    styling = Styling(book, seed=1)
    styling.narrow(StyleFilter(loss="hair loss"))
    styling.draw()
    assert group_of(book[styling.number or 0].tags) == "loss"


def test_a_filter_that_leaves_nothing_is_refused_and_changes_nothing(book: StyleBook) -> None:
    styling = Styling(book, seed=1)
    styling.narrow(StyleFilter(length="long"))
    before = styling.left
    with pytest.raises(MirrorError, match="Take one of the filters away"):
        styling.narrow(StyleFilter(length="long", loss="hair loss"))
    assert styling.left == before and styling.filter == StyleFilter(length="long")
