"""TensorRT: engines really built where tensorrt_rtx is installed, really run where there is a GPU."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER, compiled_cache, open_engine
from mirror.engines.cuda import Gpu
from mirror.engines.manifest import read_manifest
from mirror.engines.protocol import TOLERANCE
from mirror.engines.strong_typing import strongly_typed
from mirror.engines.tensorrt import TensorRtEngine, build
from tests.engine_networks import small_folder, small_network, some_inputs, why_no_tensorrt

SHIPPED = ENGINES_FOLDER / "manifest.json"


@pytest.fixture(scope="module")
def rtx() -> Any:
    return pytest.importorskip("tensorrt_rtx", reason="tensorrt_rtx is not installed", exc_type=ImportError)


NO_GPU = why_no_tensorrt()


def typed(*, half: bool = True) -> bytes:
    return strongly_typed(small_network(), "small", half=half)


@pytest.mark.parametrize("half", [True, False], ids=["float16", "float32"])
@pytest.mark.parametrize("gpu", [None, Gpu("RTX 4070", "8.9"), Gpu("H100", "9.0")], ids=["any", "8.9", "9.0"])
def test_builds_without_a_gpu(rtx: Any, half: bool, gpu: Gpu | None) -> None:
    blob = build(rtx, typed(half=half), "small", gpu)
    assert len(blob) > 10_000
    assert b"tensorrt" in blob.lower() or blob[1:4] == b"trt"  # a plan, not an echo of the ONNX


def test_strong_typing_takes_the_precision_from_the_network(rtx: Any) -> None:
    """The float16 network convolves in float16 between float32 doors; the float32 one never does."""
    trt = rtx
    inside = {}
    for half in (False, True):
        network = _parsed(trt, typed(half=half))
        convolutions = [
            layer
            for layer in (network.get_layer(i) for i in range(network.num_layers))
            if layer.type == trt.LayerType.CONVOLUTION
        ]
        assert len(convolutions) == 3
        inside[half] = {layer.get_output(0).dtype for layer in convolutions}
        doors = [network.get_input(i).dtype for i in range(network.num_inputs)]
        doors += [network.get_output(i).dtype for i in range(network.num_outputs)]
        assert set(doors) == {trt.float32}
    assert inside == {False: {trt.float32}, True: {trt.float16}}


def _parsed(trt: Any, onnx: bytes) -> Any:
    log = trt.Logger(trt.Logger.ERROR)
    builder = trt.Builder(log)
    network = builder.create_network(1 << int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED))
    parser = trt.OnnxParser(network, log)
    assert parser.parse(onnx)
    return network


def test_one_target_is_asked_for_where_it_has_a_name(rtx: Any) -> None:
    one = build(rtx, typed(), "small", Gpu("RTX 4070", "8.9"))
    other = build(rtx, typed(), "small", Gpu("RTX 5090", "12.0"))
    assert one != other


@pytest.mark.parametrize("onnx", [b"", b"not a network", small_network()[:200]], ids=["empty", "junk", "cut"])
def test_what_cannot_be_parsed_is_said(rtx: Any, onnx: bytes) -> None:
    with pytest.raises(MirrorError, match="tensorrt_rtx cannot (read|build) the network small: ."):
        build(rtx, onnx, "small")


@pytest.mark.skipif(not SHIPPED.exists(), reason="engines/manifest.json is not there")
def test_builds_the_networks_of_every_frame(rtx: Any) -> None:
    networks = read_manifest(ENGINES_FOLDER).networks.values()
    assert networks, "nothing ships"
    for network in networks:
        onnx = network.file.read()
        blob = build(rtx, strongly_typed(onnx, network.name, half=True), network.name)
        # Weights are inside, in float16: not much smaller than the file, not twice as large.
        size = len(onnx)
        assert 0.5 * size < len(blob) < 1.8 * size


def test_a_built_engine_comes_from_the_cache_the_second_time(rtx: Any, tmp_path: Path) -> None:
    key = compiled_cache.CacheKey(
        "small", "ab", rtx.__name__, rtx.__version__, "gpu", "8.9", "f16", "z:float32:1x8"
    )
    onnx = typed()
    first, came = compiled_cache.load_or_build(key, lambda: build(rtx, onnx, "small"), tmp_path)
    assert came.startswith("built now")

    def never() -> bytes:
        raise AssertionError("built again")

    assert compiled_cache.load_or_build(key, never, tmp_path) == (first, "from the cache")


@pytest.mark.skipif(not NO_GPU, reason="there is a GPU")
def test_without_a_gpu_it_says_what_is_missing(rtx: Any, tmp_path: Path) -> None:
    with pytest.raises(MirrorError) as caught:
        open_engine("small", "tensorrt", folder=small_folder(tmp_path))
    assert "NVIDIA GPU" in str(caught.value) or "cuda-bindings" in str(caught.value)
    assert "Install" in str(caught.value)
    engine = open_engine("small", "auto", folder=tmp_path)
    assert engine.name == "openvino" and engine.reason.startswith("auto: TensorRT ")


@pytest.mark.skipif(bool(NO_GPU), reason=NO_GPU)
@pytest.mark.parametrize("precision", ["f32", None])
def test_runs_on_a_gpu(tmp_path: Path, precision: str | None) -> None:
    folder = small_folder(tmp_path)
    network = read_manifest(folder).network("small")
    exact = open_engine("small", "onnxruntime", folder=folder)
    for came in ("built now", "from the cache"):
        engine = TensorRtEngine(network, precision=precision, folder=tmp_path / "compiled")
        assert came in engine.reason and engine.precision == (precision or "f16")
        for seed in range(3):
            arrays = some_inputs(exact.inputs, seed)
            found, expected = engine.run(**arrays), exact.run(**arrays)
            for name, value in expected.items():
                assert np.abs(found[name] - value).max() <= TOLERANCE[engine.precision][0]
        kept = found["alpha"]
        expected_kept = kept.copy()
        engine.close()
        engine.close()
        np.testing.assert_array_equal(kept, expected_kept)


@pytest.mark.skipif(bool(NO_GPU), reason=NO_GPU)
def test_an_entry_that_tensorrt_refuses_is_built_again(tmp_path: Path) -> None:
    folder, compiled = small_folder(tmp_path), tmp_path / "compiled"
    network = read_manifest(folder).network("small")
    TensorRtEngine(network, folder=compiled).close()
    for sidecar in compiled.glob("*-engine.json"):
        key = compiled_cache.CacheKey(**json.loads(sidecar.read_text())["key"])
        compiled_cache.store(key, b"whole, signed, and no engine", compiled)
    engine = TensorRtEngine(network, folder=compiled)
    assert "refused" in engine.reason
    engine.run(**some_inputs(engine.inputs))
    engine.close()
