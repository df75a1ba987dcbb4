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
from typing import TypeVar

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from mirror.errors import MirrorError

Net = TypeVar("Net", bound=nn.Module)


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


def refuse_second_run(out: Path, warm: Path | None) -> None:
    """Keeps a run from overwriting another one's weights.

    Raises:
        MirrorError: `out` already holds a run and nothing says to go on from it (`warm`).
    """
    if warm is None and (out / "state.json").exists():
        raise MirrorError(
            f"{out} already holds a run, which this one would overwrite. Go on from it with --warm {out}, "
            "or give another --out."
        )


def load_weights(net: Net, path: Path) -> Net:
    """Loads safetensors (float16 or float32) into a network.

    Args:
        path: the file, or the folder of a run: then its averaged weights.

    Raises:
        MirrorError: the file is missing or damaged, or belongs to another network.
    """
    if path.is_dir():
        path = path / "average.safetensors"
    try:
        loaded = load_file(path)
    except FileNotFoundError:
        raise MirrorError(
            f"{path} is missing. Give the folder of a run, or its average.safetensors."
        ) from None
    except (OSError, SafetensorError) as error:
        raise MirrorError(f"{path} cannot be read as safetensors ({error}). Is the file whole?") from None
    weights = {k: v.float() if v.is_floating_point() else v for k, v in loaded.items()}
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
    net: Net, loss: Callable[[Net, dict[str, Tensor]], dict[str, Tensor]],
    batches: Iterable[dict[str, np.ndarray]], out: Path, *, minutes: float,
    rate: float = 4e-4, decay: float = 1e-3, average: float = 0.999, warm_up: int = 100,
    device: torch.device | None = None, check: Callable[[Net], dict[str, float]] | None = None,
    check_minutes: float = 10.0,
) -> Net:  # fmt: skip
    """Trains for `minutes` and returns the averaged network.

    Args:
        loss: (net, batch) -> named scalars; the one called "loss" is minimised, the others logged.
        batches: endless; if it has an attribute `progress`, it is set to the share of the budget spent.
        out: folder of the checkpoints and `log.csv`.
        check: validation of the averaged network, every `check_minutes`.

    Raises:
        MirrorError: the loss or its gradient is no longer a number; the last checkpoint is from before.
    """
    device = device or torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = net.to(device, memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    ema = Average(net, average)
    optimiser = torch.optim.AdamW(net.parameters(), rate, (0.9, 0.99), weight_decay=decay)
    out.mkdir(parents=True, exist_ok=True)
    log_path, started, step, checked, seen, saved = out / "log.csv", time.monotonic(), 0, 0.0, 0, None
    with log_path.open("a", newline="") as log_file:
        log = csv.writer(log_file)
        for batch in batches:
            spent = (time.monotonic() - started) / (60 * minutes)
            if spent >= 1:
                break
            if hasattr(batches, "progress"):
                batches.progress = spent
            for group in optimiser.param_groups:
                cosine = 0.02 + 0.98 * (1 + math.cos(math.pi * spent)) / 2
                group["lr"] = rate * min(1, (step + 1) / warm_up) * cosine
            tensors = to_tensors(batch, device)
            with torch.autocast(device.type, dtype=torch.bfloat16):
                parts = loss(net, tensors)
            optimiser.zero_grad(set_to_none=True)
            parts["loss"].backward()
            steepness = nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            # Before the step: neither the weights nor a checkpoint ever holds what is not a number.
            if not (torch.isfinite(parts["loss"]) and torch.isfinite(steepness)):
                raise MirrorError(_not_a_number(step, parts["loss"].item(), float(steepness), out, saved))
            optimiser.step()
            ema.update(net, step)
            step, seen = step + 1, seen + len(batch["image"])
            if step % 50 == 0:
                rate_seen = seen / (time.monotonic() - started)
                row = {k: round(v.item(), 5) for k, v in parts.items()}
                log.writerow([step, round(spent, 4), round(rate_seen, 2), json.dumps(row)])
                log_file.flush()
                print(f"step {step} {spent:.1%} {rate_seen:.1f} pictures/s {row}", flush=True)
            elapsed = (time.monotonic() - started) / 60
            if elapsed - checked >= check_minutes:
                checked, saved = elapsed, step
                save_checkpoint(out, net, ema.module, {"step": step, "spent": spent})
                if check:
                    print(f"held out after {elapsed:.0f} min: {check(ema.module.eval())}", flush=True)
    save_checkpoint(out, net, ema.module, {"step": step, "spent": 1.0})
    if check:
        print(f"held out at the end: {check(ema.module.eval())}", flush=True)
    return ema.module.eval()


def _not_a_number(step: int, loss: float, gradient: float, out: Path, saved: int | None) -> str:
    what = f"At step {step} the loss is {loss:.3g} and its gradient {gradient:.3g}"
    if saved is None:
        return f"{what}; no checkpoint was written yet. Look for bad pictures in the shards and start again."
    good = out / "average.safetensors"
    return f"{what}. The last good checkpoint, of step {saved}, is {good}; go on from it with --warm {good}."
