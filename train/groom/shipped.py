"""The styles that the mirror ships grown: `shipped.toml`, read and checked."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mirror.core.errors import MirrorError
from mirror.hair.style_file import SHADE
from mirror.hair.styles.dye import Dye
from mirror.hair.styles.dye import find as find_dye
from train.groom.book import find_groom
from train.groom.colour import find_colour
from train.groom.record import Groom

SHIPPED = Path(__file__).parent / "shipped.toml"


@dataclass(frozen=True)
class ShippedLook:
    """The same hair in a colour of its own; see `mirror.hair.key_view.Look`."""

    name: str
    tags: tuple[str, ...]
    stand_in: str
    shade: Dye


@dataclass(frozen=True)
class Shipped:
    """A style as it is shipped; see `mirror.hair.key_view.Listing`.

    Attributes:
        groom: what is grown, in the colour that it is rendered in.
        name, tags, stand_in, keeps_colour, looks: how it stands in the style book.
    """

    groom: Groom
    name: str
    tags: tuple[str, ...]
    stand_in: str
    keeps_colour: bool = False
    looks: tuple[ShippedLook, ...] = ()


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
    allowed = wanted | {"colour": str, "keeps_colour": bool, "looks": list}
    wrong = [key for key, kind in wanted.items() if not isinstance(table.get(key), kind)]
    wrong += [key for key in table if key not in allowed or not isinstance(table[key], allowed[key])]
    if wrong:
        raise MirrorError(
            f"{file}: {wrong[0]} of {name} is missing, unknown or of the wrong kind. Expected name, tags and "
            f"stand_in, and perhaps colour, keeps_colour and looks."
        )
    groom = find_groom(name)
    if "colour" in table:
        find_colour(table["colour"])
        groom = dataclasses.replace(groom, colour=table["colour"])
    looks = tuple(_look(name, look, table["stand_in"], file) for look in table.get("looks", []))
    return Shipped(
        groom, table["name"], tuple(table["tags"]), table["stand_in"], table.get("keeps_colour", False), looks
    )


def _look(groom: str, table: Any, stand_in: str, file: str) -> ShippedLook:
    """A look as the table names it; its shade is a dye of the mirror by name, or numbers of one."""
    kinds: dict[str, Any] = {"name": str, "tags": list, "stand_in": str, "shade": (str, dict)}
    table = {"stand_in": stand_in} | table if isinstance(table, dict) else {}
    if set(table) != set(kinds) or not all(isinstance(table[key], kind) for key, kind in kinds.items()):
        raise MirrorError(
            f"{file}: a look of {groom} is {str(table)[:60]}. Expected name, tags and shade, and perhaps "
            f"stand_in."
        )
    shade = table["shade"]
    dye = find_dye(shade) if isinstance(shade, str) else _dye(table["name"], shade)
    if dye is None:
        within = ", ".join(f"{key} {low} to {high}" for key, (low, high) in SHADE.items())
        raise MirrorError(
            f"{file}: the shade of {table['name']} is {str(shade)[:60]}. Expected the name of a dye, or "
            f"numbers of one, the first three at least: {within}."
        )
    return ShippedLook(table["name"], tuple(table["tags"]), table["stand_in"], dye)


def _dye(name: str, numbers: dict[str, Any]) -> Dye | None:
    """A dye of its numbers; None: one is missing, unknown or out of its range."""
    fits = {"light", "a", "b"} <= set(numbers) <= set(SHADE) and all(
        isinstance(value, int | float) and SHADE[key][0] <= value <= SHADE[key][1]
        for key, value in numbers.items()
    )
    return Dye(name, **numbers) if fits else None
