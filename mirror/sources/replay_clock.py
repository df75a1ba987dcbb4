"""When each picture of a replayed source is due."""

from __future__ import annotations

import threading
import time

from mirror.settings.options import check


class Clock:
    """Seconds since the first picture was asked for, and a wait that `close` ends at once.

    Args:
        pace: "source" keeps the source's own time, as a camera would; "max" waits for nothing.

    Raises:
        MirrorError: there is no such pace.
    """

    def __init__(self, pace: str) -> None:
        check("pace", pace, f"--pace {pace}")
        self.max = pace == "max"
        self._closed = threading.Event()
        self._start: float | None = None

    @property
    def closed(self) -> bool:
        """True once `close` was called."""
        return self._closed.is_set()

    def elapsed(self) -> float:
        """Seconds since the first call of this method; that call gives 0."""
        now = time.monotonic()
        if self._start is None:
            self._start = now
        return now - self._start

    def wait_until(self, due: float) -> bool:
        """Sleeps until `due` seconds have elapsed (not at all at pace "max"); False once closed."""
        if not self.max:
            late = due - self.elapsed()
            if late > 0:
                self._closed.wait(late)
        return not self.closed

    def next_index(self, index: int, rate: float) -> int | None:
        """The picture to hand over when `index` is the next one and `rate` fall due each second.

        Sleeps until it is due. Where it is past, and so is the time of later ones, the latest that is
        due: those between are lost, as a camera's are. None once closed.
        """
        if not self.max:
            index = max(index, int(self.elapsed() * rate))
        return index if self.wait_until(index / rate) else None

    def close(self) -> None:
        """Ends every wait, now and later."""
        self._closed.set()
