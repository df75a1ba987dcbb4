"""The path tracer's process: started, asked, and ended with us."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from mirror.core.errors import MirrorError

ROOT = Path(__file__).resolve().parents[2]
# A Python that has bpy, where ours has not.
PYTHON = "HAIR_MIRROR_GROOM_PYTHON"
INSTALL = "python3.11 -m venv .venv-groom && .venv-groom/bin/pip install -r requirements-groom.txt"


def scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for a moment, which goes with us; those that killed processes of ours left behind go now."""
    mine = f"hair-render-{socket.gethostname()}-"
    if os.name == "posix":
        for left in Path(tempfile.gettempdir()).glob(f"{mine}*-*"):
            pid = left.name.removeprefix(mine).split("-")[0]
            if pid.isdigit() and not _is_running(int(pid)):
                shutil.rmtree(left, ignore_errors=True)
    return tempfile.TemporaryDirectory(prefix=f"{mine}{os.getpid()}-")


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's
    return True


class Child:
    """A running path tracer. Use as a context manager, or call `close`.

    Args:
        python: the interpreter to run it with; default: the one named in `HAIR_MIRROR_GROOM_PYTHON`, or this
            one.

    Raises:
        MirrorError: Python other than 3.11, no `bpy`.
    """

    def __init__(self, python: str | None = None) -> None:
        self.python = python or os.environ.get(PYTHON) or sys.executable
        self.folder = scratch_folder()
        self._log = Path(self.folder.name) / "log"
        self.core_seconds = self.megabytes = 0.0
        try:
            with self._log.open("wb") as log:
                self._process = subprocess.Popen(
                    [self.python, "-m", "train.groom.cycles"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=log, cwd=ROOT, text=True,
                    # Blender has files of its own in TMPDIR, which would stay when it is killed.
                    env={**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": self.folder.name},
                )  # fmt: skip
        except OSError as error:
            self.folder.cleanup()
            raise MirrorError(
                f"{self.python}, which {PYTHON} names, cannot be started ({error.strerror}). "
                "Name a Python 3.11 that has bpy."
            ) from None
        try:
            self.blender = self._answer("start")["blender"]
        except MirrorError:
            self.close()
            raise

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def path(self, name: str) -> str:
        """Where a file for the child or from it lies."""
        return str(Path(self.folder.name) / name)

    def ask(self, do: str, **job: Any) -> dict[str, Any]:
        """Has one job done and returns its answer.

        Raises:
            MirrorError: the disk or the memory is full, the child died or refused; one line says what to do.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"do": do, **job}) + "\n")
            self._process.stdin.flush()
        except OSError:
            pass  # it has died: reading its answer tells how
        answer = self._answer(do)
        self.core_seconds += answer.get("core_seconds", 0.0)
        self.megabytes = max(self.megabytes, answer.get("megabytes", 0.0))
        return answer

    def close(self) -> None:
        """Ends the process and removes its folder."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was not written yet is for nobody
                    stream.close()
        self.folder.cleanup()

    def _answer(self, do: str) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise MirrorError(self._death(do))
        answer: dict[str, Any] = json.loads(line)
        if "error" not in answer:
            return answer
        kind, message = answer["error"], answer["message"]
        if kind == "missing":
            raise MirrorError(
                f"Hair is rendered with Blender's module, and {self.python} cannot import it ({message}). "
                f"Install it: {INSTALL} (or name a Python that has it in {PYTHON})."
            )
        if kind == "python":
            raise MirrorError(
                f"{self.python} is Python {message}; Blender's module exists for Python 3.11 only. "
                f"Install one and: {INSTALL} (or name one in {PYTHON})."
            )
        if kind == "disk":
            if answer.get("number") in (errno.ENOSPC, errno.EDQUOT):
                raise MirrorError(
                    f"The disk of {self.folder.name} is full: a render needs some 200 MB for a moment. "
                    "Free some, or set TMPDIR to another disk, and start again: what is finished is kept."
                )
            raise MirrorError(f"The renderer could not use its files in {self.folder.name}: {message}.")
        if kind == "device":
            raise MirrorError(f"Cycles finds no {message} device on this machine. Leave --device out: CPU.")
        if kind == "memory":
            raise MirrorError(
                "The renderer ran out of memory. Give fewer --samples or a smaller --size, or close programs."
            )
        raise MirrorError(f"The renderer could not do {do!r}: {message}.")

    def _death(self, do: str) -> str:
        status = self._process.wait()
        if status in (-9, 137):
            return (
                f"The renderer was killed during {do!r}, most likely because memory ran out. "
                "It needs up to 4 GB. Close programs or give a smaller --size, and start again: what is "
                "finished is kept."
            )
        said = self._log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
        return f"The renderer died during {do!r} (status {status}): {said[-1]}. Start again."
