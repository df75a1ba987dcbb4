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
from pathlib import Path

import cv2
import numpy as np

import calibrate
from mirror.errors import MirrorError
from mirror.sources.camera import CameraSource
from mirror.sources.hold import exposure
from tests.test_calibrate import FakeEngine

KINDS = os.environ.get("HAIR_MIRROR_CAMERAS", "good").split(",")
WORLD = Path(os.environ["HAIR_MIRROR_WORLD"])
SCREEN = os.environ.get("HAIR_MIRROR_SCREEN")
DELAY = float(os.environ.get("HAIR_MIRROR_DELAY", "0.2"))
RATE = float(os.environ.get("HAIR_MIRROR_RATE", "25"))
LARGEST = (1280, 720)


class FakeDevice:
    """A webcam: gives the size it is asked for, up to 1280x720; has dials; sees the screen a little."""

    def __init__(self, number: int, kind: str) -> None:
        self.number, self.kind = number, kind
        self.size = (640, 480)
        dial = exposure()
        self.stands = {dial.auto: dial.alone, dial.value: 250.0, cv2.CAP_PROP_FPS: 30.0}
        self.random = np.random.default_rng(number)
        self.due = time.monotonic()
        self.seen: deque[tuple[float, float]] = deque([(0.0, 0.0)], maxlen=300)
        self.backs: dict[tuple[int, int], np.ndarray] = {}

    @property
    def gone(self) -> bool:
        return (WORLD / f"unplug {self.number}").exists()

    def isOpened(self) -> bool:
        return not self.gone

    def read(self) -> tuple[bool, np.ndarray | None]:
        self.due = max(self.due + 1 / RATE, time.monotonic() - 1 / RATE)
        while (left := self.due - time.monotonic()) > 0:
            self.look()
            time.sleep(min(left, 0.005))
        if self.gone:
            return False, None
        if self.size not in self.backs:
            self.backs[self.size] = scene(self.size)
        image = self.backs[self.size].copy()
        if self.kind == "black":
            image[:] = self.random.integers(0, 4, image.shape, np.uint8)
        elif self.kind == "flat":
            image[:] = 180
        elif self.kind == "good":
            lit = round(25 * self.light(time.monotonic() - DELAY))
            image = cv2.add(image, (lit, lit, lit, 0))
            image[::8, ::8] = cv2.add(image[::8, ::8], (int(self.random.integers(1, 5)),) * 4)
        return True, image

    def look(self) -> None:
        """Notes how bright the screen is now, 0 to 1."""
        if SCREEN is not None:
            pixels = np.memmap(SCREEN, np.uint8, "r")
            self.seen.append((time.monotonic(), float(pixels[len(pixels) // 4 :: 99991].mean()) / 255))

    def light(self, when: float) -> float:
        return next((light for at, light in reversed(self.seen) if at <= when), 0.0)

    def get(self, propId: int) -> float:
        return self.stands.get(propId, 0.0)

    def set(self, propId: int, value: float) -> bool:
        if propId in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT):
            self.stands[propId] = value
            wanted = tuple(int(self.stands.get(p, 0)) for p in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
            self.size = wanted if wanted in ((640, 480), LARGEST) else LARGEST
            return True
        if propId not in self.stands:
            return False
        self.stands[propId] = value
        return True

    def release(self) -> None:
        pass


def scene(size: tuple[int, int]) -> np.ndarray:
    """BGR: what stands before the cameras."""
    from mirror.sources.demo import DemoSource

    return DemoSource(size, pace="max").image(0)[..., ::-1] // 4 * 3


def list_cameras() -> list[tuple[int, str]]:
    names = {"good": "Salon camera", "black": "Lid is shut", "flat": "Virtual camera", "frozen": "Hung up",
             "busy": "In a call"}  # fmt: skip
    return [(number, names.get(kind, kind)) for number, kind in enumerate(KINDS)
            if kind and not (WORLD / f"unplug {number}").exists()]  # fmt: skip


def open_camera(number: int, size: tuple[int, int]) -> CameraSource:
    def factory(number: int) -> FakeDevice | None:
        return None if KINDS[number] == "busy" else FakeDevice(number, KINDS[number])

    name = dict(list_cameras()).get(number, "")
    return CameraSource(number, name=name, size=size, factory=factory, cameras=list_cameras)


def open_engine(network: str, choice: str) -> FakeEngine:
    if choice == "tensorrt":
        raise MirrorError("TensorRT needs an NVIDIA GPU, and there is none.")
    return FakeEngine({"openvino": 0.004, "onnxruntime": 0.009}[choice])


if __name__ == "__main__":
    sys.exit(calibrate.main(None, calibrate.Parts(list_cameras, open_camera, open_engine)))
