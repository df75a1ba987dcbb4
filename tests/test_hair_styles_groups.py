"""The groups that styles are shown in."""

from __future__ import annotations

import pytest

from mirror.engines import ENGINES_FOLDER
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.groups import GROUPS, firsts, group_of, place_of


@pytest.mark.parametrize(
    ("name", "group"),
    [("crew cut", "short"), ("shaved", "short"), ("raven pixie", "short"), ("bob", "medium"),
     ("afro", "medium"),
     ("locs", "braids"), ("box braids", "braids"), ("cornrows", "braids"), ("top knot", "up"),
     ("long wavy", "long"), ("magenta", "colours"), ("red spikes", "colours"), ("bald", "loss"),
     ("thinning bob", "loss"), ("Norwood II", "loss")],
)  # fmt: skip
def test_styles_lie_in_the_group_that_a_hairdresser_would_look_in(name: str, group: str) -> None:
    book = StyleBook.load(ENGINES_FOLDER / "styles.safetensors")
    assert group_of(book.find(name).tags) == group


def test_the_shipped_book_is_in_order_and_has_every_group_but_more() -> None:
    tags = [style.tags for style in StyleBook.load(ENGINES_FOLDER / "styles.safetensors").styles]
    assert [place_of(one) for one in tags] == sorted(place_of(one) for one in tags)
    starts = firsts(tags)
    assert list(starts) == [name for name in GROUPS if name != "more"]
    for name, first in starts.items():
        assert group_of(tags[first]) == name and (first == 0 or group_of(tags[first - 1]) != name)


def test_a_salons_own_tags_are_no_haircut_of_another_group() -> None:
    assert group_of(()) == group_of(("our speciality",)) == "more"
    assert list(firsts([("short",), ("our speciality",), ("bald",)]).items()) == [
        ("short", 0), ("more", 1), ("loss", 2),
    ]  # fmt: skip
