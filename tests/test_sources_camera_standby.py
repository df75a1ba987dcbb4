"""A camera that is not free at the start: who has it, and the demo that gives way to it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.settings.options import Settings
from mirror.sources.camera import CameraSource
from mirror.sources.camera_devices import Devices
from mirror.sources.camera_in_use import who_has
from mirror.sources.camera_standby import StandbySource
from mirror.sources.picture_adjustment import Adjustment, Calibrated
from tests.bad_days import NAME, World

ZOOM = "zoom (process 4711)"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(tmp_path, holder=lambda _: ZOOM if world.state["busy"] else "")
    world.set(rate=200.0, size=[320, 240])
    monkeypatch.setattr(StandbySource.__init__, "__kwdefaults__", {"hoping": False, "waits": (0.01, 0.05)})
    return world


def read_until_camera(source: StandbySource) -> list[Frame]:
    frames: list[Frame] = []
    deadline = time.monotonic() + 10
    while source.waiting or len(frames) < 3:
        frame = source.read()
        assert frame is not None and frame.size == source.size
        frames.append(frame)
        assert time.monotonic() < deadline, "the camera was never taken"
    frame = source.read()
    assert frame is not None
    return [*frames, frame]


def test_a_camera_in_use_is_said_with_who_has_it_and_taken_when_it_is_free(world: World) -> None:
    world.set(busy=True)
    source = world.source(None, size=(320, 240), standby=True)
    assert source.name == f"demo (camera 0 ({NAME}) is in use by {ZOOM})"
    assert source.problem == f"This is the demo: camera 0 ({NAME}) is in use by {ZOOM}, trying again"
    before = source.read()
    world.set(busy=False)
    frames = [before, *read_until_camera(source)]
    assert source.name == f"camera 0 ({NAME})" and source.reason == "the first camera that works"
    assert source.problem is None
    numbers = [frame.index for frame in frames]
    assert numbers == sorted(set(numbers)), "numbered on"
    source.close()
    assert source.read() is None


def test_of_two_mirrors_the_second_waits_until_the_first_is_gone(world: World) -> None:
    first = world.source(None, size=(320, 240), standby=True)
    assert first.name == f"camera 0 ({NAME})"
    second = world.source(None, size=(320, 240), standby=True)
    assert second.problem == (
        "This is the demo: no camera works, trying again. "
        "Another program may have it, or it is not permitted."
    )
    assert first.read() is not None and second.read() is not None and second.waiting
    first.close()
    read_until_camera(second)
    assert second.name == f"camera 0 ({NAME})" and second.problem is None
    second.close()


def test_a_camera_plugged_in_later_is_taken_and_until_then_nothing_is_wrong(world: World) -> None:
    world.set(at=None)
    source = world.source(None, size=(320, 240), standby=True)
    assert source.name == "demo (no camera found)" and source.problem is None
    assert source.read() is not None
    world.set(at=3)
    read_until_camera(source)
    assert source.name == f"camera 3 ({NAME})"
    world.set(kind="black")
    deadline = time.monotonic() + 10
    while source.problem is None:
        source.read()
        assert time.monotonic() < deadline, "what is wrong with the camera is passed on"
    source.close()


def test_the_pictures_keep_their_size_when_the_camera_is_turned(world: World) -> None:
    world.set(at=None)
    source = world.source(
        None, size=(320, 240), calibrated=Calibrated(NAME, Adjustment(rotate=90)), standby=True
    )
    assert source.size == (240, 320)
    world.set(at=0)
    read_until_camera(source)
    assert source.reason == "the calibrated camera"
    source.close()


def test_closed_it_takes_no_camera_any_more(world: World) -> None:
    world.set(busy=True)
    source = world.source(None, standby=True)
    source.close()
    world.set(busy=False)
    source._thread.join(5)
    assert not source._thread.is_alive() and source.waiting and source.read() is None


def test_nobody_waits_for_a_camera_at_pace_max_or_unasked(world: World) -> None:
    world.set(at=None)
    for options in ({"pace": "max", "standby": True}, {}):
        source = world.source(None, **options)
        assert not isinstance(source, StandbySource) and source.name == "demo (no camera found)"


def test_a_camera_asked_for_and_in_use_is_refused_with_who_has_it(world: World) -> None:
    world.set(busy=True)
    with pytest.raises(MirrorError, match=r"is in use by zoom \(process 4711\)\. Close that program"):
        CameraSource(0, name=NAME, devices=Devices(world.cameras, world.open, lambda _: ZOOM))


def test_taken_by_another_program_in_the_middle_it_says_who_has_it(world: World) -> None:
    def freed(number: int) -> str:
        world.set(busy=False)
        return ZOOM

    devices = Devices(world.cameras, world.open, freed)
    source = CameraSource(0, name=NAME, devices=devices, waits=(0.001, 0.001))
    seen: list[str | None] = []
    reopen = source._open
    source._open = lambda: (seen.append(source.problem), reopen())[1]  # type: ignore[method-assign]
    assert source.read() is not None
    world.set(busy=True)
    assert source.read() is not None, "and takes it back"
    assert seen == [f"camera 0 ({NAME}) is in use by {ZOOM}, trying again in 0.001 s"]
    assert source.problem is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux says who has a camera")
def test_who_has_a_device_is_seen(tmp_path: Path) -> None:
    device, script = tmp_path / "video7", tmp_path / "run_mirror.py"
    device.touch()
    script.write_text("import sys, time; f = open(sys.argv[1]); print(1, flush=True); time.sleep(60)")
    mine = device.open()
    assert who_has(device) == "", "not this program itself"
    for words, name in (([str(script)], "another Hair Mirror"), (["-c", script.read_text()], "python")):
        command = [sys.executable, *words, str(device)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
            assert other.stdout is not None and other.stdout.readline()
            said = who_has(device)
            other.kill()
        assert said.startswith(name) and said.endswith(f"(process {other.pid})")
    mine.close()
    assert who_has(device) == "" and who_has(device, tmp_path / "none") == ""


def test_the_screen_says_once_that_it_is_the_demo(world: World) -> None:
    """For good where a camera could be had, as a passing line where there is none."""
    from types import SimpleNamespace

    from mirror.app.live_display import Display
    from mirror.pipeline.run_report import Report

    live = SimpleNamespace(shown=None)
    for changes, notice in (({"busy": True}, None), ({"at": None}, "This is the demo: no camera found")):
        world.set(**changes)
        source = world.source(None, standby=True)
        display = Display(live, source, Settings(), None, Report(started=0.0))  # type: ignore[arg-type]
        assert display._messages.notice == notice and bool(source.problem) == (notice is None)
        source.close()
