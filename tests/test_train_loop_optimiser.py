"""What is decayed, what is clipped with what, and that a step waits for nothing."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from mirror.core.errors import MirrorError
from tests.test_train_loop_training_loop import recipe
from tests.train_tiny import tiny_shards
from train.data.batch_loader import Batch
from train.loop.checkpoint import load_checkpoint, save_checkpoint
from train.loop.distributed import Ranks
from train.loop.learning_rate import Budget
from train.loop.optimiser import OPTIMISERS, clip, open_optimiser
from train.loop.random_numbers import Draws
from train.loop.run_settings import RunSettings
from train.loop.training_loop import Moment, Step, fit, take_step, to_tensors
from train.nets.spec import Spec, build

pytestmark = pytest.mark.usefixtures("one_thread")
ALONE = Ranks(0, 1, torch.device("cpu"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_shards(tmp_path_factory.mktemp("shards"), people=True)


def small_net() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(16, 2))


def test_norms_and_biases_are_not_decayed() -> None:
    net = small_net()
    before = {name: weight.detach().clone() for name, weight in net.named_parameters()}
    optimiser = open_optimiser("adamw", net, 0.1, 0.5)
    for weight in net.parameters():
        weight.grad = torch.zeros_like(weight)
    optimiser.step()
    for name, weight in net.named_parameters():
        kept = 1.0 if weight.ndim < 2 else 1 - 0.1 * 0.5
        assert torch.allclose(weight, before[name] * kept), name
    assert sum(len(group["params"]) for group in optimiser.param_groups) == len(before)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_what_an_optimiser_remembers_comes_back_to_the_weight_it_is_of(name: str, tmp_path: Path) -> None:
    spec = Spec("burgess", 64, 4)
    net = build(spec)
    optimiser = open_optimiser(name, net, 0.1, 0.5)
    for number, weight in enumerate(net.parameters()):
        weight.grad = torch.full_like(weight, 1.0 + number)
    optimiser.step()
    state = {"step": 1, "seconds": 0.0, "spec": asdict(spec)}
    save_checkpoint(tmp_path, spec, net, net, optimiser, state)
    other = build(spec)
    again = open_optimiser(name, other, 0.1, 0.5)
    load_checkpoint(tmp_path, spec, other, other, again)
    for weight, twin in zip(net.parameters(), other.parameters(), strict=True):
        for key, value in optimiser.state[weight].items():
            assert torch.equal(value, again.state[twin][key]), key


def test_a_steep_discriminator_does_not_slow_the_network_down() -> None:
    net, discriminator = nn.Linear(4, 1, bias=False), nn.Linear(4, 1, bias=False)

    def loss(net: nn.Module, batch: dict[str, torch.Tensor], moment: Any) -> dict[str, torch.Tensor]:
        painted, judged = net(batch["x"]).sum(), discriminator(batch["x"]).sum()
        return {"loss": 0.1 * painted + 1e4 * judged, "judged": judged}

    made: Any = SimpleNamespace(loss=loss, discriminator=discriminator)
    stepper = Step(net, made)
    optimiser = open_optimiser("rmsprop", stepper, 0.1, 0.0)
    batch = Batch({"x": np.ones((1, 4), np.float32)}, ["one.png"])
    moment: Any = SimpleNamespace(step=7)
    reading = take_step(stepper, optimiser, batch, moment, ALONE, "float32")
    assert net.weight.grad is not None and discriminator.weight.grad is not None
    assert net.weight.grad.tolist()[0] == pytest.approx([0.1] * 4), "its own norm is 0.2: it is left alone"
    assert float(discriminator.weight.grad.norm()) == pytest.approx(1.0, abs=1e-3)
    assert reading.steepness == pytest.approx(2e4, rel=1e-3) and reading.step == 7 and reading.sound
    assert set(reading.losses) == {"loss", "judged"}


@pytest.mark.parametrize("spoilt", [math.nan, math.inf])
def test_a_gradient_that_is_no_number_is_seen_whichever_network_it_is_of(spoilt: float) -> None:
    for number in range(2):
        nets = [nn.Linear(2, 1), nn.Linear(2, 1)]
        for net in nets:
            for weight in net.parameters():
                weight.grad = torch.ones_like(weight)
        assert math.isfinite(float(clip(nets)))
        weight = next(nets[number].parameters())
        weight.grad = torch.full_like(weight, spoilt)
        assert not math.isfinite(float(clip(nets)))


class Waits(TorchDispatchMode):
    """Counts how often a number is asked of a device, which has to come to an end first.

    Whole numbers are none of these: the average counts its updates in the processor's memory.
    """

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.ops.aten._local_scalar_dense.default and args[0].is_floating_point():
            self.count += 1
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("net", ["vae", "hair_vae", "matte"])
def test_a_step_asks_for_no_number(folder: Path, tmp_path: Path, net: str) -> None:
    counts = []
    for steps in (2, 5):
        with Waits() as waits:
            fit(recipe(folder, net), tmp_path / str(steps), Budget(steps=steps), RunSettings(log_steps=100))
        counts.append(waits.count)
    assert counts[0] == counts[1], "three steps more, and no number more"


def test_a_gpu_fetches_batches_from_pinned_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a GPU, by what PyTorch is asked for."""
    asked: list[dict[str, Any]] = []
    pinned: list[int] = []
    real_empty, real_to = torch.empty, torch.Tensor.to

    def empty(*shape: Any, pin_memory: bool = False, **named: Any) -> torch.Tensor:
        made = real_empty(*shape, **named)
        if pin_memory:
            pinned.append(made.data_ptr())
        return made

    def to(self: torch.Tensor, *where: Any, **how: Any) -> torch.Tensor:
        if where and where[0] == torch.device("cuda"):
            asked.append(how | {"pinned": self.data_ptr() in pinned})
            return self
        return real_to(self, *where, **how)

    monkeypatch.setattr(torch, "empty", empty)
    monkeypatch.setattr(torch.Tensor, "to", to)
    image = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 3), dtype=np.uint8).transpose(0, 3, 1, 2)
    made = to_tensors({"image": image, "shape": np.ones((2, 75), np.float32)}, torch.device("cuda"))
    assert asked == [{"non_blocking": True, "pinned": True}] * 2
    assert np.allclose(made["image"].numpy(), image / 255) and float(made["shape"].sum()) == 150


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
def test_a_step_on_a_gpu_waits_for_nothing(folder: Path) -> None:
    device = torch.device("cuda")
    made = recipe(folder, "vae")
    stepper = Step(build(made.spec).to(device), made).train()
    optimiser = open_optimiser("adamw", stepper, 1e-4, 1e-3)
    batch, ranks = made.batches.make(0, 0.0, range(4)), Ranks(0, 1, device)
    for number in range(4):
        torch.cuda.set_sync_debug_mode("error" if number > 1 else "default")
        try:
            moment = Moment(number, 0.5, Draws(0, number, range(4), 4, device))
            reading = take_step(stepper, optimiser, batch, moment, ranks, "float32")
        finally:
            torch.cuda.set_sync_debug_mode("default")
    assert reading.sound


def test_a_checkpoint_of_numbered_weights_is_refused_in_one_line(folder: Path, tmp_path: Path) -> None:
    fit(recipe(folder, "burgess"), tmp_path / "run", Budget(steps=1), RunSettings(save_steps=1))
    path = tmp_path / "run/checkpoint.safetensors"
    with safe_open(path, "pt") as file:
        said = file.metadata()
    tensors = load_file(path)
    name = next(one for one in tensors if one.startswith("optimiser.exp_avg."))
    tensors["optimiser.0.exp_avg"] = tensors.pop(name)
    save_file(tensors, path, said)
    with pytest.raises(MirrorError, match="of another network or of another version"):
        fit(recipe(folder, "burgess"), tmp_path / "run", Budget(steps=2), RunSettings(resume=True))
