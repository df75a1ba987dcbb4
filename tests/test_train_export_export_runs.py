"""Export: ONNX that answers as PyTorch does, proven to load, under names that the mirror can trust."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER, open_engine
from mirror.engines.manifest import read_manifest
from mirror.engines.strong_typing import strongly_typed
from tests.engine_networks import small_folder
from tests.train_tiny import without_spec
from train.export.engines_folder import sha256, signed
from train.export.export_runs import export
from train.export.exported_parts import Door, doors
from train.export.onnx_conversion import ALLOWED, Half, OnnxFile, answer, as_stored, difference
from train.nets.autoencoders import Burgess, ConvCodec
from train.nets.matte import MatteNet
from train.nets.spec import Spec, build, load_weights, open_run, save_weights

pytestmark = pytest.mark.usefixtures("one_thread")

SPECS = {
    "matte": Spec("matte", 64),
    "hair_vae": Spec("hair_vae", 64, 16),
    "burgess": Spec("burgess", 64, 8, "laplace"),
}


def lived_in(spec: Spec, seed: int) -> nn.Module:
    """A network whose weights and statistics differ from place to place, as after training."""
    torch.manual_seed(seed)
    net = build(spec).eval()
    for name, tensor in net.state_dict().items():
        if name.endswith("running_mean"):
            tensor.normal_(0, 0.2)
        elif name.endswith("running_var"):
            tensor.uniform_(0.2, 0.6)
    return net


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of a run for each of SPECS, with nothing but its averaged weights."""
    folder = tmp_path_factory.mktemp("runs")
    for seed, (kind, spec) in enumerate(SPECS.items()):
        (folder / kind).mkdir()
        save_weights(lived_in(spec, seed), spec, folder / kind / "average.safetensors")
    return {kind: folder / kind for kind in SPECS}


