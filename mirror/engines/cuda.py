"""The little of CUDA that an engine needs, through cuda-bindings, with every call's error checked."""

from __future__ import annotations

import ctypes
import importlib
import logging
import os
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mirror.engines.protocol import DeviceMissingError, Port
from mirror.core.errors import MirrorError

log = logging.getLogger("mirror")

ALIGNMENT = 256  # bytes; what cudaMalloc itself guarantees, so a part of a block is as good as its start


def driver_installed() -> bool:
    """Whether NVIDIA's driver is on this machine, working or not."""
    windows = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "nvcuda.dll"
    return Path("/proc/driver/nvidia/version").exists() or windows.exists()


@dataclass(frozen=True, slots=True)
class Gpu:
    """The GPU an engine runs on.

    Attributes:
        name: for example "NVIDIA GeForce RTX 4070".
        capability: compute capability, for example "8.9".
    """

    name: str
    capability: str


class Cuda:
    """CUDA's runtime interface with errors as MirrorError. Uses the first GPU CUDA shows.

    Args:
        runtime: the module cuda.bindings.runtime; None imports it.

    Raises:
        MirrorError: cuda-bindings is not installed.
    """

    def __init__(self, runtime: Any = None) -> None:
        if runtime is None:
            try:
                runtime = importlib.import_module("cuda.bindings.runtime")
            except ImportError as error:
                raise MirrorError(
                    f"TensorRT needs cuda-bindings, which cannot be imported ({error}). "
                    "Install it with: pip install -r requirements-gpu.txt"
                ) from None
        self.runtime: Any = runtime

    def call(self, name: str, *arguments: Any) -> Any:
        """Calls a function of CUDA's runtime by name.

        Returns:
            What it returns after the error code: None, one value, or a tuple of values.

        Raises:
            MirrorError: it returned an error.
        """
        status, *values = getattr(self.runtime, name)(*arguments)
        if int(status) != 0:
            raise MirrorError(f"CUDA failed in {name}: {self._describe(status)}")
        return values[0] if len(values) == 1 else tuple(values) or None

    def gpu(self) -> Gpu:
        """The first GPU, made current for this thread.

        Raises:
            DeviceMissingError: there is no NVIDIA driver, so no GPU either.
            MirrorError: there is one, but it is too old or shows no GPU.
        """
        status, count = self.runtime.cudaGetDeviceCount()
        if int(status) != 0 or not count:
            why = self._describe(status) if int(status) != 0 else "CUDA shows no device"
            # A driver that is too old for CUDA is for the person to mend; no driver at all means no GPU.
            kind = MirrorError if driver_installed() else DeviceMissingError
            raise kind(
                f"TensorRT needs an NVIDIA GPU and a driver for CUDA {self._version()}, and there is none to "
                f"be seen here ({why}). Install NVIDIA's driver, or use --engine openvino."
            )
        self.call("cudaSetDevice", 0)
        found = self.call("cudaGetDeviceProperties", 0)
        name = found.name.decode(errors="replace") if isinstance(found.name, bytes) else str(found.name)
        return Gpu(name.rstrip("\0 "), f"{found.major}.{found.minor}")

    def _version(self) -> str:
        status, version = self.runtime.cudaRuntimeGetVersion()
        return f"{version // 1000}.{version % 1000 // 10}" if int(status) == 0 else "(unknown version)"

    def _describe(self, status: Any) -> str:
        parts = [self.runtime.cudaGetErrorName(status)[1], self.runtime.cudaGetErrorString(status)[1]]
        return ": ".join(p.decode(errors="replace") if isinstance(p, bytes) else str(p) for p in parts)


class Block:
    """Arrays side by side in page-locked memory, and their twin on the GPU: one copy moves them all.

    Page-locked ("pinned") memory is what the GPU can read by itself, and what a captured graph can
    copy from again and again.

    Attributes:
        arrays: by name, views of the page-locked memory; they may outlive the block.
        addresses: by name, where the twin lies on the GPU.
        host, device, size: the whole block: two addresses and bytes.
    """

    def __init__(self, cuda: Cuda, ports: Mapping[str, Port]) -> None:
        """Allocates both. Raises MirrorError where there is not enough memory."""
        offsets: dict[str, int] = {}
        size = 0
        for name, port in ports.items():
            offsets[name] = size
            length = int(np.prod(port.shape)) * np.dtype(port.dtype).itemsize
            size += -(-length // ALIGNMENT) * ALIGNMENT
        self._cuda, self.size = cuda, size
        self.host = int(cuda.call("cudaHostAlloc", size, cuda.runtime.cudaHostAllocDefault))
        memory = (ctypes.c_uint8 * size).from_address(self.host)
        # Freed with the last view of it, so that an array kept after `close` is old, but not a crash.
        weakref.finalize(memory, _free, cuda, self.host)
        self.device = int(cuda.call("cudaMalloc", size))
        view = memoryview(memory)
        self.arrays: dict[str, np.ndarray] = {
            name: np.ndarray(port.shape, port.dtype, view, offsets[name]) for name, port in ports.items()
        }
        self.addresses = {name: self.device + offset for name, offset in offsets.items()}

    def upload(self, stream: Any) -> None:
        """Queues the copy of everything to the GPU."""
        self._copy(self.device, self.host, "cudaMemcpyHostToDevice", stream)

    def download(self, stream: Any) -> None:
        """Queues the copy of everything from the GPU."""
        self._copy(self.host, self.device, "cudaMemcpyDeviceToHost", stream)

    def close(self) -> None:
        """Frees the GPU's part. The page-locked part goes with the last of its views."""
        self.arrays = {}
        self._cuda.call("cudaFree", self.device)

    def _copy(self, to: int, source: int, kind: str, stream: Any) -> None:
        direction = getattr(self._cuda.runtime.cudaMemcpyKind, kind)
        self._cuda.call("cudaMemcpyAsync", to, source, self.size, direction, stream)


def _free(cuda: Cuda, address: int) -> None:
    try:
        cuda.call("cudaFreeHost", address)
    except MirrorError as error:  # a finalizer has nobody to raise to
        log.debug("%s", error)


def capture(cuda: Cuda, stream: Any, work: Callable[[], None]) -> tuple[Any, Any]:
    """Records what `work` queues on a stream as a CUDA graph, to be launched with one call a frame.

    Returns:
        The graph and its executable, both to be destroyed by the caller.

    Raises:
        MirrorError: the work cannot be recorded, or `work` raised it. The stream is usable after it.
    """
    # Thread-local: the CUDA calls of other threads do not spoil the recording.
    mode = cuda.runtime.cudaStreamCaptureMode.cudaStreamCaptureModeThreadLocal
    cuda.call("cudaStreamBeginCapture", stream, mode)
    try:
        work()
    except BaseException:
        # A recording must be ended even when it failed; its error is the lesser one here.
        status, graph = cuda.runtime.cudaStreamEndCapture(stream)
        if int(status) == 0:
            cuda.call("cudaGraphDestroy", graph)
        raise
    graph = cuda.call("cudaStreamEndCapture", stream)
    try:
        return graph, cuda.call("cudaGraphInstantiate", graph, 0)
    except MirrorError:
        cuda.call("cudaGraphDestroy", graph)
        raise
