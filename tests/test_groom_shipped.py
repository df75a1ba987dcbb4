"""The styles that are shipped: each is groomed, and its stand-in and tags are known to the style book."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.engines.manifest import open_file
from mirror.hair.key_view import STRANDS
from mirror.hair.style_file import SUFFIX, read_style
from mirror.hair.styles.book import StyleBook
from train.groom.shipped import shipped

GOOD = 'name = "bob"\ntags = ["bob"]\nstand_in = "bob"\n'


def test_all_stand_in_the_book_by_names_and_tags_that_it_knows():
    book = StyleBook.load(open_file("stylebook", ENGINES_FOLDER))
    tags = {tag for style in book.styles for tag in style.tags}
    found = shipped()
    listed = [listed for one in found.values() for listed in (one, *one.looks)]
    assert len(found) >= 24 and len({one.name for one in listed}) == len(listed)
    assert all(one.groom.name == name for name, one in found.items())
    for one in listed:
        assert one.stand_in in book.names and set(one.tags) <= tags, one.name


def test_a_look_is_a_dye_by_name_or_a_colour(tmp_path: Path):
    path = tmp_path / "shipped.toml"
    path.write_text(
        f'[buzz]\n{GOOD}looks = [{{ name = "red", tags = ["bob"], shade = "copper" }}, '
        '{ name = "grey", tags = ["short"], shade = { light = 50, a = 0, b = 1 }, stand_in = "afro" }]\n'
    )
    red, grey = shipped(path)["buzz"].looks
    assert (red.shade.name, red.stand_in, grey.shade.name, grey.stand_in) == ("copper", "bob", "grey", "afro")
    assert grey.shade.light == 50 and grey.tags == ("short",)


def test_it_is_rendered_in_the_colour_that_is_asked_for(tmp_path: Path):
    path = tmp_path / "shipped.toml"
    path.write_text(f'[bob_blunt]\n{GOOD}colour = "brown"\n[buzz]\n{GOOD}keeps_colour = true\n')
    found = shipped(path)
    assert found["bob_blunt"].groom.colour == "brown" and not found["bob_blunt"].keeps_colour
    assert found["buzz"].keeps_colour and found["buzz"].tags == ("bob",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"[bob_blunt]\n{GOOD}shade = 3\n", "shade"),
        ('[bob_blunt]\nname = "bob"\n', "tags"),
        (f'[bob_blunt]\n{GOOD}keeps_colour = "yes"\n', "keeps_colour"),
        (f"[wig]\n{GOOD}", "wig"),
        (f'[bob_blunt]\n{GOOD}colour = "mauve"\n', "mauve"),
        ("[bob_blunt\n", "cannot be read"),
        (f'[buzz]\n{GOOD}looks = [{{ name = "red" }}]\n', "a look of buzz"),
        (f'[buzz]\n{GOOD}looks = [{{ name = "red", tags = [], shade = "mauve" }}]\n', "no dye 'mauve'"),
        (f'[buzz]\n{GOOD}looks = [{{ name = "red", tags = [], shade = {{ hue = 3 }} }}]\n', "shade of red"),
        (
            f'[buzz]\n{GOOD}looks = [{{ name = "r", tags = [], shade = {{ light = 300, a = 0, b = 0 }} }}]\n',
            "light 0 to 100",
        ),
        (f'[buzz]\n{GOOD}looks = [{{ name = "red", tags = "bob", shade = "copper" }}]\n', "a look of buzz"),
        (f"[buzz]\n{GOOD}looks = [3]\n", "a look of buzz"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, text: str, said: str):
    path = tmp_path / "shipped.toml"
    path.write_text(text)
    with pytest.raises(MirrorError, match=said) as told:
        shipped(path)
    assert "\n" not in str(told.value)


def test_all_have_their_strands_where_people_look_into_the_mirror():
    for path in sorted((ENGINES_FOLDER / "grown").glob(f"*{SUFFIX}")):
        front = min(read_style(path).views, key=lambda view: abs(view.yaw))
        assert all(name in front.pictures for name in STRANDS), path.name
