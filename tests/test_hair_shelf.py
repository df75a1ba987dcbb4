"""Grown styles stand in the style book, in place of painted ones of their name and beside the others."""

from __future__ import annotations

import dataclasses
import logging
from pathlib import Path

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.engines.manifest import open_file
from mirror.hair.key_view import Look
from mirror.hair.shelf import FOLDER, grown_of, open_book, shelved
from mirror.hair.style_file import SUFFIX, write_style
from mirror.hair.styles.book import THUMBNAIL, StyleBook
from mirror.hair.styles.dye import find
from mirror.hair.styles.random_choice import ENOUGH, Drawing
from mirror.hair.styles.selection import Styling
from tests.grown_fakes import grown_style


@pytest.fixture(scope="module")
def painted() -> StyleBook:
    return StyleBook.load(open_file("stylebook", ENGINES_FOLDER))


def put(folder: Path, file: str, name: str, stand_in: str = "bob") -> Path:
    style = grown_style()
    listing = dataclasses.replace(style.listing, name=name, stand_in=stand_in)
    path = folder / f"{file}{SUFFIX}"
    write_style(dataclasses.replace(style, listing=listing), path)
    return path


def test_one_of_a_painted_name_takes_its_place_and_others_are_new(tmp_path: Path, painted: StyleBook) -> None:
    one, other = put(tmp_path, "a", "bob", "short bob"), put(tmp_path, "b", "cap")
    book = shelved(painted, tmp_path)
    assert len(book) == len(painted) + 1 and set(book.names) == {*painted.names, "cap"}
    bob, cap = book.find("bob"), book.find("cap")
    assert (bob.grown, cap.grown) == (one, other)
    assert bob.code is painted.find("bob").code, "where only painted hair is known it stays what it was"
    assert cap.code is painted.find("bob").code and cap.tags == ("short", "brown")
    assert (cap.thumbnail == 90).all() and book.find("long straight").grown is None
    assert np.array_equal(book.prior_mean, painted.prior_mean) and book.axes == painted.axes


def test_what_is_picked_is_worn(tmp_path: Path, painted: StyleBook) -> None:
    path = put(tmp_path, "b", "cap")
    styling = Styling(shelved(painted, tmp_path))
    styling.choose("cap")
    assert styling.name == "cap" and styling.grown is not None
    assert styling.number == styling.book.index("cap")
    before = styling.grown
    styling.step(1, 1.0)
    assert styling.grown is None
    assert styling.back(2.0) and styling.grown is before
    assert grown_of(styling.book.find("cap")) is before, "read once"
    path.unlink()
    with pytest.raises(MirrorError, match="missing"):
        styling.choose("cap")


def test_a_look_is_worn_in_its_own_shade_until_another_is_asked_for(
    tmp_path: Path, painted: StyleBook
) -> None:
    copper, thumbnail = find("copper"), np.full((THUMBNAIL, THUMBNAIL, 3), 40, np.uint8)
    style = grown_style()
    looks = tuple(
        Look(name, ("short", "red"), "bob", thumbnail, copper) for name in ("copper cap", "long copper")
    )
    listing = dataclasses.replace(style.listing, looks=looks)
    write_style(dataclasses.replace(style, listing=listing), tmp_path / f"cap{SUFFIX}")
    book = shelved(painted, tmp_path)
    look = book.find("copper cap")
    assert look.grown == book.find("cap").grown and look.shade == copper and look.tags == ("short", "red")
    assert np.abs(look.thumbnail.astype(int) - 40).max() <= 2
    assert look.code.dye == copper, "its stand-in is painted in its shade"
    assert book.find("long copper").code is painted.find("long copper").code, "a painted one has it already"
    styling = Styling(book)
    styling.choose("cap")
    assert styling.grown is not None and styling.on[1] is None
    styling.choose("copper cap")
    assert styling.on[1] == copper and styling.worn == "copper cap"
    styling.choose_dye("black")
    assert styling.on[1] == find("black")
    worn = styling.grown_style(book.index("copper cap"))
    assert worn is not None and worn[1] == find("black")
    styling.choose_dye("none")
    assert styling.on[1] == copper
    styling.step(1)
    assert styling.on[1] != copper or styling.book[styling.number or 0].shade == copper


def test_every_dye_has_its_turn_on_what_is_worn_in_ones_own_colour(
    tmp_path: Path, painted: StyleBook
) -> None:
    style = grown_style()
    for name, keeps in (("plain", False), ("dyed", True)):
        listing = dataclasses.replace(style.listing, name=name, tags=("short", "black"), keeps_colour=keeps)
        write_style(dataclasses.replace(style, listing=listing), tmp_path / f"{name}{SUFFIX}")
    styling, first = Styling(shelved(painted, tmp_path)), {}
    for name in ("plain", "dyed"):
        styling.choose(name)
        styling.choose_dye("none")
        styling.step_dye(1)
        first[name] = styling.dye_name
    assert first["plain"] == "black" != first["dyed"]


@pytest.mark.parametrize("fault", ["damaged", "twice", "stand-in", "cut short"])
def test_a_file_that_does_not_fit_is_said_and_left_out(
    tmp_path: Path, painted: StyleBook, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, "a", "cap")
    path = put(tmp_path, "b", "cap" if fault == "twice" else "hood", "wig" if fault == "stand-in" else "bob")
    data = bytearray(path.read_bytes())
    if fault == "damaged":
        data[-1] ^= 0xFF
        path.write_bytes(data)
    if fault == "cut short":
        path.write_bytes(data[:900])
    with caplog.at_level(logging.WARNING):
        book = shelved(painted, tmp_path)
    (said,) = caplog.messages
    assert str(path) in said and "left out" in said and "\n" not in said
    assert "cap" in book.names and "hood" not in book.names


def test_without_grown_styles_the_book_is_as_it_was(tmp_path: Path, painted: StyleBook) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        assert shelved(painted, folder).names == painted.names


def test_where_there_are_enough_only_grown_ones_are_drawn(tmp_path: Path, painted: StyleBook) -> None:
    names = [f"cap {number}" for number in range(ENOUGH)]
    for name in names[1:]:
        put(tmp_path, name, name)
    few = Drawing(shelved(painted, tmp_path), seed=1)
    assert any(few.draw(None).grown is None for _ in range(ENOUGH))
    put(tmp_path, names[0], names[0])
    many = Drawing(shelved(painted, tmp_path), seed=1)
    drawn = [many.draw(None) for _ in range(ENOUGH)]
    assert sorted(one.name for one in drawn) == names
    assert all(one.grown is not None and one.drawn and not one.adjusted for one in drawn)


def test_the_shipped_styles_are_whole() -> None:
    files = {path.stem for path in (ENGINES_FOLDER / FOLDER).glob(f"*{SUFFIX}")}
    assert {"bob_fringe", "side_part"} <= files
    grown = {style.grown.stem: style for style in open_book(ENGINES_FOLDER).styles if style.grown is not None}
    assert grown.keys() == files
    for name, entry in grown.items():
        style = grown_of(entry)
        assert style is not None and style.name == name
        assert [view.yaw for view in style.views] == [-30, -15, 0, 15, 30]
        assert entry.thumbnail.std() > 20, "somebody is on it"
