"""The whole program in a process of its own: what goes in, what comes out, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

import run_mirror
from mirror.core.face import INNER_FACE
from mirror.files.video_writer import VideoRecorder
from mirror.hair.shelf import open_book
from mirror.hair.styles.dye import DYES
from mirror.pipeline.mirror import Mirror
from mirror.sources.demo import DemoSource
from tests.program_run import Outcome, Program, own_lines, pictures, read

ROOT = Path(__file__).resolve().parent.parent
CLIPS = ROOT.parent / "shared" / "clips"
SIZE = (640, 360)
FRAMES = 36


@pytest.fixture(scope="module")
def demo(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("demo")
    result = program(
        "--source", "demo", "--style", "bob", "--headless", "--pace", "max", "--frames", str(FRAMES),
        "--size", "640x360", "--record", folder / "film.mp4", "--record-pairs", folder / "pairs",
        "--report", folder / "report.json",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return Outcome(result, folder)


def test_a_good_run_says_what_it_did_and_nothing_else(demo: Outcome) -> None:
    told = demo.result.stdout.splitlines()
    assert own_lines(demo.result.stderr) == [], "MediaPipe's own chatter, or a warning"
    assert told[0] == "Source: demo (asked for), 640x360"
    assert any(line.startswith("Engine of the painter network: ") for line in told)
    assert f"Recorded: {demo.folder / 'film.mp4'}" in told


def test_the_report_has_exactly_the_keys_agreed_on(demo: Outcome) -> None:
    report = demo.report
    assert set(report) == {
        "frames", "seconds", "fps", "latency_ms", "stages_ms", "stages_per_s", "dropped", "tracked",
        "first_swap_s", "rss_mb", "engines", "style", "source", "size", "machine", "versions",
    }  # fmt: skip
    assert set(report["latency_ms"]) == {"p50", "p95", "max"}
    assert {"track", "matte", "swap", "compose", "show"} <= set(report["stages_ms"])
    assert all(set(stage) == {"p50", "p95"} for stage in report["stages_ms"].values())
    assert {"matte", "painter"} <= set(report["engines"])
    for engine in report["engines"].values():
        assert set(engine) == {"backend", "device", "precision", "reason"} and all(engine.values())


def test_the_reports_figures_are_those_of_the_run(demo: Outcome) -> None:
    report = demo.report
    assert report["frames"] == FRAMES - 30 and report["seconds"] > 0
    assert report["fps"] == pytest.approx(report["frames"] / report["seconds"], rel=0.01)
    assert report["dropped"] == 0 and report["tracked"] >= 0.9
    assert (report["style"], report["source"], report["size"]) == ("bob", "demo", "640x360")
    assert 0 < report["latency_ms"]["p50"] <= report["latency_ms"]["p95"] <= report["latency_ms"]["max"]
    assert 0.3 < report["first_swap_s"] < 60 and 50 < report["rss_mb"] < 4000


def test_the_film_plays_and_shows_what_was_shown_mirrored(demo: Outcome) -> None:
    film = pictures(demo.folder / "film.mp4")
    assert len(film) == FRAMES and film[0].shape == (360, 640, 3)
    for number in (0, 20, 35):
        shown = read(demo.folder / "pairs" / f"{number:06d}_out.png")[:, ::-1]
        assert np.abs(film[number].astype(int) - shown).mean() < 4
        assert np.abs(film[number].astype(int) - shown[:, ::-1]).mean() > 8


def test_the_pairs_hold_the_untouched_input(demo: Outcome) -> None:
    names = {f"{n:06d}_{kind}.png" for n in range(FRAMES) for kind in ("in", "out", "matte")}
    assert {path.name for path in (demo.folder / "pairs").iterdir()} == names
    source = DemoSource(SIZE, pace="max")
    for number in (0, 17, 35):
        assert np.array_equal(read(demo.folder / "pairs" / f"{number:06d}_in.png"), source.image(number))


def test_where_neither_matte_reaches_input_and_output_are_equal_to_the_bit(demo: Outcome) -> None:
    changed_most = 0
    for number in range(FRAMES):
        before, after, matte = (
            read(demo.folder / "pairs" / f"{number:06d}_{kind}.png") for kind in ("in", "out", "matte")
        )
        free = (matte[..., 0] == 0) & (matte[..., 1] == 0)
        assert free.mean() > 0.5 and np.array_equal(before[free], after[free]), f"frame {number}"
        changed_most = max(changed_most, int((before != after).any(2).sum()))
    assert changed_most > 5000, "new hair is on"


def test_eyes_nose_and_mouth_change_only_under_strands_of_new_hair(demo: Outcome, mirror: Mirror) -> None:
    for number in (5, 20, 35):
        before, after, matte = (
            read(demo.folder / "pairs" / f"{number:06d}_{kind}.png") for kind in ("in", "out", "matte")
        )
        face = mirror.find_face(before)
        assert face is not None
        inside = np.zeros(before.shape[:2], np.uint8)
        hull = cv2.convexHull(face.landmarks[list(INNER_FACE), :2].astype(np.int32))
        cv2.fillConvexPoly(inside, hull, 255)
        # The stream's smoothed landmarks lie a pixel or two beside those of the single picture.
        well_inside = cv2.erode(inside, np.ones((7, 7), np.uint8)) > 0
        without_new = well_inside & (matte[..., 1] == 0)
        assert without_new.sum() > 500 and np.array_equal(before[without_new], after[without_new])


MANY = 72


def test_every_picture_of_a_film_comes_out_in_order(program: Program, tmp_path: Path) -> None:
    source, film = DemoSource((320, 240), pace="max"), tmp_path / "in.mp4"
    with VideoRecorder(film, source.size, 30) as recorder:
        for number in range(MANY):
            recorder.write(source.image(number * 4))
    result = program(
        "--source", film, "--style", "3", "--headless", "--pace", "max", "--no-mirror",
        "--record", tmp_path / "out", "--report", tmp_path / "report.json",
    )  # fmt: skip
    assert result.returncode == 0 and own_lines(result.stderr) == []
    report = Outcome(result, tmp_path).report
    assert (
        report["dropped"] == 0 and report["source"] == "video in.mp4" and report["style"] == "textured crop"
    )
    kept = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in kept] == [f"{number:06d}.png" for number in range(MANY)]
    given = pictures(film)
    for path, before in zip(kept, given, strict=True):
        # The shoulders and the room are as they came in, so each picture is in its place.
        assert np.array_equal(read(path)[200:], before[200:])
    # Until the worker has the style's first view pictures pass without it: how many is the machine's matter,
    # so there are many times as many as it takes.
    assert (read(kept[-1]) != given[-1]).any()


@pytest.mark.parametrize(
    "name", ["terryky_gl2iris_landmark_pexels.mp4", "intel_head-pose-face-detection-male.gif"]
)
def test_a_real_clip(program: Program, tmp_path: Path, name: str) -> None:
    clip = CLIPS / name
    if not clip.exists():
        pytest.skip(f"{clip} is not here")
    result = program(
        "--source", clip, "--style", "pin curls", "--headless", "--pace", "max", "--frames", "12",
        "--record-pairs", tmp_path / "pairs", "--report", tmp_path / "report.json",
    )  # fmt: skip
    assert result.returncode == 0 and own_lines(result.stderr) == []
    report = Outcome(result, tmp_path).report
    assert report["tracked"] > 0.7 and report["first_swap_s"] is not None
    changed = 0
    for before_at in sorted((tmp_path / "pairs").glob("*_in.png")):
        number = before_at.name.removesuffix("_in.png")
        before, after, matte = (
            read(before_at.with_name(f"{number}_{kind}.png")) for kind in ("in", "out", "matte")
        )
        free = (matte[..., 0] == 0) & (matte[..., 1] == 0)
        assert np.array_equal(before[free], after[free])
        changed = max(changed, int((before != after).any(2).sum()))
    assert changed > 2000


def test_long_hair_that_leaves_what_the_mirror_sees_is_left_alone_and_it_says_so(
    program: Program, tmp_path: Path
) -> None:
    clip = CLIPS / "intel_head-pose-face-detection-female.gif"
    if not clip.exists():
        pytest.skip(f"{clip} is not here")
    result = program(
        "--source", clip, "--style", "pin curls", "--headless", "--pace", "max", "--frames", "12",
        "--record-pairs", tmp_path / "pairs",
    )  # fmt: skip
    assert result.returncode == 0
    assert [line.startswith("Step a little closer") for line in own_lines(result.stderr)] == [True]
    pairs = sorted((tmp_path / "pairs").glob("*_in.png"))
    assert len(pairs) == 12
    for before_at in pairs:
        after = read(before_at.with_name(before_at.name.replace("_in", "_out")))
        assert np.array_equal(read(before_at), after)


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows sends Ctrl-C to whole consoles, not to a process"
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_closes_film_and_report(
    number: int, program_flags: Callable[..., list[str]], tmp_path: Path
) -> None:
    film, report = tmp_path / "film.mp4", tmp_path / "report.json"
    flags = program_flags(
        "--source", "demo", "--style", "bob", "--headless", "--size", "320x180", "--record", film,
        "--report", report,
    )  # fmt: skip
    process = subprocess.Popen(flags, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 60
        while not film.exists():
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(1.5)
        process.send_signal(number)
        told, wrong = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0 and own_lines(wrong) == []
    film_pictures = pictures(film)
    assert film_pictures and film_pictures[0].shape == (180, 320, 3)
    written = json.loads(report.read_text())
    assert written["frames"] == max(0, len(film_pictures) - 30) and written["tracked"] > 0
    assert f"Recorded: {film}" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.mp4", "report.json"]


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows sends Ctrl-C to whole consoles, not to a process"
)
def test_ctrl_c_while_loading_leaves_cleanly(program_flags: Callable[..., list[str]], tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text("an earlier report")
    flags = program_flags(
        "--source", "demo", "--headless", "--size", "320x180", "--record", tmp_path / "film.mp4",
        "--report", report,
    )  # fmt: skip
    process = subprocess.Popen(flags, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Source: ")
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        told, wrong = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    if not (tmp_path / "film.mp4").exists():  # as it is but on the fastest machines
        assert "Recorded" not in told and report.read_text() == "an earlier report"
        assert all("No picture was shown" in line for line in own_lines(wrong))


def test_ctrl_c_before_anything_is_open(monkeypatch: pytest.MonkeyPatch, no_settings: Path) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(run_mirror, "run", interrupted)
    assert run_mirror.main(["--settings", str(no_settings)]) == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_without_a_screen_it_records_and_says_where(
    program_flags: Callable[..., list[str]], tmp_path: Path
) -> None:
    if any(Path("/dev/dri").glob("card*")):
        pytest.skip("there is a graphics card here, which may show a picture without any desktop")
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    flags = program_flags(
        "--source", "demo", "--style", "bob", "--frames", "8", "--pace", "max", "--size", "320x180"
    )
    result = subprocess.run(
        flags, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    (line,) = own_lines(result.stderr)
    assert "No screen" in line and "DISPLAY" in line and "8 frames" in line
    assert str(tmp_path / "mirror.mp4") in line
    assert len(pictures(tmp_path / "mirror.mp4")) == 8
    assert [path.name for path in tmp_path.iterdir()] == ["mirror.mp4"]


def test_list_styles_names_the_whole_book(capsys: pytest.CaptureFixture[str], no_settings: Path) -> None:
    assert run_mirror.main(["--settings", str(no_settings), "--list-styles"]) == 0
    printed = capsys.readouterr().out.splitlines()
    book = open_book(ROOT / "engines")
    *listed, empty, dyes, levels, patterns = printed
    assert not empty and dyes == f"Dyes, for --dye: {', '.join(dye.name for dye in DYES)};"
    assert "level, 1 (black) to 10" in levels and "7-ash" in levels and "5 mahogany" in levels
    assert patterns.endswith(": highlights, balayage, ombre, roots, split") and "balayage:5/0+8/3" in patterns
    assert len(listed) == len(book) >= 24
    for number, (line, style) in enumerate(zip(listed, book.styles, strict=True), 1):
        assert (
            line.split()[0] == str(number) and style.name in line and all(tag in line for tag in style.tags)
        )


def test_list_cameras_is_no_error_where_there_is_none(
    capsys: pytest.CaptureFixture[str], no_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mirror import sources

    for found, expected in (([], "No camera"), ([(2, "Webcam")], "  2  Webcam")):
        monkeypatch.setattr(sources, "list_cameras", lambda found=found: found)
        assert run_mirror.main(["--settings", str(no_settings), "--list-cameras"]) == 0
        assert expected in capsys.readouterr().out
