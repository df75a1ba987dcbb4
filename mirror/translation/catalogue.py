"""Words: what window and kiosk say, in the person's language. One TOML file a language, the same keys."""

from __future__ import annotations

import locale
import os
import re
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "languages"
FALLBACK = "en"
# How the program itself calls hair that was grown back as far as a stage.
GROWN = "grown back to "


def languages() -> dict[str, str]:
    """Every language there is: its code and its own name, for example {"de": "Deutsch", "en": "English"}."""
    return {path.stem: str(_read(path.stem)["language"]) for path in sorted(FOLDER.glob("*.toml"))}


def from_system() -> str:
    """The language of this system, where there is a file for it; else English."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    first = next((value for value in named if value), None) or locale.getlocale()[0] or ""
    # "de_AT.UTF-8"; Windows says "German_Austria".
    code = {"german": "de", "french": "fr"}.get(first.split("_")[0].lower(), first[:2].lower())
    return code if (FOLDER / f"{code}.toml").is_file() else FALLBACK


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

    def moment(self, when: datetime) -> str:
        """A day and a time, to the minute.

        Example:
            >>> Words("de").moment(datetime(2026, 3, 1, 14, 5))
            '1. März 2026, 14:05 Uhr'
        """
        month = self("months").split()[when.month - 1]
        return self("moment", day=when.day, month=month, year=when.year, time=f"{when:%H:%M}")

    def counted(self, key: str, count: int, **values: object) -> str:
        """The words of KEY_one or KEY_many, whichever fits a number; that is `count` in them."""
        return self(f"{key}_{'one' if count == 1 else 'many'}", count=count, **values)

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key, with what they name put in."""
        said = _read(self.language).get(key) or _read(FALLBACK)[key]
        return str(said.format(**values))

    def said(self, english: str) -> str:
        """What the window says, looked up by its English words; a line that nobody has translated stays.

        What a line names, between braces in the table, is said in turn: a style, a dye, a reason.

        Example:
            >>> Words("de").said("Favourite: bob"), Words("de").said("72 of 82")
            ('Favorit: Bob', '72 von 82')
        """
        texts = _read(self.language).get("texts", {})
        if "\n" in english:
            return "\n".join(map(self.said, english.split("\n")))
        if "   " in english:  # and its key
            words, key = english.rsplit("   ", 1)
            return f"{self.said(words)}   {self.said(key)}"
        if english in texts:
            return str(texts[english])
        for pattern, translated in _templates(self.language):
            if match := pattern.fullmatch(english):
                return translated.format(
                    **{key: self.said(value) for key, value in match.groupdict().items()}
                )
        return self.named(english)

    def named(self, name: str) -> str:
        """What hair is called: a style, its dye, a step of hair loss, or several of them.

        What a salon's own style book calls a style stays as it is.

        Example:
            >>> Words("de").named("bob, copper"), Words("de").named("grown back to Norwood IV")
            ('Bob, Kupfer', 'nachgewachsen bis Norwood IV, lichter Hinterkopf')
        """
        if " / " in name:
            return " / ".join(map(self.named, name.split(" / ")))
        if name in self._names:
            return self._names[name]
        first, *others = name.split(", ")
        if others and all(other in self._names for other in others):  # its dye, and that it is changed
            return ", ".join((self.named(first), *map(self.named, others)))
        if name.startswith(GROWN):
            return f"{self._names.get(GROWN.strip(), GROWN.strip())} {self.named(name.removeprefix(GROWN))}"
        return name

    def tag(self, tag: str) -> str:
        """A word that styles are found by."""
        return str(_read(self.language).get("tags", {}).get(tag, tag))

    @property
    def _names(self) -> dict[str, str]:
        return _read(self.language).get("names", {})


@cache
def _templates(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Lines with something to put in: how the English one is recognised, and the translation."""
    found = []
    # The one that says most comes first: a shorter one may lie in it.
    for english, translated in sorted(_read(language).get("texts", {}).items(), key=lambda one: -len(one[0])):
        parts = re.split(r"\{(\w+)\}", english)
        if len(parts) > 1:
            # Of these only figures are put in; they would take any words for themselves otherwise.
            shapes = {"number": r"\d+", "count": r"\d+"}
            pattern = "".join(
                f"(?P<{part}>{shapes.get(part, '.+?')})" if place % 2 else re.escape(part)
                for place, part in enumerate(parts)
            )
            found.append((re.compile(pattern), translated))
    return found


@cache
def _read(language: str) -> dict[str, Any]:
    path = FOLDER / f"{language}.toml"
    if not path.is_file():
        return {}
    return tomllib.loads(path.read_text("utf-8"))
