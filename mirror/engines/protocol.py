"""What every engine looks like from outside, and the checks they share at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mirror.core.errors import MirrorError

# How far an engine may be from ONNX Runtime in float32 on the same arrays: the largest difference of
# any value, and the mean difference, both over max(1, largest magnitude of the float32 answer).
# bfloat16 keeps 8 bits of a number, float16 keeps 11.
TOLERANCE: dict[str, tuple[float, float]] = {
    "f32": (1e-3, 1e-4),
    "f16": (2e-2, 2e-3),
    "bf16": (8e-2, 8e-3),
}


class EngineMissingError(MirrorError):
    """The engine's package is not installed: nothing is broken, it is simply not there."""


class DeviceMissingError(MirrorError):
    """The engine is installed, but what it runs on is not in this machine: nothing is broken."""


@dataclass(frozen=True, slots=True)
class Port:
    """One input or output of a network.

    Attributes:
        shape: static, batch included, for example (1, 3, 256, 256).
        dtype: numpy name, for example "float32".

    Example:
        >>> Port((1, 128), "float32").zeros().shape
        (1, 128)
    """

    shape: tuple[int, ...]
    dtype: str

    def zeros(self) -> np.ndarray:
        """An array of this shape and dtype, all 0."""
        return np.zeros(self.shape, self.dtype)


class Engine(Protocol):
    """A network someone else executes. One engine serves one thread.

    Attributes:
        name: "openvino", "onnxruntime" or "tensorrt".
        device: what it runs on, for people, for example "CPU (Intel Core i5)".
        precision: "bf16", "f16" or "f32": what the arithmetic inside is done in.
        reason: why this engine and this precision, one line for people.
        inputs: the arrays `run` takes, by name.
        outputs: the arrays `run` gives, by name.

    Example:
        >>> engine = open_engine("matte")                                     # doctest: +SKIP
        >>> alpha = engine.run(image=picture)["alpha"]                        # doctest: +SKIP
    """

    name: str
    device: str
    precision: str
    reason: str
    inputs: Mapping[str, Port]
    outputs: Mapping[str, Port]

    def run(self, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        """Runs the network once and waits for the answer.

        Args:
            **arrays: every input by name, with exactly the shape and dtype of `inputs`. C-contiguous
                writable arrays are read in place where the engine can; others are copied first.

        Returns:
            Every output by name. The arrays may be the engine's own buffers: they are valid until the
            next `run` or `close`; copy what must live longer, and do not write into them.

        Raises:
            ValueError: an input is missing, unknown, or of the wrong shape or dtype.
            MirrorError: the engine failed while running, or is closed.
        """
        ...

    def close(self) -> None:
        """Frees what the engine holds. A second call does nothing."""
        ...


def check_inputs(ports: Mapping[str, Port], arrays: Mapping[str, np.ndarray]) -> None:
    """Raises ValueError unless `arrays` are exactly what `ports` ask for."""
    if arrays.keys() != ports.keys():
        raise ValueError(f"this network takes {sorted(ports)}, but it was given {sorted(arrays)}")
    for name, port in ports.items():
        array = arrays[name]
        if array.shape != port.shape or array.dtype != port.dtype:
            raise ValueError(
                f"input {name} must be {port.dtype} {port.shape}, but it is {array.dtype} {array.shape}"
            )


def check_ports(file: str, kind: str, wanted: Mapping[str, Port], found: Mapping[str, Port]) -> None:
    """Raises MirrorError where a network's file and the manifest disagree on inputs or outputs.

    Args:
        file: the network's file, for the message.
        kind: "inputs" or "outputs", for the message.
        wanted: what the manifest says.
        found: what the file holds.
    """
    if dict(wanted) != dict(found):
        raise MirrorError(
            f"{file} has the {kind} {_describe(found)}, but the manifest says {_describe(wanted)}. "
            "The two do not belong together: install the program again."
        )


def _describe(ports: Mapping[str, Port]) -> str:
    return ", ".join(f"{n} {p.dtype} {'x'.join(map(str, p.shape))}" for n, p in sorted(ports.items()))
