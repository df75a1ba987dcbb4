"""The settings file: TOML, read with every line checked, written whole and with comments."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import platformdirs

from mirror.core.errors import MirrorError
from mirror.files.reading import read_ordinary
from mirror.files.writing import write_whole
from mirror.settings.key import Key
from mirror.settings.options import KEYS, Given, Settings, check, did_you_mean, shown
from mirror.settings.tables import TABLES

LARGEST_FILE = 1 << 20  # bytes: what is larger is no settings file


def default_path() -> Path:
    """settings.toml in this person's configuration folder; it need not exist."""
    return platformdirs.user_config_path("hair-mirror", appauthor=False) / "settings.toml"


def read_file(path: Path) -> dict[str, Given]:
    """What a settings file says, checked.

    Paths in it may begin with ~; relative ones count from the folder the program is started in,
    as they do in flags.

    Raises:
        MirrorError: the file cannot be read, is not TOML (line and column), or has an unknown key
            or a value that does not fit (line, and what is valid).
    """
    text = _read_text(path)
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise MirrorError(f"{path} is not a settings file: it is nested too deeply.") from None
    except ValueError as error:
        raise MirrorError(_toml_error(path, text, str(error))) from None
    given = {}
    for key, value in table.items():
        where = f"{path}, line {_line_of(text, key)}"
        if key in TABLES and isinstance(value, dict):
            given[key] = _read_table(path, text, key, value)
            continue
        if key in TABLES:
            raise MirrorError(f"{where}: {key} is a table: write [{key}] on a line, and what is in it below.")
        if key not in KEYS:
            home = next((name for name, (_, _, keys) in TABLES.items() if key in keys), None)
            if home is not None:
                raise MirrorError(f"{where}: {key} stands in a table. Write it below a line [{home}].")
            raise MirrorError(
                f"{where}: {shown(key)} is not a setting.{did_you_mean(key, KEYS)} Valid: {', '.join(KEYS)}."
            )
        inside = [name for name in value if name in KEYS] if isinstance(value, dict) else []
        if inside:
            raise MirrorError(
                f"{where}: settings stand in no table. Write {inside[0]} = ... on a line above it, and take "
                f"[{key}] away."
            )
        # A PIN that somebody wrote in as digits is not for every eye on the terminal.
        said = "..." if key == "pin" else shown(value)
        given[key] = check(key, value, f"{where}: {key} = {said}")
    return given


def load_settings(path: Path | None = None) -> Settings:
    """The settings of a file over the defaults; without `path`, of `default_path()` if it exists.

    Raises:
        MirrorError: as `read_file`.
    """
    if path is None and not os.path.lexists(default_path()):
        return Settings()
    given = read_file(path or default_path())
    return Settings(**{key: item.value for key, item in given.items()})


def save_settings(settings: Settings, path: Path) -> None:
    """Writes a commented settings file, whole or not at all; missing folders are made.

    What equals the default is written as a comment, so that a later default can change.

    Raises:
        MirrorError: the file cannot be written.
    """
    lines = ["# Settings of Hair Mirror. Flags win over this file, this file over the defaults.",
             "# A line that begins with # is not read: it shows the default, or an example.", ""]  # fmt: skip
    lines += _lines(settings, KEYS)
    for name, (_, about, keys) in TABLES.items():
        lines += [f"# {about}", f"[{name}]", *_lines(getattr(settings, name), keys)]
    write_whole(path, "\n".join(lines), f"The settings file {path}")


def _read_table(path: Path, text: str, name: str, table: dict[str, Any]) -> Given:
    """What stands in a table of the file, checked: one of the dataclasses of `mirror.settings.tables`."""
    made, _, keys = TABLES[name]
    label = f"{path}, line {_line_of(text, name)}: [{name}]"
    values = {}
    for key, value in table.items():
        where = f"{path}, line {_line_of(text, key, name)}"
        if key not in keys:
            raise MirrorError(
                f"{where}: {shown(key)} is not a setting of [{name}].{did_you_mean(key, keys)} "
                f"Valid: {', '.join(keys)}."
            )
        said = "..." if "password" in key else shown(value)
        values[key] = check(key, value, f"{where}: {key} = {said}", keys).value
    settings = made(**values)
    if settings.problem is not None:
        raise MirrorError(f"{label}: {settings.problem}")
    return Given(settings, label)


def _lines(settings: Any, keys: dict[str, Key]) -> list[str]:
    """The lines of some settings: what equals the default as a comment."""
    lines = []
    for field in dataclasses.fields(settings):
        if field.name not in keys:
            continue
        key, value = keys[field.name], getattr(settings, field.name)
        kept = "# " if value == field.default else ""
        example = key.example if value in (None, ()) else value
        lines += [f"# {key.about}", f"# Give {key.expected}.",
                  f"{kept}{field.name} = {_toml(example)}", ""]  # fmt: skip
    return lines


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple) and all(isinstance(one, str | Path) for one in value):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, tuple):
        value = ("x" if len(value) == 2 else ",").join(map(str, value))
    if isinstance(value, str | Path):
        # JSON's escapes are TOML's, but for the one control character that JSON leaves as it is.
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _read_text(path: Path) -> str:
    advice = "Give another file with --settings, or make one with: python calibrate.py"
    if not os.path.lexists(path):
        raise MirrorError(f"There is no settings file {path}. {advice}")
    try:
        data = read_ordinary(path, LARGEST_FILE)
        return data.decode("utf-8-sig")  # Windows editors put a byte order mark in front
    except OSError as error:
        raise MirrorError(f"The settings file {path} cannot be read ({error.strerror}). {advice}") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MirrorError(f"{path}, line {line}: this is not UTF-8 text. Save the file as UTF-8.") from None


def _toml_error(path: Path, text: str, message: str) -> str:
    place = re.search(r" \(at line (\d+), column (\d+)\)", message)
    if place:
        line, column = int(place[1]), int(place[2])
    else:  # "(at end of document)", or a number too long to read
        rows = text.split("\n")
        line, column = len(rows), len(rows[-1]) + 1
    reason = ascii(re.sub(r" \(at .*\)$", "", message))[1:-1][:120]
    return (
        f"{path}, line {line}, column {column}: this is not TOML ({reason}). "
        'A line reads key = value, with text in quotes, for example: style = "bob"'
    )


def _line_of(text: str, key: str, table: str = "") -> int:
    """The line, from 1, where a top-level key or table begins; or a key within a table, else the table."""
    name = re.escape(key)
    start = re.compile(rf"""\s*\[*\s*(?:{name}|"{name}"|'{name}')\s*[=.\]]""")
    above = _line_of(text, table) if table else 0
    for number, line in enumerate(text.splitlines(), 1):
        if number > above and start.match(line):
            return number
    return above or 1
