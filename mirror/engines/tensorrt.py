"""TensorRT on an NVIDIA GPU: the same code for `tensorrt` and for `tensorrt_rtx`, its consumer edition.

Networks are strongly typed: the precision is in the graph (float16 inside, float32 at the doors), not
in a flag; `mirror.engines.strong_typing` writes it there. An engine is built once for each GPU and kept
in the cache; building with tensorrt_rtx needs no GPU.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from mirror.engines import compiled_cache
from mirror.engines.cuda import Block, Cuda, Gpu, capture
from mirror.engines.manifest import Network
from mirror.engines.protocol import EngineMissingError, Port, check_inputs, check_ports
from mirror.engines.strong_typing import strongly_typed
from mirror.engines.tensorrt_log import line, logger_of
from mirror.core.errors import MirrorError

log = logging.getLogger("mirror")

RUNTIMES = ("tensorrt", "tensorrt_rtx")  # the full TensorRT first, where both are installed


def import_tensorrt() -> ModuleType:
    """The TensorRT that is installed.

    Raises:
        EngineMissingError: neither is installed.
        MirrorError: one is, but it cannot be imported.
    """
    failures = []
    for name in installed():
        try:
            return importlib.import_module(name)
        except (ImportError, OSError, RuntimeError) as error:
            failures.append(f"{name}: {line(str(error))}")
    why = "; ".join(failures)
    raise MirrorError(f"TensorRT is installed but cannot be imported ({why}). Install it again.")


def installed() -> list[str]:
    """Which of RUNTIMES are installed, without importing them. EngineMissingError where none is."""
    found = [name for name in RUNTIMES if importlib.util.find_spec(name) is not None]
    if not found:
        raise EngineMissingError(
            "TensorRT is not installed (neither tensorrt nor tensorrt_rtx). "
            "Install it with: pip install -r requirements-gpu.txt"
        )
    return found


def build(trt: Any, onnx: bytes, name: str, gpu: Gpu | None = None) -> bytes:
    """Builds a strongly typed engine.

    Args:
        trt: the module tensorrt (needs a GPU) or tensorrt_rtx (does not).
        onnx: the network, strongly typed.
        name: of the network, for messages.
        gpu: what to build for; None leaves it to TensorRT.

    Returns:
        The serialized engine.

    Raises:
        MirrorError: the ONNX cannot be parsed or the engine cannot be built, with TensorRT's reason.
    """
    with logger_of(trt).listening() as errors:
        return _built(trt, onnx, name, gpu, errors)


def _built(trt: Any, onnx: bytes, name: str, gpu: Gpu | None, errors: list[str]) -> bytes:
    try:
        builder = trt.Builder(logger_of(trt))
        # TensorRT 11 is always strongly typed and ignores the flag; 10 and tensorrt_rtx need it.
        typed = getattr(trt.NetworkDefinitionCreationFlag, "STRONGLY_TYPED", None)
        network = builder.create_network(0 if typed is None else 1 << int(typed))
        parser = trt.OnnxParser(network, logger_of(trt))
        if not parser.parse(onnx):
            what = "; ".join(line(parser.get_error(i).desc()) for i in range(parser.num_errors))
            raise MirrorError(f"{trt.__name__} cannot read the network {name}: {what}")
        config = builder.create_builder_config()
        # Float32 means float32: TF32 would round the inputs of every product to 10 bits.
        config.clear_flag(trt.BuilderFlag.TF32)
        if hasattr(trt.BuilderFlag, "REQUIRE_USER_ALLOCATION"):
            # tensorrt_rtx: no allocation while running, without which no CUDA graph can be captured.
            config.set_flag(trt.BuilderFlag.REQUIRE_USER_ALLOCATION)
        _aim(trt, config, gpu)
        engine = builder.build_serialized_network(network, config)
    except (TypeError, RuntimeError) as error:  # what its bindings raise when a factory returns nothing
        raise MirrorError(
            f"{trt.__name__} cannot build the network {name}: {'; '.join([*errors, line(str(error))])}"
        ) from error
    if engine is None:
        why = "; ".join(errors) or "no reason given"
        raise MirrorError(f"{trt.__name__} cannot build the network {name}: {why}")
    return bytes(engine)


def _aim(trt: Any, config: Any, gpu: Gpu | None) -> None:
    """Has tensorrt_rtx build for one GPU only; GPUs it has no name for get its portable default."""
    if gpu is None or not hasattr(trt, "ComputeCapability"):
        return
    target = getattr(trt.ComputeCapability, f"SM{gpu.capability.replace('.', '')}", None)
    if target is not None:
        config.num_compute_capabilities = 1
        config.set_compute_capability(target, 0)


class TensorRtEngine:
    """One network in TensorRT. See `mirror.engines.protocol.Engine`.

    A run is one launch of a CUDA graph that holds the copy in, the network and the copy out.
    """

    name = "tensorrt"

    def __init__(self, network: Network, *, precision: str | None = None, folder: Path | None = None) -> None:
        """Builds the network, or takes it from the cache, and captures its graph.

        Args:
            precision: "f32", or None for float16.
            folder: of the compiled engines; None is the user's cache folder.

        Raises:
            EngineMissingError: TensorRT is not installed.
            MirrorError: no cuda-bindings, no GPU, no driver; unusable weights; TensorRT refuses the
                network; too little GPU memory. Which of them, and what to do, is said.
        """
        installed()
        self._cuda = Cuda()
        gpu = self._cuda.gpu()
        trt = import_tensorrt()
        self.precision = precision or "f16"
        self.device = f"{gpu.name} (compute capability {gpu.capability})"
        self.inputs: Mapping[str, Port] = network.inputs
        self.outputs: Mapping[str, Port] = network.outputs
        key = compiled_cache.CacheKey(
            network=network.name, onnx=network.file.sha256, runtime=trt.__name__, version=str(trt.__version__),
            device=gpu.name, capability=gpu.capability, precision=self.precision,
            shapes=_shapes(network),
        )  # fmt: skip
        self._stack = ExitStack()
        self._runtime: Any = None
        self._engine: Any = None
        self._kernels: Any = None
        self._context: Any = None
        self._graph: Any = None
        compiled = folder or compiled_cache.cache_folder()
        try:
            with logger_of(trt).listening() as self._errors:
                came = self._load(trt, key, network.file.read(), gpu, compiled)
                self._bind(trt, network.file.path.name)
                self._warm_up(trt, key, compiled)
        except BaseException:
            self._stack.close()
            raise
        why = "f32 as asked" if precision else "float16"
        self.reason = f"{why}; {trt.__name__} {trt.__version__}; engine {came}"

    def run(self, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        """See `mirror.engines.protocol.Engine.run`. The outputs are its own page-locked buffers."""
        if self._graph is None:
            raise MirrorError("this TensorRT engine is closed. Open it again with open_engine.")
        check_inputs(self.inputs, arrays)
        for name, array in arrays.items():
            np.copyto(self._in.arrays[name], array)
        self._cuda.call("cudaGraphLaunch", self._graph, self._stream)
        self._cuda.call("cudaStreamSynchronize", self._stream)
        return dict(self._out.arrays)

    def close(self) -> None:
        """Frees the graph, the context, the engine and its memory on the GPU, in that order."""
        self._graph = None
        self._stack.close()

    def _load(self, trt: Any, key: compiled_cache.CacheKey, onnx: bytes, gpu: Gpu, folder: Path) -> str:
        """Sets the engine; says where it came from."""

        def built() -> bytes:
            typed = strongly_typed(onnx, key.network, half=key.precision == "f16")
            return build(trt, typed, key.network, gpu)

        runtime = trt.Runtime(logger_of(trt))
        blob, came = compiled_cache.load_or_build(key, built, folder)
        engine = runtime.deserialize_cuda_engine(blob)
        if engine is None and came == "from the cache":
            # Whole, and made for this key, but refused: after a change of driver, for instance.
            log.warning("the kept %s engine is refused by %s: building it again", key.network, key.runtime)
            blob, came = built(), "built now (the kept one was refused)"
            compiled_cache.store(key, blob, folder)
            engine = runtime.deserialize_cuda_engine(blob)
        if engine is None:
            raise MirrorError(
                f"{key.runtime} cannot load the network {key.network} on {gpu.name}: "
                f"{self._why()}. Use --engine openvino."
            )
        self._runtime, self._engine = runtime, engine
        self._stack.callback(self._forget, "_engine", "_runtime")
        return came

    def _bind(self, trt: Any, file: str) -> None:
        """Compares the engine's ports with the manifest's and gives it its buffers and its stream."""
        found: dict[bool, dict[str, Port]] = {True: {}, False: {}}
        for i in range(self._engine.num_io_tensors):
            name = self._engine.get_tensor_name(i)
            dtype = np.dtype(trt.nptype(self._engine.get_tensor_dtype(name))).name
            is_input = self._engine.get_tensor_mode(name) == trt.TensorIOMode.INPUT
            found[is_input][name] = Port(tuple(self._engine.get_tensor_shape(name)), dtype)
        check_ports(file, "inputs", self.inputs, found[True])
        check_ports(file, "outputs", self.outputs, found[False])
        self._stream = self._cuda.call("cudaStreamCreateWithFlags", self._cuda.runtime.cudaStreamNonBlocking)
        self._stack.callback(self._cuda.call, "cudaStreamDestroy", self._stream)
        self._in = Block(self._cuda, self.inputs)
        self._stack.callback(self._in.close)
        self._out = Block(self._cuda, self.outputs)
        self._stack.callback(self._out.close)

    def _warm_up(self, trt: Any, key: compiled_cache.CacheKey, folder: Path) -> None:
        """Makes the context, runs once (tensorrt_rtx compiles its kernels then), captures the graph."""
        kernels, known = None, False
        if hasattr(trt, "IRuntimeCache"):  # tensorrt_rtx: kernels compiled for this GPU can be kept as well
            config = self._engine.create_runtime_config()
            kernels = config.create_runtime_cache()
            key = replace(key, kind="kernels")
            blob, _ = compiled_cache.load(key, folder)
            # It checks for itself that they suit this GPU and driver, and takes nothing otherwise.
            known = blob is not None and bool(kernels.deserialize(blob))
            config.set_runtime_cache(kernels)
            self._kernels = (config, kernels)  # the context goes on using both
            self._stack.callback(self._forget, "_kernels")
            self._context = self._engine.create_execution_context(runtime_config=config)
        else:
            self._context = self._engine.create_execution_context()
        if self._context is None:
            raise MirrorError(f"TensorRT cannot prepare the network {key.network}: {self._why()}")
        self._stack.callback(self._forget, "_context")
        for name, address in (self._in.addresses | self._out.addresses).items():
            if not self._context.set_tensor_address(name, address):
                raise MirrorError(f"TensorRT does not take a buffer for {name}: {self._why()}")

        def work() -> None:
            self._in.upload(self._stream)
            if not self._context.execute_async_v3(int(self._stream)):
                raise MirrorError(f"TensorRT cannot run the network {key.network}: {self._why()}")
            self._out.download(self._stream)

        for array in self._in.arrays.values():
            array.fill(0)
        work()
        self._cuda.call("cudaStreamSynchronize", self._stream)
        if kernels is not None and not known:
            compiled_cache.store(key, bytes(kernels.serialize()), folder)
        graph, self._graph = capture(self._cuda, self._stream, work)
        self._stack.callback(self._cuda.call, "cudaGraphDestroy", graph)
        self._stack.callback(self._cuda.call, "cudaGraphExecDestroy", self._graph)

    def _why(self) -> str:
        return "; ".join(self._errors) or "no reason given"

    def _forget(self, *names: str) -> None:
        """Drops the last reference to TensorRT's objects, which frees them."""
        for name in names:
            setattr(self, name, None)


def _shapes(network: Network) -> str:
    ports = [*sorted(network.inputs.items()), *sorted(network.outputs.items())]
    return " ".join(f"{name}:{port.dtype}:{'x'.join(map(str, port.shape))}" for name, port in ports)
