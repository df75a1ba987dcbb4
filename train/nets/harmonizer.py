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

# Gains of red, green and blue, what is added to them, contrast, the share of alpha that stays, and shade on
# the person beneath.
SAID = 9
# Furthest that it can say, in logarithms of gain, contrast and shade, and of 1 what is added; the least share
# of alpha that stays: free to take all of it, it took hair that is rarely seen in photographs away.
GAIN, ADDED, CONTRAST, SHADE, KEPT = 0.7, 0.15, 0.7, 0.7, 0.4
# Nothing is taken at first: sigmoids of these are 0.98 and 0.05.
_WHOLE, _LIT = 4.0, -3.0
# So far from hair, pixels, skin and clothes may be in its shade; tones are even over so many, and contrast is
# against so many around.
NEAR, EVEN, LOCAL = 41, 9, 7


@dataclass(frozen=True, slots=True)
class Harmony:
    """What it says, (N, 3 or 1, S, S). Hair, premultiplied, becomes its local mean * gain + alpha * added,
    and what it differs from that * gain * contrast; all that and its alpha * kept. A person beneath is
    multiplied with light."""

    gain: Tensor
    added: Tensor
    contrast: Tensor
    kept: Tensor
    light: Tensor

    def colour(self, hair: Tensor) -> Tensor:
        """Hair's colour, premultiplied, before alpha is taken: (N, 3, S, S) of (N, 4, S, S)."""
        colour, alpha = hair[:, :3], hair[:, 3:]
        mean = even(colour, LOCAL) / (even(alpha, LOCAL) + 1e-3) * alpha
        return (mean + (colour - mean) * self.contrast) * self.gain + alpha * self.added

    def on(self, hair: Tensor, beneath: Tensor) -> Tensor:
        """The picture: hair (N, 4, S, S), premultiplied RGB and alpha, over beneath (N, 3, S, S)."""
        return self.colour(hair) * self.kept + beneath * self.light * (1 - hair[:, 3:] * self.kept)


def even(x: Tensor, size: int) -> Tensor:
    """The mean of so many pixels, an odd number, around each."""
    return F.avg_pool2d(x, size, 1, size // 2, count_include_pad=False)


class Harmonizer(nn.Module):
    """U-Net from half resolution down to a thirty-second.

    In: beneath (N, 3, S, S) RGB, 0 to 1; hair (N, 4, S, S), premultiplied RGB and alpha; maps (N, 3, S, S):
    face, valid and the alpha of the person beneath; S a multiple of 32.
    Out: (N, 9, S, S), see `harmony`.
    """

    def __init__(self, widths: tuple[int, ...] = (24, 40, 72, 128, 176)) -> None:
        super().__init__()
        self.split = nn.PixelUnshuffle(2)
        self.stem = nn.Sequential(Conv(4 * 15, widths[0], kernel=1), Conv(widths[0], widths[0]))
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


def harmony(said: Tensor, hair: Tensor, person: Tensor) -> Harmony:
    """What the network's output says of hair (N, 4, S, S) over a person, alpha (N, 1, S, S)."""
    said = said.float()
    near = even(F.max_pool2d(hair[:, 3:].float(), NEAR, 1, NEAR // 2), 15) * person
    tones = even(torch.tanh(said[:, :7]), EVEN)
    return Harmony(
        torch.exp(GAIN * tones[:, :3]),
        ADDED * tones[:, 3:6],
        torch.exp(CONTRAST * tones[:, 6:7]),
        KEPT + (1 - KEPT) * torch.sigmoid(said[:, 7:8] + _WHOLE),
        torch.exp(-SHADE * torch.sigmoid(even(said[:, 8:9], EVEN) + _LIT) * near),
    )
