"""How data sets lie on the disk: each layout listed as pictures with split, person and attributes.

    photos:PATH    portraits at any depth below a folder, and an optional index.csv; a bare PATH is this
    celeba:PATH    img_align_celeba/, list_attr_celeba.txt, list_eval_partition.txt, identity_CelebA.txt
    utkface:PATH   [age]_[gender]_[race]_[date&time].jpg
    anime:PATH     small pictures that are cropped already, any depth; pictures:PATH is the same

Listing reads names and text files alone, no picture, and holds a few hundred bytes a picture.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from mirror.core.errors import MirrorError
from mirror.files.reading import check_ordinary
from train.data.celeba import list_celeba_rows

SUFFIXES = (".bmp", ".jfif", ".jpeg", ".jpg", ".png", ".webp")
SPLITS = ("train", "val", "test")
VAL_ONE_IN = 10
UTKFACE_NAME = re.compile(r"(\d{1,3})_([01])_([0-4])_(\d+)\D")
UTKFACE_SEX = ("male", "female")
UTKFACE_ETHNICITY = ("White", "Black", "Asian", "Indian", "Others")


@dataclass(frozen=True, slots=True)
class Picture:
    """A file to prepare.

    Attributes:
        folder: where its set lies; name: its place below that, with forward slashes.
        split: "train", "val" or "test".
        person: who it shows, where the set says so.
        values: of the set's columns, see `PictureSet.attributes`; bytes are yes and no, which keeps the
            list of a large set small.
    """

    folder: str
    name: str
    split: str
    person: str | None = None
    values: tuple[object, ...] | bytes = ()

    @property
    def path(self) -> Path:
        return Path(self.folder, self.name)


@dataclass(frozen=True)
class PictureSet:
    """A listed data set.

    Attributes:
        layout: its name in `LAYOUTS`.
        kind: "heads" (faces to be found and aligned) or "pictures" (taken as they are).
        folder: what the names are below.
        pictures: sorted by name, no person in two splits.
        columns: names of the attributes.
        left_out: (name, reason, detail) of what is known to be unfit before any picture is opened.
        notes: what the person who runs this should know, a line each.
    """

    layout: str
    kind: str
    folder: str
    pictures: list[Picture]
    columns: tuple[str, ...] = ()
    left_out: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def attributes(self, picture: Picture) -> dict[str, object]:
        """What the set says about a picture, by column; empty where it says nothing."""
        values = picture.values
        if isinstance(values, bytes):
            return {name: value == 1 for name, value in zip(self.columns, values, strict=True)}
        return dict(zip(self.columns, values, strict=True))


def split_of(name: str) -> str:
    """The split of a person or file where the set does not say: one name in ten is "val".

    A hash of the name alone, so it is the same on every machine and does not change as the set grows.

    Example:
        >>> split_of("anna.jpg")
        'train'
    """
    digest = hashlib.sha256(name.encode()).digest()
    return "val" if int.from_bytes(digest[:8], "big") % VAL_ONE_IN == 0 else "train"


def read_set(data: str | Path) -> PictureSet:
    """Lists a data set.

    Args:
        data: LAYOUT:PATH, or a path alone for the layout photos.

    Raises:
        MirrorError: no such layout or folder, the folder is laid out otherwise, its index is damaged, or
            it holds no picture.
    """
    layout, folder = _parse(str(data))
    if not os.path.isdir(folder):
        raise MirrorError(f"{folder} is not a folder. --data takes LAYOUT:PATH ({', '.join(LAYOUTS)}).")
    found = LAYOUTS[layout](folder)
    pictures, moved = keep_people_whole(found.pictures)
    notes = list(found.notes)
    if moved:
        notes.append(
            f"people with pictures in several splits: {moved}; each went whole to the split that held most "
            "of theirs, to the one further from train where it was a draw"
        )
    for split in ("train", "val"):
        if not any(p.split == split for p in pictures):
            notes.append(f"no picture is of the split {split}")
    return replace(
        found, layout=layout, pictures=sorted(pictures, key=lambda picture: picture.name), notes=notes
    )


def _parse(data: str) -> tuple[str, Path]:
    name, colon, path = data.partition(":")
    if colon and name in LAYOUTS:
        return name, Path(path)
    # C:\photos is a path. So is what exists, whatever its name.
    if colon and len(name) > 1 and "/" not in name and not os.path.exists(data):
        raise MirrorError(f"--data {data}: there is no layout {name}. Valid are {', '.join(LAYOUTS)}.")
    return "photos", Path(data)


def keep_people_whole(pictures: list[Picture]) -> tuple[list[Picture], int]:
    """Puts all pictures of a person into one split, or held-out figures would be of people trained on.

    Returns:
        The pictures, and how many people had to be moved: to the split with most of their pictures, to
        the more held-out one where two hold as many.
    """
    splits: dict[str, Counter[str]] = defaultdict(Counter)
    for picture in pictures:
        if picture.person is not None:
            splits[picture.person][picture.split] += 1
    home = {
        person: max(counts, key=lambda split: (counts[split], SPLITS.index(split)))
        for person, counts in splits.items()
        if len(counts) > 1
    }
    if not home:
        return pictures, 0
    moved = [replace(p, split=home[p.person]) if p.person in home else p for p in pictures]
    return moved, len(home)


def list_portraits(folder: Path) -> list[Picture]:
    """The pictures of the layout photos, sorted by name. Raises MirrorError, see `read_set`."""
    return read_set(f"photos:{folder}").pictures


def _photos(folder: Path) -> PictureSet:
    index = folder / "index.csv"
    if index.exists():
        return _indexed(folder, index)
    names, notes = _pictures_below(folder)
    pictures = [Picture(str(folder), name, split_of(name)) for name in names]
    return PictureSet("photos", "heads", str(folder), pictures, notes=notes)


def _indexed(folder: Path, index: Path) -> PictureSet:
    try:
        check_ordinary(index)
        with index.open(newline="", encoding="utf-8-sig") as lines:
            table = csv.DictReader(lines)
            columns = tuple(table.fieldnames or ())
            rows = list(table)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MirrorError(f"{index} cannot be read ({error}). It must be a CSV file in UTF-8.") from None
    if "file" not in columns:
        raise MirrorError(
            f"{index} lacks the column file: the picture's place below the folder. Its columns are "
            f"{', '.join(columns) or 'none'}; split (train, val or test) and person are optional."
        )
    extra = tuple(c for c in columns if c not in ("file", "split", "person"))
    pictures, left_out, seen = [], [], set()
    for number, row in enumerate(rows, start=2):
        name, person = (row["file"] or "").replace("\\", "/"), row.get("person") or None
        if not name or None in row:
            raise MirrorError(f"{index}, line {number} does not fit its header. Mend that line.")
        split = row.get("split") or split_of(person or name)
        if split not in SPLITS:
            raise MirrorError(f"{index}, line {number}: the split {split} is none of {', '.join(SPLITS)}.")
        if name in seen:
            left_out.append((name, "listed twice", f"line {number}"))
            continue
        seen.add(name)
        pictures.append(Picture(str(folder), name, split, person, tuple(_value(row[c]) for c in extra)))
    if not pictures:
        raise MirrorError(f"{index} lists no picture. It needs a line for each, or delete it.")
    return PictureSet("photos", "heads", str(folder), pictures, extra, left_out)


def _value(text: str | None) -> object:
    """A number where the text is one."""
    for number in (int, float):
        try:
            return number(text or "")
        except ValueError:
            pass
    return text or ""


def _celeba(folder: Path) -> PictureSet:
    pictures_in, names, rows = list_celeba_rows(folder)
    present = {entry.name for entry in os.scandir(pictures_in)}
    pictures, absent = [], 0
    for name, values, split, person in rows:
        if name not in present:
            absent += 1
            continue
        present.remove(name)
        pictures.append(Picture(str(pictures_in), name, split or split_of(person or name), person, values))
    if not pictures:
        raise MirrorError(
            f"None of the pictures that the lists of {folder} name are in {pictures_in}, which holds "
            f"{first_entries(pictures_in)}."
        )
    unlisted = sorted(name for name in present if name.lower().endswith(SUFFIXES))
    left_out = [(name, "not listed", "in no list of the set") for name in unlisted]
    notes = [f"listed, but not in {pictures_in}: {absent}"] if absent else []
    return PictureSet("celeba", "heads", str(pictures_in), pictures, names, left_out, notes)


def _utkface(folder: Path) -> PictureSet:
    names, notes = _pictures_below(folder)
    pictures, left_out = [], []
    for name in names:
        fields = UTKFACE_NAME.match(name.rpartition("/")[2])
        if fields is None:
            left_out.append((name, "name lacks a field", "[age]_[gender]_[race]_[date&time]"))
            continue
        age, sex, ethnicity, taken = fields.groups()
        values = (int(age), UTKFACE_SEX[int(sex)], UTKFACE_ETHNICITY[int(ethnicity)])
        # The same moment is the same photograph, whole (.jpg) or cropped (.jpg.chip.jpg).
        pictures.append(Picture(str(folder), name, split_of(taken), None, values))
    if len(left_out) > len(pictures):
        raise MirrorError(
            f"{folder} is not laid out as UTKFace. Expected names such as 25_1_2_20170116174525125.jpg "
            f"([age]_[gender]_[race]_[date&time]); found {', '.join(n for n, *_ in left_out[:4])}."
        )
    columns = ("age", "sex", "ethnicity")
    return PictureSet("utkface", "heads", str(folder), pictures, columns, left_out, notes)


def _cropped(folder: Path) -> PictureSet:
    names, notes = _pictures_below(folder)
    pictures = [Picture(str(folder), name, split_of(name)) for name in names]
    return PictureSet("pictures", "pictures", str(folder), pictures, notes=notes)


LAYOUTS: dict[str, Callable[[Path], PictureSet]] = {
    "photos": _photos,
    "celeba": _celeba,
    "utkface": _utkface,
    "anime": _cropped,
    "pictures": _cropped,
}


def _pictures_below(folder: Path) -> tuple[list[str], list[str]]:
    """Names of all pictures below a folder, and a note about what else lies there."""
    names: list[str] = []
    others: list[str] = []
    for name in sorted(_files(folder)):
        (names if name.lower().endswith(SUFFIXES) else others).append(name)
    if not names:
        raise MirrorError(
            f"{folder} holds no picture ({', '.join(SUFFIXES)}) at any depth; found {first_entries(folder)}."
        )
    if not others:
        return names, []
    shown = ", ".join(others[:3])
    return names, [f"files that are no pictures: {len(others)} ({shown}{', ...' * (len(others) > 3)})"]


def _files(folder: Path) -> Iterator[str]:
    for place, _, files in os.walk(folder):
        below = Path(place).relative_to(folder)
        yield from ((below / file).as_posix() for file in files)


def first_entries(folder: Path, count: int = 5) -> str:
    """The first few entries of a folder, for a message: "a.jpg, b/, ..."."""
    with os.scandir(folder) as entries:
        some = list(itertools.islice(entries, 1000))
    names = sorted(entry.name + "/" * entry.is_dir() for entry in some)
    return ", ".join(names[:count]) + ", ..." * (len(names) > count) if names else "nothing"
