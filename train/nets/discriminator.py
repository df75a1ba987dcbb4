"""Patch discriminators: is this piece of a head a photograph, or painted?

They train along with the hair VAE and the underlay network and are never exported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Judge = TypeVar("Judge", bound=nn.Module)


class PatchDiscriminator(nn.Module):
    """Three strided convolutions (after Isola et al. 2017, section 3.2.2), about 30 pixels a patch at 256.

    In: image (N, 3, S, S) RGB, 0 to 1; hole (N, 1, S, S), 1 where it may be painted.
    Out: (N, 1, S / 16, S / 16), above 0 for what looks photographed.
    """

    def __init__(self, widths: tuple[int, ...] = (24, 48, 64)) -> None:
        super().__init__()
        self.split = nn.PixelUnshuffle(2)
        layers: list[nn.Module] = []
        for a, b in zip((16, *widths), widths, strict=False):
            layers += [nn.utils.parametrizations.spectral_norm(nn.Conv2d(a, b, 3, 2, 1)), nn.LeakyReLU(0.2)]
        self.look = nn.Sequential(*layers, nn.Conv2d(widths[-1], 1, 3, padding=1))

    def forward(self, image: Tensor, hole: Tensor) -> Tensor:
        return self.look(self.split(torch.cat([image * 2 - 1, hole], 1)))


class TwoScaleDiscriminator(nn.Module):
    """Two patch discriminators, of the picture and of it at half the side (after Wang et al. 2018, section
    3.2): grain and edges in patches of about 60 pixels, how a wall goes on in patches of about 120.

    In: image (N, 3, S, S) RGB, 0 to 1; hole (N, 1, S, S), 1 where it may be painted.
    Out: for each scale its features, the last of them (N, 1, s, s), above 0 for what looks photographed.
    """

    def __init__(self, widths: tuple[int, ...] = (48, 96, 192, 192)) -> None:
        super().__init__()
        self.looks = nn.ModuleList(_features(widths) for _ in range(2))

    def forward(self, image: Tensor, hole: Tensor) -> list[list[Tensor]]:
        x = torch.cat([image * 2 - 1, hole], 1)
        found = []
        for look in self.looks:
            features, at = [], x
            for layer in cast(nn.ModuleList, look):
                at = layer(at)
                features.append(at)
            found.append(features)
            x = F.avg_pool2d(x, 2)
        return found


def _features(widths: tuple[int, ...]) -> nn.ModuleList:
    """Two strided convolutions, the others of stride 1, and what they say."""
    norm = nn.utils.parametrizations.spectral_norm
    layers: list[nn.Module] = []
    for number, (a, b) in enumerate(zip((16, *widths), widths, strict=False)):
        conv = norm(nn.Conv2d(a, b, 3, 2 if number < 2 else 1, 1))
        first = [nn.PixelUnshuffle(2)] if number == 0 else []
        layers.append(nn.Sequential(*first, conv, nn.LeakyReLU(0.2)))
    return nn.ModuleList([*layers, norm(nn.Conv2d(widths[-1], 1, 3, padding=1))])


def feature_matching(painted: list[list[Tensor]], real: list[list[Tensor]], weight: Tensor) -> Tensor:
    """How far what is painted is from the photograph in a discriminator's own features, where `weight`,
    (N, 1, S, S), counts (Salimans et al. 2016; Wang et al. 2018, eq. 4): mean over scales and layers."""
    errors = []
    for ours, theirs in zip(painted, real, strict=True):
        for a, b in zip(ours[:-1], theirs[:-1], strict=True):
            counts = F.adaptive_avg_pool2d(weight, a.shape[-1])
            error = (a - b.detach()).abs().mean(1, keepdim=True) * counts
            errors.append(error.sum() / (counts.sum() + 1))
    return torch.stack(errors).mean()


def discriminator_of(seed: int, kind: Callable[[], Judge] = PatchDiscriminator) -> Judge:
    """A fresh discriminator whose first weights follow from the seed alone, whatever drew numbers before.

    A recipe is made before its run sets the seed, and the loss has to know the discriminator by then.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return kind()


def three_looks(discriminator: nn.Module, fake: Tensor, real: Tensor, hole: Tensor) -> tuple[Any, Any, Any]:
    """What a discriminator says of a photograph and of what is painted, for its own lesson, and of what is
    painted with weights that hold still, for the painter's: so one step of one optimiser serves both.

    Args:
        fake, real: painted and photographed, (N, 3, S, S); hole: (N, 1, S, S).
    """
    weights = {k: v.detach() for k, v in discriminator.state_dict(keep_vars=True).items()}
    said_real, said_fake = discriminator(real, hole), discriminator(fake.detach(), hole)
    return said_real, said_fake, torch.func.functional_call(discriminator, weights, (fake, hole))


def hinge_real_fake(real: Tensor, fake: Tensor, weight: Tensor) -> Tensor:
    """What the discriminator pays (hinge loss; Lim & Ye 2017, eq. 11) where `weight` counts."""
    each = torch.relu(1 - real) + torch.relu(1 + fake)
    return (each * weight).sum() / (weight.sum() + 1)


def hinge_painter(fake: Tensor, weight: Tensor) -> Tensor:
    """What the painter pays for what is seen through."""
    return -(fake * weight).sum() / (weight.sum() + 1)
