"""Half-written files: each is called `.hair-mirror-....part` until it is whole; what a kill left is swept.

A part may hold a whole photograph. While a program writes one it holds a lock on it (on Windows nobody can
remove a file that is open), so that a second program which starts meanwhile leaves it alone.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_NAME = re.compile(r"\.hair-mirror-[0-9a-f]{12}\.part")


def new_name(folder: Path) -> Path:
    """A name for a part in a folder."""
    return folder / f".hair-mirror-{secrets.token_hex(6)}.part"


@contextlib.contextmanager
def written(folder: Path, data: bytes | memoryview) -> Iterator[Path]:
    """A part that holds `data`, on the disk, to be given its name in the block; gone after it.

    Raises:
        OSError: it cannot be written. Nothing half written stays behind.
    """
    part = new_name(folder)
    try:
        with part.open("xb") as file:
            if fcntl is not None:
                with contextlib.suppress(OSError):  # some network drives know no locks
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # a full disk may only be noticed here
        yield part
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def replace_whole(path: Path, data: bytes | memoryview) -> None:
    """Writes a file so that no reader ever sees half of it; missing folders are made.

    The rights of a file that is replaced are kept.

    Raises:
        OSError: it cannot be written. The old file, if there was one, is still there then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with written(path.parent, data) as part:
        if path.exists():
            shutil.copymode(path, part)
        os.replace(part, path)


def sweep(folders: Iterable[Path]) -> int:
    """Removes what killed programs left half written in folders, there or not. Returns how many."""
    count = 0
    for folder in set(folders):
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            ours = [e for e in entries if _NAME.fullmatch(e.name) and e.is_file(follow_symlinks=False)]
            count += sum(_removed(Path(entry.path)) for entry in ours)
    return count


def _removed(part: Path) -> bool:
    try:
        if fcntl is not None:
            with part.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held where it is being written
        part.unlink()
    except OSError:
        return False
    return True
