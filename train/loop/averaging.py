"""The moving average of a network: the weights that are judged and used."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel


def moving_average(net: nn.Module, decay: float) -> AveragedModel:
    """An exponential moving average of weights and batch-norm statistics, in evaluation mode.

    Early on it forgets faster, min(decay, (1 + step) / (10 + step)), and its first update takes the network
    as it is, or a short run would still carry its random start. How many updates it has seen is its
    `n_averaged`, to be set where a run goes on.
    """
    return AveragedModel(net, multi_avg_fn=_towards(decay), use_buffers=True).requires_grad_(False).eval()


def _towards(decay: float) -> Callable[[Sequence[Tensor], Sequence[Tensor], Tensor | int], None]:
    @torch.no_grad()
    def move(mine: Sequence[Tensor], theirs: Sequence[Tensor], updates: Tensor | int) -> None:
        step = int(updates)
        if mine[0].is_floating_point():
            torch._foreach_lerp_(list(mine), list(theirs), 1 - min(decay, (1 + step) / (10 + step)))
        else:  # how many batches a batch norm has seen
            torch._foreach_copy_(list(mine), list(theirs))

    return move
