"""The harmonizer: how hair that was laid over a head has to change to belong there. 1.4 GFLOP at 256.

It moves no strand: it says by how much the hair's colour is multiplied and what is added to it, how much of
its alpha stays, and how much light it takes from what lies beneath, pixel by pixel. So what it says of one
look at a head can be laid on finer layers, and moves with them.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from train.nets.blocks import Conv, Up, through
from train.nets.hair_vae import coordinates
from train.nets.underlay import Attention

# Gains of red, green and blue, what is added to them, the share of alpha that stays, and light on what lies
# beneath.
SAID = 8
# Furthest that it can say, in logarithms of gain and light, and of 1 what is added.
GAIN, ADDED, LIGHT = 0.9, 0.3, 0.6
# Alpha stays whole at first: the sigmoid of this is 0.98.
_WHOLE = 4.0
# So far from hair, pixels, skin and clothes may be in its shade.
NEAR = 41


@dataclass(frozen=True, slots=True)
class Harmony:
    """What it says, (N, 3 or 1, S, S): hair, premultiplied, becomes (hair * gain + alpha * added) * kept, its
    alpha alpha * kept, and what lies beneath is multiplied with light."""

    gain: Tensor
    added: Tensor
    kept: Tensor
    light: Tensor

    def on(self, hair: Tensor, beneath: Tensor) -> Tensor:
        """The picture: hair (N, 4, S, S), premultiplied RGB and alpha, over beneath (N, 3, S, S)."""
        colour, alpha = hair[:, :3], hair[:, 3:]
        shown = (colour * self.gain + alpha * self.added) * self.kept
        return shown + beneath * self.light * (1 - alpha * self.kept)


class Harmonizer(nn.Module):
    """U-Net from half resolution down to a thirty-second.

    In: beneath (N, 3, S, S) RGB, 0 to 1; hair (N, 4, S, S), premultiplied RGB and alpha; maps (N, 2, S, S):
    face and valid; S a multiple of 32.
    Out: (N, 8, S, S), see `harmony`.
    """

    def __init__(self, widths: tuple[int, ...] = (24, 40, 72, 128, 176)) -> None:
        super().__init__()
        self.split = nn.PixelUnshuffle(2)
        self.stem = nn.Sequential(Conv(4 * 14, widths[0], kernel=1), Conv(widths[0], widths[0]))
        self.down = nn.ModuleList(
            nn.Sequential(Conv(a, b, stride=2), Conv(b, b)) for a, b in zip(widths, widths[1:], strict=False)
        )
        self.bottom = nn.Sequential(
            Conv(widths[-1], widths[-1]), Attention(widths[-1]), Conv(widths[-1], widths[-1])
        )
        self.up = nn.ModuleList(Up(b, a) for a, b in reversed(list(zip(widths, widths[1:], strict=False))))
        self.head = nn.Conv2d(widths[0], 4 * SAID, 3, padding=1)
        nn.init.normal_(self.head.weight, std=1e-3)
        nn.init.zeros_(self.head.bias)
        self.join = nn.PixelShuffle(2)

    def forward(self, beneath: Tensor, hair: Tensor, maps: Tensor) -> Tensor:
        alpha = hair[:, 3:]
        laid = hair[:, :3] + beneath * (1 - alpha)
        x = torch.cat(
            [laid * 2 - 1, beneath * 2 - 1, hair[:, :3] * 2 - 1, alpha, maps, coordinates(alpha)], 1
        )
        x = self.stem(self.split(x))
        return self.join(self.head(through(x, self.down, self.bottom, self.up)))


def harmony(said: Tensor, hair: Tensor) -> Harmony:
    """What the network's output says of hair (N, 4, S, S)."""
    said = said.float()
    alpha = hair[:, 3:].float()
    near = F.avg_pool2d(F.max_pool2d(alpha, NEAR, 1, NEAR // 2), 15, 1, 7)
    return Harmony(
        torch.exp(GAIN * torch.tanh(said[:, :3])),
        ADDED * torch.tanh(said[:, 3:6]),
        torch.sigmoid(said[:, 6:7] + _WHOLE),
        torch.exp(LIGHT * torch.tanh(said[:, 7:8]) * near),
    )
