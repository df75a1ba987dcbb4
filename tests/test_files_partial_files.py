"""Half-written files: none is left by what fails, and what a kill left goes at the next start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import run_mirror
from mirror.files.partial_files import new_name, replace_whole, sweep, written
from mirror.files.picture_saver import write_new

ROOT = Path(__file__).resolve().parent.parent


def test_what_a_killed_program_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    code = (
        "import os, sys, pathlib; from mirror.files.partial_files import written\n"
        "with written(pathlib.Path(sys.argv[1]), b'a photograph'): os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, timeout=60)
    (left,) = tmp_path.iterdir()
    assert left.read_bytes() == b"a photograph"
    others = [tmp_path / name for name in ("mine.part", ".hair-mirror-notes.part", "picture.png")]
    for other in others:
        other.write_bytes(b"not ours")
    folder = new_name(tmp_path)
    folder.mkdir()
    assert sweep([tmp_path, tmp_path / "gone", others[0]]) == 1
    assert sorted(tmp_path.iterdir()) == sorted([*others, folder])


def test_a_part_that_another_program_is_writing_stays(tmp_path: Path) -> None:
    part = new_name(tmp_path)
    code = (
        "import sys, pathlib, contextlib; from mirror.files import partial_files as part\n"
        "with pathlib.Path(sys.argv[1]).open('xb') as file:\n"
        "    if part.fcntl: part.fcntl.flock(file, part.fcntl.LOCK_EX)\n"
        "    print('writing', flush=True)\n"
        "    sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(part)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None and writer.stdin is not None
        assert writer.stdout.readline()
        assert sweep([tmp_path]) == 0 and part.exists()
        writer.stdin.close()
    assert sweep([tmp_path]) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there files that are open cannot be removed anyhow")
def test_what_is_being_written_holds_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[int] = []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda number: (swept.append(sweep([tmp_path])), sync(number)))
    path = write_new(tmp_path, "picture", ".png", np.zeros(9, np.uint8))
    replace_whole(tmp_path / "settings.toml", b"text")
    assert swept == [0, 0] and path.read_bytes() == bytes(9)
    assert sorted(tmp_path.iterdir()) == [path, tmp_path / "settings.toml"]


def test_nothing_is_left_where_naming_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), written(tmp_path, b"data"):
        raise RuntimeError
    assert not list(tmp_path.iterdir())


def test_the_mirror_sweeps_when_it_starts(
    tmp_path: Path, program_flags: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    parts = [new_name(pictures), new_name(tmp_path)]
    for part in parts:
        part.write_bytes(b"a photograph")
    settings = tmp_path / "own.toml"
    settings.write_text(f"pictures = '{pictures}'\n")
    monkeypatch.chdir(tmp_path)
    flags = ["--settings", str(settings), "--source", "gone.mp4", "--headless", "--report", "report.json"]
    assert run_mirror.main(flags) == 2
    assert not any(part.exists() for part in parts)
