"""Keeping what was shown as pictures: a folder of PNG frames, or pairs for measuring."""

from __future__ import annotations

import contextlib
import logging
import tempfile
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from mirror.core.errors import MirrorError

T = TypeVar("T")
_log = logging.getLogger("mirror")


class Closes:
    """Leaving the `with` block closes the recorder, come what may.

    Attributes:
        finished: something is kept, and all that was written is in it. Known once it is closed.
    """

    finished = False

    def close(self) -> None:
        """Finishes what is kept. May be repeated. Raises MirrorError where that fails."""

    def __enter__(self: T) -> T:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            self.close()
        except MirrorError as lost:
            if error is None:
                raise
            _log.warning("%s", lost)  # what ended the block is what has to be told


class FolderRecorder(Closes):
    """A folder of lossless PNG frames: 000000.png, 000001.png, ...

    Args:
        folder: made if it is missing. Frames of an earlier run in it are replaced number by number, and
            a warning says that they are there.

    Raises:
        MirrorError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.frames = 0
        self._whole = False
        check_folder(folder)
        _warn_of_earlier(folder)

    def write(self, image: np.ndarray, at: float | None = None) -> None:
        """Keeps one RGB uint8 (H, W, 3) picture; `at` is not kept. Raises MirrorError on a full disk."""
        self._whole = False
        _write_png(self.folder / f"{self.frames:06d}.png", image)
        self.frames += 1
        self._whole = True

    def close(self) -> None:
        """Nothing is left to be done: each picture is whole once it is written."""
        self.finished = self._whole


class PairRecorder(Closes):
    """For each frame `000123_in.png`, `000123_out.png` and `000123_matte.png`, lossless, at frame size.

    Args:
        folder: as for `FolderRecorder`.

    Raises:
        MirrorError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        check_folder(folder)
        _warn_of_earlier(folder)

    def write(
        self,
        index: int,
        before: np.ndarray,
        after: np.ndarray,
        old_matte: np.ndarray | None,
        new_matte: np.ndarray | None,
    ) -> None:
        """Keeps one frame, unmirrored.

        Args:
            index: the number in the file names.
            before, after: RGB uint8 (H, W, 3).
            old_matte, new_matte: how far the feathered old and new hair reach: float (H, W) 0 to 1, or
                uint8; None where there is none. They become the red and the green channel, rounded up,
                so that 0 in the file is 0 in the matte and nothing else.

        Raises:
            ValueError: sizes that do not agree.
            MirrorError: the disk is full.
        """
        matte = np.zeros(before.shape, np.uint8)
        for channel, given in enumerate((old_matte, new_matte)):
            if given is None:
                continue
            if given.shape != before.shape[:2]:
                raise ValueError(f"expected a matte of {before.shape[:2]}, got {given.shape}")
            if given.dtype == np.uint8:
                matte[..., channel] = given
            else:
                matte[..., channel] = np.ceil(np.clip(given, 0.0, 1.0) * 255.0)
        if after.shape != before.shape:
            raise ValueError(f"expected a picture of {before.shape}, got {after.shape}")
        for kind, image in (("in", before), ("out", after), ("matte", matte)):
            _write_png(self.folder / f"{index:06d}_{kind}.png", image)


def check_folder(folder: Path) -> None:
    """Makes the folder and writes a file into it, so that a long run does not end with nothing kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise MirrorError(
            f"Nothing can be written to {folder}: {error.strerror}. Give a folder that you may write to."
        ) from error


def _warn_of_earlier(folder: Path) -> None:
    earlier = sum(1 for _ in folder.glob("[0-9]*.png"))
    if earlier:
        _log.warning("%s holds %d earlier pictures: those of the same number are replaced", folder, earlier)


def _write_png(path: Path, image: np.ndarray) -> None:
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    # imencode and write_bytes, as OpenCV's own file names fail on Windows outside ASCII.
    good, data = cv2.imencode(".png", bgr, (cv2.IMWRITE_PNG_COMPRESSION, 1))
    if not good:
        raise MirrorError(f"{path} cannot be encoded as PNG.")
    try:
        path.write_bytes(data.tobytes())
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)  # half a picture
        raise MirrorError(
            f"{path} cannot be written: {error.strerror}. The pictures before it are there. Free some room."
        ) from error
