"""The training loop: it learns, it can be resumed to the last digit, and it says what went wrong."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from mirror.core.errors import MirrorError
from tests.train_tiny import dress, tiny_shards, without_spec
from train.data.downsized_shards import open_shards
from train.loop.averaging import moving_average
from train.loop.learning_rate import Budget, open_schedule, share_of_peak
from train.loop.optimiser import open_optimiser
from train.loop.random_numbers import Draws
from train.loop.run_folder import folder_of_its_own
from train.loop.run_settings import RunSettings
from train.loop.training_loop import fit
from train.losses.reconstruction_and_kl import CodePrice
from train.nets.spec import NETS, Spec, build, load_weights, open_run, read_spec, save_weights
from train.recipes.by_name import open_recipe
from train.recipes.defaults import set_dials
from train.recipes.hair_vae import loss as hair_vae_loss
from train.recipes.hyperparameters import Hyperparameters

pytestmark = pytest.mark.usefixtures("one_thread")

PRICE = CodePrice(beta=1.0, anneal=0.5)
EXACT = RunSettings(log_steps=1, precision="float32")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_shards(tmp_path_factory.mktemp("shards"), people=True)


@pytest.fixture(scope="module")
def folder_of(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """What a network learns from: heads, which the harmonizer sees in others' hair."""
    worn = dress(tiny_shards(tmp_path_factory.mktemp("worn"), people=True))
    return lambda net: worn if net == "harmonizer" else folder


def recipe(folder: Path, net: str, *, size: int = 64, batch: int = 4, check: bool = False, **spec):
    dials = set_dials(net, size, spec.get("latent"), spec.get("likelihood"), batch)
    chosen = Hyperparameters(dials.batch, dials.rate, PRICE, seed=3)
    made = open_recipe(dials.spec, open_shards([folder], size), chosen)
    return replace(made, warm_up=3) if check else replace(made, warm_up=3, check=None)


def losses(run: Path) -> list[float]:
    with (run / "log.csv").open(newline="") as lines:
        return [float(row["loss"]) for row in csv.DictReader(lines)]


def cut_short(made, after: int):
    """The recipe with a loader that dies while it makes the batch after step `after`."""

    class Dying:
        size, shards = made.batches.size, made.batches.shards

        def make(self, step, progress, rows):
            if step >= after:
                raise KeyboardInterrupt
            return made.batches.make(step, progress, rows)

    return replace(made, batches=Dying())


@pytest.mark.parametrize("net", NETS)
def test_a_resumed_run_is_the_run_that_never_stopped(
    folder_of: Callable[[str], Path], tmp_path: Path, net: str
) -> None:
    folder = folder_of(net)
    once, twice = tmp_path / "once", tmp_path / "twice"
    settings = replace(EXACT, save_steps=3)
    fit(recipe(folder, net), once, Budget(steps=8), settings)
    with pytest.raises(KeyboardInterrupt):
        fit(cut_short(recipe(folder, net), 5), twice, Budget(steps=8), settings)
    assert len(losses(twice)) == 5
    fit(recipe(folder, net), twice, Budget(steps=8), replace(settings, resume=True))
    assert np.abs(np.array(losses(once)) - losses(twice)).max() < 1e-6
    assert len(losses(once)) == 8
    for name, tensor in load_file(once / "average.safetensors").items():
        assert torch.allclose(
            tensor.float(), load_file(twice / "average.safetensors")[name].float(), atol=1e-6
        )


def test_two_runs_of_one_seed_are_equal_and_of_two_are_not(folder: Path, tmp_path: Path) -> None:
    made = recipe(folder, "vae")
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        fit(
            replace(made, seed=seed),
            tmp_path / name,
            Budget(steps=2),
            EXACT,
        )
    assert losses(tmp_path / "a") == losses(tmp_path / "b") != losses(tmp_path / "c")


@pytest.mark.parametrize("net", ["hair_vae", "underlay", "harmonizer"])
def test_two_runs_with_a_discriminator_are_equal(
    folder_of: Callable[[str], Path], tmp_path: Path, net: str
) -> None:
    """Whatever drew random numbers before each."""
    shards = open_shards([folder_of(net)], 64)
    for name, drawn in (("a", 0), ("b", 5)):
        torch.randn(drawn)
        made = open_recipe(Spec(net, 64), shards, Hyperparameters(4, 1e-3, seed=3, adversary=0.1))
        fit(
            replace(made, check=None),
            tmp_path / name,
            Budget(steps=2),
            EXACT,
        )
    assert losses(tmp_path / "a") == losses(tmp_path / "b")


