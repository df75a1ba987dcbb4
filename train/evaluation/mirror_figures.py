"""Figures on held-out people, through the very engines and code of the live mirror.

    python -m train evaluate --photos ../shared/photos --teacher ../shared/teachers/hair_segmenter.tflite

Several folders of networks (`--engines A B`) are judged on the same people, side by side. The teacher judges;
the validation photographs were never trained on. What each figure is:
`train/evaluation/figure_definitions.py`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from mirror.core.errors import MirrorError
from mirror.core.head_space import crop
from mirror.engines.manifest import read_manifest
from mirror.hair.styles.code import Style
from mirror.tracking.mediapipe import FaceTracker, open_tracker
from train.data.dataset_layouts import PictureSet, read_set
from train.data.exemplars import EXEMPLARS, read_exemplars
from train.data.teacher_segmenter import TEACHER_SIDE, HairTeacher
from train.evaluation.demographic_groups import group
from train.evaluation.figure_definitions import MIRROR
from train.evaluation.figure_tables import circumstances, labels
from train.evaluation.hand_labels import labelled_people, outlined_people
from train.evaluation.held_objects import held
from train.evaluation.held_out_people import NETWORKS, Person, Salon, held_out_people, meet, sex_of
from train.evaluation.person_figures import (
    Subject,
    judge_label,
    judge_matte,
    judge_reconstruction,
    judge_removal,
    judge_style,
)
from train.evaluation.removal_ground_truth import judge_uncovered, lenders
from train.evaluation.teacher_mattes import best_teacher_matte, mean_lab, open_teacher, teacher_matte
from train.evaluation.temporal_stability import flicker, list_clips, motion
from train.metrics.bootstrap import Tally

Colours = dict[str, np.ndarray | None]


def evaluate(
    photos: str | Path, teacher_model: Path, engines: list[Path], *, count: int = 48,
    clips: Path | None = None, hand_labels: Path | None = None,
) -> dict:  # fmt: skip
    """Judges folders of networks on held-out people.

    Args:
        photos: LAYOUT:PATH or a folder, as `prepare --data` takes it; people of its split val are judged.
        teacher_model: hair_segmenter.tflite.
        engines: folders with a manifest.json.
        count: of people, evenly over those of the split val who face the camera.
        clips: folder of videos, for the figure of motion.
        hand_labels: folder of hand-painted mattes in place of our outlines, see
            `train/evaluation/hand_labels.py`.

    Returns:
        A record, see `train/evaluation/figure_tables.py`; `columns` by the folders' names.

    Raises:
        MirrorError: no teacher, nobody to judge by, networks that cannot be used, or labels that do not fit.
    """
    began = time.monotonic()
    folders = labels(engines)
    # What cannot be used is said before the slow part.
    for folder in folders.values():
        check_networks(folder)
    if clips is not None:
        list_clips(clips)
    pictures = read_set(photos)
    teacher, tracker = open_teacher(teacher_model), open_tracker(still=True, faces=2)
    people = held_out_people(pictures, tracker, count)
    mattes = {p.name: teacher_matte(teacher, p.image, p.face, p.transform) for p in people}
    subjects = [
        Subject(p, mattes[p.name], best_teacher_matte(teacher, p.image, p.face, p.transform)) for p in people
    ]
    groups, told, notes = group(people, mattes, sex_of(pictures))
    labelled, said = (
        outlined_people(pictures, tracker)
        if hand_labels is None
        else labelled_people(hand_labels, pictures, tracker)
    )
    notes.append(said)
    if clips is None:
        notes.append("motion: left out, no --clips")
    colours: Colours = {}
    columns = {}
    for label, folder in folders.items():
        salon = Salon.open(folder)
        learn_colours(colours, salon.book.styles, pictures, tracker, teacher)
        tally = judge_people(salon, subjects, colours, teacher, label)
        for one in labelled:
            judge_label(salon, teacher, one, tally)
        figures = {name: tally.summary(name) for name in tally.figures}
        figures["matte_times_faster_than_teacher"] = {"value": matte_speed(salon, teacher, people[0])}
        columns[label] = {"folder": str(folder), "networks": said_of_networks(folder, salon)}
        style = next((s for s in salon.book.styles if "bald" not in s.tags), salon.book.styles[0]).name
        seen_in_front = held(clips, salon.matting) if clips is not None else {}
        salon.close()
        still = [p.image for p in people[:: max(1, len(people) // 3)][:3]]
        in_time = flicker(still, folder, style)
        try:
            in_time |= motion(clips, teacher, folder, style) if clips is not None else {}
            in_time |= seen_in_front if clips is not None else {}
        except MirrorError as error:
            notes.append(f"{label}, motion: {error}")
        figures |= {name: {"value": value} for name, value in in_time.items()}
        columns[label]["figures"] = {name: figures[name] for name in MIRROR if name in figures}
        columns[label]["by_group"] = by_group(tally, groups)
    tracker.close()
    return circumstances() | {
        "seconds": round(time.monotonic() - began, 1),
        "photos": str(photos),
        "people": len(people),
        "groups": told,
        "notes": notes,
        "columns": columns,
    }


def judge_people(
    salon: Salon, subjects: list[Subject], colours: Colours, teacher: HairTeacher, label: str
) -> Tally:
    """Every figure that is taken person by person, each person with another style of the book."""
    tally = Tally()
    haired = [s for s in salon.book.styles if "bald" not in s.tags]
    balds = [s for s in salon.book.styles if "bald" in s.tags]
    lend = [subjects[i] for i in lenders([s.best for s in subjects])]
    for i, subject in enumerate(tqdm(subjects, desc=label, unit="person", disable=None)):
        mine = judge_matte(salon, subject, tally)
        judge_reconstruction(salon, subject, mine, tally)
        if haired:
            style = haired[(i * 7) % len(haired)]
            judge_style(salon, subject, mine, style, colours[style.name], teacher, tally)
        if balds:
            judge_removal(salon, subject, mine, balds[0], teacher, tally)
            other = lend[i % len(lend)]
            if other is not subject:
                judge_uncovered(salon, subject.person, mine, other.person, other.best, tally)
    return tally


def learn_colours(
    known: Colours, styles: Sequence[Style], pictures: PictureSet, tracker: FaceTracker, teacher: HairTeacher
) -> None:
    """Adds the mean Lab of the hair on each style's own photograph, by style name; None without one."""
    paths = {picture.name: picture.path for picture in pictures.pictures}
    files = {row["name"]: row["file"] for row in read_exemplars(EXEMPLARS)}
    for style in styles:
        if style.name in known:
            continue
        known[style.name] = None
        path = paths.get(files.get(style.name, ""))
        person = meet(tracker, path, style.name) if path is not None and path.is_file() else None
        if person is not None:
            hair = teacher_matte(teacher, person.image, person.face, person.transform) > 0.5
            known[style.name] = mean_lab(person.image, person.transform, hair)


