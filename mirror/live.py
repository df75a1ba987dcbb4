"""The live loop: capture, work and display, each in its own thread, one picture in each hand-over.

    source --(slot)--> work --(slot)--> display

The display is the main thread, because a window belongs to it. At pace "source" the newest picture
wins in both slots; at pace "max" the giver waits and nothing is lost. Pictures are shown in order.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from mirror.errors import MirrorError
from mirror.handover import Slot
from mirror.mirror import Mirror, Shown
from mirror.settings import Settings
from mirror.sources import Source
from mirror.sources.photograph import PhotographSource
from mirror.styling import RANDOM

log = logging.getLogger("mirror")

Command = Callable[[Mirror, float], None]


class Live:
    """The capture thread and the work thread of one run; the display takes from `shown`.

    Args:
        source: already open.
        settings: style, every, engine, pace, face_model.
        may_lose: pictures that come too late may be lost on the way to the display.

    Attributes:
        shown: slot of pictures for the display.
        mirror: None until everything is loaded.
        loading: (what is being loaded, share done 0 to 1).
        dropped: frames lost in the hand-overs.
    """

    def __init__(self, source: Source, settings: Settings, *, may_lose: bool) -> None:
        self._source, self._settings, self._may_lose = source, settings, may_lose
        self.shown: Slot[Shown] = Slot()
        self.mirror: Mirror | None = None
        self.loading = ("the program", 0.0)
        self.dropped = 0
        self._frames: Slot = Slot()
        self._ready = threading.Event()
        self._stop = threading.Event()
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._failure: BaseException | None = None
        self._threads = [
            threading.Thread(target=self._guarded, args=(work,), name=name, daemon=True)
            for name, work in (("capture", self._capture), ("work", self._work))
        ]

    def start(self) -> None:
        """Starts both threads; the networks load in the work thread."""
        for thread in self._threads:
            thread.start()

    def tell(self, command: Command) -> None:
        """Has the work thread call `command(mirror, time of the frame)` before its next frame."""
        self._commands.put(command)

    def raise_failure(self) -> None:
        """Raises, in the caller's thread, what ended one of the threads."""
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Ends both threads and gives the source and the networks back. May be repeated."""
        self._stop.set()
        self._ready.set()
        self._frames.close()
        self.shown.close()
        self._source.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=5)
        if self.mirror is not None and not any(thread.is_alive() for thread in self._threads):
            self._close_mirror()

    def _load(self) -> Mirror:
        mirror = Mirror(
            self._settings.style,
            engine=self._settings.engine,
            face_model=self._settings.face_model,
            progress=self._progress,
        )
        mirror.warm_up()
        return mirror

    def _close_mirror(self) -> None:
        if self.mirror is not None:
            self.mirror.close()
            self.mirror = None

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # handed to the main thread, which says it to the person
            if not self._stop.is_set():
                self._failure = error
            self._frames.close()
            self.shown.close()

    def _capture(self) -> None:
        # A file that began to play while the networks load would be half over when they are ready.
        self._ready.wait()
        while not self._stop.is_set():
            frame = self._source.read()
            if frame is None:
                break
            self.dropped += self._frames.put(frame, wait=not self._may_lose)
        self._frames.close()

    def _work(self) -> None:
        mirror = self._load()
        self._refuse_faceless(mirror)
        self._progress("everything", 1.0)
        self.mirror = mirror
        self._ready.set()
        next_style: float | None = None
        while (frame := self._frames.get()) is not None:
            while not self._commands.empty():
                self._commands.get()(mirror, frame.captured_at)
            if self._settings.style == RANDOM and mirror.styling.number is None:
                next_style = next_style or frame.captured_at + self._settings.every
                if frame.captured_at >= next_style:
                    mirror.styling.draw(frame.captured_at)
                    next_style = None
            shown = mirror.process(frame)
            if self._stop.is_set():
                break
            self.dropped += self.shown.put(shown, wait=not self._may_lose)
        if not self._stop.is_set():
            self.shown.close()

    def _refuse_faceless(self, mirror: Mirror) -> None:
        if not isinstance(self._source, PhotographSource):
            return
        frame = self._source.read()
        if frame is not None and mirror.find_face(frame.image) is None:
            raise MirrorError(
                f"There is no face in the {self._source.name}. Give a picture of one person who looks at the camera."
            )

    def _progress(self, what: str, share: float) -> None:
        if self._stop.is_set():
            raise MirrorError("The mirror was closed while it was loading.")
        self.loading = (f"Loading {what}", share)
        log.debug("loading %s", what)
