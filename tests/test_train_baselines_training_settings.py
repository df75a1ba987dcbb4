"""The bugs of the five seed systems: each has a test here that would catch it in this package.

S1    a mean limited to rank 64 by a bottleneck
S2    one epsilon for the whole batch
S3    training mode not restored after validation
S3    an initialisation that touches no layer
S4    a loader that stops at 2,560 files
      np.resize taken for an image resize
      a rate of learning in the README other than in the code
"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from tests.train_tiny import tiny_shards, write_pictures
from train.data.batch_loader import PictureBatches
from train.data.downsized_shards import open_shards
from train.data.shards import Shards
from train.inference.codec import read_heads
from train.loop.learning_rate import Budget
from train.loop.optimiser import OPTIMISERS, open_optimiser
from train.loop.random_numbers import Draws
from train.loop.run_settings import RunSettings
from train.loop.training_loop import Moment, fit
from train.losses.reconstruction_and_kl import sample
from train.nets.autoencoders import PictureNet
from train.nets.baseline_nets import HairstyleVAE, VAEriation
from train.nets.hair_vae import HairVAE
from train.nets.spec import NETS, SEEDS, Spec, build
from train.recipes.by_name import open_recipe
from train.recipes.defaults import set_dials
from train.recipes.hyperparameters import Hyperparameters
from train.recipes.whole_picture import picture_recipe

pytestmark = pytest.mark.usefixtures("one_thread")

UNCODED = ("matte", "underlay", "harmonizer")  # networks that have no code
CODED = tuple(net for net in (*NETS, *SEEDS) if net not in UNCODED)
LATENT = 24
README = Path(__file__).resolve().parent.parent / "train" / "README.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_shards(tmp_path_factory.mktemp("shards"))


@pytest.fixture(scope="module")
def shards(folder: Path) -> Shards:
    return open_shards([folder], 64)


def means(net: nn.Module, image: Tensor) -> Tensor:
    """Means of the codes of pictures, by whichever door the network has."""
    if isinstance(net, HairVAE):
        return net.encoder(image, image[:, :1], image[:, 1:2])[0]
    assert isinstance(net, PictureNet)
    return net.encode(image)[0]


@torch.no_grad()
def rank_of_the_mean(net: nn.Module) -> int:
    """In how many directions the mean moves over more pictures than it has numbers."""
    net = net.double().eval()
    pictures = torch.rand(LATENT + 16, 3, 64, 64, generator=torch.Generator().manual_seed(1)).double()
    found = torch.cat([means(net, some) for some in pictures.split(8)])
    return int(torch.linalg.matrix_rank(found - found.mean(0), rtol=1e-9))


@pytest.mark.parametrize("net", CODED)
def test_the_mean_uses_all_its_numbers(net: str) -> None:
    torch.manual_seed(0)
    assert rank_of_the_mean(build(Spec(net, 64, LATENT))) == LATENT


def test_a_bottleneck_before_the_mean_would_be_seen() -> None:
    torch.manual_seed(0)
    assert rank_of_the_mean(VAEriation(64, LATENT, middle=LATENT // 4)) == LATENT // 4
    assert rank_of_the_mean(HairstyleVAE(64, LATENT, middle=5)) <= 5


def test_every_element_has_an_epsilon_of_its_own() -> None:
    drawn = sample(torch.zeros(6, 5), torch.zeros(6, 5))
    assert len(drawn.unique()) == 30
    noise = Draws(0, 3, range(6), 6).normal(5)
    assert len(noise.unique()) == 30
    assert not torch.equal(noise, Draws(0, 4, range(6), 6).normal(5))


@pytest.mark.parametrize("net", ["vae", "burgess", "s0_vae", "s1", "s3", "s4", "hair_vae"])
def test_equal_pictures_of_a_batch_get_codes_of_their_own(net: str, shards: Shards) -> None:
    torch.manual_seed(0)
    made = build(Spec(net, 64, LATENT))
    codes = []
    door = made.shape_decoder if isinstance(made, HairVAE) else made
    name = "forward" if isinstance(made, HairVAE) else "logits"
    inner = getattr(door, name)
    setattr(door, name, lambda z, *rest: codes.append(z.detach()) or inner(z, *rest))
    recipe = open_recipe(Spec(net, 64, LATENT), shards, Hyperparameters(4, 1e-3))
    arrays = recipe.batches.make(0, 0.0, range(1)).arrays
    batch = {k: torch.from_numpy(np.repeat(v, 4, 0)).float() for k, v in arrays.items()}
    batch = {k: v / 255 if arrays[k].dtype == np.uint8 else v for k, v in batch.items()}
    recipe.loss(made.eval(), batch, Moment(0, 0.0, Draws(0, 0, range(4), 4)))
    (z,) = codes
    apart = (z[:, None] - z).abs() + torch.eye(4)[..., None]
    assert apart.min() > 1e-6


def test_validation_leaves_batch_norm_learning(shards: Shards, tmp_path: Path) -> None:
    """Every step is counted by every batch norm, however often there was a validation in between."""
    recipe = replace(
        picture_recipe(Spec("s3", 64, 8, "bce"), shards, Hyperparameters(4, 1e-3)),
        check=lambda net: {"mode": net.training},
    )
    fit(recipe, tmp_path / "run", Budget(steps=5), RunSettings(save_steps=1, precision="float32"))
    counted = [v for k, v in load_file(tmp_path / "run/average.safetensors").items() if "num_batches" in k]
    assert len(counted) == 8 and all(int(v) == 5 for v in counted)
    with (tmp_path / "run/held_out.csv").open(newline="") as lines:
        assert [float(row["mode"]) for row in csv.DictReader(lines)] == [0.0] * 5


def test_s3_begins_with_convolutions_of_0_02() -> None:
    torch.manual_seed(0)
    found = [m for m in build(Spec("s3", 64, 16)).modules() if isinstance(m, nn.Conv2d | nn.ConvTranspose2d)]
    assert len(found) == 9
    for module in found:
        assert module.weight.std().item() == pytest.approx(0.02, rel=0.2)
        assert module.bias is not None and not module.bias.any()


@pytest.mark.parametrize("net", [*CODED, *UNCODED])
def test_no_layer_begins_empty_or_all_alike(net: str) -> None:
    torch.manual_seed(0)
    first = dict(build(Spec(net, 64, LATENT)).named_parameters())
    second = dict(build(Spec(net, 64, LATENT)).named_parameters())
    for name, weight in first.items():
        if weight.ndim > 1:
            assert 1e-4 < weight.std() < 1 and weight.abs().max() > weight.abs().min(), name
            assert not torch.equal(weight, second[name]), name


def test_more_than_2560_pictures_are_all_seen(tmp_path: Path) -> None:
    shards = Shards([write_pictures(tmp_path, 2600, side=8)])
    batches = PictureBatches(shards, 100)
    seen = [name for step in range(26) for name in batches.make(step, 0.0, range(100)).files]
    assert len(seen) == len(set(seen)) == 2600
    assert set(seen) == set(shards.files)


def test_a_smaller_picture_is_the_picture_smaller(tmp_path: Path) -> None:
    """np.resize repeats the first bytes instead: the lower half would be gone."""
    folder = write_pictures(tmp_path, 6, side=128)
    path = folder / "00000/image.npy"
    image = np.load(path)
    x, y = np.meshgrid(np.arange(128), np.arange(128))
    image[:] = np.stack([2 * x, 2 * y, (x // 32 + y // 32) % 2 * 255], -1)
    np.save(path, image)
    whole, wrong = image[0], np.resize(image[0], (64, 64, 3))
    right = cv2.resize(whole, (64, 64), interpolation=cv2.INTER_AREA)
    assert np.abs(wrong.astype(int) - right).mean() > 40
    shards = open_shards([folder], 64)
    kept = PictureBatches(shards, 1).make(0, 0.0, range(1)).arrays["image"][0].transpose(1, 2, 0)
    kept = kept if kept[0, 0, 0] < kept[0, -1, 0] else kept[:, ::-1]
    for made in (shards.array(0, "image"), read_heads(Shards([folder]), np.array([0]), 64)["image"][0], kept):
        assert np.abs(made.astype(int) - right).max() <= 1


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_the_rate_that_is_told_is_the_rate_that_is_used(
    optimiser: str, shards: Shards, tmp_path: Path
) -> None:
    recipe = picture_recipe(Spec("s4", 64, 4, "bce"), shards, Hyperparameters(2, 3e-3), optimiser=optimiser)
    recipe = replace(recipe, check=None, warm_up=1)
    fit(recipe, tmp_path / "run", Budget(steps=3), RunSettings(log_steps=1, precision="float32"))
    state = json.loads((tmp_path / "run/state.json").read_text())
    with (tmp_path / "run/log.csv").open(newline="") as lines:
        used = [float(row["rate"]) for row in csv.DictReader(lines)]
    assert (state["rate"], state["optimiser"]) == (3e-3, optimiser)
    assert used[0] == max(used) == pytest.approx(3e-3)
    opened = open_optimiser(optimiser, build(Spec("s4", 64, 4)), 3e-3, 0.0)
    assert type(opened).__name__.lower() == optimiser and opened.param_groups[0]["lr"] == 3e-3


def test_the_readme_tells_the_dials_of_the_code() -> None:
    rows = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in README.read_text().splitlines()]
    told = {row[0]: row[2:] for row in rows if len(row) == 6 and row[0] in NETS}
    assert set(told) == set(NETS)
    for net, dials in told.items():
        spec = set_dials(net).spec
        code = ["-", "-"] if net in UNCODED else [str(spec.latent), spec.likelihood]
        assert dials == [str(spec.size), *code, f"{set_dials(net).rate:g}"]
