"""What ships of each kind of network: which parts of it, what each takes and gives.

Each part holds the whole trained network as `net`, so that its weights have the names of training, after
"net.": training goes on from the very files that are made of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from mirror.core.errors import MirrorError
from mirror.core.head_crop import SIDE
from mirror.core.head_space import FACE_SHAPE_SIZE
from mirror.hair.styles.code import LATENT
from train.nets.autoencoders import PictureNet
from train.nets.hair_vae import DETAIL, LAYERS, PAINTED, HairVAE
from train.nets.harmonizer import Harmonizer
from train.nets.matte import MatteNet
from train.nets.spec import Spec
from train.nets.underlay import UnderlayNet

PREFIX = "net."
# Inputs that are codes and not pictures or maps: their examples are normal, not between 0 and 1.
CODES = ("z", "shape", "detail")


class MatteOut(nn.Module):
    """The matte network as it ships: head crop and the hair of the picture before in, alphas out.

    Of the hair, of the person, and of what lies before both, held or worn: the mirror paints under either.
    """

    def __init__(self, net: MatteNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor, previous: Tensor) -> Tensor:
        # The sigmoid before the shuffle: an engine fuses it into the convolution.
        logits = self.net.logits(image, previous)
        before = torch.maximum(logits[:, 8:12], logits[:, 12:])
        return self.net.join(torch.sigmoid(torch.cat([logits[:, :8], before], 1)))


class PainterOut(nn.Module):
    """The painter as it ships: it cuts the hole itself, and leaves the room to the mirror.

    One output, (N, 8, S, S): RGB of the hair, RGB of the body, and the alphas of both. What a room looks like
    behind a head, the painter can but guess; the mirror has seen it.
    """

    def __init__(self, net: HairVAE) -> None:
        super().__init__()
        self.net = net
        # The pixel shuffle takes four rows for a plane.
        room = range(4 * 3 * LAYERS.index("room"), 4 * 3 * (LAYERS.index("room") + 1))
        self.register_buffer("rows", torch.tensor([r for r in range(4 * PAINTED) if r not in room]))

    def forward(
        self, image: Tensor, maps: Tensor, coarse: Tensor, detail: Tensor, z: Tensor, shape: Tensor
    ) -> Tensor:
        painter = self.net.painter
        x = painter.features(image * (1 - maps[:, :1]), maps, coarse, detail, z, shape)
        # Chosen among the weights, which an engine does once, and not among what they paint.
        weight, bias = (p.index_select(0, self.rows) for p in (painter.head.weight, painter.head.bias))
        return painter.join(torch.sigmoid(nn.functional.conv2d(x, weight, bias, padding=1)))


class UnderlayOut(nn.Module):
    """The underlay network as it ships: it cuts the hole itself; colours and alpha end at 0 and 1.

    One output, (N, 7, S, S): RGB of the person, RGB of the wall, alpha of the person.
    """

    def __init__(self, net: UnderlayNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor, maps: Tensor) -> Tensor:
        kept = 1 - maps[:, 0:1]
        out = self.net(image * kept, torch.cat([maps[:, :3], maps[:, 3:] * kept], 1))
        return torch.cat([out[:, :6].clamp(0, 1), torch.sigmoid(out[:, 6:])], 1)


class HarmonizerOut(nn.Module):
    """The harmonizer as it ships: what it says, (N, 9, S, S); the mirror evens it out and makes it tones."""

    def __init__(self, net: Harmonizer) -> None:
        super().__init__()
        self.net = net

    def forward(self, beneath: Tensor, hair: Tensor, maps: Tensor) -> Tensor:
        return self.net(beneath, hair, maps)


class EncoderOut(nn.Module):
    """The style encoder as it ships: means only."""

    def __init__(self, net: HairVAE) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor, alpha: Tensor, face: Tensor) -> tuple[Tensor, Tensor]:
        z, _, detail, _ = self.net.encoder(image * alpha, alpha, face)
        return z, detail


class ShapeOut(nn.Module):
    """The shape decoder as it ships: alpha, not logits."""

    def __init__(self, net: HairVAE) -> None:
        super().__init__()
        self.net = net

    def forward(self, z: Tensor, shape: Tensor) -> Tensor:
        return torch.sigmoid(self.net.shape_decoder(z, shape))


class PictureEncoderOut(nn.Module):
    """The encoder of a whole picture as it ships: the mean of the code."""

    def __init__(self, net: PictureNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor) -> Tensor:
        return self.net.encode(image)[0]


class PictureDecoderOut(nn.Module):
    """The decoder of a whole picture as it ships: RGB, 0 to 1."""

    def __init__(self, net: PictureNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, z: Tensor) -> Tensor:
        return self.net.decode(z)


@dataclass(frozen=True)
class Door:
    """One network as the manifest knows it.

    Attributes:
        name: in the manifest: "matte", "vae.decoder".
        net: what is exported, in evaluation mode; it takes `inputs` in order and gives `outputs`.
        inputs: static shapes by name; all float32.
        outputs: names in order.
        coder: makes the example of `z` from a picture; None where codes are normal by their prior.
    """

    name: str
    net: nn.Module
    inputs: dict[str, tuple[int, ...]]
    outputs: tuple[str, ...]
    coder: nn.Module | None = None

    def examples(self, seed: int) -> tuple[Tensor, ...]:
        """One example of every input: pictures and maps of broad patches and noise, 0 to 1; codes normal."""
        draw = torch.Generator().manual_seed(seed)
        values = []
        for name, shape in self.inputs.items():
            if name not in CODES:
                values.append(_patches(shape, draw))
            elif self.coder is None:
                values.append(torch.randn(shape, generator=draw))
            else:
                with torch.inference_mode():
                    values.append(
                        self.coder(_patches((1, 3, self.coder.net.size, self.coder.net.size), draw))
                    )
        # Cloned: a tensor made in inference mode cannot be traced.
        return tuple(v.clone() for v in values)


def _patches(shape: tuple[int, ...], draw: torch.Generator) -> Tensor:
    broad = torch.rand((*shape[:2], shape[2] // 8, shape[3] // 8), generator=draw)
    return 0.8 * broad.repeat_interleave(8, 2).repeat_interleave(8, 3) + 0.2 * torch.rand(
        shape, generator=draw
    )


def doors(spec: Spec, net: nn.Module, name: str | None = None) -> list[Door]:
    """The networks that ship of a trained one.

    Args:
        name: a name of its own, put before each part: "long" gives long.painter, long.encoder, long.shape.
            None: the names under which the live mirror looks for a matte network or a hair VAE; the kind
            of the network for one of whole pictures (vae.encoder, vae.decoder).

    Raises:
        MirrorError: without a name of its own, a matte network or a hair VAE that the live mirror cannot run.
    """
    size, latent = spec.size, spec.latent
    if isinstance(net, PictureNet):
        prefix, encoder = f"{name or spec.net}.", PictureEncoderOut(net)
        return [
            Door(f"{prefix}encoder", encoder, {"image": (1, 3, size, size)}, ("z",)),
            Door(f"{prefix}decoder", PictureDecoderOut(net), {"z": (1, latent)}, ("image",), coder=encoder),
        ]
    if name is None:
        refuse_what_the_mirror_cannot_run(spec)
    prefix = f"{name}." if name else ""
    plane = (1, 1, size, size)
    if isinstance(net, MatteNet):
        inputs: dict[str, tuple[int, ...]] = {"image": (1, 3, size, size), "previous": plane}
        return [Door(f"{prefix}matte", MatteOut(net), inputs, ("mattes",))]
    if isinstance(net, UnderlayNet):
        inputs = {"image": (1, 3, size, size), "maps": (1, 4, size, size)}
        return [Door(f"{prefix}underlay", UnderlayOut(net), inputs, ("layers",))]
    if isinstance(net, Harmonizer):
        inputs = {"beneath": (1, 3, size, size), "hair": (1, 4, size, size), "maps": (1, 3, size, size)}
        return [Door(f"{prefix}harmonizer", HarmonizerOut(net), inputs, ("said",))]
    assert isinstance(net, HairVAE)
    codes: dict[str, tuple[int, ...]] = {"z": (1, latent), "shape": (1, FACE_SHAPE_SIZE)}
    return [
        Door(
            f"{prefix}painter",
            PainterOut(net),
            {
                "image": (1, 3, size, size),
                "maps": (1, 3, size, size),
                "coarse": (1, 1, size // 4, size // 4),
                "detail": (1, DETAIL, size // 4, size // 4),
                **codes,
            },
            ("layer",),
        ),
        Door(
            f"{prefix}encoder",
            EncoderOut(net),
            {"image": (1, 3, size, size), "alpha": plane, "face": plane},
            ("z", "detail"),
        ),
        Door(f"{prefix}shape", ShapeOut(net), codes, ("coarse",)),
    ]


def refuse_what_the_mirror_cannot_run(spec: Spec) -> None:
    """Raises MirrorError for a matte network or hair VAE of another size or latent than the live mirror's."""
    if spec.size == SIDE and spec.latent in (0, LATENT):
        return
    mine = f"{spec.size} pixels" + (f" and latent {spec.latent}" if spec.latent else "")
    wanted = f"{SIDE} pixels" + (f" and latent {LATENT}" if spec.latent else "")
    raise MirrorError(
        f"this {spec.net} was trained for {mine}; the live mirror runs {wanted} and would not start with it. "
        f"Give it a name of its own with --name, or train with --size {SIDE}"
        + (f" --latent {LATENT}." if spec.latent else ".")
    )
