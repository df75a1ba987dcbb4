"""Prepared shards: pictures and their maps, read by memory map, addressed by number."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np

from mirror.core.errors import MirrorError
from mirror.core.head_space import VERSION
from mirror.files.reading import check_ordinary, read_ordinary
from mirror.files.size_limits import JSON_BYTES

# What a shard of heads holds besides the picture; one of already cropped pictures has `valid` alone.
MAPS = ("matte", "valid", "face")
ARRAYS = {"heads": ("image", "matte", "valid", "face", "inner", "shape"), "pictures": ("image", "valid")}

# Share of the square that is hair, below which a head is as good as bald.
NEARLY_BALD = 0.025

log = logging.getLogger("mirror")


class Shards:
    """All prepared pictures of one or more folders, addressed by number, never read as a whole.

    Attributes:
        kind: "heads" (aligned faces with their maps) or "pictures" (already cropped, as they are).
        side: pixels of the prepared squares.
        files: name of each picture; split: "train" or "val"; set_of: which folder it came from;
            person: who it shows, or its file name.
        hair_area: float32 (N,), share of the square that is hair; 0 for pictures.

    Raises:
        MirrorError: a folder holds no shard, a damaged one, or one of another head-space version; no
            picture was kept; or the folders differ in kind or side.
    """

    def __init__(self, folders: list[Path]) -> None:
        self.files: list[str] = []
        self.split: list[str] = []
        self.person: list[str] = []
        self._records: list[Path] = []
        self.set_of: list[int] = []
        self._where: list[tuple[int, int]] = []
        self._arrays: list[dict[str, np.ndarray]] = []
        made: dict[tuple[str, int], Path] = {}
        areas = []
        for number, folder in enumerate(folders):
            records = sorted(folder.glob("[0-9]*/shard.json"))
            if not records:
                raise MirrorError(f"{folder} holds no shards. Make them with: python -m train prepare")
            kept = len(self.files)
            for path in records:
                record = read_record(path)
                count = len(record["files"])
                if not count:
                    continue
                kind = record.get("kind", "heads")
                if kind == "heads" and record["headspace"] != VERSION:
                    raise MirrorError(
                        f"{path.parent} was prepared for head space {record['headspace']}, this is "
                        f"{VERSION}. Prepare it again."
                    )
                arrays = _open_arrays(path.parent, kind, count)
                made.setdefault((kind, arrays["image"].shape[1]), path.parent)
                self._where += [(len(self._arrays), i) for i in range(count)]
                self._arrays.append(arrays)
                self.files += record["files"]
                self.split += record["split"]
                self.person += record.get("person") or record["files"]
                self._records.append(path)
                self.set_of += [number] * count
                areas.append(_hair_areas(record, arrays, count))
            if len(self.files) == kept:
                raise MirrorError(f"No picture of {folder} was kept; {folder / 'rejected.csv'} says why.")
        if len(made) > 1:
            told = ", ".join(f"{path} holds {kind} of {side} pixels" for (kind, side), path in made.items())
            raise MirrorError(f"The shards do not fit together: {told}. Prepare them alike.")
        self.kind, self.side = next(iter(made))
        self.hair_area = np.concatenate(areas)

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, number: int) -> dict[str, np.ndarray]:
        """Arrays of one picture as prepared: image, matte, valid, face, inner (uint8), shape."""
        shard, row = self._where[number]
        return {name: np.asarray(array[row]) for name, array in self._arrays[shard].items()}

    def array(self, number: int, name: str) -> np.ndarray:
        """One array of one picture, by its name: a view of the file."""
        shard, row = self._where[number]
        return self._arrays[shard][name][row]

    def lacking(self, numbers: np.ndarray, name: str, beside: str | None = None) -> list[Path]:
        """The folders of these pictures' shards that lack an array, of those that have `beside` if given."""
        shards = sorted({self._where[int(number)][0] for number in numbers})
        return [
            self._records[shard].parent
            for shard in shards
            if name not in self._arrays[shard] and (beside is None or beside in self._arrays[shard])
        ]

    def attributes(self, numbers: np.ndarray) -> list[dict]:
        """What the data set says of pictures: columns of its tables; {} where it says nothing.

        Read when asked for: forty words a picture would fill the memory of a large set.
        """
        said: dict[int, list[dict]] = {}
        for shard in sorted({self._where[n][0] for n in numbers}):
            said[shard] = read_record(self._records[shard]).get("attributes") or []
        found = []
        for n in numbers:
            shard, row = self._where[n]
            found.append(said[shard][row] if said[shard] else {})
        return found

    def weights(self, numbers: np.ndarray, bald: float | None = None) -> np.ndarray:
        """How often each picture is drawn, adding up to 1.

        Heads with much hair are where the hair is learnt; nearly bald ones must still be seen.

        Args:
            bald: weight of a head with under 2.5% hair, where one with 30% or more has 0.3; None: 0.05,
                as of any with little hair.
        """
        area = np.clip(self.hair_area[numbers], 0.05, 0.3)
        if bald is not None:
            area = np.where(self.hair_area[numbers] < NEARLY_BALD, bald, area)
        return area / area.sum()

    def numbers(self, split: str, set_number: int | None = None) -> np.ndarray:
        """Numbers of the pictures of a split (of one folder, if given)."""
        keep = [
            s == split and (set_number is None or n == set_number)
            for s, n in zip(self.split, self.set_of, strict=True)
        ]
        return np.flatnonzero(keep)

    def training(self) -> list[np.ndarray]:
        """Numbers of the training pictures, folder by folder.

        Raises:
            MirrorError: a folder has none.
        """
        sets = [self.numbers("train", n) for n in sorted(set(self.set_of))]
        if empty := [str(i + 1) for i, numbers in enumerate(sets) if not len(numbers)]:
            raise MirrorError(
                f"No picture of folder {', '.join(empty)} of --shards is of the split train, so there is "
                "nothing to learn from. Check the column split of the index.csv that they were prepared with."
            )
        return sets

    def held_out(self) -> np.ndarray:
        """Numbers of the validation pictures of the first folder; a warning where there are none.

        Raises:
            MirrorError: somebody is in both splits, so that nothing would be held out.
        """
        numbers = self.numbers("val", 0)
        if not len(numbers):
            log.warning("none of the pictures is of the split val: nothing tells how well the network does")
        known = {self.person[n] for n in self.numbers("train")}
        if both := sorted({self.person[n] for n in numbers} & known):
            raise MirrorError(
                f"{len(both)} people are in the split train and in val, {both[0]} among them. A person "
                "belongs to one of them; mend the column split (or person) of index.csv and prepare again."
            )
        return numbers


