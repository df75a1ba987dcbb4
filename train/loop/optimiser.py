"""The optimisers, what of a network they decay, and how steep a gradient may be."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from mirror.core.errors import MirrorError

OPTIMISERS = ("adamw", "adam", "rmsprop")
STEEPEST = 1.0  # norm to which the gradient of each network is clipped


def open_optimiser(name: str, net: nn.Module, rate: float, decay: float) -> torch.optim.Optimizer:
    """An optimiser by name.

    Args:
        decay: of adamw, for weights that are multiplied with what comes in. Norms and biases are not decayed:
            pulled towards 0 they would dim what comes through, and nothing is regularised by it.

    Raises:
        MirrorError: the name is not one of OPTIMISERS.
    """
    if name == "adamw":
        decayed = [one for one in net.parameters() if one.ndim > 1]
        others = [one for one in net.parameters() if one.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
        return torch.optim.AdamW([one for one in groups if one["params"]], rate, (0.9, 0.99), fused=True)
    if name == "adam":
        return torch.optim.Adam(net.parameters(), rate, fused=True)
    if name == "rmsprop":
        # As Keras has it: alpha is its rho, 0.9.
        return torch.optim.RMSprop(net.parameters(), rate, alpha=0.9, eps=1e-7)
    raise MirrorError(f"The optimiser {name} is not known. Give one of {', '.join(OPTIMISERS)}.")


def clip(networks: Iterable[nn.Module]) -> Tensor:
    """Clips the gradient of each network by itself: a steep discriminator slows nobody down but itself.

    Returns:
        The largest of their norms before, a scalar on their device; not a number where one is not.
    """
    norms = [nn.utils.clip_grad_norm_(net.parameters(), STEEPEST) for net in networks]
    return torch.stack(norms).max()
