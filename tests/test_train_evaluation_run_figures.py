"""Training runs side by side: what is measured of each, and who cannot be judged."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from mirror.core.errors import MirrorError
from tests.train_tiny import tiny_shards, write_shard
from train.commands.evaluate import add_flags
from train.commands.evaluate import evaluate as command
from train.data.shards import Shards
from train.evaluation.run_figures import (
    compare,
    judge_codec,
    judge_hair,
    judge_pictures,
    mean_picture,
    read_state,
)
from train.inference.codec import PictureCodec, read_heads
from train.metrics.bootstrap import Tally
from train.nets.spec import Spec, build, save_weights

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_shards(tmp_path_factory.mktemp("shards"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of fresh weights, by the name of the network."""
    out = tmp_path_factory.mktemp("runs")
    torch.manual_seed(0)
    for spec in (
        Spec("autoencoder", 64, 8), Spec("vae", 96, 8), Spec("burgess", 64, 4), Spec("matte", 64),
        Spec("hair_vae", 64, 8),
    ):  # fmt: skip
        (out / spec.net).mkdir()
        save_weights(build(spec), spec, out / spec.net / "average.safetensors")
    state = {"step": 7, "spent": 1.0, "seconds": 3.5, "shards": ["elsewhere"]}
    (out / "burgess" / "state.json").write_text(json.dumps(state))
    return out


def pictures_without_mattes(folder: Path) -> Path:
    """Two training pictures and two held-out ones, as from a set that is already cropped."""
    shard = write_shard(folder, 0, ["train", "train", "val", "val"], kind="pictures") / "00000"
    for name in ("matte", "face", "inner", "shape"):
        (shard / f"{name}.npy").unlink()
    return folder


def test_all_kinds_side_by_side(runs: Path, folder: Path) -> None:
    nets = ("autoencoder", "vae", "burgess", "matte", "hair_vae")
    record = compare([runs / net for net in nets], [folder])
    columns = record["columns"]
    assert list(columns) == list(nets) and record["people"] == 2
    assert [column["kind"] for column in columns.values()] == ["pictures"] * 3 + ["matte", "hair VAE"]
    whole = {"psnr", "ssim", "gradient_psnr", "psnr_mean_picture"}
    hair = {"psnr_hair", "ssim_hair", "gradient_psnr_hair"}
    code = {"kl", "active_units"}
    assert set(columns["autoencoder"]["figures"]) == whole | hair
    assert set(columns["vae"]["figures"]) == set(columns["burgess"]["figures"]) == whole | hair | code
    assert set(columns["matte"]["figures"]) == {"matte_iou", "matte_mae"}
    only = {f"{name}_z_only" for name in hair}
    assert set(columns["hair_vae"]["figures"]) == hair | only | code | {"psnr_beneath"}
    burgess = columns["burgess"]
    assert burgess["parameters"] == sum(p.numel() for p in build(Spec("burgess", 64, 4)).parameters())
    assert burgess["step"] == 7 and burgess["seconds"] == 3.5 and burgess["spec"]["latent"] == 4
    assert len(burgess["networks"]["average"]["sha256"]) == 64
    assert any("burgess: learnt from other shards" in note for note in record["notes"])
    assert any("sizes differ" in note for note in record["notes"])
    json.dumps(record, allow_nan=False)


def test_whole_pictures_that_are_off_by_a_tenth(folder: Path) -> None:
    shards = Shards([folder])
    heads = read_heads(shards, shards.numbers("val"), 64)
    image = heads["image"].astype(np.float32) / 255
    rebuilt = image + np.where(heads["matte"][..., None] > 127, 0.1, 0.01).astype(np.float32)
    tally = Tally()
    judge_pictures(rebuilt, heads, ["a", "b"], image[0], tally)
    assert tally.value("psnr_hair") == pytest.approx(20, abs=1e-3)
    assert 20 < (tally.value("psnr") or 0) < 40
    assert tally.counted["psnr_mean_picture"]["a"][0] == 100
    # Broken where the picture does not reach, which must not count.
    rebuilt = image.copy()
    rebuilt[heads["valid"] <= 127] = 1 - rebuilt[heads["valid"] <= 127]
    tally = Tally()
    judge_pictures(rebuilt, heads, ["a", "b"], None, tally)
    assert tally.value("psnr") == 100


def test_the_hair_and_what_is_beneath(folder: Path) -> None:
    """A painter that is off by 0.1 in the hair, by 0.01 in the rest of its hole, and leaves all else."""
    shards = Shards([folder])
    heads = read_heads(shards, shards.numbers("val"), 64)
    image = heads["image"].astype(np.float32) / 255
    hole = np.zeros((64, 64), bool)
    hole[:40] = True
    error = np.where(heads["matte"] > 127, 0.1, 0.01)[..., None] * hole[None, ..., None]
    ways = {"z and own detail": image + error, "z alone": image + 2 * error}
    tally = Tally()
    codec = SimpleNamespace(reconstruct=lambda heads: ways)
    judge_hair(codec, heads, ["a", "b"], tally)  # type: ignore[arg-type]
    assert tally.value("psnr_beneath") == pytest.approx(40, abs=1e-2)
    assert tally.value("psnr_hair") == pytest.approx(20, abs=0.5)
    difference = (tally.value("psnr_hair") or 0) - (tally.value("psnr_hair_z_only") or 0)
    assert difference == pytest.approx(20 * np.log10(2), abs=1e-3)


