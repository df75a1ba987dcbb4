"""Notify: tells systemd that the kiosk is up, and again and again that it goes on (sd_notify(3)).

Messages go to a socket of this machine that systemd names in NOTIFY_SOCKET; without it nothing is sent.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping


class Notifier:
    """The notes of one process. Call `alive` from the loop that must not stop, after it has done its work.

    Args:
        environment: NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID are read from it.

    Example:
        >>> notifier = Notifier({})
        >>> notifier.ready()
        >>> notifier.alive(0.0)
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        path = environment.get("NOTIFY_SOCKET", "")
        # An abstract socket's name begins with a zero byte, written as @.
        self._address = "\0" + path[1:] if path.startswith("@") else path
        meant = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        microseconds = environment.get("WATCHDOG_USEC", "")
        # Three times in the interval: one note that comes late is no reason to be killed.
        self._pause = int(microseconds) / 3e6 if microseconds.isdigit() and meant else None
        self._last: float | None = None

    def ready(self) -> None:
        """The window is there."""
        self._send("READY=1")

    def alive(self, now: float) -> None:
        """The loop has come round; `now` in seconds. Sent as often as the watchdog needs it."""
        if self._pause is not None and (self._last is None or now - self._last >= self._pause):
            self._last = now
            self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """The program is about to leave."""
        self._send("STOPPING=1")

    def _send(self, words: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
                line.setblocking(False)
                line.sendto(words.encode(), self._address)
        except OSError:
            pass  # nobody listens: the kiosk is no worse for it
