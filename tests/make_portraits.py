"""The portraits of the kiosk's idle screen: each grown style of the book, worn by the portrait that ships.

python -m tests.make_portraits                      # those that are missing, into engines/portraits
python -m tests.make_portraits --all                # all of them anew, as after grown styles have changed
python -m tests.make_portraits --out FOLDER         # elsewhere, to look at

Some two seconds each.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mirror.app.packs.portraits import portraits_of
from mirror.engines import ENGINES_FOLDER
from mirror.hair.packs.portrait import FOLDER, portrait_file
from mirror.hair.shelf import open_book


def wanted() -> list[str]:
    """The grown styles of the book but those that show hair loss."""
    return [
        style.name
        for style in open_book(ENGINES_FOLDER).styles
        if style.grown is not None and not style.code.hair_loss
    ]


def main(args: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ENGINES_FOLDER / FOLDER)
    parser.add_argument("--all", action="store_true", help="also those that are there")
    given = parser.parse_args(args)
    given.out.mkdir(parents=True, exist_ok=True)
    names = wanted()
    missing = [name for name in names if given.all or not (given.out / f"{name}.webp").exists()]
    for name, picture in portraits_of(missing):
        path = given.out / f"{name}.webp"
        path.write_bytes(portrait_file(picture))
        print(f"{path}: {path.stat().st_size // 1024} kB", flush=True)
    for path in given.out.glob("*.webp"):
        if path.stem not in names:
            path.unlink()
            print(f"{path}: taken away, there is no such style")
    return 0


if __name__ == "__main__":
    sys.exit(main())
