"""Worn shards: heads with what the mirror lays over them, hair in front apart from all beneath it.

What the harmonizer learns to make believable is what the mirror shows, and not a render by itself.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from tqdm import tqdm

from mirror.compositing.dressed_head import dressed_head
from mirror.core.errors import MirrorError
from mirror.core.face import Face
from mirror.core.face_lighting import measure
from mirror.core.frame import Frame
from mirror.core.head_crop import SIDE
from mirror.core.head_space import HeadTransform, crop
from mirror.engines import open_engine
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.subject import Subject
from mirror.hair.shelf import grown_of, open_book
from mirror.hair.styles.code import Style
from mirror.pipeline.grown_still import GrownStill
from mirror.removal.background_plate import Plate
from mirror.removal.long_hair import below
from mirror.segmentation.matting import Matting
from mirror.tracking.mediapipe import open_tracker
from mirror.tracking.tracked_frame import Seen
from train.data.shards import read_record
from train.pictures.reading import read_picture


def wear(folder: Path, photos: Path, out: Path, engines: Path) -> int:
    """Writes shards like those of a folder with `under` and `worn`; how many heads wear something.

    `under`, uint8 (256, 256, 3), is the head with all that lies beneath the new hair in front, `worn`, uint8
    (256, 256, 4), that hair, premultiplied; empty on heads whose face is not found again. Which style, the
    file's name says. A shard that is there already is left as it is.

    Args:
        folder: of heads of 256 pixels. photos: folder of the photographs that they were prepared of.
        engines: networks and grown styles.

    Raises:
        MirrorError: the folder holds no such shards, or no style is grown.
    """
    shards = [path.parent for path in sorted(folder.glob("[0-9]*/shard.json"))]
    if not shards:
        raise MirrorError(f"{folder} holds no shards. Make them with: python -m train prepare")
    left = [shard for shard in shards if not (out / shard.name / "shard.json").exists()]
    out.mkdir(parents=True, exist_ok=True)
    pool = ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=_open, initargs=(photos, engines))
    with pool:
        done = pool.map(_whole, left, [out / shard.name for shard in left])
        return sum(tqdm(done, total=len(left), unit=" shards", disable=None))


class _Room:
    """What a process needs to put hair on people."""

    def __init__(self, photos: Path, engines: Path) -> None:
        self.photos = photos
        self.tracker = open_tracker(still=True, faces=2)
        self.matting = Matting(open_engine("matte", folder=engines))
        self.swap = Swap(*(open_engine(name, folder=engines) for name in ("painter", "underlay")))
        self.styles = [style for style in open_book(engines).styles if style.grown is not None]

    def dress(self, name: str) -> tuple[np.ndarray, np.ndarray] | None:
        """`under` and `worn` of a photograph; None: its face is not found."""
        image = read_picture(self.photos / name)
        if isinstance(image, str):
            return None
        face = max(self.tracker.track(image), key=lambda face: face.height, default=None)
        if face is None:
            return None
        transform = HeadTransform.from_face(face)
        return self._worn(image, face, transform, _style_for(name, self.styles))

    def _worn(
        self, image: np.ndarray, face: Face, transform: HeadTransform, style: Style
    ) -> tuple[np.ndarray, np.ndarray] | None:
        seen = Seen(Frame(image, 0, 0.0), face, transform)
        mattes = self.matting.look(seen.head.image, still=True)
        under = below(image, transform, mattes.hair, mattes.front)
        subject = Subject.of(seen.head, mattes, measure(seen.head, mattes.hair), under)
        grown = grown_of(style)
        if grown is None:
            return None
        laid = GrownStill(self.swap, Plate()).wear(seen, mattes, subject, grown, style.shade)
        return dressed_head(laid, crop(image, transform, SIDE))


_room: dict[str, Any] = {}


def _open(photos: Path, engines: Path) -> None:
    cv2.setNumThreads(1)
    _room["room"] = _Room(photos, engines)


def _whole(shard: Path, out: Path) -> int:
    """One shard, in a folder that is renamed when it is done; how many wear something."""
    files: list[str] = read_record(shard / "shard.json")["files"]
    part = out.with_name(f"{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    under = np.zeros((len(files), SIDE, SIDE, 3), np.uint8)
    worn = np.zeros((len(files), SIDE, SIDE, 4), np.uint8)
    count = 0
    for number, name in enumerate(files):
        found = _room["room"].dress(name)
        if found is not None:
            under[number], worn[number] = found
            count += 1
    np.save(part / "under.npy", under)
    np.save(part / "worn.npy", worn)
    for path in sorted(shard.glob("*.npy")):
        shutil.copyfile(path, part / path.name)
    shutil.copyfile(shard / "shard.json", part / "shard.json")
    os.replace(part, out)
    return count


def _style_for(name: str, styles: Sequence[Style]) -> Style:
    """The same for a picture whenever it is asked."""
    drawn = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    return styles[drawn % len(styles)]