def _hair_areas(record: dict, arrays: dict[str, np.ndarray], count: int) -> np.ndarray:
    if "hair_area" in record:
        return np.array(record["hair_area"], np.float32)
    if "matte" not in arrays:
        return np.zeros(count, np.float32)
    return arrays["matte"].mean((1, 2), dtype=np.float32) / 255


def read_record(path: Path) -> dict:
    """What a shard says of itself. Raises MirrorError where it is damaged."""
    try:
        record = json.loads(read_ordinary(path, JSON_BYTES))
        missing = {"headspace", "files", "split"} - set(record)
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise MirrorError(
            f"{path} cannot be read ({error}). Delete {path.parent} and prepare again."
        ) from None
    if missing:
        raise MirrorError(
            f"{path} lacks {', '.join(sorted(missing))}. Delete {path.parent} and prepare again."
        )
    return record


def _open_arrays(folder: Path, kind: str, count: int) -> dict[str, np.ndarray]:
    if kind not in ARRAYS:
        raise MirrorError(f"{folder} holds {kind}, which is not one of {', '.join(ARRAYS)}.")
    try:
        found = [path for path in folder.glob("*.npy") if check_ordinary(path) >= 0]
        arrays = {path.stem: np.load(path, mmap_mode="r") for path in found}
    except (OSError, EOFError, ValueError) as error:
        raise MirrorError(f"{folder} is damaged ({error}). Delete it and prepare again.") from None
    wrong = [name for name in ARRAYS[kind] if name not in arrays or len(arrays[name]) != count]
    if wrong:
        raise MirrorError(f"{folder} is incomplete ({', '.join(wrong)}). Delete it and prepare again.")
    return arrays
