"""The styles as data: what is in the files, and what a wrong line gets for an answer."""

from __future__ import annotations

import dataclasses

import pytest

from mirror.core.errors import MirrorError
from train.groom.book import find_groom, make, read_book
from train.groom.knobs import ranges
from train.groom.record import GROUPS, Groom


def test_every_shipped_style_is_sound():
    book = read_book()
    assert book and all(groom.group in GROUPS and groom.words for groom in book.values())


def test_every_knob_says_its_unit_range_and_effect():
    knobs = list(ranges(Groom))
    assert len(knobs) > 90
    for name, kind, default in knobs:
        assert kind.unit and kind.effect and kind.low < kind.high, name
        assert default in (None, ()) or kind.low <= default <= kind.high, name


def test_every_number_of_every_record_is_a_knob():
    records = {type(part) for groom in read_book().values() for part in vars(groom).values()}
    for record in records | {Groom}:
        if dataclasses.is_dataclass(record):
            for field in dataclasses.fields(record):
                plain = not any(kind in str(field.type) for kind in ("float", "int"))
                assert plain or "range" in field.metadata, f"{record.__name__}.{field.name}"


def test_a_style_has_its_parents_values_but_for_its_own():
    tables = {
        "parent": {
            "length": {"top": 20.0, "back": 15.0},
            "fringe": {"line": -2.0},
            "clumps": [{"size": 2.0}],
        },
        "child": {"like": "parent", "length": {"top": 5.0}, "fringe": False, "clumps": []},
    }
    child = make("child", tables)
    assert (child.length.top, child.length.back) == (5.0, 15.0)
    assert child.fringe is None and child.clumps == ()


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"length": {"top": 400}}, "length: top is 400; expected 0.02 to 130 cm"),
        ({"length": {"topp": 4}}, "no parameter 'topp'. Known here: top"),
        ({"lenght": {}}, "no parameter 'lenght'. Known here: length"),
        ({"clumps": [{"size": "wide"}]}, "clumps[0]: size is 'wide'; expected a number of 0.1 to 8 cm"),
        ({"group": "fancy"}, "group is 'fancy'; expected one of short"),
        ({"like": "nobody"}, "like = 'nobody' is not there"),
        ({"like": "one"}, "goes round in a circle"),
        ({"words": 3}, "of the wrong kind"),
    ],
)
def test_a_wrong_line_is_named(table, says):
    with pytest.raises(MirrorError) as error:
        make("one", {"one": table})
    assert says in str(error.value) and "\n" not in str(error.value)


def test_an_unknown_style_names_the_closest():
    with pytest.raises(MirrorError, match="bob_fringe"):
        find_groom("bob_frnge")


def test_a_broken_file_is_one_line(tmp_path):
    (tmp_path / "short.toml").write_text("[buzz\n")
    with pytest.raises(MirrorError, match="short.toml is not TOML"):
        read_book(tmp_path)
