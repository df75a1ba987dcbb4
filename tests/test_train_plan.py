"""The plan for an hour on a GPU: order, budget, what goes on after a stop or a failure. Steps are fakes."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.settings.command_line import build_parser
from tests.engine_networks import small_folder
from train.__main__ import command_line, main
from train.plan import processes, schedule
from train.plan.machine import CHECKS, IN_MINIATURE, Found, look, missing, needs_of
from train.plan.schedule import Limits, State, run_plan
from train.plan.step import Command, Given, Stages, Step
from train.plan.steps import STEPS
from train.plan.timings import time_network

HOUR = Limits(3600.0)


def python(code: str) -> Command:
    """A command that runs some Python, without what makes its start slow."""
    return [sys.executable, "-S", "-E", "-c", code]


@dataclass
class Fake:
    """A step of given stages, which notes how many minutes it was given."""

    name: str
    stages: Stages
    share: float = 0.25
    minutes: list[float] = field(default_factory=list)

    def step(self, **more: Any) -> Step:
        def stages(given: Given, minutes: float) -> Stages:
            self.minutes.append(minutes)
            return self.stages

        return Step(self.name, self.share, f"why {self.name}", stages, **more)


def fake(name: str, code: str = "", **more: Any) -> Step:
    return Fake(name, [[python(code)]]).step(**more)


@pytest.fixture
def given(tmp_path: Path) -> Given:
    (tmp_path / "work").mkdir()
    return Given(tmp_path / "out", tmp_path / "work")


@pytest.fixture(autouse=True)
def hardware(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "hardware", lambda: {"GPU": "a fake"})


def run(steps: list[Step], given: Given, limits: Limits = HOUR, **more: Any) -> tuple[State, list[str]]:
    said: list[str] = []
    state = run_plan(steps, given, limits, more.pop("found", {}), say=said.append, **more)
    return state, said


def statuses(state: State) -> dict[str, str]:
    return {name: one.status for name, one in state.steps.items()}


def test_each_has_its_share_and_what_is_left_over_goes_on(given: Given) -> None:
    fakes = [Fake(name, [[python("")]], share) for name, share in (("a", 0.5), ("b", 0.3), ("c", 0.2))]
    state, _ = run([one.step() for one in fakes], given)
    assert statuses(state) == {"a": "done", "b": "done", "c": "done"}
    # Each is over at once, so that what is left is divided anew: b has 3 of 5 parts of the hour, c all of it.
    assert [one.minutes[0] for one in fakes] == pytest.approx([30, 36, 60], rel=0.02)
    report = json.loads((given.out / "report.json").read_text())
    assert report["budget_minutes"] == 60 and report["machine"] == {"GPU": "a fake"}
    assert list(report["steps"]) == ["a", "b", "c"] and 0 <= report["spent_minutes"] < 1


def test_a_step_that_fails_is_loud_and_the_next_goes_on(given: Given) -> None:
    steps = [fake("a", "print('warming up'); print('no such thing'); raise SystemExit(3)"), fake("b")]
    state, said = run(steps, given)
    assert statuses(state) == {"a": "failed", "b": "done"}
    loud = next(line for line in said if line.startswith("!!!"))
    assert "a FAILED" in loud and "exit status 3: no such thing" in loud and "a/log.txt" in loud
    assert "warming up" in (given.out / "a" / "log.txt").read_text()
    assert "| a | failed |" in (given.out / "table.md").read_text()


def test_a_command_that_there_is_not_is_a_failure_too(given: Given) -> None:
    broken = Fake("b", [])

    def cannot(given: Given, minutes: float) -> Stages:
        raise MirrorError("there are no shards")

    steps = [Fake("a", [[["/no/such/program"]]]).step(), replace(broken.step(), stages=cannot), fake("c")]
    state, _ = run(steps, given)
    assert statuses(state) == {"a": "failed", "b": "failed", "c": "done"}
    assert "cannot be started" in state.steps["a"].note and "there are no shards" in state.steps["b"].note


def test_what_is_over_is_not_done_again_unless_asked(given: Given, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    once = fake("a", f"open({str(mark)!r}, 'a').write('x')")
    mended = tmp_path / "mended"
    broken = fake("b", f"import os; raise SystemExit(not os.path.exists({str(mended)!r}))")
    run([once, broken], given)
    mended.touch()
    state, said = run([once, broken], given)
    assert mark.read_text() == "x" and statuses(state) == {"a": "done", "b": "failed"}
    assert [line.partition(" in an")[0] for line in said] == ["a: done", "b: failed"]
    state, _ = run([once, broken], given, again=True)
    assert mark.read_text() == "x" and statuses(state) == {"a": "done", "b": "done"}


def sleeper(pid: Path, *, stubborn: bool = False) -> Command:
    """A command that notes its number and sleeps; a stubborn one does not heed Ctrl-C."""
    ignore = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); " if stubborn else ""
    return python(f"{ignore}import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)")


def is_gone(pid: Path) -> bool:
    if not pid.exists():
        return True  # on a slow machine it was stopped before it could say its number
    try:
        os.kill(int(pid.read_text()), 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.skipif(os.name != "posix", reason="processes are counted as POSIX does")
@pytest.mark.parametrize(("enough", "status"), [(True, "done"), (False, "failed")])
def test_a_step_ends_with_its_time(
    given: Given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, enough: bool, status: str
) -> None:
    """It is stopped, also where it does not heed; what is there then may be enough."""
    monkeypatch.setattr(processes, "GRACE", 0.2)
    # A second and a half of a hundred.
    long = Fake("a", [[sleeper(tmp_path / "pid", stubborn=True)]], share=0.004).step(enough=lambda _: enough)
    started = time.monotonic()
    state, _ = run([long, fake("b")], given, Limits(100.0))
    assert time.monotonic() - started < 20, "it did not wait for the command"
    assert statuses(state) == {"a": status, "b": "done"}
    assert is_gone(tmp_path / "pid")
    assert "its time" in state.steps["a"].note


def test_a_call_that_ends_is_gone_on_with(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what was not over: the first stage is not run again, the second is."""
    ended: list[str] = []

    def stage(commands: list[Command], log: Path, deadline: float) -> str | None:
        ended.append(commands[0][0])
        # The first time that the second stage runs, the call's half hour is over.
        return None if ended == ["first", "second"] else ""

    monkeypatch.setattr(schedule, "run_side_by_side", stage)
    steps = [Fake("a", [[["first"]], [["second"]]]).step(), Fake("b", [[["third"]]]).step()]
    state, said = run(steps, given, Limits(7200.0, turn_s=1800.0))
    assert statuses(state) == {"a": "begun", "b": "waiting"} and state.steps["a"].stages == 1
    assert said[-1] == "this call's time is up before a, b: the same command goes on"
    spent, allotted = state.spent_s, state.steps["a"].allotted_s
    state, _ = run(steps, given)
    assert statuses(state) == {"a": "done", "b": "done"}
    assert ended == ["first", "second", "second", "third"]
    assert state.spent_s > spent and state.steps["a"].allotted_s == allotted


