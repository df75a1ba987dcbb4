"""CelebA's own lists: attributes, partition and identities, as published and as Kaggle repacked them."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from mirror.core.errors import MirrorError
from mirror.files.reading import check_ordinary

PARTITION = ("train", "val", "test")
EXPECTED = (
    "Expected img_align_celeba/ with 000001.jpg and so on, list_attr_celeba and list_eval_partition (.txt as "
    "published, .csv as on Kaggle), and identity_CelebA.txt if you have it; in that folder, or below Img/, "
    "Anno/ and Eval/"
)

Row = tuple[str, bytes, str | None, str | None]


def list_celeba_rows(folder: Path) -> tuple[Path, tuple[str, ...], Iterator[Row]]:
    """The folder of CelebA's pictures, its attributes' names, and a row for each picture listed.

    A row is (name, a byte of 1 or 0 for each attribute, split, person).

    Raises:
        MirrorError: the folder is laid out otherwise, or a list is damaged.
    """
    pictures = _find(
        folder, ("img_align_celeba/img_align_celeba", "img_align_celeba", "Img/img_align_celeba")
    )
    attributes = _find(folder, ("list_attr_celeba.txt", "Anno/list_attr_celeba.txt", "list_attr_celeba.csv"))
    partition = _find(
        folder, ("list_eval_partition.txt", "Eval/list_eval_partition.txt", "list_eval_partition.csv")
    )
    identity = _find(folder, ("identity_CelebA.txt", "Anno/identity_CelebA.txt"))
    if pictures is None or attributes is None or partition is None:
        held = sorted(entry.name + "/" * entry.is_dir() for entry in os.scandir(folder))
        raise MirrorError(
            f"{folder} is not laid out as CelebA. {EXPECTED}. Found {', '.join(held[:6]) or 'nothing'}"
            f"{', ...' * (len(held) > 6)}."
        )
    splits = {name: _partition(value, partition) for name, value in _pairs(partition)}
    people = {name: value for name, value in _pairs(identity)} if identity else {}
    lines = _lines(attributes)
    if attributes.suffix == ".txt":
        next(lines, None)  # how many pictures there are
        names = tuple(next(lines, []))
    else:
        names = tuple(next(lines, [])[1:])
    if not names:
        raise MirrorError(f"{attributes} names no attribute. Fetch it again.")

    def rows() -> Iterator[Row]:
        for fields in lines:
            if len(fields) != len(names) + 1 or not set(fields[1:]) <= {"1", "-1", "0"}:
                raise MirrorError(
                    f"{attributes}: the line of {fields[0]} does not hold {len(names)} values of 1 or -1. "
                    "Fetch that file again."
                )
            values = bytes(value == "1" for value in fields[1:])
            yield fields[0], values, splits.get(fields[0]), people.get(fields[0])

    return pictures, names, rows()


def _find(folder: Path, places: tuple[str, ...]) -> Path | None:
    return next((folder / place for place in places if (folder / place).exists()), None)


def _lines(path: Path) -> Iterator[list[str]]:
    """The fields of each line that is not empty: by white space in a .txt, by commas in a .csv."""
    try:
        check_ordinary(path)
        with path.open(newline="", encoding="utf-8-sig") as lines:
            fields = csv.reader(lines) if path.suffix == ".csv" else (line.split() for line in lines)
            yield from (row for row in fields if row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MirrorError(f"{path} cannot be read ({error}). Fetch it again.") from None


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    for number, fields in enumerate(_lines(path)):
        if path.suffix == ".csv" and number == 0:  # image_id,partition
            continue
        if len(fields) != 2:
            raise MirrorError(
                f"{path}: {' '.join(fields)[:60]!r} is not a file and a number. Fetch it again."
            )
        yield fields[0], fields[1]


def _partition(value: str, path: Path) -> str:
    if value not in ("0", "1", "2"):
        raise MirrorError(
            f"{path}: {value!r} is no part of CelebA. Valid are 0 (train), 1 (val) and 2 (test)."
        )
    return PARTITION[int(value)]
