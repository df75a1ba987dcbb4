"""A list that is cut off by `head` ends without a word."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mirror.core.closed_pipe import EXIT_CODE
from tests.conftest import ROOT


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGPIPE")
@pytest.mark.parametrize("command", [["run_mirror.py", "--list-styles"], ["-m", "train", "groom", "list"]])
def test_nobody_reads_any_more(command):
    with subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as program:
        assert program.stdout is not None and program.stderr is not None
        program.stdout.close()
        said = program.stderr.read().decode()
        assert program.wait(120) == EXIT_CODE
    assert "Traceback" not in said and "BrokenPipe" not in said