@pytest.fixture(scope="module")
def exported(runs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder with all of SPECS, and what was said while it was made, in two exports."""
    torch.set_num_threads(1)
    engines, said = tmp_path_factory.mktemp("export") / "engines", []  # type: ignore[var-annotated]
    export([runs["matte"], runs["hair_vae"]], engines, name="small", say=said.append)
    export([runs["burgess"]], engines, say=said.append)
    return engines, said


def some_inputs(ports: dict) -> dict[str, Tensor]:
    """Other numbers than those that the export checks itself with."""
    torch.manual_seed(7)
    codes = ("z", "shape", "detail")
    return {n: torch.randn(p.shape) if n in codes else torch.rand(p.shape) for n, p in ports.items()}


@torch.inference_mode()
def truth(name: str, nets: dict[str, Any], given: dict[str, Tensor]) -> dict[str, Tensor]:
    """What the networks say themselves, in PyTorch, with nothing of train/export in between."""
    matte, hair, burgess = nets["matte"], nets["hair_vae"], nets["burgess"]
    if name == "burgess.encoder":
        return {"z": burgess.encode(given["image"])[0]}
    if name == "burgess.decoder":
        return {"image": burgess.decode(given["z"])}
    if name == "small.matte":
        alphas = torch.sigmoid(matte(given["image"], given["previous"]))
        before = alphas[:, 2:].amax(1, keepdim=True)  # held or worn: the mirror paints under either
        return {"mattes": torch.cat([alphas[:, :2], before], 1)}
    if name == "small.encoder":
        z, _, detail, _ = hair.encoder(given["image"] * given["alpha"], given["alpha"], given["face"])
        return {"z": z, "detail": detail}
    if name == "small.shape":
        return {"coarse": torch.sigmoid(hair.shape_decoder(given["z"], given["shape"]))}
    cut = given["image"] * (1 - given["maps"][:, :1])
    codes = (given["coarse"], given["detail"], given["z"], given["shape"])
    layers, logits = hair.painter.layers(cut, given["maps"], *codes)
    # The room is not shipped.
    return {"layer": torch.cat([layers[:, :6], torch.sigmoid(logits)], 1)}


ALL = ("small.matte", "small.painter", "small.encoder", "small.shape", "burgess.encoder", "burgess.decoder")


@pytest.mark.parametrize("precision", ["float32", "float16"])
@pytest.mark.parametrize("name", ALL)
def test_onnx_answers_as_pytorch_does(
    name: str, precision: str, exported: tuple[Path, list[str]], runs: dict[str, Path]
) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    network = read_manifest(exported[0]).network(name)
    onnx = network.file.read()
    if precision == "float16":
        onnx = strongly_typed(onnx, name, half=True)
    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    assert {i.name: (tuple(i.shape), i.type) for i in session.get_inputs()} == {
        name: (port.shape, "tensor(float)") for name, port in network.inputs.items()
    }
    given = some_inputs(network.inputs)  # type: ignore[arg-type]
    expected = truth(name, {kind: as_stored(open_run(run)[1]) for kind, run in runs.items()}, given)
    assert list(expected) == list(network.outputs)
    got = session.run(list(expected), {name: tensor.numpy() for name, tensor in given.items()})
    for (output, mine), theirs in zip(expected.items(), got, strict=True):
        assert network.outputs[output].shape == theirs.shape == tuple(mine.shape)
        worst = np.abs(mine.numpy() - theirs).max()
        assert worst <= ALLOWED[precision][0] * max(1.0, float(mine.abs().max()))
        assert mine.std() > 1e-3, "an answer that is always the same would prove nothing"


@pytest.mark.parametrize("name", ALL)
def test_weights_lie_in_float16_and_nothing_of_this_machine(
    name: str, exported: tuple[Path, list[str]]
) -> None:
    """What computes in them is float32, and so are the doors; no folder, no line of code."""
    onnx = pytest.importorskip("onnx")
    data = read_manifest(exported[0]).network(name).file.read()
    model = onnx.load_from_string(data)
    onnx.checker.check_model(model, full_check=True)
    float16, float32 = onnx.TensorProto.FLOAT16, onnx.TensorProto.FLOAT
    # Those of training have a dot in their names; constants have none.
    weights = [t for t in model.graph.initializer if len(t.dims) > 1 and "." in t.name]
    assert weights and {t.data_type for t in weights} == {float16}
    vectors = [t for t in model.graph.initializer if len(t.dims) == 1 and t.name.endswith(("bias", "mean"))]
    assert {t.data_type for t in vectors} == {float32}, "norms and biases are few, and move whole planes"
    doors = [*model.graph.input, *model.graph.output]
    assert {value.type.tensor_type.elem_type for value in doors} == {float32}
    assert len(data) < 2.3 * sum(t.dims[0] * np.prod(t.dims[1:]) for t in weights) + 100_000
    # Without the weights: among millions of random bytes any short word turns up.
    for weight in model.graph.initializer:
        weight.ClearField("raw_data")
    bare = model.SerializeToString()
    assert not any(word in bare for word in (b".py", b"stack_trace", str(Path(__file__).parent).encode()))


@pytest.mark.parametrize("name", ALL)
def test_what_tensorrt_is_given_is_strongly_typed(name: str, exported: tuple[Path, list[str]]) -> None:
    """One precision between float32 doors, norms folded, nothing left to be computed of constants alone."""
    onnx = pytest.importorskip("onnx")
    data = read_manifest(exported[0]).network(name).file.read()
    for half, wanted in ((True, onnx.TensorProto.FLOAT16), (False, onnx.TensorProto.FLOAT)):
        model = onnx.load_from_string(strongly_typed(data, name, half=half))
        ports = {p.name for p in (*model.graph.input, *model.graph.output)}
        kinds = [node.op_type for node in model.graph.node]
        assert "BatchNormalization" not in kinds and kinds.count("Cast") == (len(ports) if half else 0)
        scales = {node.input[2] for node in model.graph.node if node.op_type == "Resize"}
        whole = {t.name for t in model.graph.initializer if t.data_type == onnx.TensorProto.INT64}
        types = {t.data_type for t in model.graph.initializer if t.name not in scales | whole}
        assert types == {wanted}
        constants = {t.name for t in model.graph.initializer}
        assert all(set(node.input) - constants - {""} for node in model.graph.node)
        inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
        onnx.checker.check_model(inferred, full_check=True)


def test_the_manifest_says_what_each_network_is(exported: tuple[Path, list[str]]) -> None:
    engines, _ = exported
    networks = json.loads((engines / "manifest.json").read_text())["networks"]
    assert tuple(networks) == ALL
    decoder = networks["burgess.decoder"]
    assert decoder["spec"] == {"net": "burgess", "size": 64, "latent": 8, "likelihood": "laplace"}
    assert decoder["inputs"] == {"z": {"shape": [1, 8], "dtype": "float32"}}
    assert decoder["outputs"] == {"image": {"shape": [1, 3, 64, 64], "dtype": "float32"}}
    assert networks["small.painter"]["inputs"]["detail"]["shape"] == [1, 8, 16, 16]
    assert networks["small.painter"]["inputs"]["coarse"]["shape"] == [1, 1, 16, 16]
    for entry in networks.values():
        first, second, *runtimes = entry["proof"]
        assert (first, second) == ("allowed", "weights in float16") and 0 < entry["proof"][second] < 0.01
        named = [name.split()[0].split("-")[0] for name in runtimes]
        assert named == ["PyTorch", "ONNX", "OpenVINO", "TensorRT"]
    for name in ALL:
        engine = open_engine(name, folder=engines)
        engine.close()


def test_one_line_a_network(exported: tuple[Path, list[str]]) -> None:
    said = [line for line in exported[1] if "signed in" not in line]
    assert [line.split(":")[0] for line in said] == list(ALL)
    for line in said:
        for word in ("M weights", "GFLOP", "MB", "in float16 change it by", "allowed 0.001", "allowed 0.02"):
            assert word in line, (word, line)
        for word in ("ONNX Runtime", "OpenVINO", "TensorRT"):
            assert word in line, (word, line)
    assert [line for line in exported[1] if "signed in" in line][1].startswith(
        "burgess.encoder, burgess.decoder signed"
    )


@pytest.mark.parametrize("kind", SPECS)
def test_training_goes_on_from_the_files_that_ship(
    kind: str, exported: tuple[Path, list[str]], runs: dict[str, Path]
) -> None:
    """Every weight is there, of parts that nothing runs too, from any one of a network's files."""
    network = read_manifest(exported[0]).network(
        {"hair_vae": "small.shape", "matte": "small.matte"}.get(kind, ALL[-1])
    )
    spec, net = open_run(network.file.path)
    assert spec == SPECS[kind] and not net.training
    trained = open_run(runs[kind])[1]
    for (name, mine), theirs in zip(net.state_dict().items(), trained.state_dict().values(), strict=True):
        assert torch.equal(mine, theirs.half().float() if theirs.ndim > 1 else theirs), name
    if kind == "burgess":  # the others have a name of their own, and the folder has other names before those
        again = load_weights(build(spec), exported[0], kind)
        assert torch.equal(next(again.parameters()), next(net.parameters()))
    else:
        with pytest.raises(MirrorError, match=f"does not hold weights of {kind}.*Give one of small.matte-"):
            load_weights(build(spec), exported[0], kind)


def test_weights_that_nothing_runs_ship_all_the_same(tmp_path: Path) -> None:
    """The variance of a code: a layer of its own, which the encoder's mean does not use."""
    spec = Spec("s0_vae", 64, 4)
    net = lived_in(spec, 2)
    save_weights(net, spec, tmp_path / "average.safetensors")
    export([tmp_path], tmp_path / "engines", say=lambda _: None)
    decoder = read_manifest(tmp_path / "engines").network("s0_vae.decoder").file
    assert torch.equal(open_run(decoder.path)[1].to_logvar.bias, net.to_logvar.bias)


def test_networks_that_cannot_be_trained_on_say_so(exported: tuple[Path, list[str]], tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="does not hold one network alone.*Give one of small.matte-"):
        open_run(exported[0])
    with pytest.raises(MirrorError, match=r"does not hold matte-0.onnx, to train on.*small.painter-"):
        open_run(exported[0] / "matte-0.onnx")
    with pytest.raises(MirrorError, match="manifest.json is missing"):
        open_run(tmp_path / "matte-0.onnx")
    painter = read_manifest(exported[0]).network("small.painter").file.path
    with pytest.raises(MirrorError, match="does not hold this MatteNet"):
        load_weights(MatteNet(), painter)
    silent = small_folder(tmp_path / "silent")
    with pytest.raises(MirrorError, match="does not hold small.onnx"):
        open_run(silent / "small.onnx")


def test_the_network_is_left_as_it_was() -> None:
    """Float16 is made of a copy: the network keeps all 24 bits."""
    net = lived_in(SPECS["matte"], 1)
    half = Half(net)
    assert {p.dtype for p in half.parameters()} == {torch.float16}
    for mine, theirs in zip(
        net.state_dict().values(), lived_in(SPECS["matte"], 1).state_dict().values(), strict=True
    ):
        assert torch.equal(mine, theirs)


# What the live mirror can run.


@pytest.mark.parametrize("kind", ["matte", "hair_vae"])
def test_under_the_mirrors_names_only_what_it_can_run(kind: str) -> None:
    """The ports are those of the networks it ships with."""
    shipped = read_manifest(ENGINES_FOLDER)
    made = doors(Spec(kind), build(Spec(kind)).eval())
    assert [d.name for d in made] == (["matte"] if kind == "matte" else ["painter", "encoder", "shape"])
    for door in made:
        network = shipped.network(door.name)
        assert door.inputs == {n: p.shape for n, p in network.inputs.items()}
        found = {n: a.shape for n, a in zip(door.outputs, answer(door.net, door.examples(1)), strict=True)}
        assert found == {n: p.shape for n, p in network.outputs.items()}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (Spec("matte", 128), "trained for 128 pixels; the live mirror runs 256 pixels"),
        (Spec("hair_vae", 64, 128), "64 pixels and latent 128; .* 256 pixels and latent 128"),
        (Spec("hair_vae", 256, 64), "256 pixels and latent 64; .*--name.*--size 256 --latent 128"),
    ],
)
def test_what_the_live_mirror_cannot_run_is_refused_under_its_names(
    spec: Spec, said: str, tmp_path: Path
) -> None:
    save_weights(build(spec), spec, tmp_path / "average.safetensors")
    with pytest.raises(MirrorError, match=said):
        export([tmp_path], tmp_path / "engines")
    assert not (tmp_path / "engines").exists()


