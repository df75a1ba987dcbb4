"""A salon's shade chart: a TOML file of its own shades.

    replace = true           # in place of the mirror's own; else, or without this line, beside them

    [[shades]]
    name = "Caramel 7/34"
    swatch = "#a5713e"       # the colour on a screen (sRGB), or its CIE Lab: [52.4, 16.2, 36.9]
    level = 7                # 1 (black) to 10 (lightest blond)
    spread = 14              # how strongly strands stand out (standard deviation of L*); else the level's

Every line is checked; one that does not fit is named.
"""

from __future__ import annotations

import logging
import math
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.files.reading import read_ordinary
from mirror.hair.styles.natural_range import LEVELS
from mirror.hair.styles.shade import NONE, Dye
from mirror.hair.styles.shade_names import Chart, plain, use_chart

log = logging.getLogger(__name__)

LARGEST_FILE = 1 << 20  # bytes: what is larger is no chart
MOST_SHADES = 420  # six pages of the grid; the charts of large makers have 100 to 150
LONGEST_NAME = 40  # characters: more would not be read beside a swatch
SPREADS = (2.0, 30.0)  # L*: less is a flat film, more is spots; the mirror's own have 7 to 16
LIGHTS = (3.0, 95.0)  # L*: hair is never quite black or white, and shades are relative to it
_KEYS = ("name", "swatch", "level", "spread")
_MARKS = ":+,"  # what patterns are written with, see `mirror.hair.styles.dye_pattern`


def use_shades(path: Path | None, packed: Sequence[Chart] = ()) -> Chart:
    """Reads a chart and shows its shades from now on; None: there is none.

    Args:
        packed: charts of style packs, which come after it. Of two shades of one name the first is shown, and
            the other said in a warning.

    Raises:
        MirrorError: as `read_chart`.
    """
    charts = [*([] if path is None else [read_chart(path)]), *packed]
    shades: dict[str, Dye] = {}
    for shade in (shade for chart in charts for shade in chart.shades):
        if shades.setdefault(plain(shade.name), shade) is not shade:
            log.warning("There are two shades called %r: that of a style pack is left out.", shade.name)
    chart = Chart(tuple(shades.values())[:MOST_SHADES], any(chart.replace for chart in charts))
    use_chart(chart)
    return chart


def read_chart(path: Path) -> Chart:
    """The shades of a file, by level and within it as they are written.

    Raises:
        MirrorError: the file cannot be read or is not TOML, or an entry does not fit: one line that says
            which, and what does.
    """
    try:
        data = read_ordinary(path, LARGEST_FILE)
    except FileNotFoundError:
        raise MirrorError(f"There is no shade chart {path}. Give another one, or take shades away.") from None
    except OSError as error:
        raise MirrorError(f"The shade chart {path} cannot be read ({error.strerror}).") from None
    return chart_of(data, path)


def chart_of(data: bytes, path: Path) -> Chart:
    """The shades that the bytes of such a file are.

    Args:
        path: what to call it in an error.

    Raises:
        MirrorError: as `read_chart`.
    """
    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise MirrorError(f"The shade chart {path} is not UTF-8. Save the file as UTF-8.") from None
    except (ValueError, RecursionError) as error:
        raise MirrorError(f"The shade chart {path} is not TOML ({str(error)[:120]}).") from None
    for key in found:
        if key not in ("replace", "shades"):
            raise MirrorError(f"{path}: {_shown(key)} is not known here. Valid: replace, and [[shades]].")
    replace = found.get("replace", False)
    if not isinstance(replace, bool):
        raise MirrorError(f"{path}: replace = {_shown(replace)} does not fit. Give true or false.")
    entries = found.get("shades", [])
    if not isinstance(entries, list) or not entries or not all(isinstance(one, dict) for one in entries):
        raise MirrorError(f"{path} has no shades. Write [[shades]] on a line, and name and swatch below it.")
    if len(entries) > MOST_SHADES:
        raise MirrorError(f"{path} has {len(entries)} shades. Give {MOST_SHADES} at most.")
    shades = [_Entry(path, number, entry).shade() for number, entry in enumerate(entries, 1)]
    first: dict[str, int] = {}
    for number, (_, shade) in enumerate(shades, 1):
        if first.setdefault(plain(shade.name), number) != number:
            raise MirrorError(
                f"{path}, shade {number}: there is a {_shown(shade.name)} already, shade "
                f"{first[plain(shade.name)]}. Give each a name of its own."
            )
    return Chart(tuple(shade for _, shade in sorted(shades, key=lambda one: one[0])), replace)


