"""A salon's own words: a TOML file of its own that says some texts in another way.

    [de]
    touch = "Komm näher, berühr mich"
    [de.names]
    "bob" = "Der Klassiker"
    [de.texts]
    "Surprise me" = "Überrasch mich"

The keys are those of the files in `mirror/translation/languages`. Every line is checked; what it does not
name is said as before.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from mirror.core.errors import MirrorError
from mirror.files.reading import read_ordinary
from mirror.settings.options import did_you_mean, shown
from mirror.settings.settings_file import LARGEST_FILE
from mirror.translation.catalogue import FALLBACK, TABLES, languages, placeholders, texts_of
from mirror.translation.plural import categories

FIXED = ("language", "direction", "digits", "decimal", "comma")  # what a language is, not what is said in it


def read_own_texts(path: Path) -> dict[str, dict[str, Any]]:
    """The words by language, for `mirror.translation.catalogue.override`.

    Raises:
        MirrorError: the file cannot be read or is not TOML; a language, a key, a placeholder or a form of a
            number does not fit. One line that says where, and what does.
    """
    try:
        text = read_ordinary(path, LARGEST_FILE).decode("utf-8-sig")
    except FileNotFoundError:
        raise MirrorError(
            f"There is no file of own texts {path}. Give another one, or take texts away."
        ) from None
    except OSError as error:
        raise MirrorError(f"The own texts {path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise MirrorError(f"The own texts {path} are not UTF-8. Save the file as UTF-8.") from None
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise MirrorError(f"The own texts {path} are not TOML ({str(error)[:120]}).") from None
    for language, own in found.items():
        if language not in languages() or not isinstance(own, dict):
            known = ", ".join(languages())
            raise MirrorError(
                f"{path}: {shown(language)} is no language here. Write [CODE] with one of: {known}."
            )
        for key, value in own.items():
            if key in TABLES and isinstance(value, dict):
                for inner, said in value.items():
                    _check(Entry(path, text, language, inner, key), said)
            else:
                _check(Entry(path, text, language, key), value)
    return found


class Entry:
    """One text of the file: where it stands, and what it is to be checked against."""

    def __init__(self, path: Path, text: str, language: str, key: str, table: str = "") -> None:
        self.language, self.key, self.table = language, key, table
        self._where = f"{path}, line {_line_of(text, key)}"

    def wrong(self, what: str) -> MirrorError:
        """The error that names its line."""
        return MirrorError(f"{self._where}: {what}")


def _check(entry: Entry, said: Any) -> None:
    words = texts_of(FALLBACK)
    known = words.get(entry.table, {}) if entry.table else words
    if entry.table in ("names", "tags"):  # a salon's own book has styles and tags of its own
        english: Any = entry.key if "{what}" in entry.key else ""
    elif entry.key in known and entry.key not in FIXED and entry.key not in TABLES:
        english = known[entry.key]
    else:
        valid = [key for key in known if key not in FIXED and key not in TABLES]
        near = did_you_mean(entry.key, valid)
        raise entry.wrong(f"{shown(entry.key)} is no text.{near} The keys are those of {FALLBACK}.toml.")
    forms = said if isinstance(said, dict) else {"other": said}
    if isinstance(english, dict):
        needed = categories(entry.language)
        if not isinstance(said, dict) or set(forms) != set(needed):
            raise entry.wrong(f"a text about a number has forms here. Give each of: {', '.join(needed)}.")
        english = english["other"]
    elif isinstance(said, dict):
        raise entry.wrong(f"{shown(entry.key)} has one form. Give one text in quotes.")
    for form in forms.values():
        if not isinstance(form, str) or not form.strip():
            raise entry.wrong(f"{shown(entry.key)} says nothing. Give a text in quotes.")
        try:
            given = placeholders(form)
        except ValueError:
            raise entry.wrong("a brace stands alone. Write {{ and }} for braces that are seen.") from None
        needed_names = placeholders(english)
        if given - needed_names or (needed_names - given and not isinstance(said, dict)):
            names = ", ".join(f"{{{name}}}" for name in sorted(needed_names)) or "none"
            raise entry.wrong(f"the placeholders do not fit. Valid here: {names}.")
        if entry.key == "months" and len(form.split()) != 12:
            raise entry.wrong(f"{len(form.split())} months. Give twelve words.")


def _line_of(text: str, key: str) -> int:
    """The line, from 1, on which a key stands."""
    start = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
    return next((number for number, line in enumerate(text.splitlines(), 1) if start.match(line)), 1)
