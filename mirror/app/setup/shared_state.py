"""Desk: what lies on the table while somebody sets the mirror up. All pages work at it."""

from __future__ import annotations

import dataclasses
import threading
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from mirror.app.calibration.measurements import Camera, Timing
from mirror.app.calibration.screen_delay import Delay
from mirror.app.setup.background_work import Tell, Work
from mirror.app.setup.camera_name import spoken
from mirror.app.setup.camera_watch import Watch
from mirror.core.errors import MirrorError
from mirror.settings.options import Settings
from mirror.sources.picture_adjustment import Adjustment
from mirror.translation.catalogue import Words


class Parts(Protocol):
    """How cameras are listed and opened, and engines opened; tests put their own in."""

    @property
    def list_cameras(self) -> Callable[[], list[tuple[int, str]]]:
        """() -> [(number, name)]."""

    @property
    def open_camera(self) -> Callable[[int, tuple[int, int]], Any]:
        """(number, (width, height)) -> Source."""

    @property
    def open_engine(self) -> Callable[[str, str], Any]:
        """(network, engine's name) -> Engine; MirrorError where it cannot run."""

    @property
    def open_tracker(self) -> Callable[[], Any]:
        """() -> FaceTracker of single pictures; MirrorError where it cannot run."""


class Desk:
    """What was chosen and measured so far. Nothing of it is written before the last page.

    Attributes:
        old: the settings before.
        settings: what would be written now.
        words: the language of the set-up, which is chosen on its first page.
        path: where.
        cameras: (number, name) of every camera.
        camera: the chosen one, or None.
        modes: what its sizes are good for, once they were tried.
        timings: of the engines, once they were timed.
        delay: once it was measured.
        watch: the chosen camera, while a page looks through it.
        written: it is done.
    """

    def __init__(self, parts: Parts, old: Settings, path: Path) -> None:
        self.parts, self.old, self.settings, self.path = parts, old, old, path
        self.words = Words(old.language)
        self.cameras: list[tuple[int, str]] = []
        self.camera: tuple[int, str] | None = None
        self.modes: list[Camera] = []
        self.timings: list[Timing] = []
        self.delay: Delay | None = None
        self.watch: Watch | None = None
        self.written = False
        # One reader a camera: a device that is still being closed cannot be opened.
        self.locks: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)
        self._left: list[Watch] = []
        self._works: list[Work] = []

    def change(self, **changes: Any) -> None:
        """Changes the settings that would be written."""
        self.settings = dataclasses.replace(self.settings, **changes)

    def choose(self, camera: tuple[int, str]) -> None:
        """Takes a camera. What was chosen for another one does not hold for it."""
        if camera == self.camera:
            return
        self.camera, self.modes, self.delay = camera, [], None
        word = spoken(camera, self.cameras)
        old = self.old
        if old.camera is not None and old.camera.strip().lower() == word.strip().lower():
            kept = {"rotate": old.rotate, "crop": old.crop, "exposure": old.exposure,
                    "white_balance": old.white_balance, "size": old.size}  # fmt: skip
        else:
            kept = {"rotate": 0, "crop": None, "exposure": None, "white_balance": None, "size": None}
        self.change(camera=word, **kept)

    def take_size(self, size: tuple[int, int]) -> None:
        """Takes a picture size. A crop of another size means nothing in it."""
        crop = self.settings.crop if size == self.settings.size else None
        try:
            Adjustment(crop=crop).size(size)
        except MirrorError:  # somebody wrote it into the file by hand
            crop = None
        self.change(size=size, crop=crop)

    @property
    def adjustment(self) -> Adjustment:
        """What is made of the camera's picture."""
        return Adjustment(self.settings.rotate, self.settings.crop)

    def look(self) -> Watch:
        """The chosen camera, opened at the chosen size if it is not open yet."""
        assert self.camera is not None
        if self.watch is None:
            number, size = self.camera[0], self.settings.size or (1280, 720)
            self.watch = self.watcher(number, size)
        return self.watch

    def watcher(self, number: int, size: tuple[int, int]) -> Watch:
        """A camera, looked at from now on; it waits for an earlier look at it to end."""
        return Watch(lambda: self.parts.open_camera(number, size), self.locks[number])

    def look_away(self, farewell: Callable[[Any], object] | None = None) -> None:
        """Gives the chosen camera back."""
        if self.watch is not None:
            self.leave(self.watch, farewell)
            self.watch = None

    def leave(self, watch: Watch, farewell: Callable[[Any], object] | None = None) -> None:
        """Stops looking at a camera, without waiting for it."""
        watch.close(farewell)
        self._left.append(watch)

    def work(self, job: Callable[[Tell], Any]) -> Work:
        """Has something slow done."""
        self._works.append(Work(job))
        return self._works[-1]

    def close(self) -> None:
        """Ends all work and gives every camera back, and waits for that a little."""
        self.look_away()
        for work in self._works:
            work.stop()
            work.join(2.0)
        for watch in self._left:
            watch.join(2.0)