def test_state_says_what_was_done(folder: Path, tmp_path: Path) -> None:
    fit(recipe(folder, "burgess", check=True), tmp_path / "run", Budget(steps=4), RunSettings(save_steps=2))
    state = json.loads((tmp_path / "run/state.json").read_text())
    assert state["step"] == 4 and state["pictures"] == 16 and state["spent"] == 1.0
    assert state["spec"] == {"net": "burgess", "size": 64, "latent": 10, "likelihood": "bce"}
    assert state["rate"] == 5e-4 and state["price"]["beta"] == 1.0
    with (tmp_path / "run/held_out.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["step"] for row in rows] == ["2", "4"]
    assert {"psnr", "psnr_hair", "kl", "active_units"} <= set(rows[0])
    assert list((tmp_path / "run").glob("events.out.tfevents*"))


def test_validation_leaves_the_network_training(folder: Path, tmp_path: Path) -> None:
    """The average is judged, a network of its own; the one that learns never leaves training mode."""
    modes = []
    made = recipe(folder, "vae", check=True)
    seen_by_loss = made.loss

    def loss(net, batch, moment):
        modes.append(net.training)
        return seen_by_loss(net, batch, moment)

    judged = []
    check = lambda net: judged.append(net.training) or {"figure": 1.0}  # noqa: E731
    fit(replace(made, loss=loss, check=check), tmp_path / "run", Budget(steps=4), RunSettings(save_steps=1))
    assert modes == [True] * 4 and judged == [False] * 4


def test_minutes_end_a_run(folder: Path, tmp_path: Path) -> None:
    fit(recipe(folder, "burgess"), tmp_path / "run", Budget(minutes=0.02), RunSettings(log_steps=1))
    state = json.loads((tmp_path / "run/state.json").read_text())
    assert state["step"] >= 1 and 1.2 <= state["seconds"] < 20


def test_not_a_number_stops_and_names_the_pictures(folder: Path, tmp_path: Path) -> None:
    made = recipe(folder, "vae")

    class Poisoned:
        size, shards = 4, made.batches.shards

        def make(self, step, progress, rows):
            batch = made.batches.make(step, progress, rows)
            if step == 3:
                spoilt = batch.arrays["image"].astype(np.float32) / 255
                spoilt[0, 0, 0, 0] = np.nan
                batch.arrays["image"] = spoilt
            return batch

    run = tmp_path / "run"
    with pytest.raises(MirrorError) as raised:
        fit(replace(made, batches=Poisoned()), run, Budget(steps=6), RunSettings(save_steps=2, log_steps=1))
    names = made.batches.make(3, 0.5, range(4)).files
    assert all(name in str(raised.value) for name in names)
    assert "step 3" in str(raised.value) and "last good checkpoint is of step 2" in str(raised.value)
    _, net = open_run(run)
    assert all(torch.isfinite(p).all() for p in net.parameters())


def test_full_disk_leaves_the_checkpoint_before(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import train.loop.checkpoint as checkpoint

    run, written, real = tmp_path / "run", [], checkpoint.save_file

    def save(tensors, path, said):
        written.append(path)
        if len(written) > 1:
            Path(path).write_bytes(b"half of it")
            raise OSError(28, "No space left on device")
        real(tensors, path, said)

    monkeypatch.setattr(checkpoint, "save_file", save)
    with pytest.raises(MirrorError, match="No space left.*before it|before it.*whole") as raised:
        fit(
            recipe(folder, "burgess"),
            run,
            Budget(steps=6),
            replace(EXACT, save_steps=2),
        )
    assert "step 4" in str(raised.value) and "--resume" in str(raised.value)
    assert not list(run.glob("*.part"))
    monkeypatch.setattr(checkpoint, "save_file", real)
    fit(
        recipe(folder, "burgess"),
        run,
        Budget(steps=6),
        replace(EXACT, resume=True),
    )
    assert len(losses(run)) == 6


def test_two_runs_never_share_a_folder(folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    with (
        folder_of_its_own(run, resume=False),
        pytest.raises(MirrorError, match="Another run is writing"),
    ):
        threaded: list[BaseException] = []

        def second() -> None:
            try:
                fit(recipe(folder, "burgess"), run, Budget(steps=1))
            except MirrorError as error:
                threaded.append(error)

        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        raise threaded[0]
    fit(recipe(folder, "burgess"), run, Budget(steps=1))
    with pytest.raises(MirrorError, match="already holds a run.*--resume"):
        fit(recipe(folder, "burgess"), run, Budget(steps=1))


def test_resume_needs_a_checkpoint_of_the_same_network(folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    with pytest.raises(MirrorError, match="no checkpoint.safetensors to go on from"):
        fit(recipe(folder, "burgess"), run, Budget(steps=1), RunSettings(resume=True))
    fit(recipe(folder, "burgess"), run, Budget(steps=1))
    with pytest.raises(MirrorError, match="--net burgess --size 64 --latent 10.*not of.*--latent 12"):
        fit(recipe(folder, "burgess", latent=12), run, Budget(steps=2), RunSettings(resume=True))
    with pytest.raises(MirrorError, match="--net burgess.*not of --net vae"):
        fit(recipe(folder, "vae"), run, Budget(steps=2), RunSettings(resume=True))
    (run / "checkpoint.safetensors").write_bytes(b"damaged")
    with pytest.raises(MirrorError, match="cannot be read"):
        fit(recipe(folder, "burgess"), run, Budget(steps=2), RunSettings(resume=True))


def test_warm_start_takes_weights_of_the_same_network_alone(folder: Path, tmp_path: Path) -> None:
    first = tmp_path / "first"
    trained = fit(recipe(folder, "burgess"), first, Budget(steps=3))
    warm = fit(recipe(folder, "burgess"), tmp_path / "warm", Budget(steps=1), RunSettings(warm=first))
    fresh = fit(recipe(folder, "burgess"), tmp_path / "fresh", Budget(steps=1))

    def distance(net):
        pairs = zip(net.parameters(), trained.parameters(), strict=True)
        return sum(float((a - b).abs().sum()) for a, b in pairs)

    assert distance(warm) < 0.5 * distance(fresh)
    with pytest.raises(MirrorError, match="does not hold this ConvCodec"):
        fit(recipe(folder, "vae"), tmp_path / "other", Budget(steps=1), RunSettings(warm=first))
    with pytest.raises(MirrorError, match="is missing"):
        fit(
            recipe(folder, "vae"),
            tmp_path / "none",
            Budget(steps=1),
            RunSettings(warm=tmp_path / "nothing.safetensors"),
        )


def test_weights_know_their_network(tmp_path: Path) -> None:
    spec = Spec("burgess", 128, 7, "laplace")
    save_weights(build(spec), spec, tmp_path / "whole.safetensors")
    assert read_spec(tmp_path / "whole.safetensors") == spec
    said, net = open_run(tmp_path / "whole.safetensors")
    assert said == spec and net.latent == 7 and not net.training
    with pytest.raises(MirrorError, match="does not say what network"):
        read_spec(without_spec(tmp_path / "whole.safetensors"))
    (tmp_path / "broken.safetensors").write_bytes(b"no")
    with pytest.raises(MirrorError, match="cannot be read as safetensors"):
        open_run(tmp_path / "broken.safetensors")
    with pytest.raises(MirrorError, match="does not hold this Burgess"):
        load_weights(build(Spec("burgess", 64, 7)), tmp_path / "whole.safetensors")


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (dict(net="gan"), "--net gan is not known.*hair_vae"),
        (dict(net="vae", size=100), "--size 100 is not known.*64, 96, 128, 256, 512"),
        (dict(net="vae", latent=1), "--latent 1 does not fit. Give 2 to 2048"),
        (dict(net="vae", latent=4096), "--latent 4096 does not fit"),
        (dict(net="vae", likelihood="l2"), "--likelihood l2 is not known.*mse, bce, laplace"),
    ],
)
def test_dials_know_what_fits(said: dict, complaint: str) -> None:
    with pytest.raises(MirrorError, match=complaint):
        set_dials(**said)


def test_dials_say_where_they_come_from() -> None:
    dials = set_dials("vae", 128, latent=2048)
    assert dials.spec.latent == 2048 and dials.batch == 32
    assert "--size 128, --latent 2048" in dials.reason and "batches of 32" in dials.reason
    assert set_dials("vae", warm=True).rate < set_dials("vae").rate


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({}, "--minutes or --steps"),
        ({"minutes": 1, "steps": 1}, "one of the two"),
        ({"minutes": 0}, "no time to train"),
        ({"steps": 0}, "too few"),
    ],
)
def test_a_budget_is_one_of_two(said: dict, complaint: str) -> None:
    with pytest.raises(MirrorError, match=complaint):
        Budget(**said)


