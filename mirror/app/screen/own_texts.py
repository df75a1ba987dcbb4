"""Own texts: a salon's words, shades and captions, once every letter can be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mirror.app.screen.typeface import lacking
from mirror.core.errors import MirrorError
from mirror.hair.styles.shade_names import chart_shades
from mirror.settings.own_texts import read_own_texts
from mirror.translation.catalogue import override

if TYPE_CHECKING:
    from mirror.hair.packs.pack import Pack


def use_own_texts(path: Path | None) -> None:
    """Reads, checks and uses them; None: the mirror's own.

    Raises:
        MirrorError: as `read_own_texts`, or a letter has no shape in the typeface.
    """
    own = {} if path is None else read_own_texts(path)
    for said in _texts(own):
        _check(path, said)
    override(own)


def check_shades(path: Path | None) -> None:
    """Makes sure that the names of a salon's shades, which are in use by now, can be drawn.

    Args:
        path: where they came from; None: from style packs, if there are any.

    Raises:
        MirrorError: a letter has no shape in the typeface.
    """
    for shade in chart_shades():
        _check(path or "The shades of a style pack", shade.name)


def check_packs(packs: Iterable[Pack]) -> None:
    """Makes sure that the names and tags of style packs can be drawn; those of their shades `check_shades`.

    Raises:
        MirrorError: a letter has no shape in the typeface.
    """
    for pack in packs:
        entries = [one for style in pack.styles for one in style.listing.entries]
        for said in (pack.name, *(word for one in entries for word in (one.name, *one.tags))):
            _check(pack.path, said)


def check_captions(path: Path, captions: Iterable[str]) -> None:
    """Makes sure that what a tour says can be drawn.

    Raises:
        MirrorError: a letter has no shape in the typeface.
    """
    for caption in captions:
        _check(path, caption)


def _check(path: Path | str | None, said: str) -> None:
    if missing := lacking(said):
        raise MirrorError(
            f"{path}: the typeface has no shape for {missing[:8]!r} in {said[:60]!r}. It has Latin, "
            "Arabic and Japanese letters."
        )


def _texts(table: dict[str, Any]) -> Iterator[str]:
    for value in table.values():
        yield from _texts(value) if isinstance(value, dict) else [str(value)]
