"""The styles that we groom: TOML tables read into checked records.

A style may be another with changes: `like = "bob"` takes that style's tables and lays its own over them,
value by value; a list (clumps, curls, gathered) replaces the other's list; `fringe = false` takes a part
away. A style's group is its file's name, up to a low line: `short.toml`, `short_crops.toml`.
"""

from __future__ import annotations

import difflib
import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mirror.core.errors import MirrorError
from train.groom.knobs import build
from train.groom.loss import with_loss
from train.groom.record import GROUPS, Groom

STYLES_FOLDER = Path(__file__).parent / "styles"


@functools.cache
def read_book(folder: Path = STYLES_FOLDER) -> dict[str, Groom]:
    """All styles by name, in the order of the files and of the tables in them.

    Raises:
        MirrorError: a file that is no TOML, a name given twice, an unknown parent, a value out of range.
    """
    tables: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            read = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise MirrorError(f"{path.name} is not TOML: {error}. Mend that line.") from None
        for name, table in read.items():
            if name in tables:
                raise MirrorError(f"{path.name}: the style {name!r} is there twice. Rename one.")
            tables[name] = {"group": path.stem.partition("_")[0], **table}
    return {name: make(name, tables) for name in tables}


def make(name: str, tables: Mapping[str, Mapping[str, Any]]) -> Groom:
    """One style of the tables, with what it has from others."""
    values = _inherited(name, tables, ())
    groom = build(Groom, {**values, "name": name}, f"groom {name!r}")
    if groom.group not in GROUPS:
        raise MirrorError(f"groom {name!r}: group is {groom.group!r}; expected one of {', '.join(GROUPS)}.")
    return with_loss(groom, groom.loss) if groom.loss else groom


def find_groom(name: str) -> Groom:
    """A style by name.

    Raises:
        MirrorError: there is none; names the closest ones.
    """
    book = read_book()
    if name not in book:
        close = difflib.get_close_matches(name, book, 4, 0.3)
        hint = f"Closest: {', '.join(close)}." if close else "`python -m train groom list` lists them."
        raise MirrorError(f"There is no groom {name!r}. {hint}")
    return book[name]


def _inherited(name: str, tables: Mapping[str, Mapping[str, Any]], heirs: tuple[str, ...]) -> dict[str, Any]:
    own = dict(tables[name])
    parent = own.pop("like", None)
    if parent is None:
        return {key: value for key, value in own.items() if value is not False}
    if parent in (name, *heirs) or parent not in tables:
        what = "goes round in a circle" if parent in tables else "is not there"
        raise MirrorError(f"groom {name!r}: like = {parent!r} {what}. Known: {', '.join(sorted(tables))}.")
    return _laid_over(_inherited(parent, tables, (*heirs, name)), own)


def _laid_over(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(values)
    for key, value in changes.items():
        if value is False:
            out.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(out.get(key), Mapping):
            out[key] = _laid_over(out[key], value)
        else:
            out[key] = value
    return out
