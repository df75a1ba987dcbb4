"""How each of the five seed systems trains its network, put in the terms of this package's loop.

Facts are from the systems' own code, as far as it is published; what was mended or had to be assumed is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from train.data.shards import Shards
from train.loop.training_loop import Recipe
from train.losses.reconstruction_and_kl import CodePrice
from train.nets.spec import Spec
from train.recipes.hyperparameters import Hyperparameters
from train.recipes.whole_picture import picture_recipe


@dataclass(frozen=True)
class SeedSystem:
    """How one of the seed systems trains its network.

    Attributes:
        system: its name; side: pixels of the pictures that it reported on.
        beta: weight of the KL, put so that `negative_log_likelihood` + beta KL is its loss, but for a factor.
        anneal: share of the training in which the KL sets in.
        mended: what is done otherwise here, and what had to be assumed.
    """

    system: str
    side: int
    latent: int
    likelihood: str
    beta: float
    optimiser: str
    rate: float
    batch: int
    mended: str
    anneal: float = 0.0


SYSTEMS = {
    "s0_autoencoder": SeedSystem(
        "S0, vae_hairstyle", 96, 128, "bce", 0.0, "rmsprop", 1e-3, 32,
        "layers rebuilt from its figures; optimiser, rate, batch and width of the code are not known",
    ),
    "s0_vae": SeedSystem(
        "S0, vae_hairstyle", 96, 128, "bce", 1.0, "rmsprop", 1e-3, 32,
        "layers rebuilt from its figures, the dense layer before the mean twice as wide as the code; "
        "optimiser, rate and batch are not known",
    ),
    # Cross-entropy, mean over pixels and channels, times the pixels: a third of the sum over all values.
    "s1": SeedSystem(
        "S1, VAEriation", 128, 256, "bce", 3.0, "rmsprop", 1e-3, 100,
        "the mean is no longer limited to rank 64 by a layer of 64 before it; every training picture is seen "
        "(its generator left out every second hundred)",
    ),
    # Squares summed over values from -1 to 1 are 4 times those from 0 to 1, and ours weigh 50.
    "s2": SeedSystem(
        "S2, face-generator-VAE", 128, 2048, "mse", 12.5, "adam", 1e-3, 128,
        "a draw of its own for each picture of a batch; rate (Keras's own) and the balance of the two terms "
        "(both summed) are not known",
    ),
    "s3": SeedSystem(
        "S3, VAEs-face-producer", 64, 256, "bce", 0.1, "adam", 5e-4, 64,
        "convolutions do begin with N(0, 0.02); batch norm goes on learning after the first validation",
    ),
    # The KL sets in over 100 of its 25,000 steps.
    "s4": SeedSystem(
        "S4, VAE animeface", 64, 10, "laplace", 4.0, "adam", 5e-3, 256,
        "all pictures are read, not the first 2,560", anneal=0.004,
    ),
}  # fmt: skip


def seed_recipe(net: str, shards: Shards, size: int) -> Recipe:
    """How a seed's network learns from these shards.

    Args:
        net: of SYSTEMS; size: side of the pictures, whatever the system reported on.
    """
    system = SYSTEMS[net]
    chosen = Hyperparameters(system.batch, system.rate, CodePrice(system.beta, system.anneal))
    spec = Spec(net, size, system.latent, system.likelihood)
    return picture_recipe(spec, shards, chosen, optimiser=system.optimiser)
