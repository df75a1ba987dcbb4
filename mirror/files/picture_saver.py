"""Pictures to keep: written whole by a thread of their own, or held in memory until they can be.

The folder may be gone, the disk full. A picture is of a moment that does not come back, so it waits here, is
tried again every few seconds, and goes when it is saved or when the person lets it go.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.files.partial_files import written
from mirror.translation.message import Message, Said

MOST = 6  # pictures in hand, those in the making included: a clip is some 10 MB
RETRY_SECONDS = 5.0
LAST_SECONDS = 5.0  # that leaving waits for a slow disk

Write = Callable[[Path, str, str, np.ndarray], Path]
log = logging.getLogger("mirror")

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) if hasattr(errno, "EDQUOT") else (errno.ENOSPC, errno.EFBIG)
_REASONS = {
    **dict.fromkeys(_FULL, Message("the disk is full")),
    **dict.fromkeys((errno.EACCES, errno.EPERM), Message("this user may not write there")),
    errno.EROFS: Message("the disk is read-only"),
    **dict.fromkeys(
        (errno.ENOENT, errno.ENOTDIR, errno.EEXIST), Message("the pictures folder cannot be made")
    ),
    errno.EIO: Message("the disk does not answer"),
}


def why(error: OSError) -> str:
    """What went wrong, as a person would say it.

    Example:
        >>> why(OSError(errno.ENOSPC, "No space left on device"))
        'the disk is full'
    """
    return _REASONS.get(error.errno or 0, str(error.strerror or error).lower())


def write_new(folder: Path, stem: str, ending: str, data: np.ndarray) -> Path:
    """Writes a new file, whole or not at all; it never replaces one, but takes the next free number.

    Args:
        folder: made if it is missing.
        stem, ending: "2026-03-01 14.05.09" and ".png"; a second such file is called "... (2).png".
        data: uint8 (N,), the file.

    Raises:
        OSError: it cannot be written. Nothing half written stays behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with written(folder, data.data) as part:
        for number in range(1, 10_000):
            path = folder / (f"{stem}{ending}" if number == 1 else f"{stem} ({number}){ending}")
            if _named(part, path):
                return path
    raise OSError(f"10000 files named {stem} are there already")


def encode_png(image: np.ndarray) -> np.ndarray:
    """A uint8 (H, W, 3) RGB picture as a PNG file, uint8 (N,). Raises MirrorError where that fails."""
    good, data = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    if not good:
        raise MirrorError(f"A picture of shape {image.shape} cannot be written as PNG.")
    return data.reshape(-1)


@dataclass(slots=True, eq=False)
class _Picture:
    """One in hand. `content` is the file, uint8 (N,), or the uint8 (H, W, 3) picture still to be encoded."""

    content: np.ndarray
    stem: str
    ending: str
    saved: Callable[[Path], None] | None = None
    failed: bool = False
    gone: bool = False

    def wipe(self) -> None:
        self.content.fill(0)
        self.gone = True


