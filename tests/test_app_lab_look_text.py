"""Hair as a line of text: there and back, and what is wrong with a line that was damaged on the way."""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace

import numpy as np
import pytest

from mirror.app.lab.latent_point import Look
from mirror.app.lab.look_text import FIRST, PREFIX, STEP, look_of, text_of
from mirror.app.lab.principal_components import Components
from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.hair.shelf import open_book
from mirror.hair.styles.book import StyleBook

RNG = np.random.default_rng(8)
BOOK = open_book(ENGINES_FOLDER)
COMPONENTS = Components(BOOK.prior_mean, BOOK.prior_factor)


def look(reach: float = 1.0) -> Look:
    z = COMPONENTS.code(RNG.standard_normal(128) * reach)
    return Look(z, "random 1", strands=0.4)


def text(of: Look, dye: str = "none") -> str:
    return text_of(of, COMPONENTS, BOOK, dye)


def of_book(name: str) -> Look:
    number = BOOK.index(name)
    return Look.at(BOOK[number].code, name, number)


def first_kind(of: Look) -> str:
    """What a mirror of the first version wrote."""
    steps = np.clip(COMPONENTS.coordinates(of.z) / STEP, -127, 127).round()
    body = np.append(steps, round(127 * of.strands)).astype(np.int8).tobytes()
    prior = zlib.crc32(COMPONENTS.deviations.astype(np.float32).tobytes())
    return FIRST + base64.urlsafe_b64encode(
        body + zlib.crc32(body, prior).to_bytes(4, "big")
    ).decode().rstrip("=")


def test_a_grown_style_comes_back_as_itself_in_its_shade_and_dye() -> None:
    """In coordinates alone a blond bob is the painted brown bob that stands in for it."""
    sent = of_book("blond bob")
    line = text(sent)
    came = look_of(line, COMPONENTS, BOOK)
    assert came.whole and came.style == sent.style and came.name == "blond bob" and len(line) < 80
    assert came.dye == "none" and look_of(text(sent, "copper"), COMPONENTS, BOOK).dye == "copper"
    pattern = "balayage: 5/0 natural + 8/3 golden"
    assert look_of(text(sent, pattern), COMPONENTS, BOOK).dye == pattern


def test_a_style_that_was_changed_comes_back_with_its_outline_and_strands() -> None:
    length = BOOK.axes["length"]
    sent = of_book("bob").stepped("length", length, 1.5)
    came = look_of(text(sent), COMPONENTS, BOOK)
    assert came.anchor is not None and np.array_equal(came.anchor.detail, BOOK.find("bob").code.detail)
    assert COMPONENTS.apart(came.z, sent.z) < 0.5 and came.steps == {"length": 1.5} and not came.whole
    adjusted = replace(of_book("bob"), adjusted={"volume": 0.5})
    came = look_of(text(adjusted), COMPONENTS, BOOK)
    assert came.whole and came.adjusted == {"volume": 0.5} and came.anchor is not None
    assert not np.array_equal(came.anchor.coarse, BOOK.find("bob").code.coarse)
    thin = replace(of_book("bob"), strands=0.4)
    assert not look_of(text(thin), COMPONENTS, BOOK).whole


def test_what_this_mirror_does_not_have_is_told_by_name() -> None:
    other = StyleBook(
        [replace(BOOK[0], name="house cut")], BOOK.prior_mean, BOOK.prior_factor, BOOK.face_shape, BOOK.axes
    )
    line = text_of(Look.at(other[0].code, "house cut", 0), COMPONENTS, other, "none")
    with pytest.raises(MirrorError, match="'house cut', a style that this mirror does not have"):
        look_of(line, COMPONENTS, BOOK)
    with pytest.raises(MirrorError, match="'house red', a shade that this mirror does not have"):
        look_of(text(of_book("bob"), "house red"), COMPONENTS, BOOK)


def test_lines_of_the_first_kind_are_still_read() -> None:
    sent = look()
    came = look_of(first_kind(sent), COMPONENTS, BOOK)
    assert COMPONENTS.apart(came.z, sent.z) < 0.5 and abs(came.strands - 0.4) < 0.01
    assert came.anchor is None and came.dye is None, "it says nothing of a dye: what is on stays"
    for wrong, words in ((FIRST, "a piece is missing"), (first_kind(sent)[:-8], "missing")):
        with pytest.raises(MirrorError, match=words):
            look_of(wrong, COMPONENTS, BOOK)


def test_there_and_back_is_the_same_hair() -> None:
    sent = look()
    line = text(sent)
    assert len(line) < 240 and line.isascii() and line.isprintable() and " " not in line
    came = look_of(line, COMPONENTS, BOOK)
    assert COMPONENTS.apart(came.z, sent.z) < 0.5, "a 32nd of a deviation along each of 128"
    assert abs(came.strands - 0.4) < 0.01 and came.anchor is None
    assert text(came) == line


def test_what_a_mail_program_puts_between_is_no_matter() -> None:
    line = text(look())
    broken = f"  {line[:70]}\r\n{line[70:140]}\n {line[140:]}\n"
    assert np.array_equal(look_of(broken, COMPONENTS, BOOK).z, look_of(line, COMPONENTS, BOOK).z)


def test_hair_far_out_is_brought_within_what_a_line_holds() -> None:
    came = look_of(text(look(20.0)), COMPONENTS, BOOK)
    assert np.abs(COMPONENTS.coordinates(came.z)).max() < 8


def test_damaged_lines_are_told_and_no_other_hair_comes_out_of_them() -> None:
    line = text(look())
    middle = len(line) // 2
    other = "A" if line[middle] != "A" else "B"
    for wrong, words in (
        ("", "begins with"), ("long waves", "begins with"), (PREFIX, "damaged"),
        (line[:-8], "damaged"), (line[:middle] + other + line[middle + 1 :], "damaged"),
        (line[:middle] + "?" + line[middle + 1 :], "letters are wrong"), (line + line, "letters are wrong"),
        (PREFIX + "\u00fc" * 50, "letters are wrong"),
    ):  # fmt: skip
        with pytest.raises(MirrorError, match=words):
            look_of(wrong, COMPONENTS, BOOK)


def test_a_mirror_with_other_networks_refuses_it() -> None:
    other = Components(np.zeros(128), RNG.normal(size=(128, 128)))
    with pytest.raises(MirrorError, match="other networks"):
        look_of(text(look()), other, BOOK)
