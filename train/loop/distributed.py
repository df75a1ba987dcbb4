"""The processes of one run: alone, or several under torchrun, through PyTorch's distributed data parallel."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import cast

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from mirror.core.errors import MirrorError


@dataclass(frozen=True)
class Ranks:
    """This process among all of them.

    Attributes:
        rank: its number; world: how many there are; device: what it computes on.
    """

    rank: int
    world: int
    device: torch.device

    @property
    def first(self) -> bool:
        """Whether this is the one that writes, prints and validates."""
        return self.rank == 0

    def rows(self, size: int) -> range:
        """Which pictures of a batch of `size` are this process's.

        Raises:
            MirrorError: the batch cannot be shared out evenly.
        """
        if size % self.world:
            raise MirrorError(
                f"--batch {size} is the batch of all processes together and cannot be shared by "
                f"{self.world}. Give a multiple of {self.world}."
            )
        share = size // self.world
        return range(self.rank * share, (self.rank + 1) * share)

    def wrap(self, net: nn.Module) -> nn.Module:
        """The network with its gradients averaged over all processes; as it is where there is one."""
        if self.world == 1:
            return net
        return DistributedDataParallel(
            net, device_ids=[self.device] if self.device.type == "cuda" else None, broadcast_buffers=False
        )

    def agree(self, value: float) -> float:
        """The first process's number: clocks differ, and all must stop at the same step."""
        if self.world == 1:
            return value
        # In the processor's memory, by gloo: a GPU is not waited for.
        shared = torch.tensor([value], dtype=torch.float64)
        dist.broadcast(shared, 0)
        return float(shared)

    def mean(self, values: Tensor) -> Tensor:
        """The mean of what all processes give."""
        if self.world > 1:
            dist.all_reduce(values)
        return values / self.world


def join_ranks() -> Ranks:
    """Joins the processes that torchrun started (it sets RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR).

    NCCL between GPUs, gloo between processors (beside GPUs too). Without torchrun: one process, on the GPU if
    there is one.

    Raises:
        MirrorError: more processes a machine than GPUs.
    """
    world = int(os.environ.get("WORLD_SIZE", "1"))
    local = int(os.environ.get("LOCAL_RANK", "0"))
    gpus = torch.cuda.device_count()
    if gpus and local >= gpus:
        raise MirrorError(
            f"torchrun started process {local + 1} of this machine, which has {gpus} GPU. Give "
            f"--nproc-per-node {gpus}."
        )
    device = torch.device("cuda", local) if gpus else torch.device("cpu")
    if world == 1:
        return Ranks(0, 1, device)
    if gpus:
        torch.cuda.set_device(device)
    if not dist.is_initialized():
        dist.init_process_group("cpu:gloo,cuda:nccl" if gpus else "gloo")
    return Ranks(dist.get_rank(), world, device)


def leave_ranks() -> None:
    """Ends what `join_ranks` began."""
    if dist.is_initialized():
        dist.destroy_process_group()


def synchronise_norms(net: nn.Module, ranks: Ranks) -> nn.Module:
    """Makes every batch norm normalise by the whole batch, not by one process's share of it.

    PyTorch's SyncBatchNorm does it on GPUs and does not run on processors: there `GlooBatchNorm` does.
    """
    if ranks.world == 1:
        return net
    if ranks.device.type == "cuda":
        return nn.SyncBatchNorm.convert_sync_batchnorm(net)
    for name, child in net.named_children():
        if isinstance(child, nn.BatchNorm2d):
            twin = GlooBatchNorm(child.num_features, child.eps, cast(float, child.momentum))
            twin.load_state_dict(child.state_dict())
            setattr(net, name, twin)
        else:
            synchronise_norms(child, ranks)
    return net


class GlooBatchNorm(nn.BatchNorm2d):
    """Batch norm over the batch of all processes, by PyTorch's own differentiable all-reduce.

    The statistics are those of Ioffe & Szegedy 2015, algorithm 1, summed in float64.
    """

    def forward(self, input: Tensor) -> Tensor:
        if not (self.training and dist.is_initialized()):
            return super().forward(input)
        from torch.distributed.nn.functional import all_reduce

        x = input.float()
        wide = x.double()
        count = torch.full((1,), wide.numel() / wide.shape[1], dtype=torch.float64)
        sums = all_reduce(torch.cat([wide.sum((0, 2, 3)), (wide * wide).sum((0, 2, 3)), count]))
        channels, total = x.shape[1], sums[-1].detach()
        mean = sums[:channels] / total
        variance = sums[channels : 2 * channels] / total - mean * mean
        self._remember(mean.detach(), variance.detach(), float(total))
        scale = (self.weight * torch.rsqrt(variance.float() + self.eps))[:, None, None]
        out = (x - mean.float()[:, None, None]) * scale + self.bias[:, None, None]
        return out.to(input.dtype)

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor, total: float) -> None:
        running_mean, running_var = cast(Tensor, self.running_mean), cast(Tensor, self.running_var)
        step = cast(float, self.momentum)
        running_mean.lerp_(mean.float(), step)
        running_var.lerp_((variance * total / max(total - 1, 1)).float(), step)
        cast(Tensor, self.num_batches_tracked).add_(1)
