"""The path tracer's side of the pipe: lines in, lines out, and the end of the process with its parent's."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import queue
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

# The only Python that Blender 5.0's module is made for.
WANTED = (3, 11)
_TIGHT = 64 << 20  # bytes: less than the files of one render


class NoDevice(Exception):
    """There is nothing of the wanted kind to render on."""


def answer_jobs(studio: Callable[[], Any]) -> None:
    """Answers jobs until standard input closes.

    Args:
        studio: makes what does the jobs: its public methods, called with the job's fields; `said` is its
            greeting.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # Blender reports its progress on standard output

    def answer(**said: Any) -> None:
        answers.write(json.dumps(said) + "\n")
        answers.flush()

    lines = _lines()
    if sys.version_info[:2] != WANTED:
        answer(error="python", message=".".join(str(one) for one in sys.version_info[:2]))
        return
    try:
        made = studio()
    except ImportError as error:
        answer(error="missing", message=str(error))
        return
    answer(ok=True, **made.said)
    for line in lines:
        job = json.loads(line)
        try:
            answer(ok=True, **(getattr(made, job.pop("do"))(**job) or {}))
        except NoDevice as error:
            answer(error="device", message=str(error))
        except MemoryError as error:
            answer(error="memory", message=str(error))
        except OSError as error:
            answer(error="disk", message=str(error), number=error.errno)
        except Exception as error:  # whatever else goes wrong is told to the parent, who reads one line
            # Blender does not say why it cannot write.
            if shutil.disk_usage(tempfile.gettempdir()).free < _TIGHT:
                answer(error="disk", message=str(error), number=errno.ENOSPC)
                continue
            answer(error="failed", message=f"{type(error).__name__}: {error}".replace("\n", " "))


def _lines() -> Iterator[str]:
    """Lines of standard input, read by a thread of their own, which ends the process as soon as the parent is
    gone, in the middle of a render too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return iter(lines.get, None)


def read_exr(path: Path) -> dict[str, np.ndarray]:
    """A multilayer EXR's passes by name, float32 (H, W, channels)."""
    import OpenEXR

    found: dict[str, dict[str, np.ndarray]] = {}
    for part in OpenEXR.File(str(path), separate_channels=True).parts:  # Blender writes one part a pass
        for name, channel in part.channels.items():
            *_, layer, letter = name.split(".")
            found.setdefault(layer, {})[letter] = np.asarray(channel.pixels, np.float32)
    return {
        name: np.stack([letters[one] for one in "RGBAXYZV" if one in letters], -1)
        for name, letters in found.items()
    }
