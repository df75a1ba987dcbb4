"""Taught shards: prepared heads, and what the mirror's own network says lies beneath their own hair.

Nobody has a photograph of what a person's own hair hides, and hardly anybody shows a scalp. So a teacher says
it, and what it says counts less than what is seen.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from mirror.core.errors import MirrorError
from mirror.core.face_lighting import measure
from mirror.core.head_crop import SIDE, Head
from mirror.hair.painting.hair_swap import Swap
from mirror.hair.painting.subject import Subject
from train.data.shards import MAPS, read_record

# What a teacher counts, of 255, where a photograph counts whole: of scalp and neck, and of a wall. Behind the
# hair of others walls are known, so that a teacher's haze is no lesson.
TAUGHT, TAUGHT_WALL = 90, 20
# Alphas from which on own hair hides what is there, and of hair that it is near to: a matte's noise is none.
_HIDES, _HAIR = 0.05, 0.3
_NEAR, _AROUND = np.ones((9, 9), np.uint8), np.ones((25, 25), np.uint8)


def teach(folder: Path, out: Path, swap: Swap) -> int:
    """Writes shards like those of a folder with `beneath`, `known` and `person_beneath`; how many heads.

    A shard that is there already is left as it is.

    Raises:
        MirrorError: the folder holds no shards, or not heads of 256 pixels with masks of the person.
    """
    shards = [path.parent for path in sorted(folder.glob("[0-9]*/shard.json"))]
    if not shards:
        raise MirrorError(f"{folder} holds no shards. Make them with: python -m train prepare")
    count = 0
    for shard in tqdm(shards, unit=" shards", disable=None):
        record = read_record(shard / "shard.json")
        arrays = {path.stem: np.load(path, mmap_mode="r") for path in sorted(shard.glob("*.npy"))}
        if lacking := sorted({*MAPS, "inner", "shape", "person"} - arrays.keys()):
            raise MirrorError(f"{shard} lacks {', '.join(lacking)}: give heads with masks of the person.")
        if (side := arrays["image"].shape[1]) != SIDE:
            raise MirrorError(f"{shard} holds squares of {side} pixels. Prepare them with --side {SIDE}.")
        count += len(record["files"])
        if (out / shard.name / "shard.json").exists():
            continue
        part = out / f"{shard.name}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        told = [
            _taught({n: np.asarray(a[i]) for n, a in arrays.items()}, swap)
            for i in range(len(record["files"]))
        ]
        for name in ("beneath", "known", "person_beneath"):
            np.save(part / f"{name}.npy", np.stack([one[name] for one in told]))
        for name in arrays:
            shutil.copyfile(shard / f"{name}.npy", part / f"{name}.npy")
        (part / "shard.json").write_text(json.dumps(record))
        # The rename is the commit: a shard is either whole or not there.
        os.replace(part, out / shard.name)
    return count


def _taught(item: dict[str, np.ndarray], swap: Swap) -> dict[str, np.ndarray]:
    """One head with what is beneath its hair: uint8 each."""
    image, hair, person = item["image"], *(item[n].astype(np.float32) / 255 for n in ("matte", "person"))
    blob = cv2.dnn.blobFromImage(image, 1 / 255)
    head = Head(blob, item["face"], item["inner"], item["valid"], item["shape"])
    layer = swap.uncover(Subject(head, hair, None, person, measure(head, hair)))
    assert layer.body is not None
    share = np.clip((cv2.dilate(hair, _NEAR) - _HIDES) * 10, 0, 1) * (cv2.dilate(hair, _AROUND) > _HAIR)
    share = cv2.GaussianBlur(share.astype(np.float32), (0, 0), 1.5)
    beneath = image + (layer.rgb.astype(np.float32) - image) * share[..., None]
    body = person + (layer.body - person) * share
    taught = np.where(body > 0.5, TAUGHT, TAUGHT_WALL)
    return {
        "beneath": np.round(beneath).astype(np.uint8),
        "known": np.where(share > _HIDES, taught, 255).astype(np.uint8),
        "person_beneath": np.round(body.clip(0, 1) * 255).astype(np.uint8),
    }
