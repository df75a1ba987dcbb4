"""Ours beside the networks of the five seed systems: same photographs, same size, same minutes, one table.

    python -m train evaluate --against seeds --shards shards/photos --out runs/seeds --size 64 --minutes 5

Each network trains in a folder of its own under --out; one that is done is not trained again, so the whole
can be stopped and gone on with. Everybody gets the same loop (`train/loop`: warm-up and cosine, clipping,
moving average) with the likelihood, weight of the KL, optimiser, rate and batch of its own system. Judged are
the held-out pictures, each rebuilt from the mean of its own code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from mirror.core.errors import MirrorError
from train.baselines.comparison_table import Row, write_sheet, write_table
from train.baselines.training_settings import SYSTEMS, seed_recipe
from train.data.downsized_shards import open_shards
from train.data.shards import Shards
from train.evaluation.run_figures import judge_pictures, mean_picture
from train.inference.codec import Heads, open_codec, read_heads
from train.loop.checkpoint import CHECKPOINT
from train.loop.learning_rate import Budget
from train.loop.run_settings import RunSettings
from train.loop.training_loop import Recipe, fit
from train.metrics.bootstrap import Tally
from train.nets.spec import Spec
from train.recipes.by_name import open_recipe
from train.recipes.defaults import set_dials
from train.recipes.hyperparameters import Hyperparameters

Rebuild = Callable[[Heads], dict[str, np.ndarray]]

OURS = ("autoencoder", "vae", "burgess", "hair_vae")
PAINTER = (
    "it is shown the head around a hole that another head's hair has widened and paints the hole, so there "
    "is no figure of the whole picture"
)


def against_seeds(
    folders: list[Path], out: Path, *, size: int, minutes: float, nets: Sequence[str] = (*SYSTEMS, *OURS),
    threads: int = 1, people: int = 8,
) -> list[Row]:  # fmt: skip
    """Trains what is not trained yet, judges all, writes `table.json`, `table.md` and `sheet.png` into `out`.

    Args:
        folders: shards that `python -m train prepare` wrote.
        size: side of the pictures, for everybody; minutes: of training, each.
        nets: of SYSTEMS and OURS.
        threads: that make batches; people: columns of the sheet.

    Returns:
        The rows of the table, the mean picture first. A network that could not be trained (its loss was no
        longer a number, or the shards lack what it needs) has a row that says so.

    Raises:
        MirrorError: a network that there is not, nothing to learn from or to judge by, or a folder of `out`
            that holds a run with other settings.
    """
    if unknown := [net for net in nets if net not in (*SYSTEMS, *OURS)]:
        raise MirrorError(
            f"{', '.join(unknown)} cannot be compared. Give some of {', '.join((*SYSTEMS, *OURS))}."
        )
    # Both refuse what cannot be, before anything is written.
    Budget(minutes=minutes)
    Spec("vae", size)
    shards = open_shards(folders, size)
    numbers = shards.held_out()
    if not len(numbers):
        raise MirrorError(
            "None of the pictures of the first folder of --shards is of the split val, so there is nothing "
            "to judge by. Mark about one in ten val in index.csv and prepare again."
        )
    shards.training()  # nothing to learn from is said here, not by each network
    recipes, troubles = {}, {}
    for net in nets:
        try:
            made = seed_recipe(net, shards, size) if net in SYSTEMS else our_recipe(net, shards, size)
        except MirrorError as error:
            troubles[net] = str(error)
            continue
        recipes[net] = replace(made, told={**made.told, "shards": [str(folder) for folder in folders]})
        refuse_other_settings(recipes[net], out / net, minutes)
    few = np.linspace(0, len(numbers) - 1, min(people, len(numbers))).astype(int)
    shown = read_heads(shards, numbers[few], size)
    mean = mean_picture(shards, size)
    assert mean is not None

    def always_the_mean(heads: Heads) -> dict[str, np.ndarray]:
        return {"": np.broadcast_to(mean, heads["image"].shape)}

    rows = [Row("mean picture", "none", **judge(always_the_mean, shards, numbers)[""])]
    pictures = {
        "original": shown["image"].astype(np.float32) / 255,
        "mean picture": always_the_mean(shown)[""],
    }
    for net in nets:
        system = SYSTEMS[net].system if net in SYSTEMS else "ours"
        if net in recipes and (trouble := train(recipes[net], out / net, minutes, threads)):
            troubles[net] = trouble
        if net in troubles:
            rows.append(Row(net, system, note=troubles[net]))
            continue
        codec = open_codec(out / net)
        state = read_state(out / net)
        cost = {name: state[name] for name in ("parameters", "pictures_s", "pictures", "step")}
        seen = codec.reconstruct(shown)
        for way, figures in judge(codec.reconstruct, shards, numbers).items():
            name = net if len(seen) == 1 else f"{net}, {way}"
            note = SYSTEMS[net].mended if net in SYSTEMS else ""
            if net == "hair_vae":
                note, figures["psnr_picture"] = PAINTER, None
            rows.append(Row(name, system, codec.latent, note=note, **cost, **figures))
            pictures[name] = seen[way]
        # As they come in: a long comparison can be looked at before its end.
        write_table(out, rows, size=size, minutes=minutes, shards=folders, pictures=len(numbers))
    write_table(out, rows, size=size, minutes=minutes, shards=folders, pictures=len(numbers))
    write_sheet(out / "sheet.png", pictures)
    return rows


def our_recipe(net: str, shards: Shards, size: int) -> Recipe:
    """How one of our networks learns: as `python -m train fit --net NET --size SIZE` would.

    Raises:
        MirrorError: the shards hold nothing that it could learn from.
    """
    dials = set_dials(net, size)
    return open_recipe(dials.spec, shards, Hyperparameters(dials.batch, dials.rate))


def refuse_other_settings(recipe: Recipe, out: Path, minutes: float) -> None:
    """Raises MirrorError where `out` holds a run that was made otherwise, done or not."""
    asked = {"spec": asdict(recipe.spec), "rate": recipe.rate, "optimiser": recipe.optimiser}
    asked |= {"batch": recipe.batches.size, "minutes": minutes, **recipe.told}
    state = read_state(out)
    if differs := [f"{k} {state.get(k)} (now {v})" for k, v in asked.items() if state and state.get(k) != v]:
        raise MirrorError(
            f"{out} holds a run with other settings: {'; '.join(differs)}. Give another --out, or delete it."
        )


def train(recipe: Recipe, out: Path, minutes: float, threads: int = 1) -> str:
    """Trains one network, goes on with it, or finds it done; "", or why it could not be trained."""
    if read_state(out).get("spent") == 1:
        return ""
    try:
        settings = RunSettings(resume=(out / CHECKPOINT).exists(), loaders=threads)
        fit(recipe, out, Budget(minutes=minutes), settings)
    except MirrorError as error:
        return str(error)
    # Optimiser and all: four times the weights. The averaged ones stay.
    (out / CHECKPOINT).unlink()
    return ""


def read_state(out: Path) -> dict:
    """What a run's state.json says; {} where there is no run.

    Raises:
        MirrorError: it is damaged.
    """
    try:
        return json.loads((out / "state.json").read_text())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise MirrorError(
            f"{out / 'state.json'} cannot be read ({error}). Delete {out} to train anew."
        ) from None


def judge(rebuild: Rebuild, shards: Shards, numbers: np.ndarray) -> dict[str, dict]:
    """Figures of rebuilt pictures, those of `evaluate --runs`: way of rebuilding -> the figures of a Row."""
    tallies: dict[str, Tally] = {}
    for some in np.array_split(numbers, -(-len(numbers) // 64)):
        heads = read_heads(shards, some, shards.side)
        people = [shards.person[n] for n in some]
        for way, pictures in rebuild(heads).items():
            judge_pictures(pictures, heads, people, None, tallies.setdefault(way, Tally()))
    hair = ("psnr_hair", "ssim_hair", "gradient_psnr_hair")
    return {
        way: {name: tally.value(name) for name in hair}
        | {"psnr_hair_interval": tally.interval("psnr_hair"), "psnr_picture": tally.value("psnr")}
        for way, tally in tallies.items()
    }
