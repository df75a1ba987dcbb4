"""Calibration with cameras and engines of the test's own: no device is touched."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import calibrate
from mirror.app.calibration import measurements
from mirror.app.calibration.measurements import time_engines, try_camera, without_person
from mirror.app.calibration.screen_delay import Delay
from mirror.app.setup.write_results import write
from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.settings import kiosk_pin
from mirror.settings.options import Settings
from mirror.settings.settings_file import load_settings, save_settings


class FakeCamera:
    """A camera of one kind: live, black, flat, frozen, mute, or one that breaks."""

    def __init__(self, kind: str, size: tuple[int, int] = (320, 240), rate: float = 100.0) -> None:
        self.kind, self.size, self.rate, self.problem = kind, size, rate, None
        self.closed = threading.Event()
        self.random = np.random.default_rng(0)
        self.still = self.picture()

    def picture(self) -> np.ndarray:
        return self.random.integers(0, 255, (self.size[1], self.size[0], 3), np.uint8)

    def read(self) -> Frame | None:
        if self.kind == "mute":
            self.closed.wait(10)
        elif self.kind == "breaks":
            raise MirrorError("the camera was unplugged.")
        if self.closed.wait(1 / self.rate):
            return None
        shape = self.still.shape
        image = {
            "black": lambda: self.random.integers(0, 5, shape, np.uint8),
            "flat": lambda: np.full(shape, 200, np.uint8),
            "frozen": lambda: self.still,
        }.get(self.kind, self.picture)()
        return Frame(image, 0, time.monotonic())

    def close(self) -> None:
        self.closed.set()


class FakeEngine:
    """Sleeps a known time; counts what is open."""

    precision, device, reason = "f32", "CPU", "test"
    open_now = 0

    def __init__(self, seconds: float) -> None:
        self.inputs = {
            "image": SimpleNamespace(shape=(1, 3, 4, 4), dtype="float32"),
            "index": SimpleNamespace(shape=(1,), dtype="int64"),
        }
        self.seconds = seconds
        FakeEngine.open_now += 1

    def run(self, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        assert arrays["image"].dtype == np.float32 and arrays["index"].shape == (1,)
        time.sleep(self.seconds)
        return {}

    def close(self) -> None:
        FakeEngine.open_now -= 1


def open_engine(network: str, choice: str) -> FakeEngine:
    if choice == "tensorrt":
        raise MirrorError("TensorRT is not installed.")
    if choice == "half" and network == "painter":
        raise MirrorError("no painter here.")
    return FakeEngine({"openvino": 0.001, "onnxruntime": 0.004}.get(choice, 0.0))


@dataclass
class World:
    """What the fake machine has, and what its person answers."""

    kinds: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    terminal: bool = False

    def ask(self, question: str) -> str:
        if not self.answers:
            raise EOFError
        print(question)
        return self.answers.pop(0)

    def parts(self) -> calibrate.Parts:
        names = self.names or [f"Camera of {kind}" for kind in self.kinds]
        return calibrate.Parts(
            list_cameras=lambda: list(enumerate(names)),
            open_camera=lambda number, size: FakeCamera(self.kinds[number]),
            open_engine=open_engine,
            ask=self.ask,
            is_terminal=lambda: self.terminal,
            screen=lambda: (False, "this is a test"),
        )


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Watch for a tenth of a second, not two."""
    defaults = {"watch": 0.15, "settle": 0.02, "patience": 0.2}
    monkeypatch.setattr(try_camera, "__kwdefaults__", defaults)
    yield
    assert FakeEngine.open_now == 0, "an engine was left open"


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "config" / "settings.toml"


def watch(kind: str) -> measurements.Camera:
    return try_camera(0, "x", (320, 240), lambda number, size: FakeCamera(kind))


def test_a_good_camera_and_its_rate():
    camera = watch("live")
    assert camera.problem is None and camera.size == (320, 240)
    assert 20 < camera.rate <= 101


@pytest.mark.parametrize(
    ("kind", "problem"),
    [("black", "black"), ("flat", "flat colour"), ("frozen", "frozen"), ("mute", "no pictures"),
     ("breaks", "unplugged")],
)  # fmt: skip
def test_bad_cameras_are_named_as_what_they_are(kind, problem):
    assert problem in (watch(kind).problem or "")


def test_a_camera_that_does_not_open():
    def refuse(number: int, size: tuple[int, int]) -> FakeCamera:
        raise MirrorError("camera 0 is used by another program.")

    assert try_camera(0, "x", (320, 240), refuse).problem == "camera 0 is used by another program."


