"""Runs the steps of a plan within its minutes: each is saved as soon as it is over and goes on after a stop.

`plan.json` in the folder of results holds how far each step is; `report.json` and `table.md` are written anew
after each, so that whatever ends the run, what was done by then is there.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from mirror.core.errors import MirrorError
from mirror.files.partial_files import replace_whole
from train.plan.machine import Found, hardware, missing
from train.plan.processes import run_side_by_side, stopped_by_sigterm
from train.plan.step import Given, Step

STATE, REPORT, TABLE = "plan.json", "report.json", "table.md"


@dataclass
class Progress:
    """How far a step is.

    Attributes:
        status: "waiting", "begun", "done", "failed" or "left out".
        allotted_s, used_s: seconds it may use and has used, over all calls; stages: how many are over.
        note: why it failed or was left out, or how it ended; told: its figures.
    """

    status: str = "waiting"
    allotted_s: float = 0.0
    used_s: float = 0.0
    stages: int = 0
    note: str = ""
    told: str = ""


@dataclass
class State:
    """Of a plan: whether it is a miniature, seconds spent in all calls, and each step's progress."""

    miniature: bool
    spent_s: float = 0.0
    steps: dict[str, Progress] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """Seconds that the plan may take in all calls together, and that this call may take."""

    budget_s: float
    turn_s: float = float("inf")


def run_plan(
    steps: Sequence[Step],
    given: Given,
    limits: Limits,
    found: dict[str, Found],
    *,
    again: bool = False,
    say: Callable[[str], None] = print,
) -> State:
    """Runs what is not over yet, in order, and writes what came of it.

    Args:
        steps: those asked for; their shares are of what is left of the budget when each begins.
        found: what the machine has, see `train.plan.machine.look`.
        again: try steps that failed in an earlier call once more.
        say: is told each step's begin and end.

    Raises:
        MirrorError: the folder holds the plan of something else or another call is at work in it, or it
            cannot be written.
        KeyboardInterrupt: asked to stop (also by SIGTERM); what is there is saved, and the next call goes on.
    """
    with alone_in(given.out), stopped_by_sigterm():
        return _run_plan(steps, given, limits, found, again, say)


def _run_plan(
    steps: Sequence[Step],
    given: Given,
    limits: Limits,
    found: dict[str, Found],
    again: bool,
    say: Callable[[str], None],
) -> State:
    state, machine = read_state(given.out, given.miniature), _described(found)
    began, before = time.monotonic(), state.spent_s
    pending = []
    for step in steps:
        progress = state.steps.setdefault(step.name, Progress())
        if again and progress.status == "failed":
            progress = state.steps[step.name] = Progress()
        if progress.status in ("done", "failed"):
            say(f"{step.name}: {progress.status} in an earlier call ({progress.note or progress.told})")
        elif why := missing(step, given, found):
            progress.status, progress.note = "left out", why
            say(f"{step.name}: LEFT OUT, {why}")
        else:
            pending.append(step)

    def left() -> tuple[float, bool]:
        """Seconds left, and whether it is the call that ends then and not the budget."""
        used = time.monotonic() - began
        budget, turn = limits.budget_s - before - used, limits.turn_s - used
        return min(budget, turn), turn < budget

    try:
        for place, step in enumerate(pending):
            progress, (seconds, _) = state.steps[step.name], left()
            if seconds <= 0:
                break
            if why := step.lacks(given):
                progress.status, progress.note = "left out", why
                say(f"{step.name}: LEFT OUT, {why}")
                continue
            if not progress.allotted_s:
                of_budget = step.share / sum(one.share for one in pending[place:])
                progress.allotted_s = of_budget * (limits.budget_s - before - (time.monotonic() - began))
            say(f"{step.name}: {progress.allotted_s / 60:.1f} minutes, {step.why}")
            progress.status, at = "begun", time.monotonic()
            try:
                _run_step(step, given, progress, left())
            finally:
                progress.used_s += time.monotonic() - at
                state.spent_s = before + time.monotonic() - began
                _save(step, given, progress)
                write(given.out, state, machine, limits)
            _say_end(step, progress, say)
            if progress.status == "begun":  # the call's time is up
                break
    finally:
        state.spent_s = before + time.monotonic() - began
        write(given.out, state, machine, limits)
    waiting = [step.name for step in pending if state.steps[step.name].status in ("waiting", "begun")]
    if waiting and left()[1]:
        say(f"this call's time is up before {', '.join(waiting)}: the same command goes on")
    elif waiting:
        say(f"the budget is spent before {', '.join(waiting)}: the same command with more --minutes goes on")
    return state