class Pictures:
    """Keeps pictures in a folder; those that cannot be written wait in memory.

    All methods return at once: a slow disk never holds up the mirror.

    Args:
        folder: where they go.
        write, clock: for tests.

    Attributes:
        reason: why the last one could not be written, as `why` says it; "" after one that could.

    Example:
        >>> pictures = Pictures(Path("/tmp/mirror"))
        >>> pictures.keep(np.zeros((720, 1280, 3), np.uint8))
        True
        >>> pictures.close()
        0
    """

    def __init__(
        self, folder: Path, *, write: Write = write_new, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.folder, self.reason = folder, ""
        self._write, self._clock = write, clock
        self._changed = threading.Condition()
        self._held: list[_Picture] = []
        self._busy: _Picture | None = None
        self._told: list[str] = []
        self._saved: list[Path] = []
        self._again = 0.0  # when the waiting ones are tried again
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """Pictures that could not be saved so far."""
        with self._changed:
            return sum(one.failed for one in self._held)

    @property
    def full(self) -> bool:
        """Whether no more are taken."""
        with self._changed:
            return len(self._held) >= MOST

    def keep(
        self,
        content: np.ndarray,
        *,
        ending: str = ".png",
        when: datetime | None = None,
        saved: Callable[[Path], None] | None = None,
    ) -> bool:
        """Takes a picture over; it is saved soon.

        Args:
            content: uint8 (H, W, 3) RGB, which becomes a PNG, or uint8 (N,), a whole file. It is the keeper's
                from now on, and is wiped after use: it must be writable and not be shown on.
            ending: of the file.
            when: the moment in its name; now unless given.
            saved: called with the file once it is written, in the thread that writes.

        Returns:
            False, and nothing is taken, where `MOST` are in hand already.
        """
        stem = f"{when or datetime.now():%Y-%m-%d %H.%M.%S}"
        with self._changed:
            if len(self._held) >= MOST or self._closed:
                return False
            self._held.append(_Picture(content, stem, ending, saved))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="pictures", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return True

    @property
    def saved(self) -> tuple[Path, ...]:
        """The files that were written so far, in order."""
        with self._changed:
            return tuple(self._saved)

    def told(self) -> str | None:
        """What there is to say since the last call: where a picture was saved."""
        with self._changed:
            words, self._told = self._told[-1:], []
        return words[0] if words else None

    def try_again(self) -> None:
        """Tries the waiting ones now."""
        with self._changed:
            self._again = -1.0
            self._changed.notify_all()

    def let_go(self) -> None:
        """Gives up the one that waits longest, and wipes it from memory."""
        with self._changed:
            first = next((one for one in self._held if one.failed), None)
            if first is not None:
                self._drop(first)

    def forget(self) -> None:
        """Gives up all that is not saved yet and wipes it; of one just being written no file stays either."""
        with self._changed:
            for one in list(self._held):
                self._drop(one)
            self._told, self.reason = [], ""

    def close(self) -> int:
        """Tries everything a last time, then wipes what is left; how many were lost. On any thread."""
        with self._changed:
            self._closed, self._again = True, -1.0
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(LAST_SECONDS)
        lost = len(self._held)
        if lost:
            log.warning("%s could not be saved in %s (%s).", _counted(lost), self.folder, self.reason)
        self.forget()
        return lost

    def _drop(self, one: _Picture) -> None:
        """Out of hand and out of memory; one that is being written is wiped when that is over."""
        with contextlib.suppress(ValueError):
            self._held.remove(one)
        one.gone = True
        if one is not self._busy:
            one.wipe()

    def _run(self) -> None:
        while True:
            with self._changed:
                if not (todo := self._todo()):
                    if self._closed:
                        return
                    self._changed.wait(0.25 if self._held else None)
                    continue
            for one in todo:
                self._save(one)

    def _todo(self) -> list[_Picture]:
        now = self._clock()
        again = now >= self._again
        todo = [one for one in self._held if again or not one.failed]
        if again:
            self._again = now + RETRY_SECONDS if not self._closed else float("inf")
        return todo

    def _save(self, one: _Picture) -> None:
        with self._changed:
            if one.gone:
                return
            self._busy = one
        reason, path = "", None
        try:
            if one.content.ndim == 3:
                image, one.content = one.content, encode_png(one.content)
                image.fill(0)
            path = self._write(self.folder, one.stem, one.ending, one.content)
            log.info("Saved to %s", path)
        except OSError as error:
            reason = why(error)
            if reason != self.reason:
                log.warning("Nothing can be saved in %s: %s.", self.folder, reason)
        except MirrorError as error:
            reason = str(error)
        with self._changed:
            self._busy = None
            if one.gone:
                if path is not None:  # given up while it was written: what was said of it must be true
                    with contextlib.suppress(OSError):
                        path.unlink()
                one.wipe()
                return
            self.reason = reason
            one.failed = bool(reason)
            if path is not None:
                self._drop(one)
                if one.saved is not None:
                    one.saved(path)
                self._saved.append(path)
                self._told.append(Message("Saved to {path}", path=Said(path)))
            else:
                self._again = self._clock() + RETRY_SECONDS if not self._closed else float("inf")


def _counted(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"


def _named(part: Path, path: Path) -> bool:
    """Gives a finished file its name; False where a file has that name already."""
    try:
        os.link(part, path)  # unlike renaming, this never replaces a file
    except FileExistsError:
        return False
    except (OSError, NotImplementedError):  # FAT and some network drives have no hard links
        if os.path.lexists(path):
            return False
        os.rename(part, path)
    return True
