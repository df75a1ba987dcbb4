"""A part of a file: where it lies, and the SHA-256 that it must have whenever it is read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from mirror.files.reading import UnfitFileError, open_ordinary


@dataclass(frozen=True, slots=True)
class FilePart:
    """One.

    Attributes:
        path: of the file.
        offset, size: bytes. sha256: hex, small letters.
    """

    path: Path
    offset: int
    size: int
    sha256: str

    def read(self) -> bytes:
        """Its bytes, which nobody changed since the part was named.

        Raises:
            OSError: the file is gone, no ordinary one, too short, or holds something else there by now.
        """
        with open_ordinary(self.path) as file:
            file.seek(self.offset)
            data = file.read(self.size)
        if len(data) < self.size:
            raise UnfitFileError(0, "it is cut short", str(self.path))
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise UnfitFileError(0, "it was changed", str(self.path))
        return data
