"""A GPU in software, just enough to see what the TensorRT engine does with a real one.

"Device" memory is host memory at other addresses; work queued on a stream is done at once, or, while
a graph is captured, recorded and done at each launch. `tests/test_engines_tensorrt_run.py` holds the
names used here against the real packages.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from enum import IntEnum
from types import SimpleNamespace
from typing import Any

import numpy as np

from mirror.engines.protocol import Port


class Status(IntEnum):
    cudaSuccess = 0
    cudaErrorMemoryAllocation = 2
    cudaErrorNoDevice = 100


class FakeCuda:
    """Stands for the module cuda.bindings.runtime. `fail` is the function whose every call fails."""

    cudaHostAllocDefault = 0
    cudaStreamNonBlocking = 1
    cudaMemcpyKind = SimpleNamespace(cudaMemcpyHostToDevice=1, cudaMemcpyDeviceToHost=2)
    cudaStreamCaptureMode = SimpleNamespace(cudaStreamCaptureModeThreadLocal=1)

    def __init__(self, fail: str = "", after: int = 0) -> None:
        self.fail, self.after = fail, after
        self.calls: list[str] = []
        self.memory: dict[int, Any] = {}
        self.objects: set[int] = set()
        self.recording: list[Callable[[], Any]] | None = None
        self.graphs: dict[int, list[Callable[[], Any]]] = {}
        self.next = 1000

    def __getattribute__(self, name: str) -> Any:
        value = object.__getattribute__(self, name)
        if not name.startswith("cuda") or not callable(value) or name.startswith("cudaGetError"):
            return value
        self.calls.append(name)
        if name == self.fail and self.calls.count(name) > self.after:
            return lambda *_: (Status.cudaErrorMemoryAllocation, None)
        return value

    def queue(self, work: Callable[[], Any]) -> None:
        if self.recording is None:
            work()
        else:
            self.recording.append(work)

    def _new(self) -> int:
        self.next += 1
        self.objects.add(self.next)
        return self.next

    def _allocate(self, size: int) -> tuple[Status, int]:
        buffer = ctypes.create_string_buffer(size)
        self.memory[ctypes.addressof(buffer)] = buffer
        return Status.cudaSuccess, ctypes.addressof(buffer)

    def _release(self, kept: Any, what: int) -> tuple[Status]:
        kept.pop(what) if isinstance(kept, dict) else kept.remove(what)  # KeyError where freed twice
        return (Status.cudaSuccess,)

    def cudaGetDeviceCount(self) -> tuple[Status, int]:
        return Status.cudaSuccess, 1

    def cudaRuntimeGetVersion(self) -> tuple[Status, int]:
        return Status.cudaSuccess, 13050

    def cudaSetDevice(self, device: int) -> tuple[Status]:
        return (Status.cudaSuccess,)

    def cudaGetDeviceProperties(self, device: int) -> tuple[Status, Any]:
        return Status.cudaSuccess, SimpleNamespace(name=b"Soft GPU\0\0", major=8, minor=9)

    def cudaGetErrorName(self, status: int) -> tuple[Status, bytes]:
        return Status.cudaSuccess, Status(status).name.encode()

    def cudaGetErrorString(self, status: int) -> tuple[Status, bytes]:
        return Status.cudaSuccess, b"in words"

    def cudaHostAlloc(self, size: int, flags: int) -> tuple[Status, int]:
        return self._allocate(size)

    def cudaMalloc(self, size: int) -> tuple[Status, int]:
        return self._allocate(size)

    def cudaFreeHost(self, address: int) -> tuple[Status]:
        return self._release(self.memory, address)

    def cudaFree(self, address: int) -> tuple[Status]:
        return self._release(self.memory, address)

    def cudaStreamCreateWithFlags(self, flags: int) -> tuple[Status, int]:
        return Status.cudaSuccess, self._new()

    def cudaStreamDestroy(self, stream: int) -> tuple[Status]:
        return self._release(self.objects, stream)

    def cudaStreamSynchronize(self, stream: int) -> tuple[Status]:
        assert self.recording is None, "a stream that is being captured may not be waited for"
        return (Status.cudaSuccess,)

    def cudaMemcpyAsync(self, to: int, source: int, size: int, kind: int, stream: int) -> tuple[Status]:
        self.queue(lambda: ctypes.memmove(to, source, size))
        return (Status.cudaSuccess,)

    def cudaStreamBeginCapture(self, stream: int, mode: int) -> tuple[Status]:
        self.recording = []
        return (Status.cudaSuccess,)

    def cudaStreamEndCapture(self, stream: int) -> tuple[Status, int]:
        assert self.recording is not None
        graph = self._new()
        self.graphs[graph], self.recording = self.recording, None
        return Status.cudaSuccess, graph

    def cudaGraphInstantiate(self, graph: int, flags: int) -> tuple[Status, int]:
        executable = self._new()
        self.graphs[executable] = self.graphs[graph]
        return Status.cudaSuccess, executable

    def cudaGraphLaunch(self, executable: int, stream: int) -> tuple[Status]:
        for work in self.graphs[executable]:
            work()
        return (Status.cudaSuccess,)

    def cudaGraphDestroy(self, graph: int) -> tuple[Status]:
        return self._release(self.objects, graph)

    def cudaGraphExecDestroy(self, executable: int) -> tuple[Status]:
        return self._release(self.objects, executable)


Answer = Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]


class FakeContext:
    """Stands for IExecutionContext."""

    def __init__(self, engine: FakeEngine) -> None:
        self.engine, self.addresses = engine, dict[str, int]()

    def set_tensor_address(self, name: str, memory: int) -> bool:
        self.addresses[name] = memory
        return name in self.engine.ports

    def execute_async_v3(self, stream_handle: int) -> bool:
        def view(name: str) -> np.ndarray:
            port = self.engine.ports[name][1]
            size = int(np.prod(port.shape)) * 4
            raw = (ctypes.c_uint8 * size).from_address(self.addresses[name])
            return np.ndarray(port.shape, np.float32, memoryview(raw))

        def work() -> None:
            inputs = {n: view(n) for n, (is_input, _) in self.engine.ports.items() if is_input}
            for name, value in self.engine.answer(inputs).items():
                view(name)[:] = value

        self.engine.cuda.queue(work)
        return not self.engine.refuses


class FakeEngine:
    """Stands for ICudaEngine."""

    def __init__(self, cuda: FakeCuda, ports: dict[str, tuple[bool, Port]], answer: Answer) -> None:
        self.cuda, self.ports, self.answer, self.refuses = cuda, ports, answer, False
        self.num_io_tensors = len(ports)

    def get_tensor_name(self, index: int) -> str:
        return list(self.ports)[index]

    def get_tensor_mode(self, name: str) -> str:
        return "in" if self.ports[name][0] else "out"

    def get_tensor_dtype(self, name: str) -> type:
        return np.float32

    def get_tensor_shape(self, name: str) -> tuple[int, ...]:
        return self.ports[name][1].shape

    def create_execution_context(self) -> FakeContext:
        return FakeContext(self)


class FakeTensorRt:
    """Stands for the module tensorrt: builds b"engine", and takes nothing else for an engine."""

    __name__ = "tensorrt"
    __version__ = "11.0"
    TensorIOMode = SimpleNamespace(INPUT="in")

    class ILogger:
        Severity = SimpleNamespace(INTERNAL_ERROR=0, ERROR=1)

    def __init__(self, engine: FakeEngine) -> None:
        self.engine = engine

    def nptype(self, dtype: type) -> type:
        return dtype

    def Runtime(self, logger: Any) -> Any:
        return SimpleNamespace(
            deserialize_cuda_engine=lambda blob: self.engine if blob == b"engine" else None
        )
