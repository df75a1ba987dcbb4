"""The recipe of a style pack: a TOML file that names what goes in. Paths count from the recipe's own folder.

    name = "Salon Anna"          # of who makes it, up to 40 characters
    shades = "shades.toml"       # a shade chart, see docs/home.md; else, or without this line, none
    logo = "logo.png"            # a picture, made as small as it needs to be; transparent where it is

    [[styles]]
    file = "anna_bob.hair"       # a grown style
    name = "Anna's bob"          # else, or without this line, as the file has it
    tags = ["bob", "straight"]   # the same
    looks = false                # without the same hair in colours of their own; else all of them, or those
                                 # that are named: looks = { "blond bob" = "Anna's blond" }
    replaces = true              # takes the place of the mirror's own of this name; else it stands beside it

Every line is checked; one that does not fit is named.
"""

from __future__ import annotations

import io
import tempfile
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from mirror.core.errors import MirrorError
from mirror.files.reading import read_ordinary
from mirror.files.size_limits import PICTURE_PIXELS
from mirror.hair.key_view import Look
from mirror.hair.packs.logo import SIDES, logo_file
from mirror.hair.packs.sealed_file import LONGEST_NAME, Content
from mirror.hair.style_file import read_style, write_style
from mirror.hair.styles.shade_chart import read_chart
from mirror.settings.options import did_you_mean, shown

_BYTES = 1 << 20
_LOGO_BYTES = 32 << 20
_TOP = ("name", "shades", "logo", "styles")
_KEYS = ("file", "name", "tags", "looks", "replaces")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What goes into a pack.

    Attributes:
        name: of who makes it. contents: its parts, without portraits.
    """

    name: str
    contents: tuple[Content, ...]


def read_recipe(path: Path) -> Recipe:
    """Reads a recipe and all that it names.

    Raises:
        MirrorError: the recipe or a file that it names cannot be read or does not fit; one line.
    """
    try:
        found = tomllib.loads(read_ordinary(path, _BYTES).decode("utf-8-sig"))
    except FileNotFoundError:
        raise MirrorError(f"There is no recipe {path}. Write one, see mirror/app/kiosk/INSTALL.md.") from None
    except OSError as error:
        raise MirrorError(f"The recipe {path} cannot be read ({error.strerror}).") from None
    except (ValueError, RecursionError) as error:
        raise MirrorError(f"The recipe {path} is not TOML ({str(error)[:120]}).") from None
    _known(f"{path}", found, _TOP)
    name = found.get("name")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise MirrorError(f"{path}: name = {shown(name)} does not fit. Give 1 to {LONGEST_NAME} characters.")
    entries = found.get("styles", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise MirrorError(f'{path}: write [[styles]] on a line, and file = "bob.hair" below it.')
    contents = [_style(path, number, entry) for number, entry in enumerate(entries, 1)]
    if (chart := _path(path, found, "shades")) is not None:
        read_chart(chart)
        contents.append(Content("chart", chart.read_bytes()))
    if (logo := _path(path, found, "logo")) is not None:
        contents.append(Content("logo", _logo(logo)))
    if not contents:
        raise MirrorError(f"{path} names nothing that goes into a pack. Give [[styles]], shades or logo.")
    return Recipe(" ".join(name.split()), tuple(contents))


def _style(path: Path, number: int, entry: dict[str, Any]) -> Content:
    where = f"{path}, style {number}"
    _known(where, entry, _KEYS)
    file = _path(path, entry, "file")
    if file is None:
        raise MirrorError(f"{where} has no file. Give the path of a .hair file.")
    style = read_style(file)
    name, tags = entry.get("name", style.listing.name), entry.get("tags", list(style.listing.tags))
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise MirrorError(f"{where}: name = {shown(name)} does not fit. Give a text in quotes.")
    if not isinstance(tags, list) or not all(isinstance(one, str) and one.isprintable() for one in tags):
        raise MirrorError(f'{where}: tags = {shown(tags)} does not fit. Give words in a list, as ["short"].')
    replaces = entry.get("replaces", False)
    if not isinstance(replaces, bool):
        raise MirrorError(f"{where}: replaces = {shown(replaces)} does not fit. Give true or false.")
    looks = _looks(where, style.listing.looks, entry.get("looks", True))
    listing = replace(style.listing, name=name, tags=tuple(tags), looks=looks)
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "style.hair"
        write_style(replace(style, listing=listing), written)
        return Content("style", written.read_bytes(), replaces=replaces)


def _looks(where: str, looks: tuple[Look, ...], wanted: Any) -> tuple[Look, ...]:
    if isinstance(wanted, bool):
        return looks if wanted else ()
    known = {look.name: look for look in looks}
    if not isinstance(wanted, dict) or not all(
        old in known and isinstance(new, str) and new.strip() and new.isprintable()
        for old, new in wanted.items()
    ):
        names = ", ".join(known) or "none"
        raise MirrorError(
            f"{where}: looks = {shown(wanted)} does not fit. Give true, false, or names and what they are "
            f"called from now on. The file has: {names}."
        )
    return tuple(replace(known[old], name=new) for old, new in wanted.items())


def _logo(path: Path) -> bytes:
    """A logo as packs have it: a plain PNG, no side above 1024 pixels."""
    try:
        with Image.open(
            io.BytesIO(read_ordinary(path, _LOGO_BYTES)), formats=("PNG", "JPEG", "WEBP")
        ) as found:
            if found.width * found.height > PICTURE_PIXELS:
                raise ValueError
            image = found.convert("RGBA")
    except FileNotFoundError:
        raise MirrorError(f"There is no logo {path}. Give another one, or take logo away.") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise MirrorError(
            f"The logo {path} is no picture that can be read. Give a PNG, JPEG or WebP."
        ) from None
    image.thumbnail((SIDES[1], SIDES[1]))
    if min(image.size) < SIDES[0]:
        raise MirrorError(f"The logo {path} is too small. Give {SIDES[0]} pixels a side or more.")
    return logo_file(np.asarray(image))


def _path(path: Path, table: dict[str, Any], key: str) -> Path | None:
    value = table.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise MirrorError(f"{path}: {key} = {shown(value)} does not fit. Give the path of a file in quotes.")
    return path.parent / value


def _known(where: str, table: dict[str, Any], keys: tuple[str, ...]) -> None:
    for key in table:
        if key not in keys:
            raise MirrorError(
                f"{where}: {shown(key)} is not known here.{did_you_mean(key, keys)} Valid: {', '.join(keys)}."
            )
