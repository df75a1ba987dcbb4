"""How the body network learns: what the hair of somebody else would hide is seen on the photograph, and what
grown hair hides (`train.data.hair_pairs`) on the photograph before it.

python -m train fit --net body --shards shards/photos --minutes 60
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mirror.core.head_space import EYE_CENTRE
from train.data.body_batches import BodyBatches
from train.data.shards import Shards
from train.inference.body_inpainting import beneath, judged, read_people
from train.loop.training_loop import Moment, Recipe
from train.losses.reconstruction_and_kl import edge_loss, matte_loss
from train.nets.body import composed, told
from train.nets.discriminator import discriminator_of
from train.nets.spec import Spec
from train.recipes.hair_vae import STEEP, adversaries, heard
from train.recipes.hyperparameters import Hyperparameters

# What is seen anyway counts a little, so that the edge of the hole is no edge.
SEEN = 0.1
# How dark and how light skin may be, of the face's mean, and how far a colour may be off it, of its length.
LIGHTS, ALIKE = (0.4, 1.35), 0.15


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
    body = matte_loss(out[:, 6:7], person, weight)
    bare_skin = skin(truth, batch["face"] * known)
    dressed = weight * (person > 0.9) * (1 - batch["face"]) * below_the_eyes(weight)
    worn = F.binary_cross_entropy_with_logits(out[:, 7:], bare_skin, dressed, reduction="sum")
    worn = worn / (dressed.sum() + 1)
    total = 4 * paint + 3 * edges + 0.5 * body + 0.1 * worn
    parts = {"paint": paint, "edges": edges, "body": body, "worn": worn}
    if discriminator is not None:
        painted = composed(out, torch.sigmoid(out[:, 6:7]))
        where = hole * known
        told_apart, fooled = adversaries(
            discriminator, truth + (painted - truth) * where, truth, where, batch["valid"]
        )
        total = total + told_apart + adversary * heard(moment.spent) * fooled
        parts |= {"told_apart": told_apart, "adversary": fooled}
    return {"loss": total, **{k: v.detach() for k, v in parts.items()}}


def below_the_eyes(like: Tensor) -> Tensor:
    """(1, 1, S, 1): 1 where people are dressed, 0 where they have foreheads and crowns."""
    rows = torch.arange(like.shape[-2], device=like.device)
    return (rows > EYE_CENTRE[1] * len(rows)).to(like.dtype)[None, None, :, None]


def skin(image: Tensor, face: Tensor) -> Tensor:
    """How much each colour is the skin of the face in more or less light, (N, 1, S, S), 0 to 1.

    Args:
        image: (N, 3, S, S), 0 to 1; face: (N, 1, S, S), where it shows that skin.
    """
    tone = (image * face).sum((2, 3), keepdim=True) / (face.sum((2, 3), keepdim=True) + 1e-3)
    length = tone.square().sum(1, keepdim=True).clamp(min=1e-3)
    gain = ((image * tone).sum(1, keepdim=True) / length).clamp(*LIGHTS)
    off = (image - tone * gain).square().sum(1, keepdim=True)
    return torch.exp(-0.5 * off / (ALIKE**2 * length.clamp(min=0.1)))


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


def body_recipe(spec: Spec, shards: Shards, chosen: Hyperparameters) -> Recipe:
    """The recipe of the body network."""
    discriminator = discriminator_of(chosen.seed) if chosen.adversary else None
    return Recipe(
        spec, partial(loss, discriminator=discriminator, adversary=chosen.adversary),
        BodyBatches(shards, chosen.batch, seed=chosen.seed), held_out(shards, spec.size), chosen.rate,
        seed=chosen.seed, discriminator=discriminator, told={"adversary": chosen.adversary},
    )  # fmt: skip