def test_rate_warms_up_and_falls() -> None:
    rates = [share_of_peak(step / 4000, step, 100) for step in range(4000)]
    assert rates[0] == pytest.approx(0.01) and max(rates) == pytest.approx(1.0, abs=0.05)
    assert np.argmax(rates) == 99 and rates[-1] == pytest.approx(0.02, abs=1e-3)
    few = [share_of_peak(step / 40, step, 100) for step in range(40)]
    assert np.argmax(few) == 2, "with few steps the warm-up is short"


def test_a_schedule_that_goes_on_is_the_one_that_never_stopped() -> None:
    def opened(step: int):
        optimiser = open_optimiser("adamw", torch.nn.Linear(2, 2), 0.5, 0.1)
        return optimiser, open_schedule(optimiser, lambda: done / 40, 3, step)

    done, rates = 0, []
    optimiser, schedule = opened(0)
    while done < 20:
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        done += 1
        schedule.step()
    assert rates == [0.5 * share_of_peak(step / 40, step, 3) for step in range(20)]
    assert {group["lr"] for group in opened(20)[0].param_groups} == {optimiser.param_groups[0]["lr"]}


def test_price_of_the_code_grows() -> None:
    from train.losses.reconstruction_and_kl import code_cost

    each = torch.full((4, 10), 0.3)
    assert float(code_cost(each, 0.25, CodePrice(beta=2, anneal=0.5))) == pytest.approx(3.0)
    assert float(code_cost(each, 1.0, CodePrice(beta=2, anneal=0.5))) == pytest.approx(6.0)
    capacity = CodePrice(anneal=1.0, capacity=20, gamma=10)
    assert float(code_cost(each, 0.1, capacity)) == pytest.approx(10 * abs(3 - 2))
    assert float(code_cost(each, 1.0, capacity)) == pytest.approx(10 * abs(3 - 20))
    assert float(code_cost(each, 1.0, CodePrice(free_bits=0.5))) == pytest.approx(5.0)
    with pytest.raises(MirrorError, match="--free-bits -1"):
        CodePrice(free_bits=-1)