def test_a_budget_that_is_spent_says_what_waits(given: Given) -> None:
    run([fake("a")], given)
    state, said = run([fake("a"), fake("b")], given, Limits(1e-6))
    assert statuses(state) == {"a": "done", "b": "waiting"}
    assert said[-1] == "the budget is spent before b: the same command with more --minutes goes on"


def test_without_what_it_needs_a_step_falls_away_and_leaves_its_time(given: Given) -> None:
    found = {"TensorRT": Found(False, "is not installed"), "heads": Found(True, "12 in shards")}
    later = Fake("b", [[python("")]])
    steps = [
        fake("a", needs=("heads", "TensorRT")),
        later.step(needs=("heads",)),
        fake("c", lacks=lambda _: "no b"),
    ]
    state, said = run(steps, given, found=found)
    assert statuses(state) == {"a": "left out", "b": "done", "c": "left out"}
    assert "a: LEFT OUT, no TensorRT: is not installed" in said and "c: LEFT OUT, no b" in said
    assert later.minutes == pytest.approx([30], rel=0.02), "half an hour: only c is still to come"
    there = found | {"TensorRT": Found(True, "here")}
    assert statuses(run(steps, given, found=there)[0])["a"] == "done", "it is looked at anew in each call"


def test_results_are_kept_whatever_comes_of_it(given: Given) -> None:
    file = given.work / "a" / "deep" / "figures.csv"
    code = f"import os; os.makedirs({str(file.parent)!r}); open({str(file)!r}, 'w').write('1'); 1 / 0"
    step = fake("a", code, keep=("a/*/*.csv", "a/none"), told=lambda given: "one | figure")
    state, _ = run([step, fake("b", told=lambda given: json.loads("")["x"])], given)
    assert (given.out / "a" / "deep" / "figures.csv").read_text() == "1"
    assert state.steps["a"].told == "one | figure" and state.steps["b"].told == ""
    rows = (given.out / "table.md").read_text().splitlines()
    assert len({row.count("|") for row in rows}) == 1, "a bar in the figures would be another column"


