"""Where the program writes: looked at before a run starts, and written whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from mirror.core.errors import MirrorError
from mirror.files.partial_files import new_name, replace_whole


def check_file(path: Path, label: str) -> None:
    """Makes sure that a file can be written, and leaves everything as it was.

    Missing parent folders are made and removed again: only that shows whether they can be made (a
    read-only disk, a name that is too long and a missing right all look alike from outside).

    Args:
        path: the file; it may exist (it is not touched) or not.
        label: what the person wrote, for the message, for example "--report out.json".

    Raises:
        MirrorError: it is a folder or a device, or it or its folder cannot be written.
    """
    real = real_path(path, label)
    if os.path.isdir(real):
        raise MirrorError(f"{label}: this is a folder. Give the path of a file.")
    if os.path.lexists(real):
        if not os.path.isfile(real):
            raise MirrorError(f"{label}: this is no ordinary file. Give the path of a file.")
        try:
            os.close(os.open(real, os.O_WRONLY))
        except OSError as error:
            raise _refused(label, "this file", error) from None
    _probe(real.parent, None if os.path.lexists(real) else real.name, label)


def check_folder(path: Path, label: str) -> None:
    """Makes sure that files can be written into a folder, as `check_file` does for one file."""
    if os.path.lexists(path) and not os.path.isdir(path):
        raise MirrorError(f"{label}: this is a file. Give the path of a folder.")
    _probe(real_path(path, label), None, label)


def write_whole(path: Path, text: str, label: str) -> None:
    """Writes a text file so that no reader ever sees half of it; missing folders are made.

    A symbolic link is followed, and the rights of a file that is replaced are kept.

    Args:
        path: the file.
        text: what goes in; UTF-8, line ends as they are.
        label: what to call the file in an error, for example "--report out.json".

    Raises:
        MirrorError: it cannot be written. The old file, if there was one, is still there then.
    """
    real = real_path(path, label)
    if os.path.lexists(real) and not os.path.isfile(real):
        raise MirrorError(f"{label}: this is no ordinary file. Give the path of a file.")
    try:
        replace_whole(real, text.encode("utf-8"))
    except OSError as error:
        raise _refused(label, "this file", error) from None
    except UnicodeEncodeError:
        raise MirrorError(f"{label}: it holds a name that is not valid text. Rename that file.") from None


def real_path(path: Path, label: str) -> Path:
    """Where a path leads, links followed; it need not exist.

    Raises:
        MirrorError: a link on the way may not be read.
    """
    try:
        return Path(os.path.realpath(path))
    except OSError as error:
        raise _refused(label, "this path", error) from None


def _probe(folder: Path, name: str | None, label: str) -> None:
    """Makes `folder` and a file in it (called `name`, or anything), and takes both away again."""
    missing: list[Path] = []
    above = folder
    while not os.path.lexists(above) and above != above.parent:
        missing.append(above)
        above = above.parent
    trial = new_name(folder) if name is None else folder / name
    made: list[Path] = []
    try:
        for part in reversed(missing):
            os.mkdir(part)
            made.append(part)
        os.close(os.open(trial, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        os.unlink(trial)
    except OSError as error:
        raise _refused(label, f"the folder {folder}", error) from None
    finally:
        for part in reversed(made):
            with contextlib.suppress(OSError):
                os.rmdir(part)


def _refused(label: str, what: str, error: OSError) -> MirrorError:
    reason = error.strerror or type(error).__name__
    return MirrorError(f"{label}: {what} cannot be written ({reason}). Give a path that you may write.")
