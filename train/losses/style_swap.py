"""What a swap pays, for which no photograph is the answer: another's style on a head, judged by a network.

Nobody was photographed with and without their hair. A head rebuilt from its own style teaches the painter
to draw; that alone does not teach it to draw another's. So a quarter of each batch also wears the
styles of another quarter, laid on as the live mirror lays them on, and a frozen matte network looks at the
picture: it must see hair where the painter says it painted hair. The judge of the
figures is another network (the teacher), so that fooling the one is not yet fooling the other.

Only where hair was painted is the matte network heard. Asked about the rest too, it taught the painter to
fill all that it uncovers with a pale blue and a salmon that are never hair: a better figure, a worse sight.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mirror.hair.styles.code import OVAL_POINTS
from mirror.removal.inpainting_mask import HOLE_SIDE


@dataclass(frozen=True)
class Wearers:
    """Heads that put on another's style, (N, C, S, S) each, 0 to 1: as in a batch."""

    image: Tensor
    alpha: Tensor
    face: Tensor
    valid: Tensor
    shape: Tensor


@dataclass(frozen=True)
class Worn:
    """A swap as a person sees it.

    Attributes:
        seen: (N, 3, S, S), the head wearing the style.
        alpha: (N, 1, S, S), where hair was painted; coarse: (N, 1, S/4, S/4), where it was wanted.
        hole: (N, 1, S, S), where something may have changed.
    """

    seen: Tensor
    alpha: Tensor
    coarse: Tensor
    hole: Tensor


def fitted(plane: Tensor, theirs: Tensor, mine: Tensor) -> Tensor:
    """Planes moved from their face shapes onto mine, as `mirror.hair.styles.code.StyleCode.fitted` moves a
    style.

    Args:
        plane: (N, C, H, W); theirs, mine: (N, 75) face shapes.
    """
    ovals = [s[:, : 2 * OVAL_POINTS].reshape(-1, OVAL_POINTS, 2).float() / 2 for s in (mine, theirs)]
    ones = torch.ones_like(ovals[0][..., :1])
    a = torch.cat([ovals[0], ones], 2)
    # Normal equations of the least-squares affine transform from my oval to theirs: (N, 3, 2).
    solved = torch.linalg.solve(a.mT @ a, a.mT @ ovals[1])
    grid = F.affine_grid(solved.mT, list(plane.shape), align_corners=False)
    return F.grid_sample(plane.float(), grid, padding_mode="zeros", align_corners=False)


def hole_of(own: Tensor, coarse: Tensor, side: int, radius: int = 3) -> Tensor:
    """`mirror.removal.inpainting_mask.cut_hole` of whole batches, but that it grows by a square: (N, 1, side,
    side), 0 or 1."""
    small = [F.adaptive_max_pool2d(coarse, HOLE_SIDE), F.adaptive_avg_pool2d(own, HOLE_SIDE)]
    union = (torch.maximum(*small) > 0.08).float()
    grown = F.max_pool2d(union, 2 * radius + 1, 1, radius)
    smooth = F.interpolate(F.avg_pool2d(grown, 3, 1, 1), size=(side, side), mode="bilinear")
    return (smooth > 0.4).float()


def wear(
    painter: nn.Module, heads: Wearers, coarse: Tensor, detail: Tensor, z: Tensor, radius: int = 3
) -> Worn:
    """Lays styles over heads as the live mirror does.

    Args:
        coarse, detail, z: of the styles, already fitted to the heads' face shapes.
        radius: see `mirror.removal.inpainting_mask.cut_hole`.
    """
    side = heads.image.shape[-1]
    hole = hole_of(heads.alpha, coarse, side, radius)
    maps = torch.cat([hole, heads.face, heads.valid], 1)
    rgb, logits = painter(heads.image * (1 - hole), maps, coarse, detail * coarse, z, heads.shape)
    alpha = torch.sigmoid(logits[:, :1].float()) * hole
    around = 2 * max(1, side // 85) + 1
    grown = F.max_pool2d(heads.alpha, around, 1, around // 2)
    old = ((F.avg_pool2d(grown, 5, 1, 2) - 0.2) * 2).clamp(0, 1) * hole
    cover = torch.maximum(old, alpha)
    return Worn(heads.image + (rgb.float() - heads.image) * cover, alpha, coarse, hole)


def swap_loss(worn: Worn, heads: Wearers, matting: nn.Module, noise: Tensor) -> tuple[Tensor, Tensor]:
    """What is wrong with a swap.

    Args:
        matting: a frozen matte network for crops of 256 pixels.
        noise: standard normal numbers like `worn.seen`: so that no pattern too fine for a camera convinces.

    Returns:
        How far the matte network does not see the hair that was painted; how far other hair was painted than
        was wanted. Both are means over the batch.
    """
    looked_at = _of_256(worn.seen + 0.02 * noise)
    alpha = _of_256(worn.alpha.detach())
    weight = _of_256(heads.valid) * alpha
    logits = matting(looked_at)[:, :1]
    told = (F.softplus(-logits.float()) * weight).sum() / (weight.sum() + 1)
    small = F.adaptive_avg_pool2d(worn.alpha, worn.coarse.shape[-1])
    inside = F.adaptive_avg_pool2d(heads.valid, worn.coarse.shape[-1])
    return told, ((small - worn.coarse).abs() * inside).mean()


def _of_256(x: Tensor) -> Tensor:
    if x.shape[-1] == 256:
        return x
    return F.interpolate(x, size=(256, 256), mode="bilinear", antialias=x.shape[-1] > 256)
