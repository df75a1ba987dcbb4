"""`python -m train groom`: what the flags ask for, and which part of the package answers.

list                 the styles, the colours, the lights, the heads; or every parameter with its unit and
range
look STYLE           a page to look at while a style is made: from all sides, in other lights and colours
sheet [STYLE...]     many styles on one picture, from the front and from three quarters
render STYLE...      layers with all their passes, for networks and for the mirror
wear STYLE...        styles laid over real people, in the light of their own face
book STYLE...        renders as files that the mirror wears
truth                statistics of hair in photographs and in renders, side by side
dataset              many grooms on many heads, with every label, to train on
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from mirror.core.errors import MirrorError
from train.groom.book import find_groom, read_book
from train.groom.knobs import ranges
from train.groom.loss import find_stage, loss_stages, with_loss
from train.groom.record import GROUPS, Groom
from train.groom.shipped import shipped


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of all its commands."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("list", help="the styles that are groomed")
    one.add_argument(
        "--parameters", action="store_true", help="every parameter of a style: range, unit, effect"
    )
    one.add_argument("--colours", action="store_true", help="the hair colours")
    one.add_argument("--lights", action="store_true", help="the lights")
    one.add_argument("--heads", action="store_true", help="the heads")
    one.add_argument("--losses", action="store_true", help="the stages of hair loss")
    one.set_defaults(run=list_command)

    one = commands.add_parser("look", help="a style from all sides, in other lights and colours")
    one.add_argument("styles", nargs="+", metavar="STYLE")
    one.add_argument("--out", type=Path, default=Path("runs/groom/look"), help="folder of the pages")
    one.add_argument(
        "--draft", action="store_true", help="in seconds and without Blender: shape and cut only"
    )
    _shared(one, samples=24)
    one.set_defaults(run=look_command)

    one = commands.add_parser("sheet", help="many styles on one picture, from two sides")
    one.add_argument("styles", nargs="*", default=["all"], metavar="STYLE", help="default: all")
    one.add_argument("--out", type=Path, required=True, metavar="FILE.jpg", help="cells are kept beside it")
    one.add_argument(
        "--draft", action="store_true", help="in seconds and without Blender: shape and cut only"
    )
    one.add_argument("--columns", type=int, default=6, help="styles in a row, 1 to 40")
    one.add_argument("--strands", type=float, default=0.5, help="multiplies their number, 0.02 to 2")
    _shared(one, samples=24, size="224x320")
    one.set_defaults(run=sheet_command)

    one = commands.add_parser("render", help="layers with all their passes")
    one.add_argument("styles", nargs="+", metavar="STYLE")
    one.add_argument("--out", type=Path, required=True, help="folder of the layers; what is there is kept")
    one.add_argument(
        "--yaw", type=float, nargs="+", default=[0.0], metavar="DEG", help="-45 to 45; several: each"
    )
    one.add_argument("--pitch", type=float, nargs="+", default=[0.0], metavar="DEG", help="-25 to 25")
    one.add_argument("--roll", type=float, default=0.0, metavar="DEG")
    one.add_argument(
        "--light", default="studio", metavar="NAME", help="of the preview; the layer holds all of them"
    )
    one.add_argument("--colour", metavar="NAME", help="default: the style's own")
    _shared(one, samples=64)
    one.set_defaults(run=render_command)

    one = commands.add_parser("wear", help="styles laid over real people, in the light of their own face")
    one.add_argument("styles", nargs="+", metavar="STYLE")
    one.add_argument("--photo", type=Path, nargs="+", required=True, metavar="FILE", help="of the people")
    one.add_argument("--out", type=Path, required=True, help="folder of the pictures; what is there is kept")
    one.add_argument(
        "--colour", metavar="NAME", help="own: nearest to the person's; default: the style's own"
    )
    one.add_argument("--truth", action="store_true", help="write alpha and what lies beneath, too")
    one.add_argument("--layers", type=Path, help="folder to keep renders in, and to take them from again")
    _growing(one, samples=96)
    one.set_defaults(run=wear_command)

    one = commands.add_parser("book", help="what `render` wrote, as files that the mirror wears")
    one.add_argument("styles", nargs="*", metavar="STYLE", help="default: all of shipped.toml")
    again = "a folder that `groom render` wrote; without it files that are there are listed anew"
    one.add_argument("--renders", type=Path, help=again)
    one.add_argument("--out", type=Path, default=Path("engines/grown"), help="folder of the files")
    one.set_defaults(run=book_command)

    one = commands.add_parser("detail", help="strands at twice the side for styles that the mirror wears")
    one.add_argument("styles", nargs="*", metavar="STYLE", help="default: all of shipped.toml")
    one.add_argument(
        "--yaw",
        type=float,
        nargs="+",
        default=[-30.0, -15.0, 0.0, 15.0, 30.0],
        metavar="DEG",
        help="of which views",
    )
    one.add_argument("--out", type=Path, default=Path("engines/grown"), help="folder of the files")
    one.add_argument("--samples", type=int, default=24, help="rays a pixel, of four to one of the view")
    one.add_argument("--device", default="CPU", type=str.upper, metavar="NAME", help="CPU, CUDA, OPTIX ...")
    one.set_defaults(run=detail_command)

    one = commands.add_parser("truth", help="statistics of hair in photographs and in renders, side by side")
    one.add_argument(
        "--photos", type=Path, required=True, help="held-out portraits; val, where index.csv says so"
    )
    one.add_argument("--renders", type=Path, required=True, help="a folder that `groom render` wrote")
    one.add_argument(
        "styles", nargs="*", metavar="STYLE", help="rendered into that folder first, unless they are there"
    )
    one.add_argument("--samples", type=int, default=32, help="rays a pixel")
    one.add_argument("--limit", type=int, default=300, help="photographs to look at")
    one.set_defaults(run=truth_command)

    one = commands.add_parser("dataset", help="many grooms on many heads, with every label, to train on")
    one.add_argument("--out", type=Path, required=True, help="folder; what is there of the same kind is kept")
    one.add_argument("--count", type=int, default=2000, help="renders to train on")
    one.add_argument("--held-out", type=int, default=200, help="renders of other styles on other heads")
    one.add_argument("--views", type=int, default=4, help="of each groom")
    one.add_argument("--size", default="448x640", metavar="WxH", help="pixels; 64 an eye distance at 448x640")
    one.add_argument("--samples", type=int, default=32, help="rays a pixel")
    one.add_argument("--strands", type=float, default=1.0, help="multiplies their number, 0.02 to 2")
    one.add_argument("--seed", type=int, default=0, help="the same seed makes the same data set")
    one.add_argument("--device", default="CPU", type=str.upper, metavar="NAME", help="CPU, CUDA, OPTIX ...")
    one.add_argument("--ray", metavar="ADDRESS", help="of a Ray cluster; local: one on this machine")
    one.set_defaults(run=dataset_command)


def _shared(parser: argparse.ArgumentParser, samples: int, size: str = "448x640") -> None:
    parser.add_argument("--head", default="canonical", metavar="NAME", help="`list --heads` names them")
    _growing(parser, samples, size)


def _growing(parser: argparse.ArgumentParser, samples: int, size: str = "448x640") -> None:
    parser.add_argument(
        "--loss", metavar="NAME", help="the style with so much hair lost; `list --losses` names the stages"
    )
    parser.add_argument("--size", default=size, metavar="WxH", help="pixels; 64 an eye distance at 448x640")
    parser.add_argument("--seed", type=int, default=1, help="the same seed grows the same hair")
    parser.add_argument("--samples", type=int, default=samples, help="rays a pixel")
    parser.add_argument(
        "--device", default="CPU", type=str.upper, metavar="NAME", help="CPU, CUDA, OPTIX ..."
    )


def list_command(args: argparse.Namespace) -> None:
    """Prints what there is."""
    if args.parameters:
        for name, kind, default in ranges(Groom):
            usual = f"{default:g}" if isinstance(default, (int, float)) else "none"
            print(f"{name:28} {usual:>8}  {kind.low:g} to {kind.high:g} {kind.unit:10} {kind.effect}")
        return
    if args.colours:
        from train.groom.colour import COLOURS

        print("\n".join(COLOURS))
        return
    if args.lights:
        from train.groom.lights import LIGHTS

        print("\n".join(LIGHTS))
        return
    if args.heads:
        from train.groom.head import head_names

        print("\n".join(head_names()))
        return
    if args.losses:
        for stage in loss_stages().values():
            print(f"{stage.name:18} {stage.words}")
        return
    book = read_book()
    for group in GROUPS:
        for groom in book.values():
            if groom.group == group:
                print(f"{group:9} {groom.name:28} {', '.join(groom.words)}")
    print(f"{len(book)} styles")


def look_command(args: argparse.Namespace) -> None:
    """Pages to look at."""
    from train.groom.look import Looking, draw_draft_page, draw_page

    grooms = _asked(args.styles, args.loss)
    looking = Looking(picture_size(args.size), args.head, args.seed, args.samples, args.device)
    for groom in grooms:
        print((draw_draft_page if args.draft else draw_page)(groom, args.out, looking))


def sheet_command(args: argparse.Namespace) -> None:
    """Many styles on one picture."""
    from train.groom.sheet import Sheet, draw_sheet

    for name, value, low, high in (("columns", args.columns, 1, 40), ("strands", args.strands, 0.02, 2)):
        if not low <= value <= high:
            raise MirrorError(f"--{name} {value:g} is out of range. Give {low:g} to {high:g}.")
    grooms = _asked(args.styles, args.loss)
    sheet = Sheet(
        picture_size(args.size), args.columns, args.draft, args.samples, args.strands, args.head, args.seed,
        args.device,
    )  # fmt: skip
    draw_sheet(grooms, args.out, sheet)


def render_command(args: argparse.Namespace) -> None:
    """Layers in a folder."""
    from train.groom.layers import Wanted, render_layers

    grooms = _asked(args.styles, args.loss)
    for name, values, most in (("yaw", args.yaw, 45), ("pitch", args.pitch, 25), ("roll", [args.roll], 45)):
        for value in values:
            if not -most <= value <= most:
                raise MirrorError(f"--{name} {value:g} is out of range. Give -{most} to {most} degrees.")
    wanted = Wanted(
        yaws=tuple(args.yaw), pitches=tuple(args.pitch), roll=args.roll, size=picture_size(args.size),
        light=args.light, colour=args.colour, head=args.head, seed=args.seed, samples=args.samples,
        device=args.device,
    )  # fmt: skip
    render_layers(grooms, args.out, wanted)


def wear_command(args: argparse.Namespace) -> None:
    """People with grown hair."""
    from train.groom.wear import Wearing, wear_styles

    grooms = _asked(args.styles, args.loss)
    wearing = Wearing(
        args.colour, args.seed, args.samples, picture_size(args.size), args.device, args.truth, args.layers
    )
    wear_styles(grooms, args.photo, args.out, wearing)


def book_command(args: argparse.Namespace) -> None:
    """Files that the mirror wears."""
    from train.groom.write_book import list_anew, write_book

    if args.renders is None:
        list_anew(_named(args.styles), args.out)
    else:
        write_book(_named(args.styles), args.renders, args.out)


def detail_command(args: argparse.Namespace) -> None:
    """Strands of the files that the mirror wears."""
    from train.groom.shipped import shipped
    from train.groom.strand_detail import Wanted, add_detail

    names = _named(args.styles) or list(shipped())
    done = add_detail(names, args.out, Wanted(tuple(args.yaw), args.samples, device=args.device))
    print(f"{done} views in {args.out} have their strands now that had not")


def truth_command(args: argparse.Namespace) -> None:
    """The table of photographs and renders."""
    from train.groom.layers import Wanted, render_layers
    from train.groom.measure import print_table

    if args.limit < 1:
        raise MirrorError(f"--limit {args.limit} is too few. Give 1 or more.")
    if args.styles:
        grooms = _asked(args.styles, None)
        render_layers(grooms, args.renders, Wanted(samples=args.samples, passes=("portrait",)))
    print_table(args.photos, args.renders, args.limit)


def dataset_command(args: argparse.Namespace) -> None:
    """A data set in a folder."""
    from train.groom.dataset import Plan, make_dataset

    for name, value, low, high in (
        ("count", args.count, 1, 10_000_000), ("held-out", args.held_out, 0, 1_000_000),
        ("views", args.views, 1, 64), ("strands", args.strands, 0.02, 2), ("seed", args.seed, 0, 2**31),
    ):  # fmt: skip
        if not low <= value <= high:
            raise MirrorError(f"--{name} {value:g} is out of range. Give {low:g} to {high:g}.")
    plan = Plan(
        args.count, args.held_out, args.views, picture_size(args.size), args.samples, args.seed, args.device,
        args.strands,
    )  # fmt: skip
    make_dataset(plan, args.out, args.ray)


def picture_size(text: str) -> tuple[int, int]:
    """(width, height) of "448x640". Raises MirrorError for anything else, or a size out of range."""
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise MirrorError(f"--size {text!r} is no size. Give WIDTHxHEIGHT in pixels, such as 448x640.")
    if not (56 <= int(width) <= 1792 and 80 <= int(height) <= 2560):
        raise MirrorError(
            f"--size {text} is out of range. Give 56x80 to 1792x2560, such as 448x640 or 896x1280."
        )
    return int(width), int(height)


def _asked(names: list[str], loss: str | None) -> list[Groom]:
    """The styles of the command line, with the loss that was asked for in their names."""
    if names == ["shipped"]:
        grooms = [one.groom for one in shipped().values()]
    else:
        grooms = [find_groom(name) for name in _named(names)]
    if loss is None:
        return grooms
    stage = find_stage(loss).name
    lost = [with_loss(groom, stage) for groom in grooms]
    return [dataclasses.replace(one, name=f"{one.name}-{stage.replace(' ', '_')}") for one in lost]


def _named(names: list[str]) -> list[str]:
    return list(read_book()) if names == ["all"] else names
