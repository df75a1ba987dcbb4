"""Face watch: says how the light falls on whoever stands before the camera, a few times a second."""

from __future__ import annotations

import time

from mirror.app.calibration.face_light import measure, said
from mirror.app.setup.background_work import Tell
from mirror.app.setup.shared_state import Desk
from mirror.translation.message import Message

_EVERY = 0.4  # seconds: lines that change with every picture cannot be read
_NOBODY = Message("Stand where people will stand: the light on your face is judged.")


class FaceWatch:
    """Looks at the pictures of the desk's camera in a thread until it is stopped."""

    def __init__(self, desk: Desk) -> None:
        self._said: tuple[str, str] = ("wait", _NOBODY)
        self._desk = desk
        self._work = desk.work(self._look)

    @property
    def said(self) -> tuple[str, str]:
        """The sign and the line of the newest picture, or why faces are not found."""
        failure = self._work.failure
        return self._said if failure is None else ("warning", failure)

    def stop(self) -> None:
        """Ends it, without waiting for it."""
        self._work.stop()

    def _look(self, tell: Tell) -> None:
        tell("", 0.0)
        tracker = self._desk.parts.open_tracker()
        try:
            while True:
                tell("", 0.0)
                watch = self._desk.watch
                image = watch.picture if watch is not None else None
                if image is not None:
                    adjustment = self._desk.adjustment
                    image = adjustment.turn(adjustment.cut(image))
                    faces = tracker.track(image)
                    light = measure(image, faces[0]) if faces else None
                    self._said = ("wait", _NOBODY) if light is None else said(light)
                time.sleep(_EVERY)
        finally:
            tracker.close()
