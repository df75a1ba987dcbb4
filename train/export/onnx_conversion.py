"""PyTorch to ONNX, one file a network that engines build from and training goes on from."""

from __future__ import annotations

import copy
import json
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import numpy as np
import onnx_ir as ir
import torch
from onnx_ir.passes.common import ClearMetadataAndDocStringPass
from onnxscript.optimizer import optimize_ir
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from mirror.core.errors import MirrorError
from mirror.engines.protocol import TOLERANCE
from train.export.exported_parts import PREFIX, Door
from train.nets.spec import Spec
from train.nets.stored_weights import SPEC, kept_in_half, needed

OPSET = 18
LARGEST = 2**31 - 2**20  # bytes; protobuf, which ONNX files are written in, ends at 2 GiB
# What is constant is computed beforehand up to so many numbers, so that maps of coordinates are not stored;
# engines compute them when they compile.
FOLDED = 2**10
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


def as_stored(net: nn.Module) -> nn.Module:
    """A copy of a network with its weights as its file has them: what is kept in float16, rounded to it."""
    net = copy.deepcopy(net)
    for tensor in net.state_dict().values():
        if kept_in_half(tensor):
            tensor.copy_(tensor.half())
    return net.eval()


@dataclass(frozen=True)
class OnnxFile:
    """What is written of one network: the file, and how many weights it holds."""

    data: bytes
    weights: int


def to_onnx(parts: Sequence[Door], net: nn.Module, spec: Spec) -> list[OnnxFile]:
    """The parts of a trained network as ONNX files: together they hold each of its weights once.

    Static shapes, float32 inputs, outputs and arithmetic, nothing of this machine. Weights keep the names
    they have in training; those of two and more dimensions are float16, cast where they are used. What no
    part uses, such as the variance of a code, lies in the last one beside the graph.

    Raises:
        MirrorError: a part is too large for one file.
    """
    models = [_traced(door) for door in parts]
    weights = {name: tensor.detach().cpu() for name, tensor in net.state_dict().items() if needed(name)}
    for model in models:
        _store(model.graph, weights)
    used = {name for model in models for name in model.graph.initializers}
    for name in sorted(weights.keys() - used):
        models[-1].graph.register_initializer(_stored(name, weights[name]))
    return [_written(door, model, spec) for door, model in zip(parts, models, strict=True)]


def _traced(door: Door) -> ir.Model:
    with _quiet():
        program = torch.onnx.export(
            door.net.eval(), door.examples(1), input_names=list(door.inputs), output_names=list(door.outputs),
            opset_version=OPSET, dynamo=True, verbose=False, optimize=False,
        )  # fmt: skip
    return program.model


def _store(graph: ir.Graph, weights: dict[str, Tensor]) -> None:
    """Puts the trained weights, as they are stored, in the place of those that were traced."""
    first = graph[0]
    for name, traced in list(graph.initializers.items()):
        tensor = weights.get(name.removeprefix(PREFIX))
        if tensor is None:
            continue
        del graph.initializers[name]
        stored = _stored(name.removeprefix(PREFIX), tensor)
        taken = stored
        if stored.dtype == ir.DataType.FLOAT16:
            cast = ir.node("Cast", [stored], {"to": ir.DataType.FLOAT.value})
            taken = cast.outputs[0]
            taken.name, taken.type, taken.shape = f"{stored.name}.float32", traced.type, traced.shape
            graph.insert_before(first, cast)
        ir.convenience.replace_all_uses_with(traced, taken)
        if stored.uses():
            graph.register_initializer(stored)


def _stored(name: str, tensor: Tensor) -> ir.Value:
    array = ir.tensor((tensor.half() if kept_in_half(tensor) else tensor).numpy(), name=name)
    shape = ir.Shape(tensor.shape)
    return ir.Value(name=name, type=ir.TensorType(array.dtype), shape=shape, const_value=array)


def _written(door: Door, model: ir.Model, spec: Spec) -> OnnxFile:
    weights = dict(model.graph.initializers)

    def fold(node: ir.Node) -> bool | None:
        # Weights stay as they are: folded into anything else, training could not go on from them.
        return False if any(value is not None and value.name in weights for value in node.inputs) else None

    with _quiet():
        optimize_ir(model, should_fold=fold, output_size_limit=FOLDED)
        ClearMetadataAndDocStringPass()(model)  # it holds lines of our code and folders of this machine
    for name, value in weights.items():  # it drops what the graph does not use
        model.graph.initializers.setdefault(name, value)
    model.metadata_props[SPEC] = json.dumps(asdict(spec))
    size = sum(value.const_value.nbytes for value in model.graph.initializers.values() if value.const_value)
    if size > LARGEST:
        raise MirrorError(
            f"{door.name} has {size / 1e9:.1f} GB of weights, more than the {LARGEST / 1e9:.1f} GB that fit "
            "into an ONNX file; nothing was changed. Train it with a smaller --size or --latent."
        )
    data = ir.serde.serialize_model(model).SerializeToString()
    return OnnxFile(data, sum(v.const_value.size for v in weights.values() if v.const_value))


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
