"""The training loop: one network, one loss, one budget; on one processor, one GPU or many.

bfloat16 where the hardware computes it, channels-last, warm-up and cosine over the budget, gradient
clipping, an exponential moving average that is what gets used, a checkpoint every few minutes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from mirror.core.errors import MirrorError
from train.data.batch_loader import Batch, Batches
from train.loop.averaging import moving_average
from train.loop.batch_processes import ahead_by
from train.loop.checkpoint import load_checkpoint, save_checkpoint
from train.loop.distributed import Ranks, synchronise_norms
from train.loop.learning_rate import Budget, open_schedule
from train.loop.optimiser import clip, open_optimiser
from train.loop.random_numbers import Draws
from train.loop.run_folder import folder_of_its_own
from train.loop.run_log import RunLog
from train.loop.run_settings import PLAIN_RUN, RunSettings, choose_precision
from train.loop.step_result import Reading
from train.nets.spec import Spec, build, load_weights


@dataclass(frozen=True)
class Moment:
    """Where a step stands: its number, the share of the budget spent (0 to 1), its random numbers."""

    step: int
    spent: float
    draws: Draws


@dataclass(frozen=True)
class Recipe:
    """How one network learns.

    Attributes:
        loss: (net, batch, moment) -> named scalars, means over the batch; the one called "loss" is
            minimised, the others are logged.
        check: (averaged net) -> figures on held-out pictures, or None where there are none.
        rate: peak rate of learning; decay: weight decay of adamw.
        average: decay of the moving average; warm_up: steps.
        told: settings of the loss, for state.json.
        discriminator: trained along with the network, by the same optimiser, and used by the loss alone.
        beside: frozen, used by the loss alone.
    """

    spec: Spec
    loss: Callable[[nn.Module, dict[str, Tensor], Moment], dict[str, Tensor]]
    batches: Batches
    check: Callable[[nn.Module], dict[str, float]] | None = None
    rate: float = 4e-4
    decay: float = 1e-3
    optimiser: str = "adamw"
    average: float = 0.999
    warm_up: int = 100
    seed: int = 0
    told: dict[str, object] = field(default_factory=dict)
    discriminator: nn.Module | None = None
    beside: nn.Module | None = None


def with_discriminator(net: nn.Module, discriminator: nn.Module | None) -> nn.Module:
    """All that is trained, as one module; the network itself where there is no discriminator."""
    if discriminator is None:
        return net
    return nn.ModuleDict({"net": net, "discriminator": discriminator})


class Step(nn.Module):
    """Network and loss as one module, so that the gradients of all processes meet behind the loss."""

    def __init__(self, net: nn.Module, recipe: Recipe) -> None:
        super().__init__()
        self.net, self._loss = net, recipe.loss
        # Here, so that all processes share its gradients too.
        self.discriminator = recipe.discriminator

    @property
    def networks(self) -> list[nn.Module]:
        """All that learns, each a network of its own."""
        return [self.net] if self.discriminator is None else [self.net, self.discriminator]

    def forward(self, batch: dict[str, Tensor], moment: Moment) -> dict[str, Tensor]:
        return self._loss(self.net, batch, moment)


def to_tensors(arrays: dict[str, np.ndarray], device: torch.device) -> dict[str, Tensor]:
    """A batch as tensors; bytes become floats from 0 to 1, pictures channels-last."""
    out = {}
    for name, array in arrays.items():
        tensor = _sent(array, device)
        tensor = tensor.float().div_(255) if tensor.dtype == torch.uint8 else tensor.float()
        out[name] = tensor.contiguous(memory_format=torch.channels_last) if tensor.ndim == 4 else tensor
    return out


def _sent(array: np.ndarray, device: torch.device) -> Tensor:
    if device.type != "cuda":
        return torch.from_numpy(np.array(array)).to(device)
    # Only from pinned memory does a GPU fetch by itself, while the processor goes on.
    pinned = torch.empty(array.shape, dtype=torch.from_numpy(np.empty(0, array.dtype)).dtype, pin_memory=True)
    pinned.numpy()[...] = array
    return pinned.to(device, non_blocking=True)


def fit(
    recipe: Recipe, out: Path, budget: Budget, run: RunSettings = PLAIN_RUN, *, ranks: Ranks | None = None
) -> nn.Module:
    """Trains until the budget is spent and returns the averaged network, in evaluation mode.

    Args:
        out: folder of the run; see `train/README.md` for its files.
        ranks: this process among others; None: alone.

    Raises:
        MirrorError: the loss or its gradient is no longer a number (the message names the pictures of
            the batch; the last checkpoint is from before), or the folder or a checkpoint cannot be used.
    """
    ranks = ranks or Ranks(0, 1, torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    if not ranks.first:
        return _fit(recipe, out, budget, run, ranks)
    with folder_of_its_own(out, resume=run.resume):
        return _fit(recipe, out, budget, run, ranks)


def _fit(recipe: Recipe, out: Path, budget: Budget, run: RunSettings, ranks: Ranks) -> nn.Module:
    device, size = ranks.device, recipe.batches.size
    rows = ranks.rows(size)
    torch.manual_seed(recipe.seed)
    net = build(recipe.spec)
    if run.warm is not None:
        load_weights(net, run.warm, recipe.spec.net)
    net = synchronise_norms(net, ranks).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    for other in (recipe.discriminator, recipe.beside):
        if other is not None:
            other.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = moving_average(net, recipe.average)
    trained = with_discriminator(net, recipe.discriminator)
    optimiser = open_optimiser(recipe.optimiser, trained, recipe.rate, recipe.decay)
    state: dict = {"step": 0, "seconds": 0.0}
    if run.resume:
        state = load_checkpoint(out, recipe.spec, trained, average.module, optimiser)
    precision, why = (run.precision, "as asked") if run.precision else choose_precision(device)
    step, before = int(state["step"]), float(state["seconds"])
    average.n_averaged.fill_(step)
    told = {
        "spec": asdict(recipe.spec), "rate": recipe.rate, "optimiser": recipe.optimiser, "batch": size,
        "precision": precision, "device": str(device), "processes": ranks.world, "seed": recipe.seed,
        "parameters": sum(p.numel() for p in net.parameters()), "minutes": budget.minutes,
        "steps": budget.steps, **recipe.told,
    }  # fmt: skip
    if ranks.first:
        print(f"{told['parameters']:,} weights on {device} in {precision}: {why}", flush=True)
    stepper = ranks.wrap(Step(net, recipe)).train()
    saved_at, saved_step, finished = before, step if run.resume else None, False
    last: Reading | None = None

    def progress(of_step: int) -> float:
        return min(1.0, budget.spent(of_step, clock.seconds))

    def check(reading: Reading | None) -> None:
        if reading is not None and not reading.sound:
            raise MirrorError(_not_a_number(reading, out, saved_step))

    with (
        RunLog(out, budget, step, before) if ranks.first else _nothing() as log,
        closing(ahead_by(recipe.batches, step, progress, rows, run.loaders)) as batches,
    ):
        # From here on: opening TensorBoard takes seconds that are no training.
        clock = Clock(before)
        spent = ranks.agree(budget.spent(step, clock.seconds))
        schedule = open_schedule(optimiser, lambda: spent, recipe.warm_up, step)
        while not finished:
            finished = spent >= 1
            if not finished:
                batch, rate = next(batches), schedule.get_last_lr()[0]
                moment = Moment(step, spent, Draws(recipe.seed, step, rows, size, device))
                reading = take_step(stepper, optimiser, batch, moment, ranks, precision)
                average.update_parameters(net)
                step += 1
                spent = ranks.agree(budget.spent(step, clock.seconds))
                schedule.step()
                # The numbers of this one are still on their way.
                check(last)
                last = reading
            if log is None:
                continue
            pace = (step - int(state["step"])) * size / max(clock.seconds - before, 1e-9)
            if not finished:
                log.tick(step, clock.seconds, pace)
                if step % run.log_steps == 0:
                    check(reading)
                    log.losses(step, moment.spent, pace, rate, reading.losses)
            waited = clock.seconds - saved_at >= 60 * run.save_minutes
            due = step % run.save_steps == 0 if run.save_steps else waited
            if (finished and saved_step != step) or (due and not finished):
                check(last)  # a checkpoint never holds what is not a number
                with clock.stopped():
                    said = {
                        **told, "step": step, "seconds": clock.seconds, "pictures": step * size,
                        "pictures_s": pace, "spent": progress(step),
                    }  # fmt: skip
                    save_checkpoint(out, recipe.spec, trained, average.module, optimiser, said)
                    if recipe.check:
                        log.held_out(step, said["spent"], recipe.check(average.module))
                saved_at, saved_step = clock.seconds, step
    return average.module


def take_step(
    stepper: nn.Module, optimiser: torch.optim.Optimizer, batch: Batch, moment: Moment,
    ranks: Ranks, precision: str,
) -> Reading:  # fmt: skip
    """One batch: forward, backward, clipping of each network by itself, and the optimiser's step.

    Args:
        stepper: a `Step`, or what `Ranks.wrap` made of it.

    Returns:
        What it was like, to be looked at later: nothing here waits for a GPU.
    """
    device = ranks.device
    tensors = to_tensors(batch.arrays, device)
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == "bfloat16"):
        parts = stepper(tensors, moment)
    optimiser.zero_grad(set_to_none=True)
    parts["loss"].backward()
    steepness = clip((stepper.module if isinstance(stepper, DistributedDataParallel) else stepper).networks)
    optimiser.step()
    return Reading.of(moment.step, batch, parts, steepness, ranks)


class Clock:
    """Seconds of training, checkpoints and held-out pictures not counted."""

    def __init__(self, before: float = 0.0) -> None:
        self._began = time.monotonic() - before

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    @contextmanager
    def stopped(self) -> Iterator[None]:
        held = self.seconds
        # What is written while the clock stands still must agree on the time.
        yield
        self._began = time.monotonic() - held


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


def _not_a_number(reading: Reading, out: Path, saved: int | None) -> str:
    batch, loss, gradient = reading.batch, reading.losses["loss"], reading.steepness
    what = f"At step {reading.step} the loss is {loss:.3g} and its gradient {gradient:.3g}"
    names = ", ".join(batch.files[:16]) + (f" and {len(batch) - 16} more" if len(batch) > 16 else "")
    if saved is None:
        good = "No checkpoint was written yet"
    else:
        good = f"The last good checkpoint is of step {saved}; go on from it with --resume --out {out}"
    return f"{what}. The batch was made of {names}: look at these pictures. {good}."
