"""Tablet's book: what a stylist's tablet can choose from: styles, filters, shades, and how two are laid.

All go by their names in it: each tablet says them in its own language.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from mirror.app.screen.panels.dye_palette import graded, rgb_of
from mirror.app.screen.panels.pattern_kinds import ONE, ROW
from mirror.app.screen.panels.shade_grid import NAMED, RANGE, pages
from mirror.app.screen.panels.shade_places import COLUMNS as TONES_ACROSS
from mirror.core.errors import MirrorError
from mirror.hair.styles.dye import NONE, Dye, find
from mirror.hair.styles.dye_pattern import PatternedDye
from mirror.hair.styles.groups import GROUPS, group_of
from mirror.hair.styles.natural_range import TONES
from mirror.hair.styles.style_filter import ALL, StyleFilter
from mirror.hair.styles.traits import TRAITS

TILE, COLUMNS = 128, 10  # pixels of a thumbnail, as the style book has them; in a row
_PAGES: dict[str, str] = {RANGE: "range", NAMED: "named"}
Styles = Sequence[tuple[str, np.ndarray]]  # name, uint8 (h, w, 3) RGB


def book_of(styles: Styles, tags: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    """All of it, to be sent as JSON; `tags` of every style."""
    numbers: dict[str, list[int]] = {group: [] for group in GROUPS}
    for number, tagged in enumerate(tags):
        numbers[group_of(tagged)].append(number)
    shown = pages()
    names = dict.fromkeys((*graded(), *(name for _, row in shown for name in row)))
    return {
        "names": [name for name, _ in styles],
        "columns": COLUMNS,
        "groups": [[group, found] for group, found in numbers.items() if found],
        "dyes": [[name, _colour(find(name))] for name in names],
        "pages": [[_PAGES.get(title, "salon"), list(row)] for title, row in shown],
        "tones": [f"/{tone.digit}" for tone in TONES],
        "across": TONES_ACROSS,
        "kinds": list(ROW),
        "filters": [[kind, list(values)] for kind, values in TRAITS.items()],
    }


def tiles_of(styles: Styles) -> np.ndarray:
    """All thumbnails, `COLUMNS` in a row: uint8 (H, W, 3) RGB."""
    rows = max(1, -(-len(styles) // COLUMNS))
    sheet = np.zeros((rows * TILE, COLUMNS * TILE, 3), np.uint8)
    for number, (_, picture) in enumerate(styles):
        row, column = divmod(number, COLUMNS)
        tile = cv2.resize(picture, (TILE, TILE), interpolation=cv2.INTER_AREA)
        sheet[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE] = tile
    return sheet


def shade_asked(name: str) -> str | None:
    """The shade, or pattern of two, that a tablet may ask for, as it is written; None: it is not offered."""
    try:
        dye = find(name)
    except MirrorError:
        return None
    offered = {NONE, *graded(), *(one for _, names in pages() for one in names)}
    parts = (dye.first, dye.second) if isinstance(dye, PatternedDye) else (dye,)
    if any((NONE if one is None else one.name) not in offered for one in parts):
        return None
    return NONE if dye is None else dye.name


def pattern_of(name: str) -> tuple[str, list[str]]:
    """How the worn shades are laid, a name of `ROW`, and which they are."""
    dye = find(name)
    if not isinstance(dye, PatternedDye):
        return ONE, [name]
    return dye.kind, [NONE if one is None else one.name for one in (dye.first, dye.second)]


def filter_asked(said: str | None, now: StyleFilter) -> StyleFilter | None:
    """A filter with one thing more or less: "length:long", "length:"; None for all; None back: no such.

    Example:
        >>> filter_asked("length:long", StyleFilter(people="men"))
        StyleFilter(people='men', length='long', texture=None, occasion=None, loss=None)
    """
    if said is None:
        return ALL
    kind, _, value = said.partition(":")
    if kind not in TRAITS or (value and value not in TRAITS[kind]):
        return None
    there = now.of(kind)
    if value == (there or ""):
        return now
    return now.switched(kind, value or str(there))


def _colour(dye: Dye | None) -> str | None:
    return None if dye is None else "#" + bytes(rgb_of(dye)).hex()
