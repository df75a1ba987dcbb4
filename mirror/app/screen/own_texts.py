"""Own texts: a salon's words, shades and captions, once every letter can be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mirror.app.screen.typeface import lacking
from mirror.core.errors import MirrorError
from mirror.hair.styles.shade_names import chart_shades
from mirror.settings.own_texts import read_own_texts
from mirror.translation.catalogue import override


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
        path: where they came from; None: there are none.

    Raises:
        MirrorError: a letter has no shape in the typeface.
    """
    for shade in chart_shades():
        _check(path, shade.name)


def check_captions(path: Path, captions: Iterable[str]) -> None:
    """Makes sure that what a tour says can be drawn.

    Raises:
        MirrorError: a letter has no shape in the typeface.
    """
    for caption in captions:
        _check(path, caption)


def _check(path: Path | None, said: str) -> None:
    if missing := lacking(said):
        raise MirrorError(
            f"{path}: the typeface has no shape for {missing[:8]!r} in {said[:60]!r}. It has Latin, "
            "Arabic and Japanese letters."
        )


def _texts(table: dict[str, Any]) -> Iterator[str]:
    for value in table.values():
        yield from _texts(value) if isinstance(value, dict) else [str(value)]
