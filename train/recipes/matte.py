"""How the matte network learns: the teacher's mattes, by a network five times as fast.

python -m train fit --net matte --shards shards/photos --minutes 20
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from train.data.augmentation import Jitter
from train.data.batch_loader import HeadBatches, Sampling
from train.data.shards import Shards
from train.loop.training_loop import Moment, Recipe, to_tensors
from train.losses.reconstruction_and_kl import edge_loss, matte_loss
from train.nets.matte import MATTES
from train.nets.spec import Spec
from train.recipes.hyperparameters import Hyperparameters

# How much the difference of a head's mattes and those of its mirror image counts.
MIRRORED = 6.0
# Portraits of a studio that lights its sitters from one side: the teacher takes the dark ear, cheek and jaw
# for hair. In 17% of them its hair covers a fiftieth of the face below the eyes, in other sets in 1 to 9%.
# Their dark side is labelled as their lit one is (`train.data.shaded_sides`).
SIDE_LIT = ("uk-mps/",)


def loss(net: nn.Module, batch: dict[str, Tensor], moment: Moment) -> dict[str, Tensor]:
    """Cross-entropy, Dice and edges of the alphas, in valid pixels; the hair counts most."""
    logits = net(batch["image"], batch["previous"])
    valid = batch["valid"]
    hair, person, *before = (logits[:, i : i + 1] for i in range(len(MATTES)))
    fit_loss = matte_loss(hair, batch["matte"], valid)
    edges = edge_loss(torch.sigmoid(hair.float()), batch["matte"], valid)
    parts = {"matte": fit_loss, "edges": edges}
    total = fit_loss + edges
    for name, plane in zip(MATTES[2:], before, strict=True):
        parts[name] = matte_loss(plane, batch[name], valid)
        total = total + 0.5 * parts[name]
    same = _mirrored(net, batch, logits)
    parts["mirrored"] = same
    total = total + MIRRORED * same
    if "person" in batch:
        parts["person"] = matte_loss(person, batch["person"], valid)
        total = total + 0.3 * parts["person"]
    return {"loss": total, **{k: v.detach() for k, v in parts.items()}}


def _mirrored(net: nn.Module, batch: dict[str, Tensor], logits: Tensor) -> Tensor:
    """Mean square difference of the alphas of a head and of its mirror image, valid pixels.

    Both are trained on; yet where hair and hat look alike, a network may say one of a fringe that is swept to
    the left and the other of one to the right.
    """
    turned = net(batch["image"].flip(-1), batch["previous"].flip(-1)).flip(-1)
    off = torch.sigmoid(logits.float()) - torch.sigmoid(turned.float())
    return (off.square() * batch["valid"]).mean()


def held_out(shards: Shards) -> Callable[[nn.Module], dict[str, float]] | None:
    """A check on the validation pictures: IoU at 0.5, pooled, and the mean absolute error of alpha.

    None, after a warning, where there are no validation pictures.
    """
    numbers = shards.held_out()
    if not len(numbers):
        return None

    @torch.inference_mode()
    def check(net: nn.Module) -> dict[str, float]:
        device = next(net.parameters()).device
        both = either = error = count = 0.0
        for n in numbers:
            item = shards[n]
            batch = {"image": item["image"].transpose(2, 0, 1)[None], "matte": item["matte"][None, None],
                     "valid": item["valid"][None, None]}  # fmt: skip
            t = to_tensors(batch, device)
            alpha, inside = torch.sigmoid(net(t["image"])[:, :1]), t["valid"] > 0.5
            ours, theirs = (alpha > 0.5) & inside, (t["matte"] > 0.5) & inside
            both += float((ours & theirs).sum())
            either += float((ours | theirs).sum())
            error += float(((alpha - t["matte"]).abs() * inside).sum())
            count += float(inside.sum())
        return {"iou": both / max(either, 1.0), "mae": error / count}

    return check


def matte_recipe(spec: Spec, shards: Shards, chosen: Hyperparameters) -> Recipe:
    """The recipe of the matte network; a second folder of shards is for the first 70% of the budget."""
    jitter = Jitter(rotation=0.12, scale=0.12, shift=0.04, gain=0.2, colour=0.1, worse=0.3, side_light=0.35)
    batches = HeadBatches(
        shards, chosen.batch, jitter=jitter, sampling=Sampling(0.3, 0.7, side_lit=SIDE_LIT), scenes=True,
        seed=chosen.seed,
    )  # fmt: skip
    return Recipe(spec, loss, batches, held_out(shards), chosen.rate, seed=chosen.seed)
