"""Turns a data set into training shards.

    python -m train prepare --data ../shared/photos --teacher ../shared/teachers/hair_segmenter.tflite \
        --out shards/photos
    python -m train prepare --data celeba:../CelebA --teacher ... --side 128 --out shards/celeba
    python -m train prepare --data anime:../animefaces --out shards/anime

Faces are aligned into head space with MediaPipe, the teacher paints their hair matte, and both are written
as plain `.npy` arrays, 256 pictures a shard; pictures that are cropped already are taken as they are. A
killed run goes on where it stopped. What is left out is counted by reason, listed in `rejected.csv` and
shown on `rejected.jpg`; `prepared.json` holds the counts and the speed.
"""

from __future__ import annotations

import contextlib
import csv
import json
import logging
import os
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import filelock

from mirror.core.errors import MirrorError
from mirror.core.head_space import VERSION
from mirror.tracking.mediapipe.installed_version import carries_models
from train.data.dataset_layouts import Picture, PictureSet, list_portraits, read_set
from train.data.hair_pairs import pairs_of, photograph_of, refuse_unpaired
from train.data.prepare_picture import Settings, prepare_one
from train.data.quality_gates import EYES_LIMIT, OPTIONAL
from train.data.rejected_pictures import save_sheet
from train.data.teacher_segmenter import TEACHER_SIDE, HairTeacher, without_beard
from train.data.worker_processes import Job, Workers
from train.groom.renders import list_renders
from train.nets.spec import SIZES

__all__ = [
    "TEACHER_SIDE", "HairTeacher", "Picture", "PrepareOptions", "describe", "list_portraits", "prepare",
    "prepare_one", "without_beard",
]  # fmt: skip

SIDE_OF_KIND = {"heads": 256, "pictures": 64}
SHARD = 256
MANY = 200_000  # pictures; how long so many would take is told

log = logging.getLogger("mirror")


@dataclass(frozen=True)
class PrepareOptions:
    """What of a data set is prepared, and how.

    Attributes:
        limit: only the first so many pictures; None: all.
        side: pixels of the prepared square, of `train.nets.spec.SIZES`; None: 256 for heads, 64 for
            cropped ones.
        keep: gates that are switched off, of `quality_gates.OPTIONAL`.
        min_eyes: pixels that the eyes must be apart in the picture as it was taken.
        groom: folder of renders to lay over people with short or no hair, see `train.data.hair_pairs`.
        each: pairs made of each of them.
    """

    limit: int | None = None
    side: int | None = None
    keep: Collection[str] = ()
    min_eyes: float = EYES_LIMIT
    groom: Path | None = None
    each: int = 2


USUAL = PrepareOptions()


def prepare(
    data: str | Path, teacher: Path | None, out: Path, options: PrepareOptions = USUAL, *,
    workers: int | None = None,
) -> Counter:  # fmt: skip
    """Prepares a data set; shards that are there already are left as they are.

    Args:
        data: LAYOUT:PATH, or a folder of photographs, see `train.data.dataset_layouts`.
        teacher: `hair_segmenter.tflite`; not needed for pictures that are cropped already.
        out: folder of the shards.
        workers: processes at work; as many as there are cores unless given.

    Returns:
        How many pictures were kept ("kept") and left out, by reason, those of earlier runs included.

    Raises:
        MirrorError: the set is laid out otherwise, there is no teacher, an argument is none of those it may
            be, `out` holds shards of other pictures or settings, another run is at work there, the disk is
            full, or a worker died.
    """
    found = read_set(data)
    pictures: Sequence[Picture] = found.pictures[: options.limit]
    if options.groom is not None:
        if found.kind != "heads":
            raise MirrorError(f"--groom lays hair over faces; the layout {found.layout} holds none.")
        pictures = pairs_of(pictures, options.each)
        refuse_unpaired(pictures, list_renders(options.groom))
    side = options.side or SIDE_OF_KIND[found.kind]
    _check(found, teacher, out, side, options.keep)
    settings = Settings(
        found.kind, side, tuple(sorted(options.keep)), options.min_eyes,
        person=found.kind == "heads" and carries_models(),
        groom=str(options.groom.resolve()) if options.groom else None,
    )  # fmt: skip
    for note in (notes := _notes(found, settings)):
        log.warning(note)
    with _alone(out):
        groups = [list(pictures[i : i + SHARD]) for i in range(0, len(pictures), SHARD)]
        _no_further_shards(out, len(groups))
        todo = [n for n, group in enumerate(groups) if not _is_done(_shard(out, n), group, settings)]
        speed = _speed_so_far(out)
        if todo:
            jobs = ((n, groups[n], [found.attributes(p) for p in groups[n]]) for n in todo)
            pool = Workers(workers or os.cpu_count() or 1, settings, teacher, out)
            speed = _work(jobs, pool, sum(len(groups[n]) for n in todo), len(pictures))
        return _conclude(out, found, settings, str(data), speed, notes)


