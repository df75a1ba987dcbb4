"""`python -m train evaluate`: what the flags ask for, and which part of the package answers.

--photos --teacher [--engines A B ...]   figures of the mirror on held-out people
... [--clips FOLDER] --out FOLDER        the same, with tables, contact sheets and a filmstrip of every clip
--photos --sheet FILE                    a contact sheet alone
--clips --filmstrips FOLDER              filmstrips alone
--runs A B ... --shards FOLDER           figures of training runs
--against seeds --shards FOLDER          ours and the seeds' networks, trained alike
"""

from __future__ import annotations

import argparse
from pathlib import Path

from mirror.core.errors import MirrorError
from mirror.files.writing import check_file, check_folder

ENGINES = Path(__file__).resolve().parents[2] / "engines"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of the command."""
    add = parser.add_argument
    add("--photos", metavar="[LAYOUT:]PATH", help="pictures of faces, as prepare --data takes them")
    add("--teacher", type=Path, help="hair_segmenter.tflite, the judge")
    add("--engines", type=Path, nargs="+", default=[ENGINES], help="folders of networks, side by side")
    add("--people", type=int, help="held-out people; default: 48 (8 on a sheet); pictures of --runs: 240")
    add("--clips", type=Path, help="folder of videos, for motion and filmstrips")
    add(
        "--labels",
        type=Path,
        help="folder of hand-painted mattes in place of our outlines: NAME.png",
    )
    add("--sheet", type=Path, help="write a contact sheet (.png or .jpg) instead of figures")
    add("--styles", type=int, help="styles on the sheet, evenly over the book; default: 12")
    add("--filmstrips", type=Path, help="folder for a strip of each of --clips, instead of figures")
    add("--style", help="that the filmstrips wear; default: bob")
    add("--every", type=int, help="frames from tile to tile of a filmstrip; default: 15")
    add("--runs", type=Path, nargs="+", help="training runs, side by side, judged on --shards")
    add("--shards", type=Path, nargs="+", help="prepared pictures, for --runs and --against")
    add("--against", choices=("seeds",), help="train the seeds' networks beside ours, and judge all")
    add("--size", type=int, help="pixels, for --against; default: 64")
    add("--minutes", type=float, help="of training each, for --against; default: 5")
    add("--out", type=Path, help="file to keep the figures in (.json), or a folder for the figures, tables, "
        "contact sheets and filmstrips; for --runs a file, for --against a folder")  # fmt: skip


def evaluate(args: argparse.Namespace) -> None:
    """Figures on held-out data, side by side, or sheets to look at."""
    for name in ("people", "styles", "every"):
        value = getattr(args, name)
        if value is not None and value < 1:
            raise MirrorError(f"--{name} {value} is too few. Give 1 or more.")
    if args.against:
        _against(args)
    elif args.runs:
        _runs(args)
    elif args.filmstrips:
        _filmstrips(args)
    elif args.photos is None:
        raise MirrorError(
            "There is nothing to evaluate on. Give --photos FOLDER with --teacher or --sheet, --clips with "
            "--filmstrips, or --shards FOLDER with --runs or --against seeds."
        )
    elif args.sheet:
        from train.evaluation.contact_sheet import save_sheet

        save_sheet(args.sheet, args.photos, _one_folder(args), args.people or 8, args.styles or 12)
        print(args.sheet)
    else:
        _mirror(args)


def _mirror(args: argparse.Namespace) -> None:
    if args.teacher is None:
        raise MirrorError(
            "Figures need a judge: give --teacher hair_segmenter.tflite, or --sheet for pictures alone."
        )
    folder = args.out is not None and args.out.suffix.lower() != ".json"
    if folder:
        check_folder(args.out, f"--out {args.out}")
    else:
        _check_out(args)
    from train.evaluation.figure_definitions import MIRROR
    from train.evaluation.figure_tables import group_table
    from train.evaluation.mirror_figures import evaluate as run

    record = run(
        args.photos, args.teacher, args.engines, count=args.people or 48, clips=args.clips,
        hand_labels=args.labels,
    )  # fmt: skip
    _tell(record, MIRROR, None if folder else args.out)
    for label, column in record["columns"].items():
        print(f"\n{label}, by group\n{group_table(column)}")
    if folder:
        from train.evaluation.output_folder import Strips, save_evaluation

        strips = None if args.clips is None else Strips(args.clips, args.style or "bob", args.every or 15)
        for path in save_evaluation(args.out, record, args.photos, strips, styles=args.styles or 12):
            print(path)


def _runs(args: argparse.Namespace) -> None:
    if not args.shards:
        raise MirrorError("--runs need held-out pictures: give --shards FOLDER, as prepare wrote it.")
    _check_out(args)
    from train.evaluation.figure_definitions import RUNS
    from train.evaluation.run_figures import compare

    _tell(compare(args.runs, args.shards, args.people or 240), RUNS, args.out)


def _against(args: argparse.Namespace) -> None:
    if not args.shards or args.out is None:
        raise MirrorError("--against seeds trains networks: give --shards FOLDER, and --out FOLDER for them.")
    from train.baselines.comparison import against_seeds

    minutes = 5.0 if args.minutes is None else args.minutes
    against_seeds(args.shards, args.out, size=args.size or 64, minutes=minutes)
    print((args.out / "table.md").read_text())


def _filmstrips(args: argparse.Namespace) -> None:
    if args.clips is None:
        raise MirrorError("--filmstrips are of videos: give --clips FOLDER.")
    from train.evaluation.filmstrip import save_filmstrips

    folder, every = _one_folder(args), args.every or 15
    for path in save_filmstrips(args.filmstrips, args.clips, folder, args.style or "bob", every=every):
        print(path)


def _one_folder(args: argparse.Namespace) -> Path:
    if len(args.engines) > 1:
        raise MirrorError("Pictures are made of one folder of --engines at a time. Give one, then the other.")
    return args.engines[0]


def _check_out(args: argparse.Namespace) -> None:
    if args.out is not None:
        check_file(args.out, f"--out {args.out}")


def _tell(record: dict, figures: dict, out: Path | None) -> None:
    from train.evaluation.figure_tables import save, table

    kinds = dict.fromkeys(column.get("kind", "") for column in record["columns"].values())
    for kind in kinds:
        columns = {n: c for n, c in record["columns"].items() if c.get("kind", "") == kind}
        print(f"{kind}\n" * bool(kind) + table(columns, figures), end="\n\n")
    seen = f"{record['people']} held-out {'pictures' if 'shards' in record else 'people'}"
    print(f"{seen}, {record['seconds']:.0f} s; mean or pooled [95% interval over people]")
    print("\n".join(record["notes"]))
    if out is not None:
        save(record, out)
        print(out)
