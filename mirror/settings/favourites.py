"""Favourites: names of styles that a person marked, in a small file beside their settings."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from mirror.core.errors import MirrorError
from mirror.files.reading import read_ordinary
from mirror.files.writing import write_whole

LARGEST_FILE = 1 << 16  # bytes: what is larger is no list of favourites


def default_path() -> Path:
    """favourites.txt in this person's configuration folder; it need not exist."""
    return platformdirs.user_config_path("hair-mirror", appauthor=False) / "favourites.txt"


def read_favourites(path: Path) -> tuple[str, ...]:
    """The names in the file, one a line, in order and each once; none where there is no file.

    Raises:
        MirrorError: the file cannot be read or is not a list of names.
    """
    advice = "Favourites begin anew; the next one replaces the file."
    try:
        data = read_ordinary(path, LARGEST_FILE)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise MirrorError(f"The favourites {path} cannot be read ({error.strerror}). {advice}") from None
    try:
        lines = [line.strip() for line in data.decode("utf-8-sig").splitlines()]
        if not all(line.isprintable() and len(line) <= 200 for line in lines):
            raise ValueError
    except ValueError:
        raise MirrorError(f"The favourites {path} are damaged. {advice}") from None
    return tuple(dict.fromkeys(line for line in lines if line))


def write_favourites(names: tuple[str, ...], path: Path) -> None:
    """Writes the file, whole or not at all; missing folders are made.

    Raises:
        MirrorError: it cannot be written.
    """
    write_whole(path, "".join(f"{name}\n" for name in names), f"The list of favourites {path}")
