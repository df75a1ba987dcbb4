"""How the harmonizer learns: hair taken off a photograph, spoilt and laid back has to become the photograph
again; and what the mirror lays over other people has to pass for one.

The first is a lesson with a known answer (as image harmonization is mostly taught: Tsai et al. 2017, Cong et
al. 2020), the second has only a judge, which sees what is near the hair.

python -m train fit --net harmonizer --shards shards/worn --minutes 30 --adversary 0.1
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from train.data.harmonization_batches import HarmonizationBatches, stacked, told_own
from train.data.shards import NEARLY_BALD, Shards
from train.loop.random_numbers import Draws
from train.loop.training_loop import Moment, Recipe, to_tensors
from train.losses.reconstruction_and_kl import edge_loss
from train.nets.discriminator import (
    TwoScaleDiscriminator,
    discriminator_of,
    feature_matching,
    hinge_painter,
)
from train.nets.harmonizer import Harmony, harmony
from train.nets.spec import Spec
from train.recipes.hyperparameters import Hyperparameters
from train.recipes.underlay import LIKE, coarse_error

# Pixels around hair that are looked at.
AROUND = 25
# What changes cost by themselves: how far they go, how they differ from pixel to pixel.
FAR, ROUGH = 0.1, 0.1
# What it costs to change a style's hue: its mean colour over its grey level.
HUE = 2.0
# The judge is heard from this share of the budget, fully so much later.
HEARD = (0.02, 0.08)


def loss(
    net: nn.Module,
    batch: dict[str, Tensor],
    moment: Moment,
    *,
    discriminator: nn.Module | None,
    adversary: float,
) -> dict[str, Tensor]:
    """Own hair must become the photograph again, new hair must pass for one."""
    photograph, alpha = batch["image"], batch["matte"]
    hair, beneath = spoilt(batch, moment.draws)
    said = net(
        torch.cat([beneath, batch["under"]]),
        torch.cat([hair, batch["worn"]]),
        torch.cat([
            torch.cat([batch["face"], batch["valid"], batch["person_beneath"]], 1),
            torch.cat([batch["worn_face"], batch["worn_valid"], batch["worn_person"]], 1),
        ]),
    )  # fmt: skip
    half = len(photograph)
    own, new = (
        harmony(said[:half], hair, batch["person_beneath"]),
        harmony(said[half:], batch["worn"], batch["worn_person"]),
    )
    again, shown = own.on(hair, beneath), new.on(batch["worn"], batch["under"])
    near = around(alpha) * batch["valid"]
    paint = ((again - photograph).abs() * near).mean()
    edges = edge_loss(again, photograph, near)
    tones = coarse_error(again, photograph, near)
    hue = unlike_hue(new, batch["worn"])
    cost = effort(new, batch["worn"])
    total = 4 * paint + 3 * edges + 4 * tones + HUE * hue + cost
    parts = {"paint": paint, "edges": edges, "tones": tones, "hue": hue, "effort": cost}
    if discriminator is not None:
        told_apart, fooled, unlike = judged(discriminator, batch, shown, again)
        late = min(max((moment.spent - HEARD[0]) / (HEARD[1] - HEARD[0]), 0.0), 1.0)
        total = total + told_apart + adversary * late * (fooled + LIKE * unlike)
        parts |= {"told_apart": told_apart, "adversary": fooled, "unlike": unlike}
    return {"loss": total, **{k: v.detach() for k, v in parts.items()}}


def judged(
    discriminator: nn.Module, batch: dict[str, Tensor], shown: Tensor, again: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """What the discriminator pays, what the harmonizer pays, and how unlike the photograph own hair is to it.

    It sees what is near hair, and nothing of where own hair was taken away without new hair in its place:
    nothing that is said of hair mends a wall. So that such gaps tell nothing, photographs have them, too.
    """
    gap = F.max_pool2d(batch["own"], 9, 1, 4) * (1 - F.max_pool2d(batch["worn"][:, 3:], 9, 1, 4))
    kept = 1 - gap
    new = around(batch["worn"][:, 3:]) * kept * batch["worn_valid"]
    old = around(batch["matte"]) * kept * batch["valid"]
    weights = {k: v.detach() for k, v in discriminator.state_dict(keep_vars=True).items()}
    real, fake = batch["image"] * old, shown * new
    said_real, said_fake = discriminator(real, old), discriminator(fake.detach(), new)
    painted = torch.func.functional_call(discriminator, weights, (fake, new))
    repaired = torch.func.functional_call(discriminator, weights, (again * old, old))
    told_apart, fooled = [], []
    for a, b, c in zip(said_real, said_fake, painted, strict=True):
        size = a[-1].shape[-1]
        there, where = F.adaptive_avg_pool2d(old, size), F.adaptive_avg_pool2d(new, size)
        told_apart.append(
            (torch.relu(1 - a[-1]) * there).sum() / (there.sum() + 1)
            + (torch.relu(1 + b[-1]) * where).sum() / (where.sum() + 1)
        )
        fooled.append(hinge_painter(c[-1], where))
    return (
        torch.stack(told_apart).mean(),
        torch.stack(fooled).mean(),
        feature_matching(repaired, said_real, old),
    )


def around(alpha: Tensor) -> Tensor:
    """Where hair is and near it, (N, 1, S, S), 0 to 1."""
    return F.max_pool2d((alpha > 0.1).float(), AROUND, 1, AROUND // 2)


def unlike_hue(said: Harmony, hair: Tensor) -> Tensor:
    """How far the mean hue of hair goes from what it was: dyes must stay themselves."""
    before, after = (
        colour.sum((2, 3)) / (colour.sum((1, 2, 3), keepdim=True)[..., 0, 0] + 1)
        for colour in (hair[:, :3], said.colour(hair).clamp(min=0))
    )
    return (before - after).abs().sum(1).mean()


def effort(said: Harmony, hair: Tensor) -> Tensor:
    """What changes cost by themselves: without, hair would be repainted."""
    alpha = hair[:, 3:]
    gain, light = torch.log(said.gain), torch.log(said.light)
    far = (gain.square() * alpha).mean() + (4 * said.added.square() * alpha).mean() + light.square().mean()
    far = far + ((1 - said.kept) * alpha).mean()
    rough = sum(
        ((one[..., 1:] - one[..., :-1]).abs().mean() + (one[..., 1:, :] - one[..., :-1, :]).abs().mean())
        for one in (gain * alpha, light)
    )
    return FAR * far + ROUGH * rough


def spoilt(batch: dict[str, Tensor], draws: Draws) -> tuple[Tensor, Tensor]:
    """Own hair of photographs as if it had been laid there: premultiplied (N, 4, S, S); what is beneath."""
    image, matte, beneath = batch["image"], batch["matte"], batch["beneath"]

    def normal(channels: int = 1) -> Tensor:
        return draws.normal(channels, 1, 1)

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * draws.uniform(1, 1, 1)

    # The hair's own colour, carried on to where it is thin.
    dense = (matte > 0.9).float()
    thin = F.avg_pool2d(image * dense, 15, 1, 7) / (F.avg_pool2d(dense, 15, 1, 7) + 1e-3)
    colour = image * dense + torch.where(F.avg_pool2d(dense, 15, 1, 7) > 0.02, thin, image) * (1 - dense)
    # Contrast of strands and of locks.
    for size, spread in ((5, 0.45), (21, 0.3)):
        mean = F.avg_pool2d(colour, size, 1, size // 2, count_include_pad=False)
        colour = mean + (colour - mean) * torch.exp(0.3 + spread * normal())
    # Light of another room, from another side, through another camera.
    grid = torch.linspace(-1, 1, image.shape[-1], device=image.device)
    across, down = grid[None, None, None], grid[None, None, :, None]
    light = 0.3 * normal() + 0.06 * normal(3) + 0.35 * normal() * across + 0.3 * normal() * down
    colour = colour.clamp(1e-3, 1) ** torch.exp(0.2 * normal()) * torch.exp(light) + 0.02 * normal(3).abs()
    # An edge that was cut out: steeper, wider or narrower than the photograph's.
    steep = torch.exp(uniform(0, 1.6))
    alpha = ((matte - uniform(0.3, 0.7)) * steep + 0.5).clamp(0, 1)
    alpha = torch.where(uniform(0, 1) < 0.3, matte, alpha) * (matte > 0.02)
    # Skin and clothes without the shade of hair.
    shade = F.avg_pool2d(F.max_pool2d(matte, 9, 1, 4), 31, 1, 15)
    lit = beneath * torch.exp(uniform(-0.1, 0.45) * shade)
    return torch.cat([colour.clamp(0, 1) * alpha, alpha], 1), lit.clamp(0, 1)


def held_out(shards: Shards, count: int = 96) -> Callable[[nn.Module], dict[str, float]] | None:
    """A check on validation pictures: PSNR (dB) of own hair, spoilt, and as it is made to belong again. None
    where there are no validation pictures."""
    numbers = shards.held_out()
    numbers = numbers[shards.hair_area[numbers] > NEARLY_BALD][:count]
    if not len(numbers):
        return None

    @torch.inference_mode()
    def check(net: nn.Module) -> dict[str, float]:
        device, found = next(net.parameters()).device, []
        for first in range(0, len(numbers), 16):
            rows = numbers[first : first + 16]
            batch = to_tensors(stacked([told_own(shards, int(n)) for n in rows]), device)
            hair, beneath = spoilt(batch, Draws(0, first, range(len(rows)), len(rows), device))
            maps = torch.cat([batch["face"], batch["valid"], batch["person_beneath"]], 1)
            said = harmony(net(beneath, hair, maps), hair, batch["person_beneath"])
            near = around(batch["matte"]) * batch["valid"]
            laid = hair[:, :3] + beneath * (1 - hair[:, 3:])
            found.append([psnr(one, batch["image"], near) for one in (laid, said.on(hair, beneath))])
        before, after = np.mean([[float(v) for v in row] for row in found], 0)
        return {"psnr_spoilt": round(float(before), 3), "psnr_harmonized": round(float(after), 3)}

    return check


def psnr(picture: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """dB where `weight`, (N, 1, S, S), counts; mean of the pictures."""
    error = ((picture - truth).square() * weight).sum((1, 2, 3)) / (3 * weight.sum((1, 2, 3)) + 1)
    return (-10 * torch.log10(error.clamp(min=1e-8))).mean()


def harmonizer_recipe(spec: Spec, shards: Shards, chosen: Hyperparameters) -> Recipe:
    """The recipe of the harmonizer."""
    discriminator = discriminator_of(chosen.seed, TwoScaleDiscriminator) if chosen.adversary else None
    return Recipe(
        spec, partial(loss, discriminator=discriminator, adversary=chosen.adversary),
        HarmonizationBatches(shards, chosen.batch, seed=chosen.seed), held_out(shards), chosen.rate,
        seed=chosen.seed, discriminator=discriminator, told={"adversary": chosen.adversary},
    )  # fmt: skip
