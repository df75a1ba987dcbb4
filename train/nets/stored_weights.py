"""The networks that ship, as training sees them: what is kept of each weight, and how to go on from them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mirror.core.errors import MirrorError
from mirror.engines.manifest import NAME, Network, read_manifest

# PyTorch and onnx are imported where they are needed: the command line reads this file before it knows
# whether they are there.
if TYPE_CHECKING:
    from torch import Tensor

SPEC = "spec"  # where an ONNX file says in its metadata what network it is of


def kept_in_half(tensor: Tensor) -> bool:
    """Whether a weight is stored in float16: all but biases and norms: few, and each moves a whole plane."""
    return tensor.is_floating_point() and tensor.ndim > 1


def needed(name: str) -> bool:
    """Whether an entry of a state is stored: norms of a fixed momentum never use their count of batches."""
    return not name.endswith("num_batches_tracked")


def is_shipped(path: Path) -> bool:
    """Whether a path is an ONNX file, or a folder of networks with their manifest."""
    return path.suffix == ".onnx" or (path / NAME).is_file()


@dataclass(frozen=True)
class _Part:
    """One network of the manifest: a part of what was trained as one."""

    network: Network
    said: str
    model: Any

    @property
    def whole(self) -> tuple[str, str]:
        """What parts of one trained network have in common: the name before the dot, and the spec."""
        return self.network.name.rpartition(".")[0], self.said


def read_shipped(path: Path, kind: str | None = None) -> tuple[str, dict[str, Tensor]]:
    """The weights of one trained network, from all the files that ship of it.

    Args:
        path: a folder of networks, or any one of the network's files in it.
        kind: of the network, which a folder of several needs: "matte".

    Returns:
        What it says of itself (its spec, JSON), and its weights by their names in training, float32.

    Raises:
        MirrorError: there is no usable manifest, or no such network in it; a file is missing or damaged.
    """
    folder = path if path.is_dir() else path.parent
    parts = [_opened(network) for network in read_manifest(folder).networks.values()]
    if path.is_dir():
        # The names that the live mirror looks for, not those that somebody gave with --name.
        wanted = [p for p in parts if kind in _kinds(p) and p.whole[0] in ("", kind)]
    else:
        wanted = [p for p in parts if p.network.file.path.name == path.name]
    if not wanted or not wanted[0].said:
        what = path.name if not path.is_dir() else f"weights of {kind}" if kind else "one network alone"
        files = ", ".join(p.network.file.path.name for p in parts if p.said)
        raise MirrorError(f"{folder} does not hold {what}, to train on or to look at. Give one of {files}.")
    weights: dict[str, Tensor] = {}
    for part in parts:
        if part.whole == wanted[0].whole:
            weights |= _weights(part.model)
    return wanted[0].said, weights


def _opened(network: Network) -> _Part:
    from google.protobuf.message import DecodeError
    from onnx import load_from_string

    try:
        model = load_from_string(network.file.read())
    except DecodeError:
        raise MirrorError(f"{network.file.path} cannot be read as ONNX. Is it one that we export?") from None
    return _Part(network, next((p.value for p in model.metadata_props if p.key == SPEC), ""), model)


def _kinds(part: _Part) -> tuple[str, ...]:
    try:
        return (json.loads(part.said)["net"],)
    except (ValueError, TypeError, KeyError):
        return ()


def _weights(model: Any) -> dict[str, Tensor]:
    """All initializers: those of other names than a weight's are constants, and are asked for by nobody."""
    import torch
    from onnx import numpy_helper

    tensors = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in model.graph.initializer}
    return {name: t.float() if t.is_floating_point() else t for name, t in tensors.items()}
