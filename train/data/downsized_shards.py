"""Shards at a smaller side, kept beside the prepared ones, so that no step of training resizes anything."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np

from mirror.core.errors import MirrorError
from train.data.shards import Shards, read_record


def open_shards(folders: list[Path], side: int) -> Shards:
    """Shards of `side` pixels: the prepared ones, or smaller ones made from them once.

    Args:
        folders: as `python -m train prepare` wrote them.
        side: what the network takes; at most what was prepared.

    Raises:
        MirrorError: the pictures were prepared smaller, or the shards cannot be used or written.
    """
    made = []
    for folder in folders:
        prepared = Shards([folder])
        if side > prepared.side:
            raise MirrorError(
                f"{folder} holds pictures of {prepared.side} pixels, too few for --size {side}. Give a "
                f"--size of {prepared.side} or less, or prepare them with --side {side}."
            )
        made.append(folder if side == prepared.side else downsize(folder, side))
    return Shards(made)


def downsize(folder: Path, side: int) -> Path:
    """Writes `folder`/side-N with every shard at the smaller side; shards that are there stay.

    Pixels are averaged (area), never picked or repeated. A shard appears whole, by a rename.

    Returns:
        The folder of the smaller shards.
    """
    out = folder / f"side-{side}"
    try:
        out.mkdir(exist_ok=True)
        for old in out.glob("[0-9]*"):
            # Prepared anew since: what was made from the earlier shard is stale.
            source = folder / old.name / "shard.json"
            if old.suffix != ".part" and _made_from(old) != _stamp(source):
                shutil.rmtree(old)
        shards = [p.parent for p in sorted(folder.glob("[0-9]*/shard.json"))]
        todo = [shard for shard in shards if not (out / shard.name).exists()]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda shard: _downsize_shard(shard, out, side), todo))
    except OSError as error:
        raise MirrorError(
            f"{out} cannot be written ({error.strerror or error}). Smaller copies of the shards are kept "
            "there: make room, or make the folder writable."
        ) from None
    return out


def _stamp(record: Path) -> list[int] | None:
    if not record.exists():
        return None
    said = record.stat()
    return [said.st_size, said.st_mtime_ns]


def _made_from(shard: Path) -> list[int] | None:
    try:
        return json.loads((shard / "shard.json").read_text())["made_from"]
    except (OSError, ValueError, KeyError):
        return None


def _downsize_shard(shard: Path, out: Path, side: int) -> None:
    record = read_record(shard / "shard.json")
    part = out / f"{shard.name}.{os.getpid()}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    for path in sorted(shard.glob("*.npy")):
        array = np.load(path, mmap_mode="r")
        if array.ndim >= 3:
            small = [cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA) for picture in array]
            array = np.stack(small).astype(array.dtype)
        np.save(part / path.name, array)
    record |= {"side": side, "made_from": _stamp(shard / "shard.json")}
    (part / "shard.json").write_text(json.dumps(record))
    try:
        os.replace(part, out / shard.name)
    except OSError:
        # Another process of the same run was faster.
        if not (out / shard.name).exists():
            raise
        shutil.rmtree(part)
