"""Trains the matte network: the teacher's mattes, learnt by a network five times as fast.

python -m train fit --net matte --shards shards/photos --minutes 20
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from train.data.shards import Batches, Jitter, Shards
from train.fit import fit, load_weights, to_tensors
from train.losses import edge_loss, matte_loss
from train.nets.matte import MatteNet


def loss(net: MatteNet, batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Cross-entropy, Dice and edges of the alpha, in valid pixels."""
    logits = net(batch["image"])
    fit_loss = matte_loss(logits, batch["matte"], batch["valid"])
    edges = edge_loss(torch.sigmoid(logits.float()), batch["matte"], batch["valid"])
    return {"loss": fit_loss + edges, "matte": fit_loss.detach(), "edges": edges.detach()}


def held_out(shards: Shards) -> Callable[[MatteNet], dict[str, float]] | None:
    """A check on the validation pictures: IoU at 0.5, pooled, and the mean absolute error of alpha.

    None, after a warning, where there are no validation pictures.
    """
    numbers = shards.held_out()
    if not len(numbers):
        return None

    @torch.inference_mode()
    def check(net: MatteNet) -> dict[str, float]:
        device = next(net.parameters()).device
        both = either = error = count = 0.0
        for n in numbers:
            item = shards[n]
            batch = {"image": item["image"].transpose(2, 0, 1)[None], "matte": item["matte"][None, None],
                     "valid": item["valid"][None, None]}  # fmt: skip
            t = to_tensors(batch, device)
            alpha, inside = torch.sigmoid(net(t["image"])), t["valid"] > 0.5
            ours, theirs = (alpha > 0.5) & inside, (t["matte"] > 0.5) & inside
            both += float((ours & theirs).sum())
            either += float((ours | theirs).sum())
            error += float(((alpha - t["matte"]).abs() * inside).sum())
            count += float(inside.sum())
        return {"iou": both / max(either, 1.0), "mae": error / count}

    return check


def fit_matte(
    folders: list[Path], out: Path, minutes: float, warm: Path | None = None, batch: int = 16
) -> MatteNet:
    """Trains (from `warm`, if given) and returns the averaged network."""
    shards = Shards(folders)
    torch.manual_seed(0)
    net = MatteNet()
    if warm:
        load_weights(net, warm)
    jitter = Jitter(rotation=0.12, scale=0.12, shift=0.04, gain=0.2, colour=0.1, worse=0.3)
    batches = Batches(shards, batch, jitter=jitter, second_set=0.3, until=0.7)
    # The full rate would shake trained weights loose again.
    rate = 8e-4 if warm else 2e-3
    return fit(net, loss, batches, out, minutes=minutes, rate=rate, check=held_out(shards), check_minutes=5)
