"""Swaps in training: laid on as the mirror lays them on, and judged where hair was painted."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from mirror.core.head_space import face_shape
from mirror.hair.styles.code import DETAIL_SHAPE, LATENT, StyleCode
from mirror.removal.inpainting_mask import cut_hole
from tests.train_tiny import SQUARE, some_face, some_item
from train.loop.random_numbers import Draws
from train.loop.training_loop import Moment
from train.losses.reconstruction_and_kl import CodePrice
from train.losses.style_swap import Wearers, Worn, fitted, hole_of, swap_loss, wear
from train.nets.discriminator import PatchDiscriminator, hinge_painter, hinge_real_fake
from train.nets.hair_vae import HairVAE
from train.nets.matte import MatteNet
from train.recipes import hair_vae

pytestmark = pytest.mark.usefixtures("one_thread")


def heads(count: int = 2, side: int = 256) -> Wearers:
    items = [some_item(seed) for seed in range(count)]
    maps = [
        torch.from_numpy(np.stack([i[name] for i in items]))[:, None].float() / 255
        for name in ("matte", "face", "valid")
    ]
    image = torch.from_numpy(np.stack([i["image"] for i in items])).permute(0, 3, 1, 2).float() / 255
    shape = torch.from_numpy(np.stack([i["shape"] for i in items])).float()
    planes = [nn.functional.interpolate(x, size=(side, side)) for x in (image, *maps)]
    return Wearers(*planes, shape)


def test_fitted_moves_planes_as_the_mirror_does() -> None:
    theirs = face_shape(some_face(1, yaw=0), SQUARE)
    mine = face_shape(some_face(1, yaw=0), SQUARE)
    mine[:72] = (mine[:72].reshape(-1, 2) * (1.1, 0.9) + (0.2, -0.15)).ravel()
    plane = np.zeros((64, 64), np.float32)
    plane[20:40, 24:44] = 1
    code = StyleCode(np.zeros(LATENT, np.float32), np.zeros(DETAIL_SHAPE, np.float32), plane, theirs)
    expected = code.fitted(mine).coarse
    shapes = (torch.from_numpy(s.astype(np.float32))[None] for s in (theirs, mine))
    found = fitted(torch.from_numpy(plane)[None, None], *shapes)[0, 0].numpy()
    assert np.abs(found - expected).max() < 0.06 and np.abs(found - plane).max() > 0.5


def test_the_hole_is_the_mirrors_hole() -> None:
    head = heads(1)
    coarse = torch.zeros(1, 1, 64, 64)
    coarse[..., 10:30, 12:50] = 1
    own = nn.functional.adaptive_avg_pool2d(head.alpha, 64)[0, 0].numpy()
    mirrors = cut_hole(own, coarse[0, 0].numpy(), 256, radius=3)
    mine = hole_of(head.alpha, coarse, 256, 3)[0, 0].numpy()
    # Grown by a square instead of a disc: never smaller, and not much larger.
    assert (mine >= mirrors).mean() > 0.999 and mine.sum() < 1.12 * mirrors.sum()


def test_wearing_changes_nothing_outside_the_hole() -> None:
    head = heads()

    class Blue(nn.Module):
        def forward(self, image: Tensor, *rest: Tensor) -> tuple[Tensor, Tensor]:
            return torch.zeros_like(image) + torch.tensor([0.0, 0, 1])[:, None, None], torch.full_like(
                image[:, :2], 9
            )

    coarse = torch.zeros(2, 1, 64, 64)
    coarse[..., 5:15, 20:40] = 1
    worn = wear(Blue(), head, coarse, torch.zeros(2, 8, 64, 64), torch.zeros(2, 128))
    outside = (worn.hole == 0).expand_as(worn.seen)
    assert torch.equal(worn.seen[outside], head.image[outside])
    middle = worn.seen[:, :, 40, 120]
    assert torch.allclose(middle, torch.tensor([0.0, 0, 1]).expand(2, 3), atol=2e-3)


def test_the_matte_network_is_heard_where_hair_was_painted_and_nowhere_else() -> None:
    head = heads()
    alpha = torch.zeros(2, 1, 256, 256)
    alpha[..., 30:80, 60:200] = 1
    coarse = nn.functional.avg_pool2d(alpha, 4)
    noise = torch.zeros_like(head.image)

    class Sees(nn.Module):
        def __init__(self, what: Tensor) -> None:
            super().__init__()
            self.what = what

        def forward(self, image: Tensor) -> Tensor:
            return (self.what - 0.5) * 40 + 0 * image

    worn = Worn(head.image, alpha, coarse, torch.ones_like(alpha))
    everything, right, nothing = (
        swap_loss(worn, head, Sees(what), noise)[0] for what in (torch.ones_like(alpha), alpha, 0 * alpha)
    )
    assert everything < 1e-3 and right < 1e-3 and nothing > 5
    assert swap_loss(worn, head, Sees(alpha), noise)[1] < 1e-6
    elsewhere = Worn(head.image, alpha, coarse.flip(2), torch.ones_like(alpha))
    assert swap_loss(elsewhere, head, Sees(alpha), noise)[1] > 0.1


def test_the_discriminator_learns_to_tell() -> None:
    torch.manual_seed(0)
    net = PatchDiscriminator()
    optimiser = torch.optim.Adam(net.parameters(), 2e-3)
    hole = torch.ones(8, 1, 64, 64)
    for _ in range(60):
        real, fake = torch.rand(8, 3, 64, 64), torch.full((8, 3, 64, 64), 0.5)
        loss = hinge_real_fake(net(real, hole), net(fake, hole), torch.ones(8, 1, 4, 4))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss < 1.0
    with torch.no_grad():
        assert hinge_painter(net(fake, hole), torch.ones(8, 1, 4, 4)) > hinge_painter(
            net(real, hole), torch.ones(8, 1, 4, 4)
        )


def test_the_painter_does_not_teach_the_discriminator() -> None:
    """One backward pass of both: the discriminator's weights get the gradient of its own loss alone."""
    torch.manual_seed(0)
    net = PatchDiscriminator()
    fake = torch.rand(2, 3, 64, 64, requires_grad=True)
    real, one = torch.rand(2, 3, 64, 64), torch.ones(2, 1, 64, 64)
    told_apart, painted = hair_vae.adversaries(net, fake, real, one, one)
    painted.backward(retain_graph=True)
    assert fake.grad is not None and fake.grad.abs().sum() > 0
    assert all(p.grad is None or not p.grad.any() for p in net.parameters())
    fake.grad = None
    told_apart.backward()
    assert fake.grad is None and any(p.grad is not None and p.grad.any() for p in net.parameters())


def test_with_judges_the_hair_vae_learns_from_swaps_too() -> None:
    torch.manual_seed(0)
    net, head = HairVAE().train(), heads(4)
    judges = hair_vae.Judges(MatteNet().eval().requires_grad_(False), PatchDiscriminator(), 0.05)
    batch = {"image": head.image, "matte": head.alpha, "face": head.face, "valid": head.valid}
    batch |= {"hole": torch.ones_like(head.alpha), "shape": head.shape, "person": head.face}
    moment = Moment(3, 0.9, Draws(0, 3, range(4), 4))
    parts = hair_vae.loss(net, batch, moment, likelihood="laplace", price=CodePrice(), judges=judges)
    assert {"swap_told", "swap_wanted", "told_apart", "adversary", "body"} < set(parts)
    parts["loss"].backward()
    assert all(torch.isfinite(value) for value in parts.values())
    assert all(p.grad is None for p in judges.matting.parameters())
    for name, weight in net.named_parameters():
        assert weight.grad is not None and torch.isfinite(weight.grad).all(), name