def test_a_code_that_is_known(folder: Path) -> None:
    """One dimension tells two pictures apart, the other never moves."""

    class Net(torch.nn.Module):
        def encode(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            mean = torch.zeros(len(image), 2)
            mean[:, 0] = torch.arange(len(image)) * 2.0 - 1
            return mean, torch.zeros(len(image), 2)

        def decode(self, z: torch.Tensor) -> torch.Tensor:
            return torch.full((len(z), 3, 64, 64), 0.5)

    shards = Shards([folder])
    codec = PictureCodec(Spec("vae", 64, 2), Net())  # type: ignore[arg-type]
    tally = Tally()
    said = judge_codec(codec, shards, shards.numbers("val"), tally, "net")
    assert said["kl"] == pytest.approx(0.5) and said["active_units"] == 1
    heads = read_heads(shards, shards.numbers("val"), 64)
    grey = np.full(heads["image"].shape, 0.5, np.float32)
    expected = Tally()
    judge_pictures(grey, heads, [shards.person[n] for n in shards.numbers("val")], None, expected)
    assert tally.value("psnr") == pytest.approx(expected.value("psnr"))


def test_a_matte_network_that_is_right(folder: Path, runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = Shards([folder])
    truth = read_heads(shards, shards.numbers("val"), 64)["matte"]
    logits = torch.from_numpy(np.where(truth > 127, 20.0, -20.0))[:, None]

    class Net(torch.nn.Module):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return logits

    monkeypatch.setattr("train.evaluation.run_figures.open_run", lambda run: (None, Net()))
    figures = compare([runs / "matte"], [folder])["columns"]["matte"]["figures"]
    assert figures["matte_iou"]["value"] == 1
    assert 0 < figures["matte_mae"]["value"] < 0.1, "but for the soft edge"


def test_the_mean_picture_is_of_valid_pixels(tmp_path: Path) -> None:
    folder = write_shard(tmp_path / "shards", 0, ["train", "train", "val"])
    image = np.zeros((3, 256, 256, 3), np.uint8)
    image[0], image[1], image[2] = 100, 200, 255
    valid = np.full((3, 256, 256), 255, np.uint8)
    valid[0, :, :64] = 0
    valid[:2, :, 128:192] = 0
    np.save(folder / "00000" / "image.npy", image)
    np.save(folder / "00000" / "valid.npy", valid)
    mean = mean_picture(Shards([folder]), 64)
    assert mean is not None and mean.shape == (64, 64, 3)
    assert np.unique((mean[:, :16] * 255).round()) == [200]
    assert np.unique((mean[:, 16:32] * 255).round()) == [150]
    assert np.unique((mean[:, 32:48] * 255).round()) == [0]


def test_pictures_without_mattes(runs: Path, tmp_path: Path) -> None:
    folder = pictures_without_mattes(tmp_path / "anime")
    record = compare([runs / "burgess", runs / "matte"], [folder])
    assert list(record["columns"]) == ["burgess"]
    assert not any(name.endswith("_hair") for name in record["columns"]["burgess"]["figures"])
    assert any(note.startswith("matte: left out, a matte cannot be judged") for note in record["notes"])
    assert any(note.startswith("inside the hair: left out") for note in record["notes"])
    with pytest.raises(MirrorError, match="None of the runs can be judged"):
        compare([runs / "matte", runs / "hair_vae"], [folder])


def test_what_cannot_be_compared(runs: Path, folder: Path, tmp_path: Path) -> None:
    nobody = write_shard(tmp_path / "train", 0, ["train", "train"])
    with pytest.raises(MirrorError, match="nobody is left to judge by"):
        compare([runs / "burgess"], [nobody])
    with pytest.raises(MirrorError, match="is missing. Give the folder of a run"):
        compare([runs / "burgess", tmp_path / "none"], [folder])
    with pytest.raises(MirrorError, match="holds no shards"):
        compare([runs / "burgess"], [tmp_path])
    large = Spec("burgess", 512, 4)
    (tmp_path / "large").mkdir()
    save_weights(build(large), large, tmp_path / "large" / "average.safetensors")
    with pytest.raises(MirrorError, match=r"large \(512\) is larger than the 256 pixels"):
        compare([tmp_path / "large"], [folder])
    (tmp_path / "large" / "state.json").write_text("{")
    with pytest.raises(MirrorError, match="state.json cannot be read"):
        read_state(tmp_path / "large" / "state.json")


def test_the_command(runs: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    out = tmp_path / "figures.json"
    given = ["--runs", runs / "burgess", runs / "matte", "--shards", folder, "--people", 1, "--out", out]
    command(parser.parse_args([str(flag) for flag in given]))
    shown = capsys.readouterr().out
    assert "pictures\n" in shown and "matte\n" in shown and "1 held-out pictures" in shown
    assert list(json.loads(out.read_text())["columns"]) == ["burgess", "matte"]