class _Entry:
    """One shade of the file, which says of itself what does not fit."""

    def __init__(self, path: Path, number: int, entry: dict[str, Any]) -> None:
        self._entry = entry
        name = entry.get("name")
        self._where = f"{path}, shade {number}" + (f" ({_shown(name)})" if isinstance(name, str) else "")

    def shade(self) -> tuple[int, Dye]:
        """Its level, and the shade."""
        for key in self._entry:
            if key not in _KEYS:
                raise MirrorError(f"{self._where}: {_shown(key)} is not known. Valid: {', '.join(_KEYS)}.")
        name = self._name()
        light, a, b = self._lab()
        level = self._level(light)
        spread = self._entry.get("spread", LEVELS[level - 1].spread)
        if not _is_number(spread) or not SPREADS[0] <= spread <= SPREADS[1]:
            low, high = SPREADS
            raise self._wrong("spread", f"a number from {low:g} to {high:g}, for example 13")
        return level, Dye(name, light, a, b, float(spread))

    def _name(self) -> str:
        name = self._entry.get("name")
        fits = isinstance(name, str) and 0 < len(name.strip()) <= LONGEST_NAME and name.isprintable()
        if not fits or plain(str(name)) == NONE or any(mark in str(name) for mark in _MARKS):
            raise self._wrong(
                "name",
                f"a text of 1 to {LONGEST_NAME} characters in quotes, without colon, comma and plus, other "
                f'than "{NONE}"',
            )
        return " ".join(str(name).split())

    def _lab(self) -> tuple[float, float, float]:
        expected = (
            f'a colour as "#a5713e", or its Lab as [52.4, 16.2, 36.9]: L* {LIGHTS[0]:g} to {LIGHTS[1]:g}, '
            "a* and b* -100 to 100"
        )
        swatch = self._entry.get("swatch")
        if isinstance(swatch, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", swatch):
            rgb = np.frombuffer(bytes.fromhex(swatch[1:]), np.uint8).astype(np.float32) / 255
            lab = [round(float(value), 2) for value in cv2.cvtColor(rgb[None, None], cv2.COLOR_RGB2Lab)[0, 0]]
        elif isinstance(swatch, list) and len(swatch) == 3 and all(map(_is_number, swatch)):
            lab = [float(value) for value in swatch]
        else:
            raise self._wrong("swatch", expected)
        light, a, b = lab
        if isinstance(swatch, str):  # black and white are swatches, too
            light = min(max(light, LIGHTS[0]), LIGHTS[1])
        if not LIGHTS[0] <= light <= LIGHTS[1] or max(abs(a), abs(b)) > 100:
            raise self._wrong("swatch", expected)
        return light, a, b

    def _level(self, light: float) -> int:
        """The level it says, else the one that is as light."""
        nearest = min(range(len(LEVELS)), key=lambda at: abs(LEVELS[at].light - light)) + 1
        level = self._entry.get("level", nearest)
        if type(level) is not int or not 1 <= level <= len(LEVELS):
            raise self._wrong("level", f"a whole number from 1 (black) to {len(LEVELS)} (lightest blond)")
        return level

    def _wrong(self, key: str, expected: str) -> MirrorError:
        if key not in self._entry:
            return MirrorError(f"{self._where} has no {key}. Give {expected}.")
        return MirrorError(
            f"{self._where}: {key} = {_shown(self._entry[key])} does not fit. Give {expected}."
        )


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < 1e6 and math.isfinite(value)


def _shown(value: Any) -> str:
    """A value as one short piece of a line."""
    said = f'"{value}"' if isinstance(value, str) else str(value) if _short(value) else type(value).__name__
    said = said if said.isprintable() else ascii(said)
    return said if len(said) <= 80 else f"{said[:77]}..."


def _short(value: Any) -> bool:
    # Python refuses to print whole numbers of thousands of digits.
    if isinstance(value, list):
        return len(value) <= 6 and all(map(_short, value))
    return isinstance(value, bool) or _is_number(value) or isinstance(value, str)