def test_commands_of_a_stage_run_side_by_side_and_stages_in_turn(given: Given, tmp_path: Path) -> None:
    """Each of two waits for the other's file; neither is there before the stage before is over."""
    a, b = tmp_path / "a", tmp_path / "b"
    wait = (
        "import os, time\nopen({0!r}, 'x')\nuntil = time.time() + 30\n"
        "while not os.path.exists({1!r}):\n    assert time.time() < until\n    time.sleep(0.01)"
    )
    first = python(f"import os; assert not os.path.exists({str(a)!r})")
    both = [python(wait.format(str(a), str(b))), python(wait.format(str(b), str(a)))]
    state, _ = run([Fake("a", [[first], both]).step()], given)
    assert statuses(state) == {"a": "done"} and (given.out / "a" / "log1.txt").exists()


@pytest.mark.skipif(os.name != "posix", reason="processes are counted as POSIX does")
def test_one_that_fails_takes_those_beside_it_along(given: Given, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    fails = python(
        f"import os, time\nwhile not os.path.exists({str(pid)!r}):\n    time.sleep(0.01)\nraise SystemExit(7)"
    )
    state, _ = run([Fake("a", [[sleeper(pid), fails]]).step()], given)
    assert state.steps["a"].status == "failed" and "exit status 7" in state.steps["a"].note and is_gone(pid)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM")
def test_stopped_from_outside_it_keeps_what_is_there_and_goes_on(given: Given, tmp_path: Path) -> None:
    """SIGTERM to itself, from the command that it waits for."""
    (given.work / "half").touch()
    stops = Fake(
        "a", [[python(f"import os, signal, time; os.kill({os.getpid()}, signal.SIGTERM); time.sleep(60)")]]
    )
    with pytest.raises(KeyboardInterrupt):
        run([stops.step(keep=("half",))], given)
    assert (given.out / "half").exists()
    assert json.loads((given.out / "plan.json").read_text())["steps"]["a"]["status"] == "begun"
    stops.stages = [[python("")]]
    assert statuses(run([stops.step()], given)[0]) == {"a": "done"}


def test_a_folder_of_something_else_is_refused(given: Given) -> None:
    run([fake("a")], given)
    with pytest.raises(MirrorError, match="no miniature. Give another --out"):
        run([fake("a")], replace(given, miniature=True))
    with schedule.alone_in(given.out), pytest.raises(MirrorError, match="is being run in"):
        run([fake("a")], given)
    (given.out / "plan.json").write_text('{"steps": 3}')
    with pytest.raises(MirrorError, match="not a plan's state.*Delete it"):
        run([fake("a")], given)


# The real steps, without running them.


@pytest.fixture
def full(given: Given) -> Given:
    """With heads of 512 pixels, photographs and a run of each network."""
    for folder, side in (("shards", 512), ("pairs", 256)):
        shard = given.work / folder / "00000"
        shard.mkdir(parents=True)
        np.save(shard / "image.npy", np.zeros((2, side, side, 3), np.uint8))
        (shard / "shard.json").write_text('{"files": ["a.png", "b.png"]}')
    for net, size in (("hair_vae", 512), ("underlay", 256), ("matte", 256)):
        (given.work / net).mkdir()
        (given.work / net / "average.safetensors").touch()
        (given.work / net / "state.json").write_text(json.dumps({"spec": {"size": size}}))
    return replace(given, photos=given.work, teacher=given.work / "t", cycles="OPTIX", cores=16)


def commands(name: str, given: Given) -> list[Command]:
    step = next(step for step in STEPS if step.name == name)
    return [command for stage in step.stages(given, 10.0) for command in stage]


@pytest.mark.parametrize("miniature", [False, True])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_what_the_real_steps_run_is_understood(step: Step, full: Given, miniature: bool) -> None:
    """Every command is one that there is, with flags that it has."""
    given = replace(full, miniature=miniature, cycles="CPU" if miniature else "OPTIX")
    found = commands(step.name, given)
    assert found
    for command in found:
        assert command[:2] == [sys.executable, "-m"]
        if command[2] == "train":
            command_line().parse_args(command[3:])
        elif command[2] == "run_mirror":
            build_parser().parse_args(command[3:])
        else:
            assert command[2] in ("train.plan.timings", "tests.bench")


def test_the_real_steps_belong_together() -> None:
    assert sum(step.share for step in STEPS) == pytest.approx(1.0)
    assert len({step.name for step in STEPS}) == len(STEPS)
    assert {need for step in STEPS for need in step.needs} <= CHECKS.keys()
    assert set(IN_MINIATURE) <= CHECKS.keys()


def test_networks_go_on_from_what_fits_them(full: Given) -> None:
    """From what ships at 256 pixels, from nothing at 512, from a checkpoint if there is one; with pairs."""
    (hair_vae,), (underlay,) = commands("hair_vae", full), commands("underlay", full)
    assert "--warm" not in hair_vae and hair_vae[hair_vae.index("--size") + 1] == "512"
    assert "--warm" in underlay and underlay[underlay.index("--size") + 1] == "256"
    assert str(full.work / "pairs") in underlay and str(full.work / "pairs") not in hair_vae
    assert float(underlay[underlay.index("--minutes") + 1]) < 10
    (full.work / "underlay" / "checkpoint.safetensors").touch()
    (again,) = commands("underlay", full)
    assert "--resume" in again and "--warm" not in again
    np.save(full.work / "shards" / "00000" / "image.npy", np.zeros((2, 256, 256, 3), np.uint8))
    (hair_vae,) = commands("hair_vae", full)
    assert "--warm" in hair_vae and hair_vae[hair_vae.index("--size") + 1] == "256"
    exported = [command[-3:-1] for command in commands("export", full)]
    assert ["side512", "--engines"] in exported and exported.count(["side512", "--engines"]) == 1


def test_the_order_of_worth_and_what_falls_away_on_a_processor(given: Given) -> None:
    """Here is no GPU to render on, to train on or to time; a miniature does without."""
    found = {name: Found(name in ("heads", "photographs", "Blender"), "") for name in CHECKS}
    there = [step.name for step in STEPS if not missing(step, given, found)]
    assert there == ["shards", "pairs"]
    small = replace(given, miniature=True)
    assert not [step for step in STEPS if missing(step, small, found)]
    renders = STEPS[0]
    assert needs_of(renders, given) == ["Blender on the GPU"] and needs_of(renders, small) == ["Blender"]


def test_heads_and_photographs_are_looked_for(full: Given, tmp_path: Path) -> None:
    steps = [step for step in STEPS if step.name in ("shards", "pairs")]
    found = look(steps, full)
    assert found["heads"].what.startswith("2 in") and not found["photographs"].there
    (full.work / "t").touch()
    assert look(steps, full)["photographs"].there
    bare = replace(full, work=tmp_path / "none")
    assert look(steps, bare)["heads"].what.startswith("to be prepared")
    assert not look(steps, replace(bare, photos=None))["heads"].there
    told = look(steps, replace(bare, shards=(tmp_path,)))["heads"]
    assert not told.there and "holds no shards" in told.what


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--list", "--minutes", "100"]) == 0
    listed = capsys.readouterr().out
    assert all(f"{step.name}, {100 * step.share:.1f} minutes: {step.why}" in listed for step in STEPS)
    assert "needs training on the GPU, heads" in listed
    out = ["--out", str(tmp_path / "plan")]
    for flags, said in (
        (["--steps", "dance"], "--steps dance is no step. Give some of renders, shards"),
        (["--minutes", "0"], "--minutes 0 leaves no time"),
        (["--turn", "-1"], "--turn -1 leaves no time"),
    ):
        assert main(["plan", *flags, *out]) == 2
        assert said in capsys.readouterr().err
    assert main(["plan", "--steps", "pairs", *out]) == 0
    shown = capsys.readouterr().out
    assert "photographs: NOT THERE, give --photos FOLDER and --teacher" in shown
    assert "| pairs | left out |" in shown and (tmp_path / "plan" / "report.json").exists()


def test_networks_are_timed_and_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnxruntime")
    told = time_network("small", small_folder(tmp_path), "onnxruntime", 3)
    assert told["ms"] > 0 and told["p95_ms"] >= told["ms"] and told["apart"] == 0
    assert (told["engine"], told["precision"]) == ("onnxruntime", "f32")
    monkeypatch.setattr("train.plan.timings.TOLERANCE", {"f32": (-1.0, 0.0)})
    with pytest.raises(MirrorError, match="differs from float32.*worth nothing"):
        time_network("small", tmp_path, "onnxruntime", 3)
