"""The seed systems' networks: their layers as reported, every size, and that they can learn."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from train.nets.autoencoders import PictureNet
from train.nets.baseline_nets import FaceGenerator, FaceProducer, HairstyleVAE, VAEriation, build_seed
from train.nets.spec import SEEDS, SIZES, Spec, build

pytestmark = pytest.mark.usefixtures("one_thread")

LATENT = {"s0_autoencoder": 128, "s0_vae": 2, "s1": 256, "s2": 2048, "s3": 256, "s4": 10}


def weights(*modules: nn.Module) -> int:
    return sum(p.numel() for module in modules for p in module.parameters())


def unfilled(net: str, size: int, latent: int) -> PictureNet:
    """Built without memory: shapes are all there, numbers are not."""
    with torch.device("meta"):
        return build_seed(net, size, latent)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("net", SEEDS)
def test_each_takes_each_size(net: str, size: int) -> None:
    made = unfilled(net, size, LATENT[net])
    assert (made.size, made.latent) == (size, LATENT[net])
    mean, logvar = made.encode(torch.empty(2, 3, size, size, device="meta"))
    assert mean.shape == (2, LATENT[net])
    assert (logvar is not None) == made.variational == (net != "s0_autoencoder")
    assert logvar is None or logvar.shape == mean.shape
    assert made.logits(mean).shape == (2, 3, size, size)


@pytest.mark.parametrize("net", SEEDS)
def test_each_takes_other_latents(net: str) -> None:
    made = unfilled(net, 64, 7)
    mean, _ = made.encode(torch.empty(1, 3, 64, 64, device="meta"))
    assert made.decode(mean).shape == (1, 3, 64, 64)


def test_s0_comes_near_the_reported_weights() -> None:
    with torch.device("meta"):
        assert weights(HairstyleVAE(96, 2)) == 297_047  # reported: 0.29 million
        assert weights(HairstyleVAE(96, 128, middle=16)) == 4_946_195  # 4.9 million
        assert weights(HairstyleVAE(96, 128)) == 5_560_835  # with the middle mended


def test_s1_has_the_reported_weights() -> None:
    with torch.device("meta"):
        assert weights(VAEriation(128, 256, middle=64)) == 6_757_187  # reported: 6.8 million
        assert weights(VAEriation(128, 256)) == 9_804_803  # with the bottleneck mended


def test_s2_has_the_reported_weights() -> None:
    with torch.device("meta"):
        net = FaceGenerator(128, 2048)
    statistics = sum(b.numel() for name, b in net.named_buffers() if "running" in name)
    assert weights(net.down, net.to_mean, net.to_logvar) + statistics == 101_309_888
    assert weights(net.from_code, net.up) == 17_419_331


def test_s3_has_half_of_the_reported_weights() -> None:
    with torch.device("meta"):
        assert weights(FaceProducer(64, 256)) == 5_370_779  # reported: 10.7 million, twice as many


def test_s4_has_the_reported_weights() -> None:
    assert weights(unfilled("s4", 64, 10)) == 504_055  # reported: 0.5 million


def test_the_sigmoid_of_s2_is_its_tanh() -> None:
    x = torch.linspace(-4, 4, 33)
    torch.testing.assert_close(torch.sigmoid(2 * x), (torch.tanh(x) + 1) / 2)
    net = FaceGenerator(64, 4, dense=8)
    z = torch.randn(2, 4)
    before = net.up(net.from_code(z).view(2, 128, 4, 4))
    torch.testing.assert_close(net.decode(z), (torch.tanh(before) + 1) / 2)


def test_s2_sees_pictures_from_minus_one_to_one() -> None:
    net = FaceGenerator(64, 4, dense=8)
    seen = []
    net.down[0].register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    net.encode(torch.tensor([0.0, 0.5, 1.0]).view(1, 3, 1, 1).expand(1, 3, 64, 64))
    assert seen[0][0, :, 5, 5].tolist() == [-1, 0, 1]


@pytest.mark.parametrize("net", SEEDS)
def test_each_learns_one_picture(net: str) -> None:
    torch.manual_seed(0)
    made = (FaceGenerator(64, 16, dense=64) if net == "s2" else build(Spec(net, 64, 16))).train()
    image = torch.zeros(2, 3, 64, 64)
    image[:, 0, 16:48, 16:48] = 1
    image[:, 2, :32] = 0.7
    optimiser = torch.optim.Adam(made.parameters(), 2e-3)
    errors = []
    for _ in range(40):
        error = (made.decode(made.encode(image)[0]) - image).abs().mean()
        optimiser.zero_grad()
        error.backward()
        optimiser.step()
        errors.append(error.item())
    assert errors[-1] < 0.6 * errors[0]
    assert all(p.grad is not None for name, p in made.named_parameters() if "logvar" not in name)
