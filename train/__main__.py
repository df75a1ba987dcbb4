"""The training package: python -m train prepare | fit | export | styles | evaluate"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from mirror.errors import MirrorError

ENGINES = Path(__file__).resolve().parent.parent / "engines"


def prepare(args: argparse.Namespace) -> None:
    """Portraits to shards."""
    from train.data.prepare import prepare as run

    at_least(1, limit=args.limit, workers=args.workers)
    counts = run(args.data, args.teacher, args.out, args.limit, args.workers)
    print(", ".join(f"{reason}: {n}" for reason, n in counts.most_common()) or "nothing to do")


def fit(args: argparse.Namespace) -> None:
    """Shards to weights."""
    import cv2
    import torch

    from train.fit import refuse_second_run
    from train.fit_hair_vae import fit_hair_vae
    from train.fit_matte import fit_matte

    at_least(1, threads=args.threads, batch=args.batch)
    if not args.minutes > 0:
        raise MirrorError(f"--minutes {args.minutes:g} leaves no time to train. Give a number above 0.")
    out = args.out or Path("runs") / args.net
    refuse_second_run(out, args.warm)
    # The loader's thread must not take the cores from the network.
    cv2.setNumThreads(1)
    if args.threads:
        torch.set_num_threads(args.threads)
    if args.net == "matte":
        fit_matte(args.shards, out, args.minutes, args.warm, args.batch)
    else:
        fit_hair_vae(args.shards, out, args.minutes, args.warm, args.batch)
    print(f"to be exported: {out / 'average.safetensors'}")


def export(args: argparse.Namespace) -> None:
    """Weights to ONNX, and the float16 weights beside it to go on from."""
    from train.export import export as run
    from train.fit import load_weights, save_half
    from train.nets.hair_vae import HairVAE
    from train.nets.matte import MatteNet

    if not (args.matte or args.hair_vae):
        raise MirrorError("There is nothing to export. Give --matte, --hair-vae or both.")
    matte = load_weights(MatteNet(), args.matte) if args.matte else None
    vae = load_weights(HairVAE(), args.hair_vae) if args.hair_vae else None
    print("\n".join(run(matte, vae, args.engines)))
    for net, name in ((matte, "matte"), (vae, "hair_vae")):
        if net is not None:
            save_half(net, args.engines / f"{name}.fp16.safetensors")


def styles(args: argparse.Namespace) -> None:
    """Exemplars to the style book."""
    from train.data.shards import Shards
    from train.styles import EXEMPLARS, build

    book = build(args.photos, Shards([args.shards]), args.engines, args.exemplars or EXEMPLARS)
    print(f"{len(book)} styles in {args.engines / 'styles.safetensors'}")


def evaluate(args: argparse.Namespace) -> None:
    """Figures as JSON, or a contact sheet."""
    from train.evaluate import figures
    from train.sheet import save_sheet

    at_least(1, people=args.people)
    if args.sheet:
        save_sheet(args.sheet, args.photos, args.engines, args.people or 6)
        print(args.sheet)
        return
    if args.teacher is None:
        raise MirrorError(
            "Figures need a judge: give --teacher hair_segmenter.tflite, or --sheet for pictures alone."
        )
    found = figures(args.photos, args.teacher, args.engines, args.people or 48, args.clips)
    print(json.dumps(found, indent=2))


def at_least(least: int, **given: int | None) -> None:
    """Checks flags that count something. Raises MirrorError for the first that is below `least`."""
    for name, value in given.items():
        if value is not None and value < least:
            raise MirrorError(f"--{name} {value} is too few. Give {least} or more.")


def main(argv: list[str] | None = None) -> int:
    """Runs one command; 0, or 2 after one line about what was wrong."""
    parser = argparse.ArgumentParser(prog="python -m train", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("prepare", help=prepare.__doc__)
    one.add_argument("--data", type=Path, required=True, help="folder of portraits")
    one.add_argument("--teacher", type=Path, required=True, help="hair_segmenter.tflite")
    one.add_argument("--out", type=Path, required=True, help="folder of the shards")
    one.add_argument("--limit", type=int, help="only the first N pictures")
    one.add_argument("--workers", type=int, default=2)
    one.set_defaults(run=prepare)

    one = commands.add_parser("fit", help=fit.__doc__)
    one.add_argument("--net", choices=("matte", "hair_vae"), required=True)
    one.add_argument(
        "--shards", type=Path, nargs="+", required=True, help="a second folder is for early training"
    )
    one.add_argument("--minutes", type=float, required=True)
    one.add_argument("--out", type=Path, help="default: runs/NET")
    one.add_argument("--warm", type=Path, help="run or safetensors to start from")
    one.add_argument("--batch", type=int, default=16)
    one.add_argument("--threads", type=int, help="default: PyTorch's own choice")
    one.set_defaults(run=fit)

    one = commands.add_parser("export", help=export.__doc__)
    one.add_argument("--matte", type=Path, help="run or safetensors of the matte network")
    one.add_argument("--hair-vae", type=Path, help="run or safetensors of the hair VAE")
    one.add_argument("--engines", type=Path, default=ENGINES)
    one.set_defaults(run=export)

    one = commands.add_parser("styles", help=styles.__doc__)
    one.add_argument("--photos", type=Path, required=True)
    one.add_argument("--shards", type=Path, required=True, help="of those photographs, for the prior")
    one.add_argument("--exemplars", type=Path, help="CSV with file, name, tags; default: train/exemplars.csv")
    one.add_argument("--engines", type=Path, default=ENGINES)
    one.set_defaults(run=styles)

    one = commands.add_parser("evaluate", help=evaluate.__doc__)
    one.add_argument("--photos", type=Path, required=True)
    one.add_argument("--teacher", type=Path, help="hair_segmenter.tflite, the judge")
    one.add_argument("--sheet", type=Path, help="write a contact sheet instead")
    one.add_argument("--people", type=int, help="default: 48, or 6 on a sheet")
    one.add_argument("--clips", type=Path, help="folder of videos, for the figure of motion")
    one.add_argument("--engines", type=Path, default=ENGINES)
    one.set_defaults(run=evaluate)

    args = parser.parse_args(argv)
    try:
        args.run(args)
    except MirrorError as error:
        print(f"train: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("train: stopped; what was written stays", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
