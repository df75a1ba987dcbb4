"""What the program reads of others: ordinary files only, and never more than a stated number of bytes.

A named pipe or a terminal would hold the program up for ever, a device may never end, and a file of 1 TB that
is nothing but a hole would be read into memory.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from mirror.files.size_limits import spoken

_PART = 1 << 20  # bytes that are read at once


class UnfitFileError(OSError):
    """A file that is not read; `strerror` says in words why, as for every other OSError."""


def check_ordinary(path: Path, most: int | None = None) -> int:
    """Makes sure that a path leads to an ordinary file, without opening it.

    Args:
        most: bytes that it may have; None: any number.

    Returns:
        How many bytes it has.

    Raises:
        OSError: it is missing, a folder, a pipe or a device, or too large; `strerror` says which.
    """
    return _check(os.stat(path), path, most)


def open_ordinary(path: Path, most: int | None = None) -> BinaryIO:
    """Opens an ordinary file, to be read.

    Raises:
        OSError: as `check_ordinary`, or it cannot be read.
    """
    check_ordinary(path, most)
    # It may have become a pipe since: opening one waits for its other end, unless told not to.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = open(os.open(path, flags), "rb")  # noqa: SIM115
    try:
        _check(os.fstat(file.fileno()), path, most)
    except OSError:
        file.close()
        raise
    return file


def read_ordinary(path: Path, most: int) -> bytes:
    """The bytes of an ordinary file of at most `most` bytes.

    Raises:
        OSError: as `check_ordinary`, or it cannot be read.
    """
    with open_ordinary(path, most) as file:
        # Bit by bit: asked for so many at once, Python first takes memory for all of them.
        parts, count = [], 0
        while part := file.read(_PART):
            parts.append(part)
            count += len(part)
            if count > most:  # it grew, or is of a kind that says 0 bytes
                raise _too_large(path, most)
    return b"".join(parts)


def _check(said: os.stat_result, path: Path, most: int | None) -> int:
    if stat.S_ISDIR(said.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(said.st_mode):
        raise UnfitFileError(errno.EINVAL, "it is not an ordinary file", str(path))
    if most is not None and said.st_size > most:
        raise _too_large(path, most)
    return said.st_size


def _too_large(path: Path, most: int) -> UnfitFileError:
    return UnfitFileError(errno.EFBIG, f"it is larger than {spoken(most)}, the most that is read", str(path))
