"""Losses, each a small function of tensors. Pictures are (N, C, H, W), 0 to 1."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from mirror.core.errors import MirrorError


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


def kl_each(mean: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mean, exp(logvar)) || N(0, 1)) of every dimension, of the arguments' shape, in nats
    (Kingma & Welling 2014, appendix B)."""
    mean, logvar = mean.float(), logvar.float()
    return -0.5 * (1 + logvar - mean**2 - logvar.exp())


def kl_to_normal(mean: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mean, exp(logvar)) || N(0, 1)), summed over dimensions, mean over the batch."""
    return kl_each(mean, logvar).flatten(1).sum(1).mean()


def sample(mean: Tensor, logvar: Tensor, noise: Tensor | None = None) -> Tensor:
    """A draw from N(mean, exp(logvar)), a fresh one for every element.

    Args:
        noise: standard normal numbers of the same shape; None: drawn here.
    """
    mean, logvar = mean.float(), logvar.float()
    noise = torch.randn_like(mean) if noise is None else noise
    return mean + noise * torch.exp(0.5 * logvar)


# The fixed spreads of the likelihoods, in pixel values of 0 to 1: a standard deviation, and the scale
# at which an absolute difference weighs about as much as cross-entropy does.
SIGMA = 0.1
LAPLACE_SCALE = 1 / 3


def negative_log_likelihood(logits: Tensor, image: Tensor, valid: Tensor, likelihood: str) -> Tensor:
    """How badly a picture explains another, in nats without the constant: sum over valid pixels and
    channels, mean over the batch.

    Args:
        logits: (N, 3, S, S), the picture before its sigmoid; image: (N, 3, S, S), 0 to 1.
        valid: (N, 1, S, S), 0 where there is nothing to be explained.
        likelihood: "mse" (Gaussian of standard deviation 0.1), "bce" (Bernoulli) or "laplace" (of
            scale 1/3).

    Raises:
        ValueError: another likelihood.
    """
    logits = logits.float()
    if likelihood == "bce":
        each = F.binary_cross_entropy_with_logits(logits, image, reduction="none")
    elif likelihood == "mse":
        each = (torch.sigmoid(logits) - image) ** 2 / (2 * SIGMA**2)
    elif likelihood == "laplace":
        each = (torch.sigmoid(logits) - image).abs() / LAPLACE_SCALE
    else:
        raise ValueError(f"likelihood {likelihood!r} is not one of mse, bce, laplace")
    return (each * valid).flatten(1).sum(1).mean()


@dataclass(frozen=True)
class CodePrice:
    """What is paid for the code.

    Attributes:
        beta: weight of the KL (Higgins et al. 2017, eq. 4).
        anneal: share of the budget over which the weight, or the capacity, grows from 0 (Bowman et al.
            2016, section 3.1).
        capacity: nats that the code is held to: gamma * |KL - C| with C growing to `capacity` (Burgess
            et al. 2018, eq. 8). None: beta * KL.
        gamma: how strictly it is held to them.
        free_bits: nats a dimension that cost nothing (Kingma et al. 2016, appendix C.8), picture by
            picture.
    """

    beta: float = 1.0
    anneal: float = 0.0
    capacity: float | None = None
    gamma: float = 100.0
    free_bits: float = 0.0

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            most = 1.0 if name == "anneal" else float("inf")
            if value is not None and not 0 <= value <= most:
                upper = "to 1" if name == "anneal" else "or more"
                raise MirrorError(f"--{name.replace('_', '-')} {value:g} cannot be. Give 0 {upper}.")


def code_cost(each: Tensor, spent: float, price: CodePrice) -> Tensor:
    """What the codes of a batch cost.

    Args:
        each: (N, latent), KL of every picture and dimension, in nats.
        spent: share of the budget spent, 0 to 1.
    """
    grown = min(1.0, spent / price.anneal) if price.anneal > 0 else 1.0
    total = (each.clamp(min=price.free_bits) if price.free_bits else each).sum(1).mean()
    if price.capacity is not None:
        return price.gamma * (total - price.capacity * grown).abs()
    return price.beta * grown * total
