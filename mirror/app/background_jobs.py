"""Errands: slow work (open a camera, load networks, wipe) behind the picture's back, one after the other."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

Errand = Callable[[], object]


class Errands:
    """One thread that runs what it is sent for, in order.

    Example:
        >>> errands, done = Errands(), []
        >>> errands.send(lambda: done.append(1))
        >>> errands.wait(5.0), done
        (True, [1])
    """

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Errand] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._pending = 0
        self._failure: Exception | None = None
        threading.Thread(target=self._run, name="errands", daemon=True).start()

    @property
    def busy(self) -> bool:
        """Whether something is still to be done."""
        return self._pending > 0

    def send(self, errand: Errand) -> None:
        """Has `errand()` called after those before it."""
        with self._changed:
            self._pending += 1
        self._waiting.put(errand)

    def wait(self, seconds: float) -> bool:
        """Waits until all is done, at most so long; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._pending == 0, seconds)

    def raise_failure(self) -> None:
        """Raises, once and in the caller's thread, what an errand raised."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _run(self) -> None:
        while True:
            errand = self._waiting.get()
            try:
                errand()
            except Exception as error:  # for the main thread, which leads to the failsafe
                self._failure = error
            del errand
            with self._changed:
                self._pending -= 1
                self._changed.notify_all()
