"""Random numbers of a training step, the same for a picture however many processes share the batch."""

from __future__ import annotations

import torch
from torch import Tensor


class Draws:
    """Draws for the pictures `rows` of a batch of `size`.

    They follow from the seed and the step alone: every process draws for the whole batch and keeps its
    own rows, so that two processes together use the numbers that one would.

    Args:
        seed, step: what they follow from.
        rows: which pictures of the batch are this process's.
        size: pictures in the whole batch.

    Example:
        >>> all_of_it = Draws(0, 7, range(0, 4), 4).normal(3)
        >>> second_half = Draws(0, 7, range(2, 4), 4).normal(3)
        >>> bool((all_of_it[2:] == second_half).all())
        True
    """

    def __init__(
        self, seed: int, step: int, rows: range, size: int, device: torch.device | str = "cpu"
    ) -> None:
        self._rows, self._size, self._device = rows, size, device
        self._generator = torch.Generator(device).manual_seed((seed * 1_000_003 + step) % 2**63)

    def normal(self, *shape: int) -> Tensor:
        """Standard normal numbers, float32 (len(rows), *shape), a fresh one for every element."""
        drawn = torch.randn(self._size, *shape, generator=self._generator, device=self._device)
        return drawn[self._rows.start : self._rows.stop]

    def uniform(self, *shape: int) -> Tensor:
        """Numbers from 0 to 1, float32 (len(rows), *shape)."""
        drawn = torch.rand(self._size, *shape, generator=self._generator, device=self._device)
        return drawn[self._rows.start : self._rows.stop]
