"""Source: where the pictures come from."""

from __future__ import annotations

from typing import Protocol

from mirror.core.frame import Frame


class Source(Protocol):
    """A camera, a video file, a photograph or the demo. One reader at a time.

    `read` may be called in a thread of its own; `close` and the attributes may be used from any other
    thread meanwhile.

    Attributes:
        name: for people, for example "camera 0 (Logitech C920)" or "demo (no camera found)".
        reason: why this source was taken, one line.
        size: (width, height) in pixels of every frame it hands over.
        rate: frames a second it means to give.
        live: it runs on whether anybody reads or not (a camera, and the demo or a photograph at pace
            "source"): the frames nobody fetched in time are lost. False: a file that is replayed, or
            pace "max".
        dropped: frames that were produced and, because nobody fetched them in time, never handed over.
        problem: what is wrong just now, one line for people ("camera 0 vanished, trying again in 2 s");
            None when all is well.

    Example:
        >>> from mirror.sources import open_source
        >>> source = open_source("demo", pace="max")
        >>> source.read().image.shape
        (720, 1280, 3)
        >>> source.close()
    """

    reason: str
    size: tuple[int, int]
    rate: float
    live: bool
    dropped: int

    @property
    def name(self) -> str:
        """What it is, for people."""

    @property
    def problem(self) -> str | None:
        """What is wrong just now, or None."""

    def read(self) -> Frame | None:
        """Waits for the next picture: RGB uint8 of `size`. None at the end of a file, and after `close`.

        `Frame.index` counts what the source produced: a gap is a dropped frame.
        """

    def close(self) -> None:
        """Gives the device or file back; a `read` that waits returns None promptly. May be repeated."""
