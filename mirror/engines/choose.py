"""Which engine runs a network, and why."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

import numpy as np

from mirror.engines.manifest import Network, read_manifest
from mirror.engines.protocol import DeviceMissingError, Engine, EngineMissingError
from mirror.core.errors import MirrorError
from mirror.settings.options import ENGINES, check

log = logging.getLogger("mirror")

ENGINES_FOLDER = Path(__file__).resolve().parents[2] / "engines"
TITLES = {"tensorrt": "TensorRT", "openvino": "OpenVINO", "onnxruntime": "ONNX Runtime"}


def open_engine(
    network_name: str,
    choice: str = "auto",
    *,
    folder: Path = ENGINES_FOLDER,
    threads: int | None = None,
    precision: str | None = None,
) -> Engine:
    """Opens a network of the manifest and runs it once, so that what is returned is known to work.

    Args:
        network_name: as in `manifest.json`, for example "matte".
        choice: one of `mirror.settings.options.ENGINES`. "auto" takes the best that works here; an engine asked for
            by name is the one that runs or an error, never another.
        folder: where the manifest and the networks lie.
        threads: how many CPU threads the network may use; None leaves it to the engine.
        precision: "f32" for the exact answer (tests of parity); None for the fastest the engine is
            trusted with, see `mirror.engines.protocol.TOLERANCE`.

    Returns:
        The engine; its `reason` says why it was chosen and what was passed over.

    Raises:
        MirrorError: unknown choice, unusable manifest or weights, the named engine cannot run, or
            with "auto" none can.

    Example:
        >>> engine = open_engine("matte")                                     # doctest: +SKIP
        >>> engine.reason                                                     # doctest: +SKIP
        'auto: TensorRT is not installed; OpenVINO runs here (bf16, which the processor has)'
    """
    check("engine", choice, f"--engine {choice}")
    if threads is not None and threads < 1:
        raise MirrorError(f"{threads} threads are not enough for an engine. Give 1 or more.")
    if precision not in (None, "f32"):
        raise MirrorError(f"{precision!r} is not a precision that can be asked for. Give 'f32', or nothing.")
    network = read_manifest(Path(folder)).network(network_name)
    # Bad weights are an error whatever the engine; without this, auto would blame each engine in turn.
    network.file.read()
    if choice != "auto":
        engine = _open(choice, network, threads, precision)
        engine.reason = f"asked for by name ({engine.reason})"
        return engine
    passed_over: list[str] = []
    for name in ENGINES[1:]:
        try:
            engine = _open(name, network, threads, precision)
        except EngineMissingError as error:
            log.debug("%s: %s", TITLES[name], error)
            passed_over.append(f"{TITLES[name]} is not installed")
        except DeviceMissingError as error:
            why = " ".join(str(error).split())
            _say_once(logging.INFO, f"{TITLES[name]} is passed over: {why}")
            passed_over.append(f"{TITLES[name]} finds no GPU it can use")
        # Also what a library raises of its own: one broken engine must not cost the mirror the others.
        except Exception as error:
            why = " ".join(str(error).split()) or type(error).__name__
            _say_once(logging.WARNING, f"{TITLES[name]} cannot run here: {why}")
            log.debug("%s", TITLES[name], exc_info=error)
            passed_over.append(f"{TITLES[name]} cannot run ({why.rstrip('.')})")
        else:
            runs = f"{TITLES[name]} runs here ({engine.reason})"
            engine.reason = f"auto: {'; '.join([*passed_over, runs])}"
            return engine
    raise MirrorError(f"no engine can run the network {network_name}: {'; '.join(passed_over)}.")


def _open(name: str, network: Network, threads: int | None, precision: str | None) -> Engine:
    """Opens one engine, imported only now: each brings libraries of tens to hundreds of megabytes."""
    engine: Engine
    if name == "tensorrt":
        from mirror.engines.tensorrt import TensorRtEngine

        engine = TensorRtEngine(network, precision=precision)
    elif name == "openvino":
        from mirror.engines.openvino import OpenVinoEngine

        engine = OpenVinoEngine(network, threads=threads, precision=precision)
    else:
        from mirror.engines.onnxruntime import OnnxRuntimeEngine

        engine = OnnxRuntimeEngine(network, threads=threads)
    try:
        prove(engine)
    except MirrorError:
        engine.close()
        raise
    return engine


def prove(engine: Engine) -> None:
    """Runs an engine once on zeros; the first run is also the slow one, and is done with here.

    Raises:
        MirrorError: it fails, or its answer has the wrong shape or a value that is not a number.
    """
    answer = engine.run(**{name: port.zeros() for name, port in engine.inputs.items()})
    for name, port in engine.outputs.items():
        if answer[name].shape != port.shape or not np.isfinite(answer[name]).all():
            raise MirrorError(
                f"{TITLES[engine.name]} on {engine.device} gives a wrong answer (output {name}, trial run on "
                "zeros). Choose another engine with --engine."
            )


@cache
def _say_once(level: int, message: str) -> None:
    log.log(level, "%s", message)
