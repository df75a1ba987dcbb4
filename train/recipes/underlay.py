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
from torch.nn import functional as F

from train.data.shards import Shards
from train.data.underlay_batches import UnderlayBatches
from train.inference.underlay import beneath, judged, read_people
from train.loop.training_loop import Moment, Recipe
from train.losses.reconstruction_and_kl import edge_loss, matte_loss
from train.nets.discriminator import (
    TwoScaleDiscriminator,
    discriminator_of,
    feature_matching,
    hinge_painter,
    hinge_real_fake,
    three_looks,
)
from train.nets.spec import Spec
from train.nets.underlay import composed, told
from train.recipes.hair_vae import STEEP, heard
from train.recipes.hyperparameters import Hyperparameters

# What is seen anyway counts a little, so that the edge of the hole is no edge.
SEEN = 0.1
# Of `known`: what a teacher said is no photograph to be compared with.
SURE = 0.9
# What single pixels count once the discriminator does, of what they counted before.
LATE = 0.3
# Sides of the cells (pixels) whose tones must be right whatever is painted in them.
COARSE = (4, 16)
# What likeness in the discriminator's features counts beside its verdict (10 in Wang et al. 2018).
LIKE = 10.0


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
        discriminator: a `TwoScaleDiscriminator`, trains along; None: nobody asks for the look of
            a photograph.
        adversary: weight of what it says.
    """
    truth, hole, person = batch["beneath"], batch["hole"], batch["person"]
    known = batch["known"] * batch["valid"]
    out = net(*told(batch)).float()
    weight = known * (SEEN + hole)
    shown = composed(out, ((person - 0.5) * STEEP + 0.5).clamp(0, 1))
    alpha = torch.sigmoid(out[:, 6:7])
    body = matte_loss(out[:, 6:7], person, weight)
    # Either colour is right by itself, and both are at the edge between them, where alpha is a guess.
    mixed = composed(out, alpha)
    # The mean of all that may be there is a haze: once the discriminator speaks, tones count, not pixels.
    late = heard(moment.spent) if discriminator is not None else 0.0
    paint, edges = error_of(shown, truth, weight), edge_loss(shown, truth, weight)
    told_mixed = error_of(mixed, truth, weight)
    tones = coarse_error(mixed, truth, weight)
    total = 0.5 * body + (1 - (1 - LATE) * late) * (4 * paint + 2 * told_mixed + 3 * edges) + 4 * late * tones
    parts = {"paint": paint, "mixed": told_mixed, "edges": edges, "body": body, "tones": tones}
    if discriminator is not None:
        where = hole * (known > SURE).float() * batch["valid"]
        seen = truth * batch["valid"]
        painted = seen + (mixed - seen) * where
        told_apart, fooled, unlike = adversaries(discriminator, painted, seen, hole, where)
        total = total + told_apart + adversary * late * (fooled + LIKE * unlike)
        parts |= {"told_apart": told_apart, "adversary": fooled, "unlike": unlike}
    return {"loss": total, **{k: v.detach() for k, v in parts.items()}}


def error_of(picture: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """Mean absolute difference of colours, (N, 3, S, S), where `weight`, (N, 1, S, S), counts."""
    return ((picture - truth).abs() * weight).mean()


def coarse_error(picture: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """The same of tones, over cells of 4 and of 16 pixels; S a multiple of 16."""
    off, found = (picture - truth) * weight, []
    for cell in COARSE:
        found.append(F.avg_pool2d(off, cell).abs().mean())
    return torch.stack(found).mean()


def adversaries(
    discriminator: nn.Module, fake: Tensor, real: Tensor, hole: Tensor, where: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """What the discriminator pays, what the painter pays, and how unlike the photograph it is to it.

    Args:
        fake, real: painted and photographed, (N, 3, S, S); hole, where: (N, 1, S, S), what is hidden, and
            what of that is known.
    """
    said_real, said_fake, painted = three_looks(discriminator, fake, real, hole)
    told_apart, fooled = [], []
    for a, b, c in zip(said_real, said_fake, painted, strict=True):
        counts = F.adaptive_avg_pool2d(where, a[-1].shape[-1])
        told_apart.append(hinge_real_fake(a[-1], b[-1], counts))
        fooled.append(hinge_painter(c[-1], counts))
    unlike = feature_matching(painted, said_real, where)
    return torch.stack(told_apart).mean(), torch.stack(fooled).mean(), unlike


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
    discriminator = discriminator_of(chosen.seed, TwoScaleDiscriminator) if chosen.adversary else None
    return Recipe(
        spec, partial(loss, discriminator=discriminator, adversary=chosen.adversary),
        UnderlayBatches(shards, chosen.batch, seed=chosen.seed), held_out(shards, spec.size), chosen.rate,
        seed=chosen.seed, discriminator=discriminator, told={"adversary": chosen.adversary},
    )  # fmt: skip
