"""`python -m train teach`: its flags, and what it says when it is done."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_flags(parser: argparse.ArgumentParser, engines: Path) -> None:
    """The flags of the command; `engines`: the folder of networks unless told otherwise."""
    add = parser.add_argument
    add("shards", type=Path, help="heads of 256 pixels, as `prepare` wrote them")
    add("--out", type=Path, required=True, help="folder of the shards")
    add("--engines", type=Path, default=engines, help="folder of the networks that teach")


def teach(args: argparse.Namespace) -> None:
    """Shards to shards that say what own hair hides, as the mirror's networks see it."""
    from mirror.engines import open_engine
    from mirror.hair.painting.hair_swap import Swap
    from train.data.taught_shards import teach as run

    engines = [open_engine(name, folder=args.engines) for name in ("painter", "underlay")]
    try:
        count = run(args.shards, args.out, Swap(*engines))
    finally:
        for engine in engines:
            engine.close()
    print(f"{args.out}: {count:,} heads with what lies beneath their hair")
