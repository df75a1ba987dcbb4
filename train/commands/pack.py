"""`python -m train pack` and `unpack`: their flags, and what they say when they are done."""

from __future__ import annotations

import argparse
from pathlib import Path

from mirror.core.errors import MirrorError
from train.data.packed_shards import QUALITY
from train.data.packed_shards import pack as run_pack
from train.data.packed_shards import unpack as run_unpack


def add_pack_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of `pack`."""
    add = parser.add_argument
    add("shards", type=Path, help="heads, as `prepare` or `teach` wrote them")
    add("--out", type=Path, required=True, help="folder of what is packed")
    add("--quality", type=int, default=QUALITY, help=f"of pictures, 1 to 100; default: {QUALITY}")


def add_unpack_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of `unpack`."""
    parser.add_argument("packed", type=Path, help="what `pack` wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder of the shards")


def pack(args: argparse.Namespace) -> None:
    """Shards made small enough to travel to a machine with a GPU."""
    if not 1 <= args.quality <= 100:
        raise MirrorError(f"--quality {args.quality} is out of range. Give 1 to 100.")
    print(f"{args.out}: {run_pack(args.shards, args.out, args.quality) / 1e6:.1f} MB")


def unpack(args: argparse.Namespace) -> None:
    """What was packed as shards again."""
    print(f"{args.out}: {run_unpack(args.packed, args.out):,} heads")
