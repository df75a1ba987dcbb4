"""Small networks for the tests of the engines: made on the spot, in the layout of `engines/`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from mirror.core import head_space
from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.engines.cuda import Cuda
from mirror.engines.manifest import FORMAT
from mirror.engines.tensorrt import installed

SIDE = 24
INPUTS = {"image": (1, 3, SIDE, SIDE), "z": (1, 8)}
OUTPUTS = {"alpha": (1, 1, SIDE, SIDE), "code": (1, 8)}


def weights_of(network: str) -> str:
    """Name of the file of a shipped network, as the manifest has it: it changes with each export."""
    manifest = json.loads((ENGINES_FOLDER / "manifest.json").read_text())
    return manifest["networks"][network]["file"]


def small_network(seed: int = 0) -> bytes:
    """A convolutional network with two inputs and two outputs, stored as those that ship.

    Weights in float16, each cast to float32; a batch norm, which engines fold; a resize, whose scales are
    float32 in any precision; rows of a weight chosen in the graph; and a weight that only training uses.
    """
    random = np.random.default_rng(seed)

    def weight(name: str, *shape: int) -> onnx.TensorProto:
        dtype = np.float16 if len(shape) > 1 else np.float32
        return numpy_helper.from_array((random.normal(size=shape) * 0.3).astype(dtype), name)

    weights = [
        weight("w1", 8, 3, 3, 3),
        weight("w2", 8, 8, 3, 3),
        weight("w3", 1, 8, 3, 3),
        weight("m", 12, 8),
        weight("shift", 8),
        weight("mean", 8),
        numpy_helper.from_array(random.uniform(0.5, 2, 8).astype(np.float32), "scale"),
        numpy_helper.from_array(random.uniform(0.5, 2, 8).astype(np.float32), "var"),
        weight("of_training_alone", 4, 4),
    ]
    nodes = [
        *[
            helper.make_node("Cast", [w], [f"{w}.float32"], to=TensorProto.FLOAT)
            for w in ("w1", "w2", "w3", "m")
        ],
        helper.make_node("Conv", ["image", "w1.float32"], ["c"], pads=[1] * 4, strides=[2, 2]),
        helper.make_node("BatchNormalization", ["c", "scale", "shift", "mean", "var"], ["n"]),
        helper.make_node("Relu", ["n"], ["d"]),
        helper.make_node("Resize", ["d", "", "twice"], ["r"], mode="nearest"),
        helper.make_node("Conv", ["r", "w2.float32"], ["e"], pads=[1] * 4),
        helper.make_node("Gather", ["m.float32", "rows"], ["kept"], axis=0),
        helper.make_node("MatMul", ["z", "kept"], ["f"]),
        helper.make_node("Tanh", ["f"], ["code"]),
        helper.make_node("Reshape", ["code", "as_map"], ["h"]),
        helper.make_node("Add", ["e", "h"], ["i"]),
        helper.make_node("Relu", ["i"], ["j"]),
        helper.make_node("Conv", ["j", "w3.float32"], ["k"], pads=[1] * 4),
        helper.make_node("Sigmoid", ["k"], ["alpha"]),
    ]
    weights.append(numpy_helper.from_array(np.array([1, 8, 1, 1], np.int64), "as_map"))
    weights.append(numpy_helper.from_array(np.array([0, 1, 2, 3, 8, 9, 10, 11], np.int64), "rows"))
    weights.append(numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), "twice"))
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in INPUTS.items()],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in OUTPUTS.items()],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def small_manifest(folder: Path) -> dict[str, Any]:
    """Writes the network "small" and returns its manifest, not yet written."""
    data = small_network()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "small.onnx").write_bytes(data)
    entry = {
        "file": "small.onnx",
        "sha256": hashlib.sha256(data).hexdigest(),
        "inputs": {n: {"shape": list(s), "dtype": "float32"} for n, s in INPUTS.items()},
        "outputs": {n: {"shape": list(s), "dtype": "float32"} for n, s in OUTPUTS.items()},
    }
    return {"format": FORMAT, "headspace": head_space.VERSION, "networks": {"small": entry}, "files": {}}


def small_folder(folder: Path) -> Path:
    """A whole folder of networks with its manifest."""
    manifest = small_manifest(folder)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def why_no_tensorrt() -> str:
    """Why no TensorRT engine can run on this machine; empty where one can and so must."""
    try:
        installed()
        Cuda().gpu()
    except MirrorError as error:
        return str(error)
    return ""


def some_inputs(ports: Any, seed: int = 0) -> dict[str, np.ndarray]:
    """Arrays for every port: pictures and maps between 0 and 1 with broad shapes and noise, codes normal."""
    random = np.random.default_rng(seed)
    arrays = {}
    for name, port in ports.items():
        if len(port.shape) == 4 and port.shape[-1] > 4 and name != "detail":
            grid = random.random((*port.shape[:2], port.shape[2] // 8 + 1, port.shape[3] // 8 + 1))
            broad = grid.repeat(8, 2).repeat(8, 3)[:, :, : port.shape[2], : port.shape[3]]
            value = 0.8 * broad + 0.2 * random.random(port.shape)
        else:
            value = random.normal(size=port.shape)
        arrays[name] = value.astype(port.dtype)
    return arrays
