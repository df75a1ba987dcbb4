"""The mirror's side of the web server: starts its process, tells it what to share, hears what happens there.

All methods return at once: threads read and write the pipes, so that no server holds up a picture.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mirror.app.sharing.web import messages
from mirror.core.errors import MirrorError
from mirror.settings.tables import Share

log = logging.getLogger("mirror")

ROOT = Path(__file__).resolve().parents[4]
AGAIN_SECONDS = 30.0  # until a server that could not start, or ended, is started again
START_SECONDS = 60.0  # a busy machine starts it slowly
STOP_SECONDS = 5.0
_BACKLOG = 64  # messages that may wait for a server that hangs


def check_libraries() -> None:
    """Raises MirrorError where what the server needs is not installed."""
    missing = [name for name in ("tornado", "segno") if importlib.util.find_spec(name) is None]
    if missing:
        raise MirrorError(
            f"[share] needs {' and '.join(missing)}, which the mirror itself does without. Install with: "
            "pip install -r requirements-share.txt"
        )


class Server:
    """The web server's process, started again when it ends.

    Args:
        settings: where, and how.
        clock: seconds; for tests.
        pin: of the stylist's tablet, as `mirror.settings.kiosk_pin.make` returns it; None: there is none.
        texts: the salon's own words, as `mirror.settings.own_texts.read_own_texts` returns them.

    Attributes:
        origin: how its links begin ("http://192.168.4.1:8765"); "" while it does not run.
        problem: why it does not, one sentence; "" while it does.

    Example:
        server = Server(Share(network="192.168.4.0/24"))
        server.start()
        server.tell({"do": "drop", "numbers": [1]})
        for event in server.tend(): ...
    """

    def __init__(
        self,
        settings: Share,
        clock: Callable[[], float] = time.monotonic,
        *,
        pin: str | None = None,
        texts: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self._settings, self._clock, self._pin, self._texts = settings, clock, pin, texts or {}
        self.origin, self.problem = "", ""
        self._process: subprocess.Popen[bytes] | None = None
        self._heard: queue.SimpleQueue[tuple[int, messages.Message | None]] = queue.SimpleQueue()
        self._told: queue.Queue[tuple[messages.Message, tuple[bytes | bytearray, ...]] | None]
        self._told = queue.Queue(_BACKLOG)
        self._round = 0
        self._again = 0.0
        self._closed = False

    def start(self) -> None:
        """Starts it and waits until it serves.

        Raises:
            MirrorError: the settings can never work: a library is missing, a certificate does not fit. What
                may come right by itself, a network that is not there yet, is logged, and tried again.
        """
        check_libraries()
        self._launch()
        deadline = time.monotonic() + START_SECONDS
        while not self.origin and not self.problem and time.monotonic() < deadline:
            time.sleep(0.01)
            for event in self.tend():
                if event.get("lasting"):
                    self.close()
                    raise MirrorError(self.problem)

    def tell(self, message: messages.Message, *carried: bytes | bytearray) -> bool:
        """Tells it something; False where it does not run, or hangs."""
        if self._process is None:
            return False
        try:
            self._told.put_nowait((message, carried))
        except queue.Full:
            return False
        return True

    def tend(self) -> list[messages.Message]:
        """What happened since the last call. Once a round: it also starts again what has ended.

        Of a server that ended, every link is gone: that is an event, {"is": "ended"}.
        """
        events = []
        while not self._heard.empty():
            number, event = self._heard.get()
            if number != self._round:
                continue
            if event is None:
                events.append({"is": "ended"})
                self._ended()
                continue
            if event["is"] == "ready":
                self.origin, self.problem = event["origin"], ""
                secure = "HTTPS" if self.origin.startswith("https:") else "plain HTTP, not encrypted"
                log.info("Pictures can be taken home: %s (%s)", self.origin, secure)
                if self._pin is not None:
                    log.info("The stylist's tablet: %s/tablet", self.origin)
            elif event["is"] == "failed":
                self.problem = event["why"]
                if not event["lasting"]:
                    log.error("Nothing can be taken home: %s Trying again.", self.problem)
            events.append(event)
        if self._process is None and not self._closed and self._clock() >= self._again:
            self._launch()
        return events

    def close(self) -> None:
        """Ends it; what it held is gone."""
        self._closed = True
        process, self._process = self._process, None
        self.origin = ""
        if process is None:
            return
        self._stop_writing()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _launch(self) -> None:
        self._round += 1
        self._told = queue.Queue(_BACKLOG)
        # With glibc whatever it frees is overwritten, small things too.
        shredding = {"PYTHONMALLOC": "malloc", "MALLOC_PERTURB_": "255", "MALLOC_ARENA_MAX": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mirror.app.sharing.web"],
            cwd=ROOT, env=os.environ | shredding, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
        )  # fmt: skip
        for work in (self._write, self._read):
            threading.Thread(
                target=work, args=(self._process, self._told, self._round), name="web", daemon=True
            ).start()
        one = self._settings
        self.tell(
            {"do": "serve", "network": one.network, "port": one.port, "public": one.public, "host": one.host,
             "certificate": _said(one.certificate), "key": _said(one.key), "name": one.name,
             "pin": self._pin, "texts": self._texts}
        )  # fmt: skip

    def _ended(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            self._stop_writing()
            process.wait()
        if not self.problem:
            self.problem = "The web server ended."
            log.error("The web server ended; all links are gone. Trying again.")
        self.origin, self._again = "", self._clock() + AGAIN_SECONDS

    def _stop_writing(self) -> None:
        while True:  # the newest first: what waits for a server that hangs is in nobody's way
            try:
                self._told.put_nowait(None)
                return
            except queue.Full:
                self._told.get_nowait()

    def _write(self, process: subprocess.Popen[bytes], told: queue.Queue, number: int) -> None:
        assert process.stdin is not None
        try:
            while (item := told.get()) is not None:
                message, carried = item
                messages.write(process.stdin, message, *carried)
                if message.get("wipe"):
                    for part in carried:
                        assert isinstance(part, bytearray)
                        part[:] = bytes(len(part))
                del message, carried, item
            process.stdin.close()
        except OSError:
            pass  # it is gone: the thread that reads says so

    def _read(self, process: subprocess.Popen[bytes], told: queue.Queue, number: int) -> None:
        assert process.stdout is not None
        while (heard := messages.read(process.stdout)) is not None:
            self._heard.put((number, heard[0]))
        self._heard.put((number, None))


def _said(path: Path | None) -> str | None:
    return None if path is None else str(path.absolute())
