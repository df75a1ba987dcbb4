"""Folders of runs made on the spot: weights that were never trained, and what a run writes beside them."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from train.nets.spec import Spec, build, save_weights


def a_run(folder: Path, spec: Spec, *, told: bool = False) -> Path:
    """A run's folder; the same weights each time, which heed what they see.

    Args:
        told: write log.csv, held_out.csv and state.json too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    net = build(spec)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            # Without statistics of any pictures each layer would shrink its input to nothing.
            torch.nn.init.constant_(module.weight, 3.0)
    save_weights(net, spec, folder / "average.safetensors")
    if told:
        log = [
            f"{step},{step / 500:.5f},123.40,0.001,{10 / step:.6f},{9 / step:.6f}"
            for step in range(5, 505, 5)
        ]
        (folder / "log.csv").write_text("\n".join(["step,spent,pictures_s,rate,loss,kl", *log]) + "\n500,0.9")
        (folder / "held_out.csv").write_text("step,spent,psnr\n250,0.50000,15.5\n500,1.00000,16.25\n")
        state = {
            "step": 500,
            "seconds": 90.0,
            "parameters": 1234567,
            "pictures": 32000,
            "price": {"beta": 4.0, "capacity": None},
        }
        (folder / "state.json").write_text(json.dumps(state))
    return folder
