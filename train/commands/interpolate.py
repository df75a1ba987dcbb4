"""`python -m train interpolate`: its flags."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of the command."""
    add = parser.add_argument
    add("first", type=Path, help="folder of a run")
    add("second", type=Path, help="of one that went on from it")
    add("--share", type=float, default=0.5, help="of the second, 0 to 1; default: 0.5")
    add("--out", type=Path, required=True, help="folder of the weights between")


def interpolate(args: argparse.Namespace) -> None:
    """Weights between those of a run and of one that went on from it with another loss."""
    from train.nets.weight_interpolation import interpolate as run

    print(f"to be exported: {run(args.first, args.second, args.share, args.out)}")
