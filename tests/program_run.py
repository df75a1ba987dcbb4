"""A finished run of the whole program, looked at."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

# What macOS says of any process that holds both OpenCV and PyAV.
NOT_OURS = re.compile(r"^objc\[\d+\]: ")

Program = Callable[..., "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished run and the folder of what it kept."""

    result: subprocess.CompletedProcess[str]
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        return json.loads((self.folder / "report.json").read_text())


def pictures(path: Path) -> list[np.ndarray]:
    """Every picture of a film, RGB."""
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


def read(path: Path) -> np.ndarray:
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert image is not None, path
    return image[..., ::-1]


def own_lines(stderr: str) -> list[str]:
    return [line for line in stderr.splitlines() if not NOT_OURS.match(line)]


def refusal(result: subprocess.CompletedProcess[str]) -> str:
    """The one line of a refused run."""
    lines = own_lines(result.stderr)
    assert result.returncode == 2, result.stderr
    assert len(lines) == 1 and lines[0].startswith("run_mirror.py: "), result.stderr
    assert "Traceback" not in result.stdout
    return lines[0]
