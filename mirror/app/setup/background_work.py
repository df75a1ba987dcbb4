"""Work: something slow that a page has done in a thread while it shows how far that is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from mirror.core.errors import MirrorError

Tell = Callable[[str, float], None]


class Stopped(Exception):
    """The person went on or left: nobody waits for the result."""


class Work:
    """Runs `job(tell)` in a thread; `tell(what, share done 0 to 1)` raises `Stopped` once `stop` was called.

    Attributes:
        what, share: how far it is.
        result: what the job returned; None until then.
        failure: the MirrorError that ended it, as text.
        running: it is not over.
    """

    def __init__(self, job: Callable[[Tell], Any]) -> None:
        self.what, self.share = "", 0.0
        self.result: Any = None
        self.failure: str | None = None
        self.running = True
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(job,), daemon=True, name="set-up work")
        self._thread.start()

    def stop(self) -> None:
        """Ends it at the next step."""
        self._stop.set()

    def join(self, seconds: float) -> None:
        """Waits for it to end."""
        self._thread.join(seconds)

    def _tell(self, what: str, share: float) -> None:
        if self._stop.is_set():
            raise Stopped
        self.what, self.share = what, share

    def _run(self, job: Callable[[Tell], Any]) -> None:
        try:
            self.result = job(self._tell)
        except MirrorError as error:
            self.failure = str(error)
        except Stopped:
            pass
        except Exception as error:  # a driver's own error must not leave the page waiting for ever
            self.failure = f"{type(error).__name__}: {error}"
        finally:
            self.running = False
