"""Prepared shards as batches: read by memory map, augmented on the CPU, one thread ahead."""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from mirror.errors import MirrorError
from mirror.face import FACE_OVAL
from mirror.headspace import VERSION
from mirror.hole import HOLE_SIDE, cut_hole

MAPS = ("matte", "valid", "face")

log = logging.getLogger("mirror")


class Shards:
    """All prepared pictures of one or more folders, addressed by number, never read as a whole.

    Attributes:
        files: name of each picture; split: "train" or "val"; set_of: which folder it came from.
        hair_area: float32 (N,), share of the square that is hair.

    Raises:
        MirrorError: a folder holds no shard, a damaged one, or one of another head-space version; or no
            picture was kept.
    """

    def __init__(self, folders: list[Path]) -> None:
        self.files: list[str] = []
        self.split: list[str] = []
        self.set_of: list[int] = []
        self._where: list[tuple[int, int]] = []
        self._arrays: list[dict[str, np.ndarray]] = []
        areas = []
        for number, folder in enumerate(folders):
            records = sorted(folder.glob("[0-9]*/shard.json"))
            if not records:
                raise MirrorError(f"{folder} holds no shards. Make them with: python -m train prepare")
            kept = len(self.files)
            for path in records:
                record = _read_record(path)
                if record["headspace"] != VERSION:
                    raise MirrorError(
                        f"{path.parent} was prepared for head space {record['headspace']}, this is "
                        f"{VERSION}. Prepare it again."
                    )
                if not record["files"]:
                    continue
                arrays = _open_arrays(path.parent, len(record["files"]))
                self._where += [(len(self._arrays), i) for i in range(len(record["files"]))]
                self._arrays.append(arrays)
                self.files += record["files"]
                self.split += record["split"]
                self.set_of += [number] * len(record["files"])
                areas.append(arrays["matte"].mean((1, 2), dtype=np.float32) / 255)
            if len(self.files) == kept:
                raise MirrorError(f"No picture of {folder} was kept; {folder / 'rejected.csv'} says why.")
        self.hair_area = np.concatenate(areas)

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, number: int) -> dict[str, np.ndarray]:
        """Arrays of one picture as prepared: image, matte, valid, face, inner (uint8), shape."""
        shard, row = self._where[number]
        return {name: np.asarray(array[row]) for name, array in self._arrays[shard].items()}

    def weights(self, numbers: np.ndarray) -> np.ndarray:
        """How often each picture is drawn, adding up to 1.

        Heads with much hair are where the hair is learnt; nearly bald ones must still be seen.
        """
        area = np.clip(self.hair_area[numbers], 0.05, 0.3)
        return area / area.sum()

    def numbers(self, split: str, set_number: int | None = None) -> np.ndarray:
        """Numbers of the pictures of a split (of one folder, if given)."""
        keep = [
            s == split and (set_number is None or n == set_number)
            for s, n in zip(self.split, self.set_of, strict=True)
        ]
        return np.flatnonzero(keep)

    def held_out(self) -> np.ndarray:
        """Numbers of the validation pictures of the first folder; a warning where there are none."""
        numbers = self.numbers("val", 0)
        if not len(numbers):
            log.warning("none of the pictures is of the split val: nothing tells how well the network does")
        return numbers


def _read_record(path: Path) -> dict:
    try:
        record = json.loads(path.read_text())
        missing = {"headspace", "files", "split"} - set(record)
    except (OSError, ValueError, TypeError) as error:
        raise MirrorError(
            f"{path} cannot be read ({error}). Delete {path.parent} and prepare again."
        ) from None
    if missing:
        raise MirrorError(
            f"{path} lacks {', '.join(sorted(missing))}. Delete {path.parent} and prepare again."
        )
    return record


def _open_arrays(folder: Path, count: int) -> dict[str, np.ndarray]:
    try:
        arrays = {p.stem: np.load(p, mmap_mode="r") for p in folder.glob("*.npy")}
    except (OSError, EOFError, ValueError) as error:
        raise MirrorError(f"{folder} is damaged ({error}). Delete it and prepare again.") from None
    wrong = [name for name in ("image", *MAPS, "shape") if name not in arrays or len(arrays[name]) != count]
    if wrong:
        raise MirrorError(f"{folder} is incomplete ({', '.join(wrong)}). Delete it and prepare again.")
    return arrays


@dataclass(frozen=True)
class Jitter:
    """How far pictures are moved and coloured: standard deviations unless said otherwise."""

    rotation: float = 0.06
    scale: float = 0.05
    shift: float = 0.03
    gain: float = 0.12
    colour: float = 0.08
    worse: float = 0.0  # chance of blur, noise or grey, as a cheap camera would give


