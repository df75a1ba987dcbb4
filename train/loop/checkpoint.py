"""Checkpoints: everything a run needs to go on as if it had never stopped, in one safetensors file.

The file is written beside the last one and renamed over it, so there is always one that is whole.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from mirror.core.errors import MirrorError
from mirror.files.reading import check_ordinary
from train.nets.spec import Spec, as_any_file, save_weights

CHECKPOINT = "checkpoint.safetensors"


def save_checkpoint(
    out: Path, spec: Spec, net: nn.Module, average: nn.Module, optimiser: torch.optim.Optimizer, state: dict
) -> None:
    """Writes `checkpoint.safetensors` (to go on from), `average.safetensors` (to be used) and `state.json`.

    Args:
        state: what `state.json` says; "step" and "seconds" are needed to go on.

    Raises:
        MirrorError: they cannot be written, for a full disk say; the checkpoint before is still whole.
    """
    tensors: dict[str, Tensor] = {f"net.{k}": v for k, v in net.state_dict().items()}
    tensors |= {f"average.{k}": v for k, v in average.state_dict().items()}
    names = _names(net, optimiser)
    for number, entry in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{k}.{names[number]}": torch.as_tensor(v) for k, v in entry.items()}
    part = out / f"{CHECKPOINT}.part"
    try:
        out.mkdir(parents=True, exist_ok=True)
        # Copies, because safetensors refuses tensors that share memory.
        plain = torch.contiguous_format
        copies = {k: v.detach().cpu().clone(memory_format=plain) for k, v in tensors.items()}
        save_file(copies, part, {"state": json.dumps(state)})
        as_any_file(part)
        os.replace(part, out / CHECKPOINT)
        save_weights(average, spec, out / "average.safetensors")
        told = out / "state.json.part"
        told.write_text(json.dumps(state, indent=2) + "\n")
        os.replace(told, out / "state.json")
    except (OSError, SafetensorError) as error:
        part.unlink(missing_ok=True)
        kept = (
            "The checkpoint before it is whole" if (out / CHECKPOINT).exists() else "There is none before it"
        )
        raise MirrorError(
            f"The checkpoint of step {state['step']} could not be written to {out} ({error}). {kept}. Make "
            "room on the disk and go on with --resume."
        ) from None


def load_checkpoint(
    out: Path, spec: Spec, net: nn.Module, average: nn.Module, optimiser: torch.optim.Optimizer
) -> dict:
    """Puts a checkpoint back into a network, its average and its optimiser; returns its state.

    Raises:
        MirrorError: there is none, it is damaged, or it is of another network.
    """
    path = out / CHECKPOINT
    try:
        check_ordinary(path)
        with safe_open(path, "pt") as file:
            state = json.loads((file.metadata() or {})["state"])
            loaded = {k: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118
    except FileNotFoundError:
        raise MirrorError(f"{out} holds no {CHECKPOINT} to go on from. Start it without --resume.") from None
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise MirrorError(f"{path} cannot be read ({error}). Start anew with another --out.") from None
    then = Spec(**state["spec"])
    if then != spec:
        raise MirrorError(
            f"{out} holds a run of {_said(then)}, not of {_said(spec)}. Give what it was started with, or "
            "another --out."
        )
    try:
        for prefix, module in (("net.", net), ("average.", average)):
            cut = {k.removeprefix(prefix): v for k, v in loaded.items() if k.startswith(prefix)}
            module.load_state_dict(cut)
        entries: dict[int, dict[str, Tensor]] = {}
        weights = dict(net.named_parameters())
        numbers = {name: number for number, name in enumerate(_names(net, optimiser))}
        for name, tensor in loaded.items():
            if name.startswith("optimiser."):
                _, key, weight = name.split(".", 2)
                entries.setdefault(numbers[weight], {})[key] = _laid_out_like(tensor, weights[weight])
        held = optimiser.state_dict()
        optimiser.load_state_dict({"state": entries, "param_groups": held["param_groups"]})
    except (RuntimeError, ValueError, KeyError) as error:
        detail = " ".join(str(error).split())[:200]
        raise MirrorError(f"{path} is of another network or of another version of it: {detail}") from None
    return state


def _names(net: nn.Module, optimiser: torch.optim.Optimizer) -> list[str]:
    """The weights of a network by name, in the order in which its optimiser numbers them: group by group."""
    names = {weight: name for name, weight in net.named_parameters()}
    return [names[weight] for group in optimiser.param_groups for weight in group["params"]]


def _laid_out_like(tensor: Tensor, weight: Tensor) -> Tensor:
    """A copy in the memory format of its weight: fused optimisers walk both in the order of memory."""
    if tensor.shape != weight.shape:
        return tensor
    return torch.empty_like(weight, dtype=tensor.dtype, requires_grad=False).copy_(tensor)


def _said(spec: Spec) -> str:
    return f"--net {spec.net} --size {spec.size} --latent {spec.latent} --likelihood {spec.likelihood}"
