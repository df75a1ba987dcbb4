"""Ours against the seeds: everybody trained alike, judged alike, and nothing trained twice."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch.nn import functional as F

import train.baselines.comparison as against
from mirror.core.errors import MirrorError
from tests.train_tiny import tiny_shards, write_pictures, write_shard
from train.baselines.comparison import against_seeds, judge
from train.baselines.comparison_table import write_sheet
from train.baselines.training_settings import SYSTEMS, seed_recipe
from train.data.downsized_shards import open_shards
from train.data.shards import Shards
from train.loop.checkpoint import CHECKPOINT
from train.loop.random_numbers import Draws
from train.loop.training_loop import Moment
from train.nets.baseline_nets import FaceGenerator
from train.nets.spec import SEEDS, Spec, build

pytestmark = pytest.mark.usefixtures("one_thread")

MINUTES = 0.002


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_shards(tmp_path_factory.mktemp("shards"))


@pytest.fixture(scope="module")
def shards(folder: Path) -> Shards:
    return open_shards([folder], 64)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight training pictures make no batch of 256."""
    for net, system in SYSTEMS.items():
        monkeypatch.setitem(SYSTEMS, net, replace(system, batch=4))


def test_trains_judges_and_shows(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nets = ("s4", "s0_autoencoder", "burgess", "hair_vae")
    rows = against_seeds([folder], tmp_path, size=64, minutes=MINUTES, nets=nets, people=2)
    names = ["mean picture", *nets[:3], "hair_vae, z alone", "hair_vae, z and own detail"]
    assert [row.net for row in rows] == names
    assert [row.system for row in rows[:4]] == ["none", "S4, VAE animeface", "S0, vae_hairstyle", "ours"]
    for row in rows:
        assert 3 < row.psnr_hair < 60 and -1 <= row.ssim_hair <= 1 and 3 < row.gradient_psnr_hair < 60
        assert (row.psnr_picture is None) == row.net.startswith("hair_vae")
    for row in rows[1:]:
        assert row.step >= 1 and row.pictures >= row.step * 4 and row.pictures_s > 0
    assert rows[1].parameters == rows[3].parameters == 504_055
    said = json.loads((tmp_path / "table.json").read_text())
    assert [row["net"] for row in said["rows"]] == names and said["held_out_pictures"] == 2
    table = (tmp_path / "table.md").read_text()
    assert all(name in table for name in names) and "2,560" in table
    sheet = cv2.imread(str(tmp_path / "sheet.png"))
    assert sheet.shape == (128 * (1 + len(names)), 190 + 2 * 128, 3)
    # What is done is judged again, not trained again.
    monkeypatch.setattr(against, "fit", lambda *_, **__: pytest.fail("trained twice"))
    again = against_seeds([folder], tmp_path, size=64, minutes=MINUTES, nets=nets, people=2)
    assert again == rows


def test_goes_on_where_it_was_stopped(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second network is killed after a checkpoint: the first is kept, the second gone on with."""
    real, calls = against.fit, []

    def killed(recipe, out, budget, settings):
        calls.append((out.name, settings.resume))
        if out.name == "burgess" and len(calls) == 2:
            real(recipe, out, budget, settings)
            state = json.loads((out / "state.json").read_text())
            (out / "state.json").write_text(json.dumps(state | {"spent": 0.5}))
            raise KeyboardInterrupt
        return real(recipe, out, budget, settings)

    monkeypatch.setattr(against, "fit", killed)
    ask = dict(size=64, minutes=MINUTES, nets=("s4", "burgess"), people=1)
    with pytest.raises(KeyboardInterrupt):
        against_seeds([folder], tmp_path, **ask)
    against_seeds([folder], tmp_path, **ask)
    assert calls == [("s4", False), ("burgess", False), ("burgess", True)]
    assert not (tmp_path / "s4" / CHECKPOINT).exists()


def test_other_settings_are_not_taken_for_these(folder: Path, tmp_path: Path) -> None:
    ask = dict(size=64, nets=("s4",), people=1)
    against_seeds([folder], tmp_path, minutes=MINUTES, **ask)
    # Said before anything is trained.
    with pytest.raises(MirrorError, match=r"other settings: minutes 0.002 \(now 0.5\).*another --out"):
        against_seeds([folder], tmp_path, minutes=0.5, **ask | {"nets": ("burgess", "s4")})
    assert not (tmp_path / "burgess").exists()


def test_one_that_fails_does_not_take_the_rest_along(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = against.fit

    def fit(recipe, out, *given, **settings):
        if out.name == "s4":
            raise MirrorError("At step 3 the loss is nan")
        return real(recipe, out, *given, **settings)

    monkeypatch.setattr(against, "fit", fit)
    rows = against_seeds([folder], tmp_path, size=64, minutes=MINUTES, nets=("s4", "burgess"), people=1)
    assert rows[1].note == "At step 3 the loss is nan" and rows[1].psnr_hair is None
    assert rows[2].net == "burgess" and rows[2].psnr_hair is not None
    assert "- s4: At step 3 the loss is nan" in (tmp_path / "table.md").read_text()


def test_pictures_without_mattes(tmp_path: Path) -> None:
    folder = write_pictures(tmp_path / "anime", 12, side=64)
    rows = against_seeds(
        [folder], tmp_path / "out", size=64, minutes=MINUTES, nets=("s4", "hair_vae"), people=1
    )
    assert rows[1].psnr_hair is None and rows[1].psnr_picture > 3
    assert rows[2].psnr_picture is None and "without mattes" in rows[2].note


@pytest.mark.parametrize(
    ("nets", "splits", "said"),
    [(("s4", "s9"), ["train", "val"], "s9 cannot be compared.*s0_autoencoder"),
     (("s4",), ["train", "train"], "of the split val.*prepare again"),
     (("s4",), ["val", "val"], "of the split train.*nothing to learn")],
)  # fmt: skip
def test_bad_input(tmp_path: Path, nets: tuple[str, ...], splits: list[str], said: str) -> None:
    folder = write_shard(tmp_path / "shards", 0, splits)
    with pytest.raises(MirrorError, match=said):
        against_seeds([folder], tmp_path / "out", size=64, minutes=1, nets=nets)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("ask", "said"),
    [({"size": 70, "minutes": 1}, "--size 70 is not known.*64, 96"), ({"size": 64, "minutes": 0}, "no time")],
)
def test_bad_settings_write_nothing(tmp_path: Path, ask: dict, said: str) -> None:
    folder = write_shard(tmp_path / "shards", 0, ["train", "val"])
    with pytest.raises(MirrorError, match=said):
        against_seeds([folder], tmp_path / "out", nets=("s4",), **ask)
    assert not (tmp_path / "out").exists() and not list(folder.glob("side-*"))


def test_figures_are_of_the_hair_and_of_valid_pixels(shards: Shards) -> None:
    numbers = shards.held_out()

    def wrong(where: str, by: float):
        def rebuild(heads):
            image = heads["image"].astype(np.float32) / 255
            inside = {"hair": heads["matte"] > 127, "elsewhere": heads["matte"] <= 127}
            inside["beyond"] = heads["valid"] <= 127
            return {"": image + by * inside[where][..., None]}

        return judge(rebuild, shards, numbers)[""]

    assert any((shards.array(n, "valid") <= 127).any() for n in numbers)
    nothing = wrong("beyond", 0.5)
    assert nothing["psnr_hair"] == nothing["psnr_picture"] == nothing["gradient_psnr_hair"] == 100
    assert wrong("hair", 0.1)["psnr_hair"] == pytest.approx(20, abs=0.05)
    # A gradient is compared where both its pixels are hair, so a uniform error does not show.
    assert wrong("hair", 0.1)["gradient_psnr_hair"] == 100
    assert wrong("elsewhere", 0.1)["psnr_hair"] == 100
    assert 20 < wrong("elsewhere", 0.1)["psnr_picture"] < 30


def test_every_seed_has_its_settings(shards: Shards) -> None:
    assert tuple(SYSTEMS) == SEEDS
    for net, system in SYSTEMS.items():
        recipe = seed_recipe(net, shards, 64)
        assert recipe.spec == Spec(net, 64, system.latent, system.likelihood)
        assert (recipe.rate, recipe.optimiser) == (system.rate, system.optimiser)


def theirs(net: str, made: torch.Tensor, image: torch.Tensor, kl: torch.Tensor) -> torch.Tensor:
    """The loss of a picture as the system's own code has it."""
    cross, off = F.binary_cross_entropy(made, image, reduction="none"), (made - image).abs()
    return {
        "s0_autoencoder": cross.sum(),
        "s0_vae": cross.sum() + kl,
        "s1": cross.mean() * 64**2 + kl,
        "s2": ((2 * off) ** 2).sum() + kl,
        "s3": cross.sum() + 0.1 * kl,
        "s4": 3 * off.sum() + 4 * kl,
    }[net]


@pytest.mark.parametrize("net", SEEDS)
def test_each_loss_is_its_systems_but_for_a_factor(net: str, shards: Shards) -> None:
    torch.manual_seed(0)
    narrow = FaceGenerator(64, 8, dense=16) if net == "s2" else None  # the loss asks for no width
    codec = (narrow or build(Spec(net, 64, SYSTEMS[net].latent))).eval()
    recipe = seed_recipe(net, shards, 64)
    ratios = []
    for _ in range(3):
        image = torch.rand(1, 3, 64, 64)
        batch = {"image": image, "valid": torch.ones(1, 1, 64, 64)}
        with torch.no_grad():
            mean, logvar = codec.encode(image)
            noise = Draws(0, 0, range(1), 1).normal(codec.latent)
            z = mean if logvar is None else mean + noise * (0.5 * logvar).exp()
            kl = torch.zeros(()) if logvar is None else 0.5 * (mean**2 + logvar.exp() - 1 - logvar).sum()
            ours = recipe.loss(codec, batch, Moment(0, 0.5, Draws(0, 0, range(1), 1)))["loss"]
            ratios.append(float(ours / theirs(net, codec.decode(z), image, kl)))
    assert ratios == pytest.approx([ratios[0]] * 3, rel=1e-4)


def test_small_pictures_are_enlarged_whole(tmp_path: Path) -> None:
    write_sheet(tmp_path / "sheet.png", {"a, b": np.ones((3, 50, 50, 3), np.float32)}, tile=64, margin=40)
    sheet = cv2.imread(str(tmp_path / "sheet.png"))
    assert sheet.shape == (100, 40 + 300, 3) and (sheet[:, 40:] == 255).all()
    with pytest.raises(MirrorError, match="cannot be written"):
        write_sheet(tmp_path / "none/sheet.png", {"a": np.ones((1, 8, 8, 3), np.float32)})
