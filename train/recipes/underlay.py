"""How the underlay network learns: what the hair of somebody else would hide is seen on the photograph.

What grown hair hides is seen on the photograph before it (`train.data.hair_pairs`). What own hair hides only
a teacher can say; it counts so much less (`known`).

python -m train fit --net underlay --shards shards/photos --minutes 60
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from train.data.shards import Shards
from train.data.underlay_batches import UnderlayBatches
from train.inference.underlay import beneath, judged, read_people
from train.loop.training_loop import Moment, Recipe
from train.losses.reconstruction_and_kl import edge_loss, matte_loss
from train.nets.discriminator import discriminator_of
from train.nets.spec import Spec
from train.nets.underlay import composed, told
from train.recipes.hair_vae import STEEP, adversaries, heard
from train.recipes.hyperparameters import Hyperparameters

# What is seen anyway counts a little, so that the edge of the hole is no edge.
SEEN = 0.1


def loss(
    net: nn.Module,
    batch: dict[str, Tensor],
    moment: Moment,
    *,
    discriminator: nn.Module | None = None,
    adversary: float = 0.0,
) -> dict[str, Tensor]:
    """Colours and their edges, and the body's alpha, wherever what lies beneath the hair is known.

    Args:
        discriminator: trains along; None: nothing asks for the look of a photograph.
        adversary: weight of what it says.
    """
    truth, hole, person = batch["beneath"], batch["hole"], batch["person"]
    known = batch["known"] * batch["valid"]
    out = net(*told(batch)).float()
    weight = known * (SEEN + hole)
    shown = composed(out, ((person - 0.5) * STEEP + 0.5).clamp(0, 1))
    paint = ((shown - truth).abs() * weight).mean()
    edges = edge_loss(shown, truth, weight)
    alpha = torch.sigmoid(out[:, 6:7])
    body = matte_loss(out[:, 6:7], person, weight)
    # Either colour is right by itself, and both are at the edge between them, where alpha is a guess.
    mixed = ((composed(out, alpha) - truth).abs() * weight).mean()
    total = 4 * paint + 2 * mixed + 3 * edges + 0.5 * body
    parts = {"paint": paint, "mixed": mixed, "edges": edges, "body": body}
    if discriminator is not None:
        painted = composed(out, alpha)
        where = hole * known
        told_apart, fooled = adversaries(
            discriminator, truth + (painted - truth) * where, truth, where, batch["valid"]
        )
        total = total + told_apart + adversary * heard(moment.spent) * fooled
        parts |= {"told_apart": told_apart, "adversary": fooled}
    return {"loss": total, **{k: v.detach() for k, v in parts.items()}}


def held_out(shards: Shards, size: int, count: int = 128) -> Callable[[nn.Module], dict[str, float]] | None:
    """A check on validation pictures: PSNR (dB) of what the hair of the next hides, mean of the pictures, and
    IoU of the body there, pooled. None, after a warning, where there are no validation pictures."""
    numbers = shards.held_out()[:count]
    if not len(numbers):
        return None
    heads = read_people(shards, numbers, size)

    def check(net: nn.Module) -> dict[str, float]:
        found = beneath(net, heads)
        each = [judged(found, heads, i) for i in range(len(numbers))]
        good = [psnr for psnr, _ in each if psnr is not None]
        both, either = np.sum([overlap for _, overlap in each], 0)
        return {
            "psnr_beneath": round(float(np.mean(good)) if good else 0.0, 3),
            "body_iou": round(float(both / max(either, 1)), 4),
        }

    return check


def underlay_recipe(spec: Spec, shards: Shards, chosen: Hyperparameters) -> Recipe:
    """The recipe of the underlay network."""
    discriminator = discriminator_of(chosen.seed) if chosen.adversary else None
    return Recipe(
        spec, partial(loss, discriminator=discriminator, adversary=chosen.adversary),
        UnderlayBatches(shards, chosen.batch, seed=chosen.seed), held_out(shards, spec.size), chosen.rate,
        seed=chosen.seed, discriminator=discriminator, told={"adversary": chosen.adversary},
    )  # fmt: skip
