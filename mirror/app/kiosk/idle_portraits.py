"""Idle portraits: what the idle screen shows. The salon's choice, else its packs', else a mix of all.

Everybody in them is the portrait that ships (NASA, public domain), never a visitor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

import numpy as np

from mirror.core.errors import MirrorError
from mirror.files.file_part import FilePart
from mirror.files.reading import read_ordinary
from mirror.hair.packs.in_use import portrait_in
from mirror.hair.packs.pack import Pack
from mirror.hair.packs.portrait import FOLDER, PORTRAIT_BYTES, portrait_of
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.code import Style
from mirror.hair.styles.groups import group_of

MIX = 18  # of the book: at eight seconds each some two and a half minutes until one comes again

_ORDER = ("long", "medium", "short", "up", "braids", "colours", "more")  # groups; none that shows hair loss


@dataclass(frozen=True, slots=True)
class Portrait:
    """A picture of a style.

    Attributes:
        name: of the style. where: a file, or a part of a style pack.
    """

    name: str
    where: Path | FilePart

    def read(self) -> np.ndarray:
        """uint8 (720, 640, 3) RGB. Raises OSError or ValueError where it is there no more, or damaged."""
        part = self.where
        return portrait_of(part.read() if isinstance(part, FilePart) else read_ordinary(part, PORTRAIT_BYTES))


def idle_portraits(
    book: StyleBook, packs: Sequence[Pack], chosen: Sequence[str], engines: Path
) -> tuple[Portrait, ...]:
    """The portraits in the order in which they are shown; () where there are none at all.

    Args:
        chosen: names or numbers of styles, by the salon; () for none.
        engines: folder of the networks, which holds the portraits of the mirror's own styles.

    Raises:
        MirrorError: the book has no such style, or there is no portrait of it.
    """
    all_of_them = {style.name: found for style in book.styles if (found := _of(style, packs, engines))}
    if chosen:
        return tuple(_wanted(book.find(name), all_of_them) for name in chosen)
    own = [style.name for style in book.styles if isinstance(style.grown, FilePart)]
    if packed := tuple(all_of_them[name] for name in own if name in all_of_them):
        return packed
    return tuple(all_of_them[name] for name in _mixed(book, all_of_them))


def _of(style: Style, packs: Sequence[Pack], engines: Path) -> Portrait | None:
    if isinstance(style.grown, FilePart):
        part = portrait_in(packs, style)
        return None if part is None else Portrait(style.name, part)
    path = engines / FOLDER / f"{style.name}.webp"
    return Portrait(style.name, path) if style.grown is not None and path.is_file() else None


def _wanted(style: Style, there: dict[str, Portrait]) -> Portrait:
    if style.name not in there:
        why = "shows hair loss" if style.code.hair_loss else "is of a pack without portraits"
        raise MirrorError(
            f"[show] names the style '{style.name}', of which there is no portrait: it "
            f"{why if style.grown is not None else 'is painted, not grown'}. Give others; --list-styles "
            "shows all, and python -m mirror.app.packs make makes portraits of a pack's own."
        )
    return there[style.name]


def _mixed(book: StyleBook, there: dict[str, Portrait]) -> list[str]:
    """Some of each group, far apart in it, and one group after the other."""
    groups = [[style.name for style in book.styles if style.name in there and group_of(style.tags) == group]
              for group in _ORDER]  # fmt: skip
    most = -(-MIX // max(1, sum(map(bool, groups))))
    spread = [[group[at * len(group) // most] for at in range(min(most, len(group)))] for group in groups]
    rounds = chain.from_iterable(zip_longest(*spread))
    return list(dict.fromkeys(name for name in rounds if name is not None))[:MIX]
