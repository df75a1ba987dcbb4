"""The styles that the mirror ships grown: `shipped.toml`, read and checked."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mirror.core.errors import MirrorError
from train.groom.book import find_groom
from train.groom.colour import find_colour
from train.groom.record import Groom

SHIPPED = Path(__file__).parent / "shipped.toml"


@dataclass(frozen=True)
class Shipped:
    """A style as it is shipped; see `mirror.hair.key_view.Listing`.

    Attributes:
        groom: what is grown, in the colour that it is rendered in.
        name, tags, stand_in, keeps_colour: how it stands in the style book.
    """

    groom: Groom
    name: str
    tags: tuple[str, ...]
    stand_in: str
    keeps_colour: bool = False


def shipped(path: Path = SHIPPED) -> dict[str, Shipped]:
    """The shipped styles by the name of their groom.

    Raises:
        MirrorError: the table is no TOML or says something else; there is no such groom or colour.
    """
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MirrorError(f"{path.name} cannot be read: {error}. Mend that line.") from None
    return {name: _shipped(name, table, path.name) for name, table in read.items()}


def _shipped(name: str, table: dict[str, Any], file: str) -> Shipped:
    wanted = {"name": str, "tags": list, "stand_in": str}
    allowed = wanted | {"colour": str, "keeps_colour": bool}
    wrong = [key for key, kind in wanted.items() if not isinstance(table.get(key), kind)]
    wrong += [key for key in table if key not in allowed or not isinstance(table[key], allowed[key])]
    if wrong:
        raise MirrorError(
            f"{file}: {wrong[0]} of {name} is missing, unknown or of the wrong kind. Expected name, tags and "
            f"stand_in, and perhaps colour and keeps_colour."
        )
    groom = find_groom(name)
    if "colour" in table:
        find_colour(table["colour"])
        groom = dataclasses.replace(groom, colour=table["colour"])
    return Shipped(
        groom, table["name"], tuple(table["tags"]), table["stand_in"], table.get("keeps_colour", False)
    )
