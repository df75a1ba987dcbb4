"""Strange input: pipes where files belong, films with odd tags, names that lead nowhere, Ctrl-C at once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

import calibrate
import run_mirror
from mirror.core.errors import MirrorError
from mirror.engines import ENGINES_FOLDER
from mirror.engines.manifest import open_file, read_manifest
from mirror.files import size_limits
from mirror.files.reading import check_ordinary, read_ordinary
from mirror.files.size_limits import FILM_SIDE, spoken
from mirror.sources import open_source
from tests.program_run import Program, own_lines, refusal
from tests.strange_files import film, film_with_odd_tag, sparse
from train.__main__ import main as train

ROOT = Path(__file__).resolve().parent.parent
pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")


def played(path: Path) -> int:
    source, count = open_source(str(path), pace="max"), 0
    while source.read() is not None:
        count += 1
    source.close()
    return count


def test_a_film_with_a_tag_that_is_not_utf_8_plays(tmp_path: Path) -> None:
    assert played(film_with_odd_tag(tmp_path / "odd.mp4")) == 12


def test_a_film_that_is_too_large_is_refused_with_the_limit(tmp_path: Path) -> None:
    wide = film(tmp_path / "wide.mp4", (FILM_SIDE + 16, 64), 2)
    with pytest.raises(MirrorError, match=f"{FILM_SIDE + 16}x64: a film may have {FILM_SIDE} pixels a side"):
        open_source(str(wide))
    large = film(tmp_path / "large.mp4", (3200, 3200), 1)
    with pytest.raises(MirrorError, match="3200x3200: .* 9.4 million in all"):
        open_source(str(large))
    assert played(film(tmp_path / "upright.mp4", (64, FILM_SIDE), 2)) == 2


def test_a_decoder_that_searches_for_ever_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size_limits, "FILM_SECONDS", 0.5)
    with pytest.raises(MirrorError, match="not a video that can be opened"):
        open_source(str(sparse(tmp_path / "nothing.gif", 1 << 40)))


@pipes
def test_a_pipe_is_no_film_no_network_and_no_settings(tmp_path: Path, program: Program) -> None:
    """In processes of their own: what opens a pipe waits for ever, and the time limit ends it."""
    os.mkfifo(tmp_path / "pipe.mp4")
    line = refusal(program("--source", tmp_path / "pipe.mp4", "--headless"))
    assert "pipe.mp4" in line and "not an ordinary file" in line
    line = refusal(program("--settings", tmp_path / "pipe.mp4", "--headless"))
    assert "pipe.mp4" in line and "not an ordinary file" in line
    matte = subprocess.run(
        [sys.executable, "-m", "train", "export", "--matte", str(tmp_path / "pipe.mp4"), "--engines",
         str(tmp_path / "engines")],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    (told,) = own_lines(matte.stderr)
    assert matte.returncode == 2 and "not an ordinary file" in told


@pipes
def test_a_pipe_in_the_folder_of_networks_is_refused(tmp_path: Path) -> None:
    shutil.copy(ENGINES_FOLDER / "manifest.json", tmp_path)
    book = tmp_path / read_manifest(ENGINES_FOLDER).file("stylebook").path.name
    os.mkfifo(book)
    with pytest.raises(MirrorError, match="not an ordinary file"):
        open_file("stylebook", tmp_path)
    book.unlink()
    sparse(book, 3 << 30)
    with pytest.raises(MirrorError, match="larger than 2 GB"):
        open_file("stylebook", tmp_path)
    (tmp_path / "manifest.json").unlink()
    os.mkfifo(tmp_path / "manifest.json")
    with pytest.raises(MirrorError, match="not an ordinary file"):
        read_manifest(tmp_path)


def test_a_small_file_takes_no_more_memory_than_it_has_bytes(tmp_path: Path) -> None:
    path = tmp_path / "small"
    path.write_bytes(b"abc" * 100_000)
    tracemalloc.start()
    try:
        data = read_ordinary(path, 1 << 30)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert data == path.read_bytes()
    assert most < 5 << 20, "however large it might have been"


def test_what_is_read_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_ordinary(path, 5) == b"12345" and check_ordinary(path) == 5
    for wrong, most, said in ((path, 4, "larger than 4 bytes"), (tmp_path, 9, "directory")):
        with pytest.raises(OSError) as error:
            read_ordinary(wrong, most)
        assert said in str(error.value.strerror)
    assert [spoken(size) for size in (7, 9000, 256 << 20, 3 << 30)] == ["7 bytes", "9 KB", "256 MB", "3 GB"]


LONG = "n" * 300
NOBODY = "~nosuchuser/x"


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--settings", NOBODY], "--settings"),
        (["--lab-data", NOBODY], "--lab-data"),
        (["--source", NOBODY], "--source"),
        (["--style-from", NOBODY], "--style-from"),
        (["--report", NOBODY], "--report"),
        *(([flag, LONG], LONG[:100]) for flag in ("--source", "--lab-data", "--style-from", "--record",
          "--record-pairs", "--report", "--face-model", "--style", "--dye", "--settings")),
    ],
)  # fmt: skip
def test_names_that_lead_nowhere(
    flags: list[str], said: str, program_flags: Callable[..., list[str]], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    own = [] if "--settings" in flags else program_flags()[2:]
    headless = [] if "--lab-data" in flags else ["--headless"]
    code = run_mirror.main([*own, *headless, *flags])
    printed = capfd.readouterr()
    line = refusal(subprocess.CompletedProcess([], code, printed.out, printed.err))
    assert said in line and "Traceback" not in printed.err


@pytest.mark.parametrize("where", [NOBODY, LONG, ""])
def test_calibration_is_told_a_path_that_leads_nowhere(
    where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calibrate.main(["--yes", "--settings", where]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("calibrate: ") and (where[:100] in line)


@pytest.mark.parametrize(
    "flags", ["export --matte", "prepare --out x --data", "report run --shards x --photo"]
)
def test_training_is_told_a_path_that_no_file_can_have(
    flags: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert train([*flags.split(), LONG]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("train: ") and LONG[:100] in line


@pytest.mark.parametrize("words", ["", "fit", "fit --net none", "nothing", "export --no-such-flag"])
def test_training_says_in_one_line_what_is_wrong_with_its_flags(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(words.split()) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("train: ") and "--help" in line


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to whole consoles")
@pytest.mark.parametrize("program", ["run_mirror.py", "calibrate.py", "train/__main__.py"])
@pytest.mark.parametrize("library", ["dataclasses", "argparse", "platformdirs"])
def test_ctrl_c_while_the_libraries_load_is_no_fault(
    program: str, library: str, no_settings: Path, tmp_path: Path
) -> None:
    flags = {
        "run_mirror.py": ["--source", "demo", "--headless", "--settings", str(no_settings)],
        "calibrate.py": ["--yes", "--settings", str(tmp_path / "settings.toml")],
        "train/__main__.py": ["fit", "--net", "matte", "--shards", "none"],
    }[program]
    process = subprocess.Popen(
        [sys.executable, "-X", "importtime", str(ROOT / program), *flags],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, cwd=tmp_path,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    # Python says of each library when it is loaded: the next one is on its way then.
    for line in process.stderr:
        if line.split("|")[-1].strip() == library:
            process.send_signal(signal.SIGINT)
            break
    wrong = [line for line in process.stderr if not line.startswith("import time:")]
    assert process.wait(60) in (0, 130) and wrong == []