def describe(out: Path) -> str:
    """What `prepare` did, in a few lines: the counts, the speed, and how long a large set would take."""
    said = json.loads((out / "prepared.json").read_text())
    counts = ", ".join(f"{reason}: {n}" for reason, n in said["rejected"].items())
    splits = ", ".join(f"{n} {split}" for split, n in said["splits"].items())
    lines = [f"kept: {said['kept']} ({splits or 'nothing'}); left out: {counts or 'nothing'}"]
    if said["rejected"]:
        lines.append(f"what was left out: {out / 'rejected.csv'}, {out / 'rejected.jpg'}")
    if speed := said["pictures_a_second"]:
        minutes = round(MANY / speed / 60)
        time_text = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
        lines.append(
            f"{speed:.1f} pictures a second with {said['workers']} workers: {MANY:,} pictures would take "
            f"{time_text} here"
        )
    return "\n".join(lines)


def _check(found: PictureSet, teacher: Path | None, out: Path, side: int, keep: Collection[str]) -> None:
    if side not in SIZES:
        raise MirrorError(f"--side {side} cannot be trained on. Valid are {', '.join(map(str, SIZES))}.")
    if unknown := sorted(set(keep) - set(OPTIONAL)):
        raise MirrorError(f"--keep {unknown[0]} is no gate. Valid are {', '.join(OPTIONAL)}.")
    if found.kind == "heads" and teacher is None:
        raise MirrorError(f"The layout {found.layout} needs --teacher, MediaPipe's hair_segmenter.tflite.")
    if found.kind == "heads" and not Path(teacher or "").is_file():
        raise MirrorError(f"{teacher} is missing. --teacher takes MediaPipe's hair_segmenter.tflite.")
    if out.resolve().is_relative_to(Path(found.folder).resolve()):
        raise MirrorError(f"--out {out} lies inside the data. Give a folder outside of {found.folder}.")


def _notes(found: PictureSet, settings: Settings) -> list[str]:
    notes = list(found.notes)
    if found.kind == "heads" and not settings.person:
        notes.append(
            "the installed MediaPipe carries no mask of the person (0.10.21 does): the shards go without it, "
            "and hats are not looked for"
        )
    return notes


@contextlib.contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Makes the folder, keeps other runs out of it, and says it in a line when it cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(out / ".prepare.lock", timeout=0):
            yield
    except filelock.Timeout:
        raise MirrorError(f"Another run is at work in {out}. Wait for it, or give another --out.") from None
    except OSError as error:
        raise MirrorError(
            f"{out} cannot be written ({error.strerror or error}). What it holds is whole, and the same "
            "command goes on from there once that is mended."
        ) from None


def _shard(out: Path, number: int) -> Path:
    return out / f"{number:05d}"


def _is_done(shard: Path, pictures: list[Picture], settings: Settings) -> bool:
    """Whether a shard is there; one of other pictures, splits or settings is an error."""
    if not shard.exists():
        return False
    record = _read_record(shard)
    for name, now in settings.as_record().items():
        if (before := record["settings"].get(name)) != now:
            raise MirrorError(
                f"{shard} was prepared otherwise: {name} was {before}, now it is {now}. Give the same flags, "
                "another --out, or delete the old shards."
            )
    names = {*record["files"], *(name for name, *_ in record["rejected"])}
    splits = {p.name: p.split for p in pictures}
    if names != set(splits):
        raise MirrorError(
            f"{shard} was prepared from other pictures (another folder, or another --limit). "
            "Give another --out, or delete the old shards."
        )
    if any(splits[name] != split for name, split in zip(record["files"], record["split"], strict=True)):
        raise MirrorError(
            f"The splits have changed since {shard} was prepared. Give another --out, or delete the old "
            "shards."
        )
    return True


