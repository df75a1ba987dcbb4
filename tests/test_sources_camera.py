"""The camera source over a device that is not there: unplugged, plugged in, covered, hung, closed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.sources import camera_devices as device_module
from mirror.sources.camera import CameraSource
from mirror.sources.camera_devices import Devices
from mirror.sources.choose import open_source
from mirror.sources.picture_adjustment import Calibrated

RED_BGR = (10, 20, 200)


class FakeDevice:
    """Plays a script: a picture, or None for a failed read; the last entry is repeated."""

    def __init__(self, script: list[np.ndarray | None], *, needs_raw: bool = False) -> None:
        self.script, self.needs_raw = list(script), needs_raw
        self.asked: dict[int, float] = {}
        self.released = False
        self.delay = 0.0

    def isOpened(self) -> bool:
        return True

    def read(self) -> tuple[bool, np.ndarray | None]:
        assert not self.released, "read after release"
        time.sleep(self.delay)
        if self.needs_raw and cv2.CAP_PROP_FOURCC in self.asked:
            return False, None
        picture = self.script[0] if len(self.script) == 1 else self.script.pop(0)
        return picture is not None, picture

    def get(self, propId: int) -> float:
        return 30.0 if propId == cv2.CAP_PROP_FPS else 0.0

    def set(self, propId: int, value: float) -> bool:
        self.asked[propId] = value
        return True

    def release(self) -> None:
        self.released = True


def picture(bgr: tuple[int, int, int] = RED_BGR, size: tuple[int, int] = (320, 240)) -> np.ndarray:
    return np.full((size[1], size[0], 3), bgr, np.uint8)


def camera(*devices: FakeDevice | None, **options: object) -> CameraSource:
    """A camera whose n-th opening gives the n-th device; the last is given again and again."""
    left = list(devices)

    def factory(number: int) -> FakeDevice | None:
        return left[0] if len(left) == 1 else left.pop(0)

    options.setdefault("waits", (0.001, 0.004))
    reached = Devices(options.pop("cameras", lambda: [(0, "Eye")]), factory)  # type: ignore[arg-type]
    return CameraSource(0, name="Eye", devices=reached, **options)  # type: ignore[arg-type]


def wait_for(condition: Callable[[], bool], seconds: float = 3.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.002)


def test_pictures_come_as_rgb_and_the_device_is_asked_for_little_delay() -> None:
    fake = FakeDevice([picture()])
    source = camera(fake, size=(320, 240))
    frame = source.read()
    assert frame is not None and frame.index == 0
    assert frame.image[0, 0].tolist() == [200, 20, 10]
    assert source.name == "camera 0 (Eye)" and source.live and source.problem is None
    assert fake.asked[cv2.CAP_PROP_BUFFERSIZE] == 1
    assert (fake.asked[cv2.CAP_PROP_FRAME_WIDTH], fake.asked[cv2.CAP_PROP_FRAME_HEIGHT]) == (320, 240)
    second = source.read()
    assert second is not None and second.index == 1 and second.captured_at >= frame.captured_at
    source.close()
    assert fake.released and source.read() is None


def test_a_camera_with_another_size_is_brought_to_the_size_asked_for() -> None:
    source = camera(FakeDevice([picture(size=(640, 480))]), size=(1280, 720))
    frame = source.read()
    assert source.size == (1280, 720) and frame is not None and frame.size == (1280, 720)
    free = camera(FakeDevice([picture(size=(640, 480))]))
    assert free.size == (640, 480)


def test_a_camera_that_cannot_compress_is_opened_again_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: "Linux")
    compressed, raw = FakeDevice([picture()], needs_raw=True), FakeDevice([picture()], needs_raw=True)
    source = camera(compressed, raw)
    assert compressed.released and cv2.CAP_PROP_FOURCC not in raw.asked
    assert source.read() is not None


def test_no_camera_is_an_error_that_lists_the_cameras() -> None:
    with pytest.raises(MirrorError, match=r"camera 0 \(Eye\) gives no picture.*Cameras here: 3 \(Other\)"):
        camera(None, cameras=lambda: [(3, "Other")])
    silent = [FakeDevice([None]), FakeDevice([None])]  # asked for compressed pictures, and for raw ones
    with pytest.raises(MirrorError, match="gives no picture"):
        camera(*silent)
    assert silent[0].released


def test_a_camera_that_vanishes_is_opened_again_with_doubling_waits(caplog: pytest.LogCaptureFixture) -> None:
    first = FakeDevice([picture(), picture(), None])
    back = FakeDevice([picture((200, 20, 10))])
    source = camera(first, None, None, None, None, back, waits=(0.01, 0.04))
    assert source.read() is not None
    frame = source.read()  # vanishes, four tries fail, the fifth finds it
    assert frame is not None and frame.index == 1 and frame.image[0, 0].tolist() == [10, 20, 200]
    assert first.released and source.problem is None
    waits = [line.split("again in ")[1] for line in caplog.messages if "again in" in line]
    assert waits == ["0.01 s", "0.02 s", "0.04 s", "0.04 s", "0.04 s"]


def test_problem_says_so_while_it_is_gone_and_close_ends_the_wait_at_once() -> None:
    source = camera(FakeDevice([picture(), None]), None, waits=(60.0, 60.0))
    results: list[object] = []
    reader = threading.Thread(target=lambda: results.append(source.read()), daemon=True)
    reader.start()
    wait_for(lambda: source.problem is not None)
    assert source.problem == "camera 0 (Eye) vanished, trying again in 60 s"
    began = time.monotonic()
    source.close()
    reader.join(1.0)
    assert not reader.is_alive() and results == [None] and time.monotonic() - began < 0.5


def test_close_waits_for_a_running_device_read_and_then_gives_the_camera_back() -> None:
    fake = FakeDevice([picture()])
    source = camera(fake)
    fake.delay = 0.1
    reader = threading.Thread(target=source.read, daemon=True)
    reader.start()
    time.sleep(0.03)
    source.close()
    reader.join(1.0)
    assert not reader.is_alive() and fake.released


def test_a_camera_that_comes_back_under_another_number_is_found_by_its_name() -> None:
    numbers = []
    devices = {0: [FakeDevice([picture(), picture(), None])], 2: [FakeDevice([picture((1, 2, 3))])]}

    def factory(number: int) -> FakeDevice | None:
        numbers.append(number)
        return devices[number].pop() if devices[number] else None

    reached = Devices(lambda: [(2, "Eye")], factory)
    source = CameraSource(0, name="Eye", devices=reached, waits=(0.001, 0.001))
    source.read()
    frame = source.read()
    assert frame is not None and frame.image[0, 0].tolist() == [3, 2, 1]
    assert numbers == [0, 2] and source.name == "camera 2 (Eye)"


def test_black_pictures_are_named_after_two_seconds_and_forgotten_with_the_light() -> None:
    now = [100.0]
    noise = np.random.default_rng(1).integers(0, 3, (3, 240, 320, 3)).astype(np.uint8)
    script = [picture(), *noise, picture()]
    source = camera(FakeDevice(script), clock=lambda: now[0])
    problems = []
    for step in (0.0, 1.0, 1.5, 0.1):
        now[0] += step
        assert source.read() is not None
        problems.append(source.problem)
    assert problems == [None, None, "camera 0 (Eye) gives black pictures: is its cover closed?", None]


def test_a_dark_room_with_one_light_in_it_is_not_black() -> None:
    now = [0.0]
    dark = picture((1, 1, 1))
    dark[:, :20] = 90
    source = camera(FakeDevice([dark]), clock=lambda: now[0])
    for _ in range(4):
        now[0] += 1.0
        source.read()
    assert source.problem is None


def test_the_very_same_picture_for_five_seconds_and_silence_are_named() -> None:
    now = [0.0]
    source = camera(FakeDevice([picture()]), clock=lambda: now[0])
    for _ in range(7):
        assert source.problem is None
        now[0] += 1.0
        source.read()
    assert source.problem is not None and "the very same picture" in source.problem
    other = camera(FakeDevice([picture()]), clock=lambda: now[0])
    now[0] += 3.0
    assert other.problem == "camera 0 (Eye) has sent no picture for 3 s"


CAMERAS = [(0, "Laptop"), (2, "Logitech C920"), (4, "Logitech Brio")]


def open_fake(spec: str | None, dead: tuple[int, ...] = (), **options: object) -> object:
    devices = Devices(lambda: CAMERAS, lambda number: None if number in dead else FakeDevice([picture()]))
    return open_source(spec, devices=devices, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("2", "camera 2 (Logitech C920)"),
        ("/dev/video2", "camera 2 (Logitech C920)"),
        ("logitech brio", "camera 4 (Logitech Brio)"),
        ("c920", "camera 2 (Logitech C920)"),
        ("7", "camera 7"),
    ],
)
def test_cameras_by_number_and_by_name(spec: str, name: str) -> None:
    assert open_fake(spec).name == name  # type: ignore[attr-defined]


def test_an_unclear_or_unknown_name_lists_the_cameras() -> None:
    with pytest.raises(MirrorError, match=r"several cameras.*2 \(Logitech C920\), 4 \(Logitech Brio\)"):
        open_fake("logitech")
    with pytest.raises(MirrorError, match=r"no such file and no camera.*0 \(Laptop\)"):
        open_fake("Kinect")


def test_unasked_the_calibrated_camera_comes_first_and_then_the_first_that_works() -> None:
    calibrated = open_fake(None, calibrated=Calibrated("Logitech Brio"))
    assert calibrated.name == "camera 4 (Logitech Brio)"  # type: ignore[attr-defined]
    assert calibrated.reason == "the calibrated camera"  # type: ignore[attr-defined]
    by_number = open_fake(None, calibrated=Calibrated("2"))
    assert by_number.name == "camera 2 (Logitech C920)"  # type: ignore[attr-defined]
    fallback = open_fake(None, dead=(0, 4), calibrated=Calibrated("Logitech Brio"))
    assert fallback.name == "camera 2 (Logitech C920)"  # type: ignore[attr-defined]
    assert fallback.reason == "the first camera that works"  # type: ignore[attr-defined]


def test_a_camera_list_that_fails_is_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    import cv2_enumerate_cameras

    def fails(*_: object) -> None:
        raise OSError("driver")

    monkeypatch.setattr(cv2_enumerate_cameras, "enumerate_cameras", fails)
    monkeypatch.setattr(device_module, "open_device", lambda n: FakeDevice([picture()]) if n == 1 else None)
    assert device_module.list_cameras() == [(1, "camera")]
