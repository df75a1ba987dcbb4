"""A style pack: what a salon or a brand gives a mirror, once all of it was looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mirror.core.errors import MirrorError
from mirror.files.file_part import FilePart
from mirror.hair.key_view import GrownStyle, Listing
from mirror.hair.packs.logo import logo_of
from mirror.hair.packs.portrait import portrait_of
from mirror.hair.packs.sealed_file import AGAIN, LONGEST_NAME, Part, open_sealed
from mirror.hair.style_file import style_of
from mirror.hair.styles.shade_chart import chart_of
from mirror.hair.styles.shade_names import Chart

MOST_PIXELS = 1280 * 1024  # of a view: twice the side of those that ship
MOST_TAGS = 20
_MARKS = ",/:+"  # what names of several things are put together with
_TAKEN = ("random", "none")  # what a person says in place of a style


@dataclass(frozen=True, slots=True, eq=False)
class PackStyle:
    """A style of a pack.

    Attributes:
        listing: how it stands in the style book. data: where its file lies in the pack.
        replaces: whether it may take the place of the mirror's own of its name.
    """

    listing: Listing
    data: FilePart
    replaces: bool


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """All of a pack.

    Attributes:
        path: of its file. name: of who made it. made: the day, as 2026-11-25.
        key: public, of who signed it: 32 bytes.
        styles: in order. chart: its shades; None: none.
        logo: uint8 (H, W, 4) RGB and alpha; None: none.
        portraits: by the name of a style, the picture of somebody who wears it, see
            `mirror.hair.packs.portrait`.
    """

    path: Path
    name: str
    made: str
    key: bytes
    styles: tuple[PackStyle, ...]
    chart: Chart | None
    logo: np.ndarray | None
    portraits: dict[str, FilePart]


def read_pack(path: Path, trusted: Collection[bytes] | None) -> Pack:
    """Reads and checks a pack. Of its styles only what the style book needs stays in memory.

    Args:
        trusted: as `mirror.hair.packs.sealed_file.open_sealed`.

    Raises:
        MirrorError: it is missing, too large, not signed or by nobody who is trusted, changed, damaged, or
            holds what does not fit: one line that says which, and what to do.
    """
    sealed = open_sealed(path, trusted)
    styles: list[PackStyle] = []
    portraits: dict[str, FilePart] = {}
    chart: Chart | None = None
    logo: np.ndarray | None = None
    try:
        for part in sealed.parts:
            data = part.data.read()
            if part.kind == "style":
                styles.append(_style(part, data, f"Style {len(styles) + 1} of the style pack {path}"))
            elif part.kind == "portrait":
                portrait_of(data)
                portraits[part.name] = part.data
            elif part.kind == "chart":
                chart = chart_of(data, path)
            else:
                logo = logo_of(data)
        check_names([style.listing for style in styles])
        if not styles and chart is None and logo is None:
            raise ValueError("there is nothing in it")
    except OSError as error:
        raise MirrorError(f"The style pack {path} cannot be read ({error.strerror}). {AGAIN}") from None
    except ValueError as error:
        raise MirrorError(f"The style pack {path} is not as it should be: {error}. {AGAIN}") from None
    return Pack(path, sealed.name, sealed.made, sealed.key, tuple(styles), chart, logo, portraits)


def style_in(part: FilePart) -> GrownStyle:
    """The style that lies in a pack.

    Raises:
        MirrorError: the pack was changed or taken away since it was checked.
    """
    try:
        data = part.read()
    except OSError as error:
        raise MirrorError(f"The style pack {part.path} cannot be read ({error.strerror}). {AGAIN}") from None
    return style_of(data, f"A style of the style pack {part.path}", AGAIN)


def name_key(name: str) -> str:
    """What two names of styles have in common that a person would take for one.

    Example:
        >>> name_key("Side-Part") == name_key("side part")
        True
    """
    return " ".join(name.replace("-", " ").replace("_", " ").casefold().split())


def check_names(listings: Sequence[Listing]) -> None:
    """Makes sure that styles can be told apart, asked for by their names, and drawn beside a picture.

    Raises:
        ValueError: a name or a tag does not fit, in few words.
    """
    seen: set[str] = set()
    for one in (one for listing in listings for one in listing.entries):
        if len(one.name) > LONGEST_NAME or one.name != " ".join(one.name.split()):
            raise ValueError(
                f"the name {one.name[:60]!r} is longer than {LONGEST_NAME} characters, or spaced out"
            )
        if any(mark in one.name for mark in _MARKS) or one.name.isdecimal() or name_key(one.name) in _TAKEN:
            raise ValueError(
                f"the name {one.name!r} could be taken for something else. Names have no comma, slash, "
                f"colon or plus, are no number, and not {' or '.join(_TAKEN)}"
            )
        if name_key(one.name) in seen:
            raise ValueError(f"two of its styles are called {one.name!r}")
        seen.add(name_key(one.name))
        if not one.tags or len(one.tags) > MOST_TAGS or any(len(tag) > LONGEST_NAME for tag in one.tags):
            raise ValueError(
                f"{one.name!r} has {len(one.tags)} tags, not 1 to {MOST_TAGS} of {LONGEST_NAME} characters "
                "at most"
            )


def _style(part: Part, data: bytes, where: str) -> PackStyle:
    style = style_of(
        data, where, AGAIN
    )  # as a whole: what does not fit is known now, and not when it is worn
    if style.size[0] * style.size[1] > MOST_PIXELS:
        raise ValueError(f"{style.listing.name!r} has larger views than are worn")
    return PackStyle(style.listing, part.data, part.replaces)
