"""The harmonizer: what it may say of hair, what it learns from, and that it learns."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from mirror.core.errors import MirrorError
from tests.train_tiny import dress, tiny_shards
from train.data.harmonization_batches import HarmonizationBatches
from train.data.shards import Shards
from train.loop.random_numbers import Draws
from train.loop.training_loop import Moment, to_tensors
from train.nets.discriminator import TwoScaleDiscriminator
from train.nets.harmonizer import Harmonizer, Harmony, harmony
from train.recipes.harmonizer import held_out, loss, spoilt, unlike_hue

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dress(tiny_shards(tmp_path_factory.mktemp("worn"), people=True))


@pytest.fixture(scope="module")
def batch(folder: Path) -> dict[str, torch.Tensor]:
    made = HarmonizationBatches(Shards([folder]), 2).make(0, 0.0, range(2))
    return to_tensors(made.arrays, torch.device("cpu"))


def test_at_first_it_leaves_hair_nearly_as_it_is(batch: dict[str, torch.Tensor]) -> None:
    net = Harmonizer().eval()
    hair, beneath = batch["worn"], batch["under"]
    with torch.inference_mode():
        maps = torch.cat([batch["worn_face"], batch["worn_valid"], batch["worn_person"]], 1)
        said = harmony(net(beneath, hair, maps), hair, batch["worn_person"])
    laid = hair[:, :3] + beneath * (1 - hair[:, 3:])
    assert float((said.on(hair, beneath) - laid).abs().max()) < 0.05


def test_far_from_hair_nothing_changes(batch: dict[str, torch.Tensor]) -> None:
    hair = batch["worn"] * 0
    said = harmony(torch.full((2, 9, 256, 256), 3.0), hair, batch["worn_person"])
    assert torch.equal(said.on(hair, batch["under"]), batch["under"])


def test_hair_is_spoilt_and_the_rest_of_the_picture_is_not(batch: dict[str, torch.Tensor]) -> None:
    hair, beneath = spoilt(batch, Draws(0, 1, range(2), 2))
    laid = hair[:, :3] + beneath * (1 - hair[:, 3:])
    apart, bare = (laid - batch["image"]).abs().mean(1, keepdim=True), batch["matte"] == 0
    far = torch.nn.functional.max_pool2d(batch["matte"], 61, 1, 30) == 0
    assert far.any() and float(apart[far & bare].max()) < 1e-5
    assert float(apart[batch["matte"] > 0.9].mean()) > 0.02


def test_a_dye_that_turns_another_costs_and_one_that_darkens_does_not(batch: dict[str, torch.Tensor]) -> None:
    hair = batch["worn"]
    ones = torch.ones(1, 3, 1, 1)

    def cost(gain: torch.Tensor) -> float:
        one = torch.ones(1)
        said = Harmony(gain.expand_as(hair[:, :3]), 0 * one, one, one, one)
        return float(unlike_hue(said, hair))

    assert cost(0.5 * ones) < 1e-3 < 0.02 < cost(torch.tensor([0.4, 1.0, 2.0]).view(1, 3, 1, 1))


def test_a_step_moves_network_and_discriminator(batch: dict[str, torch.Tensor]) -> None:
    net, discriminator = Harmonizer(), TwoScaleDiscriminator()
    parts = loss(
        net, batch, Moment(0, 1.0, Draws(0, 0, range(2), 2)), discriminator=discriminator, adversary=0.1
    )
    parts["loss"].backward()
    assert {"paint", "edges", "tones", "hue", "effort", "told_apart", "adversary", "unlike"} <= set(parts)
    for one in (net, discriminator):
        assert sum(float(p.grad.abs().sum()) for p in one.parameters() if p.grad is not None) > 0


def test_held_out_heads_say_how_much_better_it_gets(folder: Path) -> None:
    check = held_out(Shards([folder]))
    assert check is not None
    figures = check(Harmonizer().eval())
    assert figures["psnr_spoilt"] > 5 and abs(figures["psnr_harmonized"] - figures["psnr_spoilt"]) < 2


def test_shards_without_what_people_wear_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="train wear"):
        HarmonizationBatches(Shards([tiny_shards(tmp_path)]), 2)
