"""systemd hears READY once and WATCHDOG as long as the loop comes round; a loop that is stuck is silent."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mirror.app.kiosk.main_loop import Kiosk
from mirror.app.kiosk.systemd_notify import Notifier

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="systemd is Linux's")


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def environment(systemd: socket.socket, microseconds: int) -> dict[str, str]:
    return {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": str(microseconds)}


def heard(systemd: socket.socket, seconds: float) -> list[str]:
    words, until = [], time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        systemd.settimeout(left)
        try:
            words.append(systemd.recv(99).decode())
        except TimeoutError:
            break
    return words


def test_it_says_what_systemd_expects_and_no_more_often_than_needed(systemd: socket.socket) -> None:
    notifier = Notifier(environment(systemd, 30_000_000))
    notifier.ready()
    for tenth in range(600):
        notifier.alive(tenth / 10)
    notifier.stopping()
    words = heard(systemd, 0.3)
    assert words[0] == "READY=1" and words[-1] == "STOPPING=1"
    assert words[1:-1] == ["WATCHDOG=1"] * 6, "every 10 s of a minute"


@pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux's")
def test_an_abstract_socket_is_found_too() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0hair-mirror-test")
        listening.settimeout(5)
        Notifier({"NOTIFY_SOCKET": "@hair-mirror-test"}).ready()
        assert listening.recv(99) == b"READY=1"


def test_without_systemd_or_meant_for_another_process_nothing_is_sent(systemd: socket.socket) -> None:
    Notifier({}).ready()
    Notifier({"NOTIFY_SOCKET": "/no/such/socket"}).ready()
    Notifier(environment(systemd, 10) | {"WATCHDOG_PID": "1"}).alive(0.0)
    assert heard(systemd, 0.1) == []


def loop(systemd: socket.socket, show: Any) -> Kiosk:
    """The kiosk's own loop around a window that draws with `show`."""
    machine = SimpleNamespace(name="attract", go=lambda *_: True)
    staff = SimpleNamespace(close=lambda: None)
    kept = SimpleNamespace(tend=lambda now: None)
    scene = SimpleNamespace(
        live=False, left=False, step=lambda now: None, machine=machine, staff=staff, kept=kept
    )
    window = SimpleNamespace(actions=lambda: [], show=show)
    visit = SimpleNamespace(prepare=lambda: None, poll=lambda: None, close=lambda: None, display=None)
    return Kiosk(window, scene, visit, Notifier(environment(systemd, 60_000)))  # type: ignore[arg-type]


def test_a_loop_that_is_stuck_or_cannot_draw_stops_the_pings(systemd: socket.socket) -> None:
    stuck, broken = threading.Event(), threading.Event()
    go_on = threading.Event()

    def show(_: object) -> None:
        if stuck.is_set():
            go_on.wait(20)
        if broken.is_set():
            raise RuntimeError("the window is gone")

    kiosk = loop(systemd, show)
    thread = threading.Thread(target=kiosk.run, daemon=True)
    thread.start()
    try:
        assert heard(systemd, 0.5).count("WATCHDOG=1") >= 2
        stuck.set()
        time.sleep(0.2)
        heard(systemd, 0.1)  # what was on its way
        assert heard(systemd, 0.4) == []
        stuck.clear()
        go_on.set()
        assert "WATCHDOG=1" in heard(systemd, 0.5)
        broken.set()
        time.sleep(0.2)
        heard(systemd, 0.1)
        assert heard(systemd, 0.4) == []
        broken.clear()
        assert "WATCHDOG=1" in heard(systemd, 0.5)
    finally:
        kiosk.stopped = True
        go_on.set()
        thread.join(5)
    assert not thread.is_alive() and heard(systemd, 0.1)[-1] == "STOPPING=1"
