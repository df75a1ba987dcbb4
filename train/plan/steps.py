"""The steps of `python -m train plan`, in order of worth: what each needs, runs, keeps and tells.

Its commands are built anew whenever a step begins or goes on: each picks up what an earlier call left.
"""

from __future__ import annotations

import csv
import json
import sys
from functools import partial
from pathlib import Path

import numpy as np

from train.groom.shipped import shipped
from train.plan.step import Given, Stages, Step, Words, train

VIEWS = (-30, -15, 0, 15, 30)  # degrees of yaw, as the styles that ship have
# The share of a fit's time in which it trains; the rest is loading, held-out pictures and checkpoints.
TRAINED = 0.8
NETS = ("hair_vae", "underlay", "matte")


# The styles that ship, rendered anew.


def renders(given: Given, minutes: float) -> Stages:
    """Four styles at a time, each with its file for the mirror as soon as they are rendered."""
    names = list(shipped())
    looks: Words = ("--yaw", *VIEWS, "--size", "448x640", "--samples", 256)
    if given.miniature:
        names, looks = names[:1], ("--yaw", 0, "--size", "112x160", "--samples", 2)
    layers, stages = given.work / "renders", Stages()
    for first in range(0, len(names), 4):
        four = names[first : first + 4]
        stages += [
            [train("groom", "render", *four, *looks, "--device", given.cycles, "--out", layers)],
            [train("groom", "book", *four, "--renders", layers, "--out", given.out / "renders")],
        ]
    return stages


def styles_made(given: Given) -> int:
    return len(list((given.out / "renders").glob("*.hair")))


RENDERS = Step(
    name="renders",
    share=0.20,
    why="the grown styles that ship, at 256 rays a pixel instead of 32 to 64: what people look at most",
    stages=renders,
    needs=("Blender on the GPU",),
    enough=lambda given: styles_made(given) > 0,
    keep=("renders/*/*_y+0_p+0.png",),
    told=lambda given: (
        f"{styles_made(given)} styles, {made(given, 'renders/*/*.layers')} views on {given.cycles}"
    ),
)


def made(given: Given, pattern: str) -> int:
    """How many files there are below the work folder."""
    return len(list(given.work.glob(pattern)))


# Heads to learn from.


def prepare(given: Given, *words: object) -> Stages:
    people = ("--data", given.photos, "--teacher", given.teacher, "--workers", given.cores)
    return [[train("prepare", *people, *words)]]


def shards(given: Given, minutes: float) -> Stages:
    """Photographs at 512 pixels; smaller networks average them."""
    if given.shards:
        return []
    small: Words = ("--side", 64, "--limit", 24) if given.miniature else ("--side", 512)
    return prepare(given, *small, "--out", given.work / "shards")


def heads_in(folder: Path) -> int:
    """How many heads lie in a folder of shards."""
    return sum(len(json.loads(path.read_text())["files"]) for path in folder.glob("[0-9]*/shard.json"))


def side_of(folder: Path) -> int:
    """Pixels of the prepared heads of a folder; 0 where there are none."""
    first = next(iter(sorted(folder.glob("[0-9]*/image.npy"))), None)
    return 0 if first is None else int(np.load(first, mmap_mode="r").shape[1])


SHARDS = Step(
    name="shards",
    share=0.05,
    why="heads of 512 pixels for the networks below, where photographs came along and no shards",
    stages=shards,
    needs=("heads",),
    enough=lambda given: heads_in(given.work / "shards") > 0,
    told=lambda given: f"{heads_in(given.heads()[0]):,} heads of {side_of(given.heads()[0])} pixels",
)