def test_average_follows_and_is_left_alone() -> None:
    net = torch.nn.Linear(2, 2)
    average = moving_average(net, 0.999)
    for step, value in enumerate((10.0, 21.0)):
        with torch.no_grad():
            net.weight.fill_(value)
        average.update_parameters(net)
        # The first is taken as it is; after it so much is forgotten: 1 - 2 / 11.
        assert torch.allclose(average.module.weight, torch.tensor((10.0, 19.0)[step]))
    late = moving_average(net, 0.999)
    late.n_averaged.fill_(10**6)
    with torch.no_grad():
        net.weight.fill_(1021.0)
    late.update_parameters(net)
    assert torch.allclose(late.module.weight, torch.tensor(22.0))
    assert not average.module.training and not average.module.weight.requires_grad


def test_draws_are_of_the_picture_not_of_the_process() -> None:
    whole = Draws(5, 9, range(0, 6), 6)
    parts = [Draws(5, 9, range(0, 3), 6), Draws(5, 9, range(3, 6), 6)]
    for name, shape in (("normal", (4,)), ("uniform", (2, 2))):
        together = torch.cat([getattr(part, name)(*shape) for part in parts])
        assert torch.equal(getattr(whole, name)(*shape), together)
    assert not torch.equal(Draws(5, 10, range(6), 6).normal(4), Draws(5, 9, range(6), 6).normal(4))


@pytest.mark.parametrize("likelihood", ["mse", "bce", "laplace"])
def test_hair_vae_learns_under_each_likelihood(folder: Path, likelihood: str) -> None:
    from train.loop.training_loop import Moment, to_tensors

    made = recipe(folder, "hair_vae", likelihood=likelihood)
    net = build(made.spec)
    moment = Moment(0, 0.0, Draws(0, 0, range(4), 4))
    batch = to_tensors(made.batches.make(0, 0.0, range(4)).arrays, torch.device("cpu"))
    parts = hair_vae_loss(net, batch, moment, likelihood=likelihood, price=PRICE)
    parts["loss"].backward()
    assert float(parts["paint"]) >= 0
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in net.parameters())
