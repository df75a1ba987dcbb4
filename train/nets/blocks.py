"""Building blocks shared by the networks: what a level of a U-Net is made of."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Conv(nn.Module):
    """3x3 (or `kernel`) convolution, batch norm, activation. The norm folds away when exported.

    With `cond` > 0 the block takes a condition vector and scales and shifts each channel by it
    (feature-wise linear modulation, Perez et al. 2018, eq. 2) between norm and activation.
    """

    def __init__(self, inside: int, outside: int, *, stride: int = 1, kernel: int = 3, cond: int = 0) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inside, outside, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outside)
        self.film = nn.Linear(cond, 2 * outside) if cond else None
        if self.film is not None:
            nn.init.normal_(self.film.weight, std=0.02)
            nn.init.zeros_(self.film.bias)

    def forward(self, x: Tensor, cond: Tensor | None = None) -> Tensor:
        x = self.norm(self.conv(x))
        if self.film is not None:
            scale, shift = self.film(cond)[:, :, None, None].chunk(2, 1)
            x = x * (1 + scale) + shift
        return torch.nn.functional.silu(x)


def through(x: Tensor, down: nn.ModuleList, bottom: nn.Module, up: nn.ModuleList) -> Tensor:
    """Down the levels of a U-Net (Ronneberger et al. 2015) and up again, each level added to its like."""
    skips = []
    for level in down:
        skips.append(x)
        x = level(x)
    x = bottom(x)
    for level in up:
        x = level(x, skips.pop())
    return x


class Up(nn.Module):
    """Doubles the side: 1x1 convolution, nearest neighbour, plus the skip, then a `Conv`."""

    def __init__(self, inside: int, outside: int, *, cond: int = 0) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(inside, outside, 1)
        self.mix = Conv(outside, outside, cond=cond)

    def forward(self, x: Tensor, skip: Tensor | None = None, cond: Tensor | None = None) -> Tensor:
        x = nn.functional.interpolate(self.narrow(x), scale_factor=2.0, mode="nearest")
        return self.mix(x if skip is None else x + skip, cond)
