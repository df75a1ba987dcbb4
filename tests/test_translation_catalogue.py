"""The languages: each says all that the program says, and nothing that it does not; numbers, dates, names."""

from __future__ import annotations

import ast
import re
import tomllib
from datetime import datetime
from typing import Any

import pytest

from mirror.app.live_view import NOBODY, NOBODY_IN_FILM
from mirror.app.screen.typeface import lacking
from mirror.app.sharing.studio import NO_FACE
from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.hair.loss.hair_loss import FULL, FULLER, PLANNED, THINNER, TODAY, WHICH
from mirror.hair.loss.ludwig_stages import LUDWIG_LAST, ludwig_words
from mirror.hair.shelf import open_book
from mirror.hair.styles.dye import DYES, NONE
from mirror.hair.styles.natural_range import TONES
from mirror.pipeline.stream_state import OWN_HAIR
from mirror.pipeline.worn_style import CHANGED
from mirror.settings.options import LANGUAGES
from mirror.sources.choose import NO_CAMERA
from mirror.translation import catalogue as module
from mirror.translation.catalogue import (
    DRAWN,
    FOLDER,
    GROWN,
    OPPOSITE,
    Words,
    from_system,
    languages,
    placeholders,
)
from mirror.translation.message import Message, Said, counted, joined
from mirror.translation.plural import categories, category
from tests.conftest import ROOT
from tests.message_literals import messages

FILES: dict[str, dict[str, Any]] = {
    path.stem: tomllib.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.toml")
}
ENGLISH = FILES["en"]
# What a language is, beside what it says.
NATURE = {"language", "direction", "digits", "decimal", "comma"}
CODES = sorted(FILES)
LAB = ("the mean", "what is on now", "my own hair")  # what the lab calls hair


def forms(said: Any) -> dict[str, str]:
    return said if isinstance(said, dict) else {"other": said}


def keys_of(said: dict[str, Any]) -> set[str]:
    return {key for key in said if key not in NATURE and key not in module.TABLES}


def check_text(code: str, key: str, said: Any, english: Any) -> None:
    """The same placeholders, a form for each kind of number, nothing empty, and a shape for every letter."""
    if isinstance(english, dict):
        assert isinstance(said, dict) and list(said) == list(categories(code)), (
            f"{code}: the forms of {key!r}"
        )
    wanted = placeholders(forms(english)["other"])
    for form, words in forms(said).items():
        assert words == words.strip() != "", f"{code}: {key!r}"
        # The number may be a word of its own ("a day", "two days"), nothing else.
        left_out = wanted - placeholders(words)
        assert placeholders(words) <= wanted and left_out <= ({"count"} if form != "other" else set()), (
            f"{code}: the placeholders of {key!r} ({form}) are {placeholders(words)}, not {wanted}"
        )
        assert not lacking(words), f"{code}: the typeface lacks {lacking(words)!r} of {key!r}"
        shapes = re.findall(r"\{\w+:[^}]*\}", words)
        assert set(shapes) <= set(re.findall(r"\{\w+:[^}]*\}", forms(english)["other"])), f"{code}: {key!r}"


def test_there_are_eight_languages_and_the_setting_offers_each() -> None:
    assert CODES == ["ar", "de", "en", "es", "fr", "it", "ja", "tr"]
    assert sorted(LANGUAGES) == sorted(["auto", *FILES])
    assert len(set(languages().values())) == len(FILES)


@pytest.mark.parametrize("code", CODES)
def test_a_language_says_all_that_the_kiosk_says(code: str) -> None:
    said = FILES[code]
    assert keys_of(said) == keys_of(ENGLISH)
    for key in keys_of(ENGLISH):
        check_text(code, key, said[key], ENGLISH[key])
    assert len(said["months"].split()) == 12 and len(said.get("digits", "0123456789")) == 10


def test_the_kiosk_says_all_that_it_has_words_for() -> None:
    literal: set[str] = set()
    begins: set[str] = set()
    for path in (ROOT / "mirror").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literal.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begins.add(str(node.values[0].value))
    for page in (ROOT / "mirror").rglob("*.html"):
        literal |= set(re.findall(r"""["'](\w+)["']""", page.read_text("utf-8")))
    unused = {key for key in keys_of(ENGLISH) if key not in literal}
    unused = {
        key for key in unused if not any(key.startswith(b) and key[len(b) :] in literal for b in begins)
    }
    assert not unused, "nobody says these any more"


