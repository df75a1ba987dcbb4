"""The hair VAE: style encoder, shape decoder, and the painter that puts a style on a head.

    style encoder   hair pixels x alpha, alpha, face, coordinates -> z (128) and a 64 x 64 x 8 detail map*
    shape decoder   z, face shape                                 -> the hair's alpha at 64 pixels
    painter         head with a hole, hole, face, valid, coarse alpha; z, face shape; detail map
                                                                  -> the colours of hair, body and room,
                                                                     and the alphas of hair and body
    * at 256 pixels

It is a conditional VAE (Sohn et al. 2015) with a two-level code (as in VQ-VAE-2, Razavi et al.
2019): everything but the hair is given to the painter, so z and the detail map hold hair alone.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from mirror.core.head_space import FACE_SHAPE_SIZE
from train.nets.blocks import Conv, Up
from train.nets.hole_filling import filled

LATENT = 128
DETAIL = 8
# What the painter paints one behind the other, red, green and blue of each; then the hair's alpha and the
# body's.
LAYERS = ("hair", "body", "room")
PAINTED = 3 * len(LAYERS) + 2
# Sides at 256 pixels; at other sizes the maps shrink and grow along.
DETAIL_SIDE = 64
SHAPE_SIDE = 64


def coordinates(like: Tensor) -> Tensor:
    """(N, 2, H, W) of x and y from -1 to 1, for a (N, C, H, W) tensor."""
    n, _, h, w = like.shape
    y = torch.linspace(-1, 1, h, device=like.device, dtype=like.dtype)
    x = torch.linspace(-1, 1, w, device=like.device, dtype=like.dtype)
    grid = torch.stack([x[None].expand(h, w), y[:, None].expand(h, w)])
    return grid[None].expand(n, 2, h, w)


def composed(layers: Tensor, alphas: Tensor) -> Tensor:
    """Hair over body over room.

    Args:
        layers: (N, 9, S, S), RGB of each of `LAYERS`; alphas: (N, 2, S, S), of hair and of body.

    Returns:
        (N, 3, S, S).
    """
    hair, body, room = layers.chunk(len(LAYERS), 1)
    behind = room + (body - room) * alphas[:, 1:]
    return behind + (hair - behind) * alphas[:, :1]


class StyleEncoder(nn.Module):
    """Hair -> its code.

    In: hair (N, 3, S, S) RGB 0 to 1 times alpha; alpha (N, 1, S, S); face (N, 1, S, S).
    Out: mean and log-variance of z, (N, latent) each; of the detail map, (N, 8, S/4, S/4) each.
    """

    def __init__(
        self, size: int = 256, latent: int = LATENT, widths: tuple[int, ...] = (24, 48, 96, 128, 192, 256)
    ) -> None:
        super().__init__()
        self.split = nn.PixelUnshuffle(2)
        self.stem = Conv(4 * 7, widths[0])
        steps = list(zip(widths, widths[1:], strict=False))
        # The detail map leaves early, at a quarter of the side: a strand is a thing of a few pixels.
        self.fine = nn.Sequential(Conv(widths[0], widths[1], stride=2), Conv(widths[1], widths[1]))
        self.coarse = nn.Sequential(*[nn.Sequential(Conv(a, b, stride=2), Conv(b, b)) for a, b in steps[1:]])
        self.to_detail = nn.Conv2d(widths[1], 2 * DETAIL, 1)
        last = -(-size // 2 ** len(widths))
        self.to_z = nn.Linear(widths[-1] * last**2, 2 * latent)

    def forward(self, hair: Tensor, alpha: Tensor, face: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        x = torch.cat([hair * 2 - alpha, alpha, face, coordinates(alpha)], 1)
        x = self.fine(self.stem(self.split(x)))
        detail_mean, detail_logvar = self.to_detail(x).chunk(2, 1)
        z_mean, z_logvar = self.to_z(self.coarse(x).flatten(1)).chunk(2, 1)
        return z_mean, z_logvar.clamp(-10, 4), detail_mean, detail_logvar.clamp(-10, 4)


class ShapeDecoder(nn.Module):
    """z (N, latent) and face shape (N, 75) -> logits of the hair's alpha (N, 1, S/4, S/4)."""

    def __init__(
        self, size: int = 256, latent: int = LATENT, widths: tuple[int, ...] = (128, 96, 64, 48, 32, 24)
    ) -> None:
        super().__init__()
        side, levels = size // 4, 0
        while side > 4:
            side, levels = side // 2, levels + 1
        self.base = side
        self.first = nn.Linear(latent + FACE_SHAPE_SIZE, widths[0] * side**2)
        steps = list(zip(widths, widths[1:], strict=False))[:levels]
        self.grow = nn.ModuleList([Up(a, b) for a, b in steps])
        self.head = nn.Conv2d(steps[-1][1], 1, 3, padding=1)

    def forward(self, z: Tensor, shape: Tensor) -> Tensor:
        x = self.first(torch.cat([z, shape], 1)).view(len(z), -1, self.base, self.base)
        for level in self.grow:
            x = level(x)
        return self.head(x)


