"""A short day of the kiosk: eleven visitors, each of whom meets another fault (`tests.kiosk_day`)."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.xvfb import VirtualDisplay

VISITORS = 11  # the twelfth meets a thread that hangs, which takes its time


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="virtual displays are X11's")
def test_whatever_goes_wrong_the_next_visitor_finds_a_mirror() -> None:
    reason = VirtualDisplay.missing()
    if reason:
        pytest.skip(reason)
    command = [
        sys.executable,
        "-m",
        "tests.kiosk_day",
        "--visitors",
        str(VISITORS),
        "--every",
        "1",
        "--stand-in",
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=150)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "on disk that nobody saved: nothing" in run.stdout
    counts = dict(re.findall(r"'([a-z ]+)': (\d+)", run.stdout))
    assert int(counts.pop("visitors")) == VISITORS
    for fault in ("camera gone", "camera breaks", "camera silent", "draw", "hear", "look", "dress", "leave",
                  "disk full", "pin", "keys"):  # fmt: skip
        assert int(counts[fault]) >= 1, fault
