"""The training loop: one network, one loss, a budget in minutes.

bfloat16 autocast, channels-last, AdamW, warm-up and cosine over the budget, gradient clipping, an
exponential moving average that is what gets exported. Checkpoints are safetensors plus JSON, written
beside and renamed into place, so a killed run leaves the last good one.
"""

from __future__ import annotations

import copy
import csv
import json
import math
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from mirror.errors import MirrorError

Loss = Callable[[nn.Module, dict[str, Tensor]], dict[str, Tensor]]


def to_tensors(batch: dict[str, np.ndarray], device: torch.device) -> dict[str, Tensor]:
    """A batch as tensors; bytes become floats from 0 to 1, pictures channels-last."""
    out = {}
    for name, array in batch.items():
        tensor = torch.from_numpy(np.array(array)).to(device, non_blocking=True)
        tensor = tensor.float().div_(255) if tensor.dtype == torch.uint8 else tensor.float()
        out[name] = tensor.contiguous(memory_format=torch.channels_last) if tensor.ndim == 4 else tensor
    return out


def save_checkpoint(folder: Path, net: nn.Module, average: nn.Module, state: dict) -> None:
    """Writes weights, their average and the loop's state; each file is renamed into place whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, module in (("net", net), ("average", average)):
        part = folder / f"{name}.safetensors.part"
        save_file({k: v.contiguous() for k, v in module.state_dict().items()}, part)
        os.replace(part, folder / f"{name}.safetensors")
    part = folder / "state.json.part"
    part.write_text(json.dumps(state))
    os.replace(part, folder / "state.json")


def load_weights(net: nn.Module, path: Path) -> nn.Module:
    """Loads safetensors (float16 or float32) into a network.

    Raises:
        MirrorError: the file belongs to another network.
    """
    weights = {k: v.float() if v.is_floating_point() else v for k, v in load_file(path).items()}
    try:
        net.load_state_dict(weights)
    except RuntimeError as error:
        detail = " ".join(str(error).split())[:200]
        raise MirrorError(f"{path} does not hold a {type(net).__name__}: {detail}") from None
    return net


def save_half(net: nn.Module, path: Path) -> None:
    """Writes the weights as float16 safetensors: half the size, enough to go on from."""
    save_file(
        {k: (v.half() if v.is_floating_point() else v).contiguous() for k, v in net.state_dict().items()},
        path,
    )


class Average:
    """Exponential moving average of weights and batch-norm statistics.

    Early on it forgets faster, min(decay, (1 + step) / (10 + step)), or a short run would still carry
    its random start.
    """

    def __init__(self, net: nn.Module, decay: float) -> None:
        self.module = copy.deepcopy(net).requires_grad_(False)
        self._decay = decay

    @torch.no_grad()
    def update(self, net: nn.Module, step: int) -> None:
        decay = min(self._decay, (1 + step) / (10 + step))
        for mine, theirs in zip(self.module.state_dict().values(), net.state_dict().values(), strict=True):
            if mine.is_floating_point():
                mine.lerp_(theirs, 1 - decay)
            else:
                mine.copy_(theirs)


def fit(
    net: nn.Module, loss: Loss, batches: Iterable[dict[str, np.ndarray]], out: Path, *, minutes: float,
    rate: float = 4e-4, decay: float = 1e-3, average: float = 0.999, warm_up: int = 100,
    device: torch.device | None = None, check: Callable[[nn.Module], dict[str, float]] | None = None,
    check_minutes: float = 10.0,
) -> nn.Module:  # fmt: skip
    """Trains for `minutes` and returns the averaged network.

    Args:
        loss: (net, batch) -> named scalars; the one called "loss" is minimised, the others logged.
        batches: endless; if it has an attribute `progress`, it is set to the share of the budget spent.
        out: folder of the checkpoints and `log.csv`.
        check: validation of the averaged network, every `check_minutes`.

    Raises:
        MirrorError: the loss is no longer a number.
    """
    device = device or torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = net.to(device, memory_format=torch.channels_last).train()
    ema = Average(net, average)
    optimiser = torch.optim.AdamW(net.parameters(), rate, (0.9, 0.99), weight_decay=decay)
    out.mkdir(parents=True, exist_ok=True)
    log_path, started, step, checked, seen = out / "log.csv", time.monotonic(), 0, 0.0, 0
    with log_path.open("a", newline="") as log_file:
        log = csv.writer(log_file)
        for batch in batches:
            spent = (time.monotonic() - started) / (60 * minutes)
            if spent >= 1:
                break
            batches.progress = spent  # type: ignore[attr-defined]
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1, (step + 1) / warm_up) * (0.02 + 0.98 * (1 + math.cos(math.pi * spent)) / 2)
            tensors = to_tensors(batch, device)
            with torch.autocast(device.type, dtype=torch.bfloat16):
                parts = loss(net, tensors)
            if not torch.isfinite(parts["loss"]):
                raise MirrorError(f"The loss is {parts['loss'].item()} at step {step}; the last checkpoint in {out} is good.")
            optimiser.zero_grad(set_to_none=True)
            parts["loss"].backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            ema.update(net, step)
            step, seen = step + 1, seen + len(batch["image"])
            if step % 50 == 0:
                rate_seen = seen / (time.monotonic() - started)
                row = {k: round(float(v), 5) for k, v in parts.items()}
                log.writerow([step, round(spent, 4), round(rate_seen, 2), json.dumps(row)])
                log_file.flush()
                print(f"step {step} {spent:.1%} {rate_seen:.1f} pictures/s {row}", flush=True)
            elapsed = (time.monotonic() - started) / 60
            if elapsed - checked >= check_minutes:
                checked = elapsed
                save_checkpoint(out, net, ema.module, {"step": step, "spent": spent})
                if check:
                    print(f"held out after {elapsed:.0f} min: {check(ema.module.eval())}", flush=True)
    save_checkpoint(out, net, ema.module, {"step": step, "spent": 1.0})
    if check:
        print(f"held out at the end: {check(ema.module.eval())}", flush=True)
    return ema.module.eval()
