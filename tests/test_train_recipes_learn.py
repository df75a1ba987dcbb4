"""Every network learns: after a short training it does better on held-out pictures than knowing nothing."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.train_tiny import write_shard
from train.data.downsized_shards import open_shards
from train.data.shards import Shards
from train.loop.learning_rate import Budget
from train.loop.loader_speed import loader_speed
from train.loop.run_settings import RunSettings
from train.loop.training_loop import fit
from train.losses.reconstruction_and_kl import CodePrice
from train.recipes.by_name import open_recipe
from train.recipes.defaults import set_dials
from train.recipes.hyperparameters import Hyperparameters

pytestmark = pytest.mark.usefixtures("one_thread")

SIZE = 64


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Shards:
    folder = write_shard(tmp_path_factory.mktemp("many"), 0, ["train"] * 40 + ["val"] * 8, hair_up_to=255)
    return open_shards([folder], SIZE)


def stack(shards: Shards, split: str, name: str) -> np.ndarray:
    return np.stack([shards[n][name] for n in shards.numbers(split)]).astype(np.float32) / 255


def mean_picture_psnr(shards: Shards) -> float:
    """The trivial predictor: the mean training picture, whoever stands there."""
    error = (stack(shards, "val", "image") - stack(shards, "train", "image").mean(0)) ** 2
    valid = stack(shards, "val", "valid") > 0.5
    return float(np.mean([-10 * np.log10(e[v].mean()) for e, v in zip(error, valid, strict=True)]))


def trained(shards: Shards, net: str, folder: Path, steps: int, rate: float | None = None):
    dials = set_dials(net, SIZE, batch=8, rate=rate)
    price = CodePrice(beta=0.1 if net == "burgess" else 1.0)
    recipe = open_recipe(dials.spec, shards, Hyperparameters(8, dials.rate, price))
    recipe = replace(recipe, warm_up=10, average=0.9)
    return recipe, fit(recipe, folder, Budget(steps=steps), RunSettings(save_steps=10**6))


@pytest.mark.parametrize(("net", "steps"), [("autoencoder", 80), ("vae", 80), ("burgess", 400)])
def test_picture_networks_beat_the_mean_picture(shards: Shards, tmp_path: Path, net: str, steps: int) -> None:
    recipe, learnt = trained(shards, net, tmp_path, steps)
    assert recipe.check(learnt)["psnr"] > mean_picture_psnr(shards) + 0.5


def test_the_matte_network_beats_the_mean_matte(tmp_path: Path) -> None:
    shards = open_shards([write_shard(tmp_path / "dark", 0, ["train"] * 40 + ["val"] * 8)], SIZE)
    recipe, learnt = trained(shards, "matte", tmp_path / "run", 150)
    mean = stack(shards, "train", "matte").mean(0) > 0.5
    theirs, valid = stack(shards, "val", "matte") > 0.5, stack(shards, "val", "valid") > 0.5
    trivial = (mean & theirs & valid).sum() / ((mean | theirs) & valid).sum()
    assert recipe.check(learnt)["iou"] > trivial


def test_the_hair_vae_beats_the_mean_picture_in_the_hair(shards: Shards, tmp_path: Path) -> None:
    recipe, learnt = trained(shards, "hair_vae", tmp_path, 150, rate=2e-3)
    error = ((stack(shards, "val", "image") - stack(shards, "train", "image").mean(0)) ** 2).mean(-1)
    hair = (stack(shards, "val", "matte") > 0.5) & (stack(shards, "val", "valid") > 0.5)
    trivial = np.mean([-10 * np.log10(e[h].mean()) for e, h in zip(error, hair, strict=True)])
    figures = recipe.check(learnt)
    assert figures["psnr_hair"] > trivial and figures["psnr_hair_z"] > trivial


def test_the_speed_of_the_loader_is_a_ratio_of_two_things_timed_in_turns(shards: Shards) -> None:
    dials = set_dials("burgess", SIZE, batch=8)
    recipe = open_recipe(dials.spec, shards, Hyperparameters(8, dials.rate))
    quick = loader_speed(recipe, rounds=2, seconds=0.3)
    assert len(quick.ratios) == 2 and all(share > 0 for share in quick.ratios)
    assert "with fresh batches" in str(quick)

    class Slow:
        size = 8

        def make(self, step, progress, rows):
            time.sleep(0.4)
            return recipe.batches.make(step, progress, rows)

    slow = loader_speed(replace(recipe, batches=Slow()), rounds=1, seconds=1.5)
    assert slow.ratios[0] < 0.5 < np.median(quick.ratios), "a loader that sleeps is found out"
