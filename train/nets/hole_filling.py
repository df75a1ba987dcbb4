"""Fills a hole smoothly from what lies around it: the painter's first guess of what is behind the hair."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

CELL = 4  # pixels: finer than that a guess need not be
FAINT = 0.02  # what a coarser level counts where the finer one knows something


def fill_in(image: Tensor, known: Tensor) -> Tensor:
    """Pull and push over a pyramid (Gortler et al. 1996, section 3.4): far from what is known, coarser.

    Args:
        image: (N, 3, S, S), 0 where it is not known; S a multiple of 8.
        known: (N, 1, S, S), 1 where it is known, else 0.

    Returns:
        (N, 3, S, S), smooth everywhere; near what is known, its colour.
    """
    colour, weight = F.avg_pool2d(image * known, CELL), F.avg_pool2d(known, CELL)
    finer = []
    while colour.shape[-1] % 2 == 0 and colour.shape[-1] > 2:
        finer.append((colour, weight))
        colour, weight = F.avg_pool2d(colour, 2), F.avg_pool2d(weight, 2)
    guess = colour / (weight + 1e-3)
    for colour, weight in reversed(finer):
        above = F.interpolate(guess, scale_factor=2.0, mode="bilinear", align_corners=False)
        guess = (colour + FAINT * above) / (weight + FAINT)
    return F.interpolate(guess, scale_factor=float(CELL), mode="bilinear", align_corners=False)


def filled(head: Tensor, hole: Tensor, valid: Tensor) -> Tensor:
    """A head whose hole, (N, 1, S, S), is filled; what lies outside the picture is not asked."""
    return head + hole * fill_in(head, (1 - hole) * valid)
