"""After the goodbye nothing of the visitor's picture is left in the process's memory."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.kiosk_visitor import patch
from tests.memory_search import needles, search
from tests.xvfb import VirtualDisplay

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="other systems have no /proc/PID/mem"
)


@pytest.fixture
def display() -> Iterator[VirtualDisplay]:
    reason = VirtualDisplay.missing()
    if reason:
        pytest.skip(reason)
    with VirtualDisplay(1280, 800) as running:
        yield running


@pytest.mark.parametrize("way", ["goodbye", "failsafe"])
def test_a_visitor_is_found_in_memory_before_the_wipe_and_not_after(
    way: str, display: VirtualDisplay, tmp_path: Path
) -> None:
    seed = secrets.randbits(32)
    wanted = needles(patch(seed))
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.kiosk_visitor", str(seed), str(tmp_path), way],
        cwd=ROOT,
        env=display.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None and child.stdout is not None

    def said(word: str) -> bool:
        assert child.stdout is not None
        return any(line.strip() == word for line in iter(child.stdout.readline, ""))

    try:
        assert said("shown"), child.communicate()[1]
        try:
            before = search(child.pid, wanted)
        except PermissionError:
            pytest.skip("this system lets nobody look into another process")
        child.stdin.write("\n")
        child.stdin.flush()
        assert said("wiped"), child.communicate()[1]
        after = search(child.pid, wanted)
    finally:
        child.kill()
        child.communicate()
    assert sum(before.values()) > 100, "the picture on the screen, at least"
    kept = [path.relative_to(tmp_path).parent for path in tmp_path.rglob("*") if path.is_file()]
    assert kept == [Path("kiosk")], "the picture that was asked for"
    assert not after, f"left in memory: {dict(after)} (before: {dict(before)})"
