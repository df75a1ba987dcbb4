"""The whole program as a kiosk: up, told to systemd, ended by SIGTERM, and what it refuses."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.program_run import Program, refusal
from tests.xvfb import VirtualDisplay


def test_sigterm_ends_it_cleanly_and_systemd_hears_of_it(
    program_flags: Callable[..., list[str]], tmp_path: Path
) -> None:
    reason = VirtualDisplay.missing()
    if reason:
        pytest.skip(reason)
    with VirtualDisplay(1280, 800) as display, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        environment = display.environment() | {
            "NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "300000", "HOME": str(tmp_path),
            "XDG_STATE_HOME": str(tmp_path / "state"), "LANG": "de_DE.UTF-8", "LC_ALL": "",
        }  # fmt: skip
        process = subprocess.Popen(
            program_flags("--kiosk", "--source", "demo", "--size", "640x480"),
            env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            heard = [systemd.recv(99).decode() for _ in range(4)]
            shot = display.screenshot()
            process.send_signal(signal.SIGTERM)
            told, wrong = process.communicate(timeout=60)
        finally:
            process.kill()
            process.communicate()
        systemd.setblocking(False)
        while heard[-1] != "STOPPING=1":
            heard.append(systemd.recv(99).decode())
    assert process.returncode == 0, wrong
    assert heard[0] == "READY=1" and set(heard[1:-1]) == {"WATCHDOG=1"}
    assert "NO PIN IS SET" in wrong and "calibrate.py" in wrong and "Traceback" not in wrong
    assert "everything is wiped" in told
    assert np.asarray(shot).std() > 20, "the style book moves by"
    logs = list((tmp_path / "state").rglob("*"))
    assert [path.name for path in logs if path.is_file()] == ["kiosk.log"]


@pytest.mark.parametrize(
    "flags",
    [
        ("--headless",),
        ("--record", "x.mp4"),
        ("--record-pairs", "x"),
        ("--report", "x.json"),
        ("--frames", "3"),
        ("--virtual-camera",),
        ("--lab",),
    ],
)
def test_what_would_keep_visitors_or_show_them_nothing_is_refused(
    program: Program, flags: tuple[str]
) -> None:
    line = refusal(program("--kiosk", *flags))
    assert "--kiosk" in line and flags[0] in line and "exclude each other" in line


def test_an_idle_time_that_nobody_can_want_is_refused(program: Program) -> None:
    assert "10 to 600" in refusal(program("--kiosk", "--idle", "5"))
