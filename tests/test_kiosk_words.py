"""The kiosk's languages: the same keys, the same placeholders, and English where one lacks a word."""

from __future__ import annotations

import string
import tomllib

import pytest

from mirror.kiosk import words as module
from mirror.kiosk.words import FOLDER, Words, from_system, languages
from mirror.screen.typeface import has
from mirror.settings import LANGUAGES

FILES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.toml")}


def placeholders(said: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(said) if name}


def test_the_setting_offers_every_language_there_is() -> None:
    assert sorted(LANGUAGES) == sorted(["auto", *FILES]) and len(FILES) >= 3


@pytest.mark.parametrize("code", sorted(FILES))
def test_a_language_says_all_that_english_says(code: str) -> None:
    said, english = FILES[code], FILES["en"]
    assert said.keys() == english.keys()
    for key, value in english.items():
        assert placeholders(said[key]) == placeholders(value), key
        assert said[key].strip() == said[key] != "", key
        assert has(said[key]), f"the typeface lacks a letter of {key}"


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
