"""Words: what window and kiosk say, in the person's language. One TOML file a language, the same keys.

A language is a file in `languages/`: whoever adds one finds out from `tests/test_translation_catalogue.py`
what it lacks. A salon says things its own way in a file of its own, see `mirror.settings.own_texts`.
"""

from __future__ import annotations

import locale
import os
import re
import string
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from mirror.translation.message import Message, Said
from mirror.translation.plural import category

FOLDER = Path(__file__).parent / "languages"
FALLBACK = "en"
# How the program itself calls hair that was grown back as far as a stage.
GROWN = "grown back to "
# What was mirrored through the mean in the lab, and what was drawn by chance.
OPPOSITE, DRAWN = "opposite of ", "random "
# Windows says "German_Austria" where others say "de_AT".
_SPELLED = {"german": "de", "french": "fr", "spanish": "es", "italian": "it", "turkish": "tr", "arabic": "ar",
            "japanese": "ja"}  # fmt: skip
_ASCII = "0123456789"
# A shade of `mirror.hair.styles.natural_range`, as "7/1 ash"; and that or shades in a pattern, "roots: ...".
_LEVEL = re.compile(r"(\d+/\d) ([a-z]+)")
_SHADE = re.compile(r"\d+/\d [a-z]+|[a-z]+: .+")
TABLES = ("names", "tags", "texts")


def languages() -> dict[str, str]:
    """Every language there is: its code and its own name, for example {"de": "Deutsch", "en": "English"}."""
    return {path.stem: str(_read(path.stem)["language"]) for path in sorted(FOLDER.glob("*.toml"))}


