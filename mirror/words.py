"""Words: what window and kiosk say, in the person's language. One TOML file a language, the same keys."""

from __future__ import annotations

import locale
import os
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

    def named(self, name: str) -> str:
        """What hair is called: a style, its dye, a step of hair loss, or several of them.

        What a salon's own style book calls a style stays as it is.

        Example:
            >>> Words("de").named("bob, copper"), Words("de").named("grown back to Norwood IV")
            ('Bob, Kupfer', 'nachgewachsen bis Norwood IV, lichter Hinterkopf')
        """
        for between in (" / ", ", "):
            if between in name:
                return between.join(self.named(part) for part in name.split(between))
        if name.startswith(GROWN):
            return f"{self._from('names', GROWN.strip())} {self.named(name.removeprefix(GROWN))}"
        return self._from("names", name)

    def tag(self, tag: str) -> str:
        """A word that styles are found by."""
        return self._from("tags", tag)

    def _from(self, table: str, word: str) -> str:
        return str(_read(self.language).get(table, {}).get(word, word))


@cache
def _read(language: str) -> dict[str, Any]:
    path = FOLDER / f"{language}.toml"
    if not path.is_file():
        return {}
    return tomllib.loads(path.read_text("utf-8"))
