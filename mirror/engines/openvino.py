"""OpenVINO on the CPU: the default where there is no NVIDIA GPU, in bfloat16 where the processor has it."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np

from mirror.engines.manifest import Network
from mirror.engines.protocol import EngineMissingError, Port, check_inputs, check_ports
from mirror.core.errors import MirrorError

DEVICE = "CPU"


def import_openvino() -> ModuleType:
    """Imports openvino so that its telemetry is never loaded.

    `import openvino` also imports openvino.tools.ovc, the model converter, which imports
    openvino_telemetry and hands it an "import" event. A None in sys.modules makes an import fail
    with ImportError, which openvino allows for in both places: the converter, which this program
    does not use, is left out, and telemetry stays out for the life of the process.

    Raises:
        EngineMissingError: openvino is not installed.
    """
    loaded = sys.modules.get("openvino")
    if loaded is not None:
        return loaded
    blocked: dict[str, Any] = sys.modules  # typed as holding modules only, but None is allowed
    blocked.setdefault("openvino_telemetry", None)
    converter = "openvino.tools.ovc"
    blocked[converter] = None
    try:
        import openvino
    except ImportError as error:
        raise EngineMissingError(
            f"OpenVINO cannot be imported ({error}). Install it with: pip install openvino"
        ) from None
    finally:
        # Whoever wants the converter in this process may import it; it then finds no telemetry.
        blocked.pop(converter, None)
    return openvino


@lru_cache(maxsize=1)
def _core() -> Any:
    """One Core for the process: it owns the plugins and their threads."""
    return import_openvino().Core()


class OpenVinoEngine:
    """One network in OpenVINO's CPU plugin. See `mirror.engines.protocol.Engine`."""

    name = "openvino"

    def __init__(self, network: Network, *, threads: int | None = None, precision: str | None = None) -> None:
        """Reads and compiles the network; well under a second, so nothing is cached.

        Args:
            threads: how many the network may use; None leaves it to OpenVINO.
            precision: "f32" or "bf16", or None for bf16 where the processor has it and f32 elsewhere.

        Raises:
            EngineMissingError: openvino is not installed.
            MirrorError: the weights are not usable, bf16 was asked for on a processor without it, or
                OpenVINO refuses the network.
        """
        self._tensor: Any = import_openvino().Tensor
        core = _core()
        has_bf16 = "BF16" in core.get_property(DEVICE, "OPTIMIZATION_CAPABILITIES")
        if precision == "bf16" and not has_bf16:
            raise MirrorError("bfloat16 was asked for, but this processor has none. Use f32.")
        chosen = precision or ("bf16" if has_bf16 else "f32")
        settings: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": chosen}
        if threads is not None:
            settings["INFERENCE_NUM_THREADS"] = threads
        data = network.file.read()
        try:
            model = core.read_model(io.BytesIO(data))
            compiled = core.compile_model(model, DEVICE, settings)
            self._request: Any = compiled.create_infer_request()
        except RuntimeError as error:
            raise MirrorError(f"OpenVINO cannot compile {network.file.path}: {_line(error)}") from error
        self.inputs: Mapping[str, Port] = network.inputs
        self.outputs: Mapping[str, Port] = network.outputs
        self.device = f"{DEVICE} ({str(core.get_property(DEVICE, 'FULL_DEVICE_NAME')).strip()})"
        self.precision = chosen
        if precision:
            self.reason = f"{precision} as asked"
        else:
            self.reason = "bf16, which the processor has" if has_bf16 else "f32, as the processor has no bf16"
        file = network.file.path.name
        check_ports(file, "inputs", network.inputs, _ports(compiled.inputs, network.inputs))
        check_ports(file, "outputs", network.outputs, _ports(compiled.outputs, network.outputs))

    def run(self, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        """See `mirror.engines.protocol.Engine.run`. Inputs are read in place, outputs are its own buffers."""
        if self._request is None:
            raise MirrorError("this OpenVINO engine is closed. Open it again with open_engine.")
        check_inputs(self.inputs, arrays)
        try:
            # OpenVINO shares only memory that is contiguous and that it could write to; others are
            # copied. It does not keep what it shares alive: `held` does, until the run is over.
            held = {name: np.require(array, requirements=("C", "W")) for name, array in arrays.items()}
            for name, array in held.items():
                self._request.set_tensor(name, self._tensor(array, shared_memory=True))
            self._request.infer()
        except RuntimeError as error:
            raise MirrorError(f"OpenVINO failed while running: {_line(error)}") from error
        return {name: self._request.get_tensor(name).data for name in self.outputs}

    def close(self) -> None:
        """Frees the compiled network."""
        self._request = None


def _ports(entries: Any, wanted: Mapping[str, Port]) -> dict[str, Port]:
    """The compiled network's ports by name. A port may have several names; the manifest's one counts."""
    ports = {}
    for entry in entries:
        name = next((n for n in sorted(entry.names) if n in wanted), min(entry.names, default="(no name)"))
        shape = tuple(entry.shape) if entry.partial_shape.is_static else ()
        ports[name] = Port(shape, entry.element_type.to_dtype().name)
    return ports


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
