"""Bad input: one line that names the thing, exit code 2, and nothing lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

import run_mirror
from mirror.files.video_writer import VideoRecorder
from tests.engine_networks import weights_of
from tests.program_run import Outcome, Program, pictures, refusal

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of things that are no film, no face, no settings; and one good film."""
    folder = tmp_path_factory.mktemp("things")
    film = folder / "good.mp4"
    with VideoRecorder(film, (160, 120), 30) as recorder:
        for level in range(10):
            recorder.write(np.full((120, 160, 3), level * 20, np.uint8))
    (folder / "cut.mp4").write_bytes(film.read_bytes()[:200])
    (folder / "empty.mp4").touch()
    (folder / "empty.jpg").touch()
    (folder / "words.mp4").write_text("this is no film\n" * 100)
    cv2.imwrite(str(folder / "wall.png"), np.full((240, 320, 3), 90, np.uint8))
    (folder / "typo.toml").write_text('style = "bob"\n\nstlye = "afro"\n')
    (folder / "value.toml").write_text('pace = "fast"\n')
    (folder / "broken.toml").write_text("style = bob\n")
    return folder


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("--source demo --dye cooper", ["There is no dye 'cooper'", "copper", "none"]),
        ("--source demo --dye dip:black+rose", ["no dye pattern 'dip'", "balayage", "none", "5/0+8/3"]),
        ("--source demo --style bobb", ["There is no style 'bobb'", "bob", "--list-styles"]),
        ("--source demo --style 999", ["no style number 999", "Give 1 to"]),
        ("--source demo --style -1", ["There is no style '-1'"]),
        ("--source none.mp4", ["none.mp4", "no such file"]),
        ("--source cut.mp4", ["cut.mp4"]),
        ("--source empty.mp4", ["empty.mp4", "0 bytes"]),
        ("--source empty.jpg", ["empty.jpg", "0 bytes"]),
        ("--source words.mp4", ["words.mp4"]),
        ("--source .", ["is a folder"]),
        ("--source demo --settings typo.toml", ["typo.toml, line 3", '"stlye"', "mean style?", "Valid: "]),
        ("--source demo --settings value.toml", ["value.toml, line 1", "source or max"]),
        ("--source demo --settings broken.toml", ["broken.toml, line 1"]),
        ("--source demo --settings none.toml", ["none.toml"]),
        ("--source demo --record good.mp4/film.mp4", ["--record", "good.mp4/film.mp4", "cannot be written"]),
        ("--source demo --record-pairs good.mp4/pairs", ["--record-pairs", "cannot be written"]),
        ("--source demo --report good.mp4/r.json", ["--report", "cannot be written"]),
        ("--source demo --record film.avi", ["--record", ".mp4"]),
        ("--source demo --size 0x0", ["--size", "0x0", "1280x720"]),
        ("--source demo --size 99999x99999", ["--size", "99999x99999"]),
        ("--source demo --size wide", ["--size", "wide"]),
        ("--source demo --frames none", ["--frames"]),
        ("--sorce demo", ["--sorce", "--source"]),
    ],
)  # fmt: skip
def test_bad_input_gets_one_line_and_code_2(
    flags: str, expected: list[str], things: Path, program_flags: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """In this process: the whole program but for the interpreter's start; see the next test."""
    before = {path.name: path.read_bytes() for path in things.iterdir()}
    monkeypatch.chdir(things)
    code = run_mirror.main([*program_flags("--headless")[2:], *flags.split()])
    printed = capfd.readouterr()
    line = refusal(subprocess.CompletedProcess([], code, printed.out, printed.err))
    for word in expected:
        assert word in line
    assert {path.name: path.read_bytes() for path in things.iterdir()} == before, (
        "nothing is lost, nothing left"
    )


def test_the_process_itself_leaves_with_code_2(program: Program, things: Path) -> None:
    line = refusal(program("--source", "demo", "--style", "bobb", "--headless", cwd=things))
    assert "bob" in line and "bobb" in line


def test_a_line_break_in_a_name_stays_one_line(program: Program, things: Path) -> None:
    odd = "a\nfilm.mp4" if sys.platform != "win32" else "a film.mp4"
    (things / odd).touch()
    try:
        assert "film.mp4" in refusal(program("--source", odd, "--headless", cwd=things))
    finally:
        (things / odd).unlink()


def test_a_picture_with_no_face_is_refused_and_earlier_files_stay(
    program: Program, things: Path, tmp_path: Path
) -> None:
    report, film = tmp_path / "report.json", tmp_path / "film.mp4"
    report.write_text("an earlier report")
    film.write_bytes(b"an earlier film")
    result = program(
        "--source", things / "wall.png", "--style", "bob", "--headless", "--frames", "5",
        "--record", film, "--report", report,
    )  # fmt: skip
    assert "There is no face in the photograph wall.png" in refusal(result)
    assert "Recorded" not in result.stdout
    assert report.read_text() == "an earlier report" and film.read_bytes() == b"an earlier film"


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a POSIX thing")
@pytest.mark.parametrize(
    ("moment", "what"), [("close", "could not be finished"), ("write", "cannot be written")]
)
def test_a_film_that_is_not_whole_is_never_told_as_recorded(
    moment: str, what: str, tmp_path: Path, no_settings: Path
) -> None:
    """The disk fills while the film is being closed, or before: code 2, and how much of it plays."""
    code = (
        "import os, resource, signal, sys\n"
        "from mirror.files.video_writer import VideoRecorder\n"
        "import run_mirror\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"do = VideoRecorder.{moment}\n"
        "def filled(self, *given):\n"
        "    if self.frames > 35:\n"
        "        resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize('film.mp4') + 50,) * 2)\n"
        "    do(self, *given)\n"
        f"VideoRecorder.{moment} = filled\n"
        "sys.exit(run_mirror.main(sys.argv[1:]))"
    )
    flags = "--source demo --style bob --headless --size 320x180 --frames 90 --pace max --record film.mp4"
    result = subprocess.run(
        [sys.executable, "-c", code, *flags.split(), "--settings", str(no_settings)],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    line = refusal(result)
    assert "Recorded" not in result.stdout and f"film.mp4 {what}" in line
    assert "Engine of the painter network" in result.stdout, "what ran is said all the same"
    assert f" pictures the first {len(pictures(tmp_path / 'film.mp4'))} are there and play" in line


def test_an_engine_asked_for_by_name_runs_or_is_an_error(program: Program, tmp_path: Path) -> None:
    result = program(
        "--source", "demo", "--style", "bob", "--headless", "--frames", "1", "--size", "320x180",
        "--engine", "tensorrt", "--report", tmp_path / "report.json",
    )  # fmt: skip
    if result.returncode == 0:
        engines = Outcome(result, tmp_path).report["engines"].values()
        assert {engine["backend"] for engine in engines} == {"tensorrt"}
    else:
        assert "TensorRT" in refusal(result) and not (tmp_path / "report.json").exists()


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program by itself, as it is installed: what it needs, and no more."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "run_mirror.py", folder)
    shutil.copytree(ROOT / "mirror", folder / "mirror", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "engines", folder / "engines")
    return folder


@pytest.mark.parametrize(
    ("name", "kept", "expected"),
    [
        ("styles.safetensors", 0.0, "0 bytes"),
        (weights_of("matte"), 0.5, "truncated"),
        (weights_of("painter"), 1.0, "SHA-256"),
        ("manifest.json", 0.5, "not JSON"),
    ],
    ids=["styles empty", "matte truncated", "painter altered", "manifest cut"],
)
def test_damaged_weights_get_one_line_and_code_2(
    program: Program, tree: Path, name: str, kept: float, expected: str
) -> None:
    file = tree / "engines" / name
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * kept)] if kept < 1 else whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        result = program("--source", "demo", "--style", "random", "--headless", "--frames", "2", root=tree)
        line = refusal(result)
    finally:
        file.write_bytes(whole)
    assert str(file) in line and expected in line
