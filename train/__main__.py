"""The training package: python -m train prepare | fit | report | evaluate | export | styles | plan ..."""

from __future__ import annotations

import os

if __name__ == "__main__":
    # Ctrl-C while the libraries load: `main` hears it from then on.
    import _signal  # `signal` itself takes long to load

    _signal.signal(_signal.SIGINT, lambda *_: os._exit(130))

import argparse
import errno
import signal
import sys
from pathlib import Path

from mirror.core.closed_pipe import leave_quietly
from mirror.core.errors import MirrorError
from mirror.settings.command_line import OneLineParser
from mirror.settings.options import shown
from train.commands import evaluate, interpolate, pack, plan, prepare, styles, teach, wear
from train.groom import command as groom_command
from train.nets.spec import LIKELIHOODS, NETS, SIZES

ENGINES = Path(__file__).resolve().parent.parent / "engines"


def fit(args: argparse.Namespace) -> None:
    """Shards to weights."""
    import cv2
    import torch

    from train.data.downsized_shards import open_shards
    from train.loop.distributed import join_ranks, leave_ranks
    from train.loop.learning_rate import Budget
    from train.loop.run_settings import RunSettings
    from train.loop.training_loop import fit as run
    from train.losses.reconstruction_and_kl import CodePrice
    from train.recipes.by_name import open_recipe
    from train.recipes.defaults import set_dials
    from train.recipes.hyperparameters import Hyperparameters

    at_least(1, threads=args.threads, batch=args.batch, loaders=args.loaders, save_steps=args.save_steps)
    budget = Budget(args.minutes, args.steps)
    dials = set_dials(
        args.net, args.size, args.latent, args.likelihood, args.batch, args.rate, warm=args.warm is not None
    )
    price = CodePrice(args.beta, args.anneal, args.capacity, args.gamma, args.free_bits)
    out = args.out or Path("runs") / args.net
    # The loader's threads must not take the cores from the network.
    cv2.setNumThreads(1)
    if args.threads:
        torch.set_num_threads(args.threads)
    ranks = join_ranks()
    try:
        if ranks.first:
            print(dials.reason, flush=True)
        shards = open_shards(args.shards, dials.spec.size)
        recipe = open_recipe(
            dials.spec,
            shards,
            Hyperparameters(dials.batch, dials.rate, price, args.seed, args.judge, args.adversary),
        )
        settings = RunSettings(
            args.resume, args.warm, args.precision, args.loaders, args.save_minutes, args.save_steps,
            args.log_steps,
        )  # fmt: skip
        run(recipe, out, budget, settings, ranks=ranks)
    finally:
        leave_ranks()
    if ranks.first:
        print(f"to be exported: {out / 'average.safetensors'}")


def speed(args: argparse.Namespace) -> None:
    """Whether the loader keeps up with a network."""
    import cv2

    from train.data.downsized_shards import open_shards
    from train.loop.loader_speed import loader_speed
    from train.recipes.by_name import open_recipe
    from train.recipes.defaults import set_dials
    from train.recipes.hyperparameters import Hyperparameters

    at_least(1, batch=args.batch, loaders=args.loaders, rounds=args.rounds)
    cv2.setNumThreads(1)
    dials = set_dials(args.net, args.size, batch=args.batch)
    shards = open_shards(args.shards, dials.spec.size)
    recipe = open_recipe(dials.spec, shards, Hyperparameters(dials.batch, dials.rate))
    print(f"{dials.reason}\n{loader_speed(recipe, rounds=args.rounds, loaders=args.loaders)}")


def report(args: argparse.Namespace) -> None:
    """All the pictures of a trained network, in one folder with an index.html."""
    from train.report.build import report as run

    at_least(8, pictures=args.pictures)
    print(run(args.folder, args.shards, args.out, args.photo, args.pictures))


def export(args: argparse.Namespace) -> None:
    """Trained networks to ONNX, checked and signed: one file a network, which training can go on from."""
    from train.export.export_runs import export as run

    run(args.runs, args.engines, matte=args.matte, hair_vae=args.hair_vae, name=args.name)


def at_least(least: int, **given: int | None) -> None:
    """Checks flags that count something. Raises MirrorError for the first that is below `least`."""
    for name, value in given.items():
        if value is not None and value < least:
            raise MirrorError(f"--{name} {value} is too few. Give {least} or more.")


def check_names(args: argparse.Namespace) -> None:
    """Raises MirrorError for the first path among the flags that no file can have, there or not."""
    for flag, given in vars(args).items():
        for path in given if isinstance(given, list) else [given]:
            if not isinstance(path, Path):
                continue
            try:
                os.lstat(path)
            except OSError as error:
                if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
                    raise MirrorError(
                        f"--{flag.replace('_', '-')} {shown(str(path))}: {error.strerror}. Give another path."
                    ) from None


