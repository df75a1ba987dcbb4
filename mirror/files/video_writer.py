"""Keeping what was shown: an H.264 film, or a folder of PNG frames."""

from __future__ import annotations

import contextlib
import io
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.codec.codec import UnknownCodecError
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace

from mirror.core.errors import MirrorError
from mirror.files.frame_folder import Closes, FolderRecorder, check_folder

# libx264 is in PyAV's wheels; builds without it may have one of the others. Each with what makes it quick.
ENCODERS: dict[str, dict[str, str]] = {
    "libx264": {"preset": "ultrafast", "crf": "18"},
    "libopenh264": {"b": "12000000"},
    "h264_videotoolbox": {"b": "12000000"},
    "h264_mf": {"b": "12000000"},
}
# Fragments while it is written (a killed program leaves a film), one plain file once closed.
CONTAINER = {"movflags": "hybrid_fragmented", "flush_packets": "1"}
# A fragment ends at a key frame: seconds from the start for the first ones, so that a program that is killed
# in its first second leaves a film, too. After these there is one a second.
FIRST_FRAGMENTS = (0.1, 0.3, 0.6)
TICKS = 90_000  # a second, in the film's own clock


class VideoRecorder(Closes):
    """An .mp4 file, H.264, yuv420p, BT.709: plays everywhere.

    The file is playable at any moment, even if the program is killed: it is written in fragments that
    `close` joins. An earlier file of that name is replaced when the first picture comes; with no
    picture at all, no file is made. Odd sizes gain one repeated row or column, which H.264 needs.

    Args:
        path: the .mp4 file, its folder is made if it is missing; or memory to write to.
        size: (width, height) in pixels of every picture.
        rate: pictures a second, where `write` is not told when each was shown.

    Raises:
        MirrorError: the file cannot be written there, or this PyAV has no H.264 encoder. Also from `write`
            and `close`, with how many pictures can be played all the same.

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
            check_folder(path.parent)
            _check_file(path)
        self._container: av.container.OutputContainer | None = None
        self._stream: av.VideoStream
        self._start: float | None = None
        self._last = -1
        self._ahead = list(FIRST_FRAGMENTS)
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
            if self._ahead and self._last >= self._ahead[0] * TICKS:
                self._ahead = [at for at in self._ahead if at * TICKS > self._last]
                frame.pict_type = PictureType.I
            frame.time_base = Fraction(1, TICKS)
            assert self._container is not None
            self._container.mux(self._stream.encode(frame))
        except (av.error.FFmpegError, OSError) as error:
            raise self._lost(error, "cannot be written") from error
        self.frames += 1

    def close(self) -> None:
        """Finishes the film. Raises MirrorError where that fails, and says what plays all the same."""
        self._closed = True
        if self._failed or self._container is None:
            return
        try:
            self._container.mux(self._stream.encode(None))
            self._container.close()
        except (av.error.FFmpegError, OSError) as error:
            raise self._lost(error, "could not be finished") from error
        self._container = None
        self.finished = True

    def _lost(self, error: av.error.FFmpegError | OSError, what: str) -> MirrorError:
        """Lets go of a film that came to grief; what there is to say of it."""
        self._failed = True
        container, self._container = self._container, None
        if container is not None:
            # Nothing is muxed any more: after a failed header that crashes FFmpeg.
            with contextlib.suppress(av.error.FFmpegError, OSError):
                container.close()
        there = _count(self._into) if isinstance(self._into, str) else 0
        rest = f"Of {self.frames} pictures the first {there} are there and play. " if there else ""
        return MirrorError(
            f"{self.path} {what}: {error.strerror}. {rest}Free some room, and record it again."
        )

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


def _count(path: str) -> int:
    """How many pictures of a film can be played."""
    try:
        with av.open(path) as film:
            return sum(1 for packet in film.demux(video=0) if packet.size and not packet.is_corrupt)
    except (av.error.FFmpegError, OSError, IndexError):
        return 0


def _has_encoder(name: str) -> bool:
    try:
        av.codec.Codec(name, "w")
    except UnknownCodecError:
        return False
    return True


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise MirrorError(f"--record {path} is a folder. Give the path of a .mp4 file in it.")
    try:
        if path.exists():
            path.open("ab").close()
    except OSError as error:
        raise MirrorError(f"{path} cannot be replaced: {error.strerror}. Give another file name.") from error
