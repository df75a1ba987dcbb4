"""How the TensorRT engine uses a GPU: buffers, graph, errors, clean-up. On a GPU in software."""

from __future__ import annotations

import gc
import json
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.engines import compiled_cache, tensorrt
from mirror.engines.cuda import ALIGNMENT, Block, Cuda
from mirror.engines.manifest import Network, read_manifest
from mirror.engines.protocol import Port
from mirror.engines.tensorrt import TensorRtEngine
from mirror.engines.tensorrt_log import logger_of
from tests.engine_fakes import FakeContext, FakeCuda, FakeEngine, FakeTensorRt, Status
from tests.engine_networks import small_folder, some_inputs


def answer(inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What the network in software computes: both outputs depend on both inputs."""
    mean = inputs["image"].mean(1, keepdims=True)
    return {"alpha": mean + inputs["z"].sum(), "code": inputs["z"] * inputs["image"].max()}


class Bench:
    """A network, a GPU and a TensorRT to try the engine on."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch = folder, monkeypatch
        self.network: Network = read_manifest(small_folder(folder)).network("small")
        self.compiled = folder / "compiled"
        self.built = 0
        monkeypatch.setattr(tensorrt, "installed", lambda: ["tensorrt"])
        monkeypatch.setattr(tensorrt, "build", self._build)
        self.use(FakeCuda())

    def use(self, cuda: FakeCuda) -> None:
        self.cuda = cuda
        ports = {n: (True, p) for n, p in self.network.inputs.items()}
        ports |= {n: (False, p) for n, p in self.network.outputs.items()}
        self.engine = FakeEngine(cuda, ports, answer)
        self.trt = FakeTensorRt(self.engine)
        self.monkeypatch.setattr(tensorrt, "Cuda", lambda: Cuda(cuda))
        self.monkeypatch.setattr(tensorrt, "import_tensorrt", lambda: self.trt)

    def _build(self, *_: Any) -> bytes:
        self.built += 1
        return b"engine"

    def open(self, **options: Any) -> TensorRtEngine:
        return TensorRtEngine(self.network, folder=self.compiled, **options)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def test_each_engine_quotes_its_own_errors_and_not_those_of_another(bench: Bench) -> None:
    """TensorRT has one logger for the whole process; two engines are opened at the same time."""
    log, error = logger_of(bench.trt), FakeTensorRt.ILogger.Severity.ERROR
    told: dict[str, list[str]] = {}
    both, said = threading.Barrier(2), threading.Barrier(2)

    def work(name: str) -> None:
        with log.listening() as errors:
            both.wait(10)
            for number in range(5):
                log.log(error, f"{name} {number}")
            said.wait(10)
            told[name] = list(errors)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("matte", "painter")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert told == {name: [f"{name} {n}" for n in (2, 3, 4)] for name in ("matte", "painter")}
    with log.listening() as errors:
        assert errors == [], "what another engine said before is not heard"
        helper = threading.Thread(target=log.log, args=(error, "from a thread of TensorRT's own"))
        helper.start()
        helper.join(20)
        with log.listening() as inner:
            log.log(error, "of the network that is being built")
        assert inner == ["of the network that is being built"]
    assert errors == ["from a thread of TensorRT's own"]


def test_an_engine_that_cannot_be_loaded_says_why_and_nothing_of_another(bench: Bench) -> None:
    log, error = logger_of(bench.trt), FakeTensorRt.ILogger.Severity.ERROR
    log.log(error, "of another engine")

    def refuse(blob: bytes) -> None:
        log.log(error, "no kernel for this GPU")

    bench.trt.Runtime = lambda logger: SimpleNamespace(deserialize_cuda_engine=refuse)  # type: ignore
    with pytest.raises(MirrorError, match="no kernel for this GPU") as caught:
        bench.open()
    assert "another" not in str(caught.value)


def test_every_run_sees_its_own_inputs(bench: Bench) -> None:
    engine = bench.open()
    for seed in range(3):
        arrays = some_inputs(engine.inputs, seed)
        found = engine.run(**arrays)
        for name, value in answer(arrays).items():
            np.testing.assert_array_equal(found[name], value)
    assert engine.device == "Soft GPU (compute capability 8.9)"
    assert "tensorrt 11.0" in engine.reason and "built now" in engine.reason


def test_a_run_is_one_launch_and_one_wait(bench: Bench) -> None:
    engine = bench.open()
    bench.cuda.calls.clear()
    engine.run(**some_inputs(engine.inputs))
    assert bench.cuda.calls == ["cudaGraphLaunch", "cudaStreamSynchronize"]


def test_takes_views_and_refuses_wrong_inputs(bench: Bench) -> None:
    engine = bench.open()
    arrays = some_inputs(engine.inputs)
    expected = answer(arrays)["alpha"]
    last = np.ascontiguousarray(arrays["image"].transpose(0, 2, 3, 1))
    arrays["image"] = last.transpose(0, 3, 1, 2)
    np.testing.assert_array_equal(engine.run(**arrays)["alpha"], expected)
    with pytest.raises(ValueError, match="must be float32"):
        engine.run(image=arrays["image"].astype(np.float64), z=arrays["z"])


def test_close_gives_everything_back_and_kept_outputs_stay_readable(bench: Bench) -> None:
    engine = bench.open()
    arrays = some_inputs(engine.inputs)
    kept = engine.run(**arrays)
    engine.close()
    engine.close()
    assert not bench.cuda.objects  # stream, graph and executable
    np.testing.assert_array_equal(kept["alpha"], answer(arrays)["alpha"])
    with pytest.raises(MirrorError, match="closed"):
        engine.run(**arrays)
    del kept, engine
    gc.collect()
    assert not bench.cuda.memory


@pytest.mark.parametrize(
    ("function", "after"),
    [("cudaSetDevice", 0), ("cudaGetDeviceProperties", 0), ("cudaStreamCreateWithFlags", 0),
     ("cudaHostAlloc", 0), ("cudaHostAlloc", 1), ("cudaMalloc", 0), ("cudaMalloc", 1),
     ("cudaMemcpyAsync", 0), ("cudaMemcpyAsync", 2), ("cudaStreamSynchronize", 0),
     ("cudaStreamBeginCapture", 0), ("cudaStreamEndCapture", 0), ("cudaGraphInstantiate", 0)],
)  # fmt: skip
def test_every_failure_while_opening_is_said_and_leaves_nothing_behind(
    bench: Bench, function: str, after: int
) -> None:
    bench.use(FakeCuda(function, after))
    with pytest.raises(MirrorError, match=f"{function}: cudaErrorMemoryAllocation: in words"):
        bench.open()
    gc.collect()
    assert not bench.cuda.memory and not bench.cuda.objects


@pytest.mark.parametrize("function", ["cudaGraphLaunch", "cudaStreamSynchronize"])
def test_every_failure_while_running_is_said(bench: Bench, function: str) -> None:
    engine = bench.open()
    bench.cuda.fail = function
    with pytest.raises(MirrorError, match=function):
        engine.run(**some_inputs(engine.inputs))


def test_no_gpu_says_what_is_missing(bench: Bench) -> None:
    class NoGpu(FakeCuda):
        def cudaGetDeviceCount(self) -> tuple[Status, int]:
            return Status.cudaErrorNoDevice, 0

    bench.use(NoGpu())
    with pytest.raises(
        MirrorError, match="NVIDIA GPU.*CUDA 13.5.*cudaErrorNoDevice.*Install NVIDIA's driver"
    ):
        bench.open()


def test_no_cuda_bindings_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cuda.bindings.runtime", None)
    with pytest.raises(MirrorError, match="cuda-bindings.*requirements-gpu.txt"):
        Cuda()


def test_tensorrt_that_refuses_to_run_is_an_error(bench: Bench) -> None:
    bench.engine.refuses = True
    with pytest.raises(MirrorError, match="cannot run the network small"):
        bench.open()
    gc.collect()
    assert not bench.cuda.memory and not bench.cuda.objects


def test_built_once_then_from_the_cache_and_again_when_anything_changes(bench: Bench) -> None:
    bench.open()
    assert "from the cache" in bench.open().reason and bench.built == 1
    bench.trt.__version__ = "11.1"  # type: ignore[misc]
    assert "another version" in bench.open().reason and bench.built == 2
    assert bench.open(precision="f32").precision == "f32" and bench.built == 3
    sidecar = next(bench.compiled.glob("*f16*-engine.json"))
    key = json.loads(sidecar.read_text())["key"]
    assert key["onnx"] == bench.network.file.sha256
    assert (key["device"], key["capability"]) == ("Soft GPU", "8.9")
    assert "image:float32:1x3x" in key["shapes"] and "alpha:float32:1x1x" in key["shapes"]


def test_a_kept_engine_that_is_refused_is_built_again(bench: Bench) -> None:
    bench.open()
    key = compiled_cache.CacheKey(**json.loads(next(bench.compiled.glob("*.json")).read_text())["key"])
    compiled_cache.store(key, b"whole and signed, but no engine", bench.compiled)
    assert "refused" in bench.open().reason and bench.built == 2
    assert compiled_cache.load(key, bench.compiled) == (b"engine", "")


def test_an_engine_of_other_ports_is_refused(bench: Bench) -> None:
    bench.engine.ports["code"] = (False, Port((1, 9), "float32"))
    with pytest.raises(MirrorError, match="outputs .*1x9.* manifest says .*1x8"):
        bench.open()


def test_bad_weights_are_said_before_anything_is_built(bench: Bench) -> None:
    (bench.folder / "small.onnx").write_bytes(b"")
    with pytest.raises(MirrorError, match="0 bytes"):
        bench.open()
    assert not bench.built


def test_arrays_of_a_block_lie_apart_and_aligned() -> None:
    block = Block(
        Cuda(FakeCuda()),
        {"a": Port((3,), "float32"), "b": Port((70, 2), "float32"), "c": Port((1,), "uint8")},
    )
    starts = [block.addresses[n] - block.device for n in "abc"]
    assert starts == [0, ALIGNMENT, ALIGNMENT * 4] and block.size == ALIGNMENT * 5
    for value, array in enumerate(block.arrays.values()):
        array[:] = value
    assert [a.mean() for a in block.arrays.values()] == [0, 1, 2]


def _names(fake: type) -> list[str]:
    return [n for n in vars(fake) if not n.startswith("_") and n not in ("queue", "engine")]


def test_the_gpu_in_software_has_the_names_of_the_real_one() -> None:
    real = pytest.importorskip("cuda.bindings.runtime", reason="cuda-bindings is not installed")
    for name in _names(FakeCuda):
        assert hasattr(real, name), name
        if isinstance(part := vars(FakeCuda)[name], type(FakeTensorRt.TensorIOMode)):
            assert all(hasattr(getattr(real, name), inner) for inner in vars(part))


def test_the_tensorrt_in_software_has_the_names_of_the_real_one() -> None:
    real = pytest.importorskip("tensorrt_rtx", reason="tensorrt_rtx is not installed", exc_type=ImportError)
    for fake, whole in ((FakeContext, real.IExecutionContext), (FakeEngine, real.ICudaEngine)):
        assert all(hasattr(whole, name) for name in _names(fake))
    assert hasattr(real.ICudaEngine, "num_io_tensors") and real.TensorIOMode.INPUT
    assert hasattr(real.Runtime, "deserialize_cuda_engine") and callable(real.nptype)
    severity = real.ILogger.Severity
    assert severity.ERROR != severity.INTERNAL_ERROR
    # Only tensorrt_rtx has these, and no software stands for them.
    assert hasattr(real.ICudaEngine, "create_runtime_config")
    assert all(hasattr(real.IRuntimeConfig, n) for n in ("create_runtime_cache", "set_runtime_cache"))
    assert all(hasattr(real.IRuntimeCache, n) for n in ("serialize", "deserialize"))
    assert "runtime_config" in (real.ICudaEngine.create_execution_context.__doc__ or "")
