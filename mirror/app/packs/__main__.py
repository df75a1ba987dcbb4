"""Makes style packs: signed files with a salon's or a brand's own styles, shades and logo.

python -m mirror.app.packs key salon.key                       # once: a pair of keys
python -m mirror.app.packs make recipe.toml salon.hairpack --key salon.key
python -m mirror.app.packs show salon.hairpack --trust ed25519:...
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from mirror.core.closed_pipe import leave_quietly
from mirror.core.errors import MirrorError
from mirror.files.signature import EXPECTED, key_text, make_key, public_of, read_key, read_secret
from mirror.files.size_limits import spoken
from mirror.files.writing import check_file
from mirror.hair.packs.pack import Pack, name_key, read_pack
from mirror.hair.packs.sealed_file import SUFFIX, Content, write_sealed
from mirror.settings.command_line import OneLineParser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command; 0, or 2 after one line about what was wrong."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        given = _parser().parse_args(argv)
        if given.do == "key":
            _say_key(Path(given.file), make_key(Path(given.file)))
        elif given.do == "make":
            make(Path(given.recipe), Path(given.pack), Path(given.key), portraits=given.portraits)
        else:
            show(Path(given.pack), given.trust)
        sys.stdout.flush()
    except MirrorError as error:
        print(f"packs: {' '.join(str(error).splitlines())}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return leave_quietly()
    return 0


def make(recipe: Path, out: Path, key: Path, *, portraits: bool = True) -> None:
    """Makes, signs, reads back and then writes a pack.

    Raises:
        MirrorError: something that goes in does not fit, or the pack cannot be written.
    """
    from mirror.app.packs.recipe import read_recipe

    if out.suffix != SUFFIX:
        raise MirrorError(f"{out} is no name of a style pack. Give one that ends with {SUFFIX}.")
    check_file(out, str(out))
    secret, made = read_secret(key), date.today().isoformat()
    given = read_recipe(recipe)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / f"trial{SUFFIX}"
        write_sealed(trial, secret, given.name, made, given.contents)
        try:
            pack = read_pack(trial, [public_of(secret)])
        except MirrorError as error:
            raise MirrorError(str(error).replace(str(trial), str(recipe))) from None
        _fits_mirror(pack, recipe)
        contents = [*given.contents, *(_portraits(pack) if portraits and pack.styles else [])]
    try:
        size = write_sealed(out, secret, given.name, made, contents)
    except OSError as error:
        raise MirrorError(f"{out} cannot be written ({error.strerror}). Give another path.") from None
    show(out, key_text(public_of(secret)))
    print(f"{out}: {spoken(size)}")


def show(path: Path, trust: str | None) -> None:
    """Prints what a pack holds.

    Args:
        trust: the public key that must have signed it; None: whoever did is named.

    Raises:
        MirrorError: as `mirror.hair.packs.pack.read_pack`.
    """
    try:
        trusted = None if trust is None else [read_key(trust)]
    except ValueError:
        raise MirrorError(f"--trust {trust[:60]!r} does not fit. Give {EXPECTED}.") from None  # type: ignore[index]
    pack = read_pack(path, trusted)
    print(f"{pack.name}, {pack.made}")
    print(
        f"signed with {key_text(pack.key)}" + ("" if trusted else " (whether that is the maker's, they know)")
    )
    for style in pack.styles:
        for number, one in enumerate(style.listing.entries):
            more = ", in place of the mirror's own" if style.replaces else ""
            pictured = "" if one.name in pack.portraits else ", no portrait"
            print(
                f"  {'   look' if number else 'style'}  {one.name:<28} {', '.join(one.tags)}{more}{pictured}"
            )
    if pack.chart is not None:
        how = "in place of the mirror's own" if pack.chart.replace else "beside the mirror's own"
        print(f"  shades {', '.join(shade.name for shade in pack.chart.shades)} ({how})")
    if pack.logo is not None:
        print(f"  logo   {pack.logo.shape[1]}x{pack.logo.shape[0]} pixels")


def _fits_mirror(pack: Pack, recipe: Path) -> None:
    """A maker learns now of a name that is taken, or of a missing stand-in: not each mirror's owner later."""
    from mirror.app.screen.own_texts import check_packs
    from mirror.engines import ENGINES_FOLDER
    from mirror.hair.shelf import open_book

    check_packs([replace(pack, path=recipe)])
    own = {name_key(name): name for name in open_book(ENGINES_FOLDER).names}
    for style in pack.styles:
        for one in style.listing.entries:
            if name_key(one.stand_in) not in own:
                raise MirrorError(
                    f"{recipe}: '{one.name}' names '{one.stand_in}' as its stand-in, which the mirror does "
                    "not have. Give a style of the mirror that is painted where only painted hair is known."
                )
            if name_key(one.name) in own and not style.replaces:
                raise MirrorError(
                    f"{recipe}: the mirror has a style called '{own[name_key(one.name)]}' already. Give "
                    "yours another name, or write replaces = true below it."
                )


def _portraits(pack: Pack) -> list[Content]:
    from mirror.app.packs.portraits import portraits_of
    from mirror.hair.packs.in_use import use_packs
    from mirror.hair.packs.portrait import portrait_file

    names = [one.name for style in pack.styles for one in style.listing.entries]
    use_packs([pack])
    try:
        pictures = []
        for number, (name, picture) in enumerate(portraits_of(names), 1):
            print(f"portrait {number} of {len(names)}: {name}", flush=True)
            pictures.append(Content("portrait", portrait_file(picture), name))
        return pictures
    finally:
        use_packs(())


def _say_key(path: Path, key: bytes) -> None:
    print(f"The secret key is in {path}: keep it to yourself, and a copy where it is safe.")
    print("Whoever is to use your packs writes the public one below [packs] in the settings file:")
    print(f'trust = ["{key_text(key)}"]')


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="python -m mirror.app.packs", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    parts = parser.add_subparsers(dest="do", required=True, metavar="key|make|show")
    key = parts.add_parser("key", help="make a pair of keys, once")
    key.add_argument("file", help="the secret key's file, which is never written over")
    made = parts.add_parser("make", help="make and sign a pack")
    made.add_argument("recipe", help="a TOML file that names what goes in, see mirror/app/kiosk/INSTALL.md")
    made.add_argument("pack", help=f"the file that is written, ending with {SUFFIX}")
    made.add_argument("--key", required=True, metavar="FILE", help="the secret key that signs it")
    made.add_argument("--portraits", action=argparse.BooleanOptionalAction, default=True,
                      help="a picture of each style for the idle screen, 2 s each (default: on)")  # fmt: skip
    shown = parts.add_parser("show", help="check a pack and print what it holds")
    shown.add_argument("pack")
    shown.add_argument("--trust", metavar="KEY", help="the public key that must have signed it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
