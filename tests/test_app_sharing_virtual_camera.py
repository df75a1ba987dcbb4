"""The virtual camera: the newest picture, not mirrored, sent aside; one plain line where it is missing."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import run_mirror
from mirror.app.sharing import virtual_camera as module
from mirror.app.sharing.virtual_camera import VirtualCamera
from mirror.core.errors import MirrorError
from tests.program_run import read


class Webcam(ModuleType):
    """Stands in for pyvirtualcam: one device, whose viewer can stall or go away."""

    def __init__(self) -> None:
        super().__init__("pyvirtualcam")
        self.sent: list[np.ndarray] = []
        self.opened: tuple[int, int, float] | None = None
        self.closed = 0
        self.missing: str | None = None
        self.broken: str | None = None
        self.free = threading.Event()
        self.free.set()
        self.device = "/dev/video9"

    def Camera(self, width: int, height: int, fps: float) -> Webcam:  # noqa: N802 - pyvirtualcam's own name
        if self.missing:
            raise RuntimeError(self.missing)
        self.opened = width, height, fps
        return self

    def send(self, frame: np.ndarray) -> None:
        assert frame.flags.c_contiguous and frame.dtype == np.uint8
        self.sent.append(frame.copy())
        assert self.free.wait(20)
        if self.broken:
            raise RuntimeError(self.broken)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def webcam(monkeypatch: pytest.MonkeyPatch) -> Webcam:
    fake = Webcam()
    monkeypatch.setitem(sys.modules, "pyvirtualcam", fake)
    return fake


def picture(level: int, size: tuple[int, int] = (64, 48)) -> np.ndarray:
    return np.full((size[1], size[0], 3), level, np.uint8)


def until(wanted: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not wanted():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def test_pictures_arrive_as_they_are_and_it_is_given_back(webcam: Webcam) -> None:
    image = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    with VirtualCamera((64, 48), 25.0) as camera:
        assert webcam.opened == (64, 48, 25.0) and camera.device == "/dev/video9"
        camera.show(image)
        until(lambda: bool(webcam.sent))
    assert np.array_equal(webcam.sent[0], image) and webcam.closed == 1
    camera.close()
    camera.show(image)
    assert webcam.closed == 1 and camera.problem is None


def test_odd_sizes_lose_a_row_and_other_sizes_are_cut(webcam: Webcam) -> None:
    with VirtualCamera((65, 49), 30.0) as camera:
        for number, size in enumerate([(65, 49), (40, 90)]):
            camera.show(picture(50 + number, size))
            until(lambda number=number: len(webcam.sent) > 0 and webcam.sent[-1].max() == 50 + number)
    assert webcam.opened == (64, 48, 30.0)
    assert {image.shape for image in webcam.sent} == {(48, 64, 3)}
    assert (webcam.sent[-1][:, :40] == 51).all() and not webcam.sent[-1][:, 40:].any()


def test_a_viewer_that_stalls_holds_up_nobody_and_then_sees_the_newest(webcam: Webcam) -> None:
    webcam.free.clear()
    with VirtualCamera((64, 48), 30.0) as camera:
        camera.show(picture(1))
        until(lambda: len(webcam.sent) == 1)
        began = time.monotonic()
        for level in range(2, 200):
            camera.show(picture(level))
        assert time.monotonic() - began < 5
        webcam.free.set()
        until(lambda: len(webcam.sent) >= 2)
    assert webcam.sent[1].max() == 199


def test_the_last_picture_is_sent_again(webcam: Webcam, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REPEAT_SECONDS", 0.01)
    with VirtualCamera((64, 48), 30.0) as camera:
        camera.show(picture(7))
        until(lambda: len(webcam.sent) >= 3)
    assert {int(image.max()) for image in webcam.sent} == {7}


def test_a_viewer_that_never_comes_back_does_not_hold_up_leaving(
    webcam: Webcam, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLOSE_SECONDS", 0.05)
    webcam.free.clear()
    with VirtualCamera((64, 48), 30.0) as camera:
        camera.show(picture(1))
        until(lambda: len(webcam.sent) == 1)
    webcam.free.set()
    until(lambda: webcam.closed == 1)


def test_a_device_that_goes_away_is_said_and_the_mirror_goes_on(
    webcam: Webcam, caplog: pytest.LogCaptureFixture
) -> None:
    webcam.broken = "no such device"
    with VirtualCamera((64, 48), 30.0) as camera:
        camera.show(picture(1))
        until(lambda: webcam.closed == 1)
        camera.show(picture(2))
        assert camera.problem is not None and "takes no more pictures (no such device)" in camera.problem
    assert "/dev/video9" in caplog.text


@pytest.mark.parametrize(
    ("platform", "advice"),
    [
        ("linux", "v4l2loopback"),
        ("win32", "Install OBS"),
        ("darwin", "OBS 30"),
        ("aix", "pyvirtualcam knows"),
    ],
)
def test_a_missing_device_is_one_line_for_this_system(
    webcam: Webcam, monkeypatch: pytest.MonkeyPatch, platform: str, advice: str
) -> None:
    webcam.missing = "'v4l2loopback' backend: No v4l2 loopback device found.\n'x' backend: none"
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(MirrorError, match=advice) as caught:
        VirtualCamera((64, 48), 30.0)
    assert "\n" not in str(caught.value) and "found no virtual webcam" in str(caught.value)


def test_the_program_says_in_one_line_that_the_package_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], no_settings: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyvirtualcam", None)  # what an import finds where it is not installed
    flags = ["--settings", str(no_settings), "--source", "demo", "--style", "bob", "--headless"]
    assert run_mirror.main([*flags, "--virtual-camera"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "pip install -r requirements-call.txt" in line and "Traceback" not in line


def test_the_program_without_a_window_sends_what_it_shows_not_mirrored(
    webcam: Webcam, no_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_mirror.signal, "signal", lambda *_: None)  # Ctrl-C stays pytest's own
    flags = ["--settings", str(no_settings), "--source", "demo", "--style", "bob", "--size", "320x240"]
    more = ["--headless", "--frames", "6", "--mirror", "--virtual-camera", "--record", f"{tmp_path}/shown"]
    assert run_mirror.main([*flags, *more]) == 0
    assert webcam.opened is not None and webcam.opened[:2] == (320, 240) and webcam.closed == 1
    shown = [read(path)[:, ::-1] for path in sorted(tmp_path.glob("shown/*.png"))]
    assert len(shown) == 6
    for image in webcam.sent:
        assert any(np.array_equal(image, one) for one in shown), "a picture that was not shown, or mirrored"
