"""PyTorch to ONNX, and how far the answers of the two are apart."""

from __future__ import annotations

import copy
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from onnx_ir.passes.common import ClearMetadataAndDocStringPass
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from mirror.core.errors import MirrorError
from mirror.engines.protocol import TOLERANCE
from train.export.exported_parts import Door

OPSET = 18
LARGEST = 2**31 - 2**20  # bytes; protobuf, which ONNX files are written in, ends at 2 GiB
# The largest difference of any value and the mean one, both of max(1, largest magnitude of an output).
ALLOWED = {"float32": TOLERANCE["f32"], "float16": TOLERANCE["f16"]}


class Half(nn.Module):
    """A copy of a network in float16 whose inputs and outputs stay float32."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = copy.deepcopy(net).half()

    def forward(self, *inputs: Tensor) -> Tensor | tuple[Tensor, ...]:
        out = self.net(*[x.half() for x in inputs])
        return out.float() if isinstance(out, Tensor) else tuple(o.float() for o in out)


def write_onnx(door: Door, path: Path, precision: str) -> int:
    """Writes a network as one ONNX file: static shapes, float32 inputs and outputs, nothing of this machine.

    Args:
        precision: "float32", or "float16": then weights and arithmetic are float16, strongly typed.

    Returns:
        How many weights it holds.

    Raises:
        MirrorError: it is too large for one file.
    """
    net = (Half(door.net) if precision == "float16" else door.net).eval()
    with _quiet():
        program = torch.onnx.export(
            net, door.examples(1), input_names=list(door.inputs), output_names=list(door.outputs),
            opset_version=OPSET, dynamo=True, verbose=False,
        )  # fmt: skip
        ClearMetadataAndDocStringPass()(
            program.model
        )  # it holds lines of our code and folders of this machine
    stored = {name: value.const_value for name, value in program.model.graph.initializers.items()}
    size = sum(array.nbytes for array in stored.values())
    if size > LARGEST:
        raise MirrorError(
            f"{door.name} has {size / 1e9:.1f} GB of weights, more than the {LARGEST / 1e9:.1f} GB that fit "
            "into an ONNX file; nothing was changed. Train it with a smaller --size or --latent."
        )
    path.write_bytes(program.model_proto.SerializeToString())
    # Beside weights there are constants, such as the map of coordinates.
    return sum(array.size for name, array in stored.items() if name.endswith(("weight", "bias")))


@torch.inference_mode()
def answer(net: nn.Module, given: Sequence[Tensor]) -> list[np.ndarray]:
    """What PyTorch says, as a list of float32 arrays."""
    out = net(*given)
    return [o.numpy() for o in ((out,) if isinstance(out, Tensor) else out)]


def operations(door: Door) -> float:
    """Billions of operations a run; a multiplication and the addition of its result are two."""
    with torch.inference_mode(), FlopCounterMode(display=False) as flops:
        door.net(*door.examples(1))
    return flops.get_total_flops() / 1e9


def difference(
    name: str, precision: str, expected: Sequence[np.ndarray], found: Sequence[np.ndarray]
) -> float:
    """The largest difference to PyTorch in float32, of max(1, largest magnitude), over all outputs.

    Args:
        name: of the network and who ran it, for the message.

    Raises:
        MirrorError: it, or the mean difference, is more than ALLOWED, or not a number.
    """
    worst = 0.0
    most, most_mean = ALLOWED[precision]
    for mine, theirs in zip(expected, found, strict=True):
        apart = np.abs(mine - theirs) / max(1.0, float(np.abs(mine).max()))
        if not (apart.max() <= most and apart.mean() <= most_mean):  # so that what is not a number fails too
            raise MirrorError(
                f"{name} in {precision} differs from PyTorch by {apart.max():.2g}, {apart.mean():.2g} on "
                f"average, more than {most:g} or {most_mean:g}; nothing was changed. Check the weights it is "
                "made from."
            )
        worst = max(worst, float(apart.max()))
    return worst


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter warns of packages that nobody needs here, and of its own libraries."""
    logger = logging.getLogger("torch.onnx")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)
