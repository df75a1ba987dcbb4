"""Which engine runs, and what is said about it."""

from __future__ import annotations

import importlib.util
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.engines import choose, open_engine
from mirror.engines.protocol import DeviceMissingError, EngineMissingError
from mirror.settings.options import ENGINES
from tests.engine_networks import small_folder, some_inputs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    choose._say_once.cache_clear()
    return small_folder(tmp_path)


def _cannot(monkeypatch: pytest.MonkeyPatch, module: str, engine: str, error: Exception) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(f"mirror.engines.{module}.{engine}", refuse)


def _no_tensorrt(monkeypatch: pytest.MonkeyPatch) -> None:
    _cannot(monkeypatch, "tensorrt", "TensorRtEngine", EngineMissingError("not installed"))


def test_auto_takes_openvino_where_there_is_no_gpu_and_says_why(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _no_tensorrt(monkeypatch)
    engine = open_engine("small", folder=folder)
    assert engine.name == "openvino"
    assert engine.reason.startswith("auto: TensorRT is not installed; OpenVINO runs here (")
    assert engine.precision in engine.reason
    assert not caplog.records  # TensorRT is optional: its absence is no warning


def test_auto_passes_over_what_is_broken_and_says_so_loudly(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _cannot(monkeypatch, "tensorrt", "TensorRtEngine", MirrorError("there is no GPU."))
    _cannot(monkeypatch, "openvino", "OpenVinoEngine", ZeroDivisionError("a library's own failure"))
    engine = open_engine("small", folder=folder)
    assert engine.name == "onnxruntime"
    assert "TensorRT cannot run (there is no GPU)" in engine.reason
    assert "OpenVINO cannot run (a library's own failure)" in engine.reason
    assert [r.levelno for r in caplog.records] == [logging.WARNING] * 2
    open_engine("small", folder=folder)
    assert len(caplog.records) == 2  # once a process, not once a network


def test_auto_without_a_gpu_says_so_but_does_not_warn(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _cannot(monkeypatch, "tensorrt", "TensorRtEngine", DeviceMissingError("there is no GPU."))
    with caplog.at_level(logging.INFO, "mirror"):
        engine = open_engine("small", folder=folder)
    assert engine.name == "openvino"
    assert "TensorRT finds no GPU it can use" in engine.reason
    assert [r.levelno for r in caplog.records] == [logging.INFO]


def test_auto_with_nothing_that_works_lists_every_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _no_tensorrt(monkeypatch)
    _cannot(monkeypatch, "openvino", "OpenVinoEngine", MirrorError("first."))
    _cannot(monkeypatch, "onnxruntime", "OnnxRuntimeEngine", MirrorError("second."))
    with pytest.raises(MirrorError, match="no engine can run.*not installed.*first.*second"):
        open_engine("small", folder=folder)


@pytest.mark.parametrize(
    ("name", "engine"),
    [("openvino", "OpenVinoEngine"), ("onnxruntime", "OnnxRuntimeEngine"), ("tensorrt", "TensorRtEngine")],
)
def test_a_named_engine_that_cannot_run_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, engine: str
) -> None:
    _cannot(monkeypatch, name, engine, EngineMissingError("it is not here"))
    with pytest.raises(MirrorError, match="it is not here"):
        open_engine("small", name, folder=folder)


def test_tensorrt_by_name_without_tensorrt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda n, *a: None if n.startswith("tensorrt") else find(n, *a)
    )
    with pytest.raises(EngineMissingError, match="requirements-gpu.txt"):
        open_engine("small", "tensorrt", folder=folder)


@pytest.mark.parametrize(("package", "name"), [("openvino", "OpenVINO"), ("onnxruntime", "ONNX Runtime")])
def test_a_package_that_is_not_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch, package: str, name: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, package, None)
    with pytest.raises(EngineMissingError, match=f"{name} cannot be imported.*pip install {package}"):
        open_engine("small", package, folder=folder)


