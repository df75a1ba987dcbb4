"""The patch discriminator: is this piece of a head a photograph, or painted?

It trains along with the hair VAE and is never exported.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


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


def discriminator_of(seed: int) -> PatchDiscriminator:
    """A fresh discriminator whose first weights follow from the seed alone, whatever drew numbers before.

    A recipe is made before its run sets the seed, and the loss has to know the discriminator by then.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return PatchDiscriminator()


def hinge_real_fake(real: Tensor, fake: Tensor, weight: Tensor) -> Tensor:
    """What the discriminator pays (hinge loss; Lim & Ye 2017, eq. 11) where `weight` counts."""
    each = torch.relu(1 - real) + torch.relu(1 + fake)
    return (each * weight).sum() / (weight.sum() + 1)


def hinge_painter(fake: Tensor, weight: Tensor) -> Tensor:
    """What the painter pays for what is seen through."""
    return -(fake * weight).sum() / (weight.sum() + 1)
