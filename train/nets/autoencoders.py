"""Networks that take a whole picture to a code and back: autoencoder, VAE, and Burgess's VAE.

Each has the same doors, and so have the networks of `baseline_nets.py`:

    size, latent, variational     what it was built for
    encode(image)                 (N, 3, S, S) RGB 0 to 1 -> mean (N, latent), log-variance or None
    logits(z)                     (N, latent) -> (N, 3, S, S), before the sigmoid
    decode(z)                     (N, latent) -> (N, 3, S, S) RGB 0 to 1
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from train.nets.blocks import Conv, Up


class PictureNet(nn.Module, ABC):
    """What all of them share."""

    def __init__(self, size: int, latent: int, *, variational: bool) -> None:
        super().__init__()
        self.size, self.latent, self.variational = size, latent, variational

    @abstractmethod
    def encode(self, image: Tensor) -> tuple[Tensor, Tensor | None]:
        """Mean and log-variance of the code; the log-variance is None where there is no distribution."""

    @abstractmethod
    def logits(self, z: Tensor) -> Tensor:
        """The picture before its sigmoid."""

    def decode(self, z: Tensor) -> Tensor:
        """The picture, 0 to 1."""
        return torch.sigmoid(self.logits(z).float())


class ConvCodec(PictureNet):
    """Our autoencoder, or our VAE: half resolution from the first layer on, then halved.

    Args:
        size: side, a multiple of 32.
        latent: numbers in the code.
        variational: a distribution over codes (Kingma & Welling 2014), or one code (autoencoder).
        widths: channels of each level.
    """

    def __init__(
        self, size: int, latent: int, *, variational: bool,
        widths: tuple[int, ...] = (32, 64, 128, 192, 256, 256, 256),
    ) -> None:  # fmt: skip
        super().__init__(size, latent, variational=variational)
        # Always down to 4 pixels a side (96: 6), so that each number of the code sees the whole picture.
        levels = size.bit_length() - 4
        widths = widths[: levels + 1]
        self.base = size // 2 // 2**levels
        self.split, self.join = nn.PixelUnshuffle(2), nn.PixelShuffle(2)
        steps = list(zip(widths, widths[1:], strict=False))
        self.stem = Conv(12, widths[0])
        self.down = nn.Sequential(*[nn.Sequential(Conv(a, b, stride=2), Conv(b, b)) for a, b in steps])
        self.to_code = nn.Linear(widths[-1] * self.base**2, latent * (1 + variational))
        self.from_code = nn.Linear(latent, widths[-1] * self.base**2)
        self.up = nn.Sequential(*[Up(b, a) for a, b in reversed(steps)])
        self.head = nn.Conv2d(widths[0], 12, 3, padding=1)

    def encode(self, image: Tensor) -> tuple[Tensor, Tensor | None]:
        code = self.to_code(self.down(self.stem(self.split(image * 2 - 1))).flatten(1))
        if not self.variational:
            return code, None
        mean, logvar = code.chunk(2, 1)
        return mean, logvar.clamp(-10, 4)

    def logits(self, z: Tensor) -> Tensor:
        x = self.from_code(z).view(len(z), -1, self.base, self.base)
        return self.join(self.head(self.up(x)))


class Burgess(PictureNet):
    """The VAE of Burgess et al. 2018 (appendix A.1): 32-channel 4x4 convolutions down to 4 pixels a side,
    two hidden layers of 256, mirrored. At 64 pixels with 10 dimensions it has 0.5 million weights.

    Sizes above 64 take more levels; 96 ends at 6 pixels a side.
    """

    def __init__(self, size: int, latent: int, *, channels: int = 32, hidden: int = 256) -> None:
        super().__init__(size, latent, variational=True)
        levels = size.bit_length() - 3
        self.base, self.channels = size // 2**levels, channels
        down: list[nn.Module] = []
        up: list[nn.Module] = []
        for level in range(levels):
            down += [nn.Conv2d(channels if level else 3, channels, 4, 2, 1), nn.ReLU()]
            last = level == levels - 1
            up += [nn.ConvTranspose2d(channels, 3 if last else channels, 4, 2, 1)] + [nn.ReLU()] * (not last)
        flat = channels * self.base**2
        self.down, self.up = nn.Sequential(*down), nn.Sequential(*up)
        self.to_code = nn.Sequential(*_dense(flat, hidden, hidden), nn.Linear(hidden, 2 * latent))
        self.from_code = nn.Sequential(*_dense(latent, hidden, hidden, flat))

    def encode(self, image: Tensor) -> tuple[Tensor, Tensor | None]:
        mean, logvar = self.to_code(self.down(image).flatten(1)).chunk(2, 1)
        return mean, logvar

    def logits(self, z: Tensor) -> Tensor:
        return self.up(self.from_code(z).view(len(z), self.channels, self.base, self.base))


def _dense(*widths: int) -> list[nn.Module]:
    """Dense layers, each followed by a ReLU."""
    layers: list[nn.Module] = []
    for a, b in zip(widths, widths[1:], strict=False):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return layers
