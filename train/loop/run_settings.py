"""How a run is carried out: what it starts from, what it computes in, how often it writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch


@dataclass(frozen=True)
class RunSettings:
    """How a run is carried out, whatever it learns.

    Attributes:
        resume: go on from the checkpoint in its folder.
        warm: weights to start from, with a fresh optimiser.
        precision: bfloat16 or float32; None: the fastest that the device computes.
        loaders: that make batches: threads, from 3 on (Linux) processes.
        save_minutes, save_steps: how often a checkpoint is written and the held-out pictures are judged:
            minutes, or steps if given. Their time is not counted as training.
        log_steps: steps between two rows of log.csv.
    """

    resume: bool = False
    warm: Path | None = None
    precision: str | None = None
    loaders: int = 1
    save_minutes: float = 5.0
    save_steps: int | None = None
    log_steps: int = 50


PLAIN_RUN = RunSettings()


def choose_precision(device: torch.device) -> tuple[str, str]:
    """What to compute in, and why."""
    if device.type == "cuda":
        if torch.cuda.is_bf16_supported():
            return "bfloat16", "the GPU computes bfloat16"
        return "float32", "the GPU does not compute bfloat16"
    if torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported():
        return "bfloat16", "the processor computes bfloat16"
    return "float32", "the processor has no instructions for bfloat16"
