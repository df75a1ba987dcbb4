"""`python -m train wear`: its flags, and what it says when it is done."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_flags(parser: argparse.ArgumentParser, engines: Path) -> None:
    """The flags of the command; `engines`: the folder of networks and grown styles unless told otherwise."""
    add = parser.add_argument
    add("shards", type=Path, help="heads of 256 pixels, as `teach` wrote them")
    add("--photos", type=Path, required=True, help="folder of the photographs that they were prepared of")
    add("--out", type=Path, required=True, help="folder of the shards")
    add("--engines", type=Path, default=engines, help="folder of the networks and grown styles")


def wear(args: argparse.Namespace) -> None:
    """Shards to shards that say what the mirror lays over each head, which the harmonizer learns from."""
    from train.data.worn_shards import wear as run

    count = run(args.shards, args.photos, args.out, args.engines)
    print(f"{args.out}: {count:,} heads that wear something")