def test_bad_weights_are_an_error_and_not_a_reason_to_try_the_next_engine(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "small.onnx").write_bytes(b"")
    with pytest.raises(MirrorError, match="0 bytes"):
        open_engine("small", folder=folder)
    assert not caplog.records


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({"choice": "cuda"}, "auto, tensorrt, openvino or onnxruntime"), ({"threads": 0}, "1 or more"),
     ({"precision": "int8"}, "f32")],
)  # fmt: skip
def test_bad_arguments(folder: Path, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(MirrorError, match=said):
        open_engine("small", **{"folder": folder, **arguments})


@pytest.mark.parametrize("name", ["openvino", "onnxruntime"])
class TestEveryCpuEngine:
    def test_says_who_it_is(self, folder: Path, name: str) -> None:
        engine = open_engine("small", name, folder=folder, threads=1)
        assert engine.name == name and engine.device.startswith("CPU")
        assert engine.precision in ("f32", "bf16")
        assert engine.reason.startswith("asked for by name")
        assert name in ENGINES

    def test_reads_new_arrays_every_time(self, folder: Path, name: str) -> None:
        engine = open_engine("small", name, folder=folder)
        first, second = some_inputs(engine.inputs, 1), some_inputs(engine.inputs, 2)
        before = {k: v.copy() for k, v in engine.run(**first).items()}
        other = {k: v.copy() for k, v in engine.run(**second).items()}
        first["z"] += 0  # the same array again, and again after it was changed in place
        np.testing.assert_array_equal(engine.run(**first)["alpha"], before["alpha"])
        first["image"][:], first["z"][:] = second["image"], second["z"]
        np.testing.assert_array_equal(engine.run(**first)["alpha"], other["alpha"])
        assert np.abs(before["alpha"] - other["alpha"]).max() > 0.01

    def test_takes_views_and_arrays_that_cannot_be_written(self, folder: Path, name: str) -> None:
        engine = open_engine("small", name, folder=folder)
        arrays = some_inputs(engine.inputs)
        expected = engine.run(**arrays)["alpha"].copy()
        last = np.ascontiguousarray(arrays["image"].transpose(0, 2, 3, 1))  # a picture as cameras give it
        arrays["image"] = last.transpose(0, 3, 1, 2)
        arrays["z"].flags.writeable = False
        np.testing.assert_array_equal(engine.run(**arrays)["alpha"], expected)

    @pytest.mark.parametrize(
        "change",
        [
            lambda a: a.pop("z"),
            lambda a: a.update(more=a["z"]),
            lambda a: a.update(z=a["z"][:, :4]),
            lambda a: a.update(z=a["z"].astype(np.float64)),
        ],
        ids=["missing", "unknown", "shape", "dtype"],
    )
    def test_refuses_wrong_inputs(self, folder: Path, name: str, change: Any) -> None:
        engine = open_engine("small", name, folder=folder)
        arrays = some_inputs(engine.inputs)
        change(arrays)
        with pytest.raises(ValueError, match="takes|must be"):
            engine.run(**arrays)

    def test_outputs_outlive_it_and_it_says_that_it_is_closed(self, folder: Path, name: str) -> None:
        engine = open_engine("small", name, folder=folder)
        arrays = some_inputs(engine.inputs)
        alpha = engine.run(**arrays)["alpha"]
        expected = alpha.copy()
        engine.close()
        engine.close()
        np.testing.assert_array_equal(alpha, expected)
        with pytest.raises(MirrorError, match="closed"):
            engine.run(**arrays)

    def test_refuses_a_file_that_is_not_the_manifests_network(self, folder: Path, name: str) -> None:
        manifest = (folder / "manifest.json").read_text()
        (folder / "manifest.json").write_text(manifest.replace('"code"', '"hat"'))
        with pytest.raises(MirrorError, match="small.onnx has the outputs .*code.* manifest says .*hat"):
            open_engine("small", name, folder=folder)

    def test_refuses_a_file_that_is_no_network(self, folder: Path, name: str) -> None:
        import hashlib
        import json

        junk = b"not a network" * 50
        (folder / "small.onnx").write_bytes(junk)
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest["networks"]["small"]["sha256"] = hashlib.sha256(junk).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(MirrorError, match="cannot (load|compile)"):
            open_engine("small", name, folder=folder)


def test_an_engine_that_answers_with_no_number_is_not_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mirror.engines.openvino import OpenVinoEngine

    _no_tensorrt(monkeypatch)
    run = OpenVinoEngine.run

    def wrong(self: OpenVinoEngine, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        return {n: v * np.nan for n, v in run(self, **arrays).items()}

    monkeypatch.setattr(OpenVinoEngine, "run", wrong)
    with pytest.raises(MirrorError, match="wrong answer"):
        open_engine("small", "openvino", folder=folder)
    assert open_engine("small", folder=folder).name == "onnxruntime"