def command_line() -> OneLineParser:
    """All commands and their flags."""
    parser = OneLineParser(prog="python -m train", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("prepare", help=prepare.prepare.__doc__)
    prepare.add_flags(one)
    one.set_defaults(run=prepare.prepare)

    one = commands.add_parser("teach", help=teach.teach.__doc__)
    teach.add_flags(one, ENGINES)
    one.set_defaults(run=teach.teach)

    one = commands.add_parser("wear", help=wear.wear.__doc__)
    wear.add_flags(one, ENGINES)
    one.set_defaults(run=wear.wear)

    one = commands.add_parser("pack", help=pack.pack.__doc__)
    pack.add_pack_flags(one)
    one.set_defaults(run=pack.pack)

    one = commands.add_parser("unpack", help=pack.unpack.__doc__)
    pack.add_unpack_flags(one)
    one.set_defaults(run=pack.unpack)

    one = commands.add_parser("fit", help=fit.__doc__)
    one.add_argument("--net", choices=NETS, required=True)
    one.add_argument(
        "--shards", type=Path, nargs="+", required=True,
        help="prepared pictures; a second folder is for the first part of training",
    )  # fmt: skip
    one.add_argument("--minutes", type=float, help="of training; held-out checks come on top")
    one.add_argument("--steps", type=int, help="instead of --minutes: repeatable to the last digit")
    one.add_argument("--out", type=Path, help="folder of the run; default: runs/NET")
    one.add_argument("--size", type=int, choices=SIZES, help="pixels; sets the rest; default: the network's")
    one.add_argument("--latent", type=int, metavar="2..2048", help="numbers in the code")
    one.add_argument("--likelihood", choices=LIKELIHOODS)
    one.add_argument("--beta", type=float, default=1.0, help="weight of the KL")
    one.add_argument("--anneal", type=float, default=0.0, help="share of the budget in which the KL sets in")
    one.add_argument("--capacity", type=float, help="nats that the code is led to, over --anneal (betaB)")
    one.add_argument("--gamma", type=float, default=100.0, help="how strictly --capacity is kept")
    one.add_argument("--free-bits", type=float, default=0.0, help="nats a dimension that cost nothing")
    one.add_argument(
        "--judge", type=Path, metavar="MATTE",
        help="weights of a matte network that judges swaps while hair_vae trains",
    )  # fmt: skip
    one.add_argument("--adversary", type=float, default=0.0, help="of a discriminator (hair_vae, underlay)")
    one.add_argument("--resume", action="store_true", help="go on as if the run had never stopped")
    one.add_argument("--warm", type=Path, help="start a new run from a run, safetensors, or engines")
    one.add_argument("--batch", type=int, help="of all processes together")
    one.add_argument("--rate", type=float, help="peak rate of learning")
    one.add_argument("--precision", choices=("bfloat16", "float32"), help="default: what is fastest here")
    one.add_argument("--seed", type=int, default=0)
    one.add_argument("--threads", type=int, help="of the network; default: PyTorch's own choice")
    one.add_argument(
        "--loaders", type=int, default=1, help="that make batches: threads, from 3 on (Linux) processes"
    )
    one.add_argument("--save-minutes", type=float, default=5.0, help="between two checkpoints")
    one.add_argument("--save-steps", type=int, help="instead of --save-minutes")
    one.add_argument("--log-steps", type=int, default=50, help="between two rows of log.csv")
    one.set_defaults(run=fit)

    one = commands.add_parser("speed", help=speed.__doc__)
    one.add_argument("--net", choices=NETS, required=True)
    one.add_argument("--shards", type=Path, nargs="+", required=True)
    one.add_argument("--size", type=int, choices=SIZES)
    one.add_argument("--batch", type=int)
    one.add_argument(
        "--loaders", type=int, default=1, help="that make batches: threads, from 3 on (Linux) processes"
    )
    one.add_argument("--rounds", type=int, default=5)
    one.set_defaults(run=speed)

    one = commands.add_parser("interpolate", help=interpolate.interpolate.__doc__)
    interpolate.add_flags(one)
    one.set_defaults(run=interpolate.interpolate)

    one = commands.add_parser("report", help=report.__doc__)
    one.add_argument("folder", type=Path, metavar="RUN", help="run, safetensors, or ONNX")
    one.add_argument(
        "--shards", type=Path, nargs="+", required=True, help="the first folder's val is held out"
    )
    one.add_argument("--out", type=Path, help="default: RUN/report; an older report there is replaced")
    one.add_argument("--photo", type=Path, help="whose neighbours to find; default: held-out people")
    one.add_argument("--pictures", type=int, default=4000, help="the most training pictures that are encoded")
    one.set_defaults(run=report)

    one = commands.add_parser("export", help=export.__doc__)
    one.add_argument(
        "runs",
        type=Path,
        nargs="*",
        metavar="RUN",
        help="folder of a run, or safetensors that say what they hold",
    )
    one.add_argument("--matte", type=Path, help="weights of a matte network that may not say so")
    one.add_argument("--hair-vae", type=Path, help="weights of a hair VAE that may not say so")
    one.add_argument(
        "--name", help="name of its own: NAME.encoder, NAME.painter ...; default: the kind of the network"
    )
    one.add_argument("--engines", type=Path, default=ENGINES, help="folder of networks")
    one.set_defaults(run=export)

    one = commands.add_parser("styles", help=styles.styles.__doc__)
    styles.add_flags(one)
    one.set_defaults(run=styles.styles)

    one = commands.add_parser("evaluate", help=evaluate.evaluate.__doc__)
    evaluate.add_flags(one)
    one.set_defaults(run=evaluate.evaluate)

    one = commands.add_parser("plan", help=plan.plan.__doc__)
    plan.add_flags(one, ENGINES)
    one.set_defaults(run=plan.plan)

    groom_command.add_flags(
        commands.add_parser("groom", help="hair that is grown: styles as data, and their pictures")
    )
    return parser


def main(argv: list[str] | None = None) -> int:
    """Runs one command; 0, or 2 after one line about what was wrong."""
    try:
        args = command_line().parse_args(argv)
        check_names(args)
        args.run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        return leave_quietly()
    except MirrorError as error:
        print(f"train: {' '.join(str(error).splitlines())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("train: stopped; what was written stays", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(main())
