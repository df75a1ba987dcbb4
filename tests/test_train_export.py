"""Export: ONNX that answers as PyTorch does, and a manifest that is written whole or not at all."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import torch
from torch import Tensor

import train.export
from mirror.engine.manifest import read_manifest
from mirror.errors import MirrorError
from train.__main__ import main
from train.export import DOORS, TOLERANCE, Door, export, write_manifest
from train.fit import load_weights, save_checkpoint
from train.nets.hair_vae import HairVAE
from train.nets.matte import MatteNet

pytestmark = pytest.mark.usefixtures("one_thread")

MOST_MEGABYTES = 40


Net = TypeVar("Net", MatteNet, HairVAE)


def lived_in(kind: type[Net], seed: int) -> Net:
    """A network whose weights and statistics differ from place to place, as after training."""
    torch.manual_seed(seed)
    net = kind().eval()
    for name, tensor in net.state_dict().items():
        if name.endswith("running_mean"):
            tensor.normal_(0, 0.2)
        elif name.endswith("running_var"):
            tensor.uniform_(0.2, 0.6)
    return net


@pytest.fixture(scope="module")
def matte() -> MatteNet:
    return lived_in(MatteNet, 1)


@pytest.fixture(scope="module")
def vae() -> HairVAE:
    return lived_in(HairVAE, 2)


@pytest.fixture(scope="module")
def engines(matte: MatteNet, vae: HairVAE, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of engines with all four networks."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("export") / "engines"
    lines = export(matte, vae, folder)
    assert [line.split(":")[0] for line in lines] == ["matte", "painter", "encoder", "shape"]
    return folder


def contents(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def some_inputs(door: Door) -> dict[str, Tensor]:
    """Other numbers than those that the export checks itself with."""
    torch.manual_seed(7)
    return {
        n: torch.rand(s) if len(s) == 4 and n != "detail" else torch.randn(s) for n, s in door.inputs.items()
    }


@torch.inference_mode()
def answer(door: Door, matte: MatteNet, vae: HairVAE, given: dict[str, Tensor]) -> list[Tensor]:
    """What the networks say themselves, in PyTorch, with nothing of train/export.py in between."""
    if door.name == "matte":
        return [torch.sigmoid(matte(given["image"]))]
    if door.name == "encoder":
        z, _, detail, _ = vae.encoder(given["image"] * given["alpha"], given["alpha"], given["face"])
        return [z, detail]
    if door.name == "shape":
        return [torch.sigmoid(vae.shape_decoder(given["z"], given["shape"]))]
    hole, face, valid = given["maps"].split(1, 1)
    cut = given["image"] * (1 - hole)
    codes = (given["coarse"], given["detail"], given["z"], given["shape"])
    rgb, logits = vae.painter(cut, hole, face, valid, *codes)
    return [torch.cat([rgb, torch.sigmoid(logits)], 1)]


@pytest.mark.parametrize("kind", ["float32", "float16"])
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_onnx_answers_as_pytorch_does(
    door: Door, kind: str, engines: Path, matte: MatteNet, vae: HairVAE
) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    network = read_manifest(engines).network(door.name)
    if kind == "float16" and not door.every_frame:
        assert network.float16 is None, "only what runs every frame is written in float16"
        return
    file = network.file if kind == "float32" else network.float16
    assert file is not None
    weights = file.read()
    assert len(weights) < MOST_MEGABYTES * 1e6
    session = onnxruntime.InferenceSession(weights, providers=["CPUExecutionProvider"])
    assert {i.name: (tuple(i.shape), i.type) for i in session.get_inputs()} == {
        name: (port.shape, "tensor(float)") for name, port in network.inputs.items()
    }
    given = some_inputs(door)
    expected = answer(door, matte, vae, given)
    got = session.run(list(door.outputs), {name: tensor.numpy() for name, tensor in given.items()})
    for name, mine, theirs in zip(door.outputs, expected, got, strict=True):
        assert network.outputs[name].shape == theirs.shape == tuple(mine.shape)
        worst = np.abs(mine.numpy() - theirs).max()
        assert worst <= TOLERANCE[kind] * max(1.0, float(mine.abs().max()))
        assert mine.std() > 1e-3, "an answer that is always the same would prove nothing"


def test_float16_is_strongly_typed(engines: Path) -> None:
    """Weights in float16, and the doors in float32."""
    onnx = pytest.importorskip("onnx")
    model = onnx.load(engines / "painter.fp16.onnx")
    kinds = {tensor.data_type for tensor in model.graph.initializer if len(tensor.dims) == 4}
    assert kinds == {onnx.TensorProto.FLOAT16}
    assert (engines / "painter.fp16.onnx").stat().st_size < 0.6 * (engines / "painter.onnx").stat().st_size


def test_the_networks_are_left_as_they_were(engines: Path, matte: MatteNet, vae: HairVAE) -> None:
    """Float16 is made of a copy: the networks keep all 24 bits and stay ready to use."""
    for net, again in ((matte, lived_in(MatteNet, 1)), (vae, lived_in(HairVAE, 2))):
        assert not any(module.training for module in net.modules())
        for mine, theirs in zip(net.state_dict().values(), again.state_dict().values(), strict=True):
            assert torch.equal(mine, theirs)


@pytest.fixture
def copy(engines: Path, tmp_path: Path) -> Path:
    """The engines folder again, for a test that changes it."""
    folder = tmp_path / "engines"
    folder.mkdir()
    for file in engines.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def test_one_network_is_replaced_alone(copy: Path, engines: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"]["stylebook"] = {"file": "styles.safetensors", "sha256": "0" * 64}
    (copy / "manifest.json").write_text(json.dumps(manifest))
    lines = export(lived_in(MatteNet, 5), None, copy)
    assert len(lines) == 1
    before, after = contents(engines), contents(copy)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"matte.onnx", "matte.fp16.onnx", "manifest.json"}
    assert "stylebook" in read_manifest(copy).files
    for name in ("matte", "painter", "encoder", "shape"):
        read_manifest(copy).network(name).file.read()  # checks the SHA-256


def test_a_network_that_fails_changes_nothing(copy: Path) -> None:
    """The matte network is good and comes first; the painter after it is broken: neither is taken over."""
    broken = HairVAE()
    with torch.no_grad():
        broken.painter.head.weight.fill_(float("nan"))
    before = contents(copy)
    with pytest.raises(MirrorError, match="painter.onnx differs from PyTorch by nan.*nothing was changed"):
        export(lived_in(MatteNet, 6), broken, copy)
    assert contents(copy) == before


def test_a_manifest_is_written_whole_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "manifest.json"
    write_manifest({"format": 1, "networks": {}}, path)
    before = path.read_bytes()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(train.export.os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write_manifest({"format": 1, "networks": {"matte": {}}}, path)
    assert path.read_bytes() == before


def test_a_style_book_of_older_networks_is_pointed_out(copy: Path, vae: HairVAE) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"]["stylebook"] = {"file": "styles.safetensors", "sha256": "0" * 64}
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert "style book" in export(None, vae, copy)[-1]


def test_export_by_command(tmp_path: Path, matte: MatteNet, capsys: pytest.CaptureFixture[str]) -> None:
    run, engines = tmp_path / "run", tmp_path / "engines"
    save_checkpoint(run, matte, matte, {})
    assert main(["export", "--matte", str(run), "--engines", str(engines)]) == 0
    assert capsys.readouterr().out.startswith("matte: float32 within")
    read_manifest(engines).network("matte").file.read()
    load_weights(MatteNet(), engines / "matte.fp16.safetensors")
    assert main(["export", "--engines", str(engines)]) == 2
    assert "nothing to export" in capsys.readouterr().err
    assert main(["export", "--hair-vae", str(run), "--engines", str(engines)]) == 2
    assert "does not hold a HairVAE" in capsys.readouterr().err
