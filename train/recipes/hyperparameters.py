"""What is chosen for a run besides the network and what it learns from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from train.losses.reconstruction_and_kl import CodePrice


@dataclass(frozen=True)
class Hyperparameters:
    """What a recipe is made with; each takes what it has a use for.

    Attributes:
        batch: pictures a step, all processes together.
        rate: peak rate of learning.
        price: of the code; the matte and the underlay network and the autoencoder have nothing to pay.
        seed: of all random numbers.
        matte: weights of a matte network, which then judges the hair VAE's swaps; None: no swaps are made.
        adversary: weight of a discriminator that trains along, of the hair VAE and the underlay network;
            0: none.
    """

    batch: int
    rate: float
    price: CodePrice = field(default_factory=CodePrice)
    seed: int = 0
    matte: Path | None = None
    adversary: float = 0.0