def named_file(door: Door, work: Path) -> dict:
    """An entry of a network that is a line of text."""
    path = work / f"{door.name}.onnx"
    path.write_text(door.name)
    return signed(path, door.name) | {"inputs": {}, "outputs": {}}


def test_weights_that_say_nothing_of_themselves_can_be_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Safetensors without a spec, given by their kind. The making itself is tested above."""
    made: list[tuple[str, Spec]] = []

    def only_named(door: Door, file: OnnxFile, spec: Spec, work: Path) -> tuple[dict, str]:
        made.append((door.name, spec))
        return named_file(door, work), door.name

    monkeypatch.setattr("train.export.export_runs.make", only_named)
    matte, hair = (silent_weights(Spec(kind), tmp_path) for kind in ("matte", "hair_vae"))
    monkeypatch.setattr("train.export.export_runs.to_onnx", lambda parts, *_: [OnnxFile(b"", 0)] * len(parts))
    export([], tmp_path, matte=matte, hair_vae=hair, say=lambda _: None)
    assert made == [("matte", Spec("matte"))] + [
        (n, Spec("hair_vae")) for n in ("painter", "encoder", "shape")
    ]


def silent_weights(spec: Spec, folder: Path) -> Path:
    """A file of weights that does not say what network it is of."""
    save_weights(build(spec), spec, folder / f"{spec.net}.safetensors")
    return without_spec(folder / f"{spec.net}.safetensors", folder / f"{spec.net}.silent")


# What cannot be exported.


def test_a_network_that_fails_changes_nothing(
    runs: dict[str, Path], exported: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The encoder is good and comes first; the decoder after it is broken: neither is taken over."""
    engines, _ = exported
    before = {p.name: sha256(p) for p in engines.iterdir()}

    def broken_second(door: Door, file: OnnxFile, spec: Spec, work: Path) -> tuple[dict, str]:
        if door.name == "burgess.decoder":
            raise MirrorError("burgess.decoder differs")
        return named_file(door, work), door.name

    monkeypatch.setattr("train.export.export_runs.make", broken_second)
    said: list[str] = []
    with pytest.raises(MirrorError, match="burgess.decoder differs"):
        export([runs["burgess"]], engines, say=said.append)
    assert said == ["burgess.encoder"]
    assert {p.name: sha256(p) for p in engines.iterdir()} == before


