"""calibrate.py on a machine that is not there: cameras of every kind, one of which sees the screen.

python -m tests.setup_world --settings FILE

HAIR_MIRROR_WORLD    a folder: a file "unplug N" in it takes camera N away, for as long as it is there
HAIR_MIRROR_CAMERAS  what the cameras are: good, black, flat, frozen, busy; separated by commas
HAIR_MIRROR_SCREEN   the memory file of a virtual display, which the good cameras see
HAIR_MIRROR_DELAY    seconds after which they see it
HAIR_MIRROR_RATE     their pictures a second
"""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

import calibrate
from mirror.core.errors import MirrorError
from mirror.core.face import FACE_OVAL, Face
from mirror.sources.camera import CameraSource
from mirror.sources.camera_devices import Devices
from mirror.sources.exposure_lock import exposure
from tests.test_app_calibration import FakeEngine

LARGEST = (1280, 720)
NAMES = {"good": "Salon camera", "plain": "Plain camera", "black": "Lid is shut", "flat": "Virtual camera",
         "frozen": "Hung up", "busy": "In a call"}  # fmt: skip


@dataclass
class World:
    """What there is.

    Attributes:
        folder: a file "unplug N" in it takes camera N away, for as long as it is there.
        kinds: of the cameras: good, plain (no dials), black, flat, frozen, busy.
        screen: the memory file of a virtual display, which the good cameras see.
        delay: seconds after which they see it.
        rate: pictures a second.
        devices: what was opened, in order.
    """

    folder: Path
    kinds: list[str]
    screen: str | None = None
    delay: float = 0.2
    rate: float = 25.0
    devices: list[FakeDevice] = field(default_factory=list)

    def gone(self, number: int) -> bool:
        return (self.folder / f"unplug {number}").exists()

    def list_cameras(self) -> list[tuple[int, str]]:
        return [(number, NAMES[kind]) for number, kind in enumerate(self.kinds) if not self.gone(number)]

    def open_camera(self, number: int, size: tuple[int, int]) -> CameraSource:
        def factory(number: int) -> FakeDevice | None:
            if self.kinds[number] == "busy":
                return None
            self.devices.append(FakeDevice(self, number, self.kinds[number]))
            return self.devices[-1]

        name = dict(self.list_cameras()).get(number, "")
        return CameraSource(number, name=name, size=size, devices=Devices(self.list_cameras, factory))

    def parts(self) -> calibrate.Parts:
        return calibrate.Parts(self.list_cameras, self.open_camera, open_engine, FakeTracker)


class FakeDevice:
    """A webcam: gives the size it is asked for, up to 1280x720; has dials; sees the screen a little."""

    def __init__(self, world: World, number: int, kind: str) -> None:
        self.world, self.number, self.kind = world, number, kind
        self.size = (640, 480)
        dial = exposure()
        self.stands = {cv2.CAP_PROP_FPS: 30.0}
        if kind != "plain":
            self.stands |= {dial.auto: dial.alone, dial.value: 250.0}
        self.screen = None if world.screen is None else np.memmap(world.screen, np.uint8, "r")
        self.random = np.random.default_rng(number)
        self.due = time.monotonic()
        self.seen: deque[tuple[float, float]] = deque([(0.0, 0.0)], maxlen=300)
        self.backs: dict[tuple[int, int], np.ndarray] = {}

    def isOpened(self) -> bool:
        return not self.world.gone(self.number)

    def read(self) -> tuple[bool, np.ndarray | None]:
        self.due = max(self.due + 1 / self.world.rate, time.monotonic() - 1 / self.world.rate)
        while (left := self.due - time.monotonic()) > 0:
            self.look()
            time.sleep(min(left, 0.005))
        if self.world.gone(self.number):
            return False, None
        if self.size not in self.backs:
            self.backs[self.size] = scene(self.size)
        image = self.backs[self.size].copy()
        if self.kind == "black":
            image[:] = self.random.integers(0, 4, image.shape, np.uint8)
        elif self.kind == "flat":
            image[:] = 180
        elif self.kind in ("good", "plain"):
            image[::8, ::8] = cv2.add(image[::8, ::8], (int(self.random.integers(1, 5)),) * 4)
            # Last, for what is done after it would count as delay.
            lit = round(25 * self.light(time.monotonic() - self.world.delay))
            image = cv2.add(image, (lit, lit, lit, 0))
        return True, image

    def look(self) -> None:
        """Notes how bright the screen is now, 0 to 1."""
        if self.screen is not None:
            some = self.screen[len(self.screen) // 4 :: 99991]
            self.seen.append((time.monotonic(), float(some.mean()) / 255))

    def light(self, when: float) -> float:
        return next((light for at, light in reversed(self.seen) if at <= when), 0.0)

    def get(self, propId: int) -> float:
        return self.stands.get(propId, 0.0)

    def set(self, propId: int, value: float) -> bool:
        if propId in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT):
            self.stands[propId] = value
            sides = (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
            wanted = tuple(int(self.stands.get(side, 0)) for side in sides)
            self.size = wanted if wanted in ((640, 480), LARGEST) else LARGEST
            return True
        if propId not in self.stands:
            return False
        self.stands[propId] = value
        return True

    def release(self) -> None:
        pass


class FakeTracker:
    """Finds the one face of `scene`."""

    def track(self, image: np.ndarray) -> list[Face]:
        height, width = image.shape[:2]
        return [oval(0.4 * width, 0.32 * height, 0.6 * width, 0.76 * height)]

    def close(self) -> None:
        pass


def oval(left: float, top: float, right: float, bottom: float) -> Face:
    """A face that looks straight ahead, of which outline and middle are where they belong: frame pixels."""
    x, y = (left + right) / 2, (top + bottom) / 2
    points = np.full((478, 3), (x, y, 0.0), np.float32)
    turns = np.arange(len(FACE_OVAL)) * 2 * np.pi / len(FACE_OVAL)
    points[list(FACE_OVAL), 0] = x + (right - left) / 2 * np.sin(turns)
    points[list(FACE_OVAL), 1] = y - (bottom - top) / 2 * np.cos(turns)
    return Face(points)


@lru_cache
def scene(size: tuple[int, int]) -> np.ndarray:
    """BGR: what stands before the cameras."""
    from mirror.sources.demo import DemoSource

    return DemoSource(size, pace="max").image(0)[..., ::-1] // 4 * 3


def open_engine(network: str, choice: str) -> FakeEngine:
    if choice == "tensorrt":
        raise MirrorError("TensorRT needs an NVIDIA GPU, and there is none.")
    return FakeEngine({"openvino": 0.004, "onnxruntime": 0.009}[choice])


def hurry() -> None:
    from mirror.app.calibration import measurements
    from mirror.app.setup import camera_watch, delay

    measurements.try_camera.__kwdefaults__ = {"watch": 0.5, "settle": 0.1, "patience": 2.0}
    camera_watch.SPAN, camera_watch.SETTLE = 0.6, 0.1
    delay.DARK, delay.STAYS = 0.8, 0.6


if __name__ == "__main__":
    if os.environ.get("HAIR_MIRROR_HURRY"):
        hurry()
    world = World(
        Path(os.environ["HAIR_MIRROR_WORLD"]),
        [kind for kind in os.environ.get("HAIR_MIRROR_CAMERAS", "good").split(",") if kind],
        os.environ.get("HAIR_MIRROR_SCREEN"),
        float(os.environ.get("HAIR_MIRROR_DELAY", "0.2")),
        float(os.environ.get("HAIR_MIRROR_RATE", "25")),
    )
    sys.exit(calibrate.main(None, world.parts()))
