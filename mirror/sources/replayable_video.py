"""Encore: a film that stays on its last picture when it has ended, until it is asked to play again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.sources.replay_clock import Clock
from mirror.sources.video import VideoSource


class Encore:
    """A film, then its last picture again and again as a photograph's; as the protocol `Source` says.

    Args:
        open_film: opens the film; again for each time that it is played.
        pace: "source" or "max": of the picture that stays.

    Attributes:
        ended: it stays on its last picture now.

    Raises:
        MirrorError: the film cannot be opened.

    Example:
        >>> source = Encore(lambda: VideoSource(Path("clip.mp4")))  # doctest: +SKIP
        >>> source.again() if source.ended else None  # doctest: +SKIP
    """

    live = False

    def __init__(self, open_film: Callable[[], VideoSource], pace: str = "source") -> None:
        self._open, self._pace = open_film, pace
        self._film = open_film()
        self.name, self.reason = self._film.name, self._film.reason
        self.size, self.rate = self._film.size, self._film.rate
        self.problem: str | None = None
        self.dropped = self._before = 0  # frames; by those that were played already
        self._shift = 0  # of the film's own numbers: they begin anew each time
        self._last: Frame | None = None
        self._still: Clock | None = None  # while it stays
        self._turn = 0  # of the pictures it stays on
        self._again, self._closed = threading.Event(), threading.Event()
        self._lock = threading.Lock()

    @property
    def ended(self) -> bool:
        """Whether it stays on its last picture now."""
        return self._still is not None and not self._again.is_set()

    def again(self) -> None:
        """Has a film that has ended played once more."""
        if self._still is not None:
            self._again.set()

    def read(self) -> Frame | None:
        """The film's next frame, or its last one again at the film's rate. None only after `close`."""
        if self._again.is_set():
            self._begin_again()
        if self._still is None:
            frame = self._film.read()
            self.dropped = self._before + self._film.dropped
            if frame is not None:
                self._last = Frame(frame.image, self._shift + frame.index, frame.captured_at)
                return self._last
            self._still, self._turn = Clock(self._pace), 0
        if self._last is None or self._closed.is_set():
            return None
        turn = self._still.next_index(self._turn, self.rate)
        if turn is None:
            return None
        self._turn = turn + 1
        # Nothing is lost by a picture that is the same: it is numbered on without a gap.
        self._last = Frame(self._last.image, self._last.index + 1, time.monotonic())
        return self._last

    def close(self) -> None:
        """Closes the file; a `read` that waits returns None. May be repeated."""
        self._closed.set()
        with self._lock:
            self._film.close()
            if self._still is not None:
                self._still.close()

    def _begin_again(self) -> None:
        self._again.clear()
        try:
            film = self._open()
        except MirrorError as error:  # it was moved away meanwhile
            self.problem = str(error)
            return
        with self._lock:
            if self._closed.is_set():
                film.close()
                return
            self._before = self.dropped
            self._film.close()
            self._film, self._still, self.problem = film, None, None
        self._shift = self._last.index + 1 if self._last is not None else 0
