"""Writes trained networks as ONNX, checks them against PyTorch, and signs them in the manifest.

    python -m train export --matte runs/matte --hair-vae runs/hair_vae

Each network is written in float32; those that run every frame also strongly typed in float16 (float32
at the doors) for TensorRT. Nothing in `engines/` changes until every file has passed its check.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mirror.errors import MirrorError
from mirror.headspace import FACE_SHAPE_SIZE, VERSION
from train.nets.hair_vae import DETAIL, DETAIL_SIDE, LATENT, SHAPE_SIDE, HairVAE
from train.nets.matte import MatteNet

SIDE = 256
TOLERANCE = {"float32": 2e-3, "float16": 6e-2}


class MatteOut(nn.Module):
    """The matte network as it ships: a head crop in, alpha (not logits) out."""

    def __init__(self, net: MatteNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor) -> Tensor:
        return self.net.join(torch.sigmoid(self.net.logits(image)))


class PainterOut(nn.Module):
    """The painter as it ships: it cuts the hole itself; one output, RGB and alpha (N, 4, S, S)."""

    def __init__(self, net: HairVAE) -> None:
        super().__init__()
        self.net = net.painter

    def forward(
        self, image: Tensor, maps: Tensor, coarse: Tensor, detail: Tensor, z: Tensor, shape: Tensor
    ) -> Tensor:
        hole, face, valid = maps[:, 0:1], maps[:, 1:2], maps[:, 2:3]
        out = self.net.logits(image * (1 - hole), hole, face, valid, coarse, detail, z, shape)
        # The sigmoid before the shuffle: an engine fuses it into the convolution.
        return self.net.join(torch.sigmoid(out))


class EncoderOut(nn.Module):
    """The style encoder as it ships: means only."""

    def __init__(self, net: HairVAE) -> None:
        super().__init__()
        self.net = net.encoder

    def forward(self, image: Tensor, alpha: Tensor, face: Tensor) -> tuple[Tensor, Tensor]:
        z, _, detail, _ = self.net(image * alpha, alpha, face)
        return z, detail


class ShapeOut(nn.Module):
    """The shape decoder as it ships: alpha, not logits."""

    def __init__(self, net: HairVAE) -> None:
        super().__init__()
        self.net = net.shape_decoder

    def forward(self, z: Tensor, shape: Tensor) -> Tensor:
        return torch.sigmoid(self.net(z, shape))


class Half(nn.Module):
    """A copy of a network in float16 whose inputs and outputs stay float32."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = copy.deepcopy(net).half()

    def forward(self, *inputs: Tensor) -> Tensor | tuple[Tensor, ...]:
        out = self.net(*[x.half() for x in inputs])
        return out.float() if isinstance(out, Tensor) else tuple(o.float() for o in out)


@dataclass(frozen=True)
class Door:
    """What one network takes and gives: names in order, input shapes; whether it runs every frame."""

    name: str
    inputs: dict[str, tuple[int, ...]]
    outputs: tuple[str, ...]
    every_frame: bool = False


DOORS = (
    Door("matte", {"image": (1, 3, SIDE, SIDE)}, ("alpha",), every_frame=True),
    Door(
        "painter",
        {
            "image": (1, 3, SIDE, SIDE),
            "maps": (1, 3, SIDE, SIDE),
            "coarse": (1, 1, SHAPE_SIDE, SHAPE_SIDE),
            "detail": (1, DETAIL, DETAIL_SIDE, DETAIL_SIDE),
            "z": (1, LATENT),
            "shape": (1, FACE_SHAPE_SIZE),
        },
        ("layer",),
        every_frame=True,
    ),
    Door(
        "encoder",
        {"image": (1, 3, SIDE, SIDE), "alpha": (1, 1, SIDE, SIDE), "face": (1, 1, SIDE, SIDE)},
        ("z", "detail"),
    ),
    Door("shape", {"z": (1, LATENT), "shape": (1, FACE_SHAPE_SIZE)}, ("coarse",)),
)


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_onnx(net: nn.Module, door: Door, path: Path, kind: str) -> tuple[float, dict]:
    """Exports one network and runs it beside PyTorch.

    Returns:
        The largest difference to the float32 network, and the manifest's entry.

    Raises:
        MirrorError: the difference exceeds the tolerance.
    """
    import onnxruntime

    torch.manual_seed(1)
    example = tuple(
        torch.randn(s) * 0.5 if len(s) == 2 or n == "detail" else torch.rand(s)
        for n, s in door.inputs.items()
    )
    with torch.inference_mode():
        expected = net.eval().float()(*example)
    expected = (expected,) if isinstance(expected, Tensor) else expected
    module = Half(net).eval() if kind == "float16" else net
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, example, str(path), input_names=list(door.inputs), output_names=list(door.outputs),
            opset_version=18, dynamo=False,
        )  # fmt: skip
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    got = session.run(None, {n: x.numpy() for n, x in zip(door.inputs, example, strict=True)})
    worst = max(float(np.abs(e.numpy() - g).max()) for e, g in zip(expected, got, strict=True))
    scale = max(1.0, max(float(e.abs().max()) for e in expected))
    allowed = TOLERANCE[kind] * scale
    if not worst <= allowed:  # so that what is not a number is refused too
        raise MirrorError(
            f"{path.name} differs from PyTorch by {worst:.4g}, more than {allowed:.4g}; nothing was changed. "
            "Check the weights it was made from."
        )
    entry = {
        "file": path.name,
        "sha256": sha256(path),
        "precision": kind,
        "inputs": {n: {"shape": list(s), "dtype": "float32"} for n, s in door.inputs.items()},
        "outputs": {
            n: {"shape": list(e.shape), "dtype": "float32"}
            for n, e in zip(door.outputs, expected, strict=True)
        },
    }
    return worst, entry


def export(matte: MatteNet | None, vae: HairVAE | None, engines: Path) -> list[str]:
    """Exports what is given; networks not given keep their manifest entries. Returns report lines."""
    nets: dict[str, nn.Module] = {}
    if matte is not None:
        nets["matte"] = MatteOut(matte)
    if vae is not None:
        nets |= {"painter": PainterOut(vae), "encoder": EncoderOut(vae), "shape": ShapeOut(vae)}
    engines.mkdir(parents=True, exist_ok=True)
    manifest_path = engines / "manifest.json"
    manifest = (
        json.loads(manifest_path.read_text()) if manifest_path.exists() else {"networks": {}, "files": {}}
    )
    manifest |= {"format": 1, "headspace": VERSION}
    lines = []
    with tempfile.TemporaryDirectory(dir=engines) as folder:
        for door in DOORS:
            if door.name not in nets:
                continue
            worst, entry = write_onnx(nets[door.name], door, Path(folder) / f"{door.name}.onnx", "float32")
            lines.append(f"{door.name}: float32 within {worst:.2g} of PyTorch")
            if door.every_frame:
                path = Path(folder) / f"{door.name}.fp16.onnx"
                worst, half = write_onnx(nets[door.name], door, path, "float16")
                entry["float16"] = {k: half[k] for k in ("file", "sha256")}
                lines[-1] += f", float16 within {worst:.2g}"
            manifest["networks"][door.name] = entry
        if "encoder" in nets and "stylebook" in manifest["files"]:
            lines.append(
                "the style book is still of the networks before: make it anew with python -m train styles"
            )
        for file in Path(folder).iterdir():
            os.replace(file, engines / file.name)
    write_manifest(manifest, manifest_path)
    return lines


def write_manifest(manifest: dict, path: Path) -> None:
    """Writes the manifest whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(manifest, indent=2) + "\n")
    os.replace(part, path)
