"""Losses, each a small function of tensors. Pictures are (N, C, H, W), 0 to 1."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def matte_loss(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy plus soft Dice (Milletari et al. 2016) where `weight` counts, over the batch."""
    logits = logits.float()
    cross = F.binary_cross_entropy_with_logits(logits, target, weight=weight)
    alpha = torch.sigmoid(logits) * weight
    both = (alpha * target).sum((1, 2, 3))
    dice = 1 - (2 * both + 10) / (alpha.sum((1, 2, 3)) + (target * weight).sum((1, 2, 3)) + 10)
    return cross + 0.5 * dice.mean()


def edge_loss(output: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Weighted L1 between the horizontal and vertical differences of two pictures."""
    error = output - target
    across = (error[..., 1:] - error[..., :-1]).abs() * weight[..., 1:]
    down = (error[..., 1:, :] - error[..., :-1, :]).abs() * weight[..., 1:, :]
    return across.mean() + down.mean()


def kl_to_normal(mean: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mean, exp(logvar)) || N(0, 1)), summed over dimensions, mean over the batch
    (Kingma & Welling 2014, appendix B)."""
    mean, logvar = mean.float(), logvar.float()
    return -0.5 * (1 + logvar - mean**2 - logvar.exp()).flatten(1).sum(1).mean()


def sample(mean: Tensor, logvar: Tensor) -> Tensor:
    """A draw from N(mean, exp(logvar)), a fresh one for every element."""
    mean, logvar = mean.float(), logvar.float()
    return mean + torch.randn_like(mean) * torch.exp(0.5 * logvar)
