"""calibrate.py in a real window on a virtual display: gone through by keys, and by mouse.

The cameras are not there, but one of them sees the display, and some time later: its delay is known.
Set HAIR_MIRROR_ARTEFACTS to a folder to keep the screenshots.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from mirror.app.screen.design import ACCENT, RAISED
from mirror.engines import ENGINES_FOLDER
from mirror.hair.shelf import open_book
from mirror.settings import kiosk_pin
from mirror.settings.options import Settings
from mirror.settings.settings_file import load_settings
from mirror.settings.tables import Share
from tests.conftest import ROOT
from tests.xvfb import VirtualDisplay

WIDTH, HEIGHT = 1480, 900
LEFT, TOP = (WIDTH - 1280) // 2, (HEIGHT - 720) // 2  # in the middle, where SDL puts a window
NEXT = (1125, 660)
DELAY, RATE = 0.15, 10.0


class SetUp:
    """A running calibrate.py, and the person before it."""

    def __init__(self, display: VirtualDisplay, folder: Path, cameras: str) -> None:
        assert display._folder is not None
        self.display, self.path = display, folder / "settings.toml"
        environment = display.environment() | {
            "HAIR_MIRROR_WORLD": str(folder), "HAIR_MIRROR_CAMERAS": cameras, "HAIR_MIRROR_HURRY": "1",
            "HAIR_MIRROR_SCREEN": str(Path(display._folder.name) / "Xvfb_screen0"),
            "HAIR_MIRROR_DELAY": str(DELAY), "HAIR_MIRROR_RATE": str(RATE),
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.setup_world", "--settings", str(self.path)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.shots = 0
        self.title = np.zeros(0)

    def look(self) -> np.ndarray:
        return self.display.screenshot()[TOP : TOP + 720, LEFT : LEFT + 1280]

    def until(self, seen: Callable[[np.ndarray], object], what: str, seconds: float = 40) -> None:
        end = time.monotonic() + seconds
        while not seen(self.look()):
            if self.process.poll() is not None:
                pytest.fail(f"it ended: {self.process.communicate()[0]}")
            assert time.monotonic() < end, f"waited in vain for {what}; {self.keep(what)}"
            time.sleep(0.05)

    def arrive(self, name: str) -> None:
        """Waits for another page than the last."""
        titles = np.s_[20:66, 40:700]
        self.until(
            lambda shot: shot[titles].max() > 150 and not np.array_equal(shot[titles], self.title), name
        )
        self.title = self.look()[titles]
        self.keep(name)

    def keep(self, name: str) -> None:
        folder = os.environ.get("HAIR_MIRROR_ARTEFACTS")
        if folder:
            self.shots += 1
            Path(folder).mkdir(parents=True, exist_ok=True)
            path = Path(folder) / f"{self.path.parent.name} {self.shots:02d} {name}.png"
            cv2.imwrite(str(path), self.look()[..., ::-1])

    def ready(self) -> None:
        """Waits until Next can be pressed."""
        self.until(lambda shot: shot[660, 1025].min() > 130, "Next")  # bright, also under the pointer

    def keys(self, *names: str) -> None:
        self.display.keys(*names)

    def click(self, x: int, y: int) -> None:
        self.display.click(LEFT + x, TOP + y)

    def end(self) -> tuple[int, str]:
        told = self.process.communicate(timeout=30)[0]
        return self.process.returncode, told


def typing(shot: np.ndarray) -> bool:
    """Whether the field of the salon's name has its ring."""
    return bool((shot[204, 38:48] == ACCENT).all(-1).any())


@pytest.fixture(scope="module")
def display() -> Iterator[VirtualDisplay]:
    reason = VirtualDisplay.missing()
    if reason:
        pytest.skip(reason)
    with VirtualDisplay(WIDTH, HEIGHT) as running:
        yield running


@pytest.fixture
def begin(display: VirtualDisplay, tmp_path: Path) -> Iterator[Callable[[str], SetUp]]:
    started: list[SetUp] = []

    def start(cameras: str) -> SetUp:
        display.move(2, 2)
        started.append(SetUp(display, tmp_path, cameras))
        return started[-1]

    yield start
    for set_up in started:
        set_up.process.kill()
        set_up.process.communicate()


