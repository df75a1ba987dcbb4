"""`python -m train styles`: what the flags ask for, and which part of the package answers.

--photos FOLDER --shards FOLDER [--exemplars CSV]   the style book, of the exemplars that the table names
--from FOLDER --shards FOLDER [--count N]           the style book, of exemplars that are chosen
--axes-only --shards FOLDER                         the axes anew; styles and prior stay
--axes-sheet FILE --shards FOLDER                   a picture of the axes that the book has
"""

from __future__ import annotations

import argparse
from pathlib import Path

from mirror.core.errors import MirrorError

ENGINES = Path(__file__).resolve().parents[2] / "engines"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of the command."""
    add = parser.add_argument
    add("--photos", type=Path, metavar="PATH", help="folder below which the exemplars of the table lie")
    add("--exemplars", type=Path, metavar="CSV", help="file, name, tags; default: train/data/exemplars.csv")
    add("--from", dest="choose_from", metavar="[LAYOUT:]PATH", help="choose exemplars from these photographs")
    add("--count", type=int, help="exemplars to choose; default: 48")
    add("--limit", type=int, help="photographs to look at for them; default: 4000")
    add("--axes-only", action="store_true", help="find the axes anew, leave styles and prior as they are")
    add("--axes-sheet", type=Path, metavar="FILE", help="only draw the book's axes (.png or .jpg)")
    add("--shards", type=Path, required=True, help="prepared heads, for the prior and the axes")
    add("--engines", type=Path, default=ENGINES, help="folder of networks that holds the book")


def styles(args: argparse.Namespace) -> None:
    """The style book: exemplars, the prior of random styles, and the named axes."""
    for name in ("count", "limit"):
        value = getattr(args, name)
        if value is not None and value < 1:
            raise MirrorError(f"--{name} {value} is too few. Give 1 or more.")
    _refuse_at_once(args)
    from train.data.shards import Shards

    shards = Shards([args.shards])
    if args.axes_sheet:
        from train.stylebook.axes_sheet import save_axes_sheet

        save_axes_sheet(args.axes_sheet, shards, args.engines)
        print(args.axes_sheet)
        return
    from train.data.exemplars import EXEMPLARS
    from train.inference.style_codes import refuse_other_shards
    from train.stylebook.build import build, choose_exemplars, renew_axes

    refuse_other_shards(shards)
    if args.axes_only:
        book, found = renew_axes(shards, args.engines)
    else:
        photos, exemplars = args.photos, args.exemplars or EXEMPLARS
        if args.choose_from:
            photos, exemplars, left_out = choose_exemplars(
                args.choose_from, args.engines, args.count or 48, args.limit or 4000
            )
            print("left out: " + (", ".join(f"{why}: {n}" for why, n in left_out.most_common()) or "none"))
            print(f"chosen: {exemplars}, to be edited and given back: --photos {photos} --exemplars CSV")
        book, found = build(photos, shards, args.engines, exemplars)
    print(f"{found.table()}\n{len(book)} styles in {args.engines / 'styles.safetensors'}")


def _refuse_at_once(args: argparse.Namespace) -> None:
    """Raises MirrorError where the flags do not say one thing."""
    wanted = {
        "--photos": args.photos,
        "--from": args.choose_from,
        "--axes-only": args.axes_only,
        "--axes-sheet": args.axes_sheet,
    }
    given = [flag for flag, value in wanted.items() if value]
    if len(given) != 1:
        raise MirrorError(
            f"Give one of {', '.join(wanted)}; {' and '.join(given) or 'none'} was given. --photos takes the "
            "exemplars that a table names, --from chooses them."
        )
    if args.exemplars and not args.photos:
        raise MirrorError("--exemplars names files below --photos. Give --photos FOLDER with it.")
    if (args.count or args.limit) and not args.choose_from:
        raise MirrorError(
            "--count and --limit are for exemplars that are chosen. Give --from FOLDER with them."
        )
