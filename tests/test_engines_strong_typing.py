"""One file a network: what TensorRT is given of it answers as the file itself."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.engines.protocol import TOLERANCE, Port
from mirror.engines.strong_typing import strongly_typed
from tests.engine_networks import INPUTS, OUTPUTS, small_network, some_inputs


def answer(onnx: bytes) -> dict[str, np.ndarray]:
    ort = pytest.importorskip("onnxruntime")
    session = ort.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    given = some_inputs({name: Port(shape, "float32") for name, shape in INPUTS.items()})
    return dict(zip(OUTPUTS, session.run(list(OUTPUTS), given), strict=True))


@pytest.mark.parametrize(("half", "allowed"), [(False, 1e-6), (True, TOLERANCE["f16"][0])])
def test_the_same_network_in_one_precision(half: bool, allowed: float) -> None:
    onnx = pytest.importorskip("onnx")
    data = small_network()
    typed = strongly_typed(data, "small", half=half)
    found = answer(typed)
    for name, expected in answer(data).items():
        assert expected.std() > 0.02, "an answer that is always the same would prove nothing"
        assert found[name].dtype == np.float32
        assert np.abs(found[name] - expected).max() < allowed
    model = onnx.load_from_string(typed)
    onnx.checker.check_model(onnx.shape_inference.infer_shapes(model, strict_mode=True), full_check=True)
    floats = {t.name: t.data_type for t in model.graph.initializer if t.data_type != onnx.TensorProto.INT64}
    scales = {node.input[2] for node in model.graph.node if node.op_type == "Resize"}
    inside = onnx.TensorProto.FLOAT16 if half else onnx.TensorProto.FLOAT
    assert {kind for name, kind in floats.items() if name not in scales} == {inside}
    assert {floats[name] for name in scales} == {onnx.TensorProto.FLOAT}
    assert "of_training_alone" not in floats


@pytest.mark.parametrize("missing", ["onnx", "onnxruntime"])
def test_what_is_not_installed_is_said(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked: dict[str, Any] = sys.modules
    monkeypatch.setitem(blocked, missing, None)
    with pytest.raises(
        MirrorError, match=f"TensorRT needs onnx and onnxruntime.*{missing}.*requirements-gpu"
    ):
        strongly_typed(small_network(), "small", half=True)


def test_what_is_no_network_is_said() -> None:
    pytest.importorskip("onnxruntime")
    with pytest.raises(MirrorError, match="ONNX Runtime cannot read the network small: ."):
        strongly_typed(b"not a network", "small", half=True)