def test_engines_are_timed_and_those_that_cannot_run_are_named():
    timings = {timing.name: timing for timing in
               time_engines(open_engine, ("tensorrt", "openvino", "half"), rounds=5)}  # fmt: skip
    assert timings["tensorrt"].problem == "TensorRT is not installed."
    assert timings["half"].problem == "no painter here."
    rounds = timings["openvino"].rounds
    assert set(rounds) == {"matte", "painter"} and all(len(times) == 5 for times in rounds.values())
    assert timings["openvino"].total >= 2.0  # two networks of at least 1 ms


def test_everything_is_written_and_read_back(path, capsys):
    world = World(kinds=["black", "live", "live"])
    assert calibrate.main(["--settings", str(path)], world.parts()) == 0
    out = capsys.readouterr().out
    assert "going on as with --yes" in out and "pictures are black" in out and "Fastest: openvino" in out
    # Two cameras are called "Camera of live", so the name would not say which: the number is kept.
    assert load_settings(path) == Settings(camera="1", size=(320, 240), engine="openvino")
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.toml"]


def test_a_camera_with_a_name_of_its_own_is_kept_by_name(path):
    world = World(kinds=["live", "live"], names=["HD Pro", "Second"])
    assert calibrate.main(["--yes", "--settings", str(path)], world.parts()) == 0
    assert load_settings(path).camera == "HD Pro"


def test_questions_are_asked_and_answers_taken(path, capsys):
    world = World(
        kinds=["live", "live"], names=["First", "Second"], answers=["9", "2", "maybe", "y"], terminal=True
    )
    assert calibrate.main(["--settings", str(path)], world.parts()) == 0
    assert "from 1 to 2" in capsys.readouterr().out and load_settings(path).camera == "Second"


def test_no_writes_nothing(path, capsys):
    world = World(kinds=["live"], answers=["n"], terminal=True)
    assert calibrate.main(["--settings", str(path)], world.parts()) == 0
    assert (
        "Nothing was written." in capsys.readouterr().out and not path.exists() and not path.parent.exists()
    )


def test_without_a_camera_the_rest_of_the_settings_stays(path, capsys):
    save_settings(Settings(style="bob", camera="Old", mirror=False), path)
    assert calibrate.main(["--yes", "--settings", str(path)], World().parts()) == 0
    out = capsys.readouterr().out
    assert "no camera was found" in out and "(Old) stays" in out
    assert load_settings(path) == Settings(style="bob", camera="Old", mirror=False, engine="openvino")
    assert load_settings(path.with_name("settings.toml.bak")).engine == "auto"


def test_no_engine_at_all(path, capsys, monkeypatch):
    parts = World().parts()

    def refuse(network: str, choice: str) -> FakeEngine:
        raise MirrorError("not installed.")

    broken = replace(parts, open_engine=refuse)
    assert calibrate.main(["--settings", str(path)], broken) == 2
    assert "No engine can run" in capsys.readouterr().err and not path.exists()


@pytest.mark.parametrize("argv", [["--yess"], ["--settings"], ["--settings", "."]])
def test_bad_flags_are_one_line_and_2(argv, capsys):
    assert calibrate.main(argv, World().parts()) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_broken_settings_file_is_left_alone(path, capsys):
    path.parent.mkdir()
    path.write_text("styl = 1\n")
    assert calibrate.main(["--yes", "--settings", str(path)], World().parts()) == 2
    assert "line 1" in capsys.readouterr().err and path.read_text() == "styl = 1\n"


def test_ctrl_c_writes_nothing(path, capsys):
    world = World(kinds=["live"], terminal=True)

    def interrupt(question: str) -> str:
        raise KeyboardInterrupt

    parts = world.parts()
    stopped = replace(parts, ask=interrupt)
    assert calibrate.main(["--settings", str(path)], stopped) == 130
    assert not path.exists() and "Nothing was written" in capsys.readouterr().out


def test_the_report_holds_nothing_personal_and_writes_nothing(path, capsys, monkeypatch):
    home = str(Path.home())

    def refuse(network: str, choice: str) -> FakeEngine:
        if choice == "tensorrt":
            raise MirrorError(f"{home}/.cache/x.engine and /opt/anna/lib.so cannot be loaded.")
        return open_engine(network, choice)

    parts = World(kinds=["live"], names=["Anna's iPhone"]).parts()
    spying = calibrate.Parts(parts.list_cameras, parts.open_camera, refuse)
    assert calibrate.main(["--report", "--settings", str(path)], spying) == 0
    out = capsys.readouterr().out
    assert "cameras: 1" in out and "openvino: matte" in out and "python:" in out
    assert "Anna" not in out and "anna" not in out and not path.exists()
    assert home == "/" or home not in out