def test_the_whole_set_up_by_keys_and_the_delay_of_the_camera(begin):
    person = begin("good,black")
    person.arrive("language")
    person.keys("Return")
    person.arrive("cameras")
    person.ready()
    person.keys("Return")
    person.arrive("sizes")
    person.ready()
    person.keys("Return")
    person.arrive("picture")
    person.keys("Tab", "Tab", "Return")  # 0, 90
    person.keys(*["Tab"] * 5, "Return")  # 180, 270, Mirrored, Not mirrored, Closer
    person.keys(*["Tab"] * 6, "Return")  # Left, Up, Down, Right, Back, Next
    person.arrive("light")
    person.until(lambda shot: shot[300:400, 400:480].mean() > 30, "the picture")
    person.keys("Tab", "Return")
    person.until(lambda shot: shot[174, 880].tolist() == list(ACCENT), "held exposure")
    person.keys(*["Tab"] * 5, "Return")  # Darker, Brighter, Hold the white balance, Back, Next
    person.arrive("engines")
    person.ready()
    person.keys("Return")
    person.arrive("delay")
    person.until(lambda shot: shot[180, 60].tolist() == list(RAISED), "Measure")
    person.keys("Tab", "Return")
    # Not the dot before the line of what is being done, which has the same colour.
    person.until(lambda shot: (shot[256:340, 80:240] == ACCENT).all(axis=2).any(), "the delay")
    person.keep("delay measured")
    person.keys("Tab", "Tab", "Return")
    person.arrive("style")
    person.keys("Return")
    person.arrive("salon")
    person.keys("Tab", "Return")
    person.until(typing, "the field")
    person.keys("A", "n", "n", "a", "Return", "Tab", "Tab", "Return")  # Shorter, Longer
    person.keys(*["shift+Tab"] * 3, "Return")  # Shorter, the name, Next
    person.arrive("pin")
    person.keys("2", "5", "9", "3", "Return", "2", "5", "9", "3", "Return", "Return")
    person.arrive("summary")
    assert not person.path.exists()
    person.keys("Return")
    person.until(lambda shot: person.path.exists(), "the file")
    person.keys("Return")
    code, told = person.end()
    assert code == 0 and f"Wrote {person.path}" in told and "Traceback" not in told

    settings = load_settings(person.path)
    assert kiosk_pin.matches("2593", settings.pin or "")
    # The size that is proposed is measured: on a slow machine it is a smaller one.
    assert settings.size in ((1280, 720), (640, 480), (320, 240))
    wide, high = settings.size
    width, height = (2 * int(side / 2.4) for side in settings.size)
    closer = ((wide - width) // 2, (high - height) // 2, width, height)
    assert settings == Settings(
        camera="Salon camera", size=settings.size, rotate=90, crop=closer, exposure=250.0,
        engine="openvino", pin=settings.pin, share=Share(name="Anna"), idle=90.0,
    )  # fmt: skip
    measured = json.loads((person.path.parent / "calibration.json").read_text())["delay_ms"]
    assert abs(measured - 1000 * DELAY) < 1000 / RATE, "the delay is off by more than a frame of the camera"


def test_the_whole_set_up_by_mouse(begin):
    person = begin("good")
    person.arrive("language")
    person.click(562, 174)
    person.arrive("German")
    person.click(*NEXT)
    person.arrive("cameras")
    person.ready()
    person.click(*NEXT)
    person.arrive("sizes")
    person.ready()
    person.click(320, 176)  # 640x480
    person.click(*NEXT)
    person.arrive("picture")
    person.click(1097, 199)  # 180
    person.until(lambda shot: shot[180, 1062].min() > 130, "180")
    person.click(*NEXT)
    person.arrive("light")
    person.click(*NEXT)
    person.arrive("engines")
    person.ready()
    person.click(*NEXT)
    person.arrive("delay")
    person.click(*NEXT)
    person.arrive("style")
    person.click(100, 280)
    person.click(*NEXT)
    person.arrive("salon")
    person.click(200, 204)
    person.until(typing, "the field")
    person.keys("B", "o")
    person.click(460, 340)
    person.click(*NEXT)
    person.arrive("pin")
    for _ in range(2):
        for x, y in ((99, 186), (229, 282), (359, 378), (229, 474)):  # 1 5 9 0
            person.click(x, y)
        person.until(lambda shot: shot[474, 310].max() > 40, "OK")
        person.click(359, 474)
        person.until(lambda shot: shot[474, 310].max() < 40, "the digits taken")
    person.ready()
    person.click(*NEXT)
    person.arrive("summary")
    person.click(*NEXT)
    person.until(lambda shot: person.path.exists(), "the file")
    time.sleep(0.3)  # the button says Close by now
    person.click(*NEXT)
    assert person.end()[0] == 0
    settings = load_settings(person.path)
    assert kiosk_pin.matches("1590", settings.pin or "")
    assert settings == Settings(
        camera="Salon camera", size=(640, 480), rotate=180, engine="openvino", pin=settings.pin,
        language="de", style=open_book(ENGINES_FOLDER).styles[0].name, idle=90.0, share=Share(name="Bo"),
    )  # fmt: skip


def test_ctrl_c_writes_nothing_and_a_damaged_file_is_replaced_when_asked_and_kept(begin, tmp_path):
    (tmp_path / "settings.toml").write_text("styl = 1\n")
    person = begin("")
    person.arrive("damaged")
    person.process.send_signal(signal.SIGINT)
    code, told = person.end()
    assert code == 130 and "Nothing was written" in told and "Traceback" not in told
    assert person.path.read_text() == "styl = 1\n" and len(list(tmp_path.iterdir())) == 1
    person = begin("")
    person.arrive("damaged")
    person.keys("Return")
    for name in ("language", "cameras", "engines", "style", "salon", "pin", "summary"):
        person.arrive(name)
        person.ready()
        person.keys("Return")
    person.until(lambda shot: "styl = 1" not in person.path.read_text(), "the new file")
    person.keys("Return")
    assert person.end()[0] == 0 and load_settings(person.path) == Settings(engine="openvino")
    assert (tmp_path / "settings.toml.bak").read_text() == "styl = 1\n"
