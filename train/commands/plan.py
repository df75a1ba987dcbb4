"""`python -m train plan`: its flags, and the list of what it would do."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from mirror.core.errors import MirrorError


def add_flags(parser: argparse.ArgumentParser, engines: Path) -> None:
    """The flags of the command; `engines`: the folder of networks unless told otherwise."""
    add = parser.add_argument
    add(
        "--minutes",
        type=float,
        default=45.0,
        help="of the whole plan, all calls together; default: %(default)g",
    )
    add("--turn", type=float, metavar="MINUTES", help="of this call: the same command then goes on")
    add("--out", type=Path, default=Path("runs/plan"), help="folder of the results; default: %(default)s")
    add("--work", type=Path, help="folder of everything else, which is large; default: OUT-work")
    add("--shards", type=Path, nargs="+", default=[], help="prepared heads; without: prepared from --photos")
    add("--photos", type=Path, help="portraits")
    add("--teacher", type=Path, help="hair_segmenter.tflite, to prepare portraits")
    add("--engines", type=Path, default=engines, help="folder of the networks to go on from, and to time")
    add("--steps", nargs="+", metavar="NAME", help="only these; those that failed are tried again")
    add("--list", action="store_true", help="what the steps are, what each needs and is worth; runs nothing")
    add("--miniature", action="store_true", help="all of it tiny, on a processor, in a few minutes")


def plan(args: argparse.Namespace) -> None:
    """What an hour on a GPU is best used for, in order of worth, each step saved as it is done."""
    from train.plan.machine import look, needs_of
    from train.plan.schedule import TABLE, Limits, run_plan
    from train.plan.step import Given
    from train.plan.steps import STEPS

    for flag in ("minutes", "turn"):
        if (value := getattr(args, flag)) is not None and not value > 0:
            raise MirrorError(f"--{flag} {value:g} leaves no time. Give a number above 0.")
    names = [step.name for step in STEPS]
    for name in args.steps or []:
        if name not in names:
            raise MirrorError(f"--steps {name} is no step. Give some of {', '.join(names)}.")
    steps = [step for step in STEPS if step.name in (args.steps or names)]
    out = args.out.resolve()
    given = Given(
        out=out,
        work=(args.work or out.with_name(f"{out.name}-work")).resolve(),
        shards=tuple(path.resolve() for path in args.shards),
        photos=args.photos and args.photos.resolve(),
        teacher=args.teacher and args.teacher.resolve(),
        engines=args.engines.resolve(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        miniature=args.miniature,
    )
    if args.list:
        whole = sum(step.share for step in steps)
        for step in steps:
            minutes = args.minutes * step.share / whole
            print(f"{step.name}, {minutes:.1f} minutes: {step.why}")
            print(f"    needs {', '.join(needs_of(step, given)) or 'nothing but what came before'}")
        return
    found = look(steps, given)
    for name, one in found.items():
        print(f"{name}: {'' if one.there else 'NOT THERE, '}{one.what}", flush=True)
    if not args.miniature and "Blender on the GPU" in found and found["Blender on the GPU"].there:
        given = replace(given, cycles=found["Blender on the GPU"].what)
    limits = Limits(60 * args.minutes, 60 * args.turn if args.turn else float("inf"))
    run_plan(steps, given, limits, found, again=bool(args.steps), say=lambda line: print(line, flush=True))
    print(f"\n{(out / TABLE).read_text()}\n{out}", flush=True)
