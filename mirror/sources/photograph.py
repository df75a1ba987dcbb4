"""A photograph as a source: the same picture again and again, as a very patient sitter would give."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import cv2
import numpy as np

from mirror.errors import MirrorError
from mirror.frame import Frame
from mirror.sources.clock import Clock
from mirror.sources.fit import SMALLEST, check_size, cover

RATE = 30.0
LONGEST = 1920
READABLE = (".jpg", ".jpeg", ".jfif", ".png", ".bmp", ".webp", ".tif", ".tiff", ".jp2", ".ppm")
# Pictures people have that OpenCV's wheels do not read.
UNREADABLE = (".heic", ".heif", ".avif", ".jxl", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".psd", ".svg")


def read_photograph(path: Path) -> np.ndarray:
    """A picture file as RGB uint8 (H, W, 3), turned upright as its EXIF says, transparency left out.

    Raises:
        MirrorError: missing, empty, of a kind that is not read, damaged, or too small.
    """
    kinds = ", ".join(ending.lstrip(".") for ending in READABLE)
    if path.suffix.lower() in UNREADABLE:
        raise MirrorError(
            f"{path} is a kind of picture that is not read here ({path.suffix[1:].lower()}). "
            f"Save it as JPEG or PNG; read are: {kinds}."
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MirrorError(f"{path} cannot be read: {error.strerror}. Give a photograph.") from error
    if not data:
        raise MirrorError(f"{path} is empty (0 bytes). Give a photograph: {kinds}.")
    try:
        bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:  # what OpenCV says of a picture of 30000 x 40000 pixels
        bgr = None
    if bgr is None:
        raise MirrorError(f"{path} is not a picture that can be decoded. Give a photograph: {kinds}.")
    height, width = bgr.shape[:2]
    if min(width, height) < SMALLEST:
        raise MirrorError(
            f"{path} is only {width}x{height} pixels. Give one that shows a face, "
            f"{SMALLEST}x{SMALLEST} or larger."
        )
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


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
