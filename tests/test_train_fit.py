"""The training loop: it learns, it averages, and it never leaves a broken checkpoint behind."""

from __future__ import annotations

import copy
import itertools
import json
import logging
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import train.fit
from mirror.errors import MirrorError
from tests.train_tiny import tiny_shards, write_shard
from train import fit_matte
from train.__main__ import main
from train.data.shards import Batches, Jitter, Shards
from train.fit import Average, fit, load_weights, refuse_second_run, save_checkpoint, save_half, to_tensors
from train.nets.matte import MatteNet

pytestmark = pytest.mark.usefixtures("one_thread")

NARROW = (4, 8, 12)


class Small(nn.Module):
    """One weight, and a batch norm for its statistics."""

    def __init__(self) -> None:
        super().__init__()
        self.line = nn.Linear(1, 1)
        self.norm = nn.BatchNorm1d(1)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.line(x))


def some_batches(count: int) -> list[dict[str, np.ndarray]]:
    rng = np.random.default_rng(0)
    return [{"image": rng.normal(size=(8, 1)).astype(np.float32)} for _ in range(count)]


def squared(net: nn.Module, batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """A loss that is least where the network gives 1 everywhere."""
    return {"loss": (net(batch["image"]) - 1).square().mean()}


def same(a: nn.Module, b: nn.Module) -> bool:
    pairs = zip(a.state_dict().values(), b.state_dict().values(), strict=True)
    return all(torch.equal(x.cpu(), y.cpu()) for x, y in pairs)


def filled(value: float) -> Small:
    net = Small()
    for tensor in net.state_dict().values():
        tensor.fill_(value)
    return net


def test_the_average_soon_forgets_the_start() -> None:
    average = Average(filled(100.0), 0.999)
    for step in range(50):
        average.update(filled(1.0), step)
    left = average.module.line.weight.item() - 1
    assert 0 < left < 1e-3, "at a fixed 0.999 it would still be at 95"
    assert average.module.norm.running_var.item() == pytest.approx(1, abs=1e-3)
    assert average.module.norm.num_batches_tracked.item() == 1, "a counter is copied, not averaged"


def test_the_average_is_slow_later() -> None:
    average = Average(filled(0.0), 0.9)
    average.update(filled(1.0), 10_000)
    assert average.module.line.weight.item() == pytest.approx(0.1)
    for step in range(10_000, 10_200):
        average.update(filled(1.0), step)
    assert average.module.line.weight.item() == pytest.approx(1)


def test_the_average_is_a_network_of_its_own() -> None:
    net = filled(3.0)
    average = Average(net, 0.9)
    assert not any(weight.requires_grad for weight in average.module.parameters())
    with torch.no_grad():
        net.line.weight.fill_(7)
    assert average.module.line.weight.item() == 3


def test_bytes_become_0_to_1() -> None:
    image, shape = np.full((1, 3, 4, 4), 255, np.uint8), np.full((1, 75), 2, np.float32)
    batch: dict[str, np.ndarray] = {"image": image, "shape": shape}
    tensors = to_tensors(batch, torch.device("cpu"))
    assert tensors["image"].dtype == torch.float32 and (tensors["image"] == 1).all()
    assert (tensors["shape"] == 2).all()


def test_a_checkpoint_comes_back(tmp_path: Path) -> None:
    net, average = filled(2.0), filled(3.0)
    save_checkpoint(tmp_path / "run", net, average, {"step": 5})
    assert same(load_weights(Small(), tmp_path / "run" / "net.safetensors"), net)
    assert same(load_weights(Small(), tmp_path / "run"), average), "a run's folder stands for its average"
    assert json.loads((tmp_path / "run" / "state.json").read_text()) == {"step": 5}
    assert not list((tmp_path / "run").glob("*.part"))


def test_a_kill_while_saving_leaves_the_last_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_checkpoint(tmp_path, filled(1.0), filled(1.0), {"step": 1})

    def killed(tensors: dict[str, Tensor], path: Path) -> None:
        path.write_bytes(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(train.fit, "save_file", killed)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(tmp_path, filled(2.0), filled(2.0), {"step": 2})
    assert same(load_weights(Small(), tmp_path), filled(1.0))
    assert json.loads((tmp_path / "state.json").read_text()) == {"step": 1}


def test_half_is_enough_to_go_on_from(tmp_path: Path) -> None:
    net = MatteNet(NARROW)
    save_half(net, tmp_path / "half.safetensors")
    again = load_weights(MatteNet(NARROW), tmp_path / "half.safetensors")
    for mine, theirs in zip(net.parameters(), again.parameters(), strict=True):
        assert theirs.dtype == torch.float32
        torch.testing.assert_close(mine, theirs, rtol=1e-3, atol=1e-6)


def test_weights_that_do_not_fit_are_named(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, Small(), Small(), {})
    with pytest.raises(MirrorError, match="average.safetensors does not hold a MatteNet"):
        load_weights(MatteNet(NARROW), tmp_path)
    with pytest.raises(MirrorError, match="gone.safetensors is missing"):
        load_weights(Small(), tmp_path / "gone.safetensors")
    (tmp_path / "cut.safetensors").write_bytes((tmp_path / "net.safetensors").read_bytes()[:40])
    with pytest.raises(MirrorError, match="cannot be read as safetensors"):
        load_weights(Small(), tmp_path / "cut.safetensors")


def test_it_learns(tmp_path: Path) -> None:
    """A small matte network on eight pictures: the loss falls to well below where it started."""
    torch.manual_seed(0)
    shards = Shards([tiny_shards(tmp_path / "shards")])
    batches = itertools.islice(Batches(shards, 2, jitter=Jitter()), 60)
    seen: list[float] = []

    def watched(net: MatteNet, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        parts = fit_matte.loss(net, {k: v[..., ::2, ::2] if v.ndim == 4 else v for k, v in batch.items()})
        seen.append(parts["loss"].item())
        return parts

    net = MatteNet(NARROW)
    fit(net, watched, batches, tmp_path / "run", minutes=60, rate=5e-3, warm_up=5)
    assert len(seen) == 60
    assert np.mean(seen[-10:]) < 0.6 * np.mean(seen[:5])
    assert json.loads((tmp_path / "run" / "state.json").read_text())["step"] == 60
    assert len((tmp_path / "run" / "log.csv").read_text().splitlines()) == 1, "a line every 50 steps"


def test_what_is_returned_is_the_average(tmp_path: Path) -> None:
    torch.manual_seed(0)
    net = Small()
    start = copy.deepcopy(net)
    average = fit(net, squared, some_batches(30), tmp_path, minutes=60, rate=0.1)
    assert not average.training
    assert same(load_weights(Small(), tmp_path), average)
    assert same(load_weights(Small(), tmp_path / "net.safetensors"), net)
    assert not same(net, average) and not same(start, average)


def test_the_budget_ends_the_run_and_progress_is_told(tmp_path: Path) -> None:
    told: list[float] = []

    class Endless:
        progress = 0.0

        def __iter__(self):
            while True:
                told.append(self.progress)
                yield some_batches(1)[0]

    fit(Small(), squared, Endless(), tmp_path, minutes=0.5 / 60)
    assert told == sorted(told) and 0.5 < told[-1] < 1.5


def test_a_check_runs_now_and_then(tmp_path: Path) -> None:
    checked: list[bool] = []

    def check(net: Small) -> dict[str, float]:
        checked.append(net.training)
        return {}

    fit(Small(), squared, some_batches(4), tmp_path, minutes=60, check=check, check_minutes=0)
    assert checked == [False] * 5, "after each step here, and at the end"


def turns_bad(loss_of: float, at: int):
    """`squared`, but at one step the loss, or else only its gradient, is not a number."""
    calls = itertools.count()

    def loss(net: Small, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        good = squared(net, batch)["loss"]
        if next(calls) < at:
            return {"loss": good}
        # The root of 0 is 0, and its slope infinite.
        return {"loss": good * loss_of + (net.line.weight * 0).abs().sqrt().sum() * 0}

    return loss


@pytest.mark.parametrize("loss_of", [float("nan"), 1.0])
def test_what_is_not_a_number_ends_the_run(tmp_path: Path, loss_of: float) -> None:
    with pytest.raises(MirrorError, match="At step 3 the loss is .* no checkpoint was written yet"):
        fit(Small(), turns_bad(loss_of, 3), some_batches(9), tmp_path / "none", minutes=60)
    with pytest.raises(
        MirrorError, match="of step 3, is .*average.safetensors; go on from it with --warm"
    ) as said:
        fit(Small(), turns_bad(loss_of, 3), some_batches(9), tmp_path / "run", minutes=60, check_minutes=0)
    assert "\n" not in str(said.value)
    for name in ("net", "average"):
        net = load_weights(Small(), tmp_path / "run" / f"{name}.safetensors")
        assert all(torch.isfinite(tensor).all() for tensor in net.state_dict().values())
    assert json.loads((tmp_path / "run" / "state.json").read_text())["step"] == 3


def test_a_second_run_does_not_overwrite_the_first(tmp_path: Path) -> None:
    refuse_second_run(tmp_path, None)
    save_checkpoint(tmp_path, Small(), Small(), {})
    refuse_second_run(tmp_path, tmp_path)
    refuse_second_run(tmp_path / "other", None)
    with pytest.raises(MirrorError, match="already holds a run.* --warm .* --out"):
        refuse_second_run(tmp_path, None)


def test_fit_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shards, out = tiny_shards(tmp_path / "shards"), tmp_path / "run"
    command = ["fit", "--net", "matte", "--shards", str(shards), "--minutes", "0.03", "--batch", "2"]
    torch.set_num_threads(2)
    assert main([*command, "--out", str(out), "--threads", "1"]) == 0
    assert torch.get_num_threads() == 1
    assert "held out at the end: {'iou'" in capsys.readouterr().out
    load_weights(MatteNet(), out)
    assert main([*command, "--out", str(out)]) == 2
    assert "already holds a run" in capsys.readouterr().err
    assert main([*command, "--out", str(out), "--warm", str(out)]) == 0
    assert main([*command, "--out", str(tmp_path / "other"), "--warm", str(tmp_path)]) == 2
    assert "average.safetensors is missing" in capsys.readouterr().err


def test_fit_of_the_hair_vae_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    shards = write_shard(tmp_path / "shards", 0, ["train"] * 3 + ["val"] * 2)
    unchecked = write_shard(tmp_path / "unchecked", 0, ["train"] * 3)
    command = ["fit", "--net", "hair_vae", "--minutes", "0.01", "--batch", "2"]
    assert main([*command, "--shards", str(shards), str(unchecked), "--out", str(tmp_path / "run")]) == 0
    printed = capsys.readouterr().out
    assert all(figure in printed for figure in ("psnr_hair", "psnr_beneath_z", "iou_shape"))
    with caplog.at_level(logging.WARNING, "mirror"):
        assert main([*command, "--shards", str(unchecked), "--out", str(tmp_path / "again")]) == 0
    assert "held out" not in capsys.readouterr().out and "split val" in caplog.text


@pytest.mark.parametrize(
    "wrong, said",
    [
        (["--minutes", "0"], "leaves no time"),
        (["--minutes", "nan"], "leaves no time"),
        (["--minutes", "1", "--threads", "0"], "--threads 0 is too few"),
        (["--minutes", "1", "--batch", "-1"], "--batch -1 is too few"),
        (["--minutes", "1"], "holds no shards"),
    ],
)
def test_a_bad_flag_gets_one_line(
    wrong: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["fit", "--net", "matte", "--shards", str(tmp_path), "--out", str(tmp_path / "run")]
    assert main([*command, *wrong]) == 2
    error = capsys.readouterr().err
    assert said in error and len(error.splitlines()) == 1
    assert not (tmp_path / "run").exists()
