"""Watch: a camera that is looked at in a thread: its newest picture, and what is wrong with it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from mirror.app.calibration.measurements import verdict
from mirror.core.errors import MirrorError
from mirror.translation.message import Message

SPAN = 1.5  # seconds of pictures that are judged
SETTLE = 0.5  # seconds of pictures that are not: exposure and focus are still moving
SILENT = 4.0  # seconds without a picture before a camera is said to give none
GIVE_BACK = 1.0  # seconds in which a reader may leave by itself


class Watch:
    """Looks at a camera until it is closed. Every attribute may be read from another thread at any time.

    Args:
        open_camera: opens the source; called in the thread. MirrorError: it cannot be used.
        held: nobody else may have this camera open meanwhile; waited for in the thread.

    Attributes:
        picture: the newest, uint8 (H, W, 3) RGB; None before the first.
        samples: (captured_at, mean brightness 0 to 255) of the newest 900 pictures.
        failure: why it could not be opened; None while it can.
    """

    def __init__(self, open_camera: Callable[[], Any], held: threading.Lock) -> None:
        self.picture: np.ndarray | None = None
        self.samples: deque[tuple[float, float]] = deque(maxlen=900)
        self.failure: str | None = None
        self._open, self._held = open_camera, held
        self._looks: deque[tuple[float, float, float, bool]] = deque(maxlen=900)
        self._source: Any = None
        self._opened_at: float | None = None
        self._closed = threading.Event()
        self._farewell: Callable[[Any], object] | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="watch")
        self._thread.start()

    @property
    def problem(self) -> str | None:
        """What is wrong, one line for people; None while it is good, or still too new to say (`sure`)."""
        if self.failure is not None:
            return self.failure
        source, opened = self._source, self._opened_at
        if source is None or opened is None:
            return None
        now = time.monotonic()
        looks = list(self._looks)
        if now - (looks[-1][0] if looks else opened) > SILENT:
            return getattr(source, "problem", None) or (
                Message("it gives no pictures (another program may be using it, or its cable is loose)")
            )
        if looks and now - looks[-1][0] > 1.0:
            said: str | None = getattr(source, "problem", None)  # vanished, perhaps
            if said:
                return said
        if not self.sure or not looks:
            return None
        judged = [look for look in looks if look[0] >= looks[-1][0] - SPAN]
        return verdict([j[1] for j in judged], [j[2] for j in judged], any(j[3] for j in judged))

    @property
    def sure(self) -> bool:
        """Whether it was looked at for long enough to say that it is good."""
        looks = self._looks
        return self.failure is not None or (len(looks) > 2 and looks[-1][0] - looks[0][0] >= 0.8 * SPAN)

    def tell(self, aside: Callable[[Any], object]) -> bool:
        """Has `aside(device)` done between two pictures; False where this source has no device to tell."""
        tell = getattr(self._source, "tell", None)
        if tell is None:
            return False
        tell(aside)
        return True

    def close(self, farewell: Callable[[Any], object] | None = None) -> None:
        """Gives the camera back, without waiting for it; `farewell(device)` is done before, if it answers."""
        if self._closed.is_set():
            return
        self._farewell = farewell
        self._closed.set()
        threading.Thread(target=self._let_go, daemon=True, name="watch-close").start()

    def join(self, seconds: float) -> None:
        """Waits until the camera was given back."""
        self._thread.join(seconds)

    def _let_go(self) -> None:
        """Ends a read that hangs."""
        self._thread.join(GIVE_BACK)
        if self._thread.is_alive() and self._source is not None:
            self._source.close()

    def _run(self) -> None:
        while not self._held.acquire(timeout=0.05):
            if self._closed.is_set():
                return
        try:
            if self._closed.is_set():
                return
            self._source = self._open()
            self._opened_at = time.monotonic()
            self._look()
            if self._farewell is not None and self.tell(self._farewell):
                self._source.read()  # asides are done before the next picture
        except MirrorError as error:
            self.failure = str(error)
        finally:
            if self._source is not None:
                self._source.close()
            self._held.release()

    def _look(self) -> None:
        settled = time.monotonic() + SETTLE
        last: np.ndarray | None = None
        while not self._closed.is_set() and (frame := self._source.read()) is not None:
            self.picture = frame.image
            # A fourth of the rows and columns tells as much, for a sixteenth of the time.
            part = frame.image[::4, ::4].copy()
            mean = float(part.mean())
            self.samples.append((frame.captured_at, mean))
            if frame.captured_at >= settled:
                moved = last is not None and not np.array_equal(part, last)
                self._looks.append((frame.captured_at, mean, float(part.std()), moved))
            last = part