def _run_step(step: Step, given: Given, progress: Progress, left: tuple[float, bool]) -> None:
    """Runs what is left of a step's stages; its progress says how that went."""
    seconds, turn_first = left
    own = progress.allotted_s - progress.used_s
    call_ends = turn_first and seconds < own
    deadline = time.monotonic() + min(seconds, own)
    folder = given.out / step.name
    folder.mkdir(parents=True, exist_ok=True)
    try:
        stages = step.stages(given, progress.allotted_s / 60)
    except (MirrorError, OSError, ValueError, KeyError) as error:
        progress.status, progress.note = "failed", f"it cannot begin: {error}"
        return
    for stage in stages[progress.stages :]:
        failed = run_side_by_side(stage, folder / "log.txt", deadline)
        if failed is None:
            if call_ends:
                progress.note = "goes on in the next call"
            elif step.enough(given):
                progress.status, progress.note = "done", "as far as its time went"
            else:
                progress.status, progress.note = "failed", "its time was up before it had anything to show"
            return
        if failed:
            progress.status, progress.note = "failed", failed
            return
        progress.stages += 1
    progress.status, progress.note = "done", "" if stages else "nothing to do"


def _save(step: Step, given: Given, progress: Progress) -> None:
    """Copies what the step keeps into the folder of results, and asks for its figures."""
    for path in (path for pattern in step.keep for path in given.work.glob(pattern)):
        copy = given.out / path.relative_to(given.work)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    # Whatever was written so far: a step that was stopped has figures, or has not.
    with contextlib.suppress(OSError, ValueError, KeyError, IndexError):
        progress.told = step.told(given)


def _say_end(step: Step, progress: Progress, say: Callable[[str], None]) -> None:
    minutes = f"after {progress.used_s / 60:.1f} minutes"
    if progress.status == "failed":
        say(f"!!! {step.name} FAILED {minutes}: {progress.note}")
    else:
        said = "; ".join(filter(None, (progress.note, progress.told)))
        say(f"{step.name}: {progress.status} {minutes}" + (f" ({said})" if said else ""))


@contextlib.contextmanager
def alone_in(out: Path) -> Iterator[None]:
    """Makes the folder, and keeps a second call out of it. Raises MirrorError where either fails."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with FileLock(out / ".lock", timeout=0):
            yield
    except Timeout:
        raise MirrorError(f"A plan is being run in {out} just now. Wait, or give another --out.") from None
    except OSError as error:
        raise MirrorError(f"{out} cannot be used ({error.strerror or error}). Give another --out.") from None


def read_state(out: Path, miniature: bool) -> State:
    """How far the plan of a folder is; a new one where there is none.

    Raises:
        MirrorError: what is there cannot be read, or is of a miniature where this is none, or vice versa.
    """
    path = out / STATE
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        steps = {name: Progress(**one) for name, one in said["steps"].items()}
        state = State(bool(said["miniature"]), float(said["spent_s"]), steps)
        if state.miniature != miniature:
            kind = "a miniature" if state.miniature else "no miniature"
            raise MirrorError(f"{out} holds a plan that was {kind}. Give another --out.")
        return state
    except FileNotFoundError:
        return State(miniature)
    except OSError as error:
        raise MirrorError(f"{path} cannot be used ({error.strerror}). Give another --out.") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise MirrorError(
            f"{path} is not a plan's state ({error}). Delete it, or give another --out."
        ) from None


def _described(found: dict[str, Found]) -> dict[str, str]:
    return hardware() | {name: ("" if one.there else "no: ") + one.what for name, one in found.items()}


def write(out: Path, state: State, machine: dict[str, str], limits: Limits) -> None:
    """Writes state, report and table. Raises MirrorError where the disk does not take them."""
    report = {
        "budget_minutes": round(limits.budget_s / 60, 2),
        "spent_minutes": round(state.spent_s / 60, 2),
        "machine": machine,
        "steps": {name: asdict(one) for name, one in state.steps.items()},
    }
    try:
        replace_whole(out / STATE, json.dumps(asdict(state), indent=2).encode())
        replace_whole(out / REPORT, json.dumps(report, indent=2).encode())
        replace_whole(out / TABLE, table(state).encode())
    except OSError as error:
        raise MirrorError(
            f"{out} cannot be written ({error.strerror}). Make room, then start again."
        ) from None


def table(state: State) -> str:
    """One row a step, as Markdown."""
    rows = ["| step | status | minutes used | of | figures |", "|---|---|---|---|---|"]
    for name, one in state.steps.items():
        said = "; ".join(filter(None, (one.note, one.told))).replace("|", "/")
        of = f"{one.allotted_s / 60:.1f}" if one.allotted_s else "-"
        rows.append(f"| {name} | {one.status} | {one.used_s / 60:.1f} | {of} | {said} |")
    return "\n".join(rows) + "\n"
