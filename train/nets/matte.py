"""The matte network: a head crop in, the soft matte of the hair out. About 0.7 GFLOP at 256."""

from __future__ import annotations

from torch import Tensor, nn

from train.nets.blocks import Conv, Up


class MatteNet(nn.Module):
    """U-Net from half resolution down to a thirty-second.

    In: (N, 3, S, S) RGB, 0 to 1, S a multiple of 32. Out: (N, 1, S, S) logits of the hair's alpha.
    """

    def __init__(self, widths: tuple[int, ...] = (16, 32, 64, 96, 128)) -> None:
        super().__init__()
        self.split = nn.PixelUnshuffle(2)
        self.stem = Conv(12, widths[0])
        self.down = nn.ModuleList(
            nn.Sequential(Conv(a, b, stride=2), Conv(b, b)) for a, b in zip(widths, widths[1:], strict=False)
        )
        self.bottom = nn.Sequential(Conv(widths[-1], widths[-1]), Conv(widths[-1], widths[-1]))
        self.up = nn.ModuleList(Up(b, a) for a, b in reversed(list(zip(widths, widths[1:], strict=False))))
        self.head = nn.Conv2d(widths[0], 4, 3, padding=1)
        self.join = nn.PixelShuffle(2)

    def forward(self, image: Tensor) -> Tensor:
        return self.join(self.logits(image))

    def logits(self, image: Tensor) -> Tensor:
        """The logits before their pixels are sorted out: (N, 4, S / 2, S / 2)."""
        x = self.stem(self.split(image * 2 - 1))
        skips = []
        for level in self.down:
            skips.append(x)
            x = level(x)
        x = self.bottom(x)
        for level in self.up:
            x = level(x, skips.pop())
        return self.head(x)
