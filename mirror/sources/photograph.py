"""A photograph as a source: the same picture again and again, as a very patient sitter would give."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from mirror.core.frame import Frame
from mirror.files.picture_file import read_photograph
from mirror.sources.picture_size import check_size, cover
from mirror.sources.replay_clock import Clock

RATE = 30.0
LONGEST = 1920


class PhotographSource:
    """One picture, 30 times a second, without end.

    A picture longer than 1920 pixels is reduced to that; with a `size` it fills it, and what stands out
    is cut off evenly.

    Args:
        path: the picture.
        size: (width, height) of the frames; None keeps the picture's own.
        pace: "source": 30 a second, late ones are lost; "max": as fast as asked.

    Raises:
        MirrorError: the file cannot be used, the size is impossible, or there is no such pace.
    """

    rate = RATE
    problem = None

    def __init__(self, path: Path, size: tuple[int, int] | None = None, pace: str = "source") -> None:
        self._clock = Clock(pace)
        if size is not None:
            check_size(size)
        image = read_photograph(path)
        height, width = image.shape[:2]
        if size is None:
            scale = min(1.0, LONGEST / max(width, height))
            size = (round(width * scale), round(height * scale))
            if scale < 1.0:
                logging.getLogger("mirror").info("%s: %dx%d reduced to %dx%d", path, width, height, *size)
        self._image = cover(image, size)
        self._image.flags.writeable = False  # every frame is this very array
        self.name = f"photograph {path.name}"
        self.reason = "asked for"
        self.size = (self._image.shape[1], self._image.shape[0])
        self.live = not self._clock.max
        self.dropped = 0
        self._next = 0

    def read(self) -> Frame | None:
        """The picture, at its time; its array is read-only. None only after `close`."""
        index = self._clock.next_index(self._next, RATE)
        if index is None:
            return None
        self.dropped += index - self._next
        self._next = index + 1
        return Frame(self._image, index, time.monotonic())

    def close(self) -> None:
        """Ends a `read` that waits."""
        self._clock.close()
