"""Video files, photographs, and what is opened for which word."""

from __future__ import annotations

import logging
import struct
import threading
import time
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from mirror.core.errors import MirrorError
from mirror.files.video_writer import VideoRecorder
from mirror.sources import Calibrated, Devices, list_cameras, open_source
from mirror.sources.photograph import PhotographSource, read_photograph
from mirror.sources.picture_size import cover
from mirror.sources.replayable_video import Encore
from mirror.sources.video import VideoSource

CLIPS = Path(__file__).resolve().parents[2] / "shared" / "clips"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 frames at 20 a second, 320x240; frame i is grey 5 i."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    with VideoRecorder(path, (320, 240), 20) as recorder:
        for number in range(40):
            recorder.write(np.full((240, 320, 3), number * 5, np.uint8))
    return path


def levels(source: VideoSource) -> list[int]:
    found = []
    while (frame := source.read()) is not None:
        found.append(round(float(frame.image.mean()) / 5))
    return found


def test_pace_max_gives_every_frame_in_order_as_fast_as_asked(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[object] = []
    monkeypatch.setattr(threading.Event, "wait", lambda _, timeout=None: waits.append(timeout))
    source = VideoSource(film, pace="max")
    assert (source.size, source.rate, source.live) == ((320, 240), 20.0, False)
    assert levels(source) == list(range(40))
    assert not waits and source.dropped == 0
    assert source.read() is None
    source.close()


def test_pace_source_hands_frames_over_when_they_are_due(film: Path) -> None:
    source = VideoSource(film, pace="source")
    times = []
    for _ in range(9):
        frame = source.read()
        assert frame is not None
        times.append(frame.captured_at)
    assert 0.36 <= times[-1] - times[0] < 1.5  # eight frame times are 0.4 s
    source.close()


def test_a_late_reader_loses_frames_and_they_are_counted(film: Path) -> None:
    source = VideoSource(film, pace="source")
    first = source.read()
    time.sleep(0.52)
    late = source.read()
    assert first is not None and late is not None
    assert 9 <= late.index < 39 and source.dropped == late.index - 1
    assert round(float(late.image.mean()) / 5) == late.index
    rest = levels(source)
    assert rest[-1] == 39 and len(rest) + source.dropped + 2 == 40
    source.close()


def test_size_fills_and_cuts_evenly() -> None:
    image = np.zeros((240, 320, 3), np.uint8)
    image[:, :40], image[:, -40:] = 255, 255  # what a square cut must lose
    square = cover(image, (240, 240))
    assert square.shape == (240, 240, 3) and square.max() == 0
    assert cover(image, (320, 240)) is image
    assert cover(image, (1281, 721)).shape == (721, 1281, 3)


def test_size_of_a_film(film: Path) -> None:
    source = VideoSource(film, size=(640, 360), pace="max")
    frame = source.read()
    assert source.size == (640, 360) and frame is not None and frame.size == (640, 360)


def test_closing_ends_a_read_that_waits(film: Path) -> None:
    source = VideoSource(film, pace="source")
    source.rate = 0.01  # the second frame is due in minutes
    source._clock.elapsed = lambda: 0.0  # type: ignore[method-assign]
    source._pending = (1, source._pending[1], 60.0)  # type: ignore[index]
    results: list[object] = []
    reader = threading.Thread(target=lambda: results.append(source.read()), daemon=True)
    reader.start()
    time.sleep(0.05)
    source.close()
    reader.join(1.0)
    assert results == [None]


def test_a_film_lying_on_its_side_is_put_upright(film: Path, tmp_path: Path) -> None:
    source = VideoSource(film, pace="max")
    frame = next(av.open(str(film)).decode(video=0))
    assert frame.rotation == 0 and source.size == (320, 240)

    class Lying:
        """A frame whose file says: turn me by 90 degrees."""

        colorspace, height, rotation = 1, 240, 90

        def to_ndarray(self, **_: object) -> np.ndarray:
            image = np.zeros((240, 320, 3), np.uint8)
            image[0, -1] = 255  # the upper right corner, which a turn to the left makes the upper left
            return image

    from mirror.sources.video import _upright

    upright = _upright(Lying())  # type: ignore[arg-type]
    assert upright.shape == (320, 240, 3) and upright[0, 0, 0] == 255 and upright.flags.c_contiguous


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.mp4", b"", "is empty"),
        ("letter.mp4", b"Dear mirror, " * 100, "not a video"),
        ("cut.mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "not a video"),
        ("empty.jpg", b"", "is empty"),
        ("letter.jpg", b"Dear mirror, " * 100, "not a picture"),
        ("phone.heic", b"anything", "kind of picture that is not read"),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n", "not a video|no picture"),
    ],
)
def test_bad_files_are_one_clear_line(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(MirrorError, match=says) as caught:
        open_source(str(path))
    assert "\n" not in str(caught.value) and name in str(caught.value)


def test_missing_files_folders_sizes_and_paces(film: Path, tmp_path: Path) -> None:
    with pytest.raises(MirrorError, match="no such file and no camera"):
        open_source(str(tmp_path / "missing.mp4"), devices=Devices(list))
    with pytest.raises(MirrorError, match="cannot be read"):
        VideoSource(tmp_path / "missing.mp4")
    with pytest.raises(MirrorError, match="is a folder"):
        open_source(str(tmp_path))
    with pytest.raises(MirrorError, match="not a possible picture size"):
        open_source(str(film), size=(0, 720))
    with pytest.raises(MirrorError, match="Give source or max"):
        open_source(str(film), pace="fast")


def test_only_sound_is_not_a_video(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    samples = struct.pack("<400h", *range(400))
    header = b"RIFF" + struct.pack("<I", 36 + len(samples)) + b"WAVEfmt "
    path.write_bytes(header + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16) + b"data"
                     + struct.pack("<I", len(samples)) + samples)  # fmt: skip
    with pytest.raises(MirrorError, match="no pictures, only sound"):
        open_source(str(path))


def test_a_film_that_is_cut_off_plays_what_is_there_and_warns(
    film: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # The same film with its index in front, as films from the web have it, so that a cut leaves it whole.
    whole, cut = tmp_path / "whole.mp4", tmp_path / "cut.mp4"
    front = {"movflags": "faststart"}
    with av.open(str(film)) as old, av.open(str(whole), "w", container_options=front) as new:
        copy = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(video=0):
            if packet.dts is not None:
                packet.stream = copy
                new.mux(packet)
    data = whole.read_bytes()
    cut.write_bytes(data[: data.index(b"mdat") + (len(data) - data.index(b"mdat")) * 2 // 3])
    with caplog.at_level(logging.WARNING, "mirror"):
        played = levels(VideoSource(cut, pace="max"))
    assert 5 < len(played) < 40 and played[0] == 0 and played[4] == 4
    assert any("damaged or cut off" in record.message for record in caplog.records)


def test_a_photograph_comes_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "räd.png"
    good, data = cv2.imencode(".png", np.full((90, 120, 3), (0, 0, 250), np.uint8))
    path.write_bytes(data.tobytes())
    source = open_source(str(path), pace="max")
    frames = [source.read() for _ in range(100)]
    assert [frame.index for frame in frames if frame] == list(range(100))
    assert frames[0].image[0, 0].tolist() == [250, 0, 0] and source.size == (120, 90)  # type: ignore[union-attr]
    source.close()
    assert source.read() is None
    paced = PhotographSource(path, pace="source")
    began = time.monotonic()
    for _ in range(4):
        paced.read()
    assert 0.08 <= time.monotonic() - began < 2 and paced.live


def test_large_photographs_are_reduced_and_small_ones_refused(tmp_path: Path) -> None:
    large, small = tmp_path / "large.jpg", tmp_path / "small.png"
    cv2.imwrite(str(large), np.zeros((1000, 3000, 3), np.uint8))
    cv2.imwrite(str(small), np.zeros((10, 10, 3), np.uint8))
    assert PhotographSource(large).size == (1920, 640)
    assert PhotographSource(large, size=(640, 360)).size == (640, 360)
    with pytest.raises(MirrorError, match="only 10x10"):
        open_source(str(small))


def test_exif_orientation_is_honoured(tmp_path: Path) -> None:
    good, data = cv2.imencode(".jpg", np.zeros((80, 160, 3), np.uint8))
    jpeg = data.tobytes()
    # One tag: orientation (0x0112) = 6, a quarter turn.
    tiff = b"II*\x00\x08\x00\x00\x00" + struct.pack("<HHHII", 1, 0x0112, 3, 1, 6) + b"\x00" * 4
    exif = b"Exif\x00\x00" + tiff
    path = tmp_path / "lying.jpg"
    path.write_bytes(jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:])
    assert read_photograph(path).shape == (160, 80, 3)


def test_no_camera_means_the_demo_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "mirror"):
        source = open_source(None, pace="max", devices=Devices(list))
    assert source.name == "demo (no camera found)" and source.reason == "no camera found"
    assert "no camera found: showing the demo" in caplog.text
    devices = Devices(lambda: [(0, "Broken")], lambda _: None)
    broken = open_source(None, calibrated=Calibrated("Gone"), pace="max", devices=devices)
    assert broken.name == "demo (no camera works)"


def test_cameras_can_be_listed_wherever_this_runs() -> None:
    assert all(isinstance(number, int) and name for number, name in list_cameras())


@pytest.mark.skipif(not CLIPS.is_dir(), reason=f"no clips in {CLIPS}")
@pytest.mark.parametrize(
    ("name", "size", "frames", "rate"),
    [
        ("intel_head-pose-face-detection-female.gif", (480, 270), 23, 12.5),
        ("intel_hungry.mkv", (640, 480), 49, 30.0),
        ("terryky_gl2iris_landmark_pexels.mp4", (720, 720), 270, 25.0),
    ],
)
def test_real_clips(name: str, size: tuple[int, int], frames: int, rate: float) -> None:
    source = open_source(str(CLIPS / name), pace="max")
    assert source.size == size and source.rate == pytest.approx(rate)
    images = []
    while (frame := source.read()) is not None:
        images.append(float(frame.image[::8, ::8].mean()))
    assert len(images) == frames and min(images) > 20 and len(set(images)) > frames // 2


def test_a_film_stays_on_its_last_picture_until_it_is_asked_to_play_again(film: Path) -> None:
    source = open_source(str(film), pace="max", stays=True)
    assert isinstance(source, Encore)
    frames = []
    while not source.ended:
        frame = source.read()
        assert frame is not None
        frames.append(frame)
    assert [round(float(frame.image.mean()) / 5) for frame in frames] == [*range(40), 39]
    source.again()
    assert not source.ended
    frames += [frame for _ in range(41) if (frame := source.read()) is not None]
    assert source.ended
    assert [round(float(frame.image.mean()) / 5) for frame in frames[41:]] == [*range(40), 39]
    assert [frame.index for frame in frames] == list(range(82)), "numbered on"
    source.close()
    assert source.read() is None


def test_the_picture_it_stays_on_comes_at_the_films_rate(film: Path) -> None:
    source = Encore(lambda: VideoSource(film, pace="max"))
    for _ in range(40):
        source.read()
    began = time.monotonic()
    for _ in range(5):
        source.read()
    assert time.monotonic() - began >= 0.19  # four times a twentieth of a second
    source.close()


def test_a_film_that_was_moved_away_says_so_and_stays(film: Path, tmp_path: Path) -> None:
    copy = tmp_path / "film.mp4"
    copy.write_bytes(film.read_bytes())
    source = Encore(lambda: VideoSource(copy, pace="max"), "max")
    while not source.ended:
        source.read()
    copy.unlink()
    source.again()
    frame = source.read()
    assert frame is not None and source.ended
    assert source.problem is not None and "film.mp4" in source.problem
    source.close()


def test_closing_ends_the_wait_of_a_film_that_stays(film: Path) -> None:
    source = Encore(lambda: VideoSource(film, pace="max"))
    while not source.ended:
        source.read()
    done: list[object] = []

    def read() -> None:
        while source.read() is not None:
            pass
        done.append(None)

    reader = threading.Thread(target=read)
    reader.start()
    source.close()
    reader.join(5)
    assert done
