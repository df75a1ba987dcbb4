"""How the hair VAE learns: each head is rebuilt from its own style, through a hole that is not its own.

python -m train fit --net hair_vae --shards shards/photos shards/paintings --minutes 90
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mirror.hole import cut_hole
from train.data.augment import Jitter, small_alpha
from train.data.batches import HeadBatches
from train.data.shards import Shards
from train.draws import Draws
from train.fit import Moment, Recipe, to_tensors
from train.losses import CodePrice, code_cost, edge_loss, kl_each, kl_to_normal, matte_loss, sample
from train.nets.hair_vae import HairVAE
from train.spec import Spec

# Weights of the two levels' KL at beta 1, on summed dimensions, beside means over pixels.
KL_Z = 2e-4
KL_DETAIL = 1e-6
PLAIN = CodePrice()


def choose_coarse(truth: Tensor, guessed: Tensor, draws: Draws) -> Tensor:
    """Which coarse alpha the painter is told, a sample at a time: the true one, what the shape
    decoder guessed from z, or none. So it can follow an exemplar's matte and a sampled style alike."""
    draw = draws.uniform(1, 1, 1)
    return torch.where(draw < 0.45, truth, torch.where(draw < 0.9, guessed, torch.zeros_like(truth)))


def loss(
    net: nn.Module, batch: dict[str, Tensor], moment: Moment, *, likelihood: str, price: CodePrice
) -> dict[str, Tensor]:
    """The whole loss of one batch.

    Args:
        likelihood: of the paint: "laplace" (absolute differences), "mse" or "bce".
        price: of z.
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
    detail = detail * present * F.avg_pool2d(coarse, 2)
    cut = 1 - hole
    rgb, logits = vae.painter(image * cut, hole, face, valid, coarse, detail, z, shape)
    rgb = rgb.float()
    weight = valid * (0.25 + hole * (0.75 + 0.5 * alpha))
    paint = (paint_error(rgb, image, likelihood) * weight).mean()
    edges = edge_loss(rgb, image, weight)
    matte = matte_loss(logits, alpha, valid * (0.3 + 0.7 * hole))
    each, kl_detail = kl_each(z_mean, z_logvar), kl_to_normal(d_mean, d_logvar)
    paid = code_cost(each, moment.spent, price)
    total = 4 * paint + 2 * edges + 0.5 * matte + 0.3 * shape_loss + KL_Z * paid + KL_DETAIL * kl_detail
    parts = {"paint": paint, "edges": edges, "matte": matte, "shape": shape_loss}
    parts |= {"kl": each.sum(1).mean(), "kl_detail": kl_detail}
    return {"loss": total, **{k: v.detach() for k, v in parts.items()}}


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
            both = {"": (truth, detail * F.avg_pool2d(truth, 2)), "_z": (guess, torch.zeros_like(detail))}
            for name, (coarse, d) in both.items():
                rgb, logits = vae.painter(
                    t["image"] * (1 - hole), hole, t["face"], t["valid"], coarse, d, z, t["shape"]
                )
                error = ((rgb - t["image"]) ** 2).mean(1, keepdim=True)
                for where, mask in (("hair", alpha), ("beneath", hole * (1 - alpha))):
                    mse = (error * mask * t["valid"]).sum() / ((mask * t["valid"]).sum() + 1)
                    sums.setdefault(f"psnr_{where}{name}", []).append(float(-10 * torch.log10(mse + 1e-6)))
                sums.setdefault(f"iou{name}", []).append(_iou(torch.sigmoid(logits), alpha, t["valid"]))
            inside = F.avg_pool2d(t["valid"], 4)
            sums.setdefault("iou_shape", []).append(_iou(guess, truth, inside))
        return {name: round(float(np.mean(values)), 3) for name, values in sums.items()}

    return check


def _iou(a: Tensor, b: Tensor, valid: Tensor) -> float:
    a, b, inside = a > 0.5, b > 0.5, valid > 0.5
    return float((a & b & inside).sum() / ((a | b) & inside).sum().clamp(min=1))


def hair_vae_recipe(
    spec: Spec, shards: Shards, batch: int, *, rate: float = 6e-4, price: CodePrice = PLAIN, seed: int = 0
) -> Recipe:
    """The recipe of the hair VAE; a second folder of shards is for the first 60% of the budget."""
    batches = HeadBatches(shards, batch, jitter=Jitter(), second_set=0.4, hole=True, seed=seed)
    return Recipe(
        spec, partial(loss, likelihood=spec.likelihood, price=price), batches, held_out(shards), rate,
        seed=seed, told={"price": asdict(price)},
    )  # fmt: skip
