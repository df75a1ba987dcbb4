"""Standby: the demo, until a camera can be had.

At the start the camera may still be in a video call, or in the bag. The mirror then shows its demo, says why,
and goes over to the camera once it is free: nobody has to start it again.
"""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Callable

from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.sources.camera import CameraSource
from mirror.sources.demo import DemoSource
from mirror.sources.picture_size import cover
from mirror.translation.message import Message

FIRST_WAIT, LONGEST_WAIT = 2.0, 8.0  # seconds between two looks, half as long again each time
# Cameras are there and none gives a picture, nobody knows why.
NONE_WORKS = Message("no camera works")
_log = logging.getLogger("mirror")


class StandbySource:
    """The demo, then a camera; as the protocol `Source` says.

    Args:
        size: (width, height) of the frames, before and after.
        why: what is wrong with the cameras, one line.
        find: opens a camera and gives it, with why none can be had; called in a thread of its own.
        hoping: a camera is there and not free. The screen says so for as long as that lasts.
        waits: the first and the longest wait between two looks, seconds.

    Example:
        >>> source = StandbySource((640, 360), "no camera found", lambda: (None, "no camera found"))
        >>> source.name
        'demo (no camera found)'
        >>> source.close()
    """

    live = True

    def __init__(
        self,
        size: tuple[int, int],
        why: str,
        find: Callable[[], tuple[CameraSource | None, str]],
        *,
        hoping: bool = False,
        waits: tuple[float, float] = (FIRST_WAIT, LONGEST_WAIT),
    ) -> None:
        self._demo = DemoSource(size, why=why)
        self.size, self.reason, self.rate = size, why, self._demo.rate
        self.dropped = 0
        self._find, self._hoping, self._waits = find, hoping, waits
        self._camera: CameraSource | None = None
        self._from = 0  # index of the camera's first frame
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._watch, name="standby", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> bool:
        """Whether the demo is still shown."""
        return self._camera is None

    @property
    def name(self) -> str:
        """The demo's name, later the camera's."""
        return self._demo.name if self._camera is None else self._camera.name

    @property
    def problem(self) -> str | None:
        """The camera's, or that it is not free."""
        if self._camera is not None:
            return self._camera.problem
        if not self._hoping:
            return None
        if self.reason == NONE_WORKS:
            return Message(
                "This is the demo: no camera works, trying again. Another program may have it, or it is not "
                "permitted."
            )
        return Message("This is the demo: {reason}, trying again", reason=self.reason)

    def read(self) -> Frame | None:
        """The next frame, numbered on; None only after `close`."""
        while not self._closed.is_set():
            camera = self._camera
            if camera is not None:
                frame = camera.read()
                if frame is None:
                    return None
                image = cover(frame.image, self.size)
                return dataclasses.replace(frame, image=image, index=self._from + frame.index)
            frame = self._demo.read()
            if frame is None:
                return None
            if self._camera is None:
                self._from, self.dropped = frame.index + 1, self._demo.dropped
                return frame
        return None

    def close(self) -> None:
        """Gives the camera back and looks for none any more. May be repeated."""
        self._closed.set()
        self._demo.close()
        with self._lock:
            if self._camera is not None:
                self._camera.close()

    def _watch(self) -> None:
        wait, longest = self._waits
        while not self._closed.wait(wait):
            wait = min(1.5 * wait, longest)
            camera, why = None, ""
            try:
                camera, why = self._find()
            except MirrorError as error:
                why = str(error)
            if camera is None:
                if why and why != self.reason:
                    self.reason, self._hoping = why, True
                    _log.warning("still the demo: %s", why)
                continue
            with self._lock:
                if self._closed.is_set():
                    camera.close()
                    return
                self.reason = camera.reason
                self._camera = camera
            _log.warning("%s can be had now: the demo ends", camera.name)
            return
