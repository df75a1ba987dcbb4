"""How autoencoder, VAE and Burgess's VAE learn: whole pictures, to a code and back.

python -m train fit --net vae --size 64 --latent 128 --shards shards/photos --minutes 10
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from train.data.batch_loader import PictureBatches
from train.data.shards import Shards
from train.loop.training_loop import Moment, Recipe, to_tensors
from train.losses.reconstruction_and_kl import CodePrice, code_cost, kl_each, negative_log_likelihood, sample
from train.metrics.similarity import active_units
from train.nets.autoencoders import PictureNet
from train.nets.spec import Spec
from train.recipes.hyperparameters import Hyperparameters


def loss(
    net: nn.Module, batch: dict[str, Tensor], moment: Moment, *, likelihood: str, price: CodePrice
) -> dict[str, Tensor]:
    """The negative evidence lower bound a pixel value; without KL where there is no distribution."""
    codec = cast(PictureNet, net)
    image, valid = batch["image"], batch["valid"]
    mean, logvar = codec.encode(image)
    z = mean if logvar is None else sample(mean, logvar, moment.draws.normal(codec.latent))
    explained = negative_log_likelihood(codec.logits(z), image, valid, likelihood)
    parts = {"reconstruction": explained.detach()}
    total = explained
    if logvar is not None:
        each = kl_each(mean, logvar)
        total = explained + code_cost(each, moment.spent, price)
        parts["kl"] = each.sum(1).mean().detach()
    # A pixel value, not a picture: then the clipped gradient is of like size at every --size.
    return {"loss": total / image[0].numel(), **parts}


def held_out(shards: Shards, count: int = 240) -> Callable[[nn.Module], dict[str, float]] | None:
    """A check on validation pictures, each rebuilt from the mean of its own code.

    Returns PSNR (dB) of the valid pixels and, for heads, inside the hair; the KL (nats) and the active
    units where there is a distribution. None, after a warning, where there are no such pictures.
    """
    numbers = shards.held_out()[:count]
    if not len(numbers):
        return None

    @torch.inference_mode()
    def check(net: nn.Module) -> dict[str, float]:
        codec = cast(PictureNet, net)
        device = next(codec.parameters()).device
        psnr: dict[str, list[float]] = {}
        means, kls = [], []
        for few in np.array_split(numbers, -(-len(numbers) // 32)):
            t = to_tensors({name: _stack(shards, few, name) for name in ("image", "valid")}, device)
            mean, logvar = codec.encode(t["image"])
            error = ((codec.decode(mean) - t["image"]) ** 2).mean(1, keepdim=True)
            places = {"psnr": t["valid"]}
            if shards.kind == "heads":
                matte = torch.from_numpy(_stack(shards, few, "matte")).to(device) > 127
                places["psnr_hair"] = t["valid"] * matte
            for name, weight in places.items():
                weight = (weight > 0.5).float()
                amount = weight.flatten(1).sum(1)
                mse = (error * weight).flatten(1).sum(1) / amount.clamp(min=1)
                found = -10 * torch.log10(mse + 1e-8)
                # A hundredth of the picture: below, there is no hair to speak of.
                psnr.setdefault(name, []).extend(found[amount > 0.01 * weight[0].numel()].tolist())
            means.append(mean.float().cpu())
            if logvar is not None:
                kls.append(kl_each(mean, logvar).sum(1).cpu())
        figures = {name: float(np.mean(values)) for name, values in psnr.items() if values}
        if kls:
            figures["kl"] = float(torch.cat(kls).mean())
            figures["active_units"] = float(active_units(torch.cat(means).numpy()))
        return figures

    return check


def _stack(shards: Shards, numbers: np.ndarray, name: str) -> np.ndarray:
    stacked = np.stack([shards.array(n, name) for n in numbers])
    return stacked.transpose(0, 3, 1, 2) if stacked.ndim == 4 else stacked[:, None]


def picture_recipe(
    spec: Spec, shards: Shards, chosen: Hyperparameters, *, optimiser: str = "adamw"
) -> Recipe:
    """The recipe of a network that takes a whole picture to a code and back."""
    batches = PictureBatches(shards, chosen.batch, seed=chosen.seed)
    return Recipe(
        spec, partial(loss, likelihood=spec.likelihood, price=chosen.price), batches, held_out(shards),
        chosen.rate, optimiser=optimiser, seed=chosen.seed, told={"price": asdict(chosen.price)},
    )  # fmt: skip
