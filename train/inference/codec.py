"""One door to every trained network that has a code: heads to codes, codes to pictures.

    codec = open_codec(Path("runs/vae"))
    heads = read_heads(shards, shards.numbers("val")[:8], codec.size)
    mean, logvar = codec.encode(heads)
    pictures = codec.decode(mean, heads)

A network of whole pictures (autoencoder, VAE, Burgess's, the seeds') looks at `heads["image"]` alone. The
hair VAE codes the hair of a head, so its pictures are that hair on a head, which `decode` must be given.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from mirror.core.errors import MirrorError
from mirror.removal.inpainting_mask import HOLE_SIDE, cut_hole
from train.data.shards import Shards
from train.nets.autoencoders import PictureNet
from train.nets.hair_vae import DETAIL, HairVAE
from train.nets.spec import Spec, open_run

Heads = dict[str, np.ndarray]


def read_heads(shards: Shards, numbers: np.ndarray, size: int) -> Heads:
    """Prepared pictures as a batch, shrunk to a network's size by area.

    Returns:
        image uint8 (N, size, size, 3) RGB; every other map that all of them have uint8 (N, size, size); face
        shape float32 (N, 75) where the shards hold heads.

    Raises:
        MirrorError: the shards were prepared smaller than `size`.
        ValueError: no number is given.
    """
    if not len(numbers):
        raise ValueError("no picture to read")
    items = [shards[int(n)] for n in numbers]
    side = items[0]["image"].shape[0]
    if side < size:
        raise MirrorError(
            f"The network works at {size} pixels, the shards hold {side}. Prepare them again at {size} or "
            "more."
        )
    return {
        name: np.stack([shrunk(item[name], size) if array.ndim > 1 else item[name] for item in items])
        for name, array in items[0].items()
        if all(name in item for item in items)
    }


def shrunk(picture: np.ndarray, size: int) -> np.ndarray:
    """A square picture or map at `size` pixels, every pixel the mean of those it covers."""
    if picture.shape[0] == size:
        return picture
    return cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA)


def rows(heads: Heads, which: slice | np.ndarray) -> Heads:
    """Some rows of a batch of heads."""
    return {name: array[which] for name, array in heads.items()}


class Codec(ABC):
    """What all of them share.

    Attributes:
        spec: the network's kind, size and latent; latent, size: from it.
        needs: the arrays that a batch of heads must hold.
    """

    needs: tuple[str, ...] = ("image",)

    def __init__(self, spec: Spec) -> None:
        self.spec, self.latent, self.size = spec, spec.latent, spec.size
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def encode(self, heads: Heads) -> tuple[np.ndarray, np.ndarray | None]:
        """Codes of heads.

        Returns:
            Mean and log-variance, float32 (N, latent) each; the log-variance is None for an autoencoder.

        Raises:
            MirrorError: the heads are of another size, or lack a map that the network needs.
        """
        self.check(heads)
        with torch.inference_mode():
            parts = [self._encode(self._tensors(rows(heads, s))) for s in self._slices(len(heads["image"]))]
        means, logvars = zip(*parts, strict=True)
        mean = torch.cat(means).float().cpu().numpy()
        return mean, None if logvars[0] is None else torch.cat(logvars).float().cpu().numpy()

    def decode(self, z: np.ndarray, heads: Heads) -> np.ndarray:
        """Pictures of codes.

        Args:
            z: (N, latent).
            heads: N of them, or one that serves for all. Networks of whole pictures ignore them.

        Returns:
            float32 (N, size, size, 3) RGB, 0 to 1.
        """
        self.check(heads)
        if z.ndim != 2 or z.shape[1] != self.latent or len(heads["image"]) not in (1, len(z)):
            raise ValueError(
                f"codes {z.shape} and {len(heads['image'])} heads do not fit latent {self.latent}"
            )
        codes = torch.from_numpy(np.asarray(z, np.float32)).to(self.device)
        one = len(heads["image"]) == 1
        with torch.inference_mode():
            parts = []
            for s in self._slices(len(z)):
                some = rows(heads, np.zeros(len(codes[s]), int) if one else s)
                parts.append(self._decode(codes[s], some).float().cpu())
        return torch.cat(parts).permute(0, 2, 3, 1).contiguous().numpy()

    def reconstruct(self, heads: Heads) -> dict[str, np.ndarray]:
        """Heads from their own codes: name of the way -> float32 (N, size, size, 3), 0 to 1."""
        return {"from the code": self.decode(self.encode(heads)[0], heads)}

    def check(self, heads: Heads) -> None:
        """Raises MirrorError where a batch of heads is not what the network was made for."""
        if missing := [name for name in self.needs if name not in heads]:
            raise MirrorError(
                f"A network of the kind {self.spec.net} needs heads with {', '.join(missing)}; these shards "
                "hold pictures alone. Give shards that were prepared from photographs of faces."
            )
        side = heads["image"].shape[1]
        if side != self.size:
            raise MirrorError(f"The network works at {self.size} pixels, these heads have {side}.")

    def _slices(self, count: int) -> Iterator[slice]:
        # About a million pixels at a time: enough to keep the cores busy, little beside the weights.
        batch = max(1, 2**20 // self.size**2)
        return (slice(i, i + batch) for i in range(0, count, batch))

    def _tensors(self, heads: Heads) -> dict[str, Tensor]:
        out = {}
        for name in self.needs:
            array = torch.from_numpy(np.ascontiguousarray(heads[name])).to(self.device).float()
            if name == "image":
                array = array.permute(0, 3, 1, 2) / 255
            elif name != "shape":
                array = array[:, None] / 255
            out[name] = array
        return out

    @abstractmethod
    def _encode(self, heads: dict[str, Tensor]) -> tuple[Tensor, Tensor | None]: ...

    @abstractmethod
    def _decode(self, z: Tensor, heads: Heads) -> Tensor: ...


class PictureCodec(Codec):
    """A network that takes a whole picture to a code and back."""

    def __init__(self, spec: Spec, net: PictureNet) -> None:
        super().__init__(spec)
        self.net = net.to(self.device)

    def _encode(self, heads: dict[str, Tensor]) -> tuple[Tensor, Tensor | None]:
        return self.net.encode(heads["image"])

    def _decode(self, z: Tensor, heads: Heads) -> Tensor:
        return self.net.decode(z)


class HairCodec(Codec):
    """The hair VAE: z is the code. What it paints lies in the hole, the head's own pixels around it."""

    needs = ("image", "matte", "valid", "face", "shape")

    def __init__(self, spec: Spec, net: HairVAE) -> None:
        super().__init__(spec)
        self.net = net.to(self.device)

    def reconstruct(self, heads: Heads) -> dict[str, np.ndarray]:
        """As the held-out check of training does it: the hole is cut with the next head's hair too.

        With z alone the shape decoder says where hair is wanted; with the detail map the own matte does.
        """
        self.check(heads)
        others = rows(heads, np.roll(np.arange(len(heads["image"])), 1))["matte"]
        return {
            "z alone": self._over(heads, others, self._from_z),
            "z and own detail": self._over(heads, others, self._from_all),
        }

    def _over(
        self, heads: Heads, others: np.ndarray, way: Callable[[dict[str, Tensor], Tensor], Tensor]
    ) -> np.ndarray:
        parts = []
        with torch.inference_mode():
            for s in self._slices(len(others)):
                other = (
                    torch.from_numpy(np.ascontiguousarray(others[s])).to(self.device).float()[:, None] / 255
                )
                parts.append(way(self._tensors(rows(heads, s)), other).float().cpu())
        return torch.cat(parts).permute(0, 2, 3, 1).contiguous().numpy()

    def _from_z(self, heads: dict[str, Tensor], other: Tensor) -> Tensor:
        z, _ = self._encode(heads)
        wanted = torch.sigmoid(self.net.shape_decoder(z, heads["shape"]))
        return self._paint(heads, other, z, wanted, None)

    def _from_all(self, heads: dict[str, Tensor], other: Tensor) -> Tensor:
        alpha = heads["matte"]
        z, _, detail, _ = self.net.encoder(heads["image"] * alpha, alpha, heads["face"])
        wanted = F.adaptive_avg_pool2d(alpha, self.size // 4)
        return self._paint(heads, other, z, wanted, detail * wanted)

    def _encode(self, heads: dict[str, Tensor]) -> tuple[Tensor, Tensor | None]:
        alpha = heads["matte"]
        mean, logvar, _, _ = self.net.encoder(heads["image"] * alpha, alpha, heads["face"])
        return mean, logvar

    def _decode(self, z: Tensor, heads: Heads) -> Tensor:
        tensors = self._tensors(heads)
        wanted = torch.sigmoid(self.net.shape_decoder(z, tensors["shape"]))
        return self._paint(tensors, wanted, z, wanted, None)

    def _paint(
        self, heads: dict[str, Tensor], new: Tensor, z: Tensor, wanted: Tensor, detail: Tensor | None
    ) -> Tensor:
        """The hole is cut for the head's own alpha and `new`; `wanted` is what the painter is told."""
        own, other = (
            F.adaptive_avg_pool2d(a, HOLE_SIDE) if a.shape[-1] >= HOLE_SIDE else F.interpolate(a, HOLE_SIDE)
            for a in (heads["matte"], new)
        )
        cuts = [
            cut_hole(a, b, self.size)
            for a, b in zip(own[:, 0].cpu().numpy(), other[:, 0].cpu().numpy(), strict=True)
        ]
        hole = torch.from_numpy(np.stack(cuts))[:, None].to(self.device)
        if detail is None:
            detail = torch.zeros(len(z), DETAIL, self.size // 4, self.size // 4, device=self.device)
        image = heads["image"]
        maps = torch.cat([hole, heads["face"], heads["valid"]], 1)
        rgb, _ = self.net.painter(image * (1 - hole), maps, wanted, detail, z, heads["shape"])
        shown = hole * heads["valid"]
        return image * (1 - shown) + rgb.float() * shown


def open_codec(run: Path) -> Codec:
    """The codec of a trained network: its averaged weights, on the GPU where there is one.

    Args:
        run: the folder of a run, or a safetensors file written by one.

    Raises:
        MirrorError: it is missing, damaged, or holds a network without a code.
    """
    spec, net = open_run(run)
    if isinstance(net, HairVAE):
        return HairCodec(spec, net)
    if isinstance(net, PictureNet):
        return PictureCodec(spec, net)
    raise MirrorError(
        f"{run} holds a network of the kind {spec.net}, which has no code. Give a run of a hair_vae, an "
        "autoencoder, a vae, burgess or one of the seeds."
    )
