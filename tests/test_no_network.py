"""Nothing leaves the machine: a whole run opens no internet socket, and no code here could unpickle."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
INTERNET = re.compile(r"\bAF_INET6?\b")
KNOWING = ("urllib", "socket", "ssl", "ftplib", "tornado", "asyncio")
CALL = "import socket; s = socket.socket(); s.setblocking(False); s.connect_ex(('127.0.0.1', 9))"


def imported(file: Path) -> Iterator[str]:
    """Names of the modules a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def traced(command: list[str], folder: Path) -> tuple[subprocess.CompletedProcess[str], str]:
    """The finished process and what strace saw of its sockets, threads and children included."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    log = folder / "trace.txt"
    done = subprocess.run(
        ["strace", "-f", "-e", "trace=socket,connect,sendto", "-o", str(log), *command],
        cwd=folder, capture_output=True, text=True, timeout=300, env=os.environ | {"HOME": str(folder)},
    )  # fmt: skip
    seen = log.read_text() if log.exists() else ""
    if "+++ exited" not in seen:
        pytest.skip(f"strace cannot trace here: {done.stderr.strip().splitlines()[-1:]}")
    return done, seen


def test_a_whole_run_opens_no_internet_socket(
    program_flags: Callable[..., list[str]], tmp_path: Path
) -> None:
    run = program_flags(
        "--source", "demo", "--style", "random", "--every", "0.2", "--headless", "--pace", "max",
        "--frames", "12", "--size", "320x180", "--record", tmp_path / "film.mp4",
        "--report", tmp_path / "report.json",
    )  # fmt: skip
    done, seen = traced(run, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "film.mp4").stat().st_size > 1000
    calls = [line for line in seen.splitlines() if INTERNET.search(line)]
    assert not calls, calls[:5]


def test_strace_would_have_seen_one(tmp_path: Path) -> None:
    done, seen = traced([sys.executable, "-c", CALL], tmp_path)
    assert done.returncode == 0 and INTERNET.search(seen)


def test_the_mirror_imports_no_torch_and_nothing_that_unpickles() -> None:
    files = [ROOT / "run_mirror.py", ROOT / "calibrate.py", *(ROOT / "mirror").rglob("*.py")]
    assert len(files) > 30
    banned = {"torch", "pickle", "shelve", "joblib", "dill", "marshal", "requests", "http", "train"}
    for file in files:
        found = {name.partition(".")[0] for name in imported(file)} & banned
        assert not found, f"{file} imports {found}"
        # numpy.load unpickles only where it is told to.
        assert "allow_pickle" not in file.read_text(encoding="utf-8")


def test_only_the_fetch_of_the_face_model_and_the_web_server_know_the_network() -> None:
    """The first runs when a person asks for it, the other when a salon's settings name a network for it."""
    networked = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "mirror").rglob("*.py")
        if any(name.partition(".")[0] in KNOWING for name in imported(file))
    }
    server = {name for name in networked if name.startswith("mirror/app/sharing/web/")}
    fetch, notes = "mirror/tracking/mediapipe/fetch_model.py", "mirror/app/kiosk/systemd_notify.py"
    assert networked - server <= {fetch, notes}
    # A kiosk tells systemd how it is, on this machine.
    said = (ROOT / notes).read_text(encoding="utf-8")
    assert "AF_UNIX" in said and "AF_INET" not in said and "urllib" not in said
    # The server listens and never calls.
    for name in server:
        said = (ROOT / name).read_text(encoding="utf-8")
        assert "httpclient" not in said and "create_connection" not in said and "urllib" not in said
    starts = [
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "mirror").rglob("*.py")
        if "start_server(settings)" in file.read_text(encoding="utf-8")
    ]
    assert starts == ["mirror/app/kiosk/main_loop.py"]


def test_without_a_network_in_the_settings_no_server_is_started() -> None:
    from mirror.app.kiosk.main_loop import start_server
    from mirror.settings.options import Settings

    assert Settings().share.network is None and start_server(Settings()) is None
