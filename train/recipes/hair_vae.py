"""How the hair VAE learns: each head is rebuilt from its own style, through a hole that is not its own.

python -m train fit --net hair_vae --shards shards/photos shards/paintings --minutes 90
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mirror.removal.inpainting_mask import cut_hole
from train.data.augmentation import Jitter, small_alpha
from train.data.batch_loader import HeadBatches, Sampling
from train.data.shards import Shards
from train.loop.random_numbers import Draws
from train.loop.training_loop import Moment, Recipe, to_tensors
from train.losses.reconstruction_and_kl import (
    CodePrice,
    code_cost,
    edge_loss,
    kl_each,
    kl_to_normal,
    matte_loss,
    sample,
)
from train.losses.style_swap import Wearers, Worn, fitted, swap_loss, wear
from train.nets.discriminator import discriminator_of, hinge_painter, hinge_real_fake, three_looks
from train.nets.hair_vae import HairVAE, composed
from train.nets.spec import Spec, load_matte
from train.recipes.hyperparameters import Hyperparameters

# Weights of the two levels' KL at beta 1, on summed dimensions, beside means over pixels.
KL_Z = 2e-4
KL_DETAIL = 2.5e-7
# How much steeper than the mask of the person, which is told softly, its edge is on a photograph.
STEEP = 4.0
# The share of the budget after which the discriminator begins to count, and over which it comes to its full
# weight: before, everything that is painted is easily told from a photograph.
ADVERSARY_FROM, ADVERSARY_OVER = 0.15, 0.15


@dataclass(frozen=True)
class Judges:
    """The networks that say what a swap looks like.

    Attributes:
        matting: a frozen matte network; None: no swaps are made in training.
        discriminator: trains along; None: nothing asks for the look of a photograph.
        adversary: weight of what the discriminator says.
    """

    matting: nn.Module | None = None
    discriminator: nn.Module | None = None
    adversary: float = 0.0


NOBODY = Judges()
# How often nearly bald heads (under 2.5% hair) are drawn, against one whose hair fills 30% of the square:
# they are 2 in 100 photographs, and the hardest style.
BALD = 0.8


def choose_coarse(truth: Tensor, guessed: Tensor, draws: Draws) -> Tensor:
    """Which coarse alpha the painter is told, a sample at a time: the true one, what the shape
    decoder guessed from z, or none. So it can follow an exemplar's matte and a sampled style alike."""
    draw = draws.uniform(1, 1, 1)
    return torch.where(draw < 0.45, truth, torch.where(draw < 0.9, guessed, torch.zeros_like(truth)))


