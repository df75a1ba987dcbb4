"""The underlay network: a person without hair, and the wall behind, from what is seen beside the hair.

2.5 GFLOP at 256 pixels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from train.nets.blocks import Conv, Up, through
from train.nets.hair_vae import coordinates
from train.nets.hole_filling import fill_in

# What it paints: RGB of the person (scalp, ears, neck, clothes) as if there were no wall, RGB of the wall as
# if there were nobody, and the alpha of the person.
PAINTED = 7
# Maps so wide are coarse enough, 16 or 8 cells a side, that each may look at all others.
_ATTENTIVE = 160


class Attention(nn.Module):
    """Self-attention over the cells of a map, added to it (Wang et al. 2018, with the heads of Vaswani et al.
    2017): a wall goes on behind a head as it is seen far beside.

    In and out: (N, width, H, W).
    """

    def __init__(self, width: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.BatchNorm2d(width)
        self.ask = nn.Conv2d(width, 3 * width, 1)
        self.join = nn.Conv2d(width, width, 1)
        # A map passes through all but as it is at first.
        nn.init.normal_(self.join.weight, std=1e-3)
        nn.init.zeros_(self.join.bias)

    def forward(self, x: Tensor) -> Tensor:
        n, width, height, across = x.shape
        asked = self.ask(self.norm(x)).view(n, 3, self.heads, width // self.heads, height * across)
        query, key, value = asked.transpose(3, 4).unbind(1)
        found = F.scaled_dot_product_attention(query, key, value)
        return x + self.join(found.transpose(2, 3).reshape(n, width, height, across))


class UnderlayNet(nn.Module):
    """U-Net from half resolution down to a thirty-second; from a sixteenth down each cell sees all others.

    In: head (N, 3, S, S) RGB, 0 to 1, 0 in the hole; maps (N, 4, S, S), 0 to 1: hole, face, valid and, 0 in
    the hole, person; S a multiple of 32.
    Out: (N, 7, S, S): RGB of the person, RGB of the wall, each about 0 to 1; logit of the person's alpha.
    """

    def __init__(self, widths: tuple[int, ...] = (24, 48, 96, 160, 224)) -> None:
        super().__init__()
        self.split = nn.PixelUnshuffle(2)
        self.stem = nn.Sequential(Conv(4 * 15, widths[0], kernel=1), Conv(widths[0], widths[0]))
        self.down = nn.ModuleList(
            nn.Sequential(
                Conv(a, b, stride=2),
                Conv(b, b),
                *([Conv(b, b)] if b > 64 else []),
                *([Attention(b)] if b >= _ATTENTIVE else []),
            )
            for a, b in zip(widths, widths[1:], strict=False)
        )
        self.bottom = nn.Sequential(
            Conv(widths[-1], widths[-1]), Attention(widths[-1]), Conv(widths[-1], widths[-1])
        )
        self.up = nn.ModuleList(Up(b, a) for a, b in reversed(list(zip(widths, widths[1:], strict=False))))
        self.head = nn.Conv2d(widths[0], 4 * PAINTED, 3, padding=1)
        self.join = nn.PixelShuffle(2)

    def forward(self, head: Tensor, maps: Tensor) -> Tensor:
        hole, valid, person = maps[:, 0:1], maps[:, 2:3], maps[:, 3:4]
        seen = (1 - hole) * valid
        # Both begin as a smooth guess from what is seen of either.
        body, wall = fill_in(head, seen * person), fill_in(head, seen * (1 - person))
        x = torch.cat([head * 2 - 1, maps, body * 2 - 1, wall * 2 - 1, coordinates(hole)], 1)
        x = self.stem(self.split(x))
        x = through(x, self.down, self.bottom, self.up)
        out = self.join(self.head(x))
        return torch.cat([body + out[:, :3], wall + out[:, 3:6], out[:, 6:]], 1)


def composed(layers: Tensor, alpha: Tensor) -> Tensor:
    """Person before wall: layers (N, 6 or more, S, S), alpha (N, 1, S, S) -> (N, 3, S, S)."""
    body, wall = layers[:, :3], layers[:, 3:6]
    return wall + (body - wall) * alpha


def told(batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """What the network is shown of a batch: nothing of what lies in the hole."""
    cut = 1 - batch["hole"]
    maps = torch.cat([batch["hole"], batch["face"], batch["valid"], batch["person"] * cut], 1)
    return batch["image"] * cut, maps