def by_group(tally: Tally, groups: dict[str, dict[str, str]]) -> dict[str, dict]:
    """Figure -> attribute -> values by group, the worst and its share of the whole."""
    out: dict[str, dict] = {}
    for name, figure in MIRROR.items():
        # Of those that must be 0 there is no worst; labels are of other people.
        if name not in tally.figures or not figure.better or name.startswith("identity") or "labels" in name:
            continue
        of = {a: tally.by_group(name, members, figure.better) for a, members in groups.items()}
        out[name] = {attribute: said for attribute, said in of.items() if said is not None}
    return out


def check_networks(folder: Path) -> None:
    """Reads every file that will be needed. Raises MirrorError where one is missing or damaged."""
    manifest = read_manifest(folder)
    for name in NETWORKS:
        manifest.network(name).file.read()
    manifest.file("stylebook").read()


def said_of_networks(folder: Path, salon: Salon) -> dict[str, dict[str, str]]:
    """What ran: of each network the SHA-256 of its float32 file, and where and how precisely it ran."""
    manifest = read_manifest(folder)
    out = {
        name: {
            "sha256": manifest.network(name).file.sha256,
            "backend": engine.name,
            "device": engine.device,
            "precision": engine.precision,
        }
        for name, engine in salon.engines.items()
    }
    return out | {"stylebook": {"sha256": manifest.file("stylebook").sha256}}


def matte_speed(salon: Salon, teacher: HairTeacher, person: Person) -> float:
    """How many times faster our matte network is than one run of the teacher: median of 12 rounds."""
    head = crop(person.image, person.transform, TEACHER_SIDE)
    ratios = []
    for _ in range(12):  # in turns, so that both see the same machine
        began = time.perf_counter()
        teacher.segment(head)
        middle = time.perf_counter()
        salon.mattes(person)
        ratios.append((middle - began) / (time.perf_counter() - middle))
    return float(np.median(ratios))
