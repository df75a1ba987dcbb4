"""Proof that a network loads and answers right, in every runtime of the mirror that is installed here."""

from __future__ import annotations

import hashlib
import importlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from torch import Tensor

from mirror.core.errors import MirrorError
from mirror.engines.choose import prove
from mirror.engines.cuda import Cuda
from mirror.engines.manifest import Network, WeightFile
from mirror.engines.onnxruntime import OnnxRuntimeEngine
from mirror.engines.openvino import OpenVinoEngine
from mirror.engines.protocol import Engine, EngineMissingError
from mirror.engines.strong_typing import strongly_typed
from mirror.engines.tensorrt import TensorRtEngine, build, import_tensorrt, installed
from train.export.exported_parts import Door
from train.export.onnx_conversion import Half, answer, difference


@dataclass(frozen=True)
class Trial:
    """What came of one runtime.

    Attributes:
        runtime: for people, with its version: "OpenVINO 2026.4.1".
        seconds: to load or compile the file; None where it was not tried.
        differences: to PyTorch in float32, by the precision that it was computed in.
        remark: why it was not tried, or not in full; empty where it was.
    """

    runtime: str
    seconds: float | None = None
    differences: Mapping[str, float] = field(default_factory=dict)
    remark: str = ""

    def __str__(self) -> str:
        if self.seconds is None:
            return f"{self.runtime} {self.remark}"
        return f"{self.runtime} in {self.seconds:.1f} s" + (f" ({self.remark})" if self.remark else "")

    def entry(self) -> dict:
        """As the manifest keeps it; without times, which are this machine's."""
        said: dict = {name: float(f"{value:.2g}") for name, value in self.differences.items()}
        return said | ({"remark": self.remark} if self.remark else {})


def try_everywhere(door: Door, network: Network, work: Path) -> list[Trial]:
    """Loads, runs and compares a network's file in PyTorch, ONNX Runtime, OpenVINO and TensorRT.

    Args:
        door: with the weights that the file holds.
        network: as the mirror itself reads it from a manifest.
        work: folder for files of this trial; thrown away by the caller.

    Returns:
        One trial for each, in this order; what is not installed says so.

    Raises:
        MirrorError: a runtime that is installed cannot load it or answers wrong; or neither ONNX Runtime
            nor OpenVINO is installed, so that nothing can be compared.
    """
    given = door.examples(2)  # not what it was traced with
    expected = answer(door.net, given)
    trials = [_pytorch(door, given, expected)]
    trials += [_onnxruntime(door, network, given, expected, work), _openvino(door, network, given, expected)]
    if all(trial.seconds is None for trial in trials[1:]):
        raise MirrorError(
            "neither ONNX Runtime nor OpenVINO is installed, so nothing can be compared with PyTorch; "
            "nothing was changed. Install them with: pip install -r requirements-train.txt"
        )
    return [*trials, _tensorrt(door, network, given, expected, work)]


def _pytorch(door: Door, given: Sequence[Tensor], expected: Sequence[np.ndarray]) -> Trial:
    """Float16 as it is, layer by layer: other runtimes on a CPU may compute in float32 between them."""
    found = answer(Half(door.net).eval(), given)
    apart = difference(f"{door.name} in PyTorch", "float16", expected, found)
    return Trial(f"PyTorch {version('torch')}", 0.0, {"float16": apart})


def _onnxruntime(
    door: Door, network: Network, given: Sequence[Tensor], expected: Sequence[np.ndarray], work: Path
) -> Trial:
    """The file, and what TensorRT is given of it."""
    start = time.perf_counter()
    try:
        engine = OnnxRuntimeEngine(network)
    except EngineMissingError:
        return Trial("ONNX Runtime", remark="is not installed here: not tried")
    took = time.perf_counter() - start
    apart = {"float32": _compare(engine, door, "float32", given, expected)}
    typed = strongly_typed(network.file.read(), door.name, half=True)
    path = work / f"{door.name}.typed"
    path.write_bytes(typed)
    half = replace(network, file=WeightFile(path, hashlib.sha256(typed).hexdigest()))
    apart["float16"] = _compare(OnnxRuntimeEngine(half), door, "float16", given, expected)
    return Trial(f"ONNX Runtime {version('onnxruntime')}", took, apart)


def _openvino(door: Door, network: Network, given: Sequence[Tensor], expected: Sequence[np.ndarray]) -> Trial:
    """In float32, whatever else the processor has."""
    start = time.perf_counter()
    try:
        engine = OpenVinoEngine(network, precision="f32")
    except EngineMissingError:
        return Trial("OpenVINO", remark="is not installed here: not tried")
    took = time.perf_counter() - start
    apart = _compare(engine, door, "float32", given, expected)
    return Trial(f"OpenVINO {version('openvino')}", took, {"float32": apart})


def _tensorrt(
    door: Door, network: Network, given: Sequence[Tensor], expected: Sequence[np.ndarray], work: Path
) -> Trial:
    """In float16: run where there is a GPU, else only compiled, which tensorrt_rtx does without one."""
    try:
        names = installed()
    except EngineMissingError:
        return Trial("TensorRT", remark="is not installed here: not tried")
    start = time.perf_counter()
    if not _gpu():
        if "tensorrt_rtx" not in names:
            return Trial(
                "TensorRT", remark="compiles only on a machine with a GPU, and here is none: not tried"
            )
        try:
            trt = importlib.import_module("tensorrt_rtx")
        except (ImportError, OSError, RuntimeError) as error:
            why = " ".join(str(error).split())[:200]
            return Trial("TensorRT-RTX", remark=f"is installed but cannot be imported ({why}): not tried")
        build(trt, strongly_typed(network.file.read(), door.name, half=True), door.name)
        took = time.perf_counter() - start
        return Trial(f"TensorRT-RTX {trt.__version__}", took, remark="compiled, not run: no GPU here")
    engine = TensorRtEngine(network, folder=work)
    took = time.perf_counter() - start
    trt = import_tensorrt()
    apart = {"float16": _compare(engine, door, "float16", given, expected)}
    return Trial(f"{trt.__name__} {trt.__version__}", took, apart)


def _gpu() -> bool:
    try:
        Cuda().gpu()
    except MirrorError:
        return False
    return True


def _compare(
    engine: Engine, door: Door, precision: str, given: Sequence[Tensor], expected: Sequence[np.ndarray]
) -> float:
    try:
        prove(engine)
        found = engine.run(**{name: x.numpy() for name, x in zip(door.inputs, given, strict=True)})
        return difference(
            f"{door.name} in {engine.name}", precision, expected, [found[name] for name in door.outputs]
        )
    finally:
        engine.close()
