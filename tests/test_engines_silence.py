"""No engine loads telemetry or opens a network socket."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine_networks import small_folder

ROOT = Path(__file__).resolve().parent.parent
USE = """
import sys
from pathlib import Path
from mirror.engines import open_engine

for name in ("openvino", "onnxruntime"):
    engine = open_engine("small", name, folder=Path(sys.argv[1]))
    engine.run(**{n: p.zeros() for n, p in engine.inputs.items()})
    engine.close()
loaded = sorted(n for n, m in sys.modules.items() if n.startswith("openvino_telemetry") and m is not None)
assert not loaded, loaded
assert "openvino" in sys.modules
print("used")
"""
# What the strace test looks for; also run to see that it would be found.
CALL = "import socket\ns = socket.socket()\ns.setblocking(False)\ns.connect_ex(('127.0.0.1', 9))\n"
INTERNET = re.compile(r"\bAF_INET6?\b")


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def test_telemetry_is_never_loaded(tmp_path: Path) -> None:
    done = _run([sys.executable, "-c", USE, str(small_folder(tmp_path))])
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("used")


def test_telemetry_stays_out_when_the_converter_is_imported_afterwards(tmp_path: Path) -> None:
    more = USE.replace("loaded = sorted", "import openvino.tools.ovc\nloaded = sorted")
    done = _run([sys.executable, "-c", more, str(small_folder(tmp_path))])
    assert done.returncode == 0, done.stderr


def test_importing_the_engines_imports_no_runtime() -> None:
    """Each runtime costs time and memory: only the chosen one is loaded."""
    runtimes = ("openvino", "onnxruntime", "tensorrt", "tensorrt_rtx", "cuda")
    look = f"import sys, mirror.engines; print([n for n in {runtimes} if n in sys.modules])"
    done = _run([sys.executable, "-c", look])
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_no_socket_is_opened(tmp_path: Path) -> None:
    def traced(code: str) -> str:
        log = tmp_path / "strace.log"
        trace = ["strace", "-f", "-e", "trace=network", "-o", str(log)]
        done = _run([*trace, sys.executable, "-c", code, str(folder)])
        if "ptrace" in done.stderr and not log.read_text().strip():
            pytest.skip(f"strace may not trace here: {done.stderr.strip()[:100]}")
        assert done.returncode == 0, done.stderr
        return log.read_text()

    folder = small_folder(tmp_path / "networks")
    assert INTERNET.search(traced(CALL)), "strace does not see what this test is about"
    found = [line for line in traced(USE).splitlines() if INTERNET.search(line)]
    assert not found, found
