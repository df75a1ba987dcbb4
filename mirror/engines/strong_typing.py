"""A network with its precision written into the graph, which is how TensorRT is told of it.

The files of `engines/` hold weights in float16, each cast to float32 where it is used, and float32
arithmetic. A processor's engine folds the casts when it compiles; for TensorRT they are folded here, and
with them what training needs and an engine does not: batch norms go into the convolutions before them.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mirror.core.errors import MirrorError

if TYPE_CHECKING:
    from onnx import ModelProto


def strongly_typed(onnx: bytes, name: str, *, half: bool) -> bytes:
    """The same network, folded, in one precision between float32 inputs and outputs.

    Args:
        onnx: the network, as it lies in `engines/`.
        name: of the network, for messages.
        half: float16, weights and arithmetic; otherwise float32.

    Raises:
        MirrorError: onnx or ONNX Runtime is not installed, or the latter refuses the network.
    """
    model = _folded(onnx, name)
    if half:
        _halve(model)
    data: bytes = model.SerializeToString()
    return data


def _folded(onnx: bytes, name: str) -> ModelProto:
    """ONNX Runtime's basic optimizations (what is constant is computed, norms are folded): standard ONNX."""
    try:
        import onnxruntime as ort
        from onnx import load
    except ImportError as error:
        raise MirrorError(
            f"TensorRT needs onnx and onnxruntime to prepare a network, and one cannot be imported ({error}). "
            "Install them with: pip install -r requirements-gpu.txt"
        ) from None
    ort.disable_telemetry_events()
    options = ort.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    with tempfile.TemporaryDirectory(prefix="hair-mirror-") as folder:
        path = Path(folder) / "folded.onnx"
        options.optimized_model_filepath = str(path)
        try:
            ort.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its exceptions share no base class but Exception
            why = " ".join(str(error).split())[:300]
            raise MirrorError(f"ONNX Runtime cannot read the network {name}: {why}") from error
        return load(path)


def _halve(model: ModelProto) -> None:
    """Float16 between casts at the doors.

    onnxruntime.transformers.float16 does this too, but writes a cast twice where two resizes share
    their scales, and TensorRT refuses that graph.
    """
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph
    # ONNX wants the scales of a resize in float32 whatever it resizes.
    scales = {node.input[2] for node in graph.node if node.op_type == "Resize" and len(node.input) > 2}
    for weight in graph.initializer:
        if weight.data_type == TensorProto.FLOAT and weight.name not in scales:
            array = numpy_helper.to_array(weight).astype(np.float16)
            weight.CopyFrom(numpy_helper.from_array(array, weight.name))
    del graph.value_info[:]  # the types between, which are no longer these
    inside = {port.name: f"{port.name}.float16" for port in [*graph.input, *graph.output]}
    for node in graph.node:
        node.input[:] = [inside.get(value, value) for value in node.input]
        node.output[:] = [inside.get(value, value) for value in node.output]
    nodes = list(graph.node)
    into = [helper.make_node("Cast", [p.name], [inside[p.name]], to=TensorProto.FLOAT16) for p in graph.input]
    back = [helper.make_node("Cast", [inside[p.name]], [p.name], to=TensorProto.FLOAT) for p in graph.output]
    del graph.node[:]
    graph.node.extend([*into, *nodes, *back])
