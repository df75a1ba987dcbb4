"""The recipe of each network, by its name."""

from __future__ import annotations

from pathlib import Path

from train.data.shards import Shards
from train.loop.training_loop import Recipe
from train.losses.reconstruction_and_kl import CodePrice
from train.nets.spec import Spec

PLAIN = CodePrice()


def open_recipe(
    spec: Spec, shards: Shards, batch: int, *, rate: float, price: CodePrice = PLAIN, seed: int = 0,
    matte: Path | None = None, adversary: float = 0.0,
) -> Recipe:  # fmt: skip
    """How a network learns from these shards.

    Args:
        batch: pictures, all processes together; rate: peak rate of learning.
        matte: of the hair VAE alone; adversary: of it and of the body network, see their recipes.
        price: of the code; the matte network and the autoencoder have nothing to pay.

    Raises:
        MirrorError: the shards hold nothing that it could learn from.
    """
    from train.recipes.body import body_recipe
    from train.recipes.hair_vae import hair_vae_recipe
    from train.recipes.matte import matte_recipe
    from train.recipes.whole_picture import picture_recipe

    if spec.net == "matte":
        return matte_recipe(spec, shards, batch, rate=rate, seed=seed)
    if spec.net == "body":
        return body_recipe(spec, shards, batch, rate=rate, seed=seed, adversary=adversary)
    if spec.net == "hair_vae":
        return hair_vae_recipe(
            spec, shards, batch, rate=rate, price=price, seed=seed, matte=matte, adversary=adversary
        )
    return picture_recipe(spec, shards, batch, rate=rate, price=price, seed=seed)