def test_the_report_tells_modes_delay_and_settings_but_no_pin_and_no_name(path, capsys):
    stored = kiosk_pin.make("2593")
    settings = Settings(
        camera="Anna's iPhone", style="bob", size=(320, 240), rotate=90, crop=(0, 0, 99, 88),
        pictures=Path("/home/anna/pics"), pin=stored,
    )  # fmt: skip
    write(settings, path, Delay(123.4, 99.0, 150.0, 6, 6))
    before = {entry.name: entry.read_bytes() for entry in path.parent.iterdir()}
    parts = World(kinds=["live", "black"], names=["Anna's iPhone", "Other"]).parts()
    assert calibrate.main(["--report", "--settings", str(path)], parts) == 0
    out = capsys.readouterr().out
    assert "camera 1, 320x240: " in out and "camera 2, 640x480: cannot be used" in out
    assert "delay from screen to camera: 123 ms (99 to 150)" in out
    assert "rotate: 90" in out and "crop: 0,0,99,88" in out and "pin: set" in out
    assert "nna" not in out and "bob" not in out and stored not in out and "scrypt" not in out
    assert {entry.name: entry.read_bytes() for entry in path.parent.iterdir()} == before
    path.write_text("styl = 1")
    path.with_name("calibration.json").write_text("[")
    assert calibrate.main(["--report", "--settings", str(path)], World().parts()) == 0
    out = capsys.readouterr().out
    assert "cannot be read" in out and "not known" in out


def test_what_was_chosen_for_another_camera_is_not_kept(path):
    old = Settings(camera="Old", rotate=90, crop=(0, 0, 99, 88), exposure=5.0, style="bob")
    save_settings(old, path)
    assert calibrate.main(["--yes", "--settings", str(path)], World(kinds=["live"]).parts()) == 0
    new = Settings(camera="Camera of live", size=(320, 240), engine="openvino", style="bob")
    assert load_settings(path) == new
    save_settings(replace(new, rotate=90, crop=(0, 0, 99, 88)), path)
    assert calibrate.main(["--yes", "--settings", str(path)], World(kinds=["live"]).parts()) == 0
    assert load_settings(path) == replace(new, rotate=90, crop=(0, 0, 99, 88)), "it is the same camera"


def test_a_window_is_opened_where_there_is_a_screen_and_only_then(path, capsys, monkeypatch):
    asked: list[Path] = []
    run = SimpleNamespace(run=lambda parts, path: asked.append(path) or True)
    monkeypatch.setitem(sys.modules, "mirror.app.setup.main_loop", run)
    parts = replace(World(kinds=["live"]).parts(), screen=lambda: (True, "x11"))
    assert calibrate.main(["--settings", str(path)], parts) == 0
    assert asked == [path] and "Wrote" in capsys.readouterr().out and not path.exists()
    for flag in ("--yes", "--terminal"):
        assert calibrate.main([flag, "--settings", str(path)], parts) == 0
    assert asked == [path] and path.exists()
    capsys.readouterr()
    assert calibrate.main(["--settings", str(path)], World(kinds=["live"]).parts()) == 0
    assert "No window can be shown (this is a test)" in capsys.readouterr().out


def test_paths_and_names_are_taken_out_of_messages(monkeypatch):
    monkeypatch.setattr(measurements.getpass, "getuser", lambda: "berta")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/berta b"))
    text = without_person(
        "/home/berta b/.cache/a.so, C:\\Users\\berta\\x.dll: berta said 1/2 (see /tmp/y.txt)."
    )
    assert text == "<path>, <path>: <user> said 1/2 (see <path>)."


def test_cameras_and_engines_are_loaded_only_when_asked_for():
    import subprocess

    code = (
        "import sys, calibrate; "
        "sys.exit(any(m in sys.modules for m in ('cv2', 'openvino', 'onnxruntime', 'mediapipe', 'pygame')))"
    )
    root = Path(calibrate.__file__).parent
    assert subprocess.run([sys.executable, "-c", code], cwd=root, timeout=60).returncode == 0
