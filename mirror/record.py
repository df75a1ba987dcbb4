"""Keeping what was shown: an H.264 film, a folder of PNG frames, or pairs for measuring."""

from __future__ import annotations

import io
import logging
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import av
import cv2
import numpy as np
from av.codec.codec import UnknownCodecError
from av.video.reformatter import ColorRange, Colorspace

from mirror.errors import MirrorError

# libx264 is in PyAV's wheels; builds without it may have one of the others. Each with what makes it quick.
ENCODERS: dict[str, dict[str, str]] = {
    "libx264": {"preset": "ultrafast", "crf": "18"},
    "libopenh264": {"b": "12000000"},
    "h264_videotoolbox": {"b": "12000000"},
    "h264_mf": {"b": "12000000"},
}
# Fragments while it is written (a killed program leaves a film), one plain file once closed.
CONTAINER = {"movflags": "hybrid_fragmented", "flush_packets": "1"}
TICKS = 90_000  # a second, in the film's own clock
T = TypeVar("T")
_log = logging.getLogger("mirror")


class _Closes:
    """Leaving the `with` block closes the recorder, come what may."""

    def close(self) -> None:
        """Finishes what is kept. May be repeated."""

    def __enter__(self: T) -> T:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class VideoRecorder(_Closes):
    """An .mp4 file, H.264, yuv420p, BT.709: plays everywhere.

    The file is playable at any moment, even if the program is killed: it is written in fragments that
    `close` joins. An earlier file of that name is replaced when the first picture comes; with no
    picture at all, no file is made. Odd sizes gain one repeated row or column, which H.264 needs.

    Args:
        path: the .mp4 file, its folder is made if it is missing; or memory to write to.
        size: (width, height) in pixels of every picture.
        rate: pictures a second, where `write` is not told when each was shown.

    Raises:
        MirrorError: the file cannot be written there, or this PyAV has no H.264 encoder.

    Example:
        >>> with VideoRecorder(Path("/tmp/hair.mp4"), (640, 480), 30) as recorder:
        ...     for _ in range(30):
        ...         recorder.write(np.zeros((480, 640, 3), np.uint8))
    """

    def __init__(self, path: Path | io.BytesIO, size: tuple[int, int], rate: float = 30.0) -> None:
        self.path = path if isinstance(path, Path) else "The film"
        self._into = str(path.resolve()) if isinstance(path, Path) else path
        self.size, self.rate, self.frames = size, rate, 0
        self.encoder = next((name for name in ENCODERS if _has_encoder(name)), "")
        if not self.encoder:
            raise MirrorError(
                f"PyAV {av.__version__} has none of the H.264 encoders {', '.join(ENCODERS)}. "
                "Install the one of requirements.txt, or give --record a folder for PNG frames."
            )
        if isinstance(path, Path):
            _check_folder(path.parent)
            _check_file(path)
        self._container: av.container.OutputContainer | None = None
        self._stream: av.VideoStream
        self._start: float | None = None
        self._last = -1
        self._closed = self._failed = False

    def write(self, image: np.ndarray, at: float | None = None) -> None:
        """Adds one picture.

        Args:
            image: RGB uint8 (H, W, 3) of the recorder's size; it is copied.
            at: when it was shown, in seconds of any clock that does not run backwards; None keeps the
                constant rate. One recording uses the one or the other.

        Raises:
            ValueError: the picture has another size or type, or the recorder is closed.
            MirrorError: the disk is full, or the encoder failed.
        """
        if self._closed or self._failed:
            raise ValueError("the recorder is closed, or an earlier write failed")
        width, height = self.size
        if image.shape != (height, width, 3) or image.dtype != np.uint8:
            raise ValueError(f"expected uint8 {(height, width, 3)}, got {image.dtype} {image.shape}")
        if at is None:
            ticks = round(self.frames / self.rate * TICKS)
        else:
            self._start = at if self._start is None else self._start
            ticks = round((at - self._start) * TICKS)
        if width % 2 or height % 2:
            image = cv2.copyMakeBorder(image, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
        try:
            if self._container is None:
                self._begin()
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
            frame = frame.reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            self._last = frame.pts = max(ticks, self._last + 1)
            frame.time_base = Fraction(1, TICKS)
            assert self._container is not None
            self._container.mux(self._stream.encode(frame))
        except (av.error.FFmpegError, OSError) as error:
            self._failed = True
            raise MirrorError(f"{self.path} cannot be written: {error.strerror}. Free some room.") from error
        self.frames += 1

    def close(self) -> None:
        """Finishes the film; what was written before an error plays."""
        self._closed = True
        container, self._container = self._container, None
        if container is None:
            return
        try:
            if not self._failed:  # muxing on after a failed header crashes FFmpeg
                container.mux(self._stream.encode(None))
        except (av.error.FFmpegError, OSError) as error:
            _log.warning("%s: its last frames are lost (%s)", self.path, error.strerror)
        finally:
            try:
                container.close()
            except (av.error.FFmpegError, OSError) as error:
                _log.warning("%s was not finished (%s)", self.path, error.strerror)

    def _begin(self) -> None:
        container = av.open(self._into, "w", format="mp4", container_options=CONTAINER)
        self._container = container
        stream = container.add_stream(
            self.encoder, rate=Fraction(self.rate).limit_denominator(1001), options=ENCODERS[self.encoder]
        )
        assert isinstance(stream, av.VideoStream)
        width, height = self.size
        stream.width, stream.height, stream.pix_fmt = width + width % 2, height + height % 2, "yuv420p"
        context = stream.codec_context
        context.time_base = Fraction(1, TICKS)
        context.gop_size = max(1, round(self.rate))  # a key frame, so a fragment, a second
        context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG
        context.color_primaries = context.color_trc = 1  # BT.709
        self._stream = stream


class FolderRecorder(_Closes):
    """A folder of lossless PNG frames: 000000.png, 000001.png, ...

    Args:
        folder: made if it is missing. Frames of an earlier run in it are replaced number by number, and
            a warning says that they are there.

    Raises:
        MirrorError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.frames = 0
        _check_folder(folder)
        _warn_of_earlier(folder)

    def write(self, image: np.ndarray, at: float | None = None) -> None:
        """Keeps one RGB uint8 (H, W, 3) picture; `at` is not kept. Raises MirrorError on a full disk."""
        _write_png(self.folder / f"{self.frames:06d}.png", image)
        self.frames += 1


class PairRecorder(_Closes):
    """For each frame `000123_in.png`, `000123_out.png` and `000123_matte.png`, lossless, at frame size.

    Args:
        folder: as for `FolderRecorder`.

    Raises:
        MirrorError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        _check_folder(folder)
        _warn_of_earlier(folder)

    def write(
        self,
        index: int,
        before: np.ndarray,
        after: np.ndarray,
        old_matte: np.ndarray | None,
        new_matte: np.ndarray | None,
    ) -> None:
        """Keeps one frame, unmirrored.

        Args:
            index: the number in the file names.
            before, after: RGB uint8 (H, W, 3).
            old_matte, new_matte: how far the feathered old and new hair reach: float (H, W) 0 to 1, or
                uint8; None where there is none. They become the red and the green channel, rounded up,
                so that 0 in the file is 0 in the matte and nothing else.

        Raises:
            ValueError: sizes that do not agree.
            MirrorError: the disk is full.
        """
        matte = np.zeros(before.shape, np.uint8)
        for channel, given in enumerate((old_matte, new_matte)):
            if given is None:
                continue
            if given.shape != before.shape[:2]:
                raise ValueError(f"expected a matte of {before.shape[:2]}, got {given.shape}")
            if given.dtype == np.uint8:
                matte[..., channel] = given
            else:
                matte[..., channel] = np.ceil(np.clip(given, 0.0, 1.0) * 255.0)
        if after.shape != before.shape:
            raise ValueError(f"expected a picture of {before.shape}, got {after.shape}")
        for kind, image in (("in", before), ("out", after), ("matte", matte)):
            _write_png(self.folder / f"{index:06d}_{kind}.png", image)


Recorder = VideoRecorder | FolderRecorder


def open_recorder(path: Path, size: tuple[int, int], rate: float = 30.0) -> Recorder:
    """A `VideoRecorder` for a path that ends in .mp4, a `FolderRecorder` for a folder (or one to be made).

    Raises:
        MirrorError: another kind of file is asked for, or it cannot be written.
    """
    ending = path.suffix.lower()
    if ending == ".mp4" and not path.is_dir():
        return VideoRecorder(path, size, rate)
    if path.is_dir() or not ending:
        return FolderRecorder(path)
    raise MirrorError(f"--record {path}: {ending} is not written. Give a .mp4 file, or a folder for PNGs.")


def _has_encoder(name: str) -> bool:
    try:
        av.codec.Codec(name, "w")
    except UnknownCodecError:
        return False
    return True


def _check_folder(folder: Path) -> None:
    """Makes the folder and writes a file into it, so that a long run does not end with nothing kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise MirrorError(
            f"Nothing can be written to {folder}: {error.strerror}. Give a folder that you may write to."
        ) from error


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise MirrorError(f"--record {path} is a folder. Give the path of a .mp4 file in it.")
    try:
        if path.exists():
            path.open("ab").close()
    except OSError as error:
        raise MirrorError(f"{path} cannot be replaced: {error.strerror}. Give another file name.") from error


def _warn_of_earlier(folder: Path) -> None:
    earlier = sum(1 for _ in folder.glob("[0-9]*.png"))
    if earlier:
        _log.warning("%s holds %d earlier pictures: those of the same number are replaced", folder, earlier)


def _write_png(path: Path, image: np.ndarray) -> None:
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    # imencode and write_bytes, as OpenCV's own file names fail on Windows outside ASCII.
    good, data = cv2.imencode(".png", bgr, (cv2.IMWRITE_PNG_COMPRESSION, 1))
    if not good:
        raise MirrorError(f"{path} cannot be encoded as PNG.")
    try:
        path.write_bytes(data.tobytes())
    except OSError as error:
        raise MirrorError(f"{path} cannot be written: {error.strerror}. Free some room.") from error
