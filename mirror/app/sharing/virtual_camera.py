"""Virtual camera: the picture as a webcam that other programs can choose, for video calls.

pyvirtualcam hands the pictures to v4l2loopback on Linux and to OBS's virtual camera on Windows and macOS. It
is no part of the mirror: who wants it installs requirements-call.txt.
"""

from __future__ import annotations

import logging
import sys
import threading
from types import ModuleType
from typing import Any

import numpy as np

from mirror.core.errors import MirrorError
from mirror.pipeline.handover import Slot
from mirror.translation.message import Message, Said

REPEAT_SECONDS = 0.5  # a webcam that goes silent looks broken: the last picture is sent again
CLOSE_SECONDS = 2.0
_PACKAGE = "pip install -r requirements-call.txt"
_DEVICES = {
    "linux": "Install v4l2loopback and load it: sudo apt install v4l2loopback-dkms && "
    "sudo modprobe v4l2loopback exclusive_caps=1",
    "win32": "Install OBS from obsproject.com, which brings one, and close the program that uses it now",
    "darwin": "Install OBS 30 or newer from obsproject.com, press Start Virtual Camera and then Stop Virtual "
    "Camera in it once, and close it",
}
log = logging.getLogger("mirror")


def load_package() -> ModuleType:
    """pyvirtualcam, or a MirrorError that says how to install it."""
    try:
        import pyvirtualcam
    except ImportError as error:
        raise MirrorError(
            f"--virtual-camera needs the package pyvirtualcam ({error}). Install it with: {_PACKAGE}"
        ) from None
    return pyvirtualcam


class VirtualCamera:
    """A webcam made of pictures. A viewer that stalls holds up nobody: the newest picture wins.

    Args:
        size: (width, height) of the pictures in pixels; an odd last row or column is left away.
        rate: pictures a second that are to be expected.

    Attributes:
        device: what other programs call it.
        problem: why it sends no more, or None.

    Raises:
        MirrorError: the package or the device is missing; the line says what to install on this system.

    Example:
        with VirtualCamera((1280, 720), 30) as camera:
            camera.show(image)
    """

    def __init__(self, size: tuple[int, int], rate: float) -> None:
        package = load_package()
        self._width, self._height = size[0] // 2 * 2, size[1] // 2 * 2
        try:
            self._camera: Any = package.Camera(self._width, self._height, max(1.0, rate))
        except Exception as error:  # each of its backends raises what it likes
            advice = _DEVICES.get(sys.platform, "Install one that pyvirtualcam knows")
            said = " ".join(str(error).split()).rstrip(".")
            raise MirrorError(f"--virtual-camera found no virtual webcam ({said}). {advice}.") from None
        self.device: str = self._camera.device
        self.problem: str | None = None
        self._pictures: Slot[np.ndarray] = Slot()
        self._thread = threading.Thread(target=self._run, name="virtual camera", daemon=True)
        self._thread.start()

    def __enter__(self) -> VirtualCamera:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def show(self, image: np.ndarray) -> None:
        """Sends a picture, uint8 (H, W, 3) RGB, as others see it: not mirrored. It must not change later."""
        self._pictures.put(image)

    def close(self) -> None:
        """Gives the webcam back; one that hangs is left to itself. May be repeated."""
        self._pictures.close()
        self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        last: np.ndarray | None = None
        try:
            while not self._pictures.finished:
                image = self._pictures.get(REPEAT_SECONDS)
                if image is not None:
                    last = self._fitted(image)
                if last is not None:
                    self._camera.send(last)
        except Exception as error:  # the device was unplugged, OBS was closed: the mirror goes on without
            self.problem = Message(
                "The virtual webcam {device} takes no more pictures ({error}).",
                device=Said(self.device),
                error=Said(error),
            )
            log.warning("%s Start the mirror again once it is there.", self.problem)
        finally:
            self._camera.close()

    def _fitted(self, image: np.ndarray) -> np.ndarray:
        """A picture of the webcam's size; one of another size lies cut or on black."""
        image = image[: self._height, : self._width]
        if image.shape[:2] != (self._height, self._width):
            whole = np.zeros((self._height, self._width, 3), np.uint8)
            whole[: image.shape[0], : image.shape[1]] = image
            return whole
        return np.ascontiguousarray(image)