def augment(item: dict[str, np.ndarray], jitter: Jitter, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """One picture moved, mirrored and coloured at random, its maps and its face shape with it."""
    side = item["image"].shape[0]
    angle = rng.normal(0, jitter.rotation)
    scale = np.exp(rng.normal(0, jitter.scale))
    shift = rng.normal(0, jitter.shift, 2)
    flip = rng.random() < 0.5
    c, s = np.cos(angle) * scale, np.sin(angle) * scale
    centre = (side - 1) / 2
    linear = np.array([[c, -s], [s, c]])
    matrix = np.hstack([linear, (centre - linear @ (centre, centre) + shift * side)[:, None]])
    out = {name: cv2.warpAffine(item[name], matrix, (side, side)) for name in ("image", *MAPS)}
    oval = item["shape"][: 2 * len(FACE_OVAL)].reshape(-1, 2) @ linear.T + 4 * shift
    pose = item["shape"][2 * len(FACE_OVAL) :].copy()
    pose[2] += np.degrees(angle) / 30
    if flip:
        out = {name: array[:, ::-1] for name, array in out.items()}
        # Walking the oval the other way round keeps point 0 on the forehead.
        oval = np.roll(oval[::-1], 1, 0) * (-1, 1)
        pose *= (-1, 1, -1)
    out["shape"] = np.concatenate([oval.ravel(), pose]).astype(np.float32)
    out["image"] = _recolour(out["image"], jitter, rng)
    return out


def _recolour(image: np.ndarray, jitter: Jitter, rng: np.random.Generator) -> np.ndarray:
    gain = np.exp(rng.normal(0, jitter.gain) + rng.normal(0, jitter.colour, 3))
    gamma = np.exp(rng.normal(0, jitter.gain))
    table = 255 * (np.arange(256)[:, None] / 255) ** gamma * gain
    table = np.clip(table, 0, 255).astype(np.uint8)
    image = cv2.LUT(np.ascontiguousarray(image), np.ascontiguousarray(table[None]).reshape(256, 1, 3))
    if rng.random() < jitter.worse:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 2.5))
    if rng.random() < jitter.worse:
        noise = rng.normal(0, rng.uniform(2, 12), image.shape[:2])[..., None]
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    if rng.random() < jitter.worse * 0.15:
        image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return image


def random_hole(own: np.ndarray, other: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The hole for one training picture: its own hair, mostly joined by another head's hair.

    Args:
        own, other: float32 (64, 64) alphas.

    Returns:
        float32 (256, 256), 1 inside.
    """
    new = other if rng.random() < 0.8 else np.zeros_like(own)
    if rng.random() < 0.35:  # shapes that are nobody's hair, so that the outline gives less away
        new = new.copy()
        centre = rng.uniform(0.1, 0.9, 2) * HOLE_SIDE
        axes = rng.uniform(0.05, 0.25, 2) * HOLE_SIDE
        cv2.ellipse(new, (tuple(centre), tuple(2 * axes), float(rng.uniform(0, 180))), 1.0, -1)
    return cut_hole(own, new, 256, radius=int(rng.integers(1, 5)))


class Batches:
    """Endless training batches, made one thread ahead of the network.

    Args:
        shards: where from.
        size: pictures a batch.
        jitter: how strong the augmentation is.
        second_set: share of pictures from the second folder at the start; falls to 0 by `until`.
        hole: cut a hole for the painter too.
        seed: of the random numbers.

    Raises:
        MirrorError: a folder has no picture of the split train.
    """

    def __init__(
        self, shards: Shards, size: int, *, jitter: Jitter, second_set: float = 0.0, until: float = 0.6,
        hole: bool = False, seed: int = 0,
    ) -> None:  # fmt: skip
        self._shards, self._size, self._jitter, self._with_hole = shards, size, jitter, hole
        self._second_set, self._until = second_set, until
        self._rng = np.random.default_rng(seed)
        self._numbers = [shards.numbers("train", n) for n in sorted(set(shards.set_of))]
        if empty := [str(i + 1) for i, numbers in enumerate(self._numbers) if not len(numbers)]:
            raise MirrorError(
                f"No picture of folder {', '.join(empty)} of --shards is of the split train, so there is "
                "nothing to learn from. Check the column split of the index.csv that they were prepared with."
            )
        self._weights = [shards.weights(n) for n in self._numbers]
        self.progress = 0.0
        self._slots: queue.Queue[dict[str, np.ndarray] | Exception] = queue.Queue(3)
        threading.Thread(target=self._work, daemon=True).start()

    def __iter__(self) -> Iterator[dict[str, np.ndarray]]:
        while True:
            batch = self._slots.get()
            if isinstance(batch, Exception):
                raise batch
            yield batch

    def _pick(self) -> int:
        share = self._second_set * max(0.0, 1 - self.progress / self._until) if self._until else 0
        which = 1 if len(self._numbers) > 1 and self._rng.random() < share else 0
        return int(self._rng.choice(self._numbers[which], p=self._weights[which]))

    def _work(self) -> None:
        try:
            while True:
                self._slots.put(self._make())
        except Exception as error:
            self._slots.put(error)

    def _make(self) -> dict[str, np.ndarray]:
        items = [augment(self._shards[self._pick()], self._jitter, self._rng) for _ in range(self._size)]
        batch = {"image": np.stack([i["image"] for i in items]).transpose(0, 3, 1, 2)}
        batch |= {name: np.stack([i[name] for i in items])[:, None] for name in MAPS}
        batch["shape"] = np.stack([i["shape"] for i in items])
        if self._with_hole:
            batch["hole"] = self._holes(batch["matte"][:, 0])
        return batch

    def _holes(self, mattes: np.ndarray) -> np.ndarray:
        small = [
            cv2.resize(m, (HOLE_SIDE, HOLE_SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
            for m in mattes
        ]
        others = [small[(i + 1) % len(small)] for i in range(len(small))]
        holes = [random_hole(a, b, self._rng) for a, b in zip(small, others, strict=True)]
        return np.stack(holes)[:, None]
