"""Reads one picture of a data set, and knows a broken one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mirror.files.picture_file import UndecodableError, decode
from mirror.files.reading import read_ordinary
from mirror.files.size_limits import PICTURE_BYTES


def read_picture(path: Path) -> np.ndarray | str:
    """A picture, uint8 RGB (H, W, 3), turned as its EXIF says; or in a few words why it cannot be read."""
    try:
        return decode(read_ordinary(path, PICTURE_BYTES))
    except FileNotFoundError:
        return "no such file"
    except OSError as error:
        return error.strerror or "cannot be opened"
    except UndecodableError as error:
        return str(error)
