"""The languages: the same keys, the same placeholders, and English where one lacks a word."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mirror.app.live_display import NOBODY, NOBODY_IN_FILM
from mirror.app.screen.keys import HELP
from mirror.app.screen.panels import Tools
from mirror.app.screen.panels.group_chips import SAID
from mirror.app.screen.panels.toolbar import window_tools
from mirror.app.screen.panels.tray import CALLED
from mirror.app.screen.panels.tray_layout import AXES, PAGES
from mirror.app.screen.typeface import has
from mirror.app.sharing.studio import NO_FACE
from mirror.engines import ENGINES_FOLDER
from mirror.hair.loss.hair_loss import FULL, THINNER, TODAY, WHICH
from mirror.hair.shelf import open_book
from mirror.hair.styles.dye import DYES, NONE
from mirror.pipeline.distance_check import CLOSER
from mirror.pipeline.stream_state import OWN_HAIR
from mirror.pipeline.worn_style import CHANGED, ILLUSTRATION, SIMULATED
from mirror.settings.options import LANGUAGES
from mirror.sources.camera_standby import NONE_WORKS
from mirror.sources.choose import NO_CAMERA
from mirror.translation import catalogue as module
from mirror.translation.catalogue import FOLDER, GROWN, Words, from_system, languages

FILES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.toml")}


def placeholders(said: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(said) if name}


def test_the_setting_offers_every_language_there_is() -> None:
    assert sorted(LANGUAGES) == sorted(["auto", *FILES]) and len(FILES) >= 3


@pytest.mark.parametrize("code", sorted(FILES))
def test_a_language_says_all_that_english_says(code: str) -> None:
    said, english = FILES[code], FILES["en"]
    for key, value in english.items():
        if isinstance(value, dict):
            continue
        assert placeholders(said[key]) == placeholders(value), key
        assert said[key].strip() == said[key] != "", key
        assert has(said[key]), f"the typeface lacks a letter of {key}"
    assert {key for key, value in said.items() if isinstance(value, str)} == {
        key for key, value in english.items() if isinstance(value, str)
    }


@pytest.mark.parametrize("code", sorted(FILES.keys() - {"en"}))
def test_every_style_dye_tag_and_step_has_a_name_in_every_language(code: str) -> None:
    book = open_book(ENGINES_FOLDER)
    names, tags = FILES[code]["names"], FILES[code]["tags"]
    known = {*book.names, *(dye.name for dye in DYES), NONE, OWN_HAIR, TODAY, FULL, THINNER, GROWN.strip()}
    known |= {CHANGED.removeprefix(", "), WHICH}
    assert set(names) == known, "nothing is left out, and nothing of another book is left over"
    assert set(tags) == {tag for style in book.styles for tag in style.tags}
    shown = [names[name] for name in book.names]
    assert len(set(shown)) == len(shown), "two styles of one name could not be told apart"
    for said in (*names.values(), *tags.values()):
        assert said == " ".join(said.split()) != "" and has(said), said


@pytest.mark.parametrize("code", sorted(FILES))
def test_beside_norwood_stand_plain_words(code: str) -> None:
    words = Words(code)
    for name in open_book(ENGINES_FOLDER).names:
        if name.startswith("Norwood"):
            assert words.named(name).startswith("Norwood") and ", " in words.named(name)


@pytest.mark.parametrize("code", sorted(FILES.keys() - {"en"}))
def test_all_that_stands_in_the_window_is_said_in_every_language(code: str) -> None:
    words, texts = Words(code), FILES[code]["texts"]
    window: Any = SimpleNamespace(words=words, strip=None, laid=None, mirrored=False, panels=[], beneath=[])
    tools = [tool.words.rsplit("   ", 1)[0] for tool in Tools(window, Path("nowhere"))._buttons()]
    tools += [tool.words.rsplit("   ", 1)[0] for tool in window_tools(window)]
    axes = [name.capitalize() for names in AXES.values() for name in names if name not in CALLED]
    lines = [NOBODY, NOBODY_IN_FILM, NO_FACE, NO_CAMERA, NONE_WORKS, CLOSER, ILLUSTRATION, SIMULATED]
    lines += [*(line for _, line in HELP), *tools, *SAID.values(), *PAGES, *CALLED.values(), *axes]
    assert set(lines) <= set(texts), set(lines) - set(texts)
    for english, said in texts.items():
        assert placeholders(said) == placeholders(english) and has(said) and said == said.strip() != "", said


def test_lines_with_something_to_put_in_are_recognised() -> None:
    words = Words("de")
    assert words.said("72 of 82") == "72 von 82"
    assert words.said("12 of 82. Enter takes the first") == "12 von 82. Enter nimmt die erste"
    assert words.said("Favourite: long straight") == "Favorit: lang und glatt"
    assert words.said("Hair colour: copper") == "Haarfarbe: Kupfer"
    assert words.said("After · bob, copper · simulated") == "Nachher · Bob, Kupfer · simuliert"
    assert words.said("Search   /") == "Suchen   /"
    assert words.said(f"This is the demo: {NO_CAMERA}, trying again") == (
        "Das ist die Vorführung: keine Kamera gefunden, neuer Versuch läuft"
    )
    assert words.said("2 pictures waiting:\nThe disk is full.") == "2 Bilder warten:\nThe disk is full."
    assert words.said(words.said("Norwood III")) == words.said("Norwood III"), "said twice it stays"
    cut = "Norwood III, Geheimrats…"
    assert words.said(cut) == cut
    assert words.said("A line that nobody knows of 3 things") == "A line that nobody knows of 3 things"
    assert Words("en").said("1 favourite") == "1 favourite"


def test_names_are_put_together_of_their_parts() -> None:
    words = Words("de")
    assert words.named("bob, copper, changed") == "Bob, Kupfer, verändert"
    assert words.named("bob / afro") == "Bob / Afro"
    assert words.named("grown back to Norwood IV") == "nachgewachsen bis Norwood IV, lichter Hinterkopf"
    assert words.named("Salon Special No. 4") == "Salon Special No. 4", "a salon's own names stay"
    assert Words("en").named("bob, copper") == "bob, copper"


def test_a_missing_key_is_said_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    real = module._read
    monkeypatch.setattr(module, "_read", lambda code: real("en") if code == "en" else {"touch": "Da"})
    words = Words("de")
    assert words("touch") == "Da" and words("done") == FILES["en"]["done"]
    with pytest.raises(KeyError):
        words("no such key")


@pytest.mark.parametrize(
    ("locale", "code"), [("de_AT.UTF-8", "de"), ("fr_FR", "fr"), ("C.UTF-8", "en"), ("German_Austria", "de")]
)
def test_auto_takes_the_systems_language(locale: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert from_system() == code and Words("auto").language == code


def test_a_visitors_language_is_gone_with_them() -> None:
    words = Words("en")
    words.choose("fr")
    assert words("done") == FILES["fr"]["done"]
    words.reset()
    assert words.language == "en" and set(languages()) == set(FILES)


@pytest.mark.parametrize("language", ["de", "fr"])
def test_what_is_said_without_anybody_and_at_the_end_is_translated(language: str) -> None:
    words = Words(language)
    lines = (NOBODY, NOBODY_IN_FILM, NO_FACE, "Press Esc again to leave", "The film has ended", "Play again")
    for line in lines:
        assert words.said(line) != line


def test_german_names_a_style_without_a_word_that_would_change_its_ending() -> None:
    # "mit lockere Locken" is wrong, and names come in one case only.
    told = [line for line in FILES["de"]["texts"].values() if "{style}" in line]
    assert told and not any(re.search(r"\b(mit|von|zu|bei|nach)\b[^{]*\{style\}", line) for line in told)
