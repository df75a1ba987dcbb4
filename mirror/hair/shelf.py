"""Shelf: the folder of grown styles; each is read when it is first worn."""

from __future__ import annotations

import difflib
from functools import lru_cache
from pathlib import Path

from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.hair.key_view import GrownStyle
from mirror.hair.style_file import SUFFIX, read_style

PREFIX = "grown:"
FOLDER = ENGINES_FOLDER / "grown"
KEPT = 8  # files, half a megabyte each


def is_grown(wanted: str) -> bool:
    """Whether a style as a person wrote it asks for a grown one: "grown:side_part"."""
    return wanted.strip().lower().startswith(PREFIX)


def grown_names(folder: Path = FOLDER) -> list[str]:
    """The names of the grown styles, in order; none where there is no such folder."""
    return sorted(path.stem for path in folder.glob(f"*{SUFFIX}"))


def open_grown(wanted: str, folder: Path = FOLDER) -> GrownStyle:
    """The grown style of a name, with or without the prefix.

    Raises:
        MirrorError: there is none; the closest are named. Its file is damaged.
    """
    name = "_".join(wanted.strip().lower().removeprefix(PREFIX).replace("-", " ").split())
    names = grown_names(folder)
    if name not in names:
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names
        listed = ", ".join(PREFIX + one for one in near) or "none, for the folder is empty"
        raise MirrorError(f"There is no grown style '{name}'. There are: {listed}.")
    path = folder / f"{name}{SUFFIX}"
    try:
        written = path.stat().st_mtime_ns
    except OSError:
        written = 0
    return _read(path, written)


@lru_cache(KEPT)
def _read(path: Path, written: int) -> GrownStyle:
    """A file is read, checked and kept once, as long as it is not written anew."""
    return read_style(path)