def test_bad_requests(runs: dict[str, Path], tmp_path: Path) -> None:
    def refusal(*given: Path, **more: Any) -> str:
        with pytest.raises(MirrorError) as caught:
            export(list(given), tmp_path / "engines", **more)
        return str(caught.value)

    assert "nothing to export" in refusal()
    assert "two networks would be named burgess.decoder, burgess.encoder" in refusal(
        runs["burgess"], runs["burgess"]
    )
    both = refusal(runs["burgess"], runs["hair_vae"], name="x")
    assert "two networks would be named x.encoder" in both and "--name" in both
    assert "is missing" in refusal(tmp_path / "nowhere")
    assert "is missing" in refusal(matte=tmp_path / "nowhere")
    assert "holds a network of the kind burgess, not matte. Give it without --matte" in refusal(
        matte=runs["burgess"]
    )
    for name in ("Big", "a/b", "", "matte", "vae", "a.b", "a-1"):
        assert "is not a name of its own" in refusal(runs["burgess"], name=name)
    silent = silent_weights(Spec("matte"), tmp_path)
    assert "does not say what network it holds" in refusal(silent)
    assert "does not hold this HairVAE" in refusal(hair_vae=silent)
    assert not (tmp_path / "engines").exists()


def test_differences_are_judged_by_the_largest_and_by_the_mean() -> None:
    mine = [np.zeros((1, 1000), np.float32), np.full((1, 4), 10, np.float32)]
    theirs = [mine[0].copy(), mine[1] + np.float32(0.0005)]
    assert difference("x", "float32", mine, theirs) == pytest.approx(5e-5, rel=1e-2)  # of the magnitude, 10
    theirs = [mine[0].copy(), mine[1]]
    theirs[0][0, 0] = 0.002
    with pytest.raises(MirrorError, match="x in float32 differs from PyTorch by 0.002"):
        difference("x", "float32", mine, theirs)
    with pytest.raises(MirrorError, match="0.0005 on average"):
        difference("x", "float32", mine, [mine[0] + 0.0005, mine[1]])
    with pytest.raises(MirrorError, match="nan"):
        difference("x", "float16", mine, [mine[0], mine[1] * np.nan])


def test_a_pictures_decoder_is_tried_on_codes_of_pictures() -> None:
    """An autoencoder's codes may be far from normal: there it must be exact."""
    net = ConvCodec(64, 4, variational=False).eval()
    with torch.no_grad():
        net.to_code.bias.fill_(50)
    decoder = doors(Spec("autoencoder", 64, 4), net)[1]
    assert decoder.examples(1)[0].mean() > 40
    small = Burgess(64, 4, channels=4, hidden=8).eval()
    assert [d.name for d in doors(Spec("burgess", 64, 4), small, "mine")] == ["mine.encoder", "mine.decoder"]
