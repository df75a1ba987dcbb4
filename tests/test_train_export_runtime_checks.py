"""Runtime checks: every runtime that is here answers as PyTorch does, on a network made in a moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from mirror.core.errors import MirrorError
from mirror.engines.manifest import read_manifest
from mirror.engines.protocol import EngineMissingError
from train.export import runtime_checks
from train.export.export_runs import make
from train.export.exported_parts import Door
from train.export.onnx_conversion import as_stored, to_onnx
from train.export.runtime_checks import try_everywhere
from train.nets.spec import Spec

pytestmark = pytest.mark.usefixtures("one_thread")


class Blur(nn.Module):
    """One convolution."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.net = nn.Conv2d(3, 1, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        return torch.sigmoid(self.net(image))


@pytest.fixture(scope="module")
def blur() -> Door:
    return Door("blur", as_stored(Blur()), {"image": (1, 3, 16, 16)}, ("alpha",))


@pytest.fixture(scope="module")
def made(blur: Door, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The work folder with its files and its trial manifest, and the line that was said."""
    folder = tmp_path_factory.mktemp("blur")
    spec = Spec("matte", 64)
    return folder, make(blur, *to_onnx([blur], blur.net.net, spec), spec, folder)[1]


def test_a_network_too_large_for_onnx_is_refused(
    blur: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 2 * 3 * 9 + 4  # a weight in float16, a bias in float32
    monkeypatch.setattr("train.export.onnx_conversion.LARGEST", size)
    (file,) = to_onnx([blur], blur.net.net, Spec("matte", 64))
    assert file.weights == 3 * 9 + 1
    monkeypatch.setattr("train.export.onnx_conversion.LARGEST", size - 1)
    with pytest.raises(MirrorError, match="blur has .* GB of weights.*nothing was changed.*smaller --size"):
        to_onnx([blur], blur.net.net, Spec("matte", 64))


def is_missing(*_: object, **__: object) -> None:
    raise EngineMissingError("not there")


def test_what_is_not_installed_says_so(
    blur: Door, made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    network = read_manifest(made[0]).network("blur")
    monkeypatch.setattr(runtime_checks, "installed", is_missing)
    monkeypatch.setattr(runtime_checks, "OpenVinoEngine", is_missing)
    trials = {trial.runtime: trial for trial in try_everywhere(blur, network, made[0])}
    for runtime in ("OpenVINO", "TensorRT"):
        assert str(trials[runtime]) == f"{runtime} is not installed here: not tried"
        assert trials[runtime].entry() == {"remark": "is not installed here: not tried"}
    monkeypatch.setattr(runtime_checks, "OnnxRuntimeEngine", is_missing)
    with pytest.raises(MirrorError, match="neither ONNX Runtime nor OpenVINO.*pip install"):
        try_everywhere(blur, network, made[0])


def test_openvino_alone_is_enough_to_compare(
    blur: Door, made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openvino")
    monkeypatch.setattr(runtime_checks, "OnnxRuntimeEngine", is_missing)
    trials = try_everywhere(blur, read_manifest(made[0]).network("blur"), made[0])
    assert "not tried" in str(trials[1]) and trials[2].differences["float32"] < 1e-5


def test_tensorrt_compiles_the_float16_file_here(blur: Door, made: tuple[Path, str]) -> None:
    pytest.importorskip("tensorrt_rtx", reason="tensorrt_rtx is not installed", exc_type=ImportError)
    trial = try_everywhere(blur, read_manifest(made[0]).network("blur"), made[0])[-1]
    assert trial.seconds is not None
    assert trial.remark == "compiled, not run: no GPU here" or "float16" in trial.differences


def test_the_full_tensorrt_without_a_gpu_says_so(
    blur: Door, made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime_checks, "installed", lambda: ["tensorrt"])
    monkeypatch.setattr(runtime_checks, "Cuda", is_missing)
    trial = try_everywhere(blur, read_manifest(made[0]).network("blur"), made[0])[-1]
    assert trial.seconds is None and "compiles only on a machine with a GPU" in str(trial)


def _refuse(*_: object, **__: object) -> bytes:
    raise MirrorError("tensorrt_rtx cannot build the network blur: for a reason")


@pytest.mark.parametrize("runtime", ["OnnxRuntimeEngine", "OpenVinoEngine"])
def test_a_runtime_that_answers_wrong_stops_the_export(
    blur: Door, made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, runtime: str
) -> None:
    real: Callable[..., Any] = getattr(runtime_checks, runtime)

    def wrong(*given: Any, **more: Any) -> Any:
        engine = real(*given, **more)
        run = engine.run
        engine.run = lambda **arrays: {name: value + 0.01 for name, value in run(**arrays).items()}
        return engine

    monkeypatch.setattr(runtime_checks, runtime, wrong)
    with pytest.raises(MirrorError, match="blur in .* in float32 differs from PyTorch by 0.01"):
        try_everywhere(blur, read_manifest(made[0]).network("blur"), made[0])


def test_a_network_that_tensorrt_refuses_stops_the_export(
    blur: Door, made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tensorrt_rtx", reason="tensorrt_rtx is not installed", exc_type=ImportError)
    monkeypatch.setattr(runtime_checks, "build", _refuse)
    monkeypatch.setattr(runtime_checks, "Cuda", is_missing)
    with pytest.raises(MirrorError, match="tensorrt_rtx cannot build the network blur: for a reason"):
        try_everywhere(blur, read_manifest(made[0]).network("blur"), made[0])


def test_a_network_beyond_float16_is_refused(made: tuple[Path, str]) -> None:
    """Sums above 65504 between two layers: runtimes on a CPU may not notice, a GPU would give infinity."""

    class Loud(Blur):
        def forward(self, image: Tensor) -> Tensor:
            return torch.tanh(self.net(image * 1e6) / 1e6)

    door = Door("loud", Loud().eval(), {"image": (1, 3, 16, 16)}, ("alpha",))
    with pytest.raises(MirrorError, match="loud in PyTorch in float16 differs from PyTorch by (nan|inf)"):
        try_everywhere(door, read_manifest(made[0]).network("blur"), made[0])


def test_it_is_checked_on_other_numbers_than_it_was_traced_with(
    blur: Door, made: tuple[Path, str], tmp_path: Path
) -> None:
    """What tracing froze into the file would else go unseen. And the same weights make the same file."""
    seeds = []

    class Noted(Door):
        def examples(self, seed: int) -> tuple[Tensor, ...]:
            seeds.append(seed)
            return super().examples(seed)

    door = Noted("blur", blur.net, blur.inputs, blur.outputs)
    (file,) = to_onnx([door], door.net.net, Spec("matte", 64))
    network = read_manifest(made[0]).network("blur")
    assert file.data == network.file.read()
    try_everywhere(door, network, made[0])
    traced, checked = seeds
    (one,), (two,), (again,) = (blur.examples(seed) for seed in (traced, checked, traced))
    assert (one - two).abs().mean() > 0.05 and torch.equal(one, again)
