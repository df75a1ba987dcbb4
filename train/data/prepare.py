"""Turns a folder of portraits into training shards.

    python -m train prepare --data ../shared/photos --teacher ../shared/teachers/hair_segmenter.tflite \
        --out shards/photos

Each portrait is aligned into head space with MediaPipe, the teacher paints its hair matte, and both
are written as plain `.npy` arrays, a few hundred pictures a shard. A killed run goes on where it
stopped. Every picture that is left out is counted under its reason and listed in `rejected.csv`.
"""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from mirror.errors import MirrorError
from mirror.face import FACE_OVAL, Face
from mirror.headspace import (
    VERSION,
    HeadTransform,
    crop,
    face_map,
    face_shape,
    fill_polygon,
    inner_face_map,
    valid_map,
)
from mirror.trackers import FaceTracker, open_tracker

SIDE = 256
TEACHER_SIDE = 512
SHARD = 256
ARRAYS = ("image", "matte", "valid", "face", "inner", "shape")
PICTURES = {".jpg", ".jpeg", ".png", ".webp"}


@dataclass(frozen=True)
class Portrait:
    """A file to prepare: its path, its name in the set, and the split it belongs to."""

    path: Path
    name: str
    split: str


def list_portraits(folder: Path) -> list[Portrait]:
    """Portraits of a folder, sorted by name.

    With an `index.csv` (columns `file` and `split`) that file decides; without one every picture
    below the folder belongs to the training split.

    Raises:
        MirrorError: the folder is missing or holds no picture, or its `index.csv` lacks a column.
    """
    if not folder.is_dir():
        raise MirrorError(f"{folder} is not a folder. Give one that holds portraits.")
    index = folder / "index.csv"
    if index.exists():
        with index.open(newline="") as lines:
            table = csv.DictReader(lines)
            if missing := {"file", "split"} - set(table.fieldnames or ()):
                raise MirrorError(
                    f"{index} lacks the column {' and '.join(sorted(missing))}. It needs file (below the "
                    "folder) and split (train or val)."
                )
            rows = [Portrait(folder / r["file"], r["file"], r["split"]) for r in table]
    else:
        rows = [
            Portrait(p, str(p.relative_to(folder)), "train")
            for p in folder.rglob("*")
            if p.suffix.lower() in PICTURES
        ]
    if not rows:
        raise MirrorError(f"{folder} holds no picture ({', '.join(sorted(PICTURES))}).")
    return sorted(rows, key=lambda portrait: portrait.name)


class HairTeacher:
    """MediaPipe's hair segmenter (Apache-2.0) run on 512-pixel head crops, averaged with its mirror."""

    def __init__(self, model: Path) -> None:
        from mediapipe.tasks.python import BaseOptions, vision

        self._segmenter = vision.ImageSegmenter.create_from_options(
            vision.ImageSegmenterOptions(
                base_options=BaseOptions(model_asset_path=str(model)),
                output_confidence_masks=True,
                output_category_mask=False,
            )
        )

    def matte(self, head: np.ndarray) -> np.ndarray:
        """Hair matte of a head crop: uint8 RGB (512, 512, 3) -> float32 (512, 512), 0 to 1."""
        return (self.segment(head) + self.segment(head[:, ::-1])[:, ::-1]) / 2

    def segment(self, head: np.ndarray) -> np.ndarray:
        """One run of the teacher: uint8 RGB (S, S, 3) -> float32 (S, S), 0 to 1."""
        import mediapipe as mp

        picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(head))
        return self._segmenter.segment(picture).confidence_masks[1].numpy_view().copy()


def without_beard(matte: np.ndarray, face: Face, transform: HeadTransform) -> np.ndarray:
    """Clears what the teacher takes for hair on cheeks, lips and chin: beards are not hair."""
    oval = transform.to_unit(face.landmarks[list(FACE_OVAL), :2])
    eyes_y = oval[:, 1].min() + 0.45 * (oval[:, 1].max() - oval[:, 1].min())
    centre = np.array([oval[:, 0].mean(), eyes_y])
    lower = (oval - centre) * (0.9, 1.12) + centre
    lower[:, 1] = np.maximum(lower[:, 1], eyes_y)
    clear = fill_polygon(lower, matte.shape[0]).astype(np.float32) / 255
    return matte * (1 - cv2.GaussianBlur(clear, (0, 0), matte.shape[0] / 170))


