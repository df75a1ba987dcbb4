"""Pictures: a prepared data set by number, a folder of photographs or of shards."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Protocol

import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.head_space import VERSION
from mirror.files.picture_file import KINDS, READABLE, read_photograph
from mirror.files.reading import check_ordinary, read_ordinary
from mirror.files.size_limits import JSON_BYTES


class Pictures(Protocol):
    """Pictures by number, read when asked for."""

    def __len__(self) -> int: ...

    def name(self, number: int) -> str:
        """What the person knows it by."""

    def read(self, number: int) -> np.ndarray:
        """uint8 (H, W, 3) RGB. Raises MirrorError where it cannot be read."""


class Photographs:
    """A folder of photographs, those in folders within it too, in the order of their names."""

    def __init__(self, folder: Path, paths: list[Path]) -> None:
        self._folder, self._paths = folder, paths

    def __len__(self) -> int:
        return len(self._paths)

    def name(self, number: int) -> str:
        return str(self._paths[number].relative_to(self._folder))

    def read(self, number: int) -> np.ndarray:
        return read_photograph(self._paths[number])


class Shards:
    """What `python -m train prepare` wrote: aligned heads, mapped into memory, never read as a whole."""

    def __init__(self, folders: list[Path]) -> None:
        self._arrays: list[np.ndarray] = []
        self._names: list[str] = []
        self._where: list[tuple[int, int]] = []
        for folder in folders:
            images, names = _open_shard(folder)
            self._where += [(len(self._arrays), row) for row in range(len(names))]
            self._arrays.append(images)
            self._names += names

    def __len__(self) -> int:
        return len(self._names)

    def name(self, number: int) -> str:
        return self._names[number]

    def read(self, number: int) -> np.ndarray:
        shard, row = self._where[number]
        return np.array(self._arrays[shard][row])


def open_pictures(folder: Path) -> Pictures:
    """The data set in a folder.

    Raises:
        MirrorError: no such folder, nothing in it that can be shown, or a damaged shard.

    Example:
        >>> len(open_pictures(Path("photographs")))  # doctest: +SKIP
        120
    """
    if not os.path.isdir(folder):
        raise MirrorError(f"--lab-data {folder}: there is no such folder. Give a folder of photographs.")
    try:
        shards = sorted(folder.glob("[0-9]*/shard.json"))
        if shards:
            found: Pictures = Shards([record.parent for record in shards])
        else:
            paths = [path for path in folder.rglob("*") if path.suffix.lower() in READABLE]
            found = Photographs(folder, sorted(path for path in paths if path.is_file()))
    except OSError as error:
        raise MirrorError(f"--lab-data {folder} cannot be read: {error.strerror}.") from None
    if not len(found):
        raise MirrorError(f"--lab-data {folder} holds no picture. Give a folder of photographs: {KINDS}.")
    return found


def _open_shard(folder: Path) -> tuple[np.ndarray, list[str]]:
    try:
        record = json.loads(read_ordinary(folder / "shard.json", JSON_BYTES))
        names, version = record["files"], record["headspace"]
        check_ordinary(folder / "image.npy")
        images = np.load(folder / "image.npy", mmap_mode="r") if names else None
    except (OSError, EOFError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise MirrorError(f"The shard {folder} is damaged ({error}). Delete it and prepare again.") from None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise MirrorError(f"The shard {folder} does not name its pictures. Delete it and prepare again.")
    if record.get("kind", "heads") == "heads" and version != VERSION:
        raise MirrorError(
            f"The shard {folder} was prepared for head space {version}, this is {VERSION}. Prepare it again."
        )
    if images is None:
        return np.zeros((0, 1, 1, 3), np.uint8), []
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] != 3 or len(images) != len(names):
        raise MirrorError(f"The shard {folder} is incomplete. Delete it and prepare again.")
    return images, names
