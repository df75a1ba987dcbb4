"""A video file as a source, replayed at its own rate or as fast as it is asked for."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Generator
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Colorspace

from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.files import size_limits
from mirror.files.reading import check_ordinary
from mirror.files.size_limits import FILM_PIXELS, FILM_SIDE
from mirror.sources.picture_size import check_size, cover
from mirror.sources.replay_clock import Clock

# Only this very file: a play list must not make FFmpeg open others, or the network. And no larger picture
# than is allowed, where the size changes on the way too.
OPTIONS = {"protocol_whitelist": "file", "max_pixels": str(FILM_PIXELS)}
USUAL_RATE = 25.0  # where the file does not say
_log = logging.getLogger("mirror")


class VideoSource:
    """Frames of a video file (whatever FFmpeg decodes: mp4, mov, mkv, webm, avi, gif ...), upright.

    At pace "source" each frame is handed over when it is due, counted from the first `read`; a reader
    who comes late gets the frame that is due by then, and those between are counted in `dropped`. At
    pace "max" every frame comes as soon as it is asked for. A file that is damaged or cut off plays as
    far as it can be decoded, and a warning says where it ended.

    Args:
        path: the file.
        size: (width, height) of the frames: each fills it with its proportions kept, and what stands
            out is cut off evenly. None keeps the file's own.
        pace: "source" or "max".

    Raises:
        MirrorError: missing, empty, not a video, nothing in it can be decoded, impossible size or pace.

    Example:
        >>> source = VideoSource(Path("clip.mp4"), size=(1280, 720), pace="max")  # doctest: +SKIP
        >>> while (frame := source.read()) is not None:  # doctest: +SKIP
        ...     print(frame.index, frame.image.shape)
    """

    problem = None
    live = False

    def __init__(self, path: Path, size: tuple[int, int] | None = None, pace: str = "source") -> None:
        self._clock = Clock(pace)
        if size is not None:
            check_size(size)
        self._path = path
        self._container = _open(path)
        self._reading = threading.Lock()
        self._decoded = 0
        stream = self._container.streams.video[0]
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = 2
        rate = stream.average_rate or stream.guessed_rate
        self.rate = float(rate) if rate and 0 < rate <= 1000 else USUAL_RATE
        self._frames = self._decode()
        self._first_due: float | None = None
        self._last_due = 0.0
        self._pending = next(self._frames, None)
        if self._pending is None:
            self._container.close()
            raise MirrorError(
                f"{path} holds no picture that can be decoded. Give a video that plays in a video player."
            )
        picture = _upright(self._pending[1])
        self.size = size or (picture.shape[1], picture.shape[0])
        self.name = f"video {path.name}"
        self.reason = "asked for"
        self.dropped = 0

    def read(self) -> Frame | None:
        """The next frame, at its time; None at the end and after `close`."""
        with self._reading:
            return self._read()

    def _read(self) -> Frame | None:
        if self._clock.closed or self._pending is None:
            return None
        index, picture, due = self._pending
        self._pending = next(self._frames, None)
        while not self._clock.max and self._pending is not None and self._pending[2] <= self._clock.elapsed():
            self.dropped += 1
            index, picture, due = self._pending
            self._pending = next(self._frames, None)
        image = cover(_upright(picture), self.size)
        if not self._clock.wait_until(due):
            return None
        return Frame(image, index, time.monotonic())

    def close(self) -> None:
        """Closes the file; a `read` that waits returns None."""
        self._clock.close()
        with self._reading:
            self._frames.close()
            self._container.close()

    def _decode(self) -> Generator[tuple[int, av.VideoFrame, float], None, None]:
        """(number, frame, when it is due in seconds from the first), until the end or the first damage."""
        try:
            for frame in self._container.decode(video=0):
                yield self._decoded, frame, self._due(frame)
                self._decoded += 1
        except (av.error.FFmpegError, OSError) as error:
            _log.warning(
                "%s is damaged or cut off: it ends after %d frames (%s)",
                self._path,
                self._decoded,
                error.strerror,
            )

    def _due(self, frame: av.VideoFrame) -> float:
        """Due time by the file's own clock; by the frame rate where that is missing or runs backwards."""
        steady = self._last_due + (1.0 / self.rate if self._decoded else 0.0)
        if frame.time is not None:
            if self._first_due is None:
                self._first_due = frame.time
            own = frame.time - self._first_due
            # A hole of many seconds is a fault of the file: nobody wants to wait for it.
            if self._last_due <= own <= self._last_due + 5.0:
                steady = own
            else:
                self._first_due = frame.time - steady
        self._last_due = steady
        return steady


def _open(path: Path) -> av.container.InputContainer:
    try:
        size = check_ordinary(path)
    except IsADirectoryError:
        raise MirrorError(f"{path} is a folder. Give a video file or a photograph.") from None
    except OSError as error:
        raise MirrorError(f"{path} cannot be read: {error.strerror}. Give a video file.") from error
    if not size:
        raise MirrorError(f"{path} is empty (0 bytes). Give a video file.")
    try:
        container = av.open(
            str(path.resolve()), options=OPTIONS, metadata_errors="replace", timeout=size_limits.FILM_SECONDS
        )
    except (av.error.FFmpegError, OSError) as error:
        raise MirrorError(
            f"{path} is not a video that can be opened, or it is cut off ({error.strerror}). "
            "Give a video file (mp4, mov, mkv, webm, avi, gif) or a photograph (jpg, png)."
        ) from error
    if not container.streams.video:
        container.close()
        raise MirrorError(f"{path} holds no pictures, only sound or text. Give a video file.")
    context = container.streams.video[0].codec_context
    if context is None:
        container.close()
        raise MirrorError(
            f"{path} holds pictures of a kind that no decoder here knows. Save it as mp4 (H.264) first."
        )
    width, height = context.width, context.height
    if max(width, height) > FILM_SIDE or width * height > FILM_PIXELS:
        container.close()
        raise MirrorError(
            f"{path} is {width}x{height}: a film may have {FILM_SIDE} pixels a side, and "
            f"{FILM_PIXELS / 1e6:.1f} million in all. Save it smaller, as 1920x1080 for example."
        )
    return container


def _upright(frame: av.VideoFrame) -> np.ndarray:
    """RGB uint8 (H, W, 3), turned as the file says (telephones film lying down)."""
    # Where the file names no colour matrix, players take BT.709 for HD and BT.601 below it.
    matrix = frame.colorspace
    if matrix == 2:
        matrix = Colorspace.ITU709 if frame.height >= 720 else Colorspace.ITU601
    image = frame.to_ndarray(format="rgb24", src_colorspace=int(matrix))
    turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(image, turns)) if turns else image