def prepare_one(
    portrait: Portrait, tracker: FaceTracker, teacher: HairTeacher
) -> dict[str, np.ndarray] | str:
    """One portrait as arrays of a shard, or the reason why it is left out."""
    bgr = cv2.imread(str(portrait.path))
    if bgr is None:
        return "unreadable"
    image = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    faces = sorted(tracker.track(image), key=lambda f: -f.height)
    if not faces:
        return "no face"
    if len(faces) > 1 and faces[1].height > 0.5 * faces[0].height:
        return "several faces"
    face = faces[0]
    yaw, pitch, _ = face.pose
    if abs(yaw) > 40 or abs(pitch) > 35:
        return "turned away"
    transform = HeadTransform.from_face(face)
    if transform.scale < 0.5 * SIDE:
        return "too small"
    height, width = image.shape[:2]
    head = crop(image, transform, TEACHER_SIDE)
    skin = crop(image, transform, 64)[20:48, 20:44].astype(np.int16)
    if np.abs(skin - skin.mean(-1, keepdims=True)).mean() < 2:
        return "greyscale"
    matte = without_beard(teacher.matte(head), face, transform)
    small = cv2.resize(matte, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    valid = valid_map(width, height, transform, SIDE)
    return {
        "image": cv2.resize(head, (SIDE, SIDE), interpolation=cv2.INTER_AREA),
        "matte": np.round(small * (valid > 127) * 255).astype(np.uint8),
        "valid": valid,
        "face": face_map(face, transform, SIDE),
        "inner": inner_face_map(face, transform, SIDE),
        "shape": face_shape(face, transform),
    }


_worker: dict = {}


def _start_worker(teacher: str) -> None:
    cv2.setNumThreads(1)
    _worker["tracker"] = open_tracker(still=True, faces=2)
    _worker["teacher"] = HairTeacher(Path(teacher))


def _prepare_shard(number: int, portraits: list[Portrait], out: Path) -> Counter:
    done: list[dict] = []
    kept: list[Portrait] = []
    rejected: list[tuple[str, str]] = []
    for portrait in portraits:
        try:
            result = prepare_one(portrait, _worker["tracker"], _worker["teacher"])
        except (ValueError, cv2.error) as error:
            result = f"failed: {error}".splitlines()[0]
        if isinstance(result, str):
            rejected.append((portrait.name, result))
        else:
            done.append(result)
            kept.append(portrait)
    folder = out / f"{number:05d}.part"
    folder.mkdir(exist_ok=True)
    for name in ARRAYS if done else ():
        np.save(folder / f"{name}.npy", np.stack([d[name] for d in done]))
    record = {
        "headspace": VERSION,
        "files": [p.name for p in kept],
        "split": [p.split for p in kept],
        "rejected": rejected,
    }
    (folder / "shard.json").write_text(json.dumps(record))
    # The rename is the commit: a shard is either whole or not there.
    os.replace(folder, out / f"{number:05d}")
    return Counter(reason for _, reason in rejected) + Counter(kept=len(kept))


def _is_done(shard: Path, portraits: list[Portrait]) -> bool:
    """Whether a shard is there; one of other portraits (another folder, another --limit) is an error."""
    if not shard.exists():
        return False
    try:
        record = json.loads((shard / "shard.json").read_text())
        names = {*record["files"], *(name for name, _ in record["rejected"])}
    except (OSError, ValueError, KeyError, TypeError):
        raise MirrorError(f"{shard} is damaged. Delete it and run the same command again.") from None
    if names != {p.name for p in portraits}:
        raise MirrorError(
            f"{shard} was prepared from other portraits (another folder, or another --limit). "
            "Give another --out, or delete the old shards."
        )
    return True


def prepare(data: Path, teacher: Path, out: Path, limit: int | None = None, workers: int = 2) -> Counter:
    """Prepares a folder of portraits; shards that are there already are left as they are.

    Args:
        data: folder of portraits, see `list_portraits`.
        teacher: `hair_segmenter.tflite`.
        out: folder of the shards.
        limit: only the first so many portraits.
        workers: processes at work.

    Returns:
        How many of the newly prepared pictures were kept ("kept") and left out, by reason.

    Raises:
        MirrorError: no portraits, no teacher, `out` holds shards of other portraits, or a worker died.
    """
    from tqdm import tqdm

    portraits = list_portraits(data)[:limit]
    if not teacher.is_file():
        raise MirrorError(f"{teacher} is missing. --teacher takes MediaPipe's hair_segmenter.tflite.")
    out.mkdir(parents=True, exist_ok=True)
    groups = [portraits[i : i + SHARD] for i in range(0, len(portraits), SHARD)]
    todo = [i for i, group in enumerate(groups) if not _is_done(out / f"{i:05d}", group)]
    counts: Counter = Counter()
    # A fresh process each: MediaPipe's threads do not survive a fork.
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_start_worker, initargs=(str(teacher),)
    )
    with pool:
        jobs = [pool.submit(_prepare_shard, i, groups[i], out) for i in todo]
        try:
            for job in tqdm(jobs, unit="shard", desc=str(out)):
                counts += job.result()
        except BrokenProcessPool:
            raise MirrorError(
                f"A worker could not go on; what it said is above. Is {teacher} the hair segmenter, and is "
                "there memory for --workers? The same command goes on where this one stopped."
            ) from None
    with (out / "rejected.csv").open("w", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["file", "reason"])
        for record in sorted(out.glob("[0-9]*/shard.json")):
            writer.writerows(json.loads(record.read_text())["rejected"])
    return counts
