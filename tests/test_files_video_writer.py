"""Recordings: playable whatever happens, and lossless where that is promised."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.files import video_writer
from mirror.files.frame_folder import FolderRecorder, PairRecorder
from mirror.files.video_writer import VideoRecorder, open_recorder
from mirror.sources.video import VideoSource

ROOT = Path(__file__).resolve().parents[1]


def scene(number: int, width: int = 320, height: int = 240) -> np.ndarray:
    """Soft gradients that move, with one strong colour on each side."""
    y, x = np.mgrid[:height, :width]
    red = np.where(x < width // 2, 200, 40)
    return np.dstack((red, (y * 200 // height + number) % 256, np.full_like(red, 90))).astype(np.uint8)


def decode(path: Path) -> tuple[list[np.ndarray], list[float]]:
    with av.open(str(path)) as film:
        frames = list(film.decode(video=0))
    return [frame.to_ndarray(format="rgb24", src_colorspace=1) for frame in frames], [f.time for f in frames]


def boxes(data: bytes) -> list[str]:
    """The outermost boxes of an .mp4, in order."""
    found, at = [], 0
    while at < len(data):
        found.append(data[at + 4 : at + 8].decode("latin-1"))
        at += int.from_bytes(data[at : at + 4], "big") or len(data)
    return found


def test_a_film_is_h264_that_plays_everywhere_and_shows_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "film.mp4"
    with open_recorder(path, (320, 240), 30) as recorder:
        for number in range(20):
            recorder.write(scene(number))
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert stream.codec_context.colorspace == 1 and float(stream.average_rate or 0) == 30
    images, times = decode(path)
    assert len(images) == 20 and np.allclose(times, np.arange(20) / 30, atol=1e-3)
    assert np.abs(images[7].astype(int) - scene(7)).mean() < 4
    assert boxes(path.read_bytes()) == ["ftyp", "free", "mdat", "moov"], "closed, it is one plain file"


@pytest.mark.parametrize("size", [(321, 241), (320, 241), (321, 240), (65, 65)])
def test_odd_sizes_gain_a_row_or_a_column(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "odd.mp4"
    with VideoRecorder(path, size) as recorder:
        recorder.write(scene(0, *size))
    (image,), _ = decode(path)
    assert image.shape == (size[1] + size[1] % 2, size[0] + size[0] % 2, 3)
    assert np.abs(image[: size[1], : size[0]].astype(int) - scene(0, *size)).mean() < 5


def test_frames_keep_the_time_they_were_shown_at(tmp_path: Path) -> None:
    path = tmp_path / "uneven.mp4"
    shown = [50.0, 50.04, 50.2, 50.2, 50.5]  # the fourth was shown at once after the third
    with VideoRecorder(path, (320, 240)) as recorder:
        for number, at in enumerate(shown):
            recorder.write(scene(number), at)
    _, times = decode(path)
    assert np.allclose(times, np.array(shown) - 50.0, atol=1e-3) and len(set(times)) == 5


def test_an_error_inside_leaves_a_film_that_plays(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with pytest.raises(KeyboardInterrupt), VideoRecorder(path, (320, 240)) as recorder:
        for number in range(10):
            recorder.write(scene(number))
        raise KeyboardInterrupt
    assert len(decode(path)[0]) == 10
    recorder.close()
    with pytest.raises(ValueError, match="closed"):
        recorder.write(scene(0))


def test_a_killed_program_leaves_a_film_that_plays(tmp_path: Path) -> None:
    path = tmp_path / "killed.mp4"
    code = (
        "import os, sys, pathlib, numpy as np; from mirror.files.video_writer import VideoRecorder\n"
        "recorder = VideoRecorder(pathlib.Path(sys.argv[1]), (128, 128), 10)\n"
        "for number in range(50): recorder.write(np.full((128, 128, 3), number, np.uint8))\n"
        "os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, timeout=60).returncode == 9
    assert len(decode(path)[0]) >= 20


def test_a_program_killed_in_its_first_second_leaves_a_film_that_plays(tmp_path: Path) -> None:
    path = tmp_path / "killed.mp4"
    code = (
        "import os, sys, pathlib, numpy as np; from mirror.files.video_writer import VideoRecorder\n"
        "recorder = VideoRecorder(pathlib.Path(sys.argv[1]), (128, 128), 30)\n"
        "for number in range(20): recorder.write(np.full((128, 128, 3), number, np.uint8))\n"
        "os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, timeout=60).returncode == 9
    assert len(decode(path)[0]) >= 3


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a POSIX thing")
def test_a_disk_that_fills_while_the_film_is_closed_is_said_with_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    code = (
        "import os, pathlib, resource, signal, sys, numpy as np\n"
        "from mirror.files.video_writer import MirrorError, VideoRecorder\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "noise = np.random.default_rng(1).integers(0, 256, (240, 320, 3)).astype(np.uint8)\n"
        "recorder = VideoRecorder(pathlib.Path(sys.argv[1]), (320, 240), 10)\n"
        "for number in range(36): recorder.write(np.roll(noise, number, 0))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(sys.argv[1]) + 100,) * 2)\n"
        "try: recorder.close()\n"
        "except MirrorError as error: print(error)\n"
        "print(recorder.finished)"
    )
    command = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, cwd=ROOT, timeout=60, capture_output=True, text=True)
    said, finished = done.stdout.splitlines()
    assert finished == "False" and done.stderr == ""
    assert f"{path} could not be finished" in said and "Of 36 pictures the first " in said
    source, played = VideoSource(path, pace="max"), 0
    while source.read() is not None:
        played += 1
    assert f"the first {played} are there" in said and 25 <= played < 36


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a POSIX thing")
@pytest.mark.parametrize("room", [0, 1_500_000])
def test_a_full_disk_is_said_and_what_is_there_plays(tmp_path: Path, room: int) -> None:
    path = tmp_path / "film.mp4"
    code = (
        "import pathlib, resource, signal, sys, numpy as np\n"
        "from mirror.files.video_writer import MirrorError, VideoRecorder\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "noise = np.random.default_rng(1).integers(0, 256, (240, 320, 3)).astype(np.uint8)\n"
        "try:\n"
        "    with VideoRecorder(pathlib.Path(sys.argv[1]), (320, 240), 4) as recorder:\n"
        "        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)\n"
        "        for number in range(60): recorder.write(np.roll(noise, number, 0))\n"
        "except MirrorError as error: print(error); sys.exit(2)"
    )
    command = [sys.executable, "-c", code, str(path), str(room)]
    done = subprocess.run(command, cwd=ROOT, timeout=60, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stdout and "Free some room" in done.stdout
    if room:
        source, played = VideoSource(path, pace="max"), 0
        while source.read() is not None:
            played += 1
        assert 4 <= played < 60


def test_nothing_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"an earlier film")
    with VideoRecorder(path, (320, 240)):
        pass
    assert path.read_bytes() == b"an earlier film"


def test_wrong_pictures_are_refused(tmp_path: Path) -> None:
    with VideoRecorder(tmp_path / "film.mp4", (320, 240)) as recorder:
        with pytest.raises(ValueError, match=r"expected uint8 \(240, 320, 3\)"):
            recorder.write(scene(0, 322, 240))
        with pytest.raises(ValueError, match="float32"):
            recorder.write(scene(0).astype(np.float32))


def test_a_folder_of_frames_is_lossless(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "frames"
    with open_recorder(folder, (320, 240)) as recorder:
        assert isinstance(recorder, FolderRecorder)
        for number in range(3):
            recorder.write(scene(number), at=1.0)
    assert sorted(path.name for path in folder.iterdir()) == ["000000.png", "000001.png", "000002.png"]
    assert np.array_equal(cv2.imread(str(folder / "000002.png"))[..., ::-1], scene(2))
    with caplog.at_level(logging.WARNING, "mirror"):
        FolderRecorder(folder)
    assert "holds 3 earlier pictures" in caplog.text


def test_pairs_hold_input_output_and_both_mattes(tmp_path: Path) -> None:
    old = np.zeros((240, 320), np.float32)
    old[10, 20], old[11, 20], old[12, 20] = 1.0, 0.5, 1e-4
    new = np.zeros((240, 320), np.uint8)
    new[50, 60] = 77
    pairs = PairRecorder(tmp_path / "pairs")
    pairs.write(123, scene(1), scene(2), old, new)
    pairs.write(124, scene(1), scene(1), None, None)

    def read(name: str) -> np.ndarray:
        return cv2.imread(str(tmp_path / "pairs" / name))[..., ::-1]

    assert np.array_equal(read("000123_in.png"), scene(1))
    assert np.array_equal(read("000123_out.png"), scene(2))
    matte = read("000123_matte.png")
    assert matte[10:13, 20, 0].tolist() == [255, 128, 1], "what is reached ever so little is not 0"
    assert matte[50, 60].tolist() == [0, 77, 0] and np.count_nonzero(matte) == 4
    assert read("000124_matte.png").max() == 0
    with pytest.raises(ValueError, match="expected a matte"):
        pairs.write(125, scene(1), scene(1), old[:5], None)


def test_places_that_cannot_be_written_are_named_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for make in (
        lambda: open_recorder(tmp_path / "file" / "film.mp4", (320, 240)),
        lambda: open_recorder(tmp_path / "file" / "frames", (320, 240)),
        lambda: PairRecorder(tmp_path / "file"),
    ):
        with pytest.raises(MirrorError, match="Nothing can be written to"):
            make()
    with pytest.raises(MirrorError, match=r"\.avi is not written. Give a \.mp4 file"):
        open_recorder(tmp_path / "film.avi", (320, 240))
    (tmp_path / "folder.mp4").mkdir()
    assert isinstance(open_recorder(tmp_path / "folder.mp4", (320, 240)), FolderRecorder)
    with pytest.raises(MirrorError, match="is a folder"):
        VideoRecorder(tmp_path / "folder.mp4", (320, 240))


def test_no_encoder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_writer, "ENCODERS", {"h264_of_the_future": {}})
    with pytest.raises(MirrorError, match="none of the H.264 encoders h264_of_the_future"):
        VideoRecorder(tmp_path / "film.mp4", (320, 240))
