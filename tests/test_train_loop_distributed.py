"""Two processes together do what one does with the same batch."""

from __future__ import annotations

import csv
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from mirror.core.errors import MirrorError
from tests.train_tiny import tiny_shards
from train.__main__ import main
from train.loop.distributed import GlooBatchNorm, Ranks, join_ranks, synchronise_norms

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def flags(shards: Path, out: Path, net: str) -> list[str]:
    return ["fit", "--net", net, "--size", "64", "--shards", str(shards), "--out", str(out), "--steps", "5",
            "--batch", "4", "--log-steps", "1", "--precision", "float32", "--threads", "1"]  # fmt: skip


# Two of some 150 such runs on busy machines ended so once all steps were done, no exception of Python's or
# of C++'s: a thread of the library beneath was still there when its process ended.
AT_EXIT = "terminate called without an active exception"


def run_two(shards: Path, out: Path, net: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Two processes under torchrun; once more where the library beneath them was caught ending."""
    done = _run_two(shards, out, net, *more)
    if AT_EXIT not in done.stderr:
        return done
    shutil.rmtree(out, ignore_errors=True)
    return _run_two(shards, out, net, *more)


def _run_two(shards: Path, out: Path, net: str, *more: str) -> subprocess.CompletedProcess[str]:
    start = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port",
             str(free_port()), "-m", "train"]  # fmt: skip
    return subprocess.run(
        [*start, *flags(shards, out, net), *more], cwd=ROOT, capture_output=True, text=True, timeout=300,
        env=os.environ | {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


def losses(out: Path) -> np.ndarray:
    with (out / "log.csv").open(newline="") as lines:
        return np.array([float(row["loss"]) for row in csv.DictReader(lines)])


# Burgess has no batch norm; the VAE, the hair VAE and the matte network have.
@pytest.mark.parametrize("net", ["burgess", "vae", "matte", "hair_vae"])
@pytest.mark.usefixtures("one_thread")
def test_two_processes_lose_what_one_loses(tmp_path: Path, net: str) -> None:
    shards = tiny_shards(tmp_path / "shards")
    assert main(flags(shards, tmp_path / "one", net)) == 0
    done = run_two(shards, tmp_path / "two", net)
    # What a process said before it ended comes before torchrun's account of it.
    assert done.returncode == 0, done.stderr
    one, two = losses(tmp_path / "one"), losses(tmp_path / "two")
    assert len(one) == 5 and np.abs(one - two).max() < 1e-5 * max(1, np.abs(one).max())


def test_an_uneven_batch_is_refused(tmp_path: Path) -> None:
    done = run_two(tiny_shards(tmp_path / "shards"), tmp_path / "run", "burgess", "--batch", "5")
    assert done.returncode != 0
    assert "--batch 5 is the batch of all processes together" in done.stderr
    assert not (tmp_path / "run/checkpoint.safetensors").exists()


def test_rows_are_shared_out() -> None:
    ranks = [Ranks(i, 4, torch.device("cpu")) for i in range(4)]
    assert [n for rank in ranks for n in rank.rows(8)] == list(range(8))
    with pytest.raises(MirrorError, match="multiple of 4"):
        ranks[0].rows(6)


def test_alone_there_is_nothing_to_join(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK"):
        monkeypatch.delenv(name, raising=False)
    ranks = join_ranks()
    net = nn.BatchNorm2d(2)
    assert ranks.world == 1 and ranks.first and ranks.wrap(net) is net
    assert type(synchronise_norms(net, ranks)) is nn.BatchNorm2d


def test_norms_are_replaced_and_keep_their_numbers() -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 1), nn.Sequential(nn.BatchNorm2d(4), nn.ReLU()))
    net(torch.rand(2, 3, 4, 4))
    before = {k: v.clone() for k, v in net.state_dict().items()}
    twin = synchronise_norms(net, Ranks(0, 2, torch.device("cpu")))
    assert isinstance(twin[1][0], GlooBatchNorm)
    assert all(torch.equal(v, before[k]) for k, v in twin.state_dict().items())
    twin.eval()(torch.rand(2, 3, 4, 4))
