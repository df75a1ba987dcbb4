"""One dial sets the rest: what `--net` and `--size` say about batch, rate and code, unless told otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from train.nets.spec import Spec

# Pictures a batch at 64 pixels and at 256: as many as keep two processor cores or a GPU busy without
# holding more than a few gigabytes.
BATCH = {64: 64, 96: 48, 128: 32, 256: 16, 512: 8}
RATE = {
    "hair_vae": 6e-4,
    "matte": 2e-3,
    "underlay": 1e-3,
    "harmonizer": 1e-3,
    "autoencoder": 1e-3,
    "vae": 1e-3,
    "burgess": 5e-4,
}
SIZE = {
    "hair_vae": 256,
    "matte": 256,
    "underlay": 256,
    "harmonizer": 256,
    "autoencoder": 64,
    "vae": 64,
    "burgess": 64,
}
LATENT = {
    "hair_vae": 128,
    "matte": 0,
    "underlay": 0,
    "harmonizer": 0,
    "autoencoder": 128,
    "vae": 128,
    "burgess": 10,
}
LIKELIHOOD = {
    "hair_vae": "laplace", "matte": "bce", "underlay": "laplace", "harmonizer": "laplace",
    "autoencoder": "mse", "vae": "mse", "burgess": "bce",
}  # fmt: skip
# Weights that have been trained are shaken loose again by the full rate.
WARM_RATE = 0.4


@dataclass(frozen=True)
class Dials:
    """The settings of a run, and one line that says where each comes from."""

    spec: Spec
    batch: int
    rate: float
    reason: str


def set_dials(
    net: str, size: int | None = None, latent: int | None = None, likelihood: str | None = None,
    batch: int | None = None, rate: float | None = None, *, warm: bool = False,
) -> Dials:  # fmt: skip
    """Fills in what was not said.

    Raises:
        MirrorError: a network, size, latent or likelihood that there is not.

    Example:
        >>> set_dials("vae").batch, set_dials("vae", 256).batch
        (64, 16)
    """
    given = {"size": size, "latent": latent, "likelihood": likelihood, "batch": batch, "rate": rate}
    # The spec checks the name first, so that the tables below know it.
    Spec(net)
    size = size if size is not None else SIZE[net]
    spec = Spec(net, size, latent if latent is not None else LATENT[net], likelihood or LIKELIHOOD[net])
    batch = batch if batch is not None else BATCH[size]
    rate = rate if rate is not None else RATE[net] * (WARM_RATE if warm else 1)
    said = [f"--{name} {value}" for name, value in given.items() if value is not None]
    reason = (
        f"{net} at {spec.size} pixels, code of {spec.latent}, {spec.likelihood}, batches of {batch}, rate "
        f"{rate:g}{' (warm)' if warm and given['rate'] is None else ''}: "
        + (f"as asked by {', '.join(said)}; the rest" if said else "all")
        + f" follows from --net {net}"
    )
    return Dials(spec, batch, rate, reason)
