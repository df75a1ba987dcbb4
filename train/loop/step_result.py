"""What a step was like, fetched from the device without waiting for it.

A GPU works off what it was told while the processor already tells it more. Asked for a number, it has to come
to an end first, and then stands idle; so the numbers of a step are looked at when the next one is under way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from train.data.batch_loader import Batch
from train.loop.distributed import Ranks


@dataclass(frozen=True)
class Reading:
    """The losses of one step and how steep its gradient was.

    Attributes:
        step: its number; batch: what it learnt from.
        names: of the losses.
        numbers: float32 (len(names) + 1,), in the processor's memory: means over the batches of all
            processes, and the gradient's norm before it was clipped. Whole once they have `arrived`.
        arrived: None where they are there at once.
    """

    step: int
    batch: Batch
    names: tuple[str, ...]
    numbers: Tensor
    arrived: torch.cuda.Event | None = None

    @classmethod
    def of(
        cls, step: int, batch: Batch, losses: Mapping[str, Tensor], steepness: Tensor, ranks: Ranks
    ) -> Reading:
        """Sends the numbers of a step on their way; each is a scalar on the device."""
        values = ranks.mean(torch.stack([v.detach().float() for v in (*losses.values(), steepness)]))
        if values.device.type != "cuda":
            return cls(step, batch, tuple(losses), values)
        numbers = torch.empty(values.shape, pin_memory=True)
        numbers.copy_(values, non_blocking=True)
        arrived = torch.cuda.Event()
        arrived.record()
        return cls(step, batch, tuple(losses), numbers, arrived)

    @property
    def losses(self) -> dict[str, float]:
        """The losses by name, waited for."""
        return dict(zip(self.names, self._read().tolist(), strict=False))

    @property
    def steepness(self) -> float:
        """The norm of the gradient, waited for."""
        return float(self._read()[-1])

    @property
    def sound(self) -> bool:
        """Whether the loss and its gradient are numbers, waited for."""
        return bool(np.isfinite([self.losses["loss"], self.steepness]).all())

    def wait(self) -> None:
        """Until the step is done."""
        if self.arrived is not None:
            self.arrived.synchronize()

    def _read(self) -> np.ndarray:
        self.wait()
        return self.numbers.numpy()