def dataset(given: Given, minutes: float) -> Stages:
    """Several processes side by side: to grow hair and to build its tree keeps a core busy, not the GPU."""
    # 48 pixels an eye distance: heads of 256 pixels have 46, and finer strands would be made up.
    looks: Words = ("--views", 5, "--size", "336x480", "--samples", 16, "--strands", 0.5)
    many: Words = ("--count", 5000, "--held-out", 250)
    side_by_side = max(1, given.cores // 4)
    if given.miniature:
        looks = ("--views", 2, "--size", "112x160", "--samples", 2, "--strands", 0.05)
        many, side_by_side = ("--count", 2, "--held-out", 2), 1
    words = ("groom", "dataset", *many, *looks, "--device", given.cycles)
    folders = {seed: given.work / "dataset" / str(seed) for seed in range(side_by_side)}
    return [[train(*words, "--seed", seed, "--out", folder) for seed, folder in folders.items()]]


def no_dataset(given: Given) -> str:
    return "" if made(given, "dataset/*/*/*/labels.json") else "there are no renders to lay over people"


DATASET = Step(
    name="dataset",
    share=0.12,
    why="grown hair with every truth known, by the thousand: what underlay and matte learn from",
    stages=dataset,
    needs=("Blender on the GPU",),
    enough=lambda given: not no_dataset(given),
    told=lambda given: f"{made(given, 'dataset/*/*/*/*.layers')} renders on {given.cycles}",
)


def pairs(given: Given, minutes: float) -> Stages:
    """People, and the same people with that hair."""
    small: Words = ("--side", 64, "--limit", 24, "--each", 1) if given.miniature else ("--each", 4)
    return prepare(given, "--groom", given.work / "dataset", *small, "--out", given.work / "pairs")


PAIRS = Step(
    name="pairs",
    share=0.04,
    why="that hair on people, and the same people without",
    stages=pairs,
    needs=("photographs",),
    lacks=no_dataset,
    enough=lambda given: heads_in(given.work / "pairs") > 0,
    told=lambda given: f"{heads_in(given.work / 'pairs'):,} pairs",
)


# Networks.


def fit(net: str, given: Given, minutes: float) -> Stages:
    """From the weights that ship, where the size is theirs; the batch is larger than on a processor."""
    size = 512 if net == "hair_vae" and side_of(given.heads()[0]) >= 512 else 256
    learn: Words = ("--minutes", f"{TRAINED * minutes:.2f}", "--save-minutes", 2)
    learn += ("--batch", 32 if size == 512 else 64, "--loaders", max(1, given.cores - 4))
    if given.miniature:
        size, learn = 64, ("--steps", 2, "--batch", 2)
    folder, heads = given.work / net, given.heads()
    if net != "hair_vae" and heads_in(given.work / "pairs"):
        heads = (*heads, given.work / "pairs")
    begin: Words = ("--warm", given.engines) if size == 256 else ()
    if (folder / "checkpoint.safetensors").exists():
        begin = ("--resume",)
    return [[train("fit", "--net", net, "--size", size, "--shards", *heads, *learn, "--out", folder, *begin)]]


def no_heads(given: Given) -> str:
    return "" if heads_in(given.heads()[0]) else f"there are no heads in {given.heads()[0]}"


def has_learnt(net: str, given: Given) -> bool:
    return (given.work / net / "average.safetensors").exists()


def fit_told(net: str, given: Given) -> str:
    state = json.loads((given.work / net / "state.json").read_text())
    figures = ["nothing, for there is nobody"]
    if (given.work / net / "held_out.csv").exists():
        with (given.work / net / "held_out.csv").open() as file:
            rows = list(csv.DictReader(file))
        named = [name for name in rows[0] if name not in ("step", "spent")]
        figures = [f"{name} {rows[0][name]} to {rows[-1][name]}" for name in named]
    return (
        f"{state['spec']['size']} pixels on {state['device']} in {state['precision']}, "
        f"{state['pictures']:,} pictures at {state['pictures_s']:.0f}/s; held out: {', '.join(figures)}"
    )


def fit_step(net: str, share: float, why: str) -> Step:
    files = ("average.safetensors", "held_out.csv", "log.csv", "state.json")
    return Step(
        name=net,
        share=share,
        why=why,
        stages=partial(fit, net),
        needs=("training on the GPU", "heads"),
        lacks=no_heads,
        enough=partial(has_learnt, net),
        keep=tuple(f"{net}/{file}" for file in files),
        told=partial(fit_told, net),
    )


HAIR_VAE = fit_step(
    "hair_vae",
    0.26,
    "painted hair at 512 pixels a head, which is 92 an eye distance (128 would take a network that there is "
    "not yet), from nothing; with heads of 256 pixels, on from what ships",
)
UNDERLAY = fit_step(
    "underlay", 0.13, "what lies beneath hair: its rate had fallen, not its slope, when its hour was over"
)
MATTE = fit_step("matte", 0.08, "where hair is, on grown hair too, of which every strand is known")


def export(given: Given, minutes: float) -> Stages:
    """Under the mirror's names what it can run, under another what it cannot."""
    stages: Stages = []
    for net in (net for net in NETS if has_learnt(net, given)):
        size = json.loads((given.work / net / "state.json").read_text())["spec"]["size"]
        name = () if size == 256 else ("--name", f"side{size}")
        stages.append([train("export", given.work / net, *name, "--engines", given.out / "engines")])
    return stages


def nothing_learnt(given: Given) -> str:
    return "" if any(has_learnt(net, given) for net in NETS) else "no network has learnt anything"


def export_told(given: Given) -> str:
    files = sorted((given.out / "engines").glob("*.onnx"))
    return f"{', '.join(path.name for path in files)}: {sum(p.stat().st_size for p in files) / 1e6:.1f} MB"


EXPORT = Step(
    name="export",
    share=0.04,
    why="what was learnt as files for the mirror, proven to load",
    stages=export,
    needs=("training on the GPU",),
    lacks=nothing_learnt,
    told=export_told,
)


# How fast the mirror is.


def timings(given: Given, minutes: float) -> Stages:
    """Each network by itself, then whole frames: of the program, and from memory."""
    engine, runs, frames, rounds = ("auto", 3, 90, 1) if given.miniature else ("tensorrt", 300, 450, 3)
    folder, shared = given.out / "timings", ("--style", "bob", "--engine", engine, "--frames", frames)
    programs: dict[str, Words] = {
        "train.plan.timings": ("--engines", given.engines, "--engine", engine, "--runs", runs),
        "run_mirror": (*shared, "--source", "demo", "--headless", "--pace", "max"),
        "tests.bench": (*shared, "--rounds", rounds),
    }
    programs["train.plan.timings"] += ("--out", folder / "networks.json")
    programs["run_mirror"] += ("--report", folder / "mirror.json")
    return [[[sys.executable, "-m", name, *map(str, words)]] for name, words in programs.items()]


def timings_told(given: Given) -> str:
    folder = given.out / "timings"
    networks = json.loads((folder / "networks.json").read_text())["networks"]
    told = [
        f"{name} {one['ms']:.2f} ms in {one['engine']} {one['precision']}" for name, one in networks.items()
    ]
    if (folder / "mirror.json").exists():
        told.append(f"the program {json.loads((folder / 'mirror.json').read_text())['fps']} frames/s")
    return ", ".join(told)


TIMINGS = Step(
    name="timings",
    share=0.08,
    why="how fast the mirror is on such a GPU, and how near float16 on it is to float32",
    stages=timings,
    needs=("TensorRT",),
    enough=lambda given: (given.out / "timings" / "networks.json").exists(),
    told=timings_told,
)

STEPS = (RENDERS, SHARDS, HAIR_VAE, DATASET, PAIRS, UNDERLAY, MATTE, EXPORT, TIMINGS)
