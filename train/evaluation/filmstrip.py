"""Filmstrips: each clip's frames above the same frames with new hair, to be looked at side by side.

python -m train evaluate --clips ../shared/clips --filmstrips strips
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.frame import Frame
from mirror.pipeline.mirror import Mirror
from mirror.sources.video import VideoSource
from train.evaluation.temporal_stability import list_clips
from train.pictures.writing import save_picture, write_on

log = logging.getLogger("mirror")


@dataclass(frozen=True)
class Strip:
    """Frames of a clip as they were and as the mirror showed them, uint8 (H, W, 3) RGB.

    Attributes:
        numbers: of the frames.
        around: left, top, right, bottom: where the head was in any of them, or the whole frame.
        faces: in how many of them new hair was shown.
    """

    numbers: list[int]
    before: list[np.ndarray]
    after: list[np.ndarray]
    around: tuple[int, int, int, int]
    faces: int


def save_filmstrips(
    folder: Path, clips: Path, engines: Path, style: str, *, every: int = 15, count: int = 10
) -> list[Path]:
    """Writes NAME.png for every video of a folder.

    Args:
        folder: where to; it is made.
        style: of the book, by name.
        every: so many frames apart; the mirror sees those between as well.
        count: frames a strip, at most.

    Raises:
        MirrorError: no video can be read, an unknown style, or `folder` cannot be written.
    """
    paths = list_clips(clips)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MirrorError(
            f"{folder} cannot be made ({error.strerror}). Give --filmstrips another folder."
        ) from None
    written = []
    for path in paths:
        try:
            source = VideoSource(path, pace="max")
        except MirrorError as error:
            log.warning("filmstrip: %s", error)
            continue
        mirror = Mirror(style=style, engines=engines)
        found = watch(mirror, source, every, count)
        mirror.close()
        source.close()
        if not found.faces:
            log.warning("filmstrip: %s shows no face in these frames", path.name)
        out = folder / f"{path.stem}.png"
        if out in written:
            out = folder / f"{path.name}.png"
        save_picture(draw(found, style), out, "--filmstrips")
        written.append(out)
    if not written:
        raise MirrorError(f"None of the videos of {clips} can be read. Give --clips another folder.")
    return written


def watch(mirror: Mirror, source: VideoSource, every: int, count: int) -> Strip:
    """Runs a clip through the mirror as a camera would, and keeps every so manieth frame."""
    numbers: list[int] = []
    before, after, squares = [], [], []
    faces = 0
    for i in range(1 + every * (count - 1)):
        frame = source.read()
        if frame is None:
            break
        # A file read as fast as it goes: the mirror is told the time at which a camera would have it.
        shown = mirror.process(Frame(frame.image, i, i / source.rate))
        if i % every:
            continue
        numbers.append(i)
        before.append(frame.image)
        after.append(shown.image)
        faces += shown.swapped
        if shown.transform is not None:
            squares.append(shown.transform.frame_rectangle(*source.size))
    width, height = source.size
    around = (0, 0, width, height)
    if squares:
        low, high = np.min(squares, 0), np.max(squares, 0)
        # One rectangle for all: what moves in the strip moved in the clip.
        around = (int(low[0]), int(low[1]), int(high[2]), int(high[3]))
    return Strip(numbers, before, after, around, faces)


def draw(strip: Strip, style: str, tile: int = 256) -> np.ndarray:
    """Two rows of tiles, `tile` pixels high: the frames, and the same with new hair."""
    left, top, right, bottom = strip.around
    width = max(1, round(tile * (right - left) / (bottom - top)))
    rows = []
    for name, frames in (("", strip.before), (style, strip.after)):
        tiles = []
        for number, frame in zip(strip.numbers, frames, strict=True):
            cut = cv2.resize(frame[top:bottom, left:right], (width, tile), interpolation=cv2.INTER_AREA)
            write_on(cut, name or f"frame {number}")
            tiles.append(cut)
        rows.append(np.hstack(tiles))
    return np.vstack(rows)
