"""Trains the hair VAE: each head is rebuilt from its own style, through a hole that is not its own.

python -m train fit --net hair_vae --shards shards/photos shards/paintings --minutes 90
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from mirror.hole import HOLE_SIDE, cut_hole
from train.data.shards import Batches, Jitter, Shards
from train.fit import fit, load_weights, to_tensors
from train.losses import edge_loss, kl_to_normal, matte_loss, sample
from train.nets.hair_vae import SHAPE_SIDE, HairVAE

KL_Z = 2e-4
KL_DETAIL = 1e-6


def choose_coarse(truth: Tensor, guessed: Tensor) -> Tensor:
    """Which coarse alpha the painter is told, a sample at a time: the true one, what the shape
    decoder guessed from z, or none. So it can follow an exemplar's matte and a sampled style alike."""
    draw = torch.rand(len(truth), 1, 1, 1, device=truth.device)
    return torch.where(draw < 0.45, truth, torch.where(draw < 0.9, guessed, torch.zeros_like(truth)))


def loss(net: HairVAE, batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """The whole loss of one batch."""
    image, alpha, valid, hole = batch["image"], batch["matte"], batch["valid"], batch["hole"]
    face, shape = batch["face"], batch["shape"]
    z_mean, z_logvar, d_mean, d_logvar = net.encoder(image * alpha, alpha, face)
    z, detail = sample(z_mean, z_logvar), sample(d_mean, d_logvar)
    truth = F.adaptive_avg_pool2d(alpha, SHAPE_SIDE)
    valid_small = F.adaptive_avg_pool2d(valid, SHAPE_SIDE)
    shape_logits = net.shape_decoder(z, shape)
    shape_loss = matte_loss(shape_logits, truth, valid_small)
    coarse = choose_coarse(truth, torch.sigmoid(shape_logits.float()).detach())
    # The detail map is there for two thirds of the samples: z must be able to stand alone.
    present = (torch.rand(len(image), 1, 1, 1, device=image.device) > 1 / 3).float()
    detail = detail * present * F.avg_pool2d(coarse, 2)
    cut = 1 - hole
    rgb, logits = net.painter(image * cut, hole, face, valid, coarse, detail, z, shape)
    rgb = rgb.float()
    weight = valid * (0.25 + hole * (0.75 + 0.5 * alpha))
    paint = ((rgb - image).abs() * weight).mean()
    edges = edge_loss(rgb, image, weight)
    matte = matte_loss(logits, alpha, valid * (0.3 + 0.7 * hole))
    kl_z, kl_detail = kl_to_normal(z_mean, z_logvar), kl_to_normal(d_mean, d_logvar)
    total = 4 * paint + 2 * edges + 0.5 * matte + 0.3 * shape_loss + KL_Z * kl_z + KL_DETAIL * kl_detail
    parts = {"paint": paint, "edges": edges, "matte": matte, "shape": shape_loss}
    parts |= {"kl": kl_z, "kl_detail": kl_detail}
    return {"loss": total, **{k: v.detach() for k, v in parts.items()}}


def held_out(shards: Shards, count: int = 96) -> Callable[[HairVAE], dict[str, float]] | None:
    """A check on validation pictures, each rebuilt with its own style through a neighbour's hole.

    Returns PSNR (dB) inside the hair with and without the detail map, PSNR of the hole outside the
    hair, IoU of the painted alpha and of the shape decoder's. None, after a warning, where there are no
    validation pictures.
    """
    numbers = shards.held_out()[::2][:count]
    if not len(numbers):
        return None

    @torch.inference_mode()
    def check(net: HairVAE) -> dict[str, float]:
        device = next(net.parameters()).device
        sums: dict[str, list[float]] = {}
        for n, m in zip(numbers, np.roll(numbers, 1), strict=True):
            item, other = shards[n], shards[m]
            batch = {k: item[k][None, None] for k in ("matte", "valid", "face")}
            batch |= {"image": item["image"].transpose(2, 0, 1)[None], "shape": item["shape"][None]}
            t = to_tensors(batch, device)
            alpha = t["matte"]
            other_alpha = torch.from_numpy(other["matte"].copy())[None, None] / 255.0
            mine, theirs = (
                F.adaptive_avg_pool2d(a.cpu(), HOLE_SIDE)[0, 0].numpy() for a in (alpha, other_alpha)
            )
            hole = torch.from_numpy(cut_hole(mine, theirs, 256))[None, None].to(device)
            z, _, detail, _ = net.encoder(t["image"] * alpha, alpha, t["face"])
            guess = torch.sigmoid(net.shape_decoder(z, t["shape"]))
            truth = F.adaptive_avg_pool2d(alpha, SHAPE_SIDE)
            both = {"": (truth, detail * F.avg_pool2d(truth, 2)), "_z": (guess, torch.zeros_like(detail))}
            for name, (coarse, d) in both.items():
                rgb, logits = net.painter(
                    t["image"] * (1 - hole), hole, t["face"], t["valid"], coarse, d, z, t["shape"]
                )
                error = ((rgb - t["image"]) ** 2).mean(1, keepdim=True)
                for where, mask in (("hair", alpha), ("beneath", hole * (1 - alpha))):
                    mse = (error * mask * t["valid"]).sum() / ((mask * t["valid"]).sum() + 1)
                    sums.setdefault(f"psnr_{where}{name}", []).append(float(-10 * torch.log10(mse + 1e-6)))
                sums.setdefault(f"iou{name}", []).append(_iou(torch.sigmoid(logits), alpha, t["valid"]))
            inside = F.adaptive_avg_pool2d(t["valid"], SHAPE_SIDE)
            sums.setdefault("iou_shape", []).append(_iou(guess, truth, inside))
        return {name: round(float(np.mean(values)), 3) for name, values in sums.items()}

    return check


def _iou(a: Tensor, b: Tensor, valid: Tensor) -> float:
    a, b, inside = a > 0.5, b > 0.5, valid > 0.5
    return float((a & b & inside).sum() / ((a | b) & inside).sum().clamp(min=1))


def fit_hair_vae(
    folders: list[Path], out: Path, minutes: float, warm: Path | None = None, batch: int = 16
) -> HairVAE:
    """Trains (from `warm`, if given) and returns the averaged network."""
    shards = Shards(folders)
    torch.manual_seed(0)
    net = HairVAE()
    if warm:
        load_weights(net, warm)
    batches = Batches(shards, batch, jitter=Jitter(), second_set=0.4, hole=True)
    return fit(net, loss, batches, out, minutes=minutes, rate=6e-4, check=held_out(shards), check_minutes=10)