@pytest.mark.parametrize("code", CODES)
def test_a_language_has_every_message_of_the_source_and_no_other(code: str) -> None:
    said = FILES[code]["texts"]
    wanted = {message.words: message for message in messages()}
    missing = [f"{message.where}: {words}" for words, message in wanted.items() if words not in said]
    assert not missing, f"{code} lacks {missing}"
    assert set(said) == set(wanted), f"nobody says these any more: {set(said) - set(wanted)}"
    for words, message in wanted.items():
        plural = message.one != message.words
        english: Any = {"one": message.one, "other": message.words} if plural else words
        check_text(code, words, said[words], english)
        if code == "en":
            assert said[words] == english, "English is what stands in the source"


def test_a_message_that_is_no_literal_fails(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests import message_literals

    monkeypatch.setattr(message_literals, "ROOT", tmp_path)
    (tmp_path / "loose.py").write_text('x = Message(f"Saved {1}")\n')
    with pytest.raises(AssertionError, match="literal"):
        list(message_literals._of(tmp_path / "loose.py"))


@pytest.mark.parametrize("code", sorted(FILES.keys() - {"en"}))
def test_every_style_dye_tag_and_step_has_a_name_in_every_language(code: str) -> None:
    book = open_book(ENGINES_FOLDER)
    names, tags = FILES[code]["names"], FILES[code]["tags"]
    known = {*book.names, *(dye.name for dye in DYES), NONE, OWN_HAIR, TODAY, FULL, THINNER, WHICH, *LAB}
    known |= {tone.name for tone in TONES}
    known |= {FULLER, PLANNED, *(ludwig_words(stage) for stage in range(1, LUDWIG_LAST + 1))}
    known |= {CHANGED.removeprefix(", "), *(f"{begins}{{what}}" for begins in (GROWN, OPPOSITE, DRAWN))}
    assert set(names) >= known, set(known) - set(names)
    # Styles that were in the book before are in the favourites of people.
    assert set(tags) == {tag for style in book.styles for tag in style.tags}
    shown = [names[name] for name in book.names]
    assert len(set(shown)) == len(shown), "two styles of one name could not be told apart"
    for key, said in (*names.items(), *tags.items()):
        assert said == " ".join(said.split()) != "" and not lacking(said), said
        assert placeholders(said) == placeholders(key)


@pytest.mark.parametrize("code", CODES)
def test_beside_norwood_and_ludwig_stand_plain_words(code: str) -> None:
    words = Words(code)
    for name in open_book(ENGINES_FOLDER).names:
        if name.startswith("Norwood"):
            assert re.match(r"Norwood [IV]+.*[,،、].", words.named(name)), words.named(name)
    for stage in range(1, LUDWIG_LAST + 1):
        assert re.match(r"Ludwig I+[,،、].", words.named(ludwig_words(stage)))


def test_messages_are_said_with_what_they_name() -> None:
    words = Words("de")
    assert words.said(Message("{number} of {count}", number=72, count=82)) == "72 von 82"
    assert words.said(Message("Favourite: {style}", style="long straight")) == "Favorit: lang und glatt"
    assert words.said(Message("Hair colour: {dye}", dye="copper")) == "Haarfarbe: Kupfer"
    told = joined(" · ", Message("After"), "bob, copper", Message("simulated"))
    assert (
        told == "After · bob, copper · simulated" and words.said(told) == "Nachher · Bob, Kupfer · simuliert"
    )
    reason = Message("This is the demo: {reason}, trying again", reason=NO_CAMERA)
    assert words.said(reason) == "Das ist die Vorführung: keine Kamera gefunden, neuer Versuch läuft"
    assert str(MirrorError(reason)) is str(reason), "an error keeps the message whole"
    assert words.said(str(MirrorError(reason))).startswith("Das ist die Vorführung")
    lines = joined("\n", counted("1 picture waiting", "{count} pictures waiting", 2), "The disk is full.")
    assert words.said(lines) == "2 Bilder warten\nThe disk is full."
    assert words.said("Norwood III") == words.said(words.said("Norwood III")), "said twice it stays"
    assert words.said(Said("bob")) == "bob", "what is said already, or has no language, stays"
    assert words.said("A line that nobody knows of 3 things") == "A line that nobody knows of 3 things"


def test_a_number_decides_on_the_form_of_its_words() -> None:
    def told(code: str, count: int) -> str:
        return Words(code).said(counted("1 picture waiting", "{count} pictures waiting", count))

    assert told("en", 1) == "1 picture waiting" and told("en", 2) == "2 pictures waiting"
    assert len({told("ar", count) for count in (1, 2, 3, 11)}) == 4 and "٣" in told("ar", 3)
    assert told("fr", 1) == "1 image attend" and told("ja", 1) == "待機中の写真 1枚"
    # The examples of the Unicode CLDR's own table.
    expected = {0: "zero", 1: "one", 2: "two", 3: "few", 103: "few", 11: "many", 111: "many", 100: "other"}
    assert {count: category("ar", count) for count in expected} == expected
    assert (category("fr", 0), category("de", 0), category("tr", 1)) == ("one", "other", "one")


def test_numbers_and_dates_are_written_as_the_language_does() -> None:
    when = datetime(2026, 3, 1, 14, 5)
    assert Words("de").said(Message("{rate:.1f} a second", rate=24.83)) == "24,8 je Sekunde"
    assert Words("en").said(Message("{rate:.1f} a second", rate=24.83)) == "24.8 a second"
    assert "٢٤٫٨" in Words("ar").said(Message("{rate:.1f} a second", rate=24.83))
    assert Words("ar")("countdown", seconds=12).count("١٢") == 1
    moments = {code: Words(code).moment(when) for code in CODES}
    assert moments["de"] == "1. März 2026, 14:05 Uhr" and moments["en"] == "1 March 2026, 14:05"
    assert moments["ja"] == "2026年3月1日 14:05" and moments["ar"] == "١ مارس ٢٠٢٦، ١٤:٠٥"
    assert moments["es"] == "1 de marzo de 2026, 14:05"
    assert [code for code in CODES if Words(code).right_to_left] == ["ar"]


def test_names_are_put_together_of_their_parts() -> None:
    words = Words("de")
    assert words.named("bob, copper, changed") == "Bob, Kupfer, verändert"
    assert Words("ja").named("bob, copper") == "ボブ、カッパー"
    assert words.named("bob / afro") == "Bob / Afro"
    assert words.named("grown back to Norwood IV") == "nachgewachsen bis Norwood IV, lichter Hinterkopf"
    assert (
        words.named("opposite of bob") == "Gegenteil von Bob"
        and Words("ar").named("random 12") == "عشوائي ١٢"
    )
    assert words.named("Salon Special No. 4") == "Salon Special No. 4", "a salon's own names stay"
    assert Words("en").named("bob, copper") == "bob, copper"


def test_a_missing_key_is_said_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    real = module._read
    monkeypatch.setattr(module, "_read", lambda code: real("en") if code == "en" else {"touch": "Da"})
    words = Words("de")
    assert words("touch") == "Da" and words("done") == ENGLISH["done"]
    assert words.said(Message("Now")) == "Now"
    with pytest.raises(KeyError):
        words("no such key")


@pytest.mark.parametrize(
    ("locale", "code"),
    [("de_AT.UTF-8", "de"), ("fr_FR", "fr"), ("C.UTF-8", "en"), ("German_Austria", "de"), ("ar_EG", "ar"),
     ("Japanese_Japan.932", "ja"), ("es_MX", "es"), ("nl_NL", "en")],
)  # fmt: skip
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


@pytest.mark.parametrize("language", sorted(FILES.keys() - {"en"}))
def test_what_is_said_without_anybody_and_at_the_end_is_translated(language: str) -> None:
    words = Words(language)
    for line in (NOBODY, NOBODY_IN_FILM, NO_FACE):
        assert words.said(line) != line


def test_german_names_a_style_without_a_word_that_would_change_its_ending() -> None:
    # "mit lockere Locken" is wrong, and names come in one case only.
    told = [line for line in FILES["de"]["texts"].values() if isinstance(line, str) and "{style}" in line]
    assert told and not any(re.search(r"\b(mit|von|zu|bei|nach)\b[^{]*\{style\}", line) for line in told)
