"""Weights between two runs."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from mirror.core.errors import MirrorError
from train.nets.spec import Spec, build, open_run, save_weights
from train.nets.weight_interpolation import interpolate

BURGESS = Spec("burgess", 64, 10)


def run_of(folder: Path, seed: int, spec: Spec = BURGESS) -> Path:
    folder.mkdir()
    torch.manual_seed(seed)
    save_weights(build(spec), spec, folder / "average.safetensors")
    return folder


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_weights_lie_between(tmp_path: Path, share: float) -> None:
    first, second = run_of(tmp_path / "a", 1), run_of(tmp_path / "b", 2)
    interpolate(first, second, share, tmp_path / "out")
    one, other, mixed = (open_run(path)[1].state_dict() for path in (first, second, tmp_path / "out"))
    for name in one:
        wanted = one[name] * (1 - share) + other[name] * share
        assert torch.allclose(mixed[name], wanted, atol=1e-6), name


def test_other_networks_and_shares_are_refused(tmp_path: Path) -> None:
    first, other = run_of(tmp_path / "a", 1), run_of(tmp_path / "b", 2, Spec("vae", 64, 8))
    with pytest.raises(MirrorError, match="only the same network"):
        interpolate(first, other, 0.5, tmp_path / "out")
    with pytest.raises(MirrorError, match="0 .the first. to 1"):
        interpolate(first, first, 1.5, tmp_path / "out")
