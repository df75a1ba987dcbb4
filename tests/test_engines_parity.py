"""Every engine gives ONNX Runtime's float32 answer, within the tolerance stated for its precision."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mirror.engines import ENGINES_FOLDER, Engine, open_engine
from mirror.engines.protocol import TOLERANCE
from tests.engine_networks import small_folder, some_inputs, why_no_tensorrt

MANIFEST = ENGINES_FOLDER / "manifest.json"
SHIPPED = sorted(json.loads(MANIFEST.read_text())["networks"]) if MANIFEST.exists() else []


def difference(engine: Engine, exact: Engine, seed: int) -> tuple[float, float]:
    """Largest and mean difference over all outputs, over max(1, largest magnitude), as TOLERANCE has it."""
    arrays = some_inputs(exact.inputs, seed)
    expected, found = exact.run(**arrays), engine.run(**arrays)
    assert expected.keys() == found.keys() == exact.outputs.keys()
    worst = mean = 0.0
    for name, value in expected.items():
        assert found[name].shape == value.shape and found[name].dtype == value.dtype == np.float32
        apart = np.abs(found[name] - value) / max(1.0, float(np.abs(value).max()))
        worst, mean = max(worst, float(apart.max())), max(mean, float(apart.mean()))
    return worst, mean


def check(folder: Path, network: str, name: str, precision: str | None) -> Engine:
    if name == "tensorrt" and (why := why_no_tensorrt()):
        pytest.skip(why)
    engine = open_engine(network, name, folder=folder, precision=precision)
    exact = open_engine(network, "onnxruntime", folder=folder)
    for seed in range(3):
        worst, mean = difference(engine, exact, seed)
        allowed_worst, allowed_mean = TOLERANCE[engine.precision]
        assert worst <= allowed_worst and mean <= allowed_mean
    return engine


ENGINES = [("openvino", "f32"), ("openvino", None), ("tensorrt", "f32"), ("tensorrt", None)]


@pytest.mark.parametrize(("name", "precision"), ENGINES)
def test_on_a_small_network(tmp_path: Path, name: str, precision: str | None) -> None:
    engine = check(small_folder(tmp_path), "small", name, precision)
    if precision is not None:
        assert engine.precision == precision


@pytest.mark.skipif(not SHIPPED, reason="engines/manifest.json is not there")
@pytest.mark.parametrize("network", SHIPPED)
@pytest.mark.parametrize(("name", "precision"), ENGINES)
def test_on_every_network_we_ship(network: str, name: str, precision: str | None) -> None:
    check(ENGINES_FOLDER, network, name, precision)


def test_the_tolerance_would_notice_another_network(tmp_path: Path) -> None:
    """The check above can fail: weights drawn anew are far outside the widest tolerance."""
    import hashlib

    from tests.engine_networks import small_manifest, small_network

    exact = open_engine("small", "onnxruntime", folder=small_folder(tmp_path / "a"))
    manifest = small_manifest(tmp_path / "b")
    other = small_network(seed=1)
    (tmp_path / "b" / "small.onnx").write_bytes(other)
    manifest["networks"]["small"]["sha256"] = hashlib.sha256(other).hexdigest()
    (tmp_path / "b" / "manifest.json").write_text(json.dumps(manifest))
    engine = open_engine("small", "openvino", folder=tmp_path / "b")
    assert difference(engine, exact, 0)[0] > 2 * max(worst for worst, _ in TOLERANCE.values())


def test_bf16_is_used_where_the_processor_has_it(tmp_path: Path) -> None:
    from mirror.engines.openvino import _core

    engine = open_engine("small", "openvino", folder=small_folder(tmp_path))
    has = "BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    assert engine.precision == ("bf16" if has else "f32")
    if has:
        exact = open_engine("small", "openvino", folder=tmp_path, precision="f32")
        assert difference(engine, exact, 0)[0] > 0  # it really calculates in another precision