def _read_record(shard: Path) -> dict:
    try:
        record = json.loads((shard / "shard.json").read_text())
        if missing := {"headspace", "files", "split", "rejected", "settings"} - set(record):
            raise ValueError(f"no {', '.join(sorted(missing))}")
    except (OSError, ValueError, TypeError):
        raise MirrorError(
            f"{shard} is damaged, or of an earlier version. Delete it and run the same command again."
        ) from None
    if record["headspace"] != VERSION:
        raise MirrorError(
            f"{shard} was prepared for another head space. Delete it and run the command again."
        )
    return record


def _no_further_shards(out: Path, count: int) -> None:
    for shard in sorted(out.glob("[0-9]" * 5)):
        if int(shard.name) >= count:
            raise MirrorError(
                f"{shard} was prepared from other pictures (a larger set, or another --limit). "
                "Give another --out, or delete the old shards."
            )


def _work(jobs: Iterator[Job], workers: Workers, new: int, total: int) -> tuple[float, int]:
    """Does the jobs, `new` of `total` pictures, with a progress bar; pictures a second and workers."""
    from tqdm import tqdm

    began: tuple[float, int] | None = None
    try:
        with (
            contextlib.closing(workers.run(jobs)) as progress,
            tqdm(total=total, initial=total - new, unit=" pictures", desc=str(workers.out)) as bar,
        ):
            for done in progress:
                bar.update(total - new + done - bar.n)
                # Starting MediaPipe takes seconds that a large set does not notice.
                began = began or (time.perf_counter(), done)
    except BrokenProcessPool:
        raise MirrorError(
            f"A worker was killed; did memory run out? What {workers.out} holds is whole, and the same "
            "command goes on from there. Fewer --workers need less memory."
        ) from None
    if began is None or began[1] == new:
        return 0.0, workers.count
    return (new - began[1]) / (time.perf_counter() - began[0]), workers.count


def _speed_so_far(out: Path) -> tuple[float, int]:
    try:
        said = json.loads((out / "prepared.json").read_text())
        return float(said["pictures_a_second"]), int(said["workers"])
    except (OSError, ValueError, KeyError):
        return 0.0, 0


def _conclude(
    out: Path, found: PictureSet, settings: Settings, data: str, speed: tuple[float, int], notes: list[str]
) -> Counter:
    """Writes rejected.csv, rejected.jpg and prepared.json from what the shards say."""
    rejected: list[tuple[str, str, str]] = list(found.left_out)
    splits: Counter[str] = Counter()
    for shard in sorted(out.glob("[0-9]" * 5)):
        record = _read_record(shard)
        rejected += [(name, reason, measured) for name, reason, measured in record["rejected"]]
        splits.update(record["split"])
    with _replacing(out / "rejected.csv") as part, part.open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows([("file", "reason", "measured"), *rejected])
    named = photograph_of if settings.groom else str
    save_sheet(
        out / "rejected.jpg", [(Path(found.folder, named(name)), why, said) for name, why, said in rejected]
    )
    reasons = Counter(reason for _, reason, _ in rejected)
    summary = {
        "data": data, "layout": found.layout, **settings.as_record(), "kept": splits.total(),
        "splits": dict(splits), "rejected": dict(reasons.most_common()), "notes": notes,
        "pictures_a_second": round(speed[0], 2), "workers": speed[1],
    }  # fmt: skip
    with _replacing(out / "prepared.json") as part:
        part.write_text(json.dumps(summary, indent=2))
    return Counter(kept=splits.total()) + reasons


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    part = path.with_name(path.name + ".part")
    yield part
    os.replace(part, path)
