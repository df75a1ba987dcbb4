"""The matte network: a head crop in, four soft mattes out. About 0.8 GFLOP at 256."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from train.nets.blocks import Conv, Up, through

# What it gives: the hair; the whole person, hair and clothes included; what is held in front of the head
# (a hand, a brush, a cup); what is worn on it (a hat, a headscarf). Hands and hats look like nothing of each
# other: one plane for both, and either was learnt at the other's cost.
MATTES = ("hair", "person", "held", "worn")
# What it is told of the hair in the picture before where there was none: neither hair nor none.
UNKNOWN = 0.5


class MatteNet(nn.Module):
    """U-Net from half resolution down to a thirty-second.

    In: image (N, 3, S, S) RGB, 0 to 1, S a multiple of 32; previous (N, 1, S, S), the alpha of the hair in
    the picture before, in the same head space, `UNKNOWN` throughout where there was none (None does it too).
    Out: (N, 4, S, S) logits of the alphas of `MATTES`.
    """

    def __init__(self, widths: tuple[int, ...] = (16, 32, 64, 96, 128)) -> None:
        super().__init__()
        self.split = nn.PixelUnshuffle(2)
        self.stem = Conv(16, widths[0])
        self.down = nn.ModuleList(
            nn.Sequential(Conv(a, b, stride=2), Conv(b, b)) for a, b in zip(widths, widths[1:], strict=False)
        )
        self.bottom = nn.Sequential(Conv(widths[-1], widths[-1]), Conv(widths[-1], widths[-1]))
        self.up = nn.ModuleList(Up(b, a) for a, b in reversed(list(zip(widths, widths[1:], strict=False))))
        self.head = nn.Conv2d(widths[0], 4 * len(MATTES), 3, padding=1)
        self.join = nn.PixelShuffle(2)

    def forward(self, image: Tensor, previous: Tensor | None = None) -> Tensor:
        if previous is None:
            previous = torch.full_like(image[:, :1], UNKNOWN)
        return self.join(self.logits(image, previous))

    def logits(self, image: Tensor, previous: Tensor) -> Tensor:
        """The logits before their pixels are sorted out: (N, 16, S / 2, S / 2)."""
        x = self.stem(self.split(torch.cat([image, previous], 1) * 2 - 1))
        return self.head(through(x, self.down, self.bottom, self.up))
