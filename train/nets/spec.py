"""What a file of weights is: the network's kind, size and latent, kept in the file's own header."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from safetensors import SafetensorError, safe_open

from mirror.core.errors import MirrorError
from mirror.files.reading import check_ordinary
from mirror.files.size_limits import WEIGHTS_BYTES
from train.nets.stored_weights import is_shipped, needed, read_shipped

# PyTorch is imported where it is needed: the command line reads this file before it knows whether it is.
if TYPE_CHECKING:
    from torch import nn

Net = TypeVar("Net", bound="nn.Module")

NETS = ("hair_vae", "matte", "underlay", "harmonizer", "autoencoder", "vae", "burgess")
SEEDS = ("s0_autoencoder", "s0_vae", "s1", "s2", "s3", "s4")
SIZES = (64, 96, 128, 256, 512)
LIKELIHOODS = ("mse", "bce", "laplace")
LATENTS = range(2, 2049)


@dataclass(frozen=True)
class Spec:
    """All that is needed to build a network again.

    Attributes:
        net: one of NETS or SEEDS.
        size: side of the pictures, one of SIZES.
        latent: numbers in the code z, 2 to 2048; 0 for the matte network, the underlay network and the
            harmonizer, which have none.
        likelihood: what the reconstruction was trained with, one of LIKELIHOODS.

    Raises:
        MirrorError: a value that is not one of those.
    """

    net: str
    size: int = 256
    latent: int = 128
    likelihood: str = "mse"

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("net", self.net, NETS + SEEDS),
            ("size", self.size, SIZES),
            ("likelihood", self.likelihood, LIKELIHOODS),
        ):
            if value not in allowed:
                raise MirrorError(
                    f"--{name} {value} is not known. Give one of {', '.join(map(str, allowed))}."
                )
        if self.net in ("matte", "underlay", "harmonizer"):
            object.__setattr__(self, "latent", 0)
        elif self.latent not in LATENTS:
            raise MirrorError(f"--latent {self.latent} does not fit. Give {LATENTS[0]} to {LATENTS[-1]}.")


def build(spec: Spec) -> nn.Module:
    """The network with fresh weights.

    Example:
        >>> sum(p.numel() for p in build(Spec("burgess", 64, 10)).parameters())
        504055
    """
    from train.nets.autoencoders import Burgess, ConvCodec
    from train.nets.hair_vae import HairVAE
    from train.nets.harmonizer import Harmonizer
    from train.nets.matte import MatteNet
    from train.nets.underlay import UnderlayNet

    if spec.net == "hair_vae":
        return HairVAE(spec.size, spec.latent)
    if spec.net == "matte":
        return MatteNet()
    if spec.net == "underlay":
        return UnderlayNet()
    if spec.net == "harmonizer":
        return Harmonizer()
    if spec.net == "burgess":
        return Burgess(spec.size, spec.latent)
    if spec.net in ("autoencoder", "vae"):
        return ConvCodec(spec.size, spec.latent, variational=spec.net == "vae")
    from train.nets.baseline_nets import build_seed

    return build_seed(spec.net, spec.size, spec.latent)


def save_weights(net: nn.Module, spec: Spec, path: Path) -> None:
    """Writes weights with their spec in the header, whole or not at all.

    Raises:
        OSError, SafetensorError: the disk is full or cannot be written; what was at `path` is still there.
    """
    from safetensors.torch import save_file

    tensors = {k: v.detach().cpu().contiguous() for k, v in net.state_dict().items()}
    part = path.with_name(path.name + ".part")
    try:
        save_file(tensors, part, {"spec": json.dumps(asdict(spec))})
        as_any_file(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def as_any_file(path: Path) -> None:
    """Gives a file the permissions of any new one; safetensors writes it for its owner alone."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)


def read_spec(path: Path) -> Spec:
    """The spec of a run's folder, of a safetensors file, or of a network that ships.

    Raises:
        MirrorError: the file is missing, damaged, or says nothing of its network.
    """
    if is_shipped(path):
        return _parsed(path, read_shipped(path)[0])
    path = weights_file(path)
    with readable(path), safe_open(path, "pt") as file:
        said = (file.metadata() or {}).get("spec")
    if said is None:
        raise MirrorError(
            f"{path} does not say what network it holds. Give one that python -m train fit wrote."
        )
    return _parsed(path, said)


def _parsed(path: Path, said: str) -> Spec:
    try:
        return Spec(**json.loads(said))
    except (ValueError, TypeError) as error:
        raise MirrorError(f"{path} says something unknown of its network ({error}).") from None


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Around the reading of a safetensors file. Raises MirrorError where it is no whole, ordinary file."""
    try:
        check_ordinary(path, WEIGHTS_BYTES)
        yield
    except FileNotFoundError:
        raise MirrorError(
            f"{path} is missing. Give the folder of a run, or its average.safetensors."
        ) from None
    except (OSError, SafetensorError) as error:
        raise MirrorError(f"{path} cannot be read as safetensors ({error}). Is the file whole?") from None


def weights_file(path: Path) -> Path:
    """The averaged weights of a run's folder; a file is taken as it is."""
    return path / "average.safetensors" if os.path.isdir(path) else path


def load_weights(net: Net, path: Path, kind: str | None = None) -> Net:
    """Loads weights into a network.

    Args:
        path: a run's folder (its averaged weights are taken), a safetensors file, a network that ships, or
            the folder of these.
        kind: of the network, one of NETS, which only the last needs.

    Raises:
        MirrorError: the file is missing or damaged, or belongs to another network.
    """
    if is_shipped(path):
        loaded = read_shipped(path, kind)[1]
        state = net.state_dict()
        weights = {k: loaded[k] for k in state if k in loaded} | {k: state[k] for k in state if not needed(k)}
    else:
        from safetensors.torch import load_file

        path = weights_file(path)
        with readable(path):
            loaded = load_file(path)
        weights = {k: v.float() if v.is_floating_point() else v for k, v in loaded.items()}
    try:
        net.load_state_dict(weights)
    except RuntimeError as error:
        detail = " ".join(str(error).split())[:200]
        raise MirrorError(f"{path} does not hold this {type(net).__name__}: {detail}") from None
    return net


def load_matte(path: Path) -> nn.Module:
    """A matte network that only looks: frozen, in evaluation mode.

    Raises:
        MirrorError: the file is missing or damaged, or belongs to another network.
    """
    import torch

    with torch.random.fork_rng(devices=[]):
        net = build(Spec("matte"))
    return load_weights(net, path, "matte").eval().requires_grad_(False)


def open_run(path: Path) -> tuple[Spec, nn.Module]:
    """The network of a run (its averaged weights), ready to be used: on the CPU, in evaluation mode.

    Args:
        path: the folder of a run, a safetensors file written by one, or a network that ships.

    Raises:
        MirrorError: it is missing or damaged, or says nothing of its network.
    """
    import torch

    spec = read_spec(path)
    with torch.random.fork_rng(devices=[]):
        net = build(spec)
    return spec, load_weights(net, path).eval().requires_grad_(False)
