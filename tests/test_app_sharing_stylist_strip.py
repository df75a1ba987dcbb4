"""The stylist's strip: hair in a stylist's words, in every language, on the printed card and nowhere else."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pygame
import pytest

from mirror.app.screen import typeface
from mirror.app.screen.design import INK
from mirror.app.screen.typeface import speak
from mirror.app.sharing import stylist_strip as module
from mirror.app.sharing.cards import FORMATS, Look, card
from mirror.app.sharing.stylist_strip import StylistNote, lines_of, plain_line, strip_of
from mirror.app.sharing.web.tablet_commands import NOTE, read_command
from mirror.hair.styles.dye import Dye, find
from mirror.pipeline.worn_style import Worn
from mirror.translation.catalogue import Words, languages
from tests.test_app_screen_panels import luminance, pixels

pytestmark = pytest.mark.usefixtures("unseen_video")
WHEN = datetime(2026, 11, 25, 14, 5)
CODE: Any = SimpleNamespace()
LONGEST = "Wide WWW " * 12


@pytest.fixture(autouse=True)
def _in_english():
    yield
    speak(Words("en"))


def worn(name: str = "long waves", shade: Dye | None = None, **more: Any) -> Worn:
    return Worn(name, code=CODE, shade=shade, **more)


def said(given: Worn, language: str = "en") -> list[str]:
    return [Words(language).said(line) for line in lines_of(given)]


def test_style_level_and_tone_as_they_were_chosen() -> None:
    assert said(worn("long waves, 7/4 copper", find("7/4"))) == ["Style: long waves", "Colour: 7/4 copper"]
    assert said(worn()) == ["Style: long waves", "Colour: its own"]
    assert said(worn("bob, copper", find("copper")))[1] == "Colour: copper, about level 6"
    own = Dye("Caramel 7/43", 50, 10, 20)
    assert said(worn("Anna's bob, Caramel 7/43", own)) == ["Style: Anna's bob", "Colour: Caramel 7/43"]
    assert said(worn("bob, copper", find("copper")), "de") == [
        "Frisur: Bob", "Farbe: Kupfer, etwa Tonhöhe 6",
    ]  # fmt: skip


def test_a_pattern_names_both_shades_its_share_and_where_it_begins() -> None:
    shade = find("balayage:5/0+8/3")
    assert said(worn("long waves, balayage: 5/0 natural + 8/3 golden", shade))[1] == (
        "Pattern: balayage, 5/0 natural + 8/3 golden; 65% of the hair, from 40% of its length"
    )
    assert "its own + 6/6 red; 20% of the hair" in said(worn(shade=find("highlights:none+6/6,0.2")))[1]
    assert "Strähnen, Naturfarbe + 6/6 Rot; 20\u00a0% des Haars" in said(
        worn(shade=find("highlights:none+6/6,0.2")), "de"
    )[1]  # fmt: skip


def test_what_was_changed_and_hair_loss() -> None:
    changed = worn("bob, changed", edits=(("length", 0.3), ("volume", -0.2)))
    assert said(changed)[2] == "Changed: Length +30%, Volume -20%"
    (line,) = said(Worn("Norwood III", hair_loss=True, loss=-0.4))
    assert line.startswith("Hair loss or regrowth: Norwood III") and "not a prediction" in line
    assert lines_of(Worn()) == ()


def test_nothing_in_it_is_of_a_face() -> None:
    assert {field.name for field in fields(StylistNote)} == {"lines", "when", "remark"}
    used = {field.name for field in fields(Worn)} & set(module._lines.__code__.co_names)
    assert used == {"name", "loss", "code", "shade", "edits"}, (
        "a style's code is only looked at for being there"
    )


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("width", [500, 1120])
def test_every_language_has_room_for_all_of_it(language: str, width: int) -> None:
    speak(Words(language))
    pattern = worn("long waves", find("balayage:none+8/3"), edits=(("length", 0.3), ("grey", 1.0)))
    note = StylistNote(lines_of(pattern), WHEN, plain_line(LONGEST))
    strip = strip_of(note, width, 30)
    assert strip.get_width() == width
    drawn = luminance(pixels(strip))
    rows, columns = (np.flatnonzero((drawn < 0.2).any(axis)) for axis in (1, 0))
    inner = drawn[4:-4, 4:-4]
    assert np.median(inner) > 0.8, "dark on light, as it is written on"
    assert rows[0] > 8 and strip.get_height() - rows[-1] > 8, "no line is cut"
    assert len(columns)
    edge = 20
    middle = drawn[edge:-edge]
    assert (middle[:, 4:14] > 0.8).all() and (middle[:, -14:-4] > 0.8).all(), "nothing beyond its sides"
    alone = strip_of(StylistNote(note.lines, WHEN), width, 30)
    assert alone.get_height() < strip.get_height()


@pytest.mark.parametrize("language", sorted(languages()))
def test_it_is_on_the_printed_card_alone_and_covers_nothing(language: str) -> None:
    speak(Words(language))
    before = np.full((720, 1280, 3), (200, 60, 60), np.uint8)
    after = np.full((720, 1280, 3), (60, 60, 200), np.uint8)
    lines = lines_of(worn("long waves", find("balayage:none+8/3"), edits=(("length", 0.3),)))
    note = StylistNote(lines, WHEN, plain_line(LONGEST))
    for name, kind in FORMATS.items():
        plain = card(Look(before, after, None, "long waves"), kind, "Salon Anna")
        noted = card(Look(before, after, None, "long waves", note=note), kind, "Salon Anna")
        empty = card(Look(before, after, None, "long waves", note=StylistNote((), WHEN)), kind, "Salon Anna")
        assert (plain == empty).all(), "where nothing was worn there is no strip"
        if name != "a6":
            assert (plain == noted).all(), f"{name} is for others"
            continue
        light = (noted == INK).all(2)  # on the white of the paper
        rows = np.flatnonzero(light.mean(1) > 0.5)
        strip_top = int(rows[0])
        assert strip_top > 0.6 * len(noted) and len(noted) - rows[-1] > 40
        pictures = ((noted == (200, 60, 60)) | (noted == (60, 60, 200))).all(2)
        assert np.flatnonzero(pictures.any(1))[-1] < strip_top
        words = np.flatnonzero((noted[: strip_top - 1].min(2) < 200).any(1))
        assert strip_top - words[-1] > 6, "nor the salon's name"
        for part in ((200, 60, 60), (60, 60, 200)):
            assert (noted == part).all(2).mean() > 0.15, "both pictures are still large"


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("  a\tb\n c  ", "a b c"),
        ("a\u202eb\u200b\u2066c", "abc"),
        ("<script>alert(1)</script> {style} %s", "<script>alert(1)</script> {style} %s"),
        ("ᚠ bob ᚢ", "bob"),
        ("\x00\x1b[31mred", "[31mred"),
        ("e\u0301", "é"),
        ("x" * 500, "x" * NOTE),
        ("", ""),
        ("毛先を2cm、قص", "毛先を2cm、قص"),
    ],
)
def test_a_remark_is_one_plain_line(typed: str, line: str) -> None:
    assert plain_line(typed) == line
    if line:
        pygame.Surface((1, 1)).blit(strip_of(StylistNote((), WHEN, line), 500, 30), (0, 0))


def test_a_remark_is_not_taken_for_words_of_the_program() -> None:
    speak(Words("de"))
    drawn = [pixels(strip_of(StylistNote((), WHEN, one), 500, 30)) for one in ("bob", "Bob", "{note}")]
    assert (drawn[0] != drawn[1]).any(), "'bob' is a style's name only where the program says it"
    assert drawn[2].shape == drawn[0].shape


def test_no_cache_keeps_a_remark(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        module, "text", lambda words, *given: asked.append(words) or typeface.text(words, *given)
    )
    strip_of(StylistNote(lines_of(worn()), WHEN, "allergic to ammonia"), 500, 30)
    assert asked and not any("ammonia" in words for words in asked)


@pytest.mark.parametrize(
    ("value", "fits"),
    [("soft layers", True), ("", True), ("x" * NOTE, True), ("x" * (NOTE + 1), False), ("a\nb", False),
     ("a\u202eb", False), ("\x00", False), (None, False), (7, False), (["x"], False), (True, False)],
)  # fmt: skip
def test_what_a_tablet_may_say(value: Any, fits: bool) -> None:
    assert (read_command({"do": "note", "value": value, "visit": 1}) is not None) is fits
