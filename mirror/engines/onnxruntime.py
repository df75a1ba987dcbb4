"""ONNX Runtime on the CPU in float32: the engine that runs everywhere, and the yardstick of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mirror.engines.manifest import Network
from mirror.engines.protocol import EngineMissingError, Port, check_inputs, check_ports
from mirror.core.errors import MirrorError


class OnnxRuntimeEngine:
    """One network in ONNX Runtime's CPU provider. See `mirror.engines.protocol.Engine`."""

    name = "onnxruntime"
    device = "CPU"
    precision = "f32"

    def __init__(self, network: Network, *, threads: int | None = None) -> None:
        """Reads the network.

        Args:
            threads: how many the network may use; None leaves it to ONNX Runtime.

        Raises:
            EngineMissingError: the package onnxruntime is not installed.
            MirrorError: the weights are not usable, or ONNX Runtime refuses them.
        """
        try:
            import onnxruntime as ort
        except ImportError as error:
            raise EngineMissingError(
                f"ONNX Runtime cannot be imported ({error}). Install it with: pip install onnxruntime"
            ) from None
        # Off on every platform; only Microsoft's own Windows builds have anything to send.
        ort.disable_telemetry_events()
        options = ort.SessionOptions()
        options.log_severity_level = 3
        options.inter_op_num_threads = 1
        if threads is not None:
            options.intra_op_num_threads = threads
        # Threads that spin between two frames take the processor from the tracker.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        data = network.file.read()
        try:
            self._session: Any = ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its exceptions share no base class but Exception
            raise MirrorError(f"ONNX Runtime cannot load {network.file.path}: {_line(error)}") from error
        self.inputs: Mapping[str, Port] = network.inputs
        self.outputs: Mapping[str, Port] = network.outputs
        self.reason = "float32"
        file = network.file.path.name
        check_ports(file, "inputs", network.inputs, _ports(self._session.get_inputs()))
        check_ports(file, "outputs", network.outputs, _ports(self._session.get_outputs()))

    def run(self, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        """See `mirror.engines.protocol.Engine.run`. The arrays it returns are the caller's to keep."""
        if self._session is None:
            raise MirrorError("this ONNX Runtime engine is closed. Open it again with open_engine.")
        check_inputs(self.inputs, arrays)
        try:
            values = self._session.run(list(self.outputs), arrays)
        except Exception as error:
            raise MirrorError(f"ONNX Runtime failed while running: {_line(error)}") from error
        return dict(zip(self.outputs, values, strict=True))

    def close(self) -> None:
        """Frees the session."""
        self._session = None


def _ports(entries: Any) -> dict[str, Port]:
    return {e.name: Port(tuple(e.shape), _DTYPES.get(e.type, e.type)) for e in entries}


_DTYPES = {"tensor(float)": "float32", "tensor(float16)": "float16", "tensor(double)": "float64",
           "tensor(int64)": "int64", "tensor(int32)": "int32", "tensor(uint8)": "uint8"}  # fmt: skip


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
