"""`python -m train prepare`: its flags, and what it says when it is done."""

from __future__ import annotations

import argparse
from pathlib import Path

from mirror.core.errors import MirrorError
from train.data.dataset_layouts import LAYOUTS
from train.data.quality_gates import EYES_LIMIT, OPTIONAL


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of the command."""
    add = parser.add_argument
    add("--data", required=True, metavar="[LAYOUT:]PATH", help=f"{', '.join(LAYOUTS)}; a bare PATH is photos")
    add("--teacher", type=Path, help="hair_segmenter.tflite; needed for faces")
    add("--out", type=Path, required=True, help="folder of the shards")
    add("--side", type=int, help="pixels of the square: 64, 96, 128, 256 or 512; default: 256, cropped 64")
    add("--min-eyes", type=float, default=EYES_LIMIT, help="pixels between the eyes; default: %(default)g")
    add("--keep", nargs="+", default=[], metavar="REASON", help=f"gates to switch off: {', '.join(_flags())}")
    add("--limit", type=int, help="only the first N pictures")
    add("--groom", type=Path, metavar="RENDERS", help="lay these over people with short or no hair")
    add("--each", type=int, default=2, help="pairs of each of them, with --groom; default: %(default)s")
    add("--workers", type=int, help="processes; default: one for each core")


def prepare(args: argparse.Namespace) -> None:
    """Pictures to shards."""
    from train.data.prepare_shards import PrepareOptions, describe
    from train.data.prepare_shards import prepare as run

    for name, least in (("limit", 1), ("workers", 1), ("min_eyes", 0), ("each", 1)):
        value = getattr(args, name)
        if value is not None and value < least:
            raise MirrorError(f"--{name.replace('_', '-')} {value} is too few. Give {least} or more.")
    keep = [reason.replace("-", " ") for reason in args.keep]
    options = PrepareOptions(args.limit, args.side, keep, args.min_eyes, args.groom, args.each)
    run(args.data, args.teacher, args.out, options, workers=args.workers)
    print(describe(args.out))


def _flags() -> list[str]:
    return [reason.replace(" ", "-") for reason in OPTIONAL]
