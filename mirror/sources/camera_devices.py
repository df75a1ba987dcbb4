"""Cameras as the operating system has them: their names, and how one is opened."""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from mirror.sources.camera_in_use import holder_of

# One interface per system, so that the number in a list and the number that is opened mean the same camera.
BACKENDS = {"Linux": cv2.CAP_V4L2, "Windows": cv2.CAP_DSHOW, "Darwin": cv2.CAP_AVFOUNDATION}
PROBED = 4  # numbers that are tried where the cameras cannot be listed
_log = logging.getLogger("mirror")
# A camera that hangs holds a read for at most this many seconds (OpenCV's own limit is 10).
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")


class Device(Protocol):
    """What is used of `cv2.VideoCapture`; a test puts its own in."""

    def isOpened(self) -> bool:
        """True while pictures may come."""

    def read(self) -> tuple[bool, np.ndarray | None]:
        """(True, BGR uint8 (H, W, 3)), or (False, None) where there is none."""

    def get(self, propId: int) -> float:
        """A property, 0 where it is not known."""

    def set(self, propId: int, value: float) -> bool:
        """Asks for a property."""

    def release(self) -> None:
        """Gives the camera back."""


def list_cameras() -> list[tuple[int, str]]:
    """(number, name) of every camera of this machine, lowest number first; empty where there is none.

    Where the system cannot list them, the first numbers are tried and named "camera".
    """
    try:
        from cv2_enumerate_cameras import enumerate_cameras

        # Drivers offer one camera several times (for infrared, for metadata): one entry a number.
        found: dict[int, str] = {}
        for camera in enumerate_cameras(BACKENDS.get(platform.system(), cv2.CAP_ANY)):
            found.setdefault(int(camera.index), str(camera.name or "camera").strip())
        return sorted(found.items())
    except Exception as error:  # a foreign library over foreign drivers: no camera list is worth a crash
        _log.warning("the cameras cannot be listed (%s); trying numbers 0 to %d", error, PROBED - 1)
    return [(number, "camera") for number in range(PROBED) if _answers(number)]


def open_device(number: int) -> Any:
    """`cv2.VideoCapture` of camera `number`, or None where there is none; OpenCV's grumbling left out."""
    if platform.system() == "Linux" and not Path(f"/dev/video{number}").exists():
        return None
    level = cv2.getLogLevel()
    cv2.setLogLevel(0)
    try:
        return cv2.VideoCapture(number, BACKENDS.get(platform.system(), cv2.CAP_ANY))
    finally:
        cv2.setLogLevel(level)


def prepare(device: Device, size: tuple[int, int], *, compressed: bool) -> None:
    """Asks for a picture size, 30 a second, no queue, and compressed pictures.

    A USB camera has no bandwidth for raw pictures of 720 lines at 30 a second; as MJPG it has.
    """
    if compressed:
        device.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    device.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
    device.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
    device.set(cv2.CAP_PROP_FPS, 30)
    device.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # the newest picture, not the oldest of four


@dataclass(frozen=True)
class Devices:
    """How the cameras of a machine are reached: through the operating system, unless a test brings its own.

    Attributes:
        listed: gives (number, name) of every camera, lowest number first.
        opened: opens the device of a number; None from it means that there is no such camera.
        holder: names the program that has the camera of a number, or "".
    """

    listed: Callable[[], list[tuple[int, str]]] = list_cameras
    opened: Callable[[int], Device | None] = open_device
    holder: Callable[[int], str] = holder_of


THIS_MACHINE = Devices()


def _answers(number: int) -> bool:
    device = open_device(number)
    if device is None:
        return False
    answers = bool(device.isOpened())
    device.release()
    return answers
