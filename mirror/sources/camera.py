"""A camera as a source: opened again when it vanishes, and outspoken when its pictures are no use."""

from __future__ import annotations

import logging
import platform
import threading
import time
from collections import deque
from collections.abc import Callable

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.sources import exposure_lock
from mirror.sources.camera_devices import THIS_MACHINE, Device, Devices, prepare
from mirror.sources.picture_adjustment import Adjustment
from mirror.sources.picture_size import check_size, cover
from mirror.translation.message import Message, Said, joined

USUAL_SIZE = (1280, 720)
FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0  # seconds between tries to open a camera that vanished, doubling
FAILURES = 5  # failed reads in a row until a camera counts as vanished
WARM_UP, WARM_UP_SECONDS = 20, 3.0  # failed reads a camera may begin with, and the time they may take
BLACK_MEAN, BLACK_SPREAD, BLACK_SECONDS = 4.0, 3.0, 2.0
FROZEN_SECONDS = 5.0
SILENT_SECONDS = 1.5
_log = logging.getLogger("mirror")


class CameraSource:
    """Pictures of a camera, RGB.

    The camera is asked for `size`; where it gives another, its pictures are scaled to fill what was
    asked for, so that `size` always holds. `problem` names a camera that vanished, is silent, gives
    black pictures or the very same one over and over.

    Args:
        number: as in `list_cameras()`.
        name: its name. Given, a camera that comes back under another number is found by it.
        size: (width, height) in pixels; None asks for 1280x720 and takes what comes.
        adjust: what is made of its pictures, after they were brought to `size`, and what it is held at.
        devices: how it is opened, found again by its name, and who has it where it is in use.
        clock: seconds, monotonic.
        waits: the first and the longest wait between tries, seconds.

    Attributes:
        native: (width, height) of the pictures that the camera itself gives.

    Raises:
        MirrorError: no such camera, it is in use or gives no picture, or the size or crop is impossible.
    """

    live = True

    def __init__(
        self,
        number: int,
        *,
        name: str = "",
        size: tuple[int, int] | None = None,
        adjust: Adjustment = Adjustment(),  # noqa: B008 - frozen
        devices: Devices = THIS_MACHINE,
        clock: Callable[[], float] = time.monotonic,
        waits: tuple[float, float] = (FIRST_WAIT, LONGEST_WAIT),
    ) -> None:
        if size is not None:
            check_size(size)
        self._number, self._known_as, self._asked = number, name, size
        self._devices, self._clock, self._waits, self._adjust = devices, clock, waits, adjust
        self._turned: np.ndarray | None = None
        self._asides: deque[Callable[[Device], object]] = deque()
        self._closed = threading.Event()
        self._reading = threading.Lock()
        self._device: Device | None = None
        self._index = 0
        self.reason = "asked for"
        self.dropped = 0
        self._trouble: str | None = None
        self._heard: float = clock()
        self._bright: float = self._heard
        self._moved: float = self._heard
        self._last_sample = b""
        first = self._open()
        if first is None:
            if who := self._devices.holder(self._number):
                raise MirrorError(
                    joined(
                        " ",
                        Message("{camera} is in use by {program}.", camera=self.name, program=Said(who)),
                        "Close that program, or give --source another camera, a video, a photograph or demo.",
                        cameras_here(devices.listed()),
                    )
                )
            raise MirrorError(
                joined(
                    " ",
                    Message(
                        "{camera} gives no picture: it is not there, in use or not permitted.",
                        camera=self.name,
                    ),
                    cameras_here(devices.listed()),
                    "Give --source another camera, a video, a photograph or demo.",
                )
            )
        assert self._device is not None
        self.native = first.shape[1], first.shape[0]
        self._full: tuple[int, int] = size or self.native
        try:
            self.size: tuple[int, int] = adjust.size(self._full)
        except MirrorError:
            self._give_back()
            raise
        if self.native != self._full:
            _log.warning("%s gives %dx%d, scaled to fill %dx%d", self.name, *self.native, *self._full)
        rate = self._device.get(cv2.CAP_PROP_FPS)
        self.rate = float(rate) if 1 <= rate <= 1000 else 30.0
        self._heard = self._bright = self._moved = clock()  # opening may take seconds

    @property
    def name(self) -> str:
        """For people: "camera 0 (Logitech C920)"."""
        if not self._known_as:
            return Message("camera {number}", number=self._number)
        return Message("camera {number} ({name})", number=self._number, name=Said(self._known_as))

    @property
    def problem(self) -> str | None:
        """What is wrong just now, one line; None when all is well."""
        silent = self._clock() - self._heard
        if self._trouble is None and silent > SILENT_SECONDS and not self._closed.is_set():
            return Message(
                "{camera} has sent no picture for {seconds:.0f} s", camera=self.name, seconds=silent
            )
        return self._trouble

    def read(self) -> Frame | None:
        """Waits for the next picture, however long the camera is gone; None only after `close`."""
        with self._reading:
            failures = 0
            while not self._closed.is_set():
                if self._device is None and not self._reopen():
                    break
                while self._asides and self._device is not None:
                    self._asides.popleft()(self._device)
                picture = self._grab()
                if self._closed.is_set():
                    break
                if picture is None:
                    failures += 1
                    if failures >= FAILURES:
                        self._give_back()
                    else:
                        self._closed.wait(0.01)
                    continue
                captured_at = self._clock()
                self._heard = captured_at
                self._judge(picture, captured_at)
                # Cut before anything is computed; whole where there is nothing to cut.
                part = self._adjust.cut(cover(picture, self._full))
                if self._adjust.rotate:
                    part = self._turned = self._adjust.turn(part, self._turned)
                image = cv2.cvtColor(part, cv2.COLOR_BGR2RGB)
                self._index += 1
                return Frame(image, self._index - 1, captured_at)
            self._give_back()
            return None

    def tell(self, aside: Callable[[Device], object]) -> None:
        """Has `aside(device)` done between two pictures, in the thread that reads: no device likes two."""
        self._asides.append(aside)

    def close(self) -> None:
        """Ends a `read` that waits and gives the camera back."""
        self._closed.set()
        # A device cannot be given back in the middle of its own read. One that hangs longer than this is
        # given back by the reader, when it leaves.
        if self._reading.acquire(timeout=1.0):
            try:
                self._give_back()
            finally:
                self._reading.release()

    def _grab(self) -> np.ndarray | None:
        """One BGR picture, None where the read failed."""
        assert self._device is not None
        try:
            good, picture = self._device.read()
        except cv2.error as error:
            _log.warning("%s: %s", self.name, error)
            return None
        return picture if good and picture is not None and picture.size else None

    def _open(self) -> np.ndarray | None:
        """Opens the device; its first picture, None where there is none."""
        # macOS takes no such wish. Elsewhere a camera that cannot compress is opened again without.
        for compressed in (True, False) if platform.system() != "Darwin" else (False,):
            device = self._devices.opened(self._number)
            if device is None or not device.isOpened():
                if device is not None:
                    device.release()
                return None
            self._device = device
            prepare(device, self._asked or USUAL_SIZE, compressed=compressed)
            until = time.monotonic() + WARM_UP_SECONDS
            for _ in range(WARM_UP):
                if self._closed.is_set() or time.monotonic() > until:
                    break
                picture = self._grab()
                if picture is not None:
                    self._hold(device)
                    return picture
                self._closed.wait(0.01)
            self._give_back()
        return None

    def _hold(self, device: Device) -> None:
        """Holds what is to be held. A camera forgets it when it is unplugged, so at every opening."""
        wishes = (
            (exposure_lock.exposure(), self._adjust.exposure),
            (exposure_lock.white_balance(), self._adjust.white_balance),
        )
        for dial, value in wishes:
            if value is not None and exposure_lock.hold(device, dial, value) is None:
                _log.warning("%s does not hold its %s at %g: it sets it itself", self.name, dial.name, value)

    def _reopen(self) -> bool:
        """Tries until the camera is back, waiting twice as long each time; False once closed."""
        wait, longest = self._waits
        while True:
            who = self._devices.holder(self._number)
            self._trouble = (
                Message("{camera} is in use by {program}, trying again in {seconds:.3g} s", camera=self.name,
                        program=Said(who), seconds=wait)
                if who
                else Message("{camera} vanished, trying again in {seconds:.3g} s", camera=self.name,
                             seconds=wait)
            )  # fmt: skip
            _log.warning("%s", self._trouble)
            if self._closed.wait(wait):
                return False
            if self._known_as:
                same = [number for number, name in self._devices.listed() if name == self._known_as]
                if same and self._number not in same:
                    self._number = same[0]
            if self._open() is not None:
                _log.warning("%s is back", self.name)
                self._trouble = None
                self._bright = self._moved = self._clock()
                return True
            wait = min(2 * wait, longest)

    def _judge(self, picture: np.ndarray, now: float) -> None:
        """Black for 2 s, or for 5 s the very same picture (a real sensor has noise): says so in `problem`."""
        sample = picture[8::16, 8::16]
        if float(sample.mean()) >= BLACK_MEAN or float(sample.std()) >= BLACK_SPREAD:
            self._bright = now
        same = sample.tobytes()
        if same != self._last_sample:
            self._moved = now
        self._last_sample = same
        trouble = None
        if now - self._bright > BLACK_SECONDS:
            trouble = Message("{camera} gives black pictures: is its cover closed?", camera=self.name)
        elif now - self._moved > FROZEN_SECONDS:
            trouble = Message(
                "{camera} sends the very same picture again and again: it may hang, plug it in anew",
                camera=self.name,
            )
        if trouble and trouble != self._trouble:
            _log.warning("%s", trouble)
        self._trouble = trouble

    def _give_back(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            device.release()


def cameras_here(cameras: list[tuple[int, str]]) -> str:
    """A sentence for error messages: which cameras there are."""
    if not cameras:
        return "No camera was found on this machine."
    return "Cameras here: " + ", ".join(f"{number} ({name})" for number, name in cameras) + "."
