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


def small_network(*, half: bool = False, seed: int = 0) -> bytes:
    """A convolutional network with two inputs and two outputs; `half` is strongly typed float16 inside."""
    random = np.random.default_rng(seed)
    inside = TensorProto.FLOAT16 if half else TensorProto.FLOAT
    dtype = np.float16 if half else np.float32

    def weight(name: str, *shape: int) -> onnx.TensorProto:
        return numpy_helper.from_array((random.normal(size=shape) * 0.3).astype(dtype), name)

    weights = [
        weight("w1", 8, 3, 3, 3),
        weight("w2", 8, 8, 3, 3),
        weight("w3", 1, 8, 3, 3),
        weight("m", 8, 8),
    ]
    nodes = [
        helper.make_node("Cast", ["image"], ["a"], to=inside),
        helper.make_node("Cast", ["z"], ["b"], to=inside),
        helper.make_node("Conv", ["a", "w1"], ["c"], pads=[1] * 4),
        helper.make_node("Relu", ["c"], ["d"]),
        helper.make_node("Conv", ["d", "w2"], ["e"], pads=[1] * 4),
        helper.make_node("MatMul", ["b", "m"], ["f"]),
        helper.make_node("Tanh", ["f"], ["g"]),
        helper.make_node("Reshape", ["g", "as_map"], ["h"]),
        helper.make_node("Add", ["e", "h"], ["i"]),
        helper.make_node("Relu", ["i"], ["j"]),
        helper.make_node("Conv", ["j", "w3"], ["k"], pads=[1] * 4),
        helper.make_node("Sigmoid", ["k"], ["l"]),
        helper.make_node("Cast", ["l"], ["alpha"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["g"], ["code"], to=TensorProto.FLOAT),
    ]
    weights.append(numpy_helper.from_array(np.array([1, 8, 1, 1], np.int64), "as_map"))
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
    """Writes the network "small" (float32 and float16) and returns its manifest, not yet written."""
    files = {"small.onnx": small_network(), "small.fp16.onnx": small_network(half=True)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    digest = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    entry = {
        "file": "small.onnx",
        "sha256": digest["small.onnx"],
        "precision": "float32",
        "inputs": {n: {"shape": list(s), "dtype": "float32"} for n, s in INPUTS.items()},
        "outputs": {n: {"shape": list(s), "dtype": "float32"} for n, s in OUTPUTS.items()},
        "float16": {"file": "small.fp16.onnx", "sha256": digest["small.fp16.onnx"]},
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
