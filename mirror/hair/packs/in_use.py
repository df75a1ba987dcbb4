"""What a mirror has of its style packs: styles in its book, never in silence in place of its own."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from mirror.files.file_part import FilePart
from mirror.files.signature import read_key
from mirror.hair.key_view import Listing, Look
from mirror.hair.packs.pack import Pack, PackStyle, name_key, read_pack
from mirror.hair.styles.book import StyleBook
from mirror.hair.styles.code import Style
from mirror.settings.tables import Packs

log = logging.getLogger(__name__)
_packs: tuple[Pack, ...] = ()


def open_packs(settings: Packs) -> tuple[Pack, ...]:
    """Reads the packs that the settings name.

    Raises:
        MirrorError: as `mirror.hair.packs.pack.read_pack`.
    """
    trusted = [read_key(text) for text in settings.trust]
    return tuple(read_pack(path, trusted) for path in settings.files)


def use_packs(packs: Sequence[Pack]) -> None:
    """Every style book that is opened from now on has the styles of these packs; () takes them back."""
    global _packs
    _packs = tuple(packs)


def packs_in_use() -> tuple[Pack, ...]:
    """Those that are in use, in the order of the settings."""
    return _packs


def portrait_in(packs: Sequence[Pack], style: Style) -> FilePart | None:
    """The portrait that a pack has of a style, as it stands in a style book; None: there is none."""
    for pack in packs:
        for entry in (one for own in pack.styles if own.data == style.grown for one in own.listing.entries):
            if name_key(style.name) in (name_key(entry.name), name_key(_apart(entry.name, pack))):
                return pack.portraits.get(entry.name)
    return None


def packed(book: StyleBook, packs: Sequence[Pack]) -> StyleBook:
    """The book with the styles of packs.

    One that has the name of a style that is there takes its place only where the pack asks for that, and a
    line says so. Else it stands beside it, called "bob (Salon Anna)", and a warning says that. What names a
    stand-in that the book does not have is left out, with a warning.
    """
    styles = {name_key(style.name): style for style in book.styles}
    own = dict(styles)  # the mirror's: a pack takes no place of another pack's
    for pack in packs:
        for style in pack.styles:
            for entry in style.listing.entries:
                _put(styles, own, pack, style, entry)
    if not packs:
        return book
    return StyleBook(list(styles.values()), book.prior_mean, book.prior_factor, book.face_shape, book.axes)


def _put(
    styles: dict[str, Style], own: dict[str, Style], pack: Pack, style: PackStyle, entry: Listing | Look
) -> None:
    key, name = name_key(entry.name), entry.name
    stand_in = own.get(name_key(entry.stand_in))
    if stand_in is None:
        log.warning(
            "The style '%s' of %s names '%s' as its stand-in, which is not there. It is left out.",
            name, pack.path, entry.stand_in,
        )  # fmt: skip
        return
    shade = entry.shade if isinstance(entry, Look) else None
    before, code = stand_in, stand_in.code.dyed(shade)
    if key in styles:
        if style.replaces and styles[key] is own.get(key):
            before = own[key]
            name, code = before.name, before.code  # as it is called in every language
            log.info("'%s' of the style pack %s takes the place of the mirror's own.", name, pack.name)
        else:
            name = _apart(name, pack)
            key = name_key(name)
            log.warning("There is a '%s' already: that of %s is called '%s'.", entry.name, pack.path, name)
            if key in styles:
                log.warning("There is a '%s' already, too. It is left out.", name)
                return
    styles[key] = replace(
        before, name=name, tags=entry.tags, code=code, thumbnail=entry.thumbnail, licence="",
        collection=pack.name, grown=style.data, shade=shade,
    )  # fmt: skip


def _apart(name: str, pack: Pack) -> str:
    """What a style is called whose name is taken."""
    return f"{name} ({pack.name})"
