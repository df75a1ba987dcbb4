"""Hair as a line of text: there and back, and what is wrong with a line that was damaged on the way."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.app.lab.latent_point import Look
from mirror.app.lab.look_text import PREFIX, look_of, text_of
from mirror.app.lab.principal_components import Components
from mirror.core.errors import MirrorError

RNG = np.random.default_rng(8)
COMPONENTS = Components(RNG.normal(size=128), RNG.normal(size=(128, 128)))


def look(reach: float = 1.0) -> Look:
    z = COMPONENTS.code(RNG.standard_normal(128) * reach)
    return Look(z, "random 1", strands=0.4)


def test_there_and_back_is_the_same_hair() -> None:
    sent = look()
    line = text_of(sent, COMPONENTS)
    assert len(line) < 200 and line.isascii() and line.isprintable() and " " not in line
    came = look_of(line, COMPONENTS)
    assert COMPONENTS.apart(came.z, sent.z) < 0.5, "a 32nd of a deviation along each of 128"
    assert abs(came.strands - 0.4) < 0.01 and came.anchor is None
    assert text_of(came, COMPONENTS) == line


def test_what_a_mail_program_puts_between_is_no_matter() -> None:
    line = text_of(look(), COMPONENTS)
    broken = f"  {line[:70]}\r\n{line[70:140]}\n {line[140:]}\n"
    assert np.array_equal(look_of(broken, COMPONENTS).z, look_of(line, COMPONENTS).z)


def test_hair_far_out_is_brought_within_what_a_line_holds() -> None:
    came = look_of(text_of(look(20.0), COMPONENTS), COMPONENTS)
    assert np.abs(COMPONENTS.coordinates(came.z)).max() < 8


def test_damaged_lines_are_told_and_no_other_hair_comes_out_of_them() -> None:
    line = text_of(look(), COMPONENTS)
    middle = len(line) // 2
    other = "A" if line[middle] != "A" else "B"
    for wrong, words in (
        ("", "begins with"), ("long waves", "begins with"), (PREFIX, "a piece is missing"),
        (line[:-8], "missing"), (line[:middle] + other + line[middle + 1 :], "damaged"),
        (line[:middle] + "?" + line[middle + 1 :], "letters are wrong"), (line + line, "letters are wrong"),
        (PREFIX + "\u00fc" * 50, "letters are wrong"),
    ):  # fmt: skip
        with pytest.raises(MirrorError, match=words):
            look_of(wrong, COMPONENTS)


def test_a_mirror_with_other_networks_refuses_it() -> None:
    other = Components(np.zeros(128), RNG.normal(size=(128, 128)))
    with pytest.raises(MirrorError, match="other networks"):
        look_of(text_of(look(), COMPONENTS), other)
