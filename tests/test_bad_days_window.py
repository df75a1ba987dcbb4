"""The whole program in a real window, on the worst day of its life: camera, window, files, keys, and the end.

Set HAIR_MIRROR_ARTEFACTS to a folder to keep the screenshots.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.bad_days import NAME, World
from tests.program_run import own_lines, pictures
from tests.xvfb import VirtualDisplay

ROOT = Path(__file__).resolve().parent.parent
WARNING = (244, 164, 66)
KEYS = ("Right", "Left", "r", "c", "m", "space", "1", "5", "plus", "minus", "s")


@dataclass
class Day:
    """What happened."""

    shots: dict[str, np.ndarray] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)  # MB
    code: int | None = None
    told: str = ""
    wrong: str = ""
    film: int = 0  # pictures
    clips: list[Path] = field(default_factory=list)
    report: dict[str, object] = field(default_factory=dict)


class Person:
    """Watches the window and does things to it."""

    def __init__(
        self, display: VirtualDisplay, process: subprocess.Popen[bytes], logs: tuple[Path, Path], day: Day
    ) -> None:
        self.display, self.process, self.logs, self.day = display, process, logs, day

    def told(self) -> str:
        """All it said, what went wrong last."""
        return "\n".join(log.read_text() for log in self.logs)

    def until(self, seen: Callable[[np.ndarray], bool], name: str, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not seen(shot := self.display.screenshot()):
            assert self.process.poll() is None, f"it ended before: {name}\n{self.told()}"
            assert time.monotonic() < deadline, f"waited in vain for: {name}\n{self.told()}"
            time.sleep(0.05)
        self.day.shots[name] = shot
        if folder := os.environ.get("HAIR_MIRROR_ARTEFACTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            number = len(self.day.shots)
            cv2.imwrite(str(Path(folder) / f"{number:02d} {name}.png"), shot[..., ::-1])

    def warned(self, name: str) -> None:
        self.until(lambda shot: warns(shot) and shot.std() > 5, name)

    def well(self, name: str) -> None:
        self.until(lambda shot: not warns(shot) and shot.std() > 40, name)

    def resize(self, *size: int) -> None:
        # On a busy machine a window that was a pixel small is not seen again at once.
        deadline, found = time.monotonic() + 20, ""
        while not found and time.monotonic() < deadline:
            found = self.tool("search", "--onlyvisible", "--pid", str(self.process.pid))
        assert found, f"the window is gone\n{self.told()}"
        number = found.split()[0]
        self.tool("windowmove", number, "0", "0")
        self.tool("windowsize", number, *map(str, size))

    def tool(self, *words: str) -> str:
        return subprocess.run(
            ["xdotool", *words], env=self.display.environment(), capture_output=True, text=True, timeout=30
        ).stdout

    def memory(self) -> int:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024


def warns(shot: np.ndarray) -> bool:
    """Whether there is a line of what is wrong: its dot is there."""
    return bool((np.abs(shot.astype(int) - WARNING).max(2) < 6).sum() > 8)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    reason = VirtualDisplay.missing()
    if reason:
        pytest.skip(reason)
    folder, day = tmp_path_factory.mktemp("day"), Day()
    world, settings, log = World(folder), folder / "settings.toml", folder / "log"
    wrong = folder / "wrong"
    settings.write_text(f"pictures = {json.dumps(str(folder / 'pictures'))}\ncountdown = 0\n")
    mine = folder / "configuration" / "hair-mirror"
    mine.mkdir(parents=True)
    (mine / "favourites.txt").write_bytes(b"\xff\x00bob")
    flags = ["--settings", settings, "--style", "bob", "--record", folder / "film.mp4", "--report",
             folder / "report.json"]  # fmt: skip
    world.set(busy=True)
    with VirtualDisplay(1280, 800) as display, log.open("wb") as written, wrong.open("wb") as complained:
        environment = {
            **display.environment(), "LIBGL_ALWAYS_SOFTWARE": "1", "HAIR_MIRROR_WORLD": str(folder),
            "XDG_CONFIG_HOME": str(mine.parent),
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bad_days", *map(str, flags)], env=environment, cwd=ROOT,
            stdout=written, stderr=complained,
        )  # fmt: skip
        try:
            live_through(Person(display, process, (log, wrong), day), world, settings)
            display.stop()  # the last of it
            day.code = process.wait(timeout=60)
        finally:
            process.kill()
            process.wait()
    day.told, day.wrong = log.read_text(), wrong.read_text()
    day.film = len(pictures(folder / "film.mp4"))
    day.clips = sorted((folder / "pictures").glob("*.mp4"))
    day.report = json.loads((folder / "report.json").read_text())
    yield day


def live_through(person: Person, world: World, settings: Path) -> None:
    person.until(lambda shot: warns(shot) and shot.std() > 30, "demo while the camera is in use", 90)
    world.set(busy=False)
    person.well("the camera")
    world.set(at=None)
    person.warned("unplugged")
    world.set(at=2)
    person.well("back under another number")
    person.display.keys("g")
    person.display.keys("v")
    for size in ([320, 240], [100, 300], [1280, 720], [640, 360]):
        world.set(size=size)
        time.sleep(0.3)
    person.well("another size")
    person.display.keys("v", "g")
    settings.unlink()
    world.set(kind="hung")
    person.warned("hung")
    world.set(kind="black")
    person.until(lambda shot: warns(shot) and shot[200:400, 500:800].mean() < 30, "black")
    world.set(kind="good")
    person.well("good again")
    for size in ((320, 240), (1280, 120), (90, 800), (1, 1), (5000, 700), (960, 540)):
        person.resize(*size)
        person.display.keys("h", "d")
        time.sleep(0.3)
        person.display.keys("h", "d")
    person.until(lambda shot: shot[60:400, 250:700].mean() > 100 and not shot[560:].any(), "as it was")
    person.day.memory["before"] = person.memory()
    person.tool("key", "--delay", "20", *(KEYS[number * 7 % len(KEYS)] for number in range(150)))
    bright = person.display.screenshot()[60:400, 250:700].mean()
    person.display.keys("h")
    person.until(lambda shot: shot[60:400, 250:700].mean() < bright - 30, "the keys", 5)
    person.day.memory["after"] = person.memory()


def test_it_lives_until_the_screen_itself_is_gone_and_says_so_in_one_line(day: Day) -> None:
    assert day.code == 2
    last = own_lines(day.wrong)[-1]
    assert last.startswith("run_mirror.py: The screen is gone: its X server ended."), day.wrong
    assert "Traceback" not in day.wrong + day.told and "X connection" not in day.wrong


def test_what_was_recorded_and_counted_is_kept(day: Day) -> None:
    # The first 30 pictures warm up and are not among `frames`; a slow machine shows no more than those.
    assert int(str(day.report["frames"])) <= day.film and day.film > 0
    latency = day.report["latency_ms"]
    assert isinstance(latency, dict) and latency["max"] > 0  # of all that were shown
    assert f"camera 2 ({NAME})" in str(day.report["source"])
    assert day.clips and pictures(day.clips[0])


def test_what_is_wrong_is_told_and_so_is_its_end(day: Day) -> None:
    for words in ("showing the demo", f"camera 0 ({NAME}) can be had now", f"camera 0 ({NAME}) vanished",
                  f"camera 2 ({NAME}) is back", "gives black pictures"):  # fmt: skip
        assert words in day.wrong


def test_the_set_up_too_ends_with_one_line(tmp_path: Path) -> None:
    reason = VirtualDisplay.missing()
    if reason:
        pytest.skip(reason)
    with VirtualDisplay(1280, 800) as display:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.setup_world", "--settings", str(tmp_path / "settings.toml")],
            env={**display.environment(), "HAIR_MIRROR_WORLD": str(tmp_path)}, cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while display.screenshot().std() < 3 and time.monotonic() < deadline:
            time.sleep(0.1)
        display.stop()
        _, wrong = process.communicate(timeout=30)
    assert process.returncode == 2
    assert own_lines(wrong)[-1].startswith("calibrate.py: The screen is gone"), wrong
    assert "Traceback" not in wrong and not (tmp_path / "settings.toml").exists()


def test_fifty_keys_a_second_cost_no_memory(day: Day) -> None:
    assert day.memory["after"] < day.memory["before"] + 150