def loss(
    net: nn.Module, batch: dict[str, Tensor], moment: Moment, *, likelihood: str, price: CodePrice,
    judges: Judges = NOBODY,
) -> dict[str, Tensor]:  # fmt: skip
    """The whole loss of one batch.

    Args:
        likelihood: of the paint: "laplace" (absolute differences), "mse" or "bce".
        price: of z.
        judges: of swaps.
    """
    vae = cast(HairVAE, net)
    image, alpha, valid, hole = batch["image"], batch["matte"], batch["valid"], batch["hole"]
    face, shape = batch["face"], batch["shape"]
    z_mean, z_logvar, d_mean, d_logvar = vae.encoder(image * alpha, alpha, face)
    z = sample(z_mean, z_logvar, moment.draws.normal(*z_mean.shape[1:]))
    detail = sample(d_mean, d_logvar, moment.draws.normal(*d_mean.shape[1:]))
    truth = F.avg_pool2d(alpha, 4)
    shape_logits = vae.shape_decoder(z, shape)
    shape_loss = matte_loss(shape_logits, truth, F.avg_pool2d(valid, 4))
    coarse = choose_coarse(truth, torch.sigmoid(shape_logits.float()).detach(), moment.draws)
    # The detail map is there for two thirds of the samples: z must be able to stand alone.
    present = (moment.draws.uniform(1, 1, 1) > 1 / 3).float()
    shown = detail * present * coarse
    cut = 1 - hole
    layers, logits = vae.painter.layers(
        image * cut, torch.cat([hole, face, valid], 1), coarse, shown, z, shape
    )
    layers = layers.float()
    alphas = torch.sigmoid(logits.float())
    rgb = composed(layers, alphas)
    # Each layer answers for what is seen of it, and for nothing else: composed with its own alphas, a layer
    # would learn the colours of the others wherever an alpha is unsure.
    body = (
        ((batch["person"] - 0.5) * STEEP + 0.5).clamp(0, 1) if "person" in batch else alphas[:, 1:].detach()
    )
    told = composed(layers, torch.cat([alpha, body], 1))
    # From the first step on, edges would teach one who knows no colours yet to paint a smooth mean.
    late = moment.spent**2
    weight = valid * (0.25 + hole * (1 + (0.25 + 0.5 * late) * alpha))
    paint = (paint_error(told, image, likelihood) * weight).mean()
    edges = edge_loss(told, image, weight)
    matte = matte_loss(logits[:, :1], alpha, valid * (0.3 + 0.7 * hole))
    each, kl_detail = kl_each(z_mean, z_logvar), kl_to_normal(d_mean, d_logvar)
    paid = code_cost(each, moment.spent, price)
    total = 4 * paint + (2 + 3 * late) * edges + 0.5 * matte + 0.3 * shape_loss
    total = total + KL_Z * paid + KL_DETAIL * kl_detail
    parts = {"paint": paint, "edges": edges, "matte": matte, "shape": shape_loss}
    parts |= {"kl": each.sum(1).mean(), "kl_detail": kl_detail}
    if "person" in batch:
        # What the own hair hides is not known.
        bare = valid * (alpha < 0.1) * (0.3 + 0.7 * hole)
        parts["body"] = matte_loss(logits[:, 1:], batch["person"], bare)
        total = total + 0.3 * parts["body"]
    looks = [image * cut + rgb * hole, image, hole, valid]
    if judges.matting is not None and len(image) > 1:
        some = max(1, len(image) // 4)
        heads = Wearers(*(x[:some] for x in (image, alpha, face, valid, shape)))
        theirs = slice(some, 2 * some)
        worn = swapped(vae, heads, truth[theirs], detail[theirs], z[theirs], shape[theirs], moment)
        seen, wanted = swap_loss(worn, heads, judges.matting, moment.draws.normal(*image.shape[1:])[:some])
        total = total + 0.1 * seen + wanted
        parts |= {"swap_told": seen, "swap_wanted": wanted}
        # The others as they were rebuilt: as many pictures to look at as without swaps.
        others = (worn.seen, heads.image, worn.hole, heads.valid)
        looks = [torch.cat([a, b[some:]]) for a, b in zip(others, looks, strict=True)]
    if judges.discriminator is not None:
        told_apart, painted = adversaries(judges.discriminator, *looks)
        total = total + told_apart + judges.adversary * heard(moment.spent) * painted
        parts |= {"told_apart": told_apart, "adversary": painted}
    return {"loss": total, **{k: v.detach() for k, v in parts.items()}}


def swapped(
    vae: HairVAE, heads: Wearers, coarse: Tensor, detail: Tensor, z: Tensor, shape: Tensor, moment: Moment
) -> Worn:
    """Heads with the styles of others: three in four as from a style book, the others as drawn at random,
    from z alone.

    Args:
        coarse, detail, z: of the styles; shape: of the faces that they lie on.
    """
    count = len(heads.image)
    drawn = moment.draws.uniform(1, 1, 1)[:count] < 0.25
    guess = torch.sigmoid(vae.shape_decoder(z, heads.shape).float()).detach()
    coarse = torch.where(drawn, guess, fitted(coarse, shape, heads.shape))
    detail = fitted(detail, shape, heads.shape) * (~drawn).float()
    radius = 2 + moment.step % 3
    return wear(vae.painter, heads, coarse, detail, z, radius)


def heard(spent: float) -> float:
    """How much the discriminator counts, 0 to 1, after so much of the budget."""
    return min(1.0, max(0.0, (spent - ADVERSARY_FROM) / ADVERSARY_OVER))


def adversaries(
    discriminator: nn.Module, fake: Tensor, real: Tensor, hole: Tensor, valid: Tensor
) -> tuple[Tensor, Tensor]:
    """What the discriminator pays, and what the painter pays.

    Args:
        fake, real: painted and photographed, (N, 3, S, S); hole, valid: (N, 1, S, S).
    """
    said_real, said_fake, painted = three_looks(discriminator, fake * valid, real * valid, hole)
    weight = F.adaptive_avg_pool2d(hole * valid, said_real.shape[-1])
    return hinge_real_fake(said_real, said_fake, weight), hinge_painter(painted, weight)


def paint_error(rgb: Tensor, image: Tensor, likelihood: str) -> Tensor:
    """Pixel errors of like size (about 0.05 where two pictures differ by 0.05), (N, 3, S, S).

    Raises:
        ValueError: a likelihood that is not mse, bce or laplace.
    """
    if likelihood == "laplace":
        return (rgb - image).abs()
    if likelihood == "mse":
        return (rgb - image) ** 2 / 0.1
    if likelihood == "bce":
        # The least cross-entropy there is, that of the picture with itself, is taken off.
        with torch.autocast(rgb.device.type, enabled=False):
            rgb = rgb.clamp(1e-4, 1 - 1e-4)
            return F.binary_cross_entropy(rgb, image, reduction="none") - F.binary_cross_entropy(
                image.clamp(1e-4, 1 - 1e-4), image, reduction="none"
            )
    raise ValueError(f"likelihood {likelihood!r} is not one of mse, bce, laplace")


def held_out(shards: Shards, count: int = 96) -> Callable[[nn.Module], dict[str, float]] | None:
    """A check on validation pictures, each rebuilt with its own style through a neighbour's hole.

    Returns PSNR (dB) inside the hair with and without the detail map, PSNR of the hole outside the
    hair, IoU of the painted alpha and of the shape decoder's. None, after a warning, where there are no
    validation pictures.
    """
    numbers = shards.held_out()[::2][:count]
    if not len(numbers):
        return None

    @torch.inference_mode()
    def check(net: nn.Module) -> dict[str, float]:
        vae = cast(HairVAE, net)
        device = next(vae.parameters()).device
        sums: dict[str, list[float]] = {}
        for n, m in zip(numbers, np.roll(numbers, 1), strict=True):
            item = shards[n]
            batch = {k: item[k][None, None] for k in ("matte", "valid", "face")}
            batch |= {"image": item["image"].transpose(2, 0, 1)[None], "shape": item["shape"][None]}
            t = to_tensors(batch, device)
            alpha = t["matte"]
            cut = cut_hole(small_alpha(item["matte"]), small_alpha(shards.array(m, "matte")), shards.side)
            hole = torch.from_numpy(cut)[None, None].to(device)
            z, _, detail, _ = vae.encoder(t["image"] * alpha, alpha, t["face"])
            guess = torch.sigmoid(vae.shape_decoder(z, t["shape"]))
            truth = F.avg_pool2d(alpha, 4)
            both = {"": (truth, detail * truth), "_z": (guess, torch.zeros_like(detail))}
            for name, (coarse, d) in both.items():
                maps = torch.cat([hole, t["face"], t["valid"]], 1)
                rgb, logits = vae.painter(t["image"] * (1 - hole), maps, coarse, d, z, t["shape"])
                error = ((rgb - t["image"]) ** 2).mean(1, keepdim=True)
                for where, mask in (("hair", alpha), ("beneath", hole * (1 - alpha))):
                    mse = (error * mask * t["valid"]).sum() / ((mask * t["valid"]).sum() + 1)
                    sums.setdefault(f"psnr_{where}{name}", []).append(float(-10 * torch.log10(mse + 1e-6)))
                sums.setdefault(f"iou{name}", []).append(
                    _iou(torch.sigmoid(logits[:, :1]), alpha, t["valid"])
                )
            inside = F.avg_pool2d(t["valid"], 4)
            sums.setdefault("iou_shape", []).append(_iou(guess, truth, inside))
        return {name: round(float(np.mean(values)), 3) for name, values in sums.items()}

    return check


def _iou(a: Tensor, b: Tensor, valid: Tensor) -> float:
    a, b, inside = a > 0.5, b > 0.5, valid > 0.5
    return float((a & b & inside).sum() / ((a | b) & inside).sum().clamp(min=1))


def hair_vae_recipe(spec: Spec, shards: Shards, chosen: Hyperparameters) -> Recipe:
    """The recipe of the hair VAE; a second folder of shards is for the first 60% of the budget."""
    batches = HeadBatches(
        shards, chosen.batch, jitter=Jitter(), sampling=Sampling(0.4, bald=BALD), hole=True, seed=chosen.seed
    )
    judges = Judges(
        load_matte(chosen.matte) if chosen.matte else None,
        discriminator_of(chosen.seed) if chosen.adversary else None,
        chosen.adversary,
    )
    told = {"price": asdict(chosen.price), "matte": str(chosen.matte or ""), "adversary": chosen.adversary}
    return Recipe(
        spec, partial(loss, likelihood=spec.likelihood, price=chosen.price, judges=judges), batches,
        held_out(shards), chosen.rate, seed=chosen.seed, discriminator=judges.discriminator,
        beside=judges.matting, told=told,
    )  # fmt: skip
