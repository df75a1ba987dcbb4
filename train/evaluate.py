"""Figures on held-out people, through the very engines and code of the live mirror.

    python -m train evaluate --photos ../shared/photos --teacher ../shared/teachers/hair_segmenter.tflite

The teacher judges; the validation photographs were never trained on.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from mirror.compose import frame_mattes
from mirror.headspace import crop
from mirror.mirror import encode_head
from mirror.style import Style, StyleCode
from mirror.swap import Layer
from train.data.prepare import TEACHER_SIDE, HairTeacher
from train.judge import iou, mean_lab, open_teacher, teacher_matte
from train.salon import Person, Salon, held_out_people, meet
from train.steadiness import flicker, motion
from train.styles import EXEMPLARS, read_exemplars


def figures(
    photos: Path, teacher_model: Path, engines: Path, count: int = 48, clips: Path | None = None
) -> dict[str, float]:
    """The figures of the model card: a dict of name -> value; `train/README.md` says what each is.

    Raises:
        MirrorError: no teacher, nobody to judge by, or networks that cannot be used.
    """
    teacher = open_teacher(teacher_model)
    salon = Salon.open(engines)
    people = held_out_people(photos, salon, count)
    sums: dict[str, list[float]] = {}
    pooled = np.zeros(2)
    fidelity = np.zeros(2)
    balds = [s for s in salon.book.styles if "bald" in s.tags]
    haired = [s for s in salon.book.styles if "bald" not in s.tags]
    colours = exemplar_colours(salon, teacher, photos, haired)
    for i, person in enumerate(people):
        valid = person.head.valid
        theirs = teacher_matte(teacher, person.image, person.face, person.transform)
        pooled += iou(salon.matte(person), theirs, valid)
        _reconstruct(salon, person, theirs, sums)
        style = haired[(i * 7) % len(haired)]
        picture, layer = salon.paint(person, style.code)
        judged = teacher_matte(teacher, picture, person.face, person.transform)
        fidelity += iou(layer.new, judged, valid)
        painted = mean_lab(picture, person.transform, (layer.new > 0.5) & (valid > 127))
        if style.name in colours and painted is not None:
            distance = float(np.linalg.norm(painted - colours[style.name]))
            sums.setdefault("style_colour_cie76", []).append(distance)
        sums.setdefault("identity_worst", []).append(untouched_difference(person, picture, layer))
        if balds and (theirs > 0.5).sum() > 200:
            picture, _ = salon.paint(person, balds[0].code)
            judged = teacher_matte(teacher, picture, person.face, person.transform)
            left = (judged > 0.5) & (theirs > 0.5)
            sums.setdefault("bald_left", []).append(float(left.sum() / (theirs > 0.5).sum()))
    speed = _matte_speed(salon, teacher, people[0])
    salon.close()
    out = {
        "people": float(len(people)),
        "matte_iou": pooled[0] / pooled[1],
        "matte_times_faster_than_teacher": speed,
        "style_fidelity_iou": fidelity[0] / fidelity[1],
        "identity_worst_difference": max(sums.pop("identity_worst")),
    }
    out |= {name: float(np.mean(values)) for name, values in sums.items()}
    out |= flicker([p.image for p in people[:: max(1, len(people) // 3)][:3]], engines, haired[0].name)
    return out | (motion(clips, teacher, engines, haired[0].name) if clips else {})


def exemplar_colours(
    salon: Salon, teacher: HairTeacher, photos: Path, styles: list[Style]
) -> dict[str, np.ndarray]:
    """Mean Lab of the hair on each style's own photograph, by style name, where that photograph is here."""
    files = {row["name"]: row["file"] for row in read_exemplars(EXEMPLARS)}
    colours = {}
    for style in styles:
        path = photos / files.get(style.name, "")
        person = meet(salon, path, style.name) if path.is_file() else None
        if person is None:
            continue
        hair = teacher_matte(teacher, person.image, person.face, person.transform) > 0.5
        colour = mean_lab(person.image, person.transform, hair)
        if colour is not None:
            colours[style.name] = colour
    return colours


def _reconstruct(salon: Salon, person: Person, theirs: np.ndarray, sums: dict[str, list[float]]) -> None:
    """PSNR inside the hair of a person rebuilt from their own code, with and without the detail map."""
    if (theirs > 0.5).sum() < 400:
        return
    own = encode_head(salon.engines["encoder"], person.head, salon.matte(person))
    without = StyleCode(own.z, np.zeros_like(own.detail), own.coarse, own.shape)
    camera = person.head.image[0].transpose(1, 2, 0)
    for name, code in (("psnr_hair", own), ("psnr_hair_z_only", without)):
        _, layer = salon.paint(person, code)
        error = ((layer.rgb / 255 - camera) ** 2).mean(-1)
        inside = (theirs > 0.5) & (person.head.valid > 127)
        sums.setdefault(name, []).append(float(-10 * np.log10(error[inside].mean() + 1e-8)))


def untouched_difference(person: Person, picture: np.ndarray, layer: Layer) -> float:
    """The largest change of a pixel that no feathered matte reaches (should be 0)."""
    old, new = frame_mattes(layer, person.transform, (person.image.shape[1], person.image.shape[0]))
    change = np.abs(picture.astype(int) - person.image).max(-1)
    return float(change[(old == 0) & (new == 0)].max(initial=0))


def _matte_speed(salon: Salon, teacher: HairTeacher, person: Person) -> float:
    """How many times faster our matte network is than one run of the teacher: median of 12 rounds."""
    head = crop(person.image, person.transform, TEACHER_SIDE)
    ratios = []
    for _ in range(12):  # in turns, so that both see the same machine
        began = time.perf_counter()
        teacher.segment(head)
        middle = time.perf_counter()
        salon.matte(person)
        ratios.append((middle - began) / (time.perf_counter() - middle))
    return float(np.median(ratios))