def from_system() -> str:
    """The language of this system, where there is a file for it; else English."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    first = next((value for value in named if value), None) or locale.getlocale()[0] or ""
    code = _SPELLED.get(first.split("_")[0].lower(), first[:2].lower())
    return code if (FOLDER / f"{code}.toml").is_file() else FALLBACK


def texts_of(language: str) -> Mapping[str, Any]:
    """All that is said in a language, by key; under "names", "tags" and "texts" tables of their own."""
    return _read(language)


def placeholders(words: str) -> set[str]:
    """The names between braces.

    Raises:
        ValueError: a brace stands alone.

    Example:
        >>> sorted(placeholders("{number} of {count:.0f}"))
        ['count', 'number']
    """
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


class Words:
    """Words by key, in one language at a time; a key that it lacks is said in English.

    Args:
        language: a code, or "auto" for the system's.

    Example:
        >>> words = Words("de")
        >>> words("countdown", seconds=7)
        'Bitte berühren: 7 s'
    """

    def __init__(self, language: str = "auto") -> None:
        self._own = from_system() if language == "auto" else language
        self.language = self._own

    def choose(self, language: str) -> None:
        """Speaks another language from now on."""
        self.language = language

    def reset(self) -> None:
        """Speaks its own language again."""
        self.language = self._own

    @property
    def right_to_left(self) -> bool:
        """Whether it is read from the right: the whole layout is turned round then."""
        return _read(self.language).get("direction") == "rtl"

    def moment(self, when: datetime) -> str:
        """A day and a time, to the minute.

        Example:
            >>> Words("de").moment(datetime(2026, 3, 1, 14, 5))
            '1. März 2026, 14:05 Uhr'
        """
        month = self("months").split()[when.month - 1]
        time = self.digits(f"{when:%H:%M}")
        return self("moment", day=when.day, month=month, year=when.year, time=time)

    def digits(self, words: str) -> str:
        """Words with the digits that the language writes.

        Example:
            >>> Words("ar").digits("14:05"), Words("ja").digits("14:05")
            ('١٤:٠٥', '14:05')
        """
        own = _read(self.language).get("digits", _ASCII)
        return words if own == _ASCII else words.translate(str.maketrans(_ASCII, own))

    def number(self, value: float, shape: str = "") -> str:
        """A number as the language writes it; `shape` as in a format string.

        Example:
            >>> Words("de").number(24.8, ".1f"), Words("ar").number(24.8, ".1f"), Words("en").number(12)
            ('24,8', '٢٤٫٨', '12')
        """
        plain = format(value, shape).replace(".", _read(self.language).get("decimal", "."))
        return self.digits(plain)

    def counted(self, key: str, count: int, **values: object) -> str:
        """The words of a key that has one text a grammatical number; the number is `count` in them."""
        said = _read(self.language).get(key) or _read(FALLBACK)[key]
        return self._filled(_of_number(said, count, self.language), {"count": count, **values})

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key, with what they name put in."""
        said = _read(self.language).get(key) or _read(FALLBACK)[key]
        return self._filled(str(said), values)

    def said(self, line: str) -> str:
        """A line of the window in this language.

        A message is looked up by its English words, and what it names is said in turn. Any other text is what
        hair is called, or has no language: a name, a path.

        Example:
            >>> words = Words("de")
            >>> words.said(Message("Favourite: {style}", style="bob")), words.said("bob"), words.said("x.png")
            ('Favorit: Bob', 'Bob', 'x.png')
        """
        if isinstance(line, Said):
            return line
        if not isinstance(line, Message):
            return self.named(line)
        if "parts" in line.values:
            return line.template.join(self.said(part) for part in line.values["parts"])
        texts = _read(self.language).get("texts", {})
        told = texts.get(line.template) or _read(FALLBACK)["texts"].get(line.template)
        if told is None:
            return str.__str__(line)
        if isinstance(told, dict):
            told = _of_number(told, line.values["count"], self.language)
        return self._filled(told, line.values)

    def named(self, name: str) -> str:
        """What hair is called: a style, its dye, a step of hair loss, or several of them.

        What a salon's own style book calls a style stays as it is.

        Example:
            >>> Words("de").named("bob, copper"), Words("de").named("7/1 ash")
            ('Bob, Kupfer', '7/1 Asch')
            >>> Words("de").named("roots: dark brown + copper")
            'Ansatz: Dunkelbraun + Kupfer'
            >>> Words("de").named("balayage: none + copper,0.6,0.4")
            'Balayage: Naturfarbe + Kupfer,0.6,0.4'
            >>> Words("de").named("grown back to Norwood IV")
            'nachgewachsen bis Norwood IV, lichter Hinterkopf'
        """
        if " / " in name:
            return " / ".join(map(self.named, name.split(" / ")))
        if name in self._names:
            return self._names[name]
        first, *others = name.split(", ")
        if others and all(other in self._names or _SHADE.fullmatch(other) for other in others):
            # Its dye, and that it is changed.
            comma = str(_read(self.language).get("comma", ", "))
            return comma.join((self.named(first), *map(self.named, others)))
        if (level := _LEVEL.fullmatch(name)) is not None:
            return f"{self.digits(level[1])} {self.named(level[2])}"
        kind, colon, shades = name.partition(": ")
        if colon and kind in self._names:  # hair in more than one colour
            shades, comma, numbers = shades.partition(",")  # share and beginning, as they are typed
            return f"{self._names[kind]}: {' + '.join(map(self.named, shades.split(' + ')))}{comma}{numbers}"
        for begins in (GROWN, OPPOSITE, DRAWN):
            if name.startswith(begins):
                told = self._names.get(f"{begins}{{what}}", f"{begins}{{what}}")
                what = name.removeprefix(begins)
                return told.format(what=self.digits(what) if what.isdecimal() else self.named(what))
        return name

    def tag(self, tag: str) -> str:
        """A word that styles are found by."""
        return str(_read(self.language).get("tags", {}).get(tag, tag))

    @property
    def _names(self) -> dict[str, str]:
        return _read(self.language).get("names", {})

    def _filled(self, template: str, values: Mapping[str, object]) -> str:
        return template.format(**{name: self._put(value) for name, value in values.items()})

    def _put(self, value: object) -> object:
        if isinstance(value, int | float):
            return _Number(value, self)
        return self.said(value) if isinstance(value, str) else value


class _Number:
    """A number on its way into words: the words say how many places it has."""

    def __init__(self, value: float, words: Words) -> None:
        self._value, self._words = value, words

    def __format__(self, shape: str) -> str:
        return self._words.number(self._value, shape)


def override(own: Mapping[str, Mapping[str, Any]]) -> None:
    """A salon's own words, by language, in place of those of the files; an empty mapping takes them back.

    Call it before anything is drawn. `mirror.settings.own_texts` reads and checks them.
    """
    global _own
    _own = own
    _read.cache_clear()


_own: Mapping[str, Mapping[str, Any]] = {}


def _of_number(said: Any, count: int, language: str) -> str:
    if not isinstance(said, dict):
        return str(said)
    return str(said.get(category(language, count)) or said["other"])


@cache
def _read(language: str) -> dict[str, Any]:
    path = FOLDER / f"{language}.toml"
    if not path.is_file():
        return {}
    found = tomllib.loads(path.read_text("utf-8"))
    for key, value in _own.get(language, {}).items():
        # A table of texts is added to; a table of one text's numbers takes its place.
        found[key] = found.get(key, {}) | value if key in TABLES else value
    return found
