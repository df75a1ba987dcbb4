"""Holder: which other program has a camera, so that the person knows what to close.

Only Linux says it, and only of programs of the same user. Elsewhere, and of others, nobody is named.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path

OURS = ("run_mirror.py", "calibrate.py")


def holder_of(number: int) -> str:
    """Who has camera `number` open besides this program, for people; "" where that is not known.

    Example:
        >>> holder_of(0)  # doctest: +SKIP
        'zoom (process 4711)'
    """
    return who_has(Path(f"/dev/video{number}")) if platform.system() == "Linux" else ""


def who_has(device: Path, processes: Path = Path("/proc")) -> str:
    """Which other process has a file open; "" where none is seen to."""
    try:
        wanted = os.path.realpath(device)
        numbers = sorted(int(name) for name in os.listdir(processes) if name.isdecimal())
    except OSError:
        return ""
    for number in numbers:
        if number == os.getpid():
            continue
        folder = processes / str(number)
        try:
            for entry in os.scandir(folder / "fd"):
                if os.readlink(entry.path) == wanted:
                    return f"{_name(folder)} (process {number})"
        except OSError:  # another user's, or gone meanwhile
            continue
    return ""


def _name(folder: Path) -> str:
    """What people call a process."""
    try:
        words = (folder / "cmdline").read_bytes().split(b"\0")
        if {Path(os.fsdecode(word)).name for word in words} & set(OURS):
            return "another Hair Mirror"
        name = (folder / "comm").read_text("utf-8", "replace").strip()
    except OSError:
        name = ""
    return "".join(c for c in name if c.isprintable()) or "another program"
