"""Losses: 0 for the perfect answer, finite gradients for the worst."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from train.loop.random_numbers import Draws
from train.loop.training_loop import Moment
from train.losses.reconstruction_and_kl import (
    CodePrice,
    edge_loss,
    kl_to_normal,
    matte_loss,
    negative_log_likelihood,
    sample,
)
from train.nets.hair_vae import HairVAE
from train.recipes import hair_vae, matte

pytestmark = pytest.mark.usefixtures("one_thread")

NOW = Moment(0, 0.5, Draws(0, 0, range(2), 2))


def disc(side: int = 32) -> Tensor:
    """(2, 1, side, side): a disc of ones, and half a picture of ones."""
    line = torch.linspace(-1, 1, side)
    disc = ((line[:, None] ** 2 + line**2) < 0.4).float()
    return torch.stack([disc, (line[:, None] < 0).float().expand(side, side)])[:, None]


def test_matte_loss() -> None:
    target, everywhere = disc(), torch.ones(2, 1, 32, 32)
    perfect = matte_loss((target - 0.5) * 60, target, everywhere)
    unsure = matte_loss(torch.zeros_like(target), target, everywhere)
    wrong = matte_loss((0.5 - target) * 60, target, everywhere)
    assert 0 <= perfect < 1e-3 < unsure < wrong
    assert unsure > 0.69


def test_nothing_is_learnt_where_the_weight_is_0() -> None:
    target, weight = disc(), disc()
    logits = torch.randn(2, 1, 32, 32, requires_grad=True)
    matte_loss(logits, target, weight).backward()
    assert logits.grad is not None
    assert (logits.grad[weight == 0] == 0).all() and (logits.grad[weight == 1] != 0).any()
    output = torch.rand(2, 3, 32, 32)
    elsewhere = output + torch.randn_like(output) * (1 - torch.nn.functional.max_pool2d(weight, 3, 1, 1))
    weight = weight.expand(2, 3, 32, 32)
    assert edge_loss(elsewhere, output, weight) == 0


def test_edge_loss() -> None:
    picture, everywhere = torch.rand(2, 3, 32, 32), torch.ones(2, 3, 32, 32)
    assert edge_loss(picture, picture, everywhere) == 0
    assert edge_loss(picture + 0.3, picture, everywhere) < 1e-6, "a tint is no edge"
    assert edge_loss(picture.flip(3), picture, everywhere) > 0.1


def test_kl_to_normal() -> None:
    zeros = torch.zeros(4, 128)
    assert kl_to_normal(zeros, zeros) == 0
    assert kl_to_normal(zeros + 1, zeros).item() == pytest.approx(0.5 * 128)
    spread = 0.5 * 128 * (4 - 1 - torch.log(torch.tensor(4.0)).item())
    assert kl_to_normal(zeros, zeros + torch.log(torch.tensor(4.0))).item() == pytest.approx(spread, rel=1e-4)


def test_a_sample_is_drawn_for_every_element() -> None:
    torch.manual_seed(0)
    mean, logvar = torch.full((400, 128), 3.0), torch.full((400, 128), -2.0)
    drawn = sample(mean, logvar)
    assert drawn.mean().item() == pytest.approx(3, abs=0.02)
    assert drawn.std().item() == pytest.approx(torch.tensor(-1.0).exp().item(), rel=0.02)
    assert len(drawn.unique(dim=0)) == 400, "not one draw for the whole batch"


@pytest.mark.parametrize("size", [0.0, 1.0, 1e4])
def test_gradients_are_finite(size: float) -> None:
    torch.manual_seed(0)
    target, everywhere = disc(), torch.ones(2, 1, 32, 32)
    logits = (torch.randn(2, 1, 32, 32) * size).requires_grad_()
    mean, logvar = (torch.randn(2, 8) * min(size, 50)).requires_grad_(), torch.zeros(2, 8, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        total = matte_loss(logits, target, everywhere) + edge_loss(torch.sigmoid(logits), target, everywhere)
        total = total + kl_to_normal(mean, logvar) + sample(mean, logvar).square().mean()
    total.backward()
    assert torch.isfinite(total)
    for tensor in (logits, mean, logvar):
        assert tensor.grad is not None and torch.isfinite(tensor.grad).all()


class Knows(torch.nn.Module):
    """A matte network that knows the answer to a picture, and to its mirror image unless told not to."""

    def __init__(self, image: Tensor, answer: Tensor, *, mirrored: bool = True) -> None:
        super().__init__()
        self.image, self.answer, self.mirrored = image, answer, mirrored

    def forward(self, image: Tensor, previous: Tensor) -> Tensor:
        logits = (self.answer[: len(image)] - 0.5) * 60
        same = torch.equal(image, self.image[: len(image)])
        return logits if same or not self.mirrored else logits.flip(3)


def test_the_matte_networks_loss_is_0_for_one_that_knows() -> None:
    """Of hair, person, held and worn each; a person that nobody masked is not asked for."""
    target = disc()
    truth = torch.cat([target, target.flip(3), target.roll(5, 2), target.roll(5, 3)], 1)
    maps = dict(zip(("matte", "person", "held", "worn"), truth.split(1, 1), strict=True))
    image = torch.rand(2, 3, 32, 32)
    batch = {"image": image, "previous": image[:, :1], "valid": torch.ones_like(target), **maps}
    assert matte.loss(Knows(image, truth), batch, NOW)["loss"] < 1e-3
    for wrong in range(4):
        mistaken = truth.clone()
        mistaken[:, wrong] = 1 - mistaken[:, wrong]
        assert matte.loss(Knows(image, mistaken), batch, NOW)["loss"] > 1
        unmasked = {name: value for name, value in batch.items() if name != "person"}
        assert (matte.loss(Knows(image, mistaken), unmasked, NOW)["loss"] > 1) == (wrong != 1)


def test_a_matte_network_that_says_another_thing_of_a_mirror_image_is_told_so() -> None:
    truth = torch.cat([disc().roll(8, 3)] * 4, 1)
    image = torch.rand(2, 3, 32, 32)
    batch = {"image": image, "previous": image[:, :1], "valid": torch.ones_like(truth[:, :1])}
    batch |= dict(zip(("matte", "person", "held", "worn"), truth.split(1, 1), strict=True))
    told = matte.loss(Knows(image, truth, mirrored=False), batch, NOW)
    assert told["mirrored"] > 0.2 and told["loss"] > 0.2 * matte.MIRRORED
    nowhere = batch | {"valid": torch.zeros_like(batch["valid"])}
    assert matte.loss(Knows(image, truth, mirrored=False), nowhere, NOW)["mirrored"] == 0


def test_the_hair_vae_learns_in_every_part() -> None:
    """One batch reaches every weight of encoder, shape decoder and painter, with a finite gradient."""
    torch.manual_seed(0)
    net = HairVAE().train()
    maps = {name: (torch.rand(2, 1, 256, 256) > 0.5).float() for name in ("matte", "valid", "hole", "face")}
    batch = {"image": torch.rand(2, 3, 256, 256), "shape": torch.randn(2, 75), **maps}
    parts = hair_vae.loss(net, batch, NOW, likelihood="laplace", price=CodePrice())
    parts["loss"].backward()
    assert set(parts) == {"loss", "paint", "edges", "matte", "shape", "kl", "kl_detail"}
    assert all(torch.isfinite(value) for value in parts.values())
    assert [name for name, part in parts.items() if part.requires_grad] == ["loss"]
    for name, weight in net.named_parameters():
        assert weight.grad is not None and torch.isfinite(weight.grad).all(), name


def test_what_the_painter_is_told_of_the_shape() -> None:
    """The truth, the guess, or nothing, a sample at a time: 45, 45 and 10 of a hundred."""
    torch.manual_seed(0)
    ones = torch.ones(2000, 1, 2, 2)
    told = hair_vae.choose_coarse(ones, ones * 2, Draws(0, 0, range(2000), 2000))
    assert (told.amax((1, 2, 3)) == told.amin((1, 2, 3))).all()
    shares = [(told[:, 0, 0, 0] == value).float().mean().item() for value in (1, 2, 0)]
    assert shares == pytest.approx([0.45, 0.45, 0.1], abs=0.04)


@pytest.mark.parametrize("likelihood", ["mse", "bce", "laplace"])
def test_the_likelihood_is_best_where_the_picture_is_right(likelihood: str) -> None:
    image, valid = torch.rand(2, 3, 8, 8) * 0.9 + 0.05, torch.ones(2, 1, 8, 8)
    logits = torch.logit(image)
    right = negative_log_likelihood(logits, image, valid, likelihood)
    for wrong in (logits + 0.3, logits - 0.3):
        assert negative_log_likelihood(wrong, image, valid, likelihood) > right
    valid[:, :, :4] = 0
    spoilt = logits.clone()
    spoilt[:, :, :4] += 5
    assert negative_log_likelihood(spoilt, image, valid, likelihood) == pytest.approx(
        float(negative_log_likelihood(logits, image, valid, likelihood))
    )


def test_likelihoods_are_sums_over_a_picture() -> None:
    image, valid = torch.full((2, 3, 4, 4), 0.5), torch.ones(2, 1, 4, 4)
    logits = torch.logit(torch.full_like(image, 0.6))
    assert float(negative_log_likelihood(logits, image, valid, "mse")) == pytest.approx(48 * 0.01 / 0.02)
    assert float(negative_log_likelihood(logits, image, valid, "laplace")) == pytest.approx(48 * 0.1 * 3)
    cross = -48 * (0.5 * torch.tensor(0.6).log() + 0.5 * torch.tensor(0.4).log())
    assert float(negative_log_likelihood(logits, image, valid, "bce")) == pytest.approx(float(cross))
    with pytest.raises(ValueError, match="mse, bce, laplace"):
        negative_log_likelihood(logits, image, valid, "l2")
