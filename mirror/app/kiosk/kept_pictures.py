"""Kept: the pictures that visitors asked for. Where they lie, until when, and that they end by themselves."""

from __future__ import annotations

import contextlib
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import numpy as np

from mirror.app.background_jobs import Errands
from mirror.core.erase import blacken
from mirror.core.errors import MirrorError
from mirror.files.picture_file import read_photograph

log = logging.getLogger("mirror.app.kiosk")

# A folder of the kiosk's own within the pictures folder: what else lies there is not the kiosk's to delete.
FOLDER = "kiosk"
EVERY = 60.0  # seconds between two looks for pictures whose time is over
DAY = 86400.0  # seconds
# As `mirror.files.picture_saver` names what it saves, and what a kill leaves of one that was being written.
_PICTURE = re.compile(r"\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d( \(\d+\))?\.png")
_PART = re.compile(r"\.hair-mirror-[0-9a-f]{12}\.part")
_WRITING = 60.0  # seconds after which nobody is still writing it


class Kept:
    """The folder of the kept pictures. What touches the disk is done by a thread of its own.

    Args:
        folder: of the kiosk alone; need not exist.
        days: after which a picture is deleted.
        clock: seconds since 1970, as files are dated.

    Attributes:
        folder, days: as given.
        stuck: whether the last picture that was to be deleted could not be.

    Example:
        kept = Kept(Path("~/Pictures/Hair Mirror/kiosk").expanduser(), 1)
        kept.tend(now)                   # once a round: deletes what is over
        kept.open(path)                  # `picture` shows it soon
        kept.delete([path])              # `there` says soon that it is gone
    """

    def __init__(self, folder: Path, days: int, *, clock: Callable[[], float] = time.time) -> None:
        self.folder, self.days = folder, days
        self.stuck = False
        self._clock = clock
        self._errands, self._lock = Errands(), threading.Lock()
        self._tended: float | None = None
        self._gone: set[Path] = set()
        self._until: dict[Path, datetime] = {}
        self._open: tuple[Path, np.ndarray | None] | None = None

    @property
    def place(self) -> str:
        """Where they lie, as a visitor reads it: the last two names of the folder."""
        return "/".join(self.folder.parts[-2:])

    @property
    def busy(self) -> bool:
        """Whether something is being deleted or read."""
        return self._errands.busy

    def tend(self, now: float) -> None:
        """Has what is over deleted, at once and then every minute; `now` in seconds of the kiosk's clock."""
        if self._errands.busy or (self._tended is not None and 0 <= now - self._tended < EVERY):
            return
        self._tended = now
        self._errands.send(self.sweep)

    def sweep(self) -> int:
        """Deletes what is over; how many that were. What cannot be deleted is tried again, and logged."""
        try:
            found = list(self.folder.iterdir())
        except OSError:  # nothing was ever kept, or the disk is away
            return 0
        lasting = [(_PICTURE, self.days * DAY), (_PART, _WRITING)]
        over = [
            path
            for path in found
            for name, seconds in lasting
            if name.fullmatch(path.name) and self._is_older(path, seconds)
        ]
        return sum(self._end(path) for path in over)

    def there(self, paths: Iterable[Path]) -> list[Path]:
        """Those of a visitor's pictures that are still kept."""
        return [path for path in paths if path not in self._gone]

    def until(self, path: Path) -> datetime:
        """When a picture is deleted, in local time."""
        if path not in self._until:
            with contextlib.suppress(OSError):
                self._until[path] = datetime.fromtimestamp(path.stat().st_mtime + self.days * DAY)
        return self._until.get(path) or datetime.fromtimestamp(self._clock() + self.days * DAY)

    def delete(self, paths: Iterable[Path]) -> None:
        """Has pictures deleted now."""
        self.stuck = False
        for path in list(paths):
            self._errands.send(lambda path=path: self._delete(path))  # type: ignore[misc]

    def open(self, path: Path) -> None:
        """Has a picture read from the disk, to be looked at."""
        self.close()
        with self._lock:
            self._open = path, None
        self._errands.send(lambda: self._read(path))

    def picture(self, path: Path) -> np.ndarray | None:
        """The opened picture, uint8 (H, W, 3) RGB; None while it is read, or where it cannot be."""
        opened = self._open
        return opened[1] if opened is not None and opened[0] == path else None

    def close(self) -> None:
        """Wipes from memory what was looked at."""
        with self._lock:
            opened, self._open = self._open, None
        blacken(opened)

    def forget(self) -> None:
        """Another visitor: which pictures were there is forgotten."""
        self.close()
        self.stuck = False
        self._gone, self._until = set(), {}

    def _is_older(self, path: Path, seconds: float) -> bool:
        try:
            age = self._clock() - path.lstat().st_mtime
        except OSError:
            return False
        # One that is as far in the future was dated by a wrong clock: nobody can tell how old it is.
        return abs(age) >= seconds

    def _end(self, path: Path) -> bool:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            log.error("The kept picture %s cannot be deleted: %s. Delete it by hand.", path, error.strerror)
            return False
        log.info("Deleted: %s", path.name)
        return True

    def _delete(self, path: Path) -> None:
        if self._end(path):
            self._gone.add(path)
        else:
            self.stuck = True

    def _read(self, path: Path) -> None:
        image: np.ndarray | None = None
        try:
            image = read_photograph(path)
        except MirrorError as error:
            log.warning("%s", error)
            self._gone.add(path)  # somebody else deleted it
        with self._lock:
            wanted = self._open is not None and self._open[0] == path
            if wanted:
                self._open = path, image
        if not wanted:  # nobody looks any more
            blacken(image)
