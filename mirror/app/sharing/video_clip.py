"""A clip: the next seconds of the live picture as an .mp4 in memory, encoded in a thread of its own.

The file is made in memory and handed over whole, so a full disk costs no clip and leaves no half of one.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import queue
import sys
import threading

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.files.video_writer import VideoRecorder

SECONDS = 6.0
# Pictures that may wait for the encoder. More are lost: the mirror itself goes before its film.
BACKLOG = 6
NICE = 10
log = logging.getLogger("mirror")


def stamp(image: np.ndarray, mark: np.ndarray, mirrored: bool = False) -> np.ndarray:
    """A copy of a picture with a mark at its lower left corner.

    Args:
        image: uint8 (H, W, 3) RGB.
        mark: uint8 (h, w, 4) RGBA, drawn over it; cut where it is larger than the picture.
        mirrored: the picture is turned round first; the mark never is.
    """
    out = cv2.flip(image, 1) if mirrored else image.copy()
    height, width = out.shape[:2]
    inset = max(0, min(mark.shape[0] // 3, height - mark.shape[0], width - mark.shape[1]))
    mark = mark[-height:, :width]
    bottom = height - inset
    part = out[bottom - mark.shape[0] : bottom, inset : inset + mark.shape[1]]
    share = mark[..., 3:].astype(np.float32) / 255
    part[...] = np.rint(part * (1 - share) + mark[..., :3] * share)
    return out


class Clip:
    """One clip in the making.

    Args:
        size: (width, height) of every picture, pixels.
        rate: pictures a second that are to be expected.
        mark: uint8 (h, w, 4) RGBA, on every picture.
        until: when it ends, in seconds of the pictures' clock, which `add` and `left` are told.

    Attributes:
        mark: as given; another one counts for the pictures that are added from then on.
        lost: pictures that the encoder had no time for.
        problem: why it cannot be encoded, or None.

    Example:
        >>> clip = Clip((640, 480), 30, np.zeros((40, 120, 4), np.uint8), until=6.0)
        >>> for n in range(30):
        ...     clip.add(np.zeros((480, 640, 3), np.uint8), n / 30)
        >>> film = clip.file()
    """

    def __init__(self, size: tuple[int, int], rate: float, mark: np.ndarray, until: float) -> None:
        self._size, self.mark, self._until = size, mark, until
        self._file = io.BytesIO()
        self._recorder = VideoRecorder(self._file, size, rate)
        self._pictures: queue.Queue[tuple[np.ndarray, float, bool, np.ndarray] | None] = queue.Queue()
        self._forgotten = self._ended = False
        self.lost = 0
        self.problem: str | None = None
        self._thread = threading.Thread(target=self._run, name="clip", daemon=True)
        self._thread.start()

    def add(self, image: np.ndarray, at: float, mirrored: bool = False) -> None:
        """Hands a picture over, uint8 (H, W, 3) RGB; it must not be written to afterwards. Never waits."""
        if self._ended or image.shape[1::-1] != self._size:
            return
        if self._pictures.qsize() >= BACKLOG:
            self.lost += 1
            return
        self._pictures.put((image, at, mirrored, self.mark))

    def left(self, now: float) -> float:
        """Seconds until it ends; 0 when it is over."""
        return 0.0 if self._ended else max(0.0, self._until - now)

    def end(self) -> None:
        """Takes no more pictures; the file is finished soon, see `file`."""
        if not self._ended:
            self._ended = True
            self._pictures.put(None)

    @property
    def done(self) -> bool:
        """Ended, and everything encoded."""
        return self._ended and not self._thread.is_alive()

    def file(self, timeout: float | None = None) -> np.ndarray | None:
        """Ends it, waits, and gives the .mp4: uint8 (N,), writable; None where there is nothing to keep."""
        self.end()
        self._thread.join(timeout)
        if self._thread.is_alive() or self._forgotten or self.problem or not self._recorder.frames:
            return None
        return np.frombuffer(self._file.getbuffer(), np.uint8)

    def forget(self) -> None:
        """Ends it and wipes what was encoded."""
        self._forgotten = True
        self.end()
        if not self._thread.is_alive():
            self._wipe()

    def _run(self) -> None:
        if sys.platform == "linux":  # where a thread can be nice by itself; the encoder's own take after it
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        try:
            with self._recorder:
                while (item := self._pictures.get()) is not None:
                    if not self._forgotten:
                        image, at, mirrored, mark = item
                        self._recorder.write(stamp(image, mark, mirrored), at)
        except MirrorError as error:
            self.problem = str(error)
            log.warning("%s", self.problem)
        if self._forgotten:
            self._wipe()

    def _wipe(self) -> None:
        with self._file.getbuffer() as memory:
            memory[:] = bytes(memory.nbytes)