class Painter(nn.Module):
    """Content encoder and decoder: paints what belongs into the hole.

    In: head (N, 3, S, S) RGB 0 to 1 with the hole cut out (0 there); maps (N, 3, S, S), hole, face and
    valid, 0 to 1; coarse (N, 1, S/4, S/4): where the new hair is wanted, all 0 when unknown; detail
    (N, 8, S/4, S/4), all 0 when unknown; z (N, latent); shape (N, 75).
    Out: rgb (N, 3, S, S), 0 to 1; logits (N, 2, S, S) of the new hair's alpha, and of the body's where there
    is no hair (skin, ears, neck, clothes; the room is what is left).

    It paints hair, body and room each as if it were alone (as images are taken apart by Wang & Adelson 1994):
    unsure where a shoulder ends, it need not paint a fog of shoulder and wall, only an unsure alpha.

    At 512 pixels it has one level more, so that its deepest one sees as much of the head.
    """

    def __init__(
        self, size: int = 256, latent: int = LATENT, widths: tuple[int, ...] = (20, 40, 80, 144, 224)
    ) -> None:
        super().__init__()
        if size > 256:
            widths = (*widths, widths[-1])
        self.levels = len(widths) - 1
        cond = latent + FACE_SHAPE_SIZE
        self.split = nn.PixelUnshuffle(2)
        self.stem = Conv(4 * 6, widths[0])
        self.down = nn.ModuleList()
        for level, (a, b) in enumerate(zip(widths, widths[1:], strict=False)):
            extra = {0: 0, 1: 1, 2: DETAIL}.get(level, 0)
            self.down.append(
                nn.ModuleList([Conv(a + extra, b, stride=2), Conv(b, b, cond=cond if level else 0)])
            )
        self.bottom = nn.ModuleList([Conv(widths[-1], widths[-1], cond=cond) for _ in range(2)])
        self.up = nn.ModuleList(
            Up(b, a, cond=cond if i < self.levels - 1 else 0)
            for i, (a, b) in enumerate(reversed(list(zip(widths, widths[1:], strict=False))))
        )
        self.detail = nn.Conv2d(DETAIL + 1, widths[2], 1)
        # Without a bias: the norm behind it would take it out again, and its gradient be mere rounding.
        self.strands = nn.Conv2d(DETAIL + 1, widths[1], 1, bias=False)
        self.refine = nn.ModuleList([Conv(widths[2], widths[2], cond=cond), Conv(widths[1], widths[1])])
        self.head = nn.Conv2d(widths[0], 4 * PAINTED, 3, padding=1)
        self.join = nn.PixelShuffle(2)

    def forward(
        self, head: Tensor, maps: Tensor, coarse: Tensor, detail: Tensor, z: Tensor, shape: Tensor
    ) -> tuple[Tensor, Tensor]:
        layers, logits = self.layers(head, maps, coarse, detail, z, shape)
        return composed(layers, torch.sigmoid(logits)), logits

    def layers(
        self, head: Tensor, maps: Tensor, coarse: Tensor, detail: Tensor, z: Tensor, shape: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The layers (N, 9, S, S), RGB of each of `LAYERS`, 0 to 1; and the logits (N, 2, S, S)."""
        out = self.join(self.logits(head, maps, coarse, detail, z, shape))
        return torch.sigmoid(out[:, :-2]), out[:, -2:]

    def logits(
        self, head: Tensor, maps: Tensor, coarse: Tensor, detail: Tensor, z: Tensor, shape: Tensor
    ) -> Tensor:
        """All before the sigmoid and before their pixels are sorted out: (N, 44, S/2, S/2)."""
        return self.head(self.features(head, maps, coarse, detail, z, shape))

    def features(
        self, head: Tensor, maps: Tensor, coarse: Tensor, detail: Tensor, z: Tensor, shape: Tensor
    ) -> Tensor:
        """What the last layer paints from: (N, 20, S/2, S/2)."""
        cond = torch.cat([z, shape], 1)
        x = torch.cat([filled(head, maps[:, :1], maps[:, 2:]) * 2 - 1, maps], 1)
        x = self.stem(self.split(x))
        given = torch.cat([detail, coarse], 1)
        given_small = nn.functional.avg_pool2d(given, 2)
        skips = []
        for level, pair in enumerate(self.down):
            down, mix = cast(nn.ModuleList, pair)
            skips.append(x)
            if level == 1:
                x = torch.cat([x, coarse], 1)
            elif level == 2:
                x = torch.cat([x, given_small[:, :DETAIL]], 1)
            x = mix(down(x), cond)
        for mix in self.bottom:
            x = mix(x, cond)
        for level, up in enumerate(self.up):
            x = up(x, skips.pop(), cond)
            if level == self.levels - 3:
                x = x + self.detail(given_small)
                x = self.refine[0](x, cond)
            elif level == self.levels - 2:
                x = self.refine[1](x + self.strands(given))
        return x


class HairVAE(nn.Module):
    """The three together, as they train.

    Args:
        size: side of the head crops, one of 64, 96, 128, 256, 512. The live mirror runs 256.
        latent: numbers in z. The live mirror runs 128.
    """

    def __init__(self, size: int = 256, latent: int = LATENT) -> None:
        super().__init__()
        self.size, self.latent = size, latent
        self.encoder = StyleEncoder(size, latent)
        self.shape_decoder = ShapeDecoder(size, latent)
        self.painter = Painter(size, latent)
