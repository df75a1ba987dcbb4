"""The recipe of each network, by its name."""

from __future__ import annotations

from train.data.shards import Shards
from train.loop.training_loop import Recipe
from train.nets.spec import Spec
from train.recipes.hyperparameters import Hyperparameters


def open_recipe(spec: Spec, shards: Shards, chosen: Hyperparameters) -> Recipe:
    """How a network learns from these shards.

    Raises:
        MirrorError: the shards hold nothing that it could learn from.
    """
    from train.recipes.hair_vae import hair_vae_recipe
    from train.recipes.harmonizer import harmonizer_recipe
    from train.recipes.matte import matte_recipe
    from train.recipes.underlay import underlay_recipe
    from train.recipes.whole_picture import picture_recipe

    if spec.net == "matte":
        return matte_recipe(spec, shards, chosen)
    if spec.net == "underlay":
        return underlay_recipe(spec, shards, chosen)
    if spec.net == "harmonizer":
        return harmonizer_recipe(spec, shards, chosen)
    if spec.net == "hair_vae":
        return hair_vae_recipe(spec, shards, chosen)
    return picture_recipe(spec, shards, chosen)
