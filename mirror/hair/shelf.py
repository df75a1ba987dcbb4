"""Shelf: grown styles, of a folder and of style packs, which stand in the style book; read when worn."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from mirror.core.errors import MirrorError
from mirror.engines.manifest import open_file
from mirror.files.file_part import FilePart
from mirror.hair.key_view import GrownStyle, Listing, Look
from mirror.hair.packs.in_use import packed, packs_in_use
from mirror.hair.packs.pack import Pack, style_in
from mirror.hair.style_file import AGAIN, SUFFIX, read_listing, read_style
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.code import Style

log = logging.getLogger(__name__)
FOLDER = "grown"  # beside the networks
KEPT = 8  # files, half a megabyte each


def open_book(engines: Path) -> StyleBook:
    """The style book of a folder of networks, with its grown styles and those of the style packs in use; read
    once, as long as no file changes.

    Raises:
        MirrorError: a file is missing or damaged, or names what is not there.
    """
    book, folder = open_file("stylebook", engines), engines / FOLDER
    return _book(
        str(book), str(folder), tuple((str(path), _written(path)) for path in (book, *_files(folder))),
        packs_in_use(),
    )  # fmt: skip


@lru_cache(1)
def _book(book: str, folder: str, files: tuple[tuple[str, int], ...], packs: tuple[Pack, ...]) -> StyleBook:
    """A program asks whether a style is there before its mirror loads; each time all files are checked."""
    return packed(shelved(StyleBook.load(Path(book)), Path(folder)), packs)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def _written(path: Path) -> int:
    """When a file was written, nanoseconds; 0: it is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def shelved(book: StyleBook, folder: Path) -> StyleBook:
    """The book with the grown styles of a folder: in place of painted ones of their name, and as new ones.

    A file that is damaged or does not fit is said in a warning and left out: the others can be worn.

    Args:
        folder: none, or an empty one, leaves the book as it is.
    """
    styles = {style.name: style for style in book.styles}
    for path in _files(folder):
        try:
            listing = _fitting(path, styles)
        except MirrorError as error:
            log.warning("%s It is left out.", error)
            continue
        for one in listing.entries:
            painted = styles.get(one.name)
            before, shade = painted or styles[one.stand_in], one.shade if isinstance(one, Look) else None
            # A painted style of the name has its colour already; a stand-in is painted in the look's.
            code = before.code if painted else before.code.dyed(shade)
            styles[one.name] = replace(
                before, name=one.name, tags=one.tags, code=code, thumbnail=one.thumbnail, grown=path,
                shade=shade,
            )  # fmt: skip
    return StyleBook(list(styles.values()), book.prior_mean, book.prior_factor, book.face_shape, book.axes)


def _fitting(path: Path, styles: Mapping[str, Style]) -> Listing:
    listing = read_listing(path)
    own: set[str] = set()
    for one in listing.entries:
        same = styles.get(one.name)
        if one.name in own or (same is not None and same.grown is not None):
            other = path if same is None or same.grown is None else same.grown
            raise MirrorError(f"Two grown styles are called '{one.name}': {other} and {path}. Take one away.")
        own.add(one.name)
        if one.stand_in not in styles:
            raise MirrorError(
                f"The grown style {path} names '{one.stand_in}' as its stand-in, which the style book does "
                f"not have. {AGAIN}"
            )
    return listing


def grown_of(style: Style) -> GrownStyle | None:
    """What is worn in place of what the painter makes of a style; None: it is painted.

    Raises:
        MirrorError: its file was damaged or taken away since the program started.
    """
    if style.grown is None:
        return None
    if isinstance(style.grown, FilePart):
        return _read_packed(style.grown)
    return _read(str(style.grown), _written(style.grown))


@lru_cache(KEPT)
def _read_packed(part: FilePart) -> GrownStyle:
    """The same of a style pack, whose signed hashes say what there must be."""
    return style_in(part)


@lru_cache(KEPT)
def _read(path: str, written: int) -> GrownStyle:
    """A file is read, checked and kept once, as long as it is not written anew."""
    return read_style(Path(path))
