"""The networks: what they take and give, and that they stay small enough to ship."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from mirror.core.head_space import FACE_SHAPE_SIZE
from mirror.hair.styles import code
from train.nets import hair_vae
from train.nets.blocks import Conv
from train.nets.hair_vae import HairVAE, Painter, ShapeDecoder, StyleEncoder, composed
from train.nets.matte import MatteNet
from train.nets.spec import SIZES, Spec, build

pytestmark = pytest.mark.usefixtures("one_thread")

MOST_MEGABYTES = 40


@pytest.mark.parametrize("net", [MatteNet, StyleEncoder, ShapeDecoder, Painter])
def test_float32_fits_into_40_mb(net: type[nn.Module]) -> None:
    size = sum(tensor.numel() * tensor.element_size() for tensor in net().state_dict().values())
    assert 0.5 < size / 1e6 < MOST_MEGABYTES


def test_codes_are_as_large_as_the_mirror_expects() -> None:
    assert hair_vae.LATENT == code.LATENT
    assert (hair_vae.DETAIL, hair_vae.DETAIL_SIDE, hair_vae.DETAIL_SIDE) == code.DETAIL_SHAPE
    assert hair_vae.SHAPE_SIDE == code.COARSE_SIDE
    assert FACE_SHAPE_SIZE == 75


@pytest.mark.parametrize("side", [64, 256])
def test_the_matte_network_takes_any_multiple_of_32(side: int) -> None:
    with torch.inference_mode():
        assert MatteNet().eval()(torch.rand(2, 3, side, side)).shape == (2, 4, side, side)


@torch.inference_mode()
def test_the_hair_vae_goes_round() -> None:
    torch.manual_seed(0)
    net = HairVAE().eval()
    one = torch.rand(2, 1, 256, 256)
    z, z_logvar, detail, detail_logvar = net.encoder(torch.rand(2, 3, 256, 256), one, one)
    assert z.shape == z_logvar.shape == (2, 128)
    assert detail.shape == detail_logvar.shape == (2, 8, 64, 64)
    assert z_logvar.max() <= 4 and detail_logvar.min() >= -10
    shape = torch.randn(2, FACE_SHAPE_SIZE)
    coarse = net.shape_decoder(z, shape)
    assert coarse.shape == (2, 1, 64, 64)
    maps = one.expand(-1, 3, -1, -1)
    rgb, logits = net.painter(torch.rand(2, 3, 256, 256), maps, torch.sigmoid(coarse), detail, z, shape)
    assert rgb.shape == (2, 3, 256, 256) and logits.shape == (2, 2, 256, 256)
    assert rgb.min() >= 0 and rgb.max() <= 1


def test_hair_lies_before_the_body_and_the_body_before_the_room() -> None:
    layers = torch.tensor((0.9, 0.5, 0.1)).repeat_interleave(3).view(1, 9, 1, 1).expand(1, 9, 1, 4)
    alphas = torch.tensor([[[[1.0, 0, 0, 0.5]], [[0.0, 1, 0, 0.5]]]])
    seen = composed(layers, alphas)
    assert seen.shape == (1, 3, 1, 4)
    torch.testing.assert_close(seen[0, 1, 0], torch.tensor((0.9, 0.5, 0.1, 0.6)))


@torch.inference_mode()
def test_everything_the_painter_is_told_counts() -> None:
    torch.manual_seed(0)
    painter = Painter().eval()
    sizes = {
        "head": (3, 256, 256), "maps": (3, 256, 256), "coarse": (1, 64, 64), "detail": (8, 64, 64),
        "z": (128,), "shape": (75,),
    }  # fmt: skip
    told = {name: torch.rand(1, *size) for name, size in sizes.items()}
    before = torch.cat(painter(**told), 1)
    less = {name: {name: one * 0.2} for name, one in told.items()}
    for plane, name in enumerate(("hole", "face", "valid")):
        maps = told["maps"].clone()
        maps[:, plane] *= 0.2
        less[name] = {"maps": maps}
    for name, one in less.items():
        after = torch.cat(painter(**(told | one)), 1)
        assert (after - before).abs().max() > 1e-4, name


def test_a_condition_scales_and_shifts() -> None:
    block = Conv(4, 6, cond=5).eval()
    assert block.film is not None
    x = torch.rand(2, 4, 8, 8)
    nothing = block(x, torch.zeros(2, 5))
    torch.testing.assert_close(nothing, torch.nn.functional.silu(block.norm(block.conv(x))))
    assert not torch.allclose(block(x, torch.ones(2, 5)), nothing)


@pytest.mark.parametrize("size", SIZES)
@torch.inference_mode()
def test_the_hair_vae_goes_round_at_every_size(size: int) -> None:
    net = HairVAE(size, 20).eval()
    one, shape = torch.rand(1, 1, size, size), torch.randn(1, FACE_SHAPE_SIZE)
    z, _, detail, _ = net.encoder(torch.rand(1, 3, size, size), one, one)
    coarse = net.shape_decoder(z, shape)
    assert z.shape == (1, 20) and detail.shape == (1, 8, size // 4, size // 4)
    assert coarse.shape == (1, 1, size // 4, size // 4)
    head = torch.rand(1, 3, size, size)
    rgb, logits = net.painter(head, one.expand(-1, 3, -1, -1), torch.sigmoid(coarse), detail, z, shape)
    assert rgb.shape == (1, 3, size, size) and logits.shape == (1, 2, size, size)


@pytest.mark.parametrize("name", ["autoencoder", "vae", "burgess"])
@pytest.mark.parametrize(("size", "latent"), [(64, 2), (96, 10), (128, 2048), (256, 128), (512, 16)])
@torch.inference_mode()
def test_picture_networks_go_round_at_every_size(name: str, size: int, latent: int) -> None:
    net = build(Spec(name, size, latent)).eval()
    mean, logvar = net.encode(torch.rand(1, 3, size, size))
    assert mean.shape == (1, latent)
    assert (logvar is None) == (name == "autoencoder") and (logvar is None or logvar.shape == mean.shape)
    picture = net.decode(mean)
    assert picture.shape == (1, 3, size, size) and picture.min() >= 0 and picture.max() <= 1
    assert not torch.equal(picture, net.decode(mean + 1)), "the picture follows from the code"
