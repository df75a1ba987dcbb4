"""Commands run side by side until they are over, one fails or their time is up; then all are gone."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from train.plan.step import Command

ROOT = Path(__file__).resolve().parents[2]
# How long a command that is asked to stop may take to leave what it has whole.
GRACE = 20.0


def run_side_by_side(commands: Sequence[Command], log: Path, deadline: float) -> str | None:
    """Runs commands until all are over, one fails, or the deadline (of `time.monotonic`) is there.

    Returns:
        Empty: all ended well. A line: how one failed; the others are stopped. None: stopped by the deadline.
    """
    running: list[tuple[subprocess.Popen[bytes], Path]] = []
    try:
        for number, command in enumerate(commands):
            path = log if number == 0 else log.with_stem(f"{log.stem}{number}")
            with path.open("ab") as file:
                file.write(f"$ {' '.join(command)}\n".encode())
                file.flush()
                try:
                    process = subprocess.Popen(
                        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT,
                        env={**os.environ, "PYTHONUNBUFFERED": "1"},
                        # A group of its own, which is stopped whole: what a command started, too.
                        start_new_session=os.name == "posix",
                    )  # fmt: skip
                except OSError as error:
                    return f"{command[0]} cannot be started ({error.strerror})"
            running.append((process, path))
        while any(process.poll() is None for process, _ in running):
            if time.monotonic() >= deadline:
                return None
            if bad := [one for one in running if one[0].poll()]:
                return _failure(*bad[0])
            time.sleep(0.05)
        return next((_failure(*one) for one in running if one[0].returncode), "")
    finally:
        _stop([process for process, _ in running])


def _failure(process: subprocess.Popen[bytes], log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return f"exit status {process.returncode}: {lines[-1].strip()[:300]} (all of it in {log})"


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Asks what still runs to stop, as Ctrl-C does, and ends it where it does not."""
    left = [process for process in processes if process.poll() is None]
    for process in left:
        _signal(process, signal.SIGINT)
    until = time.monotonic() + GRACE
    for process in left:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, until - time.monotonic()))
    for process in left:
        _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))  # also what its group left behind
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, number)
        elif process.poll() is None:
            process.terminate()


@contextlib.contextmanager
def stopped_by_sigterm() -> Iterator[None]:
    """SIGTERM, which ends a job whose time is up, is a Ctrl-C here: there is something to save."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
